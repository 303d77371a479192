// Articulation points and bridges, and what the loss of each single node leaves connected.
//
// Invariant: low is the least place that the finished part of a subtree has a tie to; a
// child subtree comes off with its parent if that place is not above the parent.
// Source: Hopcroft and Tarjan, CACM 16, Algorithm 447, 1973.
// Cost: O(n+m) time, 40 bytes a node.

package structure

import (
	"context"
	"fmt"
	"slices"
)

// Cuts says what the loss of any single node or tie does to an undirected network.
type Cuts struct {
	// Articulation is the nodes whose loss parts their component, ascending.
	Articulation []int32
	// Bridges is the ties whose loss parts their component, the smaller node first,
	// ascending.
	Bridges [][2]int32

	kept     []int64 // ordered pairs still connected once the node is gone too
	left     int     // nodes the mask leaves
	original int
	pieceOff []int32 // by place in Articulation
	pieces   []int32
}

// Without returns F once v is gone besides the nodes the mask removes, as
// [FragmentationOf] does for the larger mask: Original is against all nodes of the
// graph. For a node that the mask removes already it is F as it stands.
func (c *Cuts) Without(v int32) (Share, error) {
	if v < 0 || int(v) >= len(c.kept) {
		return Share{}, fmt.Errorf("%w: %d in a graph of %d nodes", ErrNode, v, len(c.kept))
	}
	if c.kept[v] < 0 {
		return shareOf(float64(-1-c.kept[v]), c.left, c.original), nil
	}
	return shareOf(float64(c.kept[v]), c.left-1, c.original), nil
}

// Pieces returns the sizes, descending, of what the component of v falls into when v
// goes; nil unless v is an articulation point. Do not write to it.
func (c *Cuts) Pieces(v int32) []int32 {
	i, found := slices.BinarySearch(c.Articulation, v)
	if !found {
		return nil
	}
	return c.pieces[c.pieceOff[i]:c.pieceOff[i+1]]
}

// CutsOf finds the articulation points and bridges of g without the removed nodes and
// the fragmentation that each single further loss would leave, for all nodes together.
//
// It fails with ErrDirected, ErrMask, or ctx's error. O(n+m) time, 40 bytes a node: one
// depth-first search with lowpoints (Hopcroft and Tarjan, CACM 16, Algorithm 447, 1973),
// without recursion. To the lowpoints it adds the sizes of subtrees: when v goes, each
// child subtree that reaches no higher than v is a piece, and so is the rest.
func CutsOf(ctx context.Context, g *Graph, removed Mask) (*Cuts, error) {
	if err := g.undirectedOnly("cuts"); err != nil {
		return nil, err
	}
	removed, err := g.fit(removed)
	if err != nil {
		return nil, err
	}
	d := newLowpoints(g)
	if err := d.run(ctx, removed); err != nil {
		return nil, err
	}
	c := &Cuts{kept: make([]int64, g.n), left: d.left, original: g.n}
	for v := range int32(g.n) {
		switch {
		case removed.has(v):
			c.kept[v] = -1 - d.pairs
		default:
			c.kept[v] = d.without(v)
			if d.parts(v) > 1 {
				c.Articulation = append(c.Articulation, v)
			}
		}
	}
	c.collectBridges(d)
	c.collectPieces(d)
	return c, nil
}

func (c *Cuts) collectBridges(d *lowpoints) {
	for _, v := range d.order {
		if p := d.parent[v]; p >= 0 && d.low[v] > d.found[p] {
			c.Bridges = append(c.Bridges, [2]int32{min(v, p), max(v, p)})
		}
	}
	slices.SortFunc(c.Bridges, func(a, b [2]int32) int { return slices.Compare(a[:], b[:]) })
}

func (c *Cuts) collectPieces(d *lowpoints) {
	byCut := make([][]int32, len(c.Articulation))
	for _, v := range d.order {
		if !d.cutOff(v) {
			continue
		}
		if i, found := slices.BinarySearch(c.Articulation, d.parent[v]); found {
			byCut[i] = append(byCut[i], d.size[v])
		}
	}
	c.pieceOff = make([]int32, 1, len(byCut)+1)
	for i, v := range c.Articulation {
		if rest := d.rest(v); rest > 0 {
			byCut[i] = append(byCut[i], rest)
		}
		slices.Sort(byCut[i])
		slices.Reverse(byCut[i])
		c.pieces = append(c.pieces, byCut[i]...)
		c.pieceOff = append(c.pieceOff, int32(len(c.pieces)))
	}
}

