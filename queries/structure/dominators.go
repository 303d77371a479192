// Immediate dominators below a super-root over several apexes.
//
// Invariant: going back from the last place, semi is right for all places after the one at
// work; a node waits at its semidominator until the way from there to it is linked.
// Source: Lengauer and Tarjan, TOPLAS 1, 1979.
// Cost: O(m log n) time, 60 bytes a node.

package structure

import (
	"context"
	"fmt"
	"slices"
)

// What Idom says of a node that no single node dominates.
const (
	// Root is the super-root above all apexes: it is the immediate dominator of the
	// apexes, and of nodes that lines from several sides reach.
	Root int32 = -1
	// Unreachable marks nodes that no line from an apex reaches, and removed ones.
	Unreachable int32 = -2
)

// Dominators is the tree of immediate dominators below a super-root over the apexes of
// a chain of command: u dominates v when every line from any apex to v passes u.
type Dominators struct {
	// Idom is the nearest dominator of each node other than itself, or Root, or
	// Unreachable.
	Idom []int32
	// Cut is, for each node, how many nodes lose every line to an apex if it goes: the
	// nodes it dominates, itself included; 0 for unreachable ones.
	Cut []int32

	enter []int32 // place in a walk down the tree, from 0
	order []int32 // the nodes of that walk
}

// Dominates reports whether every line from an apex to v passes u; a reachable node
// dominates itself. False for unreachable nodes and ids outside the graph. O(1).
func (d *Dominators) Dominates(u, v int32) bool {
	n := int32(len(d.Idom))
	if u < 0 || v < 0 || u >= n || v >= n || d.Cut[u] == 0 || d.Cut[v] == 0 {
		return false
	}
	return d.enter[u] <= d.enter[v] && d.enter[v] < d.enter[u]+d.Cut[u]
}

// CutOff returns the nodes that lose every line to an apex if v goes, v first and each
// dominator before what it dominates; nil if v is unreachable or outside the graph. Do
// not write to it.
func (d *Dominators) CutOff(v int32) []int32 {
	if v < 0 || int(v) >= len(d.Idom) || d.Cut[v] == 0 {
		return nil
	}
	return d.order[d.enter[v] : d.enter[v]+d.Cut[v]]
}

// DominatorsOf finds the immediate dominators in g, without the removed nodes, of what
// the apexes reach along the arcs. Cycles, several apexes and nodes that no apex
// reaches are all in order; so is an apex below another, which stays one of its own
// right. An apex that is removed counts no more. In an undirected graph each tie is an
// arc both ways.
//
// It fails with ErrNode for an apex outside the graph, ErrMask, or ctx's error; without
// apexes all nodes are unreachable. O(m log n) time, 60 bytes a node (Lengauer and
// Tarjan, A fast algorithm for finding dominators in a flowgraph, TOPLAS 1, 1979, in
// the version with path compression only), without recursion. It departs from the paper
// in the super-root, which is no node of the graph, and in turning the arcs round once
// for a graph instead of collecting predecessors on the way down.
func DominatorsOf(ctx context.Context, g *Graph, apexes []int32, removed Mask) (*Dominators, error) {
	removed, err := g.fit(removed)
	if err != nil {
		return nil, err
	}
	for _, a := range apexes {
		if a < 0 || int(a) >= g.n {
			return nil, fmt.Errorf("%w: apex %d in a graph of %d nodes", ErrNode, a, g.n)
		}
	}
	f := newFlowgraph(g.n)
	if err := f.number(ctx, g, apexes, removed); err != nil {
		return nil, err
	}
	if err := f.dominators(ctx, g); err != nil {
		return nil, err
	}
	return f.tree(), nil
}

// Sources returns the nodes of g without the removed ones that no arc leads to,
// ascending: the apexes of a command graph whose arcs lead down. A cycle that nothing
// leads into has none, and its nodes are unreachable from them. Errors and cost are
// those of [DegreesOf].
func Sources(g *Graph, removed Mask) ([]int32, error) {
	removed, err := g.fit(removed)
	if err != nil {
		return nil, err
	}
	degrees, err := DegreesOf(g, removed)
	if err != nil {
		return nil, err
	}
	var sources []int32
	for v, in := range degrees.In {
		if in == 0 && !removed.has(int32(v)) {
			sources = append(sources, int32(v))
		}
	}
	return sources, nil
}

// flowgraph is the state of one run. All but place is indexed by the place of a node in
// the depth-first search, where 0 is the super-root.
type flowgraph struct {
	place    []int32 // by node: its place; 0 if not reached
	node     []int32 // by place: the node; -1 for the super-root
	parent   []int32 // in the search tree
	semi     []int32 // semidominator
	idom     []int32
	ancestor []int32 // in the forest of linked nodes; -1 at its roots
	label    []int32 // least semidominator on the way to the ancestor
	apex     []bool  // the super-root has an arc to it
	path     []int32 // scratch of eval
}

