package ask

import (
	_ "embed"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/queries"
)

//go:embed stage.graphql
var stageDocument string

type stageOptions struct {
	questionFlags
	planFlags
	targets                 targetFlags
	recovery, budget, first int
	recoveryByType          []string
	limit                   float64
}

const stageHelp = `Ask in which order to purge targets, one in each stage, so that as little as possible is
broken at any one time. Between stages the state recovers: after --recovery stages posts
are filled again, and units and streams have passed to others. Whoever was lost stays
lost and causes no further responses.

Without recovery (--recovery 0) losses only grow and no order is better than another;
the answer says so.

EXAMPLES
  entangle stage --sample --as-of 2020-08-24 --group "Badr Organization" --group "Kata'ib Hizballah" --group "Asa'ib Ahl al-Haq" --recovery 2 --search 128 --samples 512
  entangle stage --as-of 2020-08-24 --group "Badr Organization" --person "Hadi al-Amiri" --recovery-by-type ministry=3 --limit 5

EXIT STATUS
  0    answered, also where the limit is exceeded or nothing of what was asked about is on record
  1    the store or a node could not be found, or the question failed
  2    the command was called wrongly
  130  stopped by a signal`

func stageCommand(h Host) *cobra.Command {
	o := &stageOptions{}
	c := &cobra.Command{
		Use: "stage", Short: "In which order should targets be purged?", Long: stageHelp,
		Args: usage.NoArgs(": name what is struck with --group, --person or --post"),
		RunE: func(c *cobra.Command, _ []string) error { return runStage(h, c, o) },
	}
	o.addQuestion(h, c)
	o.addPlan(c.Flags())
	o.targets.add(c.Flags(), "", " in a stage of its own")
	f := c.Flags()
	f.IntVar(&o.recovery, "recovery", queries.DefaultRecovery, "losses are restored after this `NUMBER` of stages: 1 before the next stage, 0 never")
	f.StringArrayVar(&o.recoveryByType, "recovery-by-type", nil, "the recovery of institutions of a type, as `TYPE=NUMBER`; may be repeated")
	f.Float64Var(&o.limit, "limit", 0, "the expected `WEIGHT` at which the purge is broken off (default: none)")
	f.IntVar(&o.budget, "budget", queries.DefaultBudget, "the largest `NUMBER` of purges that the search simulates")
	f.IntVar(&o.first, "first", queries.DefaultRisks, "name this `NUMBER` of institutions for each stage")
	return c
}

func runStage(h Host, c *cobra.Command, o *stageOptions) error {
	if o.targets.none() {
		return errNothingStruck()
	}
	v, find, err := o.planVariables()
	if err != nil {
		return err
	}
	types, err := pairs("--recovery-by-type", "type", "stages", o.recoveryByType, wholeNumber)
	if err != nil {
		return err
	}
	if len(types) > 0 {
		v["recoveryByType"] = types
	}
	if c.Flags().Changed("limit") {
		v["limit"] = o.limit
	}
	v["recovery"], v["budget"], v["first"] = o.recovery, o.budget, o.first
	q := question{document: stageDocument, field: "stage", variables: v, find: find}
	q.find = append(q.find, o.targets.into(v, "targets"))
	return inquire(h, c, o.questionFlags, q, printStage)
}

type stageAnswer struct {
	searchAnswer
	ownAnswer
	Stages []struct {
		Target                nodeAnswer
		Expected, OwnExpected amountAnswer
		RiskCount             int
		Risks                 []riskAnswer
		Verdict               string
	}
	Peak, AsGiven, AtOnce, OwnAtOnce amountAnswer
	PeakStage                        int
	Bound, Searched                  float64
	Optimality                       string
	OrderMatters                     bool
	Verdict                          string
	Abort, Unclear                   *int
	Basis                            basisAnswer
}

func printStage(w *page, a *stageAnswer) error {
	fmt.Fprintf(w, "Purge in %s as of %s\n\n", many(len(a.Stages), "stage"), a.Basis.AsOf)
	t := newTable(w, withOwn(a.some(), 3, figure("OWN"), figure("STAGE"), called("TARGET"), figure("EXPECTED WEIGHT"), told("LIKELIEST TO BE BROKEN THEN"))...)
	for i, s := range a.Stages {
		t.row(withOwn(a.some(), 3, s.OwnExpected.of(true), strconv.Itoa(i+1), s.Target.Name, s.Expected.of(true), overLimit[s.Verdict]+risks(s.Risks, s.RiskCount))...)
	}
	if err := t.print(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nThe peak is %s, at stage %d; in the order given it is %s, all at once %s%s.\n",
		a.Peak.of(true), a.PeakStage, a.AsGiven.of(true), a.AtOnce.of(true), a.beside(a.OwnAtOnce, "the targets'"))
	if !a.OrderMatters {
		fmt.Fprintln(w, "The order does not matter: nothing recovers, so losses only grow, and every order ends where the purge at once does.")
	} else {
		fmt.Fprintf(w, "No order has a peak below %.2f in the worlds of the search, this one %.2f (%s).\n",
			a.Bound, a.Searched, optimality(a.Optimality, "a better order"))
	}
	a.printAbort(w)
	a.printOwn(w, "some target's")
	a.printSearch(w)
	return a.Basis.print(w)
}

// overLimit marks a stage by its verdict.
var overLimit = map[string]string{"BEYOND": "OVER THE LIMIT; ", "UNCLEAR": "PERHAPS OVER THE LIMIT; "}

// printAbort reports whether the limit holds.
func (a *stageAnswer) printAbort(w *page) {
	if a.Unclear != nil {
		fmt.Fprintf(w, "At stage %d it is unclear whether the limit holds: it lies inside the interval. More --samples narrow it.\n", *a.Unclear)
	}
	switch {
	case a.Verdict == "WITHIN":
		fmt.Fprintln(w, "Every stage is within the limit.")
	case a.Abort == nil:
	case *a.Abort == 1:
		fmt.Fprintln(w, "Over the limit at once: do not begin.")
	default:
		fmt.Fprintf(w, "Break off after stage %d.\n", *a.Abort-1)
	}
}
