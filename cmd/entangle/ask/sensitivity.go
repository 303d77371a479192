package ask

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/queries"
)

//go:embed sensitivity.graphql
var sensitivityDocument string

type sensitivityOptions struct {
	questionFlags
	drawFlags
	targets              targetFlags
	institution          string
	vary                 []string
	trajectories, levels int
}

const sensitivityHelp = `Ask which parameters of the model an answer depends on. The answer is the probability
that the --institution fractures, or without one the number of institutions of the state
that do: the targets' own are counted apart. The method is that of elementary effects (Morris 1991), with every run in the same worlds.
Without --vary the parameters of the table in docs/questions.md are varied over their ranges;
"needs" multiplies all requirements.

EFFECT is the mean size of the effect of a parameter over its whole range (mu*). MEAN is
the mean with its sign (mu). SPREAD is the standard deviation (sigma); it is large if the
effect is not linear or depends on other parameters.

EXAMPLES
  entangle sensitivity --sample --as-of 2020-08-24 --group "Badr Organization" --samples 128 --trajectories 4
  entangle sensitivity --as-of 2020-08-24 --group "Badr Organization" --institution "Ministry of Interior"
  entangle sensitivity --as-of 2020-08-24 --group "Badr Organization" --vary needs=0.9..1.1 --vary solidarity=0..1 --json

EXIT STATUS
  0    answered, also where nothing of what was asked about is on record
  1    the store or a node could not be found, or the question failed
  2    the command was called wrongly
  130  stopped by a signal`

func sensitivityCommand(h Host) *cobra.Command {
	o := &sensitivityOptions{}
	c := &cobra.Command{
		Use: "sensitivity", Short: "Which parameters does an answer depend on?", Long: sensitivityHelp,
		Args: usage.NoArgs(": name what is struck with --group, --person or --post"),
		RunE: func(c *cobra.Command, _ []string) error { return runSensitivity(h, c, o) },
	}
	o.addQuestion(h, c)
	o.targets.add(c.Flags(), "", "")
	o.add(c.Flags(), queries.ManySamples)
	c.Flags().StringVar(&o.institution, "institution", "", "ask about the fracture of this institution, by `NAME` or id, and not about the number fractured")
	c.Flags().StringArrayVar(&o.vary, "vary", nil, "a parameter to vary and its range, as `NAME=LOW..HIGH`; may be repeated (default: all)")
	c.Flags().IntVar(&o.trajectories, "trajectories", queries.DefaultTrajectories, "the `NUMBER` of trajectories, each of which gives one effect of every parameter")
	c.Flags().IntVar(&o.levels, "levels", queries.DefaultLevels, "the even `NUMBER` of values that a parameter takes in its range")
	return c
}

func runSensitivity(h Host, c *cobra.Command, o *sensitivityOptions) error {
	if o.targets.none() {
		return errNothingStruck()
	}
	v, err := o.variables()
	if err != nil {
		return err
	}
	if len(o.vary) > 0 {
		if v["parameters"], err = ranges(o.vary); err != nil {
			return err
		}
	}
	v["trajectories"], v["levels"] = o.trajectories, o.levels
	q := question{document: sensitivityDocument, field: "sensitivity", variables: v, find: []finding{o.targets.into(v, "targets"), inQuestion(v, o.institution)}}
	return inquire(h, c, o.questionFlags, q, printSensitivity)
}

type factorVariable struct {
	Parameter string  `json:"parameter"`
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
}

// ranges reads NAME=LOW..HIGH.
func ranges(flags []string) ([]factorVariable, error) {
	var out []factorVariable
	for _, text := range flags {
		name, bounds, _ := strings.Cut(text, "=")
		low, high, ok := strings.Cut(bounds, "..")
		f := factorVariable{Parameter: name}
		var bad, worse error
		f.Low, bad = strconv.ParseFloat(low, 64)
		f.High, worse = strconv.ParseFloat(high, 64)
		if !ok || name == "" || bad != nil || worse != nil || f.Low-f.Low != 0 || f.High-f.High != 0 {
			return nil, usage.Error{Err: fmt.Errorf("--vary %s: want NAME=LOW..HIGH, such as solidarity=0.2..0.8", text)}
		}
		out = append(out, f)
	}
	return out, nil
}

type sensitivityAnswer struct {
	Targets             []nodeAnswer
	Institution         *nodeAnswer
	Given, OwnFractured amountAnswer
	ownAnswer
	Effects []struct {
		Parameter         string
		Low, High         float64
		Mu, MuStar, Sigma amountAnswer
	}
	Runs, Trajectories, Levels int
	Basis                      basisAnswer
}

func printSensitivity(w *page, a *sensitivityAnswer) error {
	what, beside, unit, factor := "institutions of the state fractured on average", a.beside(a.OwnFractured, "the targets'"), "institutions", 1.0
	if a.Institution != nil {
		what, beside, unit, factor = "probability that "+a.Institution.Name+" fractures", "", "percentage points", 100
	}
	fmt.Fprintf(w, "Purge of %s as of %s\n%s, with the parameters as given: %s%s\n\n", a.Basis.Missing.struck(a.Targets), a.Basis.AsOf, what, a.Given.of(a.Institution == nil), beside)
	size := func(v float64) string { return fmt.Sprintf("%.2f", factor*v) }
	sign := func(v float64) string { return fmt.Sprintf("%+.2f", factor*v) }
	t := newTable(w, called("PARAMETER"), figure("RANGE"), figure("EFFECT (95%)"), figure("MEAN (95%)"), figure("SPREAD (95%)"))
	for _, e := range a.Effects {
		t.row(e.Parameter, fmt.Sprintf("%g–%g", e.Low, e.High), e.MuStar.with(size), e.Mu.signed(sign), e.Sigma.with(size))
	}
	if err := t.print(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nEffects in %s, over the whole range: %d of each parameter, on %s, %s in the same worlds.\n",
		unit, a.Trajectories, many(a.Levels, "level"), many(a.Runs, "purge"))
	if a.Institution == nil {
		a.printOwn(w, "the targets'")
	}
	return a.Basis.print(w)
}
