package memory_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/memory"
)

// TestPages: the pages of several nodes come to the places of those who asked, those that
// are not kept are named, and what is kept of one query is not given for another.
func TestPages(t *testing.T) {
	t.Parallel()
	page := func(id graph.ID) graph.AdjacentPage { return graph.AdjacentPage{Ties: []graph.Tie{{ID: id}}} }
	m := memory.New(100)
	m.KeepPage("a", "q", page("1"))
	m.KeepPage("b", "q", page("2"))
	m.KeepPage("c", "r", page("3"))
	pages := make([]graph.AdjacentPage, 5)
	missing := m.Pages([]graph.ID{"b", "c", "a", "d", "b"}, "q", pages)
	if diff := cmp.Diff([]int{1, 3}, missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]graph.AdjacentPage{page("2"), {}, page("1"), {}, page("2")}, pages); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}

// TestManyQueries: in however many ways nodes are asked about, none is given the answer of
// another, and the last is kept.
func TestManyQueries(t *testing.T) {
	t.Parallel()
	m := memory.New(1_000_000)
	for i := range 10_000 {
		what, id := "q"+strconv.Itoa(i), graph.ID(strconv.Itoa(i))
		if p, ok := m.Page("a", what); ok {
			t.Fatalf("%s was never kept: %v", what, p)
		}
		m.KeepPage("a", what, graph.AdjacentPage{Ties: []graph.Tie{{ID: id}}})
		m.KeepNode(&graph.Node{ID: "a", Load: id}, what)
		p, ok := m.Page("a", what)
		n, found := m.Node("a", what)
		if !ok || !found || p.Ties[0].ID != id || n.Load != id {
			t.Fatalf("%s: %v, %t, %v, %t", what, p, ok, n, found)
		}
	}
}
