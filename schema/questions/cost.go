package questions

import (
	"context"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
)

// costOf prices the arguments of a question. They are read as they are when it is asked,
// but that whom they name is not looked for. What cannot be read is refused when it is
// asked, and priced as the default.
func costOf[In any](row queries.Question, read func(context.Context, Request, map[string]any) (In, error)) func(context.Context, map[string]any, queries.Size) queries.Cost {
	return func(ctx context.Context, args map[string]any, of queries.Size) queries.Cost {
		if args == nil {
			return row.Cost(row.Default(), of)
		}
		in, err := read(ctx, unread{}, args)
		if err != nil {
			return row.Cost(row.Default(), of)
		}
		return row.Cost(in, of)
	}
}

// unread takes names for ids: a price only needs to know how many there are.
type unread struct{ Request }

// Refs is that of Request.
func (unread) Refs(_ context.Context, _ string, _ []graph.Kind, names []string) ([]graph.ID, error) {
	ids := make([]graph.ID, len(names))
	for i, name := range names {
		ids[i] = graph.ID(name)
	}
	return ids, nil
}

// SizeOf is what a price needs to know of a picture.
func SizeOf(s *projection.Snapshot) queries.Size {
	lo, hi := s.Range(graph.Group)
	size := queries.Size{Ties: int(s.Ties()), Groups: int(hi - lo)}
	for g := lo; g < hi; g++ {
		if slices.Contains(s.Types(g), queries.ArmedType) {
			size.Armed++
		}
	}
	return size
}

// SizeOfAll is that of all that somebody sees: no picture has more.
func SizeOfAll(ctx context.Context, view graph.View) (queries.Size, error) {
	counts, err := view.Counts(ctx)
	if err != nil {
		return queries.Size{}, err
	}
	_, ties := counts.Total()
	armed, err := view.CountNodes(ctx, graph.NodeQuery{
		Kinds: []graph.Kind{graph.Group}, Where: graph.Cond{Op: graph.Includes, Field: "types", Values: []string{queries.ArmedType}},
	})
	return queries.Size{Ties: ties, Groups: counts.Nodes[graph.Group], Armed: armed}, err
}
