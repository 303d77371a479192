package projection

import (
	"context"
	"iter"

	"entangle/graph"
)

// FromBatch takes the picture of a batch alone, as a store that holds nothing
// else would give it. The batch is validated; its problems come back as a
// *graph.BatchError.
func FromBatch(b graph.Batch, opts Options) (*Snapshot, error) {
	b = b.Normal()
	if problems := b.Validate(func(graph.ID) graph.Kind { return 0 }); len(problems) > 0 {
		return nil, &graph.BatchError{Problems: problems}
	}
	return Build(context.Background(), batch{b}, opts)
}

type batch struct{ content graph.Batch }

func (b batch) Version() graph.Version { return graph.Version(b.content.Load.ID) }

func (b batch) Nodes(context.Context, graph.NodeQuery) iter.Seq2[graph.Node, error] {
	return func(yield func(graph.Node, error) bool) {
		for _, n := range b.content.Nodes {
			if !yield(n, nil) {
				return
			}
		}
	}
}

func (b batch) Ties(_ context.Context, q graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return func(yield func(graph.Tie, error) bool) {
		for _, t := range b.content.Ties {
			if q.Where.Match(t) && !yield(t, nil) {
				return
			}
		}
	}
}
