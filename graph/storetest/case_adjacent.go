package storetest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

// TestAdjacentPages: pages of every size and direction hold a node's ties once,
// ordered by first possible start and id, and say whether more follow.
func (suite) TestAdjacentPages(t *testing.T, c *Case) {
	m := fixture(t, c)
	crowd := graph.Batch{}
	for _, span := range []string{"2001", "", "2001", "../2003", "1999-05/..", "1999", "201X", "Y-12000", "2001-01-01/2001-01-01"} {
		tie := claim(graph.AlliedWith, "g-dune", "g-reed", span, func(t *graph.Tie) { t.Note = "n" })
		tie.ID = graph.ID("crowd-" + span + "-" + string(rune('z'-len(crowd.Ties))))
		if len(crowd.Ties)%2 == 1 {
			tie.From, tie.To = tie.To, "g-youth"
		}
		crowd.Ties = append(crowd.Ties, tie)
	}
	mustApply(t, c.Store, crowd)
	mustApply(t, m, crowd)
	v, ref := mustView(t, c.Store, graph.Amber), mustView(t, m, graph.Amber)
	for _, row := range graph.TieTypes() {
		for _, dir := range []graph.Dir{graph.Out, graph.Back} {
			for _, n := range append(ids(Fixture().Nodes, nodeID), "nobody") {
				q := graph.AdjacentQuery{Nodes: []graph.ID{n}, Type: row.Type, Dir: dir}
				want := must[map[graph.ID]graph.AdjacentPage](t)(ref.Adjacent(t.Context(), q))[n].Ties
				for size := 1; size <= len(want)+1; size++ {
					if got := adjacentPages(t, v, q, size); !slices.Equal(got, ids(want, tieID)) {
						t.Fatalf("%s %s %d in pages of %d:\n got %q\nwant %q", n, row.Name, dir, size, got, ids(want, tieID))
					}
				}
			}
		}
	}
}

func adjacentPages(t *testing.T, v graph.Reader, q graph.AdjacentQuery, size int) []graph.ID {
	t.Helper()
	q.Limit = size
	var all []graph.ID
	for range 1000 {
		page := must[map[graph.ID]graph.AdjacentPage](t)(v.Adjacent(t.Context(), q))[q.Nodes[0]]
		if len(page.Ties) > size || page.More && len(page.Ties) < size {
			t.Fatalf("a page of %d has %d ties, more %t", size, len(page.Ties), page.More)
		}
		all = append(all, ids(page.Ties, tieID)...)
		if !page.More {
			return all
		}
		cursor := cursorOf(page.Ties[len(page.Ties)-1])
		q.After = &cursor
	}
	t.Fatal("the pages do not end")
	return nil
}

// TestAdjacentMany: one call answers for many nodes, each with a limit of its
// own; nodes without ties, unknown and repeated ones do no harm.
func (suite) TestAdjacentMany(t *testing.T, c *Case) {
	m := fixture(t, c)
	asked := append(ids(Fixture().Nodes, nodeID), "nobody", "", "g-reed", "g-reed")
	for _, clearance := range []graph.Marking{graph.Clear, graph.Red} {
		v, ref := mustView(t, c.Store, clearance), mustView(t, m, clearance)
		for _, row := range graph.TieTypes() {
			for _, limit := range []int{0, 1, 2} {
				for _, dir := range []graph.Dir{graph.Out, graph.Back} {
					compareAdjacent(t, v, ref, graph.AdjacentQuery{Nodes: asked, Type: row.Type, Dir: dir, Limit: limit})
				}
			}
		}
		none := must[map[graph.ID]graph.AdjacentPage](t)(v.Adjacent(t.Context(), graph.AdjacentQuery{Type: graph.Holds}))
		if len(none) != 0 {
			t.Errorf("no nodes asked for gave %v", none)
		}
	}
}

// TestAdjacentSymmetric: a symmetric tie is found from both ends, whatever the
// direction and whichever way it was written.
func (suite) TestAdjacentSymmetric(t *testing.T, c *Case) {
	fixture(t, c)
	v := mustView(t, c.Store, graph.Red)
	for _, dir := range []graph.Dir{graph.Out, graph.Back} {
		pages := must[map[graph.ID]graph.AdjacentPage](t)(v.Adjacent(t.Context(), graph.AdjacentQuery{Nodes: []graph.ID{"p-mira", "p-adan"}, Type: graph.KinOf, Dir: dir}))
		if len(pages["p-mira"].Ties) != 1 || cmp.Diff(pages["p-mira"], pages["p-adan"]) != "" {
			t.Errorf("direction %d: %+v", dir, pages)
		}
	}
}

// TestAdjacentTime compares every as-of day, gap policy and period with
// Span.Bounds and GapPolicy.Holds.
func (suite) TestAdjacentTime(t *testing.T, c *Case) {
	m := fixture(t, c)
	v, ref := mustView(t, c.Store, graph.Red), mustView(t, m, graph.Red)
	days := []graph.Day{
		graph.MinDay, graph.DayOf(1899, 1, 1), graph.MaxDay,
		// The first and last days of dates in the drawing, and the days beside them.
		graph.DayOf(2010, 6, 12), graph.DayOf(2010, 6, 13), graph.DayOf(2014, 9, 30), graph.DayOf(2014, 10, 1), graph.DayOf(2006, 2, 28), graph.DayOf(2006, 3, 1),
		graph.DayOf(2009, 1, 14), graph.DayOf(2009, 1, 15), graph.DayOf(2009, 3, 1), graph.DayOf(2012, 12, 31), graph.DayOf(2011, 6, 30), graph.DayOf(2011, 7, 1),
	}
	for year := 1999; year <= 2017; year++ {
		for _, md := range [][2]int{{1, 1}, {6, 30}} {
			days = append(days, graph.DayOf(year, md[0], md[1]))
		}
	}
	gaps := []graph.GapPolicy{{}, {Mode: graph.Strict}, {Mode: graph.Extend}, {Mode: graph.Extend, Days: 200}, {Mode: graph.Extend, Days: 100_000}}
	for i, day := range days {
		for _, gap := range gaps {
			compareTies(t, v, ref, graph.TieQuery{Where: graph.TieWhere{AsOf: &graph.AsOf{Day: day, Gap: gap}}})
		}
		for _, until := range []graph.Day{day, days[(i*7)%len(days)]} {
			compareTies(t, v, ref, graph.TieQuery{Where: graph.TieWhere{During: &[2]graph.Day{day, until}}})
		}
	}
}
