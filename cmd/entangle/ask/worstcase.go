package ask

import (
	_ "embed"
	"fmt"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
)

//go:embed worst-case.graphql
var worstCaseDocument string

type worstCaseOptions struct {
	questionFlags
	targets targetFlags
	reach   modelFlags
}

const worstCaseHelp = `Ask what the worst is that the loss of as many persons and groups as a purge strikes could
do to the network of persons, groups, posts and institutions. The answer is a reference
for a purge and not a forecast. Damage is measured by Borgatti's F, the share of pairs
that cannot reach each other. All sets of losses are compared if they are few; the answer
is exact then. Otherwise it is the worse of two heuristics: a search by F, and CoreHD,
which first removes the nodes with the most ties in the core of the network.

All ties count, whatever their direction and confidence.

EXAMPLES
  entangle worst-case --sample --as-of 2020-08-24 --group "Badr Organization"
  entangle worst-case --as-of 2020-08-24 --group "Kata'ib Hizballah" --json

EXIT STATUS
  0    answered, also where nothing of what was asked about is on record
  1    the store or a node could not be found, or the question failed
  2    the command was called wrongly
  130  stopped by a signal`

func worstCaseCommand(h Host) *cobra.Command {
	o := &worstCaseOptions{}
	c := &cobra.Command{
		Use: "worst-case", Short: "What is the worst that the loss of as many persons and groups could do?", Long: worstCaseHelp,
		Args: usage.NoArgs(": name what is struck with --group, --person or --post"),
		RunE: func(c *cobra.Command, _ []string) error { return runWorstCase(h, c, o) },
	}
	o.addQuestion(h, c)
	o.targets.add(c.Flags(), "", "")
	o.reach.add(c.Flags(), "", "")
	return c
}

func runWorstCase(h Host, c *cobra.Command, o *worstCaseOptions) error {
	if o.targets.none() {
		return errNothingStruck()
	}
	v := map[string]any{}
	if err := o.reach.put(v, "model"); err != nil {
		return err
	}
	q := question{document: worstCaseDocument, field: "worstCase", variables: v}
	q.find = []finding{o.targets.into(v, "targets")}
	return inquire(h, c, o.questionFlags, q, printWorstCase)
}

type worstCaseAnswer struct {
	Targets, Purged, Worst         []nodeAnswer
	Before, AfterPurge, AfterWorst networkAnswer
	Optimality                     string
	Basis                          basisAnswer
}

func printWorstCase(w *page, a *worstCaseAnswer) error {
	fmt.Fprintf(w, "Purge of %s as of %s: %s struck\n\n", a.Basis.Missing.struck(a.Targets), a.Basis.AsOf, many(len(a.Purged), "person or group"))
	if err := printNetwork(w, networkRow{"as it is", a.Before}, networkRow{"after the purge", a.AfterPurge}, networkRow{"after the worst", a.AfterWorst}); err != nil {
		return err
	}
	if len(a.Worst) > 0 {
		fmt.Fprintf(w, "\nThe worst found: %s\n", nodeNames(a.Worst))
	}
	switch {
	case len(a.Purged) == 0:
		fmt.Fprintln(w, "\nNobody is struck, so that nothing was lost.")
	case a.Optimality == "EXACT":
		fmt.Fprintln(w, "On the bare network, not the model of a purge: every set of as many was compared by F.")
	default:
		fmt.Fprintln(w, "A heuristic on the bare network, not the model of a purge: there may be worse.")
	}
	return a.Basis.print(w)
}
