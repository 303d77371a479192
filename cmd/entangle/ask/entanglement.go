package ask

import (
	_ "embed"
	"fmt"
	"io"
	"text/tabwriter"

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

const entanglementHelp = `Ask for each group which institutions a purge of that group alone would fracture:
every group, or those named with --group, in the same worlds.

The pairs are listed with the likeliest first, then the groups by how many
institutions their purge fractures on average. The first of many pairs look likelier
than they are, since the draw favours them; ask again with another --seed.

EXAMPLES
  entangle entanglement --sample --as-of 2020-08-24 --samples 256 --min-p 0.1
  entangle entanglement --as-of 2020-08-24 --group "Badr Organization" --group "Kata'ib Hizballah"

EXIT STATUS
  0    answered
  1    the store or a node could not be found, or the question failed
  2    the command was called wrongly
  130  stopped by a signal`

func entanglementCommand(h Host) *cobra.Command {
	o := &entanglementOptions{}
	c := &cobra.Command{
		Use: "entanglement", Short: "Which institution hangs on which group?", Long: entanglementHelp,
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
	Groups                         []struct {
		Group            nodeAnswer
		Fractured        spreadAnswer
		None             estimateAnswer
		InstitutionCount int
	}
	Pairs []struct {
		Group, Institution nodeAnswer
		Fractured          estimateAnswer
	}
	Basis basisAnswer
}

func printEntanglement(w io.Writer, a *entanglementAnswer) error {
	fmt.Fprintf(w, "Entanglement of %d groups as of %s, each purged alone\n\n", a.GroupCount, a.Basis.AsOf)
	if a.PairCount == 0 {
		fmt.Fprintf(w, "No purge of one group fractures an institution, on that day%s.\n", a.Basis.never())
	} else if err := a.tables(w); err != nil {
		return err
	}
	if a.Omitted > 0 {
		fmt.Fprintf(w, "%d pairs are less likely than --min-p\n", a.Omitted)
	}
	return a.Basis.print(w)
}

func (a *entanglementAnswer) tables(w io.Writer) error {
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
	fmt.Fprintln(t, "GROUP\tINSTITUTION\tP(FRACTURED)\t95%")
	for _, p := range a.Pairs {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", p.Group.Name, p.Institution.Name, percent(p.Fractured.P), p.Fractured.interval())
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if more := a.PairCount - len(a.Pairs); more > 0 {
		fmt.Fprintf(w, "… and %d more pairs (--first)\n", more)
	}
	fmt.Fprintln(w)
	t = tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
	fmt.Fprintln(t, "GROUP\tFRACTURED ON AVERAGE (95%)\tNINE WORLDS OF TEN\tNONE (95%)\tINSTITUTIONS")
	for _, g := range a.Groups {
		fmt.Fprintf(t, "%s\t%s\t%d to %d\t%s\t%d\n", g.Group.Name, g.Fractured.mean(), g.Fractured.Q05, g.Fractured.Q95, g.None.with(), g.InstitutionCount)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if more := a.GroupCount - len(a.Groups); more > 0 {
		fmt.Fprintf(w, "… and %d more groups (--first)\n", more)
	}
	return nil
}