// lowpoints is a depth-first search of an undirected graph and its scratch, which a
// further run uses again.
type lowpoints struct {
	g      *Graph
	order  []int32 // nodes as they were found
	found  []int32 // place in order, from 1; 0 for nodes not found
	low    []int32 // least place that the subtree has a tie to
	parent []int32 // -1 for the first node of a component
	cursor []int32 // next arc to look at
	size   []int32 // of the subtree
	whole  []int32 // nodes of the component, at its first node; else that first node, as -1-node
	off    []int32 // nodes in child subtrees that come off with this node
	cut    []int32 // number of such subtrees
	joined []int64 // ordered pairs inside them
	left   int     // nodes found
	pairs  int64   // ordered pairs connected
}

func newLowpoints(g *Graph) *lowpoints {
	ints := func() []int32 { return make([]int32, g.n) }
	return &lowpoints{
		g: g, order: make([]int32, 0, g.n), found: ints(), low: ints(), parent: ints(), cursor: ints(),
		size: ints(), whole: ints(), off: ints(), cut: ints(), joined: make([]int64, g.n),
	}
}

// run searches all that removed leaves.
func (d *lowpoints) run(ctx context.Context, removed Mask) error {
	if err := ctx.Err(); err != nil { // a search of key sets runs many small graphs
		return err
	}
	d.order, d.pairs = d.order[:0], 0
	clear(d.found)
	for root := range int32(d.g.n) {
		if removed.has(root) || d.found[root] != 0 {
			continue
		}
		first := len(d.order)
		if err := d.component(ctx, removed, root); err != nil {
			return err
		}
		whole := int32(len(d.order) - first)
		for _, v := range d.order[first:] {
			d.whole[v] = -1 - root
		}
		d.whole[root] = whole
		d.pairs += ordered(whole)
	}
	d.left = len(d.order)
	return nil
}

// component searches from root.
func (d *lowpoints) component(ctx context.Context, removed Mask, root int32) error {
	to := d.g.rows.to
	d.enter(root, -1)
	for v := root; v >= 0; {
		if d.cursor[v] < d.g.rows.off[v+1] {
			w := to[d.cursor[v]]
			d.cursor[v]++
			switch {
			case removed.has(w) || w == d.parent[v]: // the graph is simple: one tie to the parent
			case d.found[w] == 0:
				if err := due(ctx, len(d.order)); err != nil {
					return err
				}
				d.enter(w, v)
				v = w
			default:
				d.low[v] = min(d.low[v], d.found[w])
			}
			continue
		}
		p := d.parent[v]
		if p >= 0 {
			d.size[p] += d.size[v]
			d.low[p] = min(d.low[p], d.low[v])
			if d.cutOff(v) {
				d.off[p] += d.size[v]
				d.cut[p]++
				d.joined[p] += ordered(d.size[v])
			}
		}
		v = p
	}
	return nil
}

func (d *lowpoints) enter(v, parent int32) {
	d.order = append(d.order, v)
	place := int32(len(d.order))
	d.found[v], d.low[v], d.parent[v], d.cursor[v] = place, place, parent, d.g.rows.off[v]
	d.size[v], d.off[v], d.cut[v], d.joined[v] = 1, 0, 0, 0
}

// cutOff reports whether the subtree of v comes off when its parent goes.
func (d *lowpoints) cutOff(v int32) bool {
	p := d.parent[v]
	return p >= 0 && d.low[v] >= d.found[p]
}

// componentSize returns the number of nodes of v's component.
func (d *lowpoints) componentSize(v int32) int32 {
	if d.parent[v] < 0 {
		return d.whole[v]
	}
	return d.whole[-1-d.whole[v]]
}

// rest is what stays together above v when v goes.
func (d *lowpoints) rest(v int32) int32 { return d.componentSize(v) - 1 - d.off[v] }

// parts is the number of pieces that v's component falls into when v goes.
func (d *lowpoints) parts(v int32) int32 {
	if d.rest(v) > 0 {
		return d.cut[v] + 1
	}
	return d.cut[v]
}

// without is the number of ordered pairs that stay connected when v goes.
func (d *lowpoints) without(v int32) int64 {
	return d.pairs - ordered(d.componentSize(v)) + d.joined[v] + ordered(d.rest(v))
}

// ordered is the number of ordered pairs of s nodes.
func ordered(s int32) int64 { return int64(s) * int64(s-1) }
