package schema

import (
	"context"
	"fmt"
	"strings"

	"entangle/graph"
)

// maxRefs bounds the nodes that a question names.
const maxRefs = 100

// ResolveRefs finds the nodes that references name: a key, an alias, a global
// id, or a whole name, letters folded, that only one node of the kinds has. It
// fails with graph.ErrNotFound where nothing has the name and with graph.ErrQuery
// where several have. A global id is not looked up.
func ResolveRefs(ctx context.Context, r graph.Reader, kinds []graph.Kind, refs []string) ([]graph.ID, error) {
	switch {
	case len(refs) == 0:
		return nil, fmt.Errorf("%w: nothing is named; name 1 to %d nodes", graph.ErrQuery, maxRefs)
	case len(refs) > maxRefs:
		return nil, fmt.Errorf("%w: %d nodes are named; name 1 to %d", graph.ErrQuery, len(refs), maxRefs)
	}
	for _, ref := range refs {
		if len(ref) > searchText {
			return nil, fmt.Errorf("%w: %.40q… has %d bytes; a key, alias or name has at most %d", graph.ErrQuery, ref, len(ref), searchText)
		}
	}
	known, err := r.Resolve(ctx, refs)
	if err != nil {
		return nil, err
	}
	out := make([]graph.ID, len(refs))
	for i, ref := range refs {
		id, ok := known[ref]
		if !ok {
			if _, id, err = ParseGlobalID(ref); err != nil {
				if id, err = refByName(ctx, r, kinds, ref); err != nil {
					return nil, err
				}
			}
		}
		out[i] = id
	}
	return out, nil
}

func refByName(ctx context.Context, r graph.Reader, kinds []graph.Kind, name string) (graph.ID, error) {
	hits, err := r.Search(ctx, graph.SearchQuery{Text: name, Kinds: kinds, Limit: 6})
	if err != nil {
		return "", err
	}
	var whole, near []string
	var id graph.ID
	for _, h := range hits {
		shown := fmt.Sprintf("%s (%s %s)", h.Name, h.Kind, h.Node)
		near = append(near, shown)
		if h.Rank == 0 {
			whole, id = append(whole, shown), h.Node
		}
	}
	switch {
	case len(whole) == 1:
		return id, nil
	case len(whole) > 1:
		return "", fmt.Errorf("%w: %.80q is the name of several: %s; give the key of one", graph.ErrQuery, name, strings.Join(whole, ", "))
	}
	if err := otherKind(ctx, r, kinds, name); err != nil {
		return "", err
	}
	if len(near) > 0 {
		return "", fmt.Errorf("%w: %.80q; near it: %s", graph.ErrNotFound, name, strings.Join(near, ", "))
	}
	return "", fmt.Errorf("%w: %.80q: nothing has that key, alias or name", graph.ErrNotFound, name)
}

// otherKind is an error where a name that nothing of the kinds has is the whole
// name of a node of another kind.
func otherKind(ctx context.Context, r graph.Reader, kinds []graph.Kind, name string) error {
	if len(kinds) == 0 {
		return nil
	}
	hits, err := r.Search(ctx, graph.SearchQuery{Text: name, Limit: 1})
	if err != nil || len(hits) == 0 || hits[0].Rank != 0 {
		return err
	}
	wanted := make([]string, len(kinds))
	for i, k := range kinds {
		wanted[i] = k.String()
	}
	return fmt.Errorf("%w: no %s is named %.80q; that is %s (%s)",
		graph.ErrNotFound, strings.Join(wanted, ", "), name, hits[0].Node, hits[0].Kind)
}
