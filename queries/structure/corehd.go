// Dismantling: few nodes whose loss leaves only small components.
//
// Invariant: core is the degree of each node in the 2-core of what is left, 0 outside it;
// no entry of a queue is worse than its node is now, so that one that is up to date is the
// best.
// Source: Zdeborová, Zhang and Zhou, Scientific Reports 6:37954, 2016 (CoreHD); Braunstein,
// Dall'Asta, Semerjian and Zdeborová, PNAS 113:12368, 2016 (tree-breaking, reinsertion).
// Cost: O((n + m) log n) time, O(n) memory.

package structure

import (
	"context"
	"fmt"
	"slices"
)

// DismantleOptions say how far [CoreHD] goes.
type DismantleOptions struct {
	// Largest is the size up to which a component is let be; 0 for a hundredth of the
	// nodes, rounded up.
	Largest int
	// K stops after so many removals, without the reinsertion; 0 for no such bound.
	K int
	// Absent nodes are not there before the removal either.
	Absent Mask
	// Candidates are the nodes that may be removed; nil for all. With fewer a network may
	// not come apart: see Dismantling.Left.
	Candidates []int32
}

// Dismantling is a set of nodes whose loss takes a network apart. It is a good set, not
// the smallest: finding that is NP-hard.
type Dismantling struct {
	// Removed nodes in the order in which they were chosen, without those that were put
	// back.
	Removed []int32
	// Decycled is how many removals left no cycle that a candidate is on; Broken how many
	// had been made when the trees were broken too; Reinserted how many of those were put
	// back because no component grew too large by it.
	Decycled, Broken, Reinserted int
	// Left is the size of the largest component that is left.
	Left int
}

// CoreHD looks for few nodes whose loss leaves only small components: the worst that a
// number of removals can do to a network. It removes the node with the most ties in the
// 2-core until there is none, breaks the trees that are left at the node that leaves the
// smallest largest part, and puts back what can be put back, the least harmful first (Zdeborová, Zhang and Zhou, Scientific Reports 6:37954, 2016). Of equal
// nodes the first is taken.
//
// It fails with ErrDirected, ErrMask, ErrNode for a candidate outside the graph, ErrOption
// for a negative bound, or ctx's error. O((n + m) log n) time, O(n) memory.
func CoreHD(ctx context.Context, g *Graph, o DismantleOptions) (Dismantling, error) {
	if err := g.undirectedOnly("CoreHD"); err != nil {
		return Dismantling{}, err
	}
	absent, err := g.fit(o.Absent)
	if err != nil {
		return Dismantling{}, err
	}
	if o.Largest < 0 || o.K < 0 {
		return Dismantling{}, fmt.Errorf("%w: components up to %d nodes, %d removals", ErrOption, o.Largest, o.K)
	}
	d := dismantler{g: g, gone: absent.Clone(), fixed: g.nothing(), most: o.Largest, stop: o.K}
	if d.most == 0 {
		d.most = (g.n - absent.Count() + 99) / 100
	}
	if o.Candidates != nil {
		for v := range int32(g.n) {
			d.fixed.set(v)
		}
		for _, v := range o.Candidates {
			if v < 0 || int(v) >= g.n {
				return Dismantling{}, fmt.Errorf("%w: candidate %d in a graph of %d nodes", ErrNode, v, g.n)
			}
			d.fixed.clear(v)
		}
	}
	return d.run(ctx)
}

// dismantler is the scratch of CoreHD.
type dismantler struct {
	g           *Graph
	gone        Mask // absent or removed
	fixed       Mask // no candidates
	most, stop  int
	removed     []int32
	steps       int
	core        []int32 // by node: its degree in the 2-core, 0 outside it
	parent, sub []int32 // by node: above it in the tree of component, and the size below it
	mark        []int32 // by node: the epoch of the last component that met it
	epoch       int32
}

func (d *dismantler) run(ctx context.Context) (Dismantling, error) {
	var out Dismantling
	if err := d.decycle(ctx); err != nil {
		return out, err
	}
	out.Decycled = len(d.removed)
	if err := d.breakTrees(ctx); err != nil {
		return out, err
	}
	out.Broken = len(d.removed)
	if d.stop == 0 {
		if err := d.putBack(ctx); err != nil {
			return out, err
		}
	}
	out.Reinserted = out.Broken - len(d.removed)
	out.Removed = d.removed
	left, err := ComponentsOf(ctx, d.g, d.gone)
	if err == nil && len(left.Sizes) > 0 {
		out.Left = int(left.Sizes[0])
	}
	return out, err
}

func (d *dismantler) full() bool { return d.stop > 0 && len(d.removed) >= d.stop }

func (d *dismantler) remove(v int32) {
	d.gone.set(v)
	d.removed = append(d.removed, v)
}

func (d *dismantler) due(ctx context.Context) error {
	d.steps++
	return due(ctx, d.steps)
}

// decycle removes the nodes of highest degree in the 2-core until no candidate is in it.
func (d *dismantler) decycle(ctx context.Context) error {
	d.core = make([]int32, d.g.n)
	var loose []int32
	for v := range int32(d.g.n) {
		if d.gone.has(v) {
			continue
		}
		for _, w := range d.g.rows.of(v) {
			if !d.gone.has(w) {
				d.core[v]++
			}
		}
		if d.core[v] == 1 {
			loose = append(loose, v)
		}
	}
	d.peel(loose)
	order := priorityQueue{less: func(a, b entry) bool { return a.key > b.key || a.key == b.key && a.node < b.node }}
	for v, degree := range d.core {
		if degree >= 2 && !d.fixed.has(int32(v)) {
			order.push(entry{int64(degree), int32(v)})
		}
	}
	for len(order.heap) > 0 && !d.full() {
		if err := d.due(ctx); err != nil {
			return err
		}
		top := order.pop()
		switch degree := int64(d.core[top.node]); {
		case degree < 2:
		case degree < top.key: // it fell since it was put there
			order.push(entry{degree, top.node})
		default:
			d.leaveCore(top.node)
			d.remove(top.node)
		}
	}
	return nil
}

