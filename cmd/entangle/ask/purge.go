package ask

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
	"entangle/schema"
)

type purgeOptions struct {
	questionFlags
	drawFlags
	targets            targetFlags
	institutions       []string
	explain, first     int
	explainSet         bool
	verbose, distances bool
	network            bool
	writeBack          string
	// named are the institutions that were asked for.
	named []graph.Node
}

const purgeHelp = `Ask which institutions a purge would fracture. The table lists the institutions that
the purge touches, the likeliest to fracture first. What the targets hold themselves is
counted apart from what breaks of the state and comes last; see "Own and collateral" in
docs/model.md. Below the table one simulated world shows for each institution how it
fractures: which supports fall, through whose loss, by which ties and sources. --wide
prints every class and support with its interval, --network also measures of the bare
network before and after.

Name targets by key, alias or whole name; --group, --person and --post may be repeated
and mixed. The answer is conditional on the model in docs/model.md and on its parameters.
Intervals cover sampling error only. The same store, question and seed give the same
answer to the last byte.

--requirements FILE gives the shares of supports that institutions need. Its columns are
support (STAFF, COMMAND, FORCE, FUNDING, PROVISION), need and floor; a column type or
institution restricts a row. A row for the institution comes before a row for the first
of its types that has one, and that before a row for all. The defaults are in
docs/model.md.

--write-back RUN also keeps the answer in the Neo4j that it was asked of: each institution
that the purge touches and that has data gets x_RUN_fractured, x_RUN_low and x_RUN_high,
the target's own x_RUN_own. entangle runs lists what is kept so and removes it. See
docs/cypher.md.

EXAMPLES
  entangle purge --sample --group "Badr Organization" --as-of 2020-08-24
  entangle purge --sample --group "Kata'ib Hizballah" --institution "Security of the International Zone" --as-of 2020-08-24
  entangle purge --sample --group group/badr-organization --as-of 2020-08-24 --model '{"rally":false}' --json
  entangle purge --group "Badr Organization" --as-of 2020-08-24 --requirements own.csv
  entangle purge --group "Kata'ib Hizballah" --group "Asa'ib Ahl al-Haq" --as-of 2020-08-24 --samples 20000
  entangle purge --store bolt://localhost:7687 --group "Badr Organization" --as-of 2020-08-24 --write-back badr

EXIT STATUS
  0    answered, also where nothing of what was asked about is on record
  1    the store or a node could not be found, or the question failed
  2    the command was called wrongly
  130  stopped by a signal`

func purgeCommand(h Host) *cobra.Command {
	o := &purgeOptions{}
	c := &cobra.Command{
		Use: "purge", Short: "Which institutions would a purge fracture?", Long: purgeHelp,
		Args: usage.NoArgs(": name what is struck with --group, --person or --post"),
		RunE: func(c *cobra.Command, _ []string) error {
			o.explainSet = c.Flags().Changed("explain")
			return runPurge(h, c, o)
		},
	}
	o.addQuestion(h, c)
	f := c.Flags()
	o.targets.add(f, "", "")
	f.StringArrayVar(&o.institutions, "institution", nil, "list only this institution, by `NAME` or id, with all reasons; may be repeated")
	o.add(f, queries.DefaultSamples)
	f.IntVar(&o.explain, "explain", queries.DefaultExplain, "show reasons for this `NUMBER` of institutions, the worst first, up to 100; without this flag every named --institution has reasons")
	f.IntVar(&o.first, "first", queries.DefaultFirst, "how many institutions are listed: a `NUMBER`")
	f.BoolVar(&o.distances, "distances", false, "compute DF of the bare network also where the network is large")
	f.BoolVar(&o.network, "network", false, "also print Borgatti's F and DF of the bare network before and after the purge")
	f.StringVar(&o.writeBack, "write-back", "", "keep the answer in the Neo4j that it was asked of, as the `RUN` of this name: a small letter, then small letters and digits")
	leaveOut(f, "write-back")
	f.BoolVar(&o.verbose, "verbose", false, "show all reasons that were found, not only the two heaviest for each support")
	return c
}

const maxExplain = 100

// arguments are those of the field, before names are resolved to nodes.
func (o *purgeOptions) arguments() (map[string]any, error) {
	v, err := o.variables()
	if err != nil {
		return nil, err
	}
	switch {
	case o.first < 0:
		return nil, usage.Error{Err: fmt.Errorf("--first %d: a number of institutions is 0 or more", o.first)}
	case o.explain < 0 || o.explain > maxExplain:
		return nil, usage.Error{Err: fmt.Errorf("--explain %d: outside 0 to %d", o.explain, maxExplain)}
	}
	v["first"], v["explain"], v["distances"] = o.first, o.explain, o.distances
	if !o.json {
		v["network"] = o.network || o.distances
		// The targets' own come last: what is listed is chosen among all.
		v["first"] = schema.DefaultMaxPage
		if o.explain > 0 {
			v["explain"] = maxExplain
		}
	}
	if len(o.institutions) > 0 && !o.explainSet {
		v["explain"] = maxExplain
	}
	if o.whole() {
		v["failed"], v["causes"] = len(worlds.Supports()), 100
	}
	return v, nil
}

// whole reports whether all reasons are shown.
func (o *purgeOptions) whole() bool { return o.verbose || len(o.institutions) > 0 }

func runPurge(h Host, c *cobra.Command, o *purgeOptions) error {
	if o.targets.none() {
		return errNothingStruck()
	}
	v, err := o.arguments()
	if err != nil {
		return err
	}
	q := question{document: schema.PurgeDocument, field: "purge", variables: v}
	q.find = []finding{o.targets.into(v, "targets"), func(ctx context.Context, r graph.Reader) (err error) {
		if o.named, err = resolve(ctx, r, flagOf("", graph.Institution), graph.Institution, o.institutions); len(o.named) > 0 {
			v["of"], v["first"] = keys(o.named), len(o.named)
		}
		return err
	}}
	if o.writeBack != "" {
		if err := o.keepIn(h, &q); err != nil {
			return err
		}
	}
	return inquire(h, c, o.questionFlags, q, func(w *page, answer *purgeAnswer) error {
		p := &purgePrinter{w: w, causes: 2, named: o.named, first: o.first, explained: o.explain}
		if o.whole() {
			p.causes = 0
		}
		if len(o.named) > 0 {
			p.first = len(o.named)
			if !o.explainSet {
				p.explained = maxExplain
			}
		}
		return p.print(answer)
	})
}
