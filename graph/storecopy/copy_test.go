package storecopy_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/sqlitestore"
	"entangle/graph/storecopy"
	"entangle/graph/storetest"
)

func newStore(t *testing.T) graph.Store {
	t.Helper()
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func apply(t *testing.T, s graph.Store, batches ...graph.Batch) {
	t.Helper()
	for _, b := range batches {
		if _, err := s.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, s graph.Store) storecopy.Content {
	t.Helper()
	c, err := readStore(t, s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func readStore(t *testing.T, s graph.Store) (storecopy.Content, error) {
	t.Helper()
	v, err := s.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	return storecopy.Read(t.Context(), v)
}

// filled is a store with the fixture, to which a second load added claims, and
// with sources that cite each other in a ring.
func filled(t *testing.T) graph.Store {
	t.Helper()
	s := newStore(t)
	var ring []graph.Node
	for i := range 3 {
		ring = append(ring, graph.Node{
			ID: graph.ID(fmt.Sprintf("source/ring-%d", i)), Kind: graph.Source, Names: []graph.Name{{Text: "Ring", Kind: graph.PrimaryName}},
			Citations: []graph.Citation{{Source: graph.ID(fmt.Sprintf("source/ring-%d", (i+1)%3)), Page: "1"}},
		})
	}
	second := graph.Batch{Load: graph.Load{ID: "load-second", Dataset: "more", Format: "native"}, Nodes: ring}
	second.Nodes = append(second.Nodes, graph.Node{ID: "person/late", Kind: graph.Person, Names: []graph.Name{{Text: "Late", Kind: graph.PrimaryName}}, Marking: graph.Red})
	apply(t, s, storetest.Fixture(), second)
	return s
}

// citingGone is a store of whose claims some cite sources that were deleted, as a source
// does too.
func citingGone(t *testing.T) graph.Store {
	t.Helper()
	b := storetest.Fixture()
	b.Gone = []graph.ID{"s-open", "s-lost"}
	b.Nodes = slices.DeleteFunc(b.Nodes, func(n graph.Node) bool { return n.ID == "s-open" })
	b.Nodes[0].Citations = []graph.Citation{{Source: "s-lost", Quote: "as they say"}}
	s := newStore(t)
	apply(t, s, b)
	return s
}

func TestCopy(t *testing.T) {
	for _, size := range []int{1, 2, 7, 5_000} {
		t.Run(fmt.Sprint("batches of ", size), func(t *testing.T) { checkCopy(t, filled(t), size) })
		t.Run(fmt.Sprint("deleted sources, batches of ", size), func(t *testing.T) { checkCopy(t, citingGone(t), size) })
	}
}

// checkCopy copies a store, and again.
func checkCopy(t *testing.T, from graph.Store, size int) {
	t.Helper()
	to := newStore(t)
	want := read(t, from)
	first, err := storecopy.Copy(t.Context(), from, to, storecopy.Options{BatchSize: size})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, first.Content); diff != "" {
		t.Error(diff)
	}
	if got := read(t, to); got != want || want.Nodes == 0 || want.Ties == 0 {
		t.Errorf("%+v, want %+v", got, want)
	}
	if a := first.Applied; a.NodesCreated != want.Nodes || a.TiesCreated != want.Ties {
		t.Errorf("created %+v, want %+v", a, want)
	}
	before, err := to.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second, err := storecopy.Copy(t.Context(), from, to, storecopy.Options{BatchSize: size})
	if err != nil || second.Applied.Changed() || second.Applied.Version != before {
		t.Errorf("a second copy: %+v, %v, before at version %s", second, err, before)
	}
}

// breaking is a store whose server goes away after some batches.
type breaking struct {
	graph.Store
	left int
}

var errGone = errors.New("gone")

func (b *breaking) Apply(ctx context.Context, batch graph.Batch) (graph.Applied, error) {
	if b.left--; b.left < 0 {
		return graph.Applied{}, errGone
	}
	return b.Store.Apply(ctx, batch)
}

// TestCopyGoesOn: whichever batch a copy ends at, the next copy finishes it, and
// writes only what was missing.
func TestCopyGoesOn(t *testing.T) {
	from := filled(t)
	want := read(t, from)
	for batches := range 12 {
		to := newStore(t)
		stopped, err := storecopy.Copy(t.Context(), from, &breaking{to, batches}, storecopy.Options{BatchSize: 5})
		if !errors.Is(err, errGone) {
			t.Fatalf("after %d batches: %v", batches, err)
		}
		rest, err := storecopy.Copy(t.Context(), from, to, storecopy.Options{BatchSize: 5})
		if err != nil || rest.Content != want {
			t.Fatalf("after %d batches: %+v, %v", batches, rest, err)
		}
		if a, b := stopped.Applied, rest.Applied; a.NodesCreated+b.NodesCreated != want.Nodes || a.TiesCreated+b.TiesCreated != want.Ties {
			t.Errorf("after %d batches: %+v and then %+v, want %+v in all", batches, a, b, want)
		}
	}
}

func TestCopyRefusesOtherData(t *testing.T) {
	from, to := filled(t), newStore(t)
	extra := graph.Batch{}
	for i := range 100 {
		extra.Nodes = append(extra.Nodes, graph.Node{ID: graph.ID(fmt.Sprint("extra-", i)), Kind: graph.Place, Names: []graph.Name{{Text: "Extra", Kind: graph.PrimaryName}}})
	}
	apply(t, to, extra)
	few := newStore(t)
	apply(t, few, graph.Batch{Load: graph.Load{ID: "load-other"}, Nodes: extra.Nodes[:1]})
	for what, to := range map[string]graph.Store{"more of a kind": to, "another load": few} {
		before := read(t, to)
		if _, err := storecopy.Copy(t.Context(), from, to, storecopy.Options{}); !errors.Is(err, storecopy.ErrForeign) {
			t.Errorf("%s: %v, want ErrForeign", what, err)
		}
		if after := read(t, to); after != before {
			t.Errorf("%s: something was written: %+v, before %+v", what, after, before)
		}
	}
}

// TestCopyTellsWhatDiffers: a target with a thing more, or another state of one,
// is found by the comparison.
func TestCopyTellsWhatDiffers(t *testing.T) {
	for name, tt := range map[string]struct {
		node graph.Node
		want string
	}{
		"one more":      {graph.Node{ID: "aaa", Kind: graph.Person, Names: []graph.Name{{Text: "More", Kind: graph.PrimaryName}}}, `node "aaa" is in the target only`},
		"another state": {graph.Node{ID: "person/late", Kind: graph.Person, Names: []graph.Name{{Text: "Earlier", Kind: graph.PrimaryName}}}, `node "person/late" is {`},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := filled(t), newStore(t)
			apply(t, to, graph.Batch{Load: graph.Load{ID: "load-second", Dataset: "more", Format: "native"}, Nodes: []graph.Node{tt.node}})
			_, err := storecopy.Copy(t.Context(), from, to, storecopy.Options{})
			if !errors.Is(err, storecopy.ErrDiffer) || !contains(err, tt.want) {
				t.Errorf("%v, want ErrDiffer and %s", err, tt.want)
			}
		})
	}
}

// growing is a source that is written to while it is copied.
type growing struct {
	graph.Store
	t     *testing.T
	views int
}

func (g *growing) View(ctx context.Context, m graph.Marking) (graph.View, error) {
	if g.views++; g.views == 2 { // the comparison's
		apply(g.t, g.Store, graph.Batch{Nodes: []graph.Node{{ID: "new", Kind: graph.Person, Names: []graph.Name{{Text: "New", Kind: graph.PrimaryName}}}}})
	}
	return g.Store.View(ctx, m)
}

func TestCopyTellsOfAChangedSource(t *testing.T) {
	from, to := filled(t), newStore(t)
	_, err := storecopy.Copy(t.Context(), &growing{Store: from, t: t}, to, storecopy.Options{})
	if !errors.Is(err, storecopy.ErrChanged) || !contains(err, "run the copy again") {
		t.Errorf("%v, want ErrChanged", err)
	}
	if _, err := storecopy.Copy(t.Context(), from, to, storecopy.Options{}); err != nil {
		t.Errorf("again: %v", err)
	}
}

func TestCopyTellsItsProgress(t *testing.T) {
	from := filled(t)
	want := read(t, from)
	last := map[string]int{}
	_, err := storecopy.Copy(t.Context(), from, newStore(t), storecopy.Options{Progress: func(what string, done, total int) {
		if done != last[what]+1 || total != want.Nodes+want.Ties {
			t.Errorf("%s: %d of %d after %d", what, done, total, last[what])
		}
		last[what] = done
	}})
	if err != nil {
		t.Fatal(err)
	}
	if all := want.Nodes + want.Ties; last["copying"] != all || last["comparing"] != all {
		t.Errorf("%v, want %d of each", last, all)
	}
}

func TestCopyEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	_, err := storecopy.Copy(ctx, filled(t), newStore(t), storecopy.Options{BatchSize: 3, Progress: func(string, int, int) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's error", err)
	}
}
