package graph_test

import (
	"errors"
	"strings"
	"testing"

	"entangle/graph"
)

// TestCheck: what every store refuses, by the query it stands in.
func TestCheck(t *testing.T) {
	t.Parallel()
	nested := func(n int) graph.Cond { // of n levels
		c := cond(graph.Eq, "id", "x")
		for range n - 1 {
			c = join(graph.Not, c)
		}
		return c
	}
	beneath := graph.Cond{Op: graph.Some, Hop: &graph.Hop{Type: graph.MemberOf, Far: nested(graph.MaxDepth)}}
	onTie := graph.Cond{Op: graph.Some, Hop: &graph.Hop{Type: graph.MemberOf, Tie: graph.TieWhere{Cond: nested(graph.MaxDepth)}}}
	bad := cond(graph.Eq, "size", "1")
	for _, tt := range []struct {
		query interface{ Check() error }
		says  string // "" for a query that is fine
	}{
		{graph.NodeQuery{}, ""},
		{graph.NodeQuery{Kinds: []graph.Kind{graph.Person, graph.Source}, Order: graph.OrderName, Limit: 1, Where: nested(graph.MaxDepth)}, ""},
		{graph.NodeQuery{Kinds: []graph.Kind{graph.Person, 0}}, "Kind(0)"},
		{graph.NodeQuery{Order: graph.OrderName + 1}, "order 2"},
		{graph.NodeQuery{Limit: -1}, "limit -1"},
		{graph.NodeQuery{Where: bad}, `"size"`},
		{graph.NodeQuery{Where: nested(graph.MaxDepth + 1)}, "conditions nest 51 deep, at most 50"},
		{graph.NodeQuery{Where: beneath}, "conditions nest 51 deep"},
		{graph.NodeQuery{Where: onTie}, "conditions nest 51 deep"},
		{graph.TieQuery{}, ""},
		{graph.TieQuery{Types: []graph.TieType{graph.Holds}, Limit: 1, Where: graph.TieWhere{Cond: nested(graph.MaxDepth)}}, ""},
		{graph.TieQuery{Types: []graph.TieType{graph.Holds, 99}}, "TieType(99)"},
		{graph.TieQuery{Limit: -2}, "limit -2"},
		{graph.TieQuery{Where: graph.TieWhere{Cond: bad}}, `"size"`},
		{graph.TieQuery{Where: graph.TieWhere{Cond: nested(graph.MaxDepth + 1)}}, "conditions nest 51 deep"},
		{graph.AdjacentQuery{Type: graph.Holds, Limit: 1}, ""},
		{graph.AdjacentQuery{}, "TieType(0)"},
		{graph.AdjacentQuery{Type: graph.Holds, Limit: -3}, "limit -3"},
		{graph.AdjacentQuery{Type: graph.Holds, Where: graph.TieWhere{Cond: bad}}, `"size"`},
		{graph.AdjacentQuery{Type: graph.Holds, Far: bad}, `"size"`},
		{graph.SearchQuery{Text: "a", Kinds: []graph.Kind{graph.Person}, Limit: 1}, ""},
		{graph.SearchQuery{Kinds: []graph.Kind{99}}, "Kind(99)"},
		{graph.SearchQuery{Limit: -4}, "limit -4"},
	} {
		err := tt.query.Check()
		if tt.says == "" {
			if err != nil {
				t.Errorf("%+v: %v", tt.query, err)
			}
			continue
		}
		if !errors.Is(err, graph.ErrQuery) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%+v: %v, want ErrQuery that says %q", tt.query, err, tt.says)
		}
	}
}
