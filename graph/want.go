package graph

import (
	"context"
	"slices"
	"sync"
)

// Want says what its caller reads of the nodes and ties that a query finds. It is
// a hint: a store may leave out what is not wanted, and may as well return it. Nil
// wants everything.
type Want struct {
	// Node and Tie are what is read of nodes and of ties. Beside them id and kind of
	// a node, and id, type and ends of a tie, are always there.
	Node, Tie Fields
	// Next are the queries that will be asked about the nodes found; what their Nodes
	// say does not matter. A store may read them along and have them at hand.
	Next []AdjacentQuery
}

// Fields are names of what a node or a tie has: columns of its kind or type, and
//
//	of a node: name (the primary one), names, types, aliases, marking, load, citations
//	of a tie:  span, confidence, weight, grade, marking, status, conflictSet,
//	           derived (with derivedBy), note, load, citations
//
// They are sorted, each once; see FieldsOf.
type Fields []string

// parts are the names that Fields may have.
type parts struct{ node, tie map[string]bool }

var partsOf = sync.OnceValue(func() parts {
	p := parts{node: map[string]bool{}, tie: map[string]bool{}}
	for _, name := range []string{"name", "names", "types", "aliases", "marking", "load", "citations"} {
		p.node[name] = true
	}
	for _, name := range []string{"span", "confidence", "weight", "grade", "marking", "status", "conflictSet", "derived", "note", "load", "citations"} {
		p.tie[name] = true
	}
	for _, spec := range PropsOf(nil) {
		p.node[spec.Name] = true
	}
	for _, spec := range TiePropsOf(nil) {
		p.tie[spec.Name] = true
	}
	return p
})

// FieldsOf returns those of the names that nodes, or ties, have; others are left
// out.
func FieldsOf(tie bool, names ...string) Fields {
	known := partsOf().node
	if tie {
		known = partsOf().tie
	}
	out := Fields{}
	for _, name := range names {
		if known[name] {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Selecting is implemented by a reader that can read a part of nodes.
type Selecting interface {
	// NodesWanted is Reader.NodesByID for a caller that changes nothing of what it
	// is given, and reads what w says.
	NodesWanted(ctx context.Context, ids []ID, w *Want) (map[ID]*Node, error)
}

// NodesWanted looks nodes up for a caller that changes nothing of what it is
// given, and reads what w says.
func NodesWanted(ctx context.Context, r Reader, ids []ID, w *Want) (map[ID]*Node, error) {
	if s, ok := r.(Selecting); ok {
		return s.NodesWanted(ctx, ids, w)
	}
	found, err := r.NodesByID(ctx, ids)
	out := make(map[ID]*Node, len(found))
	for id, n := range found {
		out[id] = &n
	}
	return out, err
}

// Paging is implemented by a reader that can write pages where its caller wants them.
type Paging interface {
	// AdjacentTo is Reader.Adjacent for a caller that changes nothing of what it is given:
	// the page of each of q.Nodes is written to its place in pages, which are empty.
	AdjacentTo(ctx context.Context, q AdjacentQuery, pages []AdjacentPage) error
}

// AdjacentTo reads pages as Reader.Adjacent does and writes the page of each of q.Nodes
// to its place in pages.
func AdjacentTo(ctx context.Context, r Reader, q AdjacentQuery, pages []AdjacentPage) error {
	if p, ok := r.(Paging); ok {
		return p.AdjacentTo(ctx, q, pages)
	}
	found, err := r.Adjacent(ctx, q)
	if err != nil {
		return err
	}
	for i, id := range q.Nodes {
		pages[i] = found[id]
	}
	return nil
}
