package queries

import (
	"cmp"
	"context"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/structure"
)

// Chain is a chain of command: who stands above whom. In the chain of units a post through
// which one institution commands another stands between the two. Such a post can cut units
// off, but does not count as cut off.
type Chain struct {
	// Nodes that stand above or below another, and Arcs between them.
	Nodes, Arcs int
	// Apexes have nobody above them, except nodes that they are above themselves: every
	// member of a cycle at the top is one. By kind and id.
	Apexes    []Ref
	ApexCount int
	// Points are those whose loss cuts others off from every apex, those that cut most
	// off first, then by kind and id.
	Points     []CommandPoint
	PointCount int
}

// CommandPoint is a node and those who are cut off from every apex without it.
type CommandPoint struct {
	Node Ref
	// Superior is the immediate dominator: the nearest other node that every line from an
	// apex to this one passes. Nil for an apex, and if there is no such node.
	Superior *Ref
	// CutOff is how many others lose every line to an apex if this one goes: posts in the
	// chain of posts, institutions and groups in the chain of units.
	CutOff int
	// Gone are the first of them, by kind and id. Ties are those that put the node above
	// them, the surest first.
	Gone []Ref
	Ties []Step
}

// CommandLines says by which lines an institution depends on those above it.
type CommandLines struct {
	Institution Ref
	// Apex: nobody is above it, except in its own cycle. Lines and cuts are then those of
	// what else leads to it.
	Apex bool
	// Lines is the largest number of lines from apexes to it that share no node, not even an
	// apex. Cut is as many nodes whose loss leaves no line (Menger's theorem); of one line
	// the nearest.
	Lines int
	Cut   []Ref
	// Uncuttable: an apex stands directly above it, so no node between them can be lost.
	// Between is the smallest set of nodes below the apexes that all other lines pass.
	Uncuttable bool
	Between    []Ref
	// Below is how many institutions and groups it cuts off itself.
	Below int
}

// chain is a chain of command as a graph of the nodes that take part in it.
type chain struct {
	nodes  []int32         // by place, ascending
	place  map[int32]int32 // of a node
	arcs   []commandArc
	g      *structure.Graph
	apexes []int32 // places
	tree   *structure.Dominators
	units  bool    // posts do not count
	below  []int32 // how many nodes that count each place cuts off
}

// commandArc says that one node stands above another, by a tie.
type commandArc struct{ above, below, tie int32 }

// command works out the chains of units and of posts.
func (q *broking) command(ctx context.Context, r *BrokersReport) error {
	units := &chain{units: true, arcs: unitArcs(q.s, q.in.StateOnly)}
	if err := units.build(ctx, q.s); err != nil {
		return err
	}
	posts := &chain{arcs: postArcs(q.s)}
	if err := posts.build(ctx, q.s); err != nil {
		return err
	}
	r.Units, r.Posts = q.chain(units), q.chain(posts)
	return q.lines(ctx, units, r)
}

// postArcs: a post is above those that report to it.
func postArcs(s *projection.Snapshot) []commandArc {
	var arcs []commandArc
	lo, hi := s.OfType(graph.ReportsTo)
	for t := lo; t < hi; t++ {
		if tie := s.Tie(t); tie.Probability > 0 {
			arcs = append(arcs, commandArc{tie.To, tie.From, t})
		}
	}
	return arcs
}

