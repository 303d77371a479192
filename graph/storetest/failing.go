package storetest

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"

	"entangle/graph"
)

// ErrFailing is what a Failing store fails with.
var ErrFailing = errors.New("the store failed as it was told to")

// Failing is a store of which one call fails: that which comes after Calls others. Each
// call of the store and of its views counts, and each row of a stream; what comes after
// the failure works again. It shows that nothing half-done is told as done.
type Failing struct {
	graph.Store
	left atomic.Int64
}

// NewFailing returns a store that fails once, after so many calls.
func NewFailing(s graph.Store, calls int) *Failing {
	f := &Failing{Store: s}
	f.left.Store(int64(calls))
	return f
}

// Failed reports whether the failure has come.
func (f *Failing) Failed() bool { return f.left.Load() < 0 }

func (f *Failing) call() error {
	if f.left.Add(-1) == -1 {
		return ErrFailing
	}
	return nil
}

// Apply applies a batch or fails.
func (f *Failing) Apply(ctx context.Context, b graph.Batch) (graph.Applied, error) {
	if err := f.call(); err != nil {
		return graph.Applied{}, err
	}
	return f.Store.Apply(ctx, b)
}

// Version tells the version or fails.
func (f *Failing) Version(ctx context.Context) (graph.Version, error) {
	if err := f.call(); err != nil {
		return "", err
	}
	return f.Store.Version(ctx)
}

// View opens a view, whose calls may fail too, or fails.
func (f *Failing) View(ctx context.Context, clearance graph.Marking) (graph.View, error) {
	if err := f.call(); err != nil {
		return nil, err
	}
	v, err := f.Store.View(ctx, clearance)
	if err != nil {
		return nil, err
	}
	return failingView{v, f}, nil
}

type failingView struct {
	graph.View
	of *Failing
}

// asked answers a call unless it is the one that fails.
func asked[V any](f *Failing, answer func() (V, error)) (V, error) {
	if err := f.call(); err != nil {
		var none V
		return none, err
	}
	return answer()
}

func rows[V any](f *Failing, of iter.Seq2[V, error]) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		for row, err := range of {
			if e := f.call(); e != nil {
				var none V
				yield(none, e)
				return
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func (v failingView) NodesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Node, error) {
	return asked(v.of, func() (map[graph.ID]graph.Node, error) { return v.View.NodesByID(ctx, ids) })
}

func (v failingView) TiesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Tie, error) {
	return asked(v.of, func() (map[graph.ID]graph.Tie, error) { return v.View.TiesByID(ctx, ids) })
}

func (v failingView) Resolve(ctx context.Context, refs []string) (map[string]graph.ID, error) {
	return asked(v.of, func() (map[string]graph.ID, error) { return v.View.Resolve(ctx, refs) })
}

func (v failingView) Nodes(ctx context.Context, q graph.NodeQuery) iter.Seq2[graph.Node, error] {
	return rows(v.of, v.View.Nodes(ctx, q))
}

func (v failingView) Ties(ctx context.Context, q graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return rows(v.of, v.View.Ties(ctx, q))
}

func (v failingView) CountNodes(ctx context.Context, q graph.NodeQuery) (int, error) {
	return asked(v.of, func() (int, error) { return v.View.CountNodes(ctx, q) })
}

func (v failingView) CountTies(ctx context.Context, q graph.TieQuery) (int, error) {
	return asked(v.of, func() (int, error) { return v.View.CountTies(ctx, q) })
}

func (v failingView) Adjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	return asked(v.of, func() (map[graph.ID]graph.AdjacentPage, error) { return v.View.Adjacent(ctx, q) })
}

func (v failingView) CountAdjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]int, error) {
	return asked(v.of, func() (map[graph.ID]int, error) { return v.View.CountAdjacent(ctx, q) })
}

func (v failingView) Search(ctx context.Context, q graph.SearchQuery) ([]graph.Hit, error) {
	return asked(v.of, func() ([]graph.Hit, error) { return v.View.Search(ctx, q) })
}

func (v failingView) Counts(ctx context.Context) (graph.Counts, error) {
	return asked(v.of, func() (graph.Counts, error) { return v.View.Counts(ctx) })
}

func (v failingView) Loads(ctx context.Context) ([]graph.Load, error) {
	return asked(v.of, func() ([]graph.Load, error) { return v.View.Loads(ctx) })
}
