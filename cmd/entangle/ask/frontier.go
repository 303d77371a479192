package ask

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/queries"
)

//go:embed frontier.graphql
var frontierDocument string

type frontierOptions struct {
	questionFlags
	planFlags
	groups, benefits     []string
	tolerance, threshold float64
	beam, first          int
}

const frontierHelp = `Ask how far a purge can go: the largest purge that fractures nothing, and what every
further benefit costs in fractured institutions. The benefit of each group is 1 unless
--benefit says otherwise, since the data does not say what a purge is good for.

With up to 12 groups every set of them is simulated. With up to 20 groups the effect of
every set is derived from the purge of each group alone, world by world, and is exact too.
With more groups a beam search simulates some sets, and the answer says so. Groups that
take nothing from any institution do not count. What one of the groups holds itself is no
cost: it is counted apart (OWN), whichever of them are purged.

The ANY rule is a simpler model beside it: an institution breaks if one of the groups
alone hits it. Its best sets are found exactly, by a minimum cut, and each contains the
one before. The rule is wrong where losses of several groups add up, so each of its sets
is simulated too.

EXAMPLES
  entangle frontier --sample --as-of 2020-08-24 --group "Badr Organization" --group "Kata'ib Hizballah" --group "Saraya al-Salam" --weight unit=0.5 --search 128 --samples 512
  entangle frontier --as-of 2020-08-24 --benefit "Badr Organization=3" --tolerance 0.2 --json

EXIT STATUS
  0    answered, also where nothing of what was asked about is on record
  1    the store or a node could not be found, or the question failed
  2    the command was called wrongly
  130  stopped by a signal`

func frontierCommand(h Host) *cobra.Command {
	o := &frontierOptions{}
	c := &cobra.Command{
		Use: "frontier", Short: "How far can a purge go before institutions fracture?", Long: frontierHelp,
		Args: usage.NoArgs(": name groups with --group"),
		RunE: func(c *cobra.Command, _ []string) error { return runFrontier(h, c, o) },
	}
	o.addQuestion(h, c)
	o.addPlan(c.Flags())
	f := c.Flags()
	f.StringArrayVar(&o.groups, "group", nil, "a group that may be purged, by `NAME` or id; may be repeated (default: every armed group)")
	f.StringArrayVar(&o.benefits, "benefit", nil, "the benefit of purging a group, as `NAME=BENEFIT`, if it is not 1; may be repeated")
	f.Float64Var(&o.tolerance, "tolerance", queries.DefaultTolerance, "a purge fractures nothing if no institution fractures with more than this `PROBABILITY`")
	f.Float64Var(&o.threshold, "threshold", queries.DefaultThreshold, "ANY rule: a group hits an institution that its purge alone fractures with more than this `PROBABILITY`")
	f.IntVar(&o.beam, "beam", queries.DefaultBeam, "the `NUMBER` of sets of each size that a beam search keeps")
	f.IntVar(&o.first, "first", queries.DefaultPoints, "how many points are listed: a `NUMBER`")
	return c
}

func runFrontier(h Host, c *cobra.Command, o *frontierOptions) error {
	v, find, err := o.planVariables()
	if err != nil {
		return err
	}
	benefits, err := pairs("--benefit", "group", "benefit", o.benefits, number)
	if err != nil {
		return err
	}
	if len(benefits) > 0 {
		v["benefits"] = benefits
	}
	v["tolerance"], v["threshold"], v["beam"], v["first"] = o.tolerance, o.threshold, o.beam, o.first
	q := question{document: frontierDocument, field: "frontier", variables: v, find: find}
	q.find = append(q.find, named(v, "groups", graph.Group, o.groups), inRows(benefits, "--benefit", "group", graph.Group))
	return inquire(h, c, o.questionFlags, q, printFrontier)
}

