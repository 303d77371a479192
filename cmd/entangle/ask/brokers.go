package ask

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

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

const brokersHelp = `Ask who is a single point: whose loss alone parts the network of persons, groups,
posts and institutions, who stands between contacts that are not tied to each other,
and who cuts units or posts off from everybody above them. Name persons, groups, posts
or institutions to be told of them however little hangs on them.

Counted is the record as it stands on the day, every claim whole: it is not the model
of a purge. Leave out unsure claims with --min-confidence and see whether the answer
stays.

EXAMPLES
  entangle brokers --sample --as-of 2020-08-24
  entangle brokers --as-of 2020-08-24 --state-only --min-confidence 0.7 "Ministry of Interior"
  entangle brokers --as-of 2020-08-24 --first 500 --json

EXIT STATUS
  0  answered
  1  the store or a node could not be found, or the question failed
  2  the command was called wrongly`

func brokersCommand(h Host) *cobra.Command {
	o := &brokersOptions{}
	c := &cobra.Command{
		Use: "brokers [NAME|ID...]", Short: "Who is a single point?", Long: brokersHelp, Args: usage.SomeArgs(0, 0, ""),
		RunE: func(c *cobra.Command, args []string) error { return runBrokers(h, c, o, args) },
	}
	o.addQuestion(h, c)
	c.Flags().BoolVar(&o.stateOnly, "state-only", false, "leave out lines of command that run through groups")
	c.Flags().IntVar(&o.first, "first", queries.DefaultFirst, "how many of each list are shown: a `NUMBER`")
	c.Flags().IntVar(&o.evidence, "evidence", queries.DefaultEvidence, "how many nodes and ties are shown for each: a `NUMBER`")
	return c
}

func runBrokers(h Host, c *cobra.Command, o *brokersOptions, nodes []string) error {
	variables := map[string]any{"stateOnly": o.stateOnly, "first": o.first, "evidence": o.evidence}
	if len(nodes) > 0 {
		variables["nodes"] = nodes
	}
	return inquire(h, c, o.questionFlags, question{document: brokersDocument, field: "brokers", variables: variables}, printBrokers)
}

// singlePoint is one whose loss parts the network, or a chain of command.
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

func printBrokers(w io.Writer, a *brokersAnswer) error {
	var sources sourceList
	n := a.Network
	fmt.Fprintf(w, "Single points as of %s\n\nThe network: %d nodes in %d components, the largest of %d; %d joints that part it, and %d nodes\n",
		a.Basis.AsOf, n.Nodes, n.Components, n.Largest, a.BridgeCount, a.PointCount)
	if err := printPoints(w, &sources, a.Points, a.PointCount, false); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nBrokers: %d nodes with two contacts or more\n", a.BrokerCount)
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
		fmt.Fprintf(w, "\n%s: %d below and above one another, %d of them apexes; %d cut somebody off from every apex\n", c.what, c.Nodes, c.ApexCount, c.PointCount)
		if err := printPoints(w, &sources, c.Points, c.PointCount, true); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "\nLines to an apex: %d of %d institutions hang by one\n", a.OneLineCount, a.LineCount)
	if err := a.lines(w); err != nil {
		return err
	}
	sources.print(w)
	fmt.Fprint(w, "\nexact: counted on the record, every claim whole; not the model of a purge\n")
	return a.Basis.print(w)
}

// printPoints prints single points of the network, or of a chain of command, with the
// ties that make them so.
func printPoints(w io.Writer, sources *sourceList, points []singlePoint, count int, chain bool) error {
	if len(points) > 0 {
		t := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
		last := "F OF THE LEFT"
		if chain {
			last = "UNDER"
		}
		fmt.Fprintf(t, "  CUTS OFF\tNODE\t%s\tWHOM\n", last)
		for _, p := range points {
			about := fmt.Sprintf("%.3f", p.Residual)
			if chain {
				about = orDash(p.Superior.Name)
			}
			fmt.Fprintf(t, "  %d\t%s\t%s\t%s\n", p.CutOff, p.Node.Name, about, first(p.Gone, p.CutOff))
		}
		if err := t.Flush(); err != nil {
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

// first names the first of so many.
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

func (a *brokersAnswer) brokers(w io.Writer) error {
	if len(a.Brokers) > 0 {
		t := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
		fmt.Fprintln(t, "  EFFECTIVE SIZE\tOF CONTACTS\tCONSTRAINT\tNODE\tKIND")
		for _, b := range a.Brokers {
			fmt.Fprintf(t, "  %.2f\t%d\t%.3f\t%s\t%s\n", b.EffectiveSize, b.Degree, b.Constraint, b.Node.Name, strings.ToLower(b.Node.Kind))
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	moreOf(w, a.BrokerCount-len(a.Brokers))
	return nil
}

func (a *brokersAnswer) lines(w io.Writer) error {
	if len(a.Lines) > 0 {
		t := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
		fmt.Fprintln(t, "  LINES\tINSTITUTION\tALL PASS\tBELOW THE APEXES\tCUTS OFF")
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
			fmt.Fprintf(t, "  %d\t%s\t%s\t%s\t%d\n", l.Lines, l.Institution.Name, cut, between, l.Below)
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	moreOf(w, a.LineCount-len(a.Lines))
	return nil
}