// leaveCore takes a node out of the 2-core, and whatever hangs on it by one tie.
func (d *dismantler) leaveCore(v int32) {
	d.core[v] = 0
	var loose []int32
	for _, w := range d.g.rows.of(v) {
		if d.core[w] >= 2 {
			if d.core[w]--; d.core[w] == 1 {
				loose = append(loose, w)
			}
		}
	}
	d.peel(loose)
}

// peel takes nodes with one tie in the core out of it until there is none.
func (d *dismantler) peel(loose []int32) {
	for len(loose) > 0 {
		v := loose[len(loose)-1]
		loose = loose[:len(loose)-1]
		if d.core[v] != 1 {
			continue
		}
		d.core[v] = 0
		for _, w := range d.g.rows.of(v) {
			if d.core[w] > 0 && !d.gone.has(w) {
				if d.core[w]--; d.core[w] == 1 {
					loose = append(loose, w)
				}
			}
		}
	}
}

// breakTrees splits components that are too large, each at the candidate that leaves the
// smallest largest part. A component with a cycle that no candidate is on is searched
// along a tree of it.
func (d *dismantler) breakTrees(ctx context.Context) error {
	all, err := ComponentsOf(ctx, d.g, d.gone)
	if err != nil {
		return err
	}
	d.parent, d.sub, d.mark = make([]int32, d.g.n), make([]int32, d.g.n), make([]int32, d.g.n)
	order := priorityQueue{less: func(a, b entry) bool { return a.key > b.key || a.key == b.key && a.node < b.node }}
	for _, members := range all.Members() {
		order.push(entry{int64(len(members)), members[0]})
	}
	for len(order.heap) > 0 && !d.full() {
		top := order.pop()
		if top.key <= int64(d.most) {
			return nil
		}
		if err := d.due(ctx); err != nil {
			return err
		}
		at := d.middle(top.node)
		if at < 0 {
			continue
		}
		d.remove(at)
		seen := map[int32]bool{}
		for _, w := range d.g.rows.of(at) {
			if d.gone.has(w) || seen[w] {
				continue
			}
			part := d.component(w)
			for _, v := range part {
				if d.g.HasTie(at, v) {
					seen[v] = true
				}
			}
			order.push(entry{int64(len(part)), part[0]})
		}
	}
	return nil
}

// component lists the component of a node, the node first, each after its parent.
func (d *dismantler) component(root int32) []int32 {
	d.parent[root] = root
	list := []int32{root}
	d.epoch++
	d.mark[root] = d.epoch
	for i := 0; i < len(list); i++ {
		for _, w := range d.g.rows.of(list[i]) {
			if !d.gone.has(w) && d.mark[w] != d.epoch {
				d.mark[w] = d.epoch
				d.parent[w] = list[i]
				list = append(list, w)
			}
		}
	}
	return list
}

// middle is the candidate of a component whose loss leaves the smallest largest part, -1
// for none.
func (d *dismantler) middle(root int32) int32 {
	list := d.component(root)
	largest := make(map[int32]int32, len(list))
	best, size := int32(-1), int32(len(list)+1)
	for _, v := range slices.Backward(list) {
		d.sub[v]++
		left := max(largest[v], int32(len(list))-d.sub[v])
		if !d.fixed.has(v) && (left < size || left == size && v < best) {
			best, size = v, left
		}
		if p := d.parent[v]; p != v {
			d.sub[p] += d.sub[v]
			largest[p] = max(largest[p], d.sub[v])
		}
	}
	for _, v := range list {
		d.sub[v] = 0
	}
	return best
}

// putBack returns removed nodes as long as no component gets too large by it, the one
// that makes the smallest component first.
func (d *dismantler) putBack(ctx context.Context) error {
	sets := newDisjointSets(d.g.n)
	for v := range int32(d.g.n) {
		for _, w := range d.g.rows.of(v) {
			if w < v && !d.gone.has(v) && !d.gone.has(w) {
				sets.join(v, w)
			}
		}
	}
	grown := func(v int32) int64 {
		var roots []int32
		size := int64(1)
	next:
		for _, w := range d.g.rows.of(v) {
			if d.gone.has(w) {
				continue
			}
			root := sets.find(w)
			for _, r := range roots {
				if r == root {
					continue next
				}
			}
			roots = append(roots, root)
			size += int64(sets.size[root])
		}
		return size
	}
	order := priorityQueue{less: func(a, b entry) bool { return a.key < b.key || a.key == b.key && a.node < b.node }}
	for _, v := range d.removed {
		order.push(entry{grown(v), v})
	}
	for len(order.heap) > 0 {
		if err := d.due(ctx); err != nil {
			return err
		}
		top := order.pop()
		if size := grown(top.node); size > top.key { // components only grow
			order.push(entry{size, top.node})
			continue
		}
		if top.key > int64(d.most) {
			break
		}
		d.gone.clear(top.node)
		for _, w := range d.g.rows.of(top.node) {
			if !d.gone.has(w) {
				sets.join(top.node, w)
			}
		}
	}
	kept := d.removed[:0]
	for _, v := range d.removed {
		if d.gone.has(v) {
			kept = append(kept, v)
		}
	}
	d.removed = kept
	return nil
}
