package ask

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/queries"
)

//go:embed exposure.graphql
var exposureDocument string

type exposureOptions struct {
	questionFlags
	modelFlags
	minShare        float64
	evidence, first int
}

const exposureHelp = `Ask which share of each support of an institution is in which group's hands, as an
expected value. Name institutions, groups or both; without a name every pair is listed.
No purge is simulated and nobody responds, so that of --model only controlShare,
headcount, influenceShare, leadingPosts, minCoverage and tieWeight change anything, and
--requirements nothing.

EXAMPLES
  entangle exposure --sample --as-of 2020-08-24 "Ministry of Interior"
  entangle exposure --as-of 2020-08-24 "Badr Organization" --evidence 0

EXIT STATUS
  0  answered, also where nothing of what was asked about is on record
  1  the store or a node could not be found, or the question failed
  2  the command was called wrongly`

func exposureCommand(h Host) *cobra.Command {
	o := &exposureOptions{}
	c := &cobra.Command{
		Use: "exposure [NAME|ID...]", Short: "Which share of an institution is in which group's hands?", Long: exposureHelp, Args: usage.SomeArgs(0, 0, ""),
		RunE: func(c *cobra.Command, args []string) error { return runExposure(h, c, o, args) },
	}
	o.addQuestion(h, c)
	o.add(c.Flags(), "", "")
	c.Flags().Float64Var(&o.minShare, "min-share", 0, "leave out pairs whose largest `SHARE` is smaller, 0–1")
	c.Flags().IntVar(&o.evidence, "evidence", queries.DefaultEvidence, "show this `NUMBER` of ways for each pair")
	c.Flags().IntVar(&o.first, "first", queries.DefaultFirst, "how many pairs are listed: a `NUMBER`")
	return c
}

func runExposure(h Host, c *cobra.Command, o *exposureOptions, nodes []string) error {
	variables := map[string]any{"minShare": o.minShare, "evidence": o.evidence, "first": o.first}
	if len(nodes) > 0 {
		variables["nodes"] = nodes
	}
	if err := o.put(variables, "model"); err != nil {
		return err
	}
	return inquire(h, c, o.questionFlags, question{document: exposureDocument, field: "exposure", variables: variables, nodes: nodes}, printExposure)
}

type exposureAnswer struct {
	PairCount, LeftOut  int
	Nodes, Placeholders []nodeAnswer
	Basis               basisAnswer
	Pairs               []struct {
		Institution, Group nodeAnswer
		Shares             []heldAnswer
		EvidenceCount      int
		Evidence           []struct {
			Supports []wayAnswer
			Lost     nodeAnswer
			Path     []stepAnswer
		}
	}
}

type heldAnswer struct {
	Support string
	Share   float64
}

type wayAnswer struct {
	heldAnswer
	Counts float64
}

// text writes the share that a way holds, and what of it counts.
func (h wayAnswer) text() string {
	text := held([]heldAnswer{h.heldAnswer})
	switch h.Counts {
	case h.Share:
		return text
	case 0:
		return text + " (does not count)"
	}
	return text + " (" + percent(h.Counts) + " counts)"
}

// held writes shares of supports.
func held(shares []heldAnswer) string {
	var out []string
	for _, s := range shares {
		out = append(out, strings.ToLower(s.Support)+" "+percent(s.Share))
	}
	return strings.Join(out, ", ")
}

func printExposure(w *page, e *exposureAnswer) error {
	fmt.Fprintf(w, "Exposure as of %s: expected shares in a group's hands\n\n", e.Basis.AsOf)
	if e.PairCount > 0 {
		if err := e.table(w); err != nil {
			return err
		}
	} else if len(e.Nodes) == 0 || len(e.Placeholders) < len(e.Nodes) {
		fmt.Fprintln(w, "No group holds a part of an institution, on that day.")
	}
	e.leftOut(w)
	var sources sourceList
	reduced := false
	for _, p := range e.Pairs {
		if len(p.Evidence) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s in %s:\n", p.Group.Name, p.Institution.Name)
		for _, c := range p.Evidence {
			var shares []string
			for _, s := range c.Supports {
				shares = append(shares, s.text())
				reduced = reduced || s.Counts < s.Share
			}
			fmt.Fprintf(w, "  %s: %s\n", strings.Join(shares, ", "), c.Lost.Name)
			for _, s := range c.Path {
				fmt.Fprintf(w, "    %s\n", s.text(&sources))
			}
		}
		if more := p.EvidenceCount - len(p.Evidence); more > 0 {
			fmt.Fprintf(w, "  and %s (--evidence)\n", many(more, "more way"))
		}
	}
	if reduced {
		fmt.Fprintln(w, "\nOf several claims by one holder the largest that holds counts: what counts of them adds up.")
	}
	sources.print(w)
	return e.Basis.print(w)
}

// leftOut says which placeholders have no exposure.
func (e *exposureAnswer) leftOut(w *page) {
	for _, p := range e.Placeholders {
		fmt.Fprintf(w, "Left out: %s, a placeholder for a unit that nobody knows.\n", p.Name)
	}
	if more := e.LeftOut - len(e.Placeholders); more > 0 {
		fmt.Fprintf(w, "Left out: %s of which groups have something, for units that nobody knows.\n", many(more, "placeholder"))
	}
}

func (e *exposureAnswer) table(w *page) error {
	t := newTable(w, called("INSTITUTION"), called("GROUP"), told("SHARES"))
	for _, p := range e.Pairs {
		t.row(p.Institution.Name, p.Group.Name, held(p.Shares))
	}
	if err := t.print(); err != nil {
		return err
	}
	if more := e.PairCount - len(e.Pairs); more > 0 {
		fmt.Fprintf(w, "… and %s (--first)\n", many(more, "more pair"))
	}
	return nil
}
