package ask

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"entangle/cmd/entangle/usage"
	"entangle/graph"
	"entangle/schema"
)

// resolve finds the nodes of a kind that a flag, or another place, names by key, alias
// or whole name. A node of another kind is an error.
func resolve(ctx context.Context, r graph.Reader, place string, kind graph.Kind, refs []string) ([]graph.Node, error) {
	nodes := make([]graph.Node, len(refs))
	for i, ref := range refs {
		id, err := resolveOne(ctx, r, kind, ref)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place, err)
		}
		found, err := r.NodesByID(ctx, []graph.ID{id})
		if err != nil {
			return nil, err
		}
		n, ok := found[id]
		if !ok {
			return nil, fmt.Errorf("%s: %w: %q", place, graph.ErrNotFound, ref)
		}
		if n.Kind != kind {
			return nil, usage.Error{Err: fmt.Errorf("%s %q: that is the %s %s (%s); wanted: %s",
				place, ref, strings.ToLower(n.Kind.String()), n.Name(), n.ID, strings.ToLower(kind.String()))}
		}
		nodes[i] = n
	}
	return nodes, nil
}

// resolveOne looks among the nodes of the kind first: a name may be that of a
// group and of a person.
func resolveOne(ctx context.Context, r graph.Reader, kind graph.Kind, ref string) (graph.ID, error) {
	ids, err := schema.ResolveRefs(ctx, r, []graph.Kind{kind}, []string{ref})
	if errors.Is(err, graph.ErrNotFound) {
		if other, e := schema.ResolveRefs(ctx, r, nil, []string{ref}); e == nil {
			ids, err = other, nil
		}
	}
	switch {
	case errors.Is(err, graph.ErrQuery):
		return "", usage.Error{Err: err}
	case err != nil:
		return "", err
	}
	return ids[0], nil
}

// flagOf is the flag that names nodes of a kind.
func flagOf(prefix string, kind graph.Kind) string {
	return "--" + prefix + strings.ToLower(kind.String())
}

func keys(nodes []graph.Node) []string {
	out := make([]string, len(nodes))
	for i, n := range nodes {
		out[i] = string(n.ID)
	}
	return out
}
