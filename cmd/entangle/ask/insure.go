package ask

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/queries"
)

//go:embed insure.graphql
var insureDocument string

type insureOptions struct {
	questionFlags
	planFlags
	targets      targetFlags
	limit, level float64
	size, first  int
	kinds        []string
}

const insureHelp = `Ask which measures, taken before a purge, limit its damage even in the worst worlds. The
answer is the smallest set of measures that keeps the mean fractured weight of the worst
worlds within the --limit, or the best set found. The measures are

  SUCCESSOR  a successor is named for a post, so that the post stays filled
  ALLY       a group is won over and does not rally
  COALITION  a group gets seats in the government; neither it nor any group that is part
             or a wing of it rallies
  STREAM     a revenue stream keeps paying, whoever holds it
  PROVIDER   another body can do the work of an institution for those who depend on it

EXAMPLES
  entangle insure --sample --as-of 2020-08-24 --group "Kata'ib Hizballah" --limit 3 --search 128 --samples 512
  entangle insure --as-of 2020-08-24 --group "Badr Organization" --kind SUCCESSOR --kind ALLY --size 6 --json

EXIT STATUS
  0    answered, also where no set keeps to the limit or nothing of what was asked about is on record
  1    the store or a node could not be found, or the question failed
  2    the command was called wrongly
  130  stopped by a signal`

func insureCommand(h Host) *cobra.Command {
	o := &insureOptions{}
	c := &cobra.Command{
		Use: "insure", Short: "Which measures keep the damage of a purge within a limit?", Long: insureHelp,
		Args: usage.NoArgs(": name what is struck with --group, --person or --post"),
		RunE: func(c *cobra.Command, _ []string) error { return runInsure(h, c, o) },
	}
	o.addQuestion(h, c)
	o.addPlan(c.Flags())
	o.targets.add(c.Flags(), "", "")
	f := c.Flags()
	f.Float64Var(&o.limit, "limit", 0, "the largest mean fractured `WEIGHT` that is accepted of the worst worlds")
	f.Float64Var(&o.level, "level", queries.DefaultLevel, "the `SHARE` of worlds that are not among the worst: 0.9 makes the worst tenth count")
	f.IntVar(&o.size, "size", queries.DefaultSize, "the largest `NUMBER` of measures in a set")
	f.StringArrayVar(&o.kinds, "kind", nil, "a `KIND` of measure that may be taken; may be repeated (default: all)")
	f.IntVar(&o.first, "first", queries.DefaultFirst, "how many single measures are listed: a `NUMBER`")
	return c
}

func runInsure(h Host, c *cobra.Command, o *insureOptions) error {
	if o.targets.none() {
		return errNothingStruck()
	}
	v, find, err := o.planVariables()
	if err != nil {
		return err
	}
	if len(o.kinds) > 0 {
		v["kinds"] = o.kinds
	}
	v["limit"], v["level"], v["size"], v["first"] = o.limit, o.level, o.size, o.first
	q := question{document: insureDocument, field: "insure", variables: v, find: find}
	q.find = append(q.find, o.targets.into(v, "targets"))
	return inquire(h, c, o.questionFlags, q, printInsure)
}

type optionAnswer struct {
	Kind        string
	Node        nodeAnswer
	Institution *nodeAnswer
	Happens     estimateAnswer
}

func (o *optionAnswer) text() string {
	text := strings.ToLower(o.Kind) + ": " + o.Node.Name
	if o.Institution != nil && !strings.Contains(o.Node.Name, o.Institution.Name) {
		text += " (" + o.Institution.Name + ")"
	}
	return text
}

type insureAnswer struct {
	searchAnswer
	ownAnswer
	Targets                     []nodeAnswer
	Limit, Level                float64
	Tail, Expected, OwnExpected amountAnswer
	Measures                    []struct {
		optionAnswer
		Tail, Expected, OwnExpected amountAnswer
	}
	Verdict, Optimality string
	OptionCount         int
	Options             []struct {
		optionAnswer
		Tail, Expected amountAnswer
	}
	Basis basisAnswer
}

func printInsure(w *page, a *insureAnswer) error {
	fmt.Fprintf(w, "Measures before a purge of %s as of %s\n\n", a.Basis.Missing.struck(a.Targets), a.Basis.AsOf)
	heads := []column{figure(""), told("MEASURE"), figure("WORST " + percent(1-a.Level)), figure("EXPECTED"), figure("HAPPENS ELSE")}
	t := newTable(w, withOwn(a.some(), 4, figure("OWN"), slices.Clone(heads)...)...)
	t.row(withOwn(a.some(), 4, a.OwnExpected.of(true), "", "none", a.Tail.of(true), a.Expected.of(true), "–")...)
	for i, m := range a.Measures {
		t.row(withOwn(a.some(), 4, m.OwnExpected.of(true), strconv.Itoa(i+1), "+ "+m.text(), m.Tail.of(true), m.Expected.of(true), m.Happens.with())...)
	}
	if err := t.print(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nLimit %g: %s (%s).\n", a.Limit, map[string]string{
		"WITHIN":  "kept",
		"UNCLEAR": "unclear, it lies inside the interval: draw more --samples",
		"BEYOND":  "exceeded; allow more with --size",
	}[a.Verdict], optimality(a.Optimality, "a smaller or better set"))
	if len(a.Options) > 0 {
		fmt.Fprintf(w, "\nSingle measures, in the worlds of the search (%d in all):\n", a.OptionCount)
		t := newTable(w, heads[1:]...)
		for _, m := range a.Options {
			t.row(m.text(), m.Tail.of(true), m.Expected.of(true), m.Happens.with())
		}
		if err := t.print(); err != nil {
			return err
		}
	}
	if a.some() {
		fmt.Fprintln(w)
	}
	a.printOwn(w, "the targets'")
	a.printSearch(w)
	return a.Basis.print(w)
}
