package storetest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

// wants are hints of every size.
func wants() []*graph.Want {
	var nodes, ties []string
	for _, spec := range graph.PropsOf(nil) {
		nodes = append(nodes, spec.Name)
	}
	for _, spec := range graph.TiePropsOf(nil) {
		ties = append(ties, spec.Name)
	}
	nodes = append(nodes, "name", "names", "types", "aliases", "marking", "load", "citations")
	ties = append(ties, "span", "confidence", "weight", "grade", "marking", "status", "conflictSet", "derived", "note", "load", "citations")
	return []*graph.Want{
		nil,
		{},
		{Node: graph.FieldsOf(false, nodes...), Tie: graph.FieldsOf(true, ties...)},
		{Node: graph.FieldsOf(false, "name", "title", "born"), Tie: graph.FieldsOf(true, "span", "note", "rank", "citations")},
	}
}

// TestWantedFields: of what a hint names everything is there, for look-ups, for
// pages, for the nodes that come along, and for what was announced as the next
// question; asked twice, asked for less and asked for more.
func (suite) TestWantedFields(t *testing.T, c *Case) {
	m := fixture(t, c)
	asked := append(ids(Fixture().Nodes, nodeID), "nobody", "", "g-reed")
	for _, clearance := range []graph.Marking{graph.Clear, graph.Red} {
		v, ref := graph.Shared(mustView(t, c.Store, clearance)), mustView(t, m, clearance)
		whole := must[map[graph.ID]graph.Node](t)(ref.NodesByID(t.Context(), asked))
		for round := range 2 {
			for _, w := range wants() {
				got := must[map[graph.ID]*graph.Node](t)(graph.NodesWanted(t.Context(), v, asked, ahead(w)))
				if len(got) != len(whole) {
					t.Errorf("%s, round %d, %+v: %d nodes, want %d", clearance, round, w, len(got), len(whole))
				}
				for id, n := range got {
					if diff := cmp.Diff(partOfNode(whole[id], w), partOfNode(*n, w)); diff != "" {
						t.Errorf("%s, round %d, node %s, %+v: %s", clearance, round, id, w, diff)
					}
				}
				for _, typ := range []graph.TieType{graph.MemberOf, graph.Holds, graph.AlliedWith} {
					for _, dir := range []graph.Dir{graph.Out, graph.Back} {
						comparePages(t, v, ref, whole, graph.AdjacentQuery{Nodes: asked, Type: typ, Dir: dir, Limit: 2, Want: w})
					}
				}
			}
		}
	}
}

// ahead adds some questions to a hint, and behind each one more.
func ahead(w *graph.Want) *graph.Want {
	if w == nil {
		return nil
	}
	last, out := *w, *w
	last.Next = []graph.AdjacentQuery{{Type: graph.MemberOf, Dir: graph.Back, Limit: 2, Want: w}}
	for _, typ := range []graph.TieType{graph.MemberOf, graph.Holds, graph.AlliedWith} {
		out.Next = append(out.Next, graph.AdjacentQuery{Type: typ, Limit: 2, Want: &last})
	}
	return &out
}

func comparePages(t *testing.T, v, ref graph.Reader, nodes map[graph.ID]graph.Node, q graph.AdjacentQuery) {
	t.Helper()
	want := must[map[graph.ID]graph.AdjacentPage](t)(ref.Adjacent(t.Context(), q))
	got := must[map[graph.ID]graph.AdjacentPage](t)(v.Adjacent(t.Context(), q))
	if len(got) != len(want) {
		t.Errorf("%+v: %d pages, want %d", q, len(got), len(want))
	}
	for id, page := range got {
		if page.More != want[id].More || len(page.Ties) != len(want[id].Ties) {
			t.Errorf("%+v: %s: more %t, %d ties", q, id, page.More, len(page.Ties))
			continue
		}
		for i, tie := range page.Ties {
			if diff := cmp.Diff(partOfTie(want[id].Ties[i], q.Want), partOfTie(tie, q.Want)); diff != "" {
				t.Errorf("%+v: %s: %s", q, id, diff)
			}
		}
		if page.Far != nil && len(page.Far) != len(page.Ties) {
			t.Errorf("%+v: %s: %d nodes beside %d ties", q, id, len(page.Far), len(page.Ties))
			continue
		}
		for i, far := range page.Far {
			if other := page.Ties[i].Other(id); far != nil && cmp.Diff(partOfNode(nodes[other], q.Want), partOfNode(*far, q.Want)) != "" {
				t.Errorf("%+v: %s: the node of %s is %+v", q, id, page.Ties[i].ID, far)
			}
		}
	}
}

// partOfNode is what a hint asks of a node, by name.
func partOfNode(n graph.Node, w *graph.Want) map[string]any {
	all := map[string]any{
		"names": n.Names, "types": n.Types, "aliases": n.Aliases, "marking": n.Marking, "load": n.Load, "citations": n.Citations,
	}
	if w == nil || slices.Contains(w.Node, "name") {
		all["name"] = n.Name()
	}
	for name, values := range n.Props {
		all[name] = values
	}
	out := map[string]any{"id": n.ID, "kind": n.Kind}
	return picked(out, all, w == nil, func() graph.Fields { return w.Node })
}

// partOfTie is what a hint asks of a tie, by name.
func partOfTie(tie graph.Tie, w *graph.Want) map[string]any {
	all := map[string]any{
		"span": tie.Span, "confidence": tie.Confidence, "weight": tie.Weight, "grade": tie.Grade, "marking": tie.Marking, "status": tie.Status,
		"conflictSet": tie.ConflictSet, "derived": []any{tie.Derived, tie.DerivedBy}, "note": tie.Note, "load": tie.Load, "citations": tie.Citations,
	}
	for name, values := range tie.Props {
		all[name] = values
	}
	out := map[string]any{"id": tie.ID, "type": tie.Type, "from": tie.From, "to": tie.To}
	return picked(out, all, w == nil, func() graph.Fields { return w.Tie })
}

func picked(out, all map[string]any, whole bool, fields func() graph.Fields) map[string]any {
	for name, value := range all {
		if whole || slices.Contains(fields(), name) {
			out[name] = value
		}
	}
	return out
}
