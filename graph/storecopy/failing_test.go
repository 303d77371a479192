package storecopy_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"

	"entangle/graph"
	"entangle/graph/storecopy"
)

var errDisk = errors.New("disk full")

// faulty is a store whose calls are counted, and of which one fails: each row of a stream is a call of its own.
type faulty struct {
	graph.Store
	left  int // calls until the one that fails
	calls int
}

func (f *faulty) call() error {
	f.calls++
	if f.left--; f.left == 0 {
		return errDisk
	}
	return nil
}

func (f *faulty) View(ctx context.Context, m graph.Marking) (graph.View, error) {
	if err := f.call(); err != nil {
		return nil, err
	}
	v, err := f.Store.View(ctx, m)
	return &faultyView{v, f}, err
}

func (f *faulty) Apply(ctx context.Context, b graph.Batch) (graph.Applied, error) {
	if err := f.call(); err != nil {
		return graph.Applied{}, err
	}
	return f.Store.Apply(ctx, b)
}

type faultyView struct {
	graph.View
	store *faulty
}

func (v *faultyView) Loads(ctx context.Context) ([]graph.Load, error) {
	if err := v.store.call(); err != nil {
		return nil, err
	}
	return v.View.Loads(ctx)
}

func (v *faultyView) Counts(ctx context.Context) (graph.Counts, error) {
	if err := v.store.call(); err != nil {
		return graph.Counts{}, err
	}
	return v.View.Counts(ctx)
}

func (v *faultyView) Nodes(ctx context.Context, q graph.NodeQuery) iter.Seq2[graph.Node, error] {
	return rows(v.store, v.View.Nodes(ctx, q))
}

func (v *faultyView) Ties(ctx context.Context, q graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return rows(v.store, v.View.Ties(ctx, q))
}

func (v *faultyView) Close() error { return errors.Join(v.store.call(), v.View.Close()) }