// unitArcs: an institution is above its parts of class command and, through the post
// in it, above those with a post that reports there; a group above its sub-groups and
// wings and above what it controls by command. Groups are left out for the state alone.
func unitArcs(s *projection.Snapshot, state bool) []commandArc {
	var arcs []commandArc
	add := func(above, below, t int32) {
		if above == below || state && (s.Kind(above) == graph.Group || s.Kind(below) == graph.Group) {
			return
		}
		arcs = append(arcs, commandArc{above, below, t})
	}
	leads := map[int32]bool{} // posts above an institution they are not in
	for t := range s.Ties() {
		tie := s.Tie(t)
		switch {
		case tie.Probability == 0:
		case tie.Type == graph.PartOf && s.Kind(tie.From) == graph.Group && s.Kind(tie.To) == graph.Group && tie.Class != projection.InformalClass,
			tie.Type == graph.PartOf && s.Kind(tie.To) == graph.Institution && tie.Class == projection.CommandClass,
			tie.Type == graph.WingOf:
			add(tie.To, tie.From, t)
		case tie.Type == graph.Controls && s.Kind(tie.To) == graph.Institution && commands(tie.Form):
			add(tie.From, tie.To, t)
		case tie.Type == graph.ReportsTo:
			within := bodiesOf(s, tie.To)
			for _, body := range bodiesOf(s, tie.From) {
				if body >= 0 && !slices.Contains(within, body) {
					add(tie.To, body, t)
					leads[tie.To] = true
				}
			}
		}
	}
	lo, hi := s.OfType(graph.PostIn)
	for t := lo; t < hi; t++ {
		if tie := s.Tie(t); leads[tie.From] && tie.Probability > 0 {
			add(tie.To, tie.From, t)
		}
	}
	return arcs
}

// commands reports whether a form of CONTROLS counts for COMMAND.
func commands(f projection.Form) bool {
	return f == projection.Command || f == projection.DeFacto || f == projection.NoForm
}

// build makes the graph of the arcs and its tree of dominators.
func (c *chain) build(ctx context.Context, s *projection.Snapshot) error {
	c.place = map[int32]int32{}
	for _, a := range c.arcs {
		c.nodes = append(c.nodes, a.above, a.below)
	}
	slices.Sort(c.nodes)
	c.nodes = slices.Compact(c.nodes)
	for i, v := range c.nodes {
		c.place[v] = int32(i)
	}
	ties := make([][2]int32, len(c.arcs))
	for i, a := range c.arcs {
		ties[i] = [2]int32{c.place[a.above], c.place[a.below]}
	}
	var err error
	if c.g, err = structure.New(len(c.nodes), ties, structure.Directed); err != nil {
		return err
	}
	if c.apexes, err = structure.Apexes(ctx, c.g, structure.Mask{}); err != nil {
		return err
	}
	if c.tree, err = structure.DominatorsOf(ctx, c.g, c.apexes, structure.Mask{}); err != nil {
		return err
	}
	c.below = make([]int32, len(c.nodes))
	for top, above := range c.tree.Idom {
		if above != structure.Root {
			continue
		}
		for _, p := range slices.Backward(c.tree.CutOff(int32(top))) { // what is dominated first
			if up := c.tree.Idom[p]; up >= 0 {
				c.below[up] += c.below[p] + c.one(s, p)
			}
		}
	}
	return nil
}

// one is 1 for a place that counts as cut off, otherwise 0.
func (c *chain) one(s *projection.Snapshot, place int32) int32 {
	if c.units && s.Kind(c.nodes[place]) == graph.Post {
		return 0
	}
	return 1
}

func (c *chain) refs(s *projection.Snapshot, places []int32) []Ref {
	refs := make([]Ref, len(places))
	for i, p := range places {
		refs[i] = s.Ref(c.nodes[p])
	}
	return refs
}

// superior is the immediate dominator of a place.
func (c *chain) superior(s *projection.Snapshot, place int32) *Ref {
	if above := c.tree.Idom[place]; above >= 0 {
		return new(s.Ref(c.nodes[above]))
	}
	return nil
}

