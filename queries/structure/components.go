// The connected components of an undirected graph, the weak ones of a directed graph.
//
// Invariant: the root of a set of nodes joined so far is its smallest node.
// Source: Tarjan and van Leeuwen, J. ACM 31, 1984 (disjoint sets); Sutton, Ben-Nun and
// Barak, IPDPS 2018 (Afforest: most nodes are joined by their first ties).
// Cost: near O(n+m), O((n+m) log n) at worst; 8 bytes a node.

package structure

import (
	"cmp"
	"context"
	"slices"
)

// Components are the connected components of what a mask leaves, largest first, equal
// ones by their smallest node.
type Components struct {
	// Label is the component of each node, an index of Sizes; -1 for a removed node.
	Label []int32
	// Sizes is the number of nodes of each component, descending.
	Sizes []int32
}

// Members returns the nodes of each component, ascending, in the order of Sizes.
func (c Components) Members() [][]int32 {
	members := make([][]int32, len(c.Sizes))
	for i, size := range c.Sizes {
		members[i] = make([]int32, 0, size)
	}
	for v, label := range c.Label {
		if label >= 0 {
			members[label] = append(members[label], int32(v))
		}
	}
	return members
}

// ComponentsOf returns the connected components of g without the removed nodes; of a
// directed graph the weak ones. It fails with ErrMask, or with ctx's error.
//
// A forest of disjoint sets with halved paths, linked under the smaller root: near
// linear in practice, O((n+m) log n) at worst (Tarjan and van Leeuwen, J. ACM 31, 1984;
// linking by rank would be nearer to linear but lose the smallest node as the root);
// 8 bytes a node. Undirected graphs take the short cut of Afforest (Sutton, Ben-Nun and
// Barak, IPDPS 2018): after the first two ties of every node most nodes are in one
// component, and the remaining ties of its nodes need no look, as those that lead out
// of it stand in the other row too. The departure from the paper is that the largest
// component is counted, not guessed from a random sample, so that no seed is needed.
func ComponentsOf(ctx context.Context, g *Graph, removed Mask) (Components, error) {
	removed, err := g.fit(removed)
	if err != nil {
		return Components{}, err
	}
	root, size, err := joined(ctx, g, removed)
	if err != nil {
		return Components{}, err
	}
	var roots []int32
	for v := range int32(g.n) {
		if size[v] > 0 {
			roots = append(roots, v)
		}
	}
	// A root is the smallest node of its set, so roots stand by smallest node already.
	slices.SortStableFunc(roots, func(a, b int32) int { return cmp.Compare(size[b], size[a]) })
	c := Components{Label: root, Sizes: make([]int32, len(roots))}
	rank := make([]int32, g.n)
	for i, v := range roots {
		c.Sizes[i] = size[v]
		rank[v] = int32(i)
	}
	for v, r := range root {
		if r >= 0 {
			c.Label[v] = rank[r]
		}
	}
	return c, nil
}

// joined returns for each node the smallest node of its component (-1 if removed) and
// for each such smallest node the size of the component (0 for all other nodes).
func joined(ctx context.Context, g *Graph, removed Mask) (root, size []int32, err error) {
	const sampled = 2 // ties of each node looked at before the largest component is known
	root, size = make([]int32, g.n), make([]int32, g.n)
	for v := range root {
		root[v] = int32(v)
	}
	join := func(lo, hi, skip int32) error {
		for v := range int32(g.n) {
			if err := due(ctx, int(v)); err != nil {
				return err
			}
			if removed.has(v) || skip >= 0 && find(root, v) == skip {
				continue
			}
			row := g.rows.of(v)
			for _, w := range row[min(int(lo), len(row)):min(int(hi), len(row))] {
				if !removed.has(w) {
					link(root, v, w)
				}
			}
		}
		return nil
	}
	skip := int32(-1)
	if err := join(0, sampled, skip); err != nil {
		return nil, nil, err
	}
	if g.kind == Undirected {
		skip = largest(root, size)
	}
	if err := join(sampled, int32(g.n), skip); err != nil {
		return nil, nil, err
	}
	clear(size)
	for v := range int32(g.n) {
		if removed.has(v) {
			root[v] = -1
			continue
		}
		root[v] = find(root, v)
		size[root[v]]++
	}
	return root, size, nil
}

// largest returns the root of the largest set; size is scratch.
func largest(root, size []int32) int32 {
	best := int32(-1)
	for v := range int32(len(root)) {
		r := find(root, v)
		size[r]++
		if best < 0 || size[r] > size[best] {
			best = r
		}
	}
	return best
}

// link joins the sets of v and w under the smaller of their roots.
func link(root []int32, v, w int32) {
	a, b := find(root, v), find(root, w)
	if a < b {
		root[b] = a
	} else {
		root[a] = b
	}
}

// find returns the root of v's set and halves the path to it.
func find(root []int32, v int32) int32 {
	for root[v] != v {
		root[v] = root[root[v]]
		v = root[v]
	}
	return v
}
