package ask

import (
	_ "embed"
	"fmt"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/queries"
)

//go:embed attribution.graphql
var attributionDocument string

type attributionOptions struct {
	questionFlags
	drawFlags
	targets     targetFlags
	institution string
	threshold   float64
	first       int
}

const attributionHelp = `Ask how much of the damage of a purge is due to each of its targets. The damage is the
probability that the --institution fractures, or without one the number of institutions
of the state fractured: what some target holds itself is counted apart, in whatever set.

  SOLO      the damage if the target alone is purged
  LAST OUT  how much damage is avoided if the target alone is spared
  SHAPLEY   what the target adds on average over all orders; the values sum to the damage

The three differ where targets are redundant or only work together. With up to ten targets
every subset is purged, and the smallest sets that suffice are listed. With more targets
orders are drawn at random.

EXAMPLES
  entangle attribution --sample --as-of 2020-08-24 --group "Badr Organization" --group "Kata'ib Hizballah" --samples 512
  entangle attribution --as-of 2020-08-24 --group "Badr Organization" --person "Qasim al-Araji" --institution "Ministry of Interior" --json

EXIT STATUS
  0    answered, also where nothing of what was asked about is on record
  1    the store or a node could not be found, or the question failed
  2    the command was called wrongly
  130  stopped by a signal`

func attributionCommand(h Host) *cobra.Command {
	o := &attributionOptions{}
	c := &cobra.Command{
		Use: "attribution", Short: "How much of the damage is due to each target of a purge?", Long: attributionHelp,
		Args: usage.NoArgs(": name what is struck with --group, --person or --post"),
		RunE: func(c *cobra.Command, _ []string) error { return runAttribution(h, c, o) },
	}
	o.addQuestion(h, c)
	o.targets.add(c.Flags(), "", "")
	o.add(c.Flags(), queries.DefaultSamples)
	c.Flags().StringVar(&o.institution, "institution", "", "attribute the fracture of this institution, by `NAME` or id, and not the number fractured")
	c.Flags().Float64Var(&o.threshold, "threshold", queries.DefaultSufficient, "a set of targets suffices if it fractures the institution with at least this `PROBABILITY`")
	c.Flags().IntVar(&o.first, "first", queries.DefaultFirst, "list sets for this `NUMBER` of institutions")
	return c
}

func runAttribution(h Host, c *cobra.Command, o *attributionOptions) error {
	if o.targets.none() {
		return errNothingStruck()
	}
	v, err := o.variables()
	if err != nil {
		return err
	}
	v["threshold"], v["first"] = o.threshold, o.first
	q := question{document: attributionDocument, field: "attribution", variables: v, find: []finding{o.targets.into(v, "targets"), inQuestion(v, o.institution)}}
	return inquire(h, c, o.questionFlags, q, printAttribution)
}

type attributionAnswer struct {
	Institution         *nodeAnswer
	Whole, OwnFractured amountAnswer
	ownAnswer
	Shares []struct {
		Target                 nodeAnswer
		Solo, LastOut, Shapley amountAnswer
	}
	Subsets                 bool
	Orders, SufficientCount int
	Threshold               float64
	FreshSeed               string
	Sufficient              []struct {
		Institution nodeAnswer
		Own         bool
		Fractured   estimateAnswer
		SetCount    int
		Sets        []struct {
			Targets   []nodeAnswer
			Fractured estimateAnswer
			Close     bool
		}
	}
	Basis basisAnswer
}

func printAttribution(w *page, a *attributionAnswer) error {
	number := a.Institution == nil
	what, beside := "institutions of the state fractured on average", a.beside(a.OwnFractured, "the targets'")
	if !number {
		what, beside = "probability that "+a.Institution.Name+" fractures", ""
	}
	fmt.Fprintf(w, "Purge of %s as of %s\n%s: %s%s\n\n", many(len(a.Shares), "target"), a.Basis.AsOf, what, a.Whole.of(number), beside)
	t := newTable(w, called("TARGET"), figure("SHAPLEY (95%)"), figure("SOLO (95%)"), figure("LAST OUT (95%)"))
	for _, s := range a.Shares {
		t.row(s.Target.Name, s.Shapley.of(number), s.Solo.of(number), s.LastOut.of(number))
	}
	if err := t.print(); err != nil {
		return err
	}
	if a.Subsets {
		a.sets(w)
	} else {
		fmt.Fprintf(w, "\n%s of the targets %s drawn; sets that suffice are looked for up to %s.\n",
			many(a.Orders, "order"), agree(a.Orders, "was", "were"), many(queries.MaxSubsets, "target"))
	}
	if number {
		a.printOwn(w, "some target's")
	}
	return a.Basis.print(w)
}

func (a *attributionAnswer) sets(w *page) {
	fmt.Fprintf(w, "\nSmallest sets that fracture an institution with %s or more:\n", percent(a.Threshold))
	if len(a.Sufficient) == 0 {
		fmt.Fprintln(w, "  none, not even all targets together")
	}
	for _, s := range a.Sufficient {
		own := ""
		if s.Own {
			own = ", some target's own"
		}
		fmt.Fprintf(w, "  %s (all together %s%s)\n", s.Institution.Name, s.Fractured.within(), own)
		for _, set := range s.Sets {
			doubt := ""
			if set.Close {
				doubt = ", too close to call"
			}
			fmt.Fprintf(w, "    %s: %s%s\n", nodeNames(set.Targets), set.Fractured.with(), doubt)
		}
	}
	if more := a.SufficientCount - len(a.Sufficient); more > 0 {
		fmt.Fprintf(w, "  … and %s (--first)\n", many(more, "more institution"))
	}
	if a.FreshSeed != "0" {
		fmt.Fprintf(w, "Sets were chosen in the worlds below and judged in as many of seed %s.\n", a.FreshSeed)
	}
}