func rows[T any](f *faulty, all iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row, err := range all {
			if e := f.call(); e != nil {
				var none T
				yield(none, e)
				return
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// little is a store with a few of everything that a copy goes through.
func little(t *testing.T) graph.Store {
	t.Helper()
	named := func(id graph.ID, kind graph.Kind, cites ...graph.ID) graph.Node {
		n := graph.Node{ID: id, Kind: kind, Names: []graph.Name{{Text: string(id), Kind: graph.PrimaryName}}}
		for _, c := range cites {
			n.Citations = append(n.Citations, graph.Citation{Source: c})
		}
		return n
	}
	s := newStore(t)
	apply(t, s, graph.Batch{
		Load:  graph.Load{ID: "load-1"},
		Nodes: []graph.Node{named("s", graph.Source), named("t", graph.Source, "s"), named("a", graph.Group, "t"), named("b", graph.Group)},
		Ties:  []graph.Tie{{ID: "x", Type: graph.AlliedWith, From: "a", To: "b", Citations: []graph.Citation{{Source: "s"}}}},
	}, graph.Batch{
		Load: graph.Load{ID: "load-2"}, Nodes: []graph.Node{named("c", graph.Group)},
		Ties: []graph.Tie{{ID: "y", Type: graph.RivalOf, From: "a", To: "c"}},
	})
	return s
}

// TestEveryFailureIsTold: whichever call of the source or the target fails, the copy says so, and the next one finishes.
func TestEveryFailureIsTold(t *testing.T) {
	from := little(t)
	want := read(t, from)
	o := storecopy.Options{BatchSize: 2}
	calls := func(source, target *faulty) int { return source.calls }
	for name, tt := range map[string]struct {
		stores func(n int, to graph.Store) (source, target *faulty)
		calls  func(source, target *faulty) int
	}{
		"source": {func(n int, to graph.Store) (*faulty, *faulty) {
			return &faulty{Store: from, left: n}, &faulty{Store: to}
		}, calls},
		"target": {func(n int, to graph.Store) (*faulty, *faulty) {
			return &faulty{Store: from}, &faulty{Store: to, left: n}
		}, func(_, target *faulty) int { return target.calls }},
	} {
		source, target := tt.stores(0, newStore(t))
		if _, err := storecopy.Copy(t.Context(), source, target, o); err != nil {
			t.Fatal(err)
		}
		all := tt.calls(source, target)
		if all < want.Nodes+want.Ties {
			t.Fatalf("%s: %d calls for %+v", name, all, want)
		}
		to := newStore(t)
		for n := 1; n <= all; n++ {
			source, target := tt.stores(n, to)
			if n%7 == 1 { // what is written before, a later failure does not come to see
				to = newStore(t)
				source, target = tt.stores(n, to)
			}
			_, err := storecopy.Copy(t.Context(), source, target, o)
			failed := tt.calls(source, target) >= n
			if failed != errors.Is(err, errDisk) || !failed && err != nil {
				t.Errorf("%s: call %d of %d fails, is made: %t, and the copy says %v", name, n, all, failed, err)
			}
		}
		if rest, err := storecopy.Copy(t.Context(), from, to, o); err != nil || rest.Content != want {
			t.Errorf("%s: the last copy: %+v, %v", name, rest, err)
		}
	}
}

// TestReadTellsFailures: a content is that of the whole store, or an error.
func TestReadTellsFailures(t *testing.T) {
	from := little(t)
	want := read(t, from)
	for n := 0; n == 0 || n <= 2+want.Nodes+want.Ties; n++ {
		f := &faulty{Store: from}
		v, err := f.View(t.Context(), graph.Red)
		if err != nil {
			t.Fatal(err)
		}
		f.left, f.calls = n, 0
		got, err := storecopy.Read(t.Context(), v)
		failed := n > 0 && f.calls >= n
		if failed != errors.Is(err, errDisk) || !failed && got != want {
			t.Errorf("call %d fails, is made: %t: %+v, %v", n, failed, got, err)
		}
		f.left = 0
		if err := v.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCompareNamesTheFirstDifference, at the ends and in the middle, of nodes and ties.
func TestCompareNamesTheFirstDifference(t *testing.T) {
	node := func(id graph.ID) graph.Node {
		return graph.Node{ID: id, Kind: graph.Group, Names: []graph.Name{{Text: string(id), Kind: graph.PrimaryName}}}
	}
	tie := func(id graph.ID) graph.Tie { return graph.Tie{ID: id, Type: graph.AlliedWith, From: "b", To: "d"} }
	base := graph.Batch{Nodes: []graph.Node{node("b"), node("d")}, Ties: []graph.Tie{tie("u"), tie("w")}}
	view := func(b graph.Batch) graph.View {
		s := newStore(t)
		apply(t, s, base, b)
		v, err := s.View(t.Context(), graph.Red)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = v.Close() })
		return v
	}
	small := view(graph.Batch{})
	for _, id := range []graph.ID{"a", "c", "e", "t", "v", "x"} {
		more, what := graph.Batch{Nodes: []graph.Node{node(id)}}, fmt.Sprintf("node %q", id)
		if id > "e" {
			more, what = graph.Batch{Ties: []graph.Tie{tie(id)}}, fmt.Sprintf("tie %q", id)
		}
		large := view(more)
		if _, err := storecopy.Compare(t.Context(), small, large, storecopy.Options{}); !errors.Is(err, storecopy.ErrDiffer) || !contains(err, what+" is in the target only") {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := storecopy.Compare(t.Context(), large, small, storecopy.Options{}); !errors.Is(err, storecopy.ErrDiffer) || !contains(err, what+" is in the source only") {
			t.Errorf("%s: %v", what, err)
		}
	}
	// A node and a tie of one id are not taken for each other.
	source, target := view(graph.Batch{Nodes: []graph.Node{node("z")}}), view(graph.Batch{Ties: []graph.Tie{tie("z")}})
	if _, err := storecopy.Compare(t.Context(), source, target, storecopy.Options{}); !contains(err, `node "z" is in the source only`) {
		t.Error(err)
	}
	got, err := storecopy.Compare(t.Context(), small, view(graph.Batch{}), storecopy.Options{})
	if err != nil || got.Nodes != 2 || got.Ties != 2 {
		t.Errorf("equal ones: %+v, %v", got, err)
	}
}
