package loadertest

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"sync"

	"entangle/graph"
)

// Memory is the least of a store that loaders need: View and Apply as the
// contract of graph.Store has them, and of a view the reads that a load and an
// export make. It has no clearance, no search and no queries.
type Memory struct {
	mu      sync.Mutex
	version int
	nodes   map[graph.ID]graph.Node
	ties    map[graph.ID]graph.Tie
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{nodes: map[graph.ID]graph.Node{}, ties: map[graph.ID]graph.Tie{}}
}

// Apply merges a batch, all of it or nothing.
func (m *Memory) Apply(ctx context.Context, b graph.Batch) (graph.Applied, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return graph.Applied{}, err
	}
	b = b.Normal()
	kindOf := func(id graph.ID) graph.Kind { return m.nodes[id].Kind }
	if problems := b.Validate(kindOf); len(problems) > 0 {
		return graph.Applied{}, &graph.BatchError{Problems: problems}
	}
	var a graph.Applied
	for _, n := range b.Nodes {
		old, ok := m.nodes[n.ID]
		if !ok {
			a.NodesCreated++
			m.nodes[n.ID] = n
			continue
		}
		merged := graph.MergeNode(old, n)
		if reflect.DeepEqual(Plain(merged), Plain(old)) {
			a.NodesSame++
			continue
		}
		a.NodesUpdated++
		m.nodes[n.ID] = merged
	}
	for _, t := range b.Ties {
		old, ok := m.ties[t.ID]
		switch {
		case !ok:
			a.TiesCreated++
		case reflect.DeepEqual(PlainTie(old), PlainTie(t)):
			a.TiesSame++
			continue
		default:
			a.TiesUpdated++
		}
		m.ties[t.ID] = t
	}
	if a.Changed() {
		m.version++
	}
	a.Version = graph.Version(strconv.Itoa(m.version))
	return a, nil
}

// View reads the store as it is now.
func (m *Memory) View(context.Context, graph.Marking) (graph.View, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return memoryView{nodes: maps.Clone(m.nodes), ties: maps.Clone(m.ties)}, nil
}

// memoryView embeds the interface for the methods that loads do not use.
type memoryView struct {
	graph.View
	nodes map[graph.ID]graph.Node
	ties  map[graph.ID]graph.Tie
}

func (v memoryView) Close() error { return nil }

func (v memoryView) NodesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Node, error) {
	return pick(ctx, v.nodes, ids)
}

func (v memoryView) TiesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Tie, error) {
	return pick(ctx, v.ties, ids)
}

func (v memoryView) Resolve(ctx context.Context, refs []string) (map[string]graph.ID, error) {
	out := map[string]graph.ID{}
	for _, ref := range refs {
		if _, ok := v.nodes[graph.ID(ref)]; ok {
			out[ref] = graph.ID(ref)
			continue
		}
		for id, n := range v.nodes {
			if old, ok := out[ref]; slices.Contains(n.Aliases, ref) && (!ok || id < old) {
				out[ref] = id
			}
		}
	}
	return out, ctx.Err()
}

func (v memoryView) Nodes(ctx context.Context, q graph.NodeQuery) iter.Seq2[graph.Node, error] {
	return sorted(ctx, v.nodes, func(n graph.Node) bool { return len(q.Kinds) == 0 || slices.Contains(q.Kinds, n.Kind) })
}

func (v memoryView) Ties(ctx context.Context, q graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return sorted(ctx, v.ties, func(t graph.Tie) bool {
		return (len(q.Types) == 0 || slices.Contains(q.Types, t.Type)) && q.Where.Match(t)
	})
}

func pick[V any](ctx context.Context, from map[graph.ID]V, ids []graph.ID) (map[graph.ID]V, error) {
	out := map[graph.ID]V{}
	for _, id := range ids {
		if v, ok := from[id]; ok {
			out[id] = v
		}
	}
	return out, ctx.Err()
}

func sorted[V any](ctx context.Context, from map[graph.ID]V, keep func(V) bool) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		for _, id := range slices.SortedFunc(maps.Keys(from), cmp.Compare[graph.ID]) {
			if v := from[id]; keep(v) && (ctx.Err() != nil || !yield(v, nil)) {
				return
			}
		}
	}
}

// Plain returns the node without its load, and with nil for what is empty, so
// that nodes from different stores and loads compare.
func Plain(n graph.Node) graph.Node {
	n.Load = ""
	n.Names, n.Types, n.Aliases, n.Citations = orNil(n.Names), orNil(n.Types), orNil(n.Aliases), orNil(n.Citations)
	n.Props = plainProps(n.Props)
	return n
}

// PlainTie does for a tie what Plain does for a node.
func PlainTie(t graph.Tie) graph.Tie {
	t.Load = ""
	t.Citations, t.Props = orNil(t.Citations), plainProps(t.Props)
	return t
}

func orNil[T any](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return s
}

func plainProps(p graph.Props) graph.Props {
	p = maps.Clone(p)
	maps.DeleteFunc(p, func(_ string, v []string) bool { return len(v) == 0 })
	if len(p) == 0 {
		return nil
	}
	return p
}
