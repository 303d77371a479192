package projection

import (
	"context"
	"iter"
	"slices"

	"entangle/graph"
)

// FromBatch takes the picture of a batch alone, as a store that holds nothing
// else would give it: nodes of one id are merged, of ties with one id the last
// stays. The batch is validated; its problems come back as a *graph.BatchError.
func FromBatch(b graph.Batch, opts Options) (*Snapshot, error) {
	s, err := SourceOf(b)
	if err != nil {
		return nil, err
	}
	return Build(context.Background(), s, opts)
}

// SourceOf reads a batch as FromBatch does.
func SourceOf(b graph.Batch) (Source, error) {
	b = b.Normal()
	if problems := b.Validate(func(graph.ID) graph.Kind { return 0 }); len(problems) > 0 {
		return nil, &graph.BatchError{Problems: problems}
	}
	return batch{merged(b)}, nil
}

func merged(b graph.Batch) graph.Batch {
	nodes, ties := make(map[graph.ID]int, len(b.Nodes)), make(map[graph.ID]int, len(b.Ties))
	out := graph.Batch{Load: b.Load}
	for _, n := range b.Nodes {
		if i, ok := nodes[n.ID]; ok {
			out.Nodes[i] = graph.MergeNode(out.Nodes[i], n)
			continue
		}
		nodes[n.ID] = len(out.Nodes)
		out.Nodes = append(out.Nodes, n)
	}
	for _, t := range b.Ties {
		if i, ok := ties[t.ID]; ok {
			out.Ties[i] = t
			continue
		}
		ties[t.ID] = len(out.Ties)
		out.Ties = append(out.Ties, t)
	}
	return out
}

type batch struct{ content graph.Batch }

func (b batch) Version() graph.Version { return graph.Version(b.content.Load.ID) }

func (b batch) Nodes(_ context.Context, q graph.NodeQuery) iter.Seq2[graph.Node, error] {
	return func(yield func(graph.Node, error) bool) {
		for _, n := range b.content.Nodes {
			if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, n.Kind) {
				continue
			}
			if !yield(n, nil) {
				return
			}
		}
	}
}

func (b batch) Ties(_ context.Context, q graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return func(yield func(graph.Tie, error) bool) {
		for _, t := range b.content.Ties {
			if len(q.Types) > 0 && !slices.Contains(q.Types, t.Type) {
				continue
			}
			if q.Where.Match(t) && !yield(t, nil) {
				return
			}
		}
	}
}
