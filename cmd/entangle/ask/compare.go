package ask

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/queries"
)

//go:embed compare.graphql
var compareDocument string

type compareOptions struct {
	questionFlags
	drawFlags
	targets, with targetFlags
	withModel     modelFlags
	first         int
}

const compareHelp = `Compare two purges in the same worlds: what differs between them is due to the
purges and not to the draw. --with-group, --with-person and --with-post name the targets
of the second purge, --with-model and --with-requirements its model. Whatever you leave
out is as in the first purge.

The table lists the institutions that fracture in some world of either purge, the largest
difference first. It shows how often only one of the two purges fractures the institution,
and McNemar's test. The tests are not corrected for their number.

EXAMPLES
  entangle compare --sample --as-of 2020-08-24 --group "Badr Organization" --with-group "Kata'ib Hizballah" --samples 1024
  entangle compare --sample --as-of 2020-08-24 --group "Badr Organization" --with-model '{"rally":false}' --samples 1024
  entangle compare --as-of 2020-08-24 --group "Badr Organization" --with-person "Hadi al-Amiri" --json

EXIT STATUS
  0    answered, also where nothing of what was asked about is on record
  1    the store or a node could not be found, or the question failed
  2    the command was called wrongly
  130  stopped by a signal`

func compareCommand(h Host) *cobra.Command {
	o := &compareOptions{}
	c := &cobra.Command{
		Use: "compare", Short: "How do two purges differ?", Long: compareHelp,
		Args: usage.NoArgs(": name what is struck with --group and --with-group"),
		RunE: func(c *cobra.Command, _ []string) error { return runCompare(h, c, o) },
	}
	o.addQuestion(h, c)
	o.targets.add(c.Flags(), "", " by the first purge")
	o.with.add(c.Flags(), "with-", " by the second purge")
	o.add(c.Flags(), queries.DefaultSamples)
	o.withModel.add(c.Flags(), "with-", " of the second purge")
	c.Flags().IntVar(&o.first, "first", queries.DefaultFirst, "how many institutions are listed: a `NUMBER`")
	return c
}

func runCompare(h Host, c *cobra.Command, o *compareOptions) error {
	if o.targets.none() {
		return errNothingStruck()
	}
	if o.with.none() && o.withModel.none() {
		return usage.Error{Err: errors.New("nothing to compare with: name the second purge with --with-group, --with-person, --with-post, --with-model or --with-requirements")}
	}
	if o.withModel.model == "" && !o.withModel.none() {
		o.withModel.model = o.model // another file of requirements changes them alone
	}
	if o.withModel.requirements == "" && !o.withModel.none() {
		o.withModel.requirements = o.requirements // and another model not them
	}
	v, err := o.variables()
	if err := errors.Join(err, o.withModel.put(v, "withModel")); err != nil {
		return err
	}
	v["first"] = o.first
	q := question{document: compareDocument, field: "compare", variables: v}
	q.find = []finding{o.targets.into(v, "targets")}
	if !o.with.none() {
		q.find = append(q.find, o.with.into(v, "withTargets"))
	}
	return inquire(h, c, o.questionFlags, q, printCompare)
}

type comparedAnswer struct {
	Targets                 []nodeAnswer
	NoRecord                bool
	Model                   modelAnswer
	Fractured, OwnFractured spreadAnswer
	None                    estimateAnswer
	Stakes                  []stakeAnswer
	Circling                *estimateAnswer
}

type compareAnswer struct {
	First, Second    comparedAnswer
	Same             bool
	InstitutionCount int
	Institutions     []struct {
		Institution                          nodeAnswer
		Own                                  bool
		First, Second, OnlyFirst, OnlySecond estimateAnswer
		Difference                           amountAnswer
		Test                                 *struct{ P float64 }
	}
	Fractured, OwnFractured amountAnswer
	ownAnswer
	Basis basisAnswer
}

func printCompare(w *page, a *compareAnswer) error {
	fmt.Fprintf(w, "As of %s\n", a.Basis.AsOf)
	for i, s := range []comparedAnswer{a.First, a.Second} {
		with, err := s.Model.changed()
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  %s purge: %s", []string{"first", "second"}[i], a.Basis.Missing.struck(s.Targets))
		if len(with) > 0 {
			fmt.Fprintf(w, ", with %s", strings.Join(with, ", "))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
	if len(a.Institutions) == 0 {
		fmt.Fprintf(w, "No institution fractures in any world of either%s.\n", a.Basis.never())
	} else if err := a.table(w); err != nil {
		return err
	}
	if more := a.InstitutionCount - len(a.Institutions); more > 0 {
		fmt.Fprintf(w, "… and %d more (--first %d shows all)\n", more, a.InstitutionCount)
	}
	fmt.Fprintln(w)
	for i, s := range []comparedAnswer{a.First, a.Second} {
		if s.NoRecord {
			fmt.Fprintf(w, "%s purge: NO RECORD. Nothing of what it strikes is on record on %s. No record is not safety: it has no figure.\n", []string{"First", "Second"}[i], a.Basis.AsOf)
			continue
		}
		fmt.Fprintf(w, "%s purge: on average it %s %s\n", []string{"First", "Second"}[i], a.fractures(s.Fractured, s.OwnFractured, "the targets'"), ofState(s.Fractured, s.None))
		printStakes(w, "It takes from", s.Stakes)
		if s.Circling != nil {
			fmt.Fprintf(w, "In %s of its worlds groups change sides for ever. There every figure is the worst that comes of it.\n", s.Circling.with())
		}
	}
	if a.First.NoRecord || a.Second.NoRecord {
		a.printOwn(w, "the targets'")
		return a.Basis.print(w)
	}
	if a.Same {
		fmt.Fprintln(w, "Both purges are the same on that day: nothing differs.")
	} else {
		fmt.Fprintf(w, "Against the first the second fractures %s institutions of the state on average", more(a.Fractured))
		if a.some() {
			fmt.Fprintf(w, ", and %s of the targets' own", more(a.OwnFractured))
		}
		fmt.Fprintln(w, ".")
	}
	a.printOwn(w, "the targets'")
	return a.Basis.print(w)
}

// more writes a difference with its interval, an exact one alone.
func more(d amountAnswer) string {
	if d.Low == d.High {
		return fmt.Sprintf("%+.2f", d.Value)
	}
	return fmt.Sprintf("%+.2f (%+.2f to %+.2f)", d.Value, d.Low, d.High)
}

func (a *compareAnswer) table(w *page) error {
	t := newTable(w, called("INSTITUTION"), figure("FIRST"), figure("SECOND"), figure("DIFFERENCE (95%)"), figure("ONLY FIRST"), figure("ONLY SECOND"), figure("TEST"))
	chance := func(e estimateAnswer) string {
		switch {
		case e.unknown():
			return "–"
		case w.wide:
			return e.with()
		}
		return percent(e.P)
	}
	own := false
	for _, i := range a.Institutions {
		if i.Own && !own {
			own = true
			t.caption("The targets' own:")
		}
		test := "–"
		if i.Test != nil {
			test = probability(i.Test.P)
		}
		difference := i.Difference.points()
		if i.First.unknown() || i.Second.unknown() {
			difference = "–"
		}
		t.row(i.Institution.Name, chance(i.First), chance(i.Second), difference, chance(i.OnlyFirst), chance(i.OnlySecond), test)
	}
	return t.print()
}