// chain reports the single points of failure of a chain.
func (q *broking) chain(c *chain) Chain {
	r := Chain{Nodes: len(c.nodes), Arcs: c.g.Ties(), ApexCount: len(c.apexes)}
	r.Apexes = c.refs(q.s, c.apexes[:q.top(len(c.apexes))])
	var points []int32
	for p, v := range c.nodes {
		if q.named[v] || q.named == nil && c.below[p] > 0 {
			points = append(points, int32(p))
		}
	}
	slices.SortStableFunc(points, func(a, b int32) int { return cmp.Compare(c.below[b], c.below[a]) })
	r.PointCount = len(points)
	for _, p := range points[:q.top(len(points))] {
		point := CommandPoint{Node: q.s.Ref(c.nodes[p]), Superior: c.superior(q.s, p), CutOff: int(c.below[p])}
		var gone []int32
		for _, below := range c.tree.CutOff(p)[1:] {
			if c.one(q.s, below) > 0 {
				gone = append(gone, below)
			}
		}
		slices.Sort(gone)
		point.Gone = c.refs(q.s, gone[:min(q.in.Evidence, len(gone))])
		point.Ties = q.evidence(c.nodes[p], c.surest(q.s, p))
		r.Points = append(r.Points, point)
	}
	return r
}

// surest returns the surest tie of each arc from a place to one that it cuts off.
func (c *chain) surest(s *projection.Snapshot, place int32) []int32 {
	best := map[int32]int32{}
	for _, a := range c.arcs {
		if below := c.place[a.below]; a.above != c.nodes[place] || below == place || !c.tree.Dominates(place, below) {
			continue
		}
		if old, ok := best[a.below]; !ok || s.Tie(old).Probability < s.Tie(a.tie).Probability {
			best[a.below] = a.tie
		}
	}
	var out []int32
	for _, t := range best {
		out = append(out, t)
	}
	slices.Sort(out) // one line between posts may lead to several institutions
	return slices.Compact(out)
}

// lines reports by which lines each institution depends on those above it.
func (q *broking) lines(ctx context.Context, c *chain, r *BrokersReport) error {
	kept, top, err := c.belowApexes()
	if err != nil {
		return err
	}
	type row struct {
		place, lines int32
		cut          []int32
	}
	var rows []row
	for p, v := range c.nodes {
		place := int32(p)
		_, apex := slices.BinarySearch(c.apexes, place)
		if q.s.Kind(v) != graph.Institution || !q.named[v] && (q.named != nil || apex) {
			continue
		}
		w := row{place: place, lines: 1, cut: []int32{c.tree.Idom[place]}}
		if w.cut[0] < 0 {
			cut, err := structure.Redundancy(ctx, c.g, c.apexes, place, structure.Mask{})
			if err != nil {
				return err
			}
			w.lines, w.cut = int32(cut.Lines), cut.Nodes
			if apex {
				w.lines = int32(len(cut.Nodes))
			}
		}
		if w.lines == 1 && !apex {
			r.OneLine++
		}
		rows = append(rows, w)
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.lines, b.lines), cmp.Compare(c.below[b.place], c.below[a.place]))
	})
	r.LineCount = len(rows)
	for _, w := range rows[:q.top(len(rows))] {
		_, apex := slices.BinarySearch(c.apexes, w.place)
		l := CommandLines{
			Institution: q.s.Ref(c.nodes[w.place]), Apex: apex, Lines: int(w.lines), Cut: c.refs(q.s, w.cut), Below: int(c.below[w.place]),
		}
		if !apex {
			cut, err := structure.MinNodeCut(ctx, kept, top, w.place, structure.Mask{})
			if err != nil {
				return err
			}
			l.Uncuttable, l.Between = cut.Uncuttable, c.refs(q.s, cut.Nodes)
		}
		r.Lines = append(r.Lines, l)
	}
	return nil
}

// belowApexes is the chain with all apexes contracted into one further node, top, which
// cannot be lost.
func (c *chain) belowApexes() (g *structure.Graph, top int32, err error) {
	top = int32(len(c.nodes))
	at := func(v int32) int32 {
		place := c.place[v]
		if _, apex := slices.BinarySearch(c.apexes, place); apex {
			return top
		}
		return place
	}
	ties := make([][2]int32, len(c.arcs))
	for i, a := range c.arcs {
		ties[i] = [2]int32{at(a.above), at(a.below)}
	}
	g, err = structure.New(len(c.nodes)+1, ties, structure.Directed)
	return g, top, err
}
