package ask

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
)

func errNoRuns() error {
	return usage.Error{Err: errors.New("this store keeps no runs: give the address of a Neo4j by --store")}
}

// keepIn has the answer kept as a run. All institutions are asked for; of --institution
// only those.
func (o *purgeOptions) keepIn(h Host, q *question) error {
	if err := graph.CheckRun(o.writeBack); err != nil {
		return usage.Error{Err: fmt.Errorf("--write-back: %w", err)}
	}
	v := q.variables
	if len(o.institutions) == 0 {
		q.find = append(q.find, func(ctx context.Context, r graph.Reader) error {
			n, err := r.CountNodes(ctx, graph.NodeQuery{Kinds: []graph.Kind{graph.Institution}})
			v["first"] = max(n, 1)
			return err
		})
	}
	q.keep = func(ctx context.Context, s graph.Annotated, raw json.RawMessage) error {
		run, marks, err := runOf(o.writeBack, raw)
		if err != nil {
			return err
		}
		if err := s.WriteRun(ctx, run, marks); err != nil {
			return fmt.Errorf("--write-back %s: %w", o.writeBack, err)
		}
		_, err = fmt.Fprintf(h.Stderr, "kept in the database: what run %s says of %s\n", run.Name, many(len(marks), "institution"))
		return err
	}
	return nil
}

// runOf reads what is kept of the answer of a purge.
func runOf(name string, raw json.RawMessage) (run graph.Run, marks []graph.Mark, err error) {
	var answer struct {
		purgeAnswer
		Basis struct {
			basisAnswer
			DataVersion string
			HalfLives   halfLives
		}
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return run, nil, err
	}
	targets := make([]string, len(answer.Targets))
	for i, t := range answer.Targets {
		targets[i] = t.Key
	}
	b := answer.Basis
	run = graph.Run{Name: name, Of: graph.Version(b.DataVersion), About: map[string]any{
		"question": "purge", "targets": targets, "asOf": b.AsOf, "gap": b.Gap, "minConfidence": b.MinConfidence, "evidenceUntil": b.EvidenceUntil, "halfLives": b.HalfLives.differing(),
		"method": b.Method, "samples": b.Samples, "seed": b.Seed, "generator": b.Generator, "dataVersion": b.DataVersion,
		"conditional": b.Conditional,
	}}
	for _, out := range answer.Institutions {
		if !out.NoData {
			marks = append(marks, graph.Mark{Node: graph.ID(out.Institution.Key), P: out.Fractured.P, Low: out.Fractured.Low, High: out.Fractured.High, Own: out.Own})
		}
	}
	return run, marks, nil
}

const runsHelp = `List the answers that entangle purge --write-back keeps in a Neo4j, or remove one.

Each run is a node (:x_Run), and each institution that it says something of has
the properties x_RUN_fractured, x_RUN_low and x_RUN_high; x_RUN_own marks the target's
own. entangle never reads them: no answer, load or copy depends on them. --remove takes
all of a run away in one transaction.

EXAMPLES
  entangle runs --store bolt://localhost:7687
  entangle runs --store bolt://localhost:7687 --remove badr

EXIT STATUS
  0  listed, or removed
  1  the store could not be used
  2  the command was called wrongly`

// RunsCommand returns the command that lists and removes what is kept beside the data.
func RunsCommand(h Host) *cobra.Command {
	var remove string
	var asJSON, wide bool
	c := &cobra.Command{
		Use: "runs", Short: "List or remove the answers that are kept in a Neo4j", Long: runsHelp, Args: usage.NoArgs("; the store is named by --store"),
	}
	store := h.AddStore(c.Flags())
	c.Flags().StringVar(&remove, "remove", "", "remove the `RUN` of this name")
	c.Flags().BoolVar(&wide, "wide", false, "do not limit the width of lines")
	c.Flags().BoolVar(&asJSON, "json", false, "print the runs as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if err := graph.CheckRun(remove); c.Flags().Changed("remove") && err != nil {
			return usage.Error{Err: fmt.Errorf("--remove: %w", err)}
		}
		return store(c.Context(), graph.Red.String(), func(ctx context.Context, s graph.Store, _ graph.Marking) error {
			beside, ok := s.(graph.Annotated)
			switch {
			case !ok:
				return errNoRuns()
			case remove != "":
				n, err := beside.RemoveRun(ctx, remove)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(h.Stdout, "removed: what run %s said of %s\n", remove, many(n, "node"))
				return err
			}
			runs, err := beside.Runs(ctx)
			switch {
			case err != nil:
				return err
			case asJSON:
				return printRunsJSON(h, runs)
			}
			return printRuns(&page{w: h.Stdout, wide: wide}, runs)
		})
	}
	return c
}

func printRunsJSON(h Host, runs []graph.Run) error {
	out := make([]map[string]any, len(runs))
	for i, run := range runs {
		out[i] = maps.Clone(run.About)
		out[i]["name"] = run.Name
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return printJSON(h.Stdout, raw)
}

func printRuns(p *page, runs []graph.Run) error {
	if len(runs) == 0 {
		_, err := fmt.Fprintln(p, "no runs")
		return err
	}
	t := newTable(p, figure("RUN"), figure("MARKS"), figure("AS OF"), figure("SEED"), called("TARGETS"))
	for _, run := range runs {
		t.row(printable(run.Name), said(run, "marks"), said(run, "asOf"), said(run, "seed"), said(run, "targets"))
	}
	return t.print()
}

// said is what a run says of itself, which anyone may have changed.
func said(run graph.Run, name string) string {
	v, ok := run.About[name]
	if !ok {
		return ""
	}
	list, ok := v.([]any)
	if !ok {
		return printable(fmt.Sprint(v))
	}
	words := make([]string, len(list))
	for i, word := range list {
		words[i] = fmt.Sprint(word)
	}
	return printable(strings.Join(words, ", "))
}
