package neo4jstore

import (
	"testing"

	"entangle/graph"
)

// TestPagesAreToldApart: a page is kept under everything that chose its ties.
func TestPagesAreToldApart(t *testing.T) {
	day := graph.DayOf(2020, 1, 1)
	queries := []graph.AdjacentQuery{
		{Type: graph.Holds},
		{Type: graph.MemberOf},
		{Type: graph.Holds, Dir: graph.Back},
		{Type: graph.Holds, Limit: 1},
		{Type: graph.Holds, Limit: 11},
		{Type: graph.Holds, Where: graph.TieWhere{MinConfidence: 0.5}},
		{Type: graph.Holds, Where: graph.TieWhere{Statuses: []graph.Status{graph.Rejected}}},
		{Type: graph.Holds, Where: graph.TieWhere{Statuses: []graph.Status{graph.Conflict, graph.Rejected}}},
		{Type: graph.Holds, Where: graph.TieWhere{AsOf: &graph.AsOf{Day: day}}},
		{Type: graph.Holds, Where: graph.TieWhere{AsOf: &graph.AsOf{Day: day + 1}}},
		{Type: graph.Holds, Where: graph.TieWhere{AsOf: &graph.AsOf{Day: day, Gap: graph.GapPolicy{Mode: graph.Strict}}}},
		{Type: graph.Holds, Where: graph.TieWhere{AsOf: &graph.AsOf{Day: day, Gap: graph.GapPolicy{Mode: graph.Extend, Days: 30}}}},
		{Type: graph.Holds, Where: graph.TieWhere{During: &[2]graph.Day{day, day + 1}}},
		{Type: graph.Holds, Where: graph.TieWhere{During: &[2]graph.Day{day, day + 2}}},
		{Type: graph.Holds, Want: &graph.Want{}},
		{Type: graph.Holds, Want: &graph.Want{Node: graph.FieldsOf(false, "name")}},
		{Type: graph.Holds, Want: &graph.Want{Tie: graph.FieldsOf(true, "note")}},
		{Type: graph.Holds, Want: &graph.Want{Tie: graph.FieldsOf(true, "note", "span"), Node: graph.FieldsOf(false, "name", "title")}},
	}
	seen := map[string]int{}
	for i, q := range queries {
		q.Nodes = []graph.ID{"x"} // does not matter
		what, ok := pageOf(q)
		if other, twice := seen[what]; !ok || twice {
			t.Errorf("%d: %q, %v, the same as %d", i, what, ok, other)
		}
		seen[what] = i
	}
	cond := graph.Cond{Op: graph.Eq, Field: "id", Values: []string{"a"}}
	for _, q := range []graph.AdjacentQuery{
		{Type: graph.Holds, Far: cond}, {Type: graph.Holds, Where: graph.TieWhere{Cond: cond}}, {Type: graph.Holds, After: &graph.TieCursor{}},
	} {
		if what, ok := pageOf(q); ok {
			t.Errorf("%+v is kept as %q", q, what)
		}
	}
}
