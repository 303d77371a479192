package storetest

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

// withoutOpen is the drawn graph after somebody deleted the source s-open.
func withoutOpen() (without graph.Batch, open graph.Node) {
	without = Fixture()
	i := slices.IndexFunc(without.Nodes, func(n graph.Node) bool { return n.ID == "s-open" })
	open = without.Nodes[i]
	without.Nodes = slices.Delete(without.Nodes, i, i+1)
	return without, open
}

// TestGoneSources: what cites a deleted source is taken where the batch says that it
// was deleted, and only then. Its citations are read by every clearance that may read
// the claim, and lead to the source again when it is back.
func (suite) TestGoneSources(t *testing.T, c *Case) {
	b, open := withoutOpen()
	if _, err := c.Store.Apply(t.Context(), b); !errors.Is(err, graph.ErrInvalid) {
		t.Errorf("without a word that it was deleted: %v, want ErrInvalid", err)
	}
	b.Gone = []graph.ID{"p-boro", "s-open"}
	other := b
	other.Ties = append(slices.Clone(b.Ties), claim(graph.MemberOf, "p-mira", "g-dune", "", source(graph.Citation{Source: "p-boro"})))
	if _, err := c.Store.Apply(t.Context(), other); !errors.Is(err, graph.ErrInvalid) {
		t.Errorf("told as deleted, and there as a person: %v, want ErrInvalid", err)
	}
	mustApply(t, c.Store, b)
	askAlike(t, c.Store, modelOf(t, b))

	v := mustView(t, c.Store, graph.Clear)
	harbour := must[map[graph.ID]graph.Node](t)(v.NodesByID(t.Context(), []graph.ID{"i-harbour", "s-open"}))
	if want := []graph.Citation{{Source: "s-open", Page: "4"}}; len(harbour) != 1 || !cmp.Equal(harbour["i-harbour"].Citations, want) {
		t.Errorf("cites a deleted source and a hidden one: %+v, want the citations %+v", harbour, want)
	}
	cites := graph.TieQuery{Where: graph.TieWhere{Cond: graph.Cond{Op: graph.Includes, Field: "source", Values: []string{"s-open"}}}}
	if ties := must[[]graph.Tie](t)(collect(v.Ties(t.Context(), cites))); len(ties) == 0 {
		t.Error("no tie is found by the deleted source that it cites")
	}

	version := mustVersion(t, c.Store)
	if a := mustApply(t, c.Store, b); a.Changed() || mustVersion(t, c.Store) != version {
		t.Errorf("applied again it changed %+v", a)
	}
	again := graph.Batch{Nodes: []graph.Node{harbour["i-harbour"]}}
	if _, err := c.Store.Apply(t.Context(), again); !errors.Is(err, graph.ErrInvalid) {
		t.Errorf("a later batch that does not say it: %v, want ErrInvalid", err)
	}
	// A node that comes again without its citations keeps them.
	more := graph.Batch{Load: graph.Load{ID: "load-more"}, Nodes: []graph.Node{node(graph.Institution, "i-harbour", "Harbour Office", typed("port"))}}
	mustApply(t, c.Store, more)
	askAlike(t, c.Store, modelOf(t, b, more))
	back := graph.Batch{Load: graph.Load{ID: "load-back"}, Nodes: []graph.Node{open}}
	mustApply(t, c.Store, back)
	mustApply(t, c.Store, again)
	askAlike(t, c.Store, modelOf(t, b, more, back))
}

// TestGoneIsNotHidden: a source that is there and hidden stays hidden, whoever says
// that it was deleted.
func (suite) TestGoneIsNotHidden(t *testing.T, c *Case) {
	b := Fixture()
	b.Gone = []graph.ID{"s-hush", "s-open"}
	mustApply(t, c.Store, b)
	askAlike(t, c.Store, modelOf(t, Fixture()))
}

// askAlike asks a store and its model everything under the least clearance and the
// highest.
func askAlike(t *testing.T, s graph.Store, m *Model) {
	t.Helper()
	for _, clearance := range []graph.Marking{graph.Clear, graph.Red} {
		compareAnswers(t, interview(t.Context(), mustView(t, s, clearance), m), interview(t.Context(), mustView(t, m, clearance), m))
	}
}
