package ask

import (
	_ "embed"
	"fmt"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/queries"
)

//go:embed verify.graphql
var verifyDocument string

type verifyOptions struct {
	questionFlags
	drawFlags
	targets     targetFlags
	institution string
	ties        int
}

const verifyHelp = `Ask which uncertain ties are most worth checking before a purge. The answer shows by how
much the figure would change if one knew whether the tie holds, and which share of its
spread would go. The figure is the probability that the --institution fractures, or
without one the number of institutions that do.

A sampled answer finds the ties in one set of worlds and judges them in another. For
claims that contradict each other it shows what learning about one of them says. It does
not show what making it true would do.

EXAMPLES
  entangle verify --sample --as-of 2020-08-24 --group "Badr Organization" --institution "Ministry of Interior" --samples 2048
  entangle verify --as-of 2020-08-24 --group "Kata'ib Hizballah" --ties 5 --json

EXIT STATUS
  0    answered, also where nothing of what was asked about is on record
  1    the store or a node could not be found, or the question failed
  2    the command was called wrongly
  130  stopped by a signal`

func verifyCommand(h Host) *cobra.Command {
	o := &verifyOptions{}
	c := &cobra.Command{
		Use: "verify", Short: "Which uncertain tie is most worth checking?", Long: verifyHelp,
		Args: usage.NoArgs(": name what is struck with --group, --person or --post"),
		RunE: func(c *cobra.Command, _ []string) error { return runVerify(h, c, o) },
	}
	o.addQuestion(h, c)
	o.targets.add(c.Flags(), "", "")
	o.add(c.Flags(), queries.DefaultSamples)
	c.Flags().StringVar(&o.institution, "institution", "", "ask about the fracture of this institution, by `NAME` or id, and not about the number fractured")
	c.Flags().IntVar(&o.ties, "ties", queries.DefaultTies, "how many ties are listed: a `NUMBER`")
	return c
}

func runVerify(h Host, c *cobra.Command, o *verifyOptions) error {
	if o.targets.none() {
		return errNothingStruck()
	}
	v, err := o.variables()
	if err != nil {
		return err
	}
	v["ties"] = o.ties
	q := question{document: verifyDocument, field: "verify", variables: v, find: []finding{o.targets.into(v, "targets"), inQuestion(v, o.institution)}}
	return inquire(h, c, o.questionFlags, q, printVerify)
}

type verifyAnswer struct {
	Targets           []nodeAnswer
	Institution       *nodeAnswer
	Now, OwnFractured amountAnswer
	ownAnswer
	Ties                []doubtfulAnswer
	Doubtful, Undecided int
	FreshSeed           string
	Basis               basisAnswer
}

type doubtfulAnswer struct {
	Tie                                    *tieAnswer
	Type                                   string
	From, To                               nodeAnswer
	Confidence                             float64
	Defaulted                              bool
	IfTrue, IfFalse, Importance, Explained amountAnswer
}

func printVerify(w *page, a *verifyAnswer) error {
	number := a.Institution == nil
	what, beside, text := "institutions of the state fractured on average", a.beside(a.OwnFractured, "the targets'"), func(v float64) string { return fmt.Sprintf("%.2f", v) }
	if !number {
		what, beside, text = "probability that "+a.Institution.Name+" fractures", "", percent
	}
	fmt.Fprintf(w, "Purge of %s as of %s\n%s: %s%s\n\n", a.Basis.Missing.struck(a.Targets), a.Basis.AsOf, what, a.Now.of(number), beside)
	if len(a.Ties) == 0 {
		fmt.Fprintln(w, "No uncertain tie was seen to change that.")
	} else {
		fmt.Fprintln(w, "Most worth checking, by the share of the spread that knowing them takes away:")
	}
	var sources sourceList
	for i, d := range a.Ties {
		step := stepAnswer{Type: d.Type, Along: true, Confidence: d.Confidence, From: d.From, To: d.To, Tie: d.Tie}
		fmt.Fprintf(w, "%3d. %s\n", i+1, step.text(&sources))
		importance := d.Importance.points() + " points"
		if number {
			importance = fmt.Sprintf("%+.2f (%+.2f to %+.2f)", d.Importance.Value, d.Importance.Low, d.Importance.High)
		}
		fmt.Fprintf(w, "     %s if it holds, %s if not: %s; %s of the spread", d.IfTrue.with(text), d.IfFalse.with(text), importance, d.Explained.with(percent))
		if d.Defaulted {
			fmt.Fprint(w, "; its confidence is the default")
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "\n%s may matter", many(a.Doubtful, "uncertain tie"))
	if a.Undecided > 0 {
		fmt.Fprintf(w, "; of %d nothing can be said, since too few worlds had them or did not (--samples)", a.Undecided)
	}
	fmt.Fprintln(w, ".")
	if a.FreshSeed != "0" {
		fmt.Fprintf(w, "They were found in the worlds below and judged in as many of seed %s.\n", a.FreshSeed)
	}
	if number {
		a.printOwn(w, "the targets'")
	}
	sources.print(w)
	return a.Basis.print(w)
}
