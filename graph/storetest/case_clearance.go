package storetest

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"entangle/graph"
)

var clearances = []graph.Marking{graph.Clear, graph.Green, graph.Amber, graph.AmberStrict, graph.Red}

// TestClearanceFixture asks the drawn graph everything under every clearance.
func (suite) TestClearanceFixture(t *testing.T, c *Case) {
	m := fixture(t, c)
	for _, clearance := range clearances {
		v := mustView(t, c.Store, clearance)
		compareAnswers(t, interview(t.Context(), v, m), interview(t.Context(), mustView(t, m, clearance), m))
	}
}

// TestClearanceIsAbsence: what a view may not see cannot be told from what was
// never loaded. Every read under a clearance equals the same read of a store
// that was given only what the clearance may see.
func (suite) TestClearanceIsAbsence(t *testing.T, c *Case) {
	for seed := range 2 {
		full := rapid.Custom(wholeBatch).Example(100 + seed)
		late := graph.Batch{Load: graph.Load{ID: "load-late", Dataset: "late"}, Nodes: []graph.Node{full.Nodes[seed], full.Nodes[seed+7]}}
		for i := range late.Nodes { // a marking that comes later hides the ties there are
			late.Nodes[i].Marking = graph.Amber
		}
		m := modelOf(t, full, late)
		for _, clearance := range clearances {
			s := c.Fresh(t)
			mustApply(t, s, full)
			mustApply(t, s, late)
			got := interview(t.Context(), mustView(t, s, clearance), m)
			s = c.Fresh(t)
			for _, part := range visible(t, m, clearance) {
				mustApply(t, s, part)
			}
			want := interview(t.Context(), mustView(t, s, graph.Red), m)
			t.Run(fmt.Sprintf("seed%d %s", seed, clearance), func(t *testing.T) { compareAnswers(t, got, want) })
		}
	}
}

// visible returns what a clearance may see of a model as batches, one for each
// load: the nodes of all loads come first.
func visible(t *testing.T, m *Model, clearance graph.Marking) []graph.Batch {
	t.Helper()
	v := mustView(t, m, clearance)
	loads := must[[]graph.Load](t)(v.Loads(t.Context()))
	nodes := must[[]graph.Node](t)(collect(v.Nodes(t.Context(), graph.NodeQuery{})))
	ties := must[[]graph.Tie](t)(collect(v.Ties(t.Context(), graph.TieQuery{Where: all})))
	// Sources first: the other nodes cite them.
	batches := make([]graph.Batch, 0, 3*len(loads))
	for pass := range 3 {
		for _, l := range loads {
			b := graph.Batch{Load: l}
			for _, n := range nodes {
				if n.Load == l.ID && (pass == 0) == (n.Kind == graph.Source) && pass < 2 {
					b.Nodes = append(b.Nodes, n)
				}
			}
			for _, tie := range ties {
				if tie.Load == l.ID && pass == 2 {
					b.Ties = append(b.Ties, tie)
				}
			}
			batches = append(batches, b)
		}
	}
	return batches
}

// TestClearanceHides spells out the cases that leak most easily.
func (suite) TestClearanceHides(t *testing.T, c *Case) {
	fixture(t, c)
	v := mustView(t, c.Store, graph.Clear)
	ctx := t.Context()
	if got := must[map[string]graph.ID](t)(v.Resolve(ctx, []string{"p-hush", "secret:7", "o-quiet"})); len(got) != 0 {
		t.Errorf("resolve told of %v", got)
	}
	if hits := search(t, v, graph.SearchQuery{Text: "hush"}); len(hits) != 0 {
		t.Errorf("search told of %v", hits)
	}
	if n := must[map[graph.ID]int](t)(v.CountAdjacent(ctx, graph.AdjacentQuery{Nodes: []graph.ID{"g-reed", "p-hush", "o-quiet"}, Type: graph.MemberOf, Dir: graph.Back})); n["g-reed"] != 1 || len(n) != 1 {
		t.Errorf("counts of members tell %v, want g-reed: 1", n)
	}
	tie := Fixture().Ties[14].Normal() // p-adan's membership rests on s-hush alone
	read := must[map[graph.ID]graph.Tie](t)(v.TiesByID(ctx, []graph.ID{tie.ID}))[tie.ID]
	if read.ID != tie.ID || len(read.Citations) != 0 {
		t.Errorf("tie with a hidden source: %+v", read)
	}
	cited := graph.Cond{Op: graph.Includes, Field: "source", Values: []string{"s-hush"}}
	if list := must[[]graph.Tie](t)(collect(v.Ties(ctx, graph.TieQuery{Where: graph.TieWhere{Cond: cited}}))); len(list) != 0 {
		t.Errorf("ties of a hidden source: %+v", list)
	}
	unsourced := graph.TieWhere{Cond: graph.Cond{Op: graph.IsNull, Field: "source", Values: []string{"true"}}}
	pages := must[map[graph.ID]graph.AdjacentPage](t)(v.Adjacent(ctx, graph.AdjacentQuery{Nodes: []graph.ID{"p-adan"}, Type: graph.MemberOf, Where: unsourced}))
	if len(pages["p-adan"].Ties) != 1 {
		t.Errorf("a tie whose only source is hidden has none to see: %+v", pages)
	}
}
