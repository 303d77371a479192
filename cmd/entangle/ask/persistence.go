package ask

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/spf13/cobra"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/queries"
)

const persistenceHelp = `How long the holders of posts stay: the half-lives of tenures that the store's own
record gives, beside those of the frozen table by which tenures fade.

A half-life is the median of Kaplan and Meier over all tenures with a known start;
one without a known end is known to last until its last evidence. Nothing uses the
store's own: give a question what you want of it as --half-life HOLDS:TYPE=YEARS.

EXAMPLES
  entangle persistence --sample --as-of 2020-08-24
  entangle persistence --store entangle.db --as-of 2020-08-24 --json

EXIT STATUS
  0  printed
  1  the store could not be used
  2  the command was called wrongly`

// PersistenceCommand returns the command that prints how long tenures last in a store.
func PersistenceCommand(h Host) *cobra.Command {
	var asOf, clearance string
	var asJSON, wide bool
	c := &cobra.Command{
		Use: "persistence", Short: "How long do the holders of posts stay, in the store and in the frozen table?", Long: persistenceHelp,
		Args: usage.NoArgs("; the store is named by --store"),
	}
	store := h.AddStore(c.Flags())
	c.Flags().StringVar(&asOf, "as-of", "", "the `DATE` up to which tenures are looked at, such as 2020-08-24 (needed)")
	c.Flags().StringVar(&clearance, "clearance", "red", "the strictest `TLP` marking to read: clear, green, amber, amber+strict, red")
	c.Flags().BoolVar(&wide, "wide", false, "do not limit the width of lines")
	c.Flags().BoolVar(&asJSON, "json", false, "print the rows as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if asOf == "" {
			return usage.Error{Err: errors.New("--as-of is needed: the date up to which tenures are looked at, such as 2020-08-24")}
		}
		day, err := graph.ParseDay(asOf)
		if err != nil {
			return usage.Error{Err: fmt.Errorf("--as-of: %w", err)}
		}
		return store(c.Context(), clearance, func(ctx context.Context, s graph.Store, clearance graph.Marking) error {
			v, err := s.View(ctx, clearance)
			if err != nil {
				return err
			}
			p, err := queries.PersistenceOf(ctx, v, day)
			if err := errors.Join(err, v.Close()); err != nil {
				return err
			}
			if asJSON {
				return printPersistenceJSON(h, p)
			}
			return printPersistence(&page{w: h.Stdout, wide: wide}, p)
		})
	}
	return c
}

func printPersistence(w *page, p *queries.Persistence) error {
	fmt.Fprintf(w, "Half-lives of tenures by %s, in years\n\n", p.Until)
	t := newTable(w, called("TYPE OF POST"), figure("HERE"), figure("95%"), figure("TENURES"), figure("ENDED"), figure("TABLE"), figure("95%"))
	for _, row := range p.Posts {
		table, bounds := "as all", ""
		if row.Frozen != nil {
			table, bounds = years(row.Frozen.Years), between(row.Frozen.Low, row.Frozen.High)
		}
		name := row.Post
		if name == "" {
			name = "all posts"
		}
		t.row(name, years(row.Years), between(row.Low, row.High), strconv.Itoa(row.Held), strconv.Itoa(row.Ended), table, bounds)
	}
	if err := t.print(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\n–: fewer than half of them ended\n%s without a known start\nTable: %s\n", many(p.Unstarted, "claim")+agree(p.Unstarted, " was", " were")+" left out,", graph.TenureData)
	_, err := fmt.Fprintln(w, "Tenures fade by the table, not by what stands here, unless a question is given --half-life.")
	return err
}

// years writes a half-life, a dash for what no half ended of.
func years(v float64) string {
	if math.IsInf(v, 1) {
		return "–"
	}
	return fmt.Sprintf("%.2f", v)
}

// between writes an interval, which may have no upper end.
func between(low, high float64) string {
	switch {
	case math.IsInf(low, 1):
		return "–"
	case math.IsInf(high, 1):
		return years(low) + " or more"
	}
	return years(low) + "–" + years(high)
}

func printPersistenceJSON(h Host, p *queries.Persistence) error {
	number := func(v float64) *float64 {
		if math.IsInf(v, 1) {
			return nil
		}
		return &v
	}
	of := func(t graph.Tenures) map[string]any {
		return map[string]any{"years": number(t.Years), "low": number(t.Low), "high": number(t.High), "tenures": t.Held, "ended": t.Ended}
	}
	rows := make([]map[string]any, len(p.Posts))
	for i, row := range p.Posts {
		rows[i] = of(row.Tenures)
		rows[i]["post"], rows[i]["table"] = row.Post, nil
		if row.Frozen != nil {
			rows[i]["table"] = of(*row.Frozen)
		}
	}
	raw, err := json.Marshal(map[string]any{"asOf": p.Until.String(), "unstarted": p.Unstarted, "data": graph.TenureData, "posts": rows})
	if err != nil {
		return err
	}
	return printJSON(h.Stdout, raw)
}
