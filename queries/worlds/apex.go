// The apexes of a line of command in each world: the posts at its top.
//
// Invariant: a post is an apex of a world if and only if some line of that world leads to or
// from it and none leaves its strongly connected component. Only lines that stand in the
// world count, and no matter who holds the posts. Command data has circles and several
// tops, so every post of such a component is an apex, as if a single root stood above all.
// Source: R. Tarjan 1972, SIAM J. Comput. 1:146 (strongly connected components).
// Cost: O(posts + lines) where a part has no circle: an apex is then a post that a line leads
// to and none from. A component is taken apart once for each pattern of its lines that
// stands, of which there are at most 64 in a block: O(posts + lines) each.

package worlds

import "math/bits"

// apexes works out for the desks of a part in which worlds they are in lines (placed) and in
// which they are apexes.
func (l *lineState) apexes(b *block, part int32) {
	p := &l.g.parts[part]
	for _, desk := range p.desks {
		l.at[desk].placed, l.at[desk].apex = 0, 0
	}
	for _, desk := range p.desks {
		up := uint64(0) // worlds in which a line leads up from it
		for i := l.g.spots[desk].up; i < l.g.spots[desk+1].up; i++ {
			line := l.line(b, i)
			up |= line
			l.at[l.g.ups[i].to].placed |= line
		}
		l.at[desk].placed |= up
		l.at[desk].apex = up
	}
	for _, desk := range p.desks {
		at := &l.at[desk]
		at.apex = at.placed &^ at.apex
	}
	for i := range p.sccs {
		l.apexesIn(b, &p.sccs[i])
	}
}

// apexesIn finds the apexes of posts that are strongly connected in a world where all lines
// stand.
func (l *lineState) apexesIn(b *block, c *scc) {
	for _, desk := range c.desks {
		l.at[desk].apex = 0
	}
	for todo := allLanes; todo != 0; {
		w := bits.TrailingZeros64(todo)
		same := todo
		for _, lines := range [][]sccLine{c.within, c.out} {
			for i := range lines {
				if line := l.line(b, lines[i].line); line>>w&1 == 1 {
					same &= line
				} else {
					same &^= line
				}
			}
		}
		todo &^= same
		stands := func(a sccLine) bool { return l.line(b, a.line)>>w&1 == 1 }
		for _, place := range c.tops(stands) {
			at := &l.at[c.desks[place]]
			at.apex |= same & at.placed
		}
	}
}

// tops returns the places of the desks in strongly connected components that no standing line
// leaves.
func (c *scc) tops(stands func(sccLine) bool) []int32 {
	n := int32(len(c.desks))
	ups := make([][]int32, n)
	for _, a := range c.within {
		if stands(a) {
			ups[a.from] = append(ups[a.from], a.to)
		}
	}
	left := make([]bool, n) // by place: a line leaves all these desks from it
	for _, a := range c.out {
		left[a.from] = left[a.from] || stands(a)
	}
	set, sets := stronglyConnected(ups)
	open := make([]bool, sets)
	for place, list := range ups {
		open[set[place]] = open[set[place]] || left[place]
		for _, up := range list {
			open[set[place]] = open[set[place]] || set[up] != set[place]
		}
	}
	var tops []int32
	for place := range n {
		if !open[set[place]] {
			tops = append(tops, place)
		}
	}
	return tops
}

// stronglyConnected numbers the strongly connected components of a graph, those that others lead to first
// (Tarjan 1972, SIAM J. Comput. 1:146, iterative). O(nodes + arcs).
func stronglyConnected(next [][]int32) (set []int32, sets int32) {
	n := len(next)
	var (
		index, low = make([]int32, n), make([]int32, n)
		at         = make([]int, n) // the next arc to follow
		stack      []int32
		calls      []int32
		count      int32
	)
	set = make([]int32, n)
	for i := range set {
		set[i] = none
	}
	enter := func(v int32) {
		count++
		index[v], low[v] = count, count
		stack, calls = append(stack, v), append(calls, v)
	}
	for root := range int32(n) {
		if index[root] != 0 {
			continue
		}
		for enter(root); len(calls) > 0; {
			v := calls[len(calls)-1]
			if at[v] < len(next[v]) {
				to := next[v][at[v]]
				at[v]++
				if index[to] == 0 {
					enter(to)
				} else if set[to] == none {
					low[v] = min(low[v], index[to])
				}
				continue
			}
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				up := calls[len(calls)-1]
				low[up] = min(low[up], low[v])
			}
			if low[v] != index[v] {
				continue
			}
			for last := none; last != v; {
				last = stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				set[last] = sets
			}
			sets++
		}
	}
	return set, sets
}
