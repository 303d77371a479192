package storetest

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"

	"entangle/graph"
)

// Model is the reference that stores are compared with: maps, MergeNode, and
// the Match functions of package graph, nothing made fast. It keeps the
// contract itself and serves as a store in other packages' tests.
type Model struct {
	mu    sync.RWMutex
	nodes map[graph.ID]graph.Node
	ties  map[graph.ID]graph.Tie
	loads map[graph.ID]graph.Load
	// versions count, for each clearance, the commits that changed what it shows.
	versions [graph.Red + 1]int
	closed   bool
}

// NewModel returns an empty model.
func NewModel() *Model {
	return &Model{nodes: map[graph.ID]graph.Node{}, ties: map[graph.ID]graph.Tie{}, loads: map[graph.ID]graph.Load{}}
}

func (m *Model) check(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.closed {
		return fmt.Errorf("model: %w", graph.ErrClosed)
	}
	return nil
}

func (m *Model) state(clearance graph.Marking) graph.Version {
	return graph.Version(fmt.Sprintf("model-%d", m.versions[min(clearance, graph.Red)]))
}

// Version returns the version of the data.
func (m *Model) Version(ctx context.Context) (graph.Version, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.state(graph.Red), m.check(ctx)
}

// Close ends the model and its views.
func (m *Model) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}

// Apply merges a batch. Of a tie that a batch has twice the last counts; a node
// that it has twice is merged. A node or tie without a load gets the batch's.
// A tie that differs in nothing but its load is left alone.
func (m *Model) Apply(ctx context.Context, b graph.Batch) (graph.Applied, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.check(ctx); err != nil {
		return graph.Applied{}, err
	}
	b = b.Normal()
	if problems := b.Validate(func(id graph.ID) graph.Kind { return m.nodes[id].Kind }); len(problems) > 0 {
		return graph.Applied{}, &graph.BatchError{Problems: problems}
	}
	var out graph.Applied
	before := Model{nodes: maps.Clone(m.nodes), ties: maps.Clone(m.ties), loads: maps.Clone(m.loads)}
	m.applyNodes(b, &out)
	m.applyTies(b, &out)
	if out.Changed() {
		if b.Load.ID != "" {
			m.loads[b.Load.ID] = b.Load
		}
		for clearance := range m.versions {
			if !reflect.DeepEqual(before.shown(graph.Marking(clearance)), m.shown(graph.Marking(clearance))) {
				m.versions[clearance]++
			}
		}
	}
	out.Version = m.state(graph.Red)
	return out, nil
}

// shown is all that a clearance shows of a model.
type shown struct {
	nodes map[graph.ID]graph.Node
	ties  map[graph.ID]graph.Tie
	loads map[graph.ID]graph.Load
}

func (m *Model) shown(clearance graph.Marking) shown {
	out := shown{nodes: map[graph.ID]graph.Node{}, ties: map[graph.ID]graph.Tie{}, loads: map[graph.ID]graph.Load{}}
	seen := func(id graph.ID) bool { n, ok := m.nodes[id]; return ok && n.Marking <= clearance }
	cited := func(list []graph.Citation) []graph.Citation { // those of deleted sources stay
		return fresh(slices.DeleteFunc(slices.Clone(list), func(c graph.Citation) bool { return m.nodes[c.Source].Marking > clearance }))
	}
	carried := func(id graph.ID) {
		if id != "" {
			l := m.loads[id]
			l.ID = id
			out.loads[id] = l
		}
	}
	for id, n := range m.nodes {
		if n.Marking <= clearance {
			n.Citations = cited(n.Citations)
			out.nodes[id] = n
			carried(n.Load)
		}
	}
	for id, t := range m.ties {
		if t.Marking <= clearance && seen(t.From) && seen(t.To) {
			t.Citations = cited(t.Citations)
			out.ties[id] = t
			carried(t.Load)
		}
	}
	return out
}

func (m *Model) applyNodes(b graph.Batch, out *graph.Applied) {
	next := map[graph.ID]graph.Node{}
	for _, n := range b.Nodes {
		n = cloneNode(n)
		if n.Load == "" {
			n.Load = b.Load.ID
		}
		old, ok := next[n.ID]
		if !ok {
			old, ok = m.nodes[n.ID]
		}
		if ok {
			n = cloneNode(graph.MergeNode(old, n))
		}
		next[n.ID] = n
	}
	for id, n := range next {
		old, ok := m.nodes[id]
		switch {
		case !ok:
			out.NodesCreated++
		case reflect.DeepEqual(old, n):
			out.NodesSame++
		default:
			out.NodesUpdated++
		}
		m.nodes[id] = n
	}
}

func (m *Model) applyTies(b graph.Batch, out *graph.Applied) {
	last := map[graph.ID]graph.Tie{}
	for _, t := range b.Ties {
		last[t.ID] = t
	}
	for id, t := range last {
		t = cloneTie(t)
		if t.Load == "" {
			t.Load = b.Load.ID
		}
		old, ok := m.ties[id]
		content := t
		content.Load = old.Load
		switch {
		case !ok:
			out.TiesCreated++
		case reflect.DeepEqual(old, content):
			out.TiesSame++
			continue
		default:
			out.TiesUpdated++
		}
		m.ties[id] = t
	}
}

// View opens a reading.
func (m *Model) View(ctx context.Context, clearance graph.Marking) (graph.View, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := m.check(ctx); err != nil {
		return nil, err
	}
	return newModelView(m, clearance), nil
}

// cloneNode returns the node with memory of its own, empty lists nil and empty
// properties gone.
func cloneNode(n graph.Node) graph.Node {
	n.Names = fresh(n.Names)
	n.Types = fresh(n.Types)
	n.Aliases = fresh(n.Aliases)
	n.Citations = fresh(n.Citations)
	n.Props = cloneProps(n.Props)
	return n
}

func cloneTie(t graph.Tie) graph.Tie {
	t.Props = cloneProps(t.Props)
	t.Citations = fresh(t.Citations)
	return t
}

func cloneProps(p graph.Props) graph.Props {
	out := graph.Props{}
	for name, values := range p {
		if len(values) > 0 {
			out[name] = slices.Clone(values)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func fresh[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return slices.Clone(list)
}

// contents returns what a model has, for loading it elsewhere.
func (m *Model) contents() (nodes []graph.Node, ties []graph.Tie) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, id := range slices.Sorted(maps.Keys(m.nodes)) {
		nodes = append(nodes, cloneNode(m.nodes[id]))
	}
	for _, id := range slices.Sorted(maps.Keys(m.ties)) {
		ties = append(ties, cloneTie(m.ties[id]))
	}
	return nodes, ties
}
