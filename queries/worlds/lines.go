// The lines of command of a picture: their connected parts, in an order to follow them down.
//
// Invariant: the desks of a part stand superiors before subordinates, but for the members of one
// strongly connected component, which stand together.
// Source: R. Tarjan 1972, SIAM J. Comput. 1:146: components are closed in that order.
// Cost: O(n log n + m) for n posts and m lines, once for a model: of two parts that are joined
// the smaller is moved.

package worlds

import (
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// lineGraph is the graph of REPORTS_TO over the posts that have such ties: its connected parts,
// the order in which lines are followed down, and the strongly connected components of
// several posts.
type lineGraph struct {
	s     *projection.Snapshot
	first int32 // number of the first post
	parts []linePart

	part []int32 // by post, while parts are joined: its connected part, or none

	desks *desks
	spots []spot // by desk, and one more that ends the ranges of the last
	ups   []line
	downs []int32 // desks below
}

// linePart is one connected part.
type linePart struct {
	posts []int32 // superiors before subordinates as far as there is no cycle
	desks []int32 // those of the posts
	// sccs are its strongly connected components of several desks.
	sccs   []scc
	cyclic bool
}

// scc is a strongly connected component of several desks, with the lines that lead up from
// them. In a world in which not all of these stand it may fall apart into several.
type scc struct {
	desks  []int32
	within []sccLine // lines from one desk of the set to another, by their places in desks
	out    []sccLine // lines that leave it
}

// sccLine is a line, by its number among all, from a desk of a component.
type sccLine struct{ line, from, to int32 }

// spot is where a desk stands in the lines.
type spot struct {
	part, place int32 // its connected part, none for a post without lines; its place there
	// up and down are the first of its lines up, and of the desks below it.
	up, down int32
}

// line leads from a desk to one above it.
type line struct{ tie, to int32 }

func newLineGraph(s *projection.Snapshot, d *desks) *lineGraph {
	lo, hi := s.Range(graph.Post)
	g := &lineGraph{s: s, first: lo, part: make([]int32, hi-lo), desks: d}
	for i := range g.part {
		g.part[i] = none
	}
	var several [][]int32
	for _, set := range g.sccs() {
		// Tarjan's algorithm closes a component when everything its members report to is
		// closed: superiors come first.
		g.join(set)
		if len(set) > 1 {
			several = append(several, set)
		}
	}
	g.numberDesks()
	for _, set := range several {
		g.addSCC(set)
	}
	for i := range d.seats {
		d.seats[i].part = g.spots[d.seats[i].desk].part
	}
	g.part = nil
	return g
}

// numberDesks puts desks for the posts of the parts, and lists the lines by desk.
func (g *lineGraph) numberDesks() {
	rows := g.desks.rows[:len(g.desks.rows)-1]
	g.spots = make([]spot, 0, len(rows)+1)
	for i := range rows {
		post := rows[i].post
		g.spots = append(g.spots, spot{
			part: g.part[post-g.first], up: int32(len(g.ups)), down: int32(len(g.downs)),
		})
		for _, t := range g.s.Out(graph.ReportsTo, post) {
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
}

// addSCC notes a strongly connected component, of posts.
func (g *lineGraph) addSCC(set []int32) {
	c, place := scc{}, map[int32]int32{}
	for i, post := range set {
		desk := g.desks.deskOf(post)
		c.desks = append(c.desks, desk)
		place[desk] = int32(i)
	}
	for i, desk := range c.desks {
		for up := g.spots[desk].up; up < g.spots[desk+1].up; up++ {
			if to, in := place[g.ups[up].to]; in {
				c.within = append(c.within, sccLine{up, int32(i), to})
			} else {
				c.out = append(c.out, sccLine{line: up, from: int32(i)})
			}
		}
	}
	part := &g.parts[g.spots[c.desks[0]].part]
	part.sccs = append(part.sccs, c)
}

// join puts a strongly connected component into the part it touches, joining parts
// that it connects.
func (g *lineGraph) join(set []int32) {
	joined := int32(-1)
	for _, post := range set {
		for _, t := range g.s.Out(graph.ReportsTo, post) {
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

// sccs returns the strongly connected components of the posts that have lines,
// superiors first.
func (g *lineGraph) sccs() [][]int32 {
	ups := make([][]int32, len(g.part))
	for i := range ups {
		for _, t := range g.s.Out(graph.ReportsTo, int32(i)+g.first) {
			ups[i] = append(ups[i], g.s.Tie(t).To-g.first)
		}
	}
	set, sets := stronglyConnected(ups)
	out := make([][]int32, sets)
	for i := range ups {
		if post := int32(i) + g.first; g.hasLines(post) {
			out[set[i]] = append(out[set[i]], post)
		}
	}
	return slices.DeleteFunc(out, func(posts []int32) bool { return len(posts) == 0 })
}

func (g *lineGraph) hasLines(post int32) bool {
	return len(g.s.Out(graph.ReportsTo, post))+len(g.s.In(graph.ReportsTo, post)) > 0
}
