package sqlitestore_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/sqlitestore"
	"entangle/graph/storetest"
)

// openWith opens a store of the test's own.
func openWith(tb testing.TB, opts ...sqlitestore.Option) graph.Store {
	tb.Helper()
	s, err := sqlitestore.Open(tb.Context(), filepath.Join(tb.TempDir(), "store.db"), opts...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

// TestMemoryChangesNoAnswer: a store that keeps what it has read answers like one that does not,
// in views of every version that are open at a time, before and after it wrote.
func TestMemoryChangesNoAnswer(t *testing.T) {
	ids := []graph.ID{"p-0", "p-1", "p-2", "p-3", "g-0", "g-1", "s-red", "nobody"}
	rapid.Check(t, func(rt *rapid.T) {
		kept, bare := openWith(t), openWith(t, sqlitestore.WithMemory(0))
		small := openWith(t, sqlitestore.WithMemory(3))
		stores := []graph.Store{bare, kept, small}
		var views [][]graph.View
		defer func() {
			for _, list := range views {
				for _, v := range list {
					_ = v.Close()
				}
			}
		}()
		steps := rapid.IntRange(1, 12).Draw(rt, "steps")
		for range steps {
			switch rapid.SampledFrom([]string{"apply", "open", "ask", "ask", "ask"}).Draw(rt, "step") {
			case "apply":
				b := drawnBatch(rt)
				for _, s := range stores {
					if _, err := s.Apply(t.Context(), b); err != nil {
						rt.Fatal(err)
					}
				}
			case "open":
				clearance := rapid.SampledFrom([]graph.Marking{graph.Clear, graph.Red}).Draw(rt, "clearance")
				var list []graph.View
				for _, s := range stores {
					v, err := s.View(t.Context(), clearance)
					if err != nil {
						rt.Fatal(err)
					}
					list = append(list, v)
				}
				views = append(views, list)
			case "ask":
				if len(views) > 0 {
					askAlike(t, rt, rapid.SampledFrom(views).Draw(rt, "view"), rapid.SliceOfDistinct(rapid.SampledFrom(ids), rapid.ID).Draw(rt, "ids"))
				}
			}
		}
	})
}

// drawnBatch has some persons and groups, a source that not everybody sees, and memberships.
func drawnBatch(rt *rapid.T) graph.Batch {
	name := func(id string) graph.Node {
		kind := map[byte]graph.Kind{'p': graph.Person, 'g': graph.Group, 's': graph.Source}[id[0]]
		n := graph.Node{ID: graph.ID(id), Kind: kind, Names: []graph.Name{{Text: fmt.Sprint(id, " ", rapid.IntRange(0, 9).Draw(rt, "name")), Kind: graph.PrimaryName}}}
		if kind == graph.Source {
			n.Marking = graph.Red
		}
		return n
	}
	b := graph.Batch{Load: graph.Load{ID: graph.ID(fmt.Sprint("load-", rapid.IntRange(0, 3).Draw(rt, "load")))}}
	for _, id := range []string{"p-0", "p-1", "p-2", "p-3", "g-0", "g-1", "s-red"} {
		b.Nodes = append(b.Nodes, name(id))
	}
	for range rapid.IntRange(0, 5).Draw(rt, "ties") {
		t := graph.Tie{
			Type: graph.MemberOf, From: graph.ID(fmt.Sprint("p-", rapid.IntRange(0, 3).Draw(rt, "from"))), To: graph.ID(fmt.Sprint("g-", rapid.IntRange(0, 1).Draw(rt, "to"))),
			Confidence: graph.Stated(float64(rapid.IntRange(0, 4).Draw(rt, "confidence")) / 4), Note: rapid.SampledFrom([]string{"", "seen", "not seen"}).Draw(rt, "note"),
		}
		if rapid.Bool().Draw(rt, "cited") {
			t.Citations = []graph.Citation{{Source: "s-red"}}
		}
		b.Ties = append(b.Ties, t)
	}
	return b
}

// askAlike asks views of one version for nodes and pages, in the ways of those who own what they
// get and of those who share it.
func askAlike(t *testing.T, rt *rapid.T, views []graph.View, ids []graph.ID) {
	t.Helper()
	q := graph.AdjacentQuery{Nodes: ids, Type: graph.MemberOf, Dir: rapid.SampledFrom([]graph.Dir{graph.Out, graph.Back}).Draw(rt, "dir"), Limit: rapid.IntRange(0, 2).Draw(rt, "limit")}
	if rapid.Bool().Draw(rt, "few") {
		q.Where.MinConfidence = 0.5
	}
	if rapid.Bool().Draw(rt, "far") {
		q.Want = &graph.Want{Node: graph.FieldsOf(false, "name")}
	}
	type answer struct {
		Nodes  map[graph.ID]graph.Node
		Shared map[graph.ID]*graph.Node
		Pages  map[graph.ID]graph.AdjacentPage
		Lent   map[graph.ID]graph.AdjacentPage
	}
	var answers []answer
	for _, v := range views {
		var a answer
		var errs [4]error
		shared := graph.Shared(v)
		a.Nodes, errs[0] = v.NodesByID(t.Context(), ids)
		a.Shared, errs[1] = graph.NodesWanted(t.Context(), shared, ids, nil)
		a.Pages, errs[2] = v.Adjacent(t.Context(), q)
		a.Lent, errs[3] = shared.Adjacent(t.Context(), q)
		if err := errors.Join(errs[:]...); err != nil {
			rt.Fatal(err)
		}
		far(t, rt, shared, a.Lent)
		answers = append(answers, a)
	}
	for i, a := range answers[1:] {
		if diff := cmp.Diff(answers[0], a, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(graph.AdjacentPage{}, "Far")); diff != "" {
			rt.Fatalf("store %d answers (-without memory +with):\n%s", i+1, diff)
		}
	}
}

// far holds the nodes that came along with pages against those that a look-up gives.
func far(t *testing.T, rt *rapid.T, r graph.Reader, pages map[graph.ID]graph.AdjacentPage) {
	t.Helper()
	for at, page := range pages {
		for i, n := range page.Far {
			id := page.Ties[i].Other(at)
			want, err := r.NodesByID(t.Context(), []graph.ID{id})
			if err != nil {
				rt.Fatal(err)
			}
			if found, ok := want[id]; ok != (n != nil) || ok && !cmp.Equal(found, *n, cmpopts.EquateEmpty()) {
				rt.Fatalf("beside %s came %v, want %v", page.Ties[i].ID, n, want[id])
			}
		}
	}
}

// TestMemoryIsOwned: whoever changes what a view returned changes it for nobody else.
func TestMemoryIsOwned(t *testing.T) {
	s := openWith(t)
	if _, err := s.Apply(t.Context(), storetest.Fixture()); err != nil {
		t.Fatal(err)
	}
	v, err := s.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	ask := func() (graph.Node, graph.AdjacentPage) {
		nodes, err := v.NodesByID(t.Context(), []graph.ID{"p-adan"})
		if err != nil {
			t.Fatal(err)
		}
		pages, err := v.Adjacent(t.Context(), graph.AdjacentQuery{Nodes: []graph.ID{"p-adan"}, Type: graph.Holds})
		if err != nil || len(pages["p-adan"].Ties) == 0 {
			t.Fatal(pages, err)
		}
		return nodes["p-adan"], pages["p-adan"]
	}
	wantNode, wantPage := ask()
	n, page := ask()
	if len(n.Props) == 0 {
		t.Fatal("a node without properties shows nothing")
	}
	n.Names[0].Text, page.Ties[0].Note = "spoiled", "spoiled"
	for k := range n.Props {
		n.Props[k][0] = "spoiled"
	}
	n, page = ask()
	if diff := cmp.Diff(wantNode, n) + cmp.Diff(wantPage, page); diff != "" {
		t.Errorf("changed for others (-want +got):\n%s", diff)
	}
}

// TestMemoryEndsWithItsView: a view that is closed answers nothing, not even from memory.
func TestMemoryEndsWithItsView(t *testing.T) {
	s := openWith(t)
	if _, err := s.Apply(t.Context(), storetest.Fixture()); err != nil {
		t.Fatal(err)
	}
	v, err := s.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	ask := func() error {
		_, err := v.NodesByID(t.Context(), []graph.ID{"p-adan"})
		_, pages := v.Adjacent(t.Context(), graph.AdjacentQuery{Nodes: []graph.ID{"p-adan"}, Type: graph.Holds})
		return errors.Join(err, pages)
	}
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	_ = v.Close()
	if err := ask(); !errors.Is(err, graph.ErrClosed) {
		t.Errorf("%v", err)
	}
}
