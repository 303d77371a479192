package ask

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/queries"
)

//go:embed brokers.graphql
var brokersDocument string

type brokersOptions struct {
	questionFlags
	stateOnly       bool
	first, evidence int
}

const brokersHelp = `Ask who is a single point of failure: whose loss alone separates the network of persons,
groups, posts and institutions; who stands between contacts that are not tied to each
other; and who cuts units or posts off from everybody above them. Persons, groups, posts
or institutions that you name are listed even if their loss separates little.

The answer takes every claim that stands on the day as certain. It does not use the model
of a purge. Leave out unsure claims with --min-confidence and see whether the answer
stays the same.

EXAMPLES
  entangle brokers --sample --as-of 2020-08-24
  entangle brokers --as-of 2020-08-24 --state-only --min-confidence 0.7 "Ministry of Interior"
  entangle brokers --as-of 2020-08-24 --first 500 --json

EXIT STATUS
  0  answered, also where nothing of what was asked about is on record
  1  the store or a node could not be found, or the question failed
  2  the command was called wrongly`

func brokersCommand(h Host) *cobra.Command {
	o := &brokersOptions{}
	c := &cobra.Command{
		Use: "brokers [NAME|ID...]", Short: "Who is a single point of failure?", Long: brokersHelp, Args: usage.SomeArgs(0, 0, ""),
		RunE: func(c *cobra.Command, args []string) error { return runBrokers(h, c, o, args) },
	}
	o.addQuestion(h, c)
	c.Flags().BoolVar(&o.stateOnly, "state-only", false, "leave out lines of command that run through groups")
	c.Flags().IntVar(&o.first, "first", queries.DefaultFirst, "show this `NUMBER` of rows of each list")
	c.Flags().IntVar(&o.evidence, "evidence", queries.DefaultEvidence, "show this `NUMBER` of nodes and ties for each")
	return c
}

func runBrokers(h Host, c *cobra.Command, o *brokersOptions, nodes []string) error {
	variables := map[string]any{"stateOnly": o.stateOnly, "first": o.first, "evidence": o.evidence}
	if len(nodes) > 0 {
		variables["nodes"] = nodes
	}
	return inquire(h, c, o.questionFlags, question{document: brokersDocument, field: "brokers", variables: variables, nodes: nodes}, printBrokers)
}

// singlePoint is a node whose loss separates the network, or a chain of command.
type singlePoint struct {
	Node, Superior nodeAnswer
	CutOff         int
	Residual       float64
	Gone           []nodeAnswer
	Ties           []stepAnswer
}

type chainAnswer struct {
	Nodes, Arcs, ApexCount, PointCount int
	Points                             []singlePoint
}

type brokersAnswer struct {
	Network                 networkAnswer
	BridgeCount, PointCount int
	Points                  []singlePoint
	BrokerCount             int
	Brokers                 []struct {
		Node                                  nodeAnswer
		Degree                                int
		EffectiveSize, Efficiency, Constraint float64
	}
	Units, Posts            chainAnswer
	LineCount, OneLineCount int
	Lines                   []struct {
		Institution      nodeAnswer
		Apex, Uncuttable bool
		Lines, Below     int
		Cut, Between     []nodeAnswer
	}
	StateOnly bool
	Basis     basisAnswer
}

