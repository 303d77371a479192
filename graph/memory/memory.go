// Package memory keeps what was read of one state of a store under one clearance: nodes, and
// pages of their ties. A state does not change, so that nothing in it goes stale. Readers of the
// state share one memory.
package memory

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"entangle/graph"
)

// DefaultSize is about how many nodes, and as many ties, a store keeps unless it is told
// otherwise.
const DefaultSize = 200_000

// Memory keeps nodes and pages. It is safe for concurrent use.
type Memory struct {
	mu    sync.Mutex
	whats map[string]uint32 // numbers of what is kept of nodes
	nodes generations[part, *graph.Node]
	pages generations[part, graph.AdjacentPage]
}

// part names what is kept of a node: some of its fields, or a page of its ties.
type part struct {
	what uint32
	node graph.ID
}

// maxWhats bounds the ways in which nodes are asked about: clients choose sizes of pages.
const maxWhats = 4096

// part numbers what is kept of a node. Where there are very many ways everything is forgotten.
func (m *Memory) part(id graph.ID, what string) part { return part{m.number(what), id} }

func (m *Memory) number(what string) uint32 {
	n, ok := m.whats[what]
	if !ok {
		if len(m.whats) >= maxWhats {
			m.whats = nil
			m.nodes.forget()
			m.pages.forget()
		}
		if m.whats == nil {
			m.whats = map[string]uint32{}
		}
		n = uint32(len(m.whats))
		m.whats[what] = n
	}
	return n
}

// New makes a memory for about so many nodes and as many ties.
func New(size int) *Memory {
	return &Memory{
		nodes: generations[part, *graph.Node]{limit: size, weigh: func(*graph.Node) int { return 1 }},
		pages: generations[part, graph.AdjacentPage]{limit: size, weigh: func(p graph.AdjacentPage) int { return 1 + len(p.Ties) }},
	}
}

// Node returns what is kept of some fields of a node, by the name of the selection. The caller
// must not change it.
func (m *Memory) Node(id graph.ID, fields string) (*graph.Node, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.nodes.get(m.part(id, fields))
}

// KeepNode keeps a node, of which some fields were read.
func (m *Memory) KeepNode(n *graph.Node, fields string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.nodes.put(m.part(n.ID, fields), n)
}

// Page returns the page of a node's ties that answers a query ([Query]). The caller must not
// change it.
func (m *Memory) Page(id graph.ID, query string) (graph.AdjacentPage, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.pages.get(m.part(id, query))
}

// Pages writes the pages of several nodes' ties that answer a query to their places in pages,
// and returns the places of those that are not kept. The caller must not change the pages.
func (m *Memory) Pages(ids []graph.ID, query string, pages []graph.AdjacentPage) (missing []int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	what := m.number(query)
	for i, id := range ids {
		page, ok := m.pages.get(part{what, id})
		if !ok {
			missing = append(missing, i)
		}
		pages[i] = page
	}
	return missing
}

// KeepPage keeps the page of a node's ties that answers a query.
func (m *Memory) KeepPage(id graph.ID, query string, p graph.AdjacentPage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pages.put(m.part(id, query), p)
}

// Query names what a query asks of each node; false where it has conditions or continues
// another, which is seldom asked twice.
func Query(q graph.AdjacentQuery) (string, bool) {
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
	return what.String(), true
}

// Callers own what a reader returns, so nothing in it is shared, unless they ask for that
// ([graph.Shared]).

// CloneNode copies a node with all its lists.
func CloneNode(n graph.Node) graph.Node {
	n.Names, n.Types, n.Aliases, n.Citations = slices.Clone(n.Names), slices.Clone(n.Types), slices.Clone(n.Aliases), slices.Clone(n.Citations)
	n.Props = cloneProps(n.Props)
	return n
}

// ClonePage copies a page with all its ties, without the nodes at their other ends.
func ClonePage(p graph.AdjacentPage) graph.AdjacentPage {
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

func (g *generations[K, V]) forget() { g.young, g.old, g.size = nil, nil, 0 }

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
