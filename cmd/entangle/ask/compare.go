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
	Targets   []nodeAnswer
	NoRecord  bool
	Model     modelAnswer
	Fractured spreadAnswer
	None      estimateAnswer
	Circling  *estimateAnswer
}

type compareAnswer struct {
	First, Second    comparedAnswer
	Same             bool
	InstitutionCount int
	Institutions     []struct {
		Institution                          nodeAnswer
		First, Second, OnlyFirst, OnlySecond estimateAnswer
		Difference                           amountAnswer
		Test                                 *struct{ P float64 }
	}
	Fractured amountAnswer
	Basis     basisAnswer
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
		fmt.Fprintf(w, "%s purge: %s institutions fractured on average, %d to %d in nine worlds of ten; none with probability %s.\n",
			[]string{"First", "Second"}[i], s.Fractured.mean(), s.Fractured.Q05, s.Fractured.Q95, s.None.with())
		if s.Circling != nil {
			fmt.Fprintf(w, "In %s of its worlds groups change sides for ever. There every figure is the worst that comes of it.\n", s.Circling.with())
		}
	}
	if a.First.NoRecord || a.Second.NoRecord {
		return a.Basis.print(w)
	}
	if a.Same {
		fmt.Fprintln(w, "Both purges are the same on that day: nothing differs.")
		return a.Basis.print(w)
	}
	d := a.Fractured
	fmt.Fprintf(w, "The second fractures %+.2f institutions on average", d.Value)
	if d.Low != d.High {
		fmt.Fprintf(w, " (%+.2f to %+.2f)", d.Low, d.High)
	}
	fmt.Fprintln(w, " against the first.")
	return a.Basis.print(w)
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
	for _, i := range a.Institutions {
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
