package queries

import (
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// lineGraph is the structure of REPORTS_TO: which posts take part, in which
// connected part of it, in which order lines are followed down, and which posts
// are apexes.
//
// An apex is a post that no line leads out of. Command data has cycles and
// several apexes: every post of a strongly connected set that no line leaves is
// an apex, as if one super-root stood above them all.
type lineGraph struct {
	s     *projection.Snapshot
	first int32 // number of the first post
	parts []linePart

	part []int32 // by post, while parts are joined: its connected part, or none
	apex []bool  // by post

	desks *desks
	spots []spot // by desk, and one more that ends the ranges of the last
	ups   []line
	downs []int32 // desks below
}

// linePart is one connected part.
type linePart struct {
	posts  []int32 // superiors before subordinates as far as there is no cycle
	desks  []int32 // the same
	cyclic bool
}

// spot is where a desk stands in the lines.
type spot struct {
	part, place int32 // its connected part, none for a post without lines; its place there
	// up and down are the first of its lines up, and of the desks below it.
	up, down int32
	apex     bool
}

// line leads from a desk to one above it.
type line struct{ tie, to int32 }

func newLineGraph(s *projection.Snapshot, d *desks) *lineGraph {
	lo, hi := s.Range(graph.Post)
	g := &lineGraph{s: s, first: lo, part: make([]int32, hi-lo), apex: make([]bool, hi-lo), desks: d}
	for i := range g.part {
		g.part[i] = none
	}
	setOf := make([]int32, hi-lo)
	for number, set := range g.components() {
		for _, post := range set {
			setOf[post-lo] = int32(number)
		}
		// Tarjan closes a set when everything its members report to is closed:
		// superiors come first.
		top := true
		for _, post := range set {
			a, b := s.Out(graph.ReportsTo, post)
			for t := a; t < b; t++ {
				top = top && setOf[s.Tie(t).To-lo] == int32(number)
			}
		}
		for _, post := range set {
			g.apex[post-lo] = top
		}
		g.join(set)
	}
	g.settle()
	return g
}

// settle turns posts into desks.
func (g *lineGraph) settle() {
	rows := g.desks.rows[:len(g.desks.rows)-1]
	g.spots = make([]spot, 0, len(rows)+1)
	for i := range rows {
		post := rows[i].post
		g.spots = append(g.spots, spot{
			part: g.part[post-g.first], apex: g.apex[post-g.first], up: int32(len(g.ups)), down: int32(len(g.downs)),
		})
		for t, end := g.s.Out(graph.ReportsTo, post); t < end; t++ {
			g.ups = append(g.ups, line{t, g.desks.deskOf(g.s.Tie(t).To)})
		}
		for _, t := range g.s.In(graph.ReportsTo, post) {
			g.downs = append(g.downs, g.desks.deskOf(g.s.Tie(t).From))
		}
	}
	g.spots = append(g.spots, spot{up: int32(len(g.ups)), down: int32(len(g.downs))})
	for i := range g.parts {
		part := &g.parts[i]
		part.desks = make([]int32, len(part.posts))
		for place, post := range part.posts {
			desk := g.desks.deskOf(post)
			part.desks[place], g.spots[desk].place = desk, int32(place)
		}
		part.posts = nil
	}
	g.part, g.apex = nil, nil
}

// join puts a strongly connected set into the part it touches, joining parts
// that it connects.
func (g *lineGraph) join(set []int32) {
	joined := int32(-1)
	for _, post := range set {
		a, b := g.s.Out(graph.ReportsTo, post)
		for t := a; t < b; t++ {
			p := g.part[g.s.Tie(t).To-g.first]
			switch {
			case p < 0 || p == joined:
			case joined < 0:
				joined = p
			default:
				joined = g.merge(joined, p)
			}
		}
	}
	if joined < 0 {
		joined = int32(len(g.parts))
		g.parts = append(g.parts, linePart{})
	}
	part := &g.parts[joined]
	part.posts = append(part.posts, set...)
	part.cyclic = part.cyclic || len(set) > 1
	for _, post := range set {
		g.part[post-g.first] = joined
	}
}

// merge moves the smaller part into the larger and returns it. Superiors stay
// before subordinates: no line connects the two until now.
func (g *lineGraph) merge(a, b int32) int32 {
	if len(g.parts[a].posts) < len(g.parts[b].posts) {
		a, b = b, a
	}
	for _, post := range g.parts[b].posts {
		g.part[post-g.first] = a
	}
	g.parts[a].posts = append(g.parts[a].posts, g.parts[b].posts...)
	g.parts[a].cyclic = g.parts[a].cyclic || g.parts[b].cyclic
	g.parts[b] = linePart{}
	return a
}

// components returns the strongly connected sets of the posts that take part,
// superiors first (Tarjan 1972, SIAM J. Comput. 1:146, iterative). O(posts +
// lines).
func (g *lineGraph) components() [][]int32 {
	n := len(g.part)
	var (
		index   = make([]int32, n)
		low     = make([]int32, n)
		onStack = make([]bool, n)
		stack   []int32
		sets    [][]int32
		next    = int32(1)
	)
	type frame struct{ post, tie, end int32 }
	for root := range int32(n) {
		post := root + g.first
		if index[root] != 0 || !g.takesPart(post) {
			continue
		}
		var calls []frame
		enter := func(post int32) {
			i := post - g.first
			index[i], low[i] = next, next
			next++
			stack = append(stack, post)
			onStack[i] = true
			a, b := g.s.Out(graph.ReportsTo, post)
			calls = append(calls, frame{post, a, b})
		}
		enter(post)
		for len(calls) > 0 {
			f := &calls[len(calls)-1]
			i := f.post - g.first
			if f.tie < f.end {
				to := g.s.Tie(f.tie).To
				f.tie++
				switch j := to - g.first; {
				case index[j] == 0:
					enter(to)
				case onStack[j]:
					low[i] = min(low[i], index[j])
				}
				continue
			}
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				up := calls[len(calls)-1].post - g.first
				low[up] = min(low[up], low[i])
			}
			if low[i] == index[i] {
				at := len(stack) - 1
				for stack[at] != f.post {
					at--
				}
				set := slices.Clone(stack[at:])
				stack = stack[:at]
				for _, member := range set {
					onStack[member-g.first] = false
				}
				sets = append(sets, set)
			}
		}
	}
	return sets
}

func (g *lineGraph) takesPart(post int32) bool {
	a, b := g.s.Out(graph.ReportsTo, post)
	return b > a || len(g.s.In(graph.ReportsTo, post)) > 0
}
