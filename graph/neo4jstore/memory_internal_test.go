package neo4jstore

import (
	"testing"

	"entangle/graph"
)

// TestGenerationsForget: what is asked for stays, what is not goes, and the size
// is bounded.
func TestGenerationsForget(t *testing.T) {
	g := generations[int, int]{limit: 100, weigh: func(int) int { return 1 }}
	for i := range 10_000 {
		g.put(i, i*i)
		if v, ok := g.get(0); !ok || v != 0 {
			t.Fatalf("0 is %d, %v after %d", v, ok, i)
		}
		if n := len(g.young) + len(g.old); n > 101 {
			t.Fatalf("%d are kept", n)
		}
	}
	if _, ok := g.get(5_000); ok {
		t.Error("5000 was not forgotten")
	}
	if v, ok := g.get(9_999); !ok || v != 9_999*9_999 {
		t.Error("the last was forgotten")
	}
	full := generations[int, int]{limit: 10, weigh: func(int) int { return 1 }}
	for i := range 5 {
		full.put(i, i)
	}
	if len(full.young) != 5 || len(full.old) != 0 {
		t.Errorf("half of the room holds %d, and %d are old", len(full.young), len(full.old))
	}
	full.put(5, 5)
	if len(full.young) != 1 || len(full.old) != 5 {
		t.Errorf("one more than half of the room: %d are young, %d old", len(full.young), len(full.old))
	}
	one := generations[int, []int]{limit: 10, weigh: func(v []int) int { return len(v) }}
	one.put(1, make([]int, 1_000)) // more than there is room for
	if _, ok := one.get(1); !ok {
		t.Error("what is larger than the limit is not kept for the moment")
	}
}

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