func newFlowgraph(n int) *flowgraph {
	f := &flowgraph{
		place: make([]int32, n), node: make([]int32, 1, n+1), parent: make([]int32, 1, n+1), apex: make([]bool, 1, n+1),
	}
	f.node[0] = -1
	return f
}

// number walks depth first from the super-root and gives each node it finds a place.
func (f *flowgraph) number(ctx context.Context, g *Graph, apexes []int32, removed Mask) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	isApex := g.nothing()
	for _, a := range apexes {
		isApex.set(a)
	}
	cursor := make([]int32, g.n)
	enter := func(v, parent int32) int32 {
		f.place[v] = int32(len(f.node))
		f.node = append(f.node, v)
		f.parent = append(f.parent, parent)
		f.apex = append(f.apex, isApex.has(v))
		cursor[v] = g.rows.off[v]
		return f.place[v]
	}
	for a := range isApex.All() {
		if removed.has(a) || f.place[a] != 0 {
			continue
		}
		for at := enter(a, 0); at != 0; {
			v := f.node[at]
			if cursor[v] == g.rows.off[v+1] {
				at = f.parent[at]
				continue
			}
			w := g.rows.to[cursor[v]]
			cursor[v]++
			if removed.has(w) || f.place[w] != 0 {
				continue
			}
			if err := due(ctx, len(f.node)); err != nil {
				return err
			}
			at = enter(w, at)
		}
	}
	return nil
}

// dominators fills idom: semidominators from the last place to the first, a node's
// dominator or a node that shares it as soon as its semidominator's subtree is linked,
// and the rest on the way down.
func (f *flowgraph) dominators(ctx context.Context, g *Graph) error {
	count := int32(len(f.node))
	ints := func(start func(int32) int32) []int32 {
		s := make([]int32, count)
		for i := range s {
			s[i] = start(int32(i))
		}
		return s
	}
	self := func(i int32) int32 { return i }
	none := func(int32) int32 { return -1 }
	f.semi, f.label, f.idom = ints(self), ints(self), ints(self)
	f.ancestor = ints(none)
	waiting, next := ints(none), ints(none) // nodes by semidominator, as linked lists
	in := g.incoming()
	for w := count - 1; w > 0; w-- {
		if err := due(ctx, int(w)); err != nil {
			return err
		}
		if f.apex[w] {
			f.semi[w] = 0
		} else {
			for _, tail := range in.of(f.node[w]) {
				if v := f.place[tail]; v != 0 {
					f.semi[w] = min(f.semi[w], f.semi[f.eval(v)])
				}
			}
		}
		next[w], waiting[f.semi[w]] = waiting[f.semi[w]], w
		p := f.parent[w]
		f.ancestor[w] = p
		for v := waiting[p]; v >= 0; v = next[v] {
			if u := f.eval(v); f.semi[u] < f.semi[v] {
				f.idom[v] = u
			} else {
				f.idom[v] = p
			}
		}
		waiting[p] = -1
	}
	for w := int32(1); w < count; w++ {
		if f.idom[w] != f.semi[w] {
			f.idom[w] = f.idom[f.idom[w]]
		}
	}
	return nil
}

// eval returns the node of least semidominator on the way from v to the root of its
// linked tree, the root left out, and shortens that way.
func (f *flowgraph) eval(v int32) int32 {
	if f.ancestor[v] < 0 {
		return f.label[v]
	}
	f.path = f.path[:0]
	for u := v; f.ancestor[f.ancestor[u]] >= 0; u = f.ancestor[u] {
		f.path = append(f.path, u)
	}
	for _, u := range slices.Backward(f.path) {
		a := f.ancestor[u]
		if f.semi[f.label[a]] < f.semi[f.label[u]] {
			f.label[u] = f.label[a]
		}
		f.ancestor[u] = f.ancestor[a]
	}
	return f.label[v]
}

// tree names the places by their nodes again, counts subtrees and lays the tree out.
func (f *flowgraph) tree() *Dominators {
	n, count := len(f.place), int32(len(f.node))
	d := &Dominators{Idom: make([]int32, n), Cut: make([]int32, n), enter: make([]int32, n), order: make([]int32, count-1)}
	for v := range n {
		d.Idom[v] = Unreachable
	}
	for w := count - 1; w > 0; w-- { // a dominator has a smaller place than what it dominates
		v, above := f.node[w], f.node[f.idom[w]]
		d.Idom[v] = above // the super-root's -1 is Root
		d.Cut[v]++
		if above >= 0 {
			d.Cut[above] += d.Cut[v]
		}
	}
	free := make([]int32, n) // the first place of the walk not yet given away below a node
	top := int32(0)
	for w := int32(1); w < count; w++ {
		v := f.node[w]
		at := &top
		if above := d.Idom[v]; above >= 0 {
			at = &free[above]
		}
		d.enter[v] = *at
		*at += d.Cut[v]
		free[v] = d.enter[v] + 1
		d.order[d.enter[v]] = v
	}
	return d
}
