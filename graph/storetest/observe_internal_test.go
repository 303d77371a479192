package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
)

// TestObserved: what graph.Changes says of a commit is what a comparison of everything that
// each clearance shows, before and after, finds. Half of the batches bring hidden things alone.
func TestObserved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := NewModel()
		if _, err := m.Apply(t.Context(), hideMost(t, wholeBatch(t))); err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 4).Draw(t, "batches") {
			before := m.copied()
			b := hideMost(t, someBatch(t))
			for i := range b.Ties {
				if old, ok := m.ties[b.Ties[i].Normal().ID]; ok && chance(t, "in its citations alone", 70) {
					id, citations := old.ID, b.Ties[i].Citations
					b.Ties[i] = old
					b.Ties[i].ID, b.Ties[i].Citations = id, citations
				}
			}
			if _, err := m.Apply(t.Context(), b); err != nil {
				continue
			}
			checkObserved(t, before, m.copied())
			checkObserved(t, m.copied(), before) // what comes goes
		}
	})
}

// hideMost hides all of a batch from a clearance, or leaves it as it is. It may take its load
// from a load that is there.
func hideMost(t *rapid.T, b graph.Batch) graph.Batch {
	if chance(t, "the first load", 50) {
		b.Load = graph.Load{ID: "load-0", Dataset: "random", Format: "rapid"}
	}
	if least := randomMarking(t); chance(t, "hide", 50) {
		for i := range b.Nodes {
			b.Nodes[i].Marking = max(b.Nodes[i].Marking, least)
		}
		for i := range b.Ties {
			b.Ties[i].Marking = max(b.Ties[i].Marking, least)
		}
	}
	return b
}

func (m *Model) copied() *Model {
	c := NewModel()
	for id, n := range m.nodes {
		c.nodes[id] = cloneNode(n)
	}
	for id, tie := range m.ties {
		c.ties[id] = cloneTie(tie)
	}
	return c // loads are those that nodes and ties carry: their texts are no matter of Changes
}

func checkObserved(t *rapid.T, before, after *Model) {
	var changes graph.Changes
	for id, n := range after.nodes {
		if old, ok := before.nodes[id]; ok {
			changes.Node(&old, &n)
		} else {
			changes.Node(nil, &n)
		}
	}
	for id, tie := range after.ties {
		if old, ok := before.ties[id]; ok {
			changes.Tie(&old, &tie)
		} else {
			changes.Tie(nil, &tie)
		}
	}
	marking := map[graph.ID]graph.Marking{}
	for id, n := range before.nodes {
		if marking[id] = n.Marking; after.nodes[id].Kind == 0 {
			changes.Node(&n, nil)
		}
	}
	for id, tie := range before.ties {
		if after.ties[id].Type == 0 {
			changes.Tie(&tie, nil)
		}
	}
	for id, n := range after.nodes {
		marking[id] = n.Marking
	}
	asked := 0
	lowest, err := changes.Observed(func(id graph.ID) (graph.Marking, bool) {
		return marking[id], len(id)%2 == 0
	}, func(ids []graph.ID) (map[graph.ID]graph.Marking, error) {
		asked++
		out := map[graph.ID]graph.Marking{}
		for _, id := range ids {
			out[id] = marking[id]
		}
		return out, nil
	})
	if err != nil || asked > 1 {
		t.Fatalf("%v, asked %d times", err, asked)
	}
	for _, clearance := range clearances {
		differs := cmp.Diff(before.shown(clearance), after.shown(clearance), cmp.AllowUnexported(shown{}))
		if (differs != "") != (clearance >= lowest) {
			t.Fatalf("observed from %s on; %s shows this difference:\n%s", lowest, clearance, differs)
		}
	}
}
