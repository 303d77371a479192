package neo4jstore

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"entangle/graph"
)

// memory keeps what was read of one state of the database under one clearance:
// nodes, and pages of their ties. Views of that state share it. It never goes
// stale, since a state does not change: as soon as anyone commits, the bookmark
// that a view begins with is another, and so is its memory.
type memory struct {
	bookmark string
	version  graph.Version
	hidden   map[graph.ID]bool // sources that the clearance does not cover

	mu    sync.Mutex // guards what follows
	nodes generations[partKey, *graph.Node]
	pages generations[partKey, graph.AdjacentPage]
}

// partKey names what is kept of a node: some of its fields, or a page of its ties.
type partKey struct {
	node graph.ID
	what string
}

// newMemory makes a memory for about so many nodes and as many ties.
func newMemory(bookmark string, hidden map[graph.ID]bool, size int) *memory {
	return &memory{
		bookmark: bookmark, version: version(bookmark), hidden: hidden,
		nodes: generations[partKey, *graph.Node]{limit: size, weigh: func(*graph.Node) int { return 1 }},
		pages: generations[partKey, graph.AdjacentPage]{limit: size, weigh: func(p graph.AdjacentPage) int { return 1 + len(p.Ties) }},
	}
}

// node returns what is kept of the fields: the caller must not change it.
func (m *memory) node(id graph.ID, fields string) (*graph.Node, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.nodes.get(partKey{id, fields})
}

func (m *memory) keepNode(n *graph.Node, fields string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.nodes.put(partKey{n.ID, fields}, n)
}

// page returns what is kept: the caller must not change it.
func (m *memory) page(key partKey) (graph.AdjacentPage, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.pages.get(key)
}

func (m *memory) keepPage(key partKey, p graph.AdjacentPage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pages.put(key, p)
}

// pageOf names what a query asks of each node and reads of the answer; false where
// it has conditions, which are seldom asked twice.
func pageOf(q graph.AdjacentQuery) (string, bool) {
	if q.After != nil || q.Far.Op != graph.True || q.Where.Cond.Op != graph.True {
		return "", false
	}
	w := q.Where
	var what strings.Builder
	fmt.Fprint(&what, q.Type, " ", q.Dir, " ", q.Limit, " ", w.MinConfidence)
	for _, status := range w.Statuses {
		fmt.Fprint(&what, " ", status)
	}
	if w.AsOf != nil {
		fmt.Fprint(&what, " as of ", int64(w.AsOf.Day), w.AsOf.Gap)
	}
	if w.During != nil {
		fmt.Fprint(&what, " during ", int64(w.During[0]), int64(w.During[1]))
	}
	fmt.Fprint(&what, " ties: ", tiesWanted(q.Want).name(), " nodes: ", nodesWanted(q.Want).name())
	return what.String(), true
}

// Callers own what a reader returns, so nothing in it is shared; but see sharing.

func cloneNode(n graph.Node) graph.Node {
	n.Names, n.Types, n.Aliases, n.Citations = slices.Clone(n.Names), slices.Clone(n.Types), slices.Clone(n.Aliases), slices.Clone(n.Citations)
	n.Props = cloneProps(n.Props)
	return n
}

func clonePage(p graph.AdjacentPage) graph.AdjacentPage {
	p.Ties, p.Far = slices.Clone(p.Ties), nil
	for i, t := range p.Ties {
		p.Ties[i].Citations, p.Ties[i].Props = slices.Clone(t.Citations), cloneProps(t.Props)
	}
	return p
}

func cloneProps(p graph.Props) graph.Props {
	out := maps.Clone(p)
	for name, values := range out {
		out[name] = slices.Clone(values)
	}
	return out
}

// generations is a map that forgets what was not asked for lately: when the young
// half is full it becomes the old one, and the old one goes.
type generations[K comparable, V any] struct {
	limit, size int
	weigh       func(V) int
	young, old  map[K]V
}

func (g *generations[K, V]) get(key K) (V, bool) {
	if v, ok := g.young[key]; ok {
		return v, true
	}
	v, ok := g.old[key]
	if ok {
		g.put(key, v)
	}
	return v, ok
}

func (g *generations[K, V]) put(key K, v V) {
	weight := g.weigh(v)
	if g.size+weight > g.limit/2 {
		g.old, g.young, g.size = g.young, nil, 0
	}
	if g.young == nil {
		g.young = map[K]V{}
	}
	if _, ok := g.young[key]; !ok {
		g.size += weight
	}
	g.young[key] = v
}