func printBrokers(w *page, a *brokersAnswer) error {
	var sources sourceList
	n := a.Network
	fmt.Fprintf(w, "Single points of failure as of %s\n\nThe network: %s in %s, the largest of %d; %s and %s separate it when they go\n",
		a.Basis.AsOf, many(n.Nodes, "node"), many(n.Components, "component"), n.Largest, many(a.BridgeCount, "bridge"), many(a.PointCount, "articulation point"))
	if err := printPoints(w, &sources, a.Points, a.PointCount, false); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nBrokers: %s with two contacts or more\n", many(a.BrokerCount, "node"))
	if err := a.brokers(w); err != nil {
		return err
	}
	through := ""
	if a.StateOnly {
		through = ", without groups"
	}
	for _, c := range []struct {
		what string
		chainAnswer
	}{{"Command of institutions" + through, a.Units}, {"Command of posts", a.Posts}} {
		fmt.Fprintf(w, "\n%s: %d below and above one another, of them %s; %d %s somebody off from every apex\n",
			c.what, c.Nodes, many(c.ApexCount, "apex"), c.PointCount, agree(c.PointCount, "cuts", "cut"))
		if err := printPoints(w, &sources, c.Points, c.PointCount, true); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "\nLines to an apex: %d of %s %s by one\n", a.OneLineCount, many(a.LineCount, "institution"), agree(a.OneLineCount, "hangs", "hang"))
	if err := a.lines(w); err != nil {
		return err
	}
	sources.print(w)
	fmt.Fprint(w, "\nexact: counted on the record, every claim whole; not the model of a purge\n")
	return a.Basis.print(w)
}

// printPoints prints single points of the network, or of a chain of command, with the
// ties that make them so.
func printPoints(w *page, sources *sourceList, points []singlePoint, count int, chain bool) error {
	if len(points) > 0 {
		last := figure("F OF THE LEFT")
		if chain {
			last = called("UNDER")
		}
		t := newTable(w, figure("CUTS OFF"), called("NODE"), last, told("WHOM"))
		t.indent = "  "
		for _, p := range points {
			about := fmt.Sprintf("%.3f", p.Residual)
			if chain {
				about = orDash(p.Superior.Name)
			}
			t.row(strconv.Itoa(p.CutOff), p.Node.Name, about, first(p.Gone, p.CutOff))
		}
		if err := t.print(); err != nil {
			return err
		}
	}
	moreOf(w, count-len(points))
	for _, p := range points {
		for _, s := range p.Ties {
			fmt.Fprintf(w, "    %s\n", s.text(sources))
		}
	}
	return nil
}

// first names the first nodes of a list and counts the others.
func first(nodes []nodeAnswer, of int) string {
	if of == 0 {
		return "–"
	}
	names := nodeNames(nodes)
	if more := of - len(nodes); more > 0 && len(nodes) > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	return names
}

func orDash(name string) string {
	if name == "" {
		return "–"
	}
	return name
}

func (a *brokersAnswer) brokers(w *page) error {
	if len(a.Brokers) > 0 {
		t := newTable(w, figure("EFFECTIVE SIZE"), figure("OF CONTACTS"), figure("CONSTRAINT"), called("NODE"), figure("KIND"))
		t.indent = "  "
		for _, b := range a.Brokers {
			t.row(fmt.Sprintf("%.2f", b.EffectiveSize), strconv.Itoa(b.Degree), fmt.Sprintf("%.3f", b.Constraint), b.Node.Name, strings.ToLower(b.Node.Kind))
		}
		if err := t.print(); err != nil {
			return err
		}
	}
	moreOf(w, a.BrokerCount-len(a.Brokers))
	return nil
}

func (a *brokersAnswer) lines(w *page) error {
	if len(a.Lines) > 0 {
		t := newTable(w, figure("LINES"), called("INSTITUTION"), told("ALL PASS"), told("BELOW THE APEXES"), figure("CUTS OFF"))
		t.indent = "  "
		for _, l := range a.Lines {
			cut, between := orDash(nodeNames(l.Cut)), orDash(nodeNames(l.Between))
			switch {
			case l.Apex:
				cut, between = "an apex itself", "–"
			case l.Uncuttable && len(l.Between) == 0:
				between = "uncuttable"
			case l.Uncuttable:
				between = "uncuttable, others by " + between
			}
			t.row(strconv.Itoa(l.Lines), l.Institution.Name, cut, between, strconv.Itoa(l.Below))
		}
		if err := t.print(); err != nil {
			return err
		}
	}
	moreOf(w, a.LineCount-len(a.Lines))
	return nil
}
