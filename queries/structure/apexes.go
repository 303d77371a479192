// The sources and top cycles of a directed graph: what nothing outside itself leads into.
//
// Invariant: of the nodes not yet below an apex, the last that the depth-first search left
// lies in a strongly connected set that no arc from outside leads into.
// Source: Kosaraju's algorithm as Sharir gives it, Comput. Math. Appl. 7, 1981.
// Cost: O(n+m) time, O(n) memory.

package structure

import (
	"context"
	"slices"
)

// Apexes returns the nodes of g without the removed ones that nobody outside their own
// circle stands above, ascending: every node of a strongly connected set that no arc from
// outside leads into. A node that no arc leads to is such a set alone, so these are the
// [Sources] and the top cycles; every node is reached from one of them. In an undirected
// graph each tie is an arc both ways and every node is an apex.
//
// It fails with ErrMask, or with ctx's error. O(n+m) time: the last node to be finished by
// a depth-first search lies in such a set, and so does the last that is not below one
// found before (the argument of Kosaraju and Sharir, Comput. Math. Appl. 7, 1981); who
// leads to it is the set.
func Apexes(ctx context.Context, g *Graph, removed Mask) ([]int32, error) {
	removed, err := g.fit(removed)
	if err != nil {
		return nil, err
	}
	order, err := postorder(ctx, g, removed)
	if err != nil {
		return nil, err
	}
	var apexes []int32
	below, above := g.nothing(), g.nothing()
	in := g.incoming()
	for i, v := range slices.Backward(order) {
		if err := due(ctx, i); err != nil {
			return nil, err
		}
		if below.has(v) {
			continue
		}
		reach(g.rows, v, removed, below, nil)
		reach(in, v, removed, above, func(u int32) { apexes = append(apexes, u) })
	}
	slices.Sort(apexes)
	return apexes, nil
}

// reach adds what the rows lead to from v to seen, and calls found with each.
func reach(r rows, v int32, removed, seen Mask, found func(int32)) {
	queue := []int32{v}
	seen.set(v)
	for len(queue) > 0 {
		u := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if found != nil {
			found(u)
		}
		for _, w := range r.of(u) {
			if !removed.has(w) && !seen.has(w) {
				seen.set(w)
				queue = append(queue, w)
			}
		}
	}
}

// postorder lists the nodes in the order in which a depth-first search leaves them.
func postorder(ctx context.Context, g *Graph, removed Mask) ([]int32, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var order, stack []int32
	cursor, found := slices.Clone(g.rows.off[:g.n]), g.nothing()
	for root := range int32(g.n) {
		if removed.has(root) || found.has(root) {
			continue
		}
		found.set(root)
		stack = append(stack, root)
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			if cursor[v] == g.rows.off[v+1] {
				stack = stack[:len(stack)-1]
				order = append(order, v)
				if err := due(ctx, len(order)); err != nil {
					return nil, err
				}
				continue
			}
			w := g.rows.to[cursor[v]]
			cursor[v]++
			if !removed.has(w) && !found.has(w) {
				found.set(w)
				stack = append(stack, w)
			}
		}
	}
	return order, nil
}