type pointAnswer struct {
	Groups                []nodeAnswer
	Benefit, Any          float64
	Expected, OwnExpected amountAnswer
	RiskCount             int
	Risks                 []riskAnswer
	Verdict               string
	Supported             bool
	Price                 *float64
}

type frontierAnswer struct {
	searchAnswer
	ownAnswer
	GroupCount, AnyCount, CurveCount, Omitted int
	Safe                                      pointAnswer
	SafeBound                                 float64
	SafeOptimality, CurveOptimality           string
	Any, Curve                                []pointAnswer
	Basis                                     basisAnswer
}

func printFrontier(w *page, a *frontierAnswer) error {
	fmt.Fprintf(w, "Frontier of %s as of %s\n\n", many(a.GroupCount, "group"), a.Basis.AsOf)
	what := "purges no group"
	if len(a.Safe.Groups) > 0 {
		what = "purges " + nodeNames(a.Safe.Groups)
	}
	fmt.Fprintf(w, "The largest purge that fractures nothing %s: benefit %g of at most %g (%s).\n",
		what, a.Safe.Benefit, a.SafeBound, optimality(a.SafeOptimality, "a larger one"))
	fmt.Fprintf(w, "  expected weight %s%s, likeliest to break: %s; %s\n", a.Safe.Expected.of(true), a.beside(a.Safe.OwnExpected, "the groups'"), risks(a.Safe.Risks, a.Safe.RiskCount), inVerdict[a.Safe.Verdict])
	err := errors.Join(
		a.points(w, "\nTrade-off, by simulation ("+optimality(a.CurveOptimality, "a better point")+"):", a.Curve, a.CurveCount+a.Omitted),
		a.points(w, "\nUnder the ANY rule (exact for that rule; nested):", a.Any, a.AnyCount),
	)
	if a.some() {
		fmt.Fprintln(w)
	}
	a.printOwn(w, "some group's")
	a.printSearch(w)
	return errors.Join(err, a.Basis.print(w))
}

var inVerdict = map[string]string{
	"WITHIN":  "within the tolerance",
	"UNCLEAR": "whether that is within the tolerance is unclear: draw more --samples",
	"BEYOND":  "BEYOND the tolerance in worlds that the search did not see",
}

// points prints a curve; of each point the groups that it has more or less than the
// one before.
func (a *frontierAnswer) points(w *page, title string, list []pointAnswer, count int) error {
	fmt.Fprintln(w, title)
	t := newTable(w, withOwn(a.some(), 2, figure("OWN"), figure("BENEFIT"), figure("EXPECTED WEIGHT"), figure("ANY"), figure("PRICE"), told("GROUPS"))...)
	var before []nodeAnswer
	for i, p := range list {
		price := "–"
		switch {
		case p.Price != nil:
			price = fmt.Sprintf("%.2f", *p.Price)
		case !p.Supported:
			price = "gap"
		}
		groups := change(before, p.Groups)
		if i == 0 {
			groups = nodeNames(p.Groups)
		}
		t.row(withOwn(a.some(), 2, p.OwnExpected.of(true), fmt.Sprintf("%g", p.Benefit), p.Expected.of(true), fmt.Sprintf("%g", p.Any), price, groups)...)
		before = p.Groups
	}
	if err := t.print(); err != nil {
		return err
	}
	if more := count - len(list); more > 0 {
		fmt.Fprintf(w, "… and %s (--first)\n", many(more, "more point"))
	}
	return nil
}

// change writes what one list has more than another, and less.
func change(before, now []nodeAnswer) string {
	missing := func(a, b []nodeAnswer, sign string) (out []string) {
		in := map[string]bool{}
		for _, n := range b {
			in[n.Key] = true
		}
		for _, n := range a {
			if !in[n.Key] {
				out = append(out, sign+n.Name)
			}
		}
		return out
	}
	parts := append(missing(now, before, "+ "), missing(before, now, "− ")...)
	if len(parts) == 0 {
		return "the same"
	}
	return strings.Join(parts, " ")
}
