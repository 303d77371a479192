package ask

import (
	_ "embed"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/queries"
)

//go:embed entanglement.graphql
var entanglementDocument string

type entanglementOptions struct {
	questionFlags
	drawFlags
	groups []string
	minP   float64
	first  int
}

const entanglementHelp = `Ask for each group which institutions a purge of that group alone would fracture. The
answer is for every group, or for those named with --group, in the same worlds.

The first table lists pairs of a group and an institution, the likeliest first. The second
lists groups by how many institutions their purge fractures on average. The first of many
pairs look likelier than they are, since the largest of many estimates tends to be too
large: ask again with another --seed. A group's own institutions are counted apart; pairs
of a group and its own come last.

EXAMPLES
  entangle entanglement --sample --as-of 2020-08-24 --samples 256 --min-p 0.1
  entangle entanglement --as-of 2020-08-24 --group "Badr Organization" --group "Kata'ib Hizballah"

EXIT STATUS
  0    answered, also where nothing of what was asked about is on record
  1    the store or a node could not be found, or the question failed
  2    the command was called wrongly
  130  stopped by a signal`

func entanglementCommand(h Host) *cobra.Command {
	o := &entanglementOptions{}
	c := &cobra.Command{
		Use: "entanglement", Short: "Which institutions would a purge of each group fracture?", Long: entanglementHelp,
		Args: usage.NoArgs(": name groups with --group"),
		RunE: func(c *cobra.Command, _ []string) error { return runEntanglement(h, c, o) },
	}
	o.addQuestion(h, c)
	o.add(c.Flags(), queries.ManySamples)
	c.Flags().StringArrayVar(&o.groups, "group", nil, "only this group, by `NAME` or id; may be repeated")
	c.Flags().Float64Var(&o.minP, "min-p", 0, "leave out pairs with a smaller `PROBABILITY`, 0–1")
	c.Flags().IntVar(&o.first, "first", queries.DefaultFirst, "how many pairs, and groups, are listed: a `NUMBER`")
	return c
}

func runEntanglement(h Host, c *cobra.Command, o *entanglementOptions) error {
	v, err := o.variables()
	if err != nil {
		return err
	}
	v["minP"], v["first"] = o.minP, o.first
	q := question{document: entanglementDocument, field: "entanglement", variables: v}
	q.find = []finding{named(v, "groups", graph.Group, o.groups)}
	return inquire(h, c, o.questionFlags, q, printEntanglement)
}

type entanglementAnswer struct {
	GroupCount, PairCount, Omitted int
	Groups                         []entangledGroup
	Pairs                          []entangledPair
	Basis                          basisAnswer
}

type entangledGroup struct {
	Group                   nodeAnswer
	Fractured, OwnFractured spreadAnswer
	ownAnswer
	None             estimateAnswer
	InstitutionCount int
}

type entangledPair struct {
	Group, Institution nodeAnswer
	Own                bool
	Fractured          estimateAnswer
}

func printEntanglement(w *page, a *entanglementAnswer) error {
	fmt.Fprintf(w, "Entanglement of %s as of %s, each purged alone\n\n", many(a.GroupCount, "group"), a.Basis.AsOf)
	if a.PairCount == 0 {
		fmt.Fprintf(w, "No purge of one group fractures an institution, on that day%s.\n", a.Basis.never())
	} else if err := a.tables(w); err != nil {
		return err
	}
	if a.Omitted > 0 {
		fmt.Fprintf(w, "%s %s less likely than --min-p\n", many(a.Omitted, "pair"), agree(a.Omitted, "is", "are"))
	}
	return a.Basis.print(w)
}

func (a *entanglementAnswer) tables(w *page) error {
	t := newTable(w, called("GROUP"), called("INSTITUTION"), figure("P(FRACTURED)"), figure("95%"))
	own := false
	for _, p := range a.Pairs {
		if p.Own && !own {
			own = true
			t.caption("A group and its own:")
		}
		t.row(p.Group.Name, p.Institution.Name, percent(p.Fractured.P), p.Fractured.interval())
	}
	if err := t.print(); err != nil {
		return err
	}
	if more := a.PairCount - len(a.Pairs); more > 0 {
		fmt.Fprintf(w, "… and %s (--first)\n", many(more, "more pair"))
	}
	fmt.Fprintln(w)
	fmt.Fprintln(w, "Institutions of the state fractured on average, and of the group's own:")
	t = newTable(w, called("GROUP"), figure("OF THE STATE (95%)"), figure("9 IN 10"), figure("NONE (95%)"), figure("BODIES"), figure("ITS OWN (95%)"))
	for _, g := range a.Groups {
		own := "–"
		if g.some() {
			own = g.OwnFractured.mean()
		}
		t.row(g.Group.Name, g.Fractured.mean(), fmt.Sprintf("%d to %d", g.Fractured.Q05, g.Fractured.Q95), g.None.with(), strconv.Itoa(g.InstitutionCount), own)
	}
	if err := t.print(); err != nil {
		return err
	}
	if more := a.GroupCount - len(a.Groups); more > 0 {
		fmt.Fprintf(w, "… and %s (--first)\n", many(more, "more group"))
	}
	return nil
}
