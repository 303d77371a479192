// The graph: adjacency in compressed sparse rows.
//
// Invariant: rows are strictly ascending and without the node itself; an undirected tie
// stands in both rows.
// Cost: O(n+m) to build or to check, 4 bytes an arc; a neighbour is found in O(log degree).

package structure

import (
	"fmt"
	"math"
	"sync"
)

// Direction says whether the ties of a graph point one way.
type Direction uint8

// The two kinds of graph.
const (
	Undirected Direction = iota
	Directed
)

// String returns "undirected" or "directed".
func (d Direction) String() string {
	switch d {
	case Undirected:
		return "undirected"
	case Directed:
		return "directed"
	default:
		return fmt.Sprintf("Direction(%d)", uint8(d))
	}
}

// Graph is an immutable simple graph on the nodes 0..n-1 in compressed sparse rows: the
// neighbours of v are to[off[v]:off[v+1]], ascending. An undirected tie stands in both
// rows, a directed one in the row of its tail. It holds up to
// 2^30-1 nodes and as many ties. The zero Graph has no nodes. It is safe for use by
// several goroutines and must not be copied.
type Graph struct {
	n      int
	rows   rows
	kind   Direction
	merged Merged

	transposed sync.Once // fills heads when incoming is first asked for
	heads      rows
}

// maxSize bounds nodes and ties: twice as many still have 32-bit numbers, for the arcs of
// an undirected graph and for the entries and exits of nodes in MinNodeCut.
const maxSize = math.MaxInt32 / 2

// rows is an adjacency in compressed sparse rows.
type rows struct{ off, to []int32 }

func (r rows) of(v int32) []int32 { return r.to[r.off[v]:r.off[v+1]] }

// Merged says what [New] left out to make a graph simple.
type Merged struct {
	Loops    int // ties of a node to itself
	Parallel int // ties beyond the first between the same two nodes, the same way if directed
}

// New builds a graph of n nodes from the ties between them. A tie of a node to itself
// says nothing about connection, and a second tie between the same nodes nothing more
// than the first: both are left out and counted in [Graph.Merged].
//
// It fails with ErrNode for an id outside 0..n-1 and with ErrSize for more nodes or ties
// than [Graph] can number. O(n+m).
func New(n int, edges [][2]int32, kind Direction) (*Graph, error) {
	if n < 0 || n > maxSize || len(edges) > maxSize {
		return nil, fmt.Errorf("%w: %d nodes and %d ties", ErrSize, n, len(edges))
	}
	if err := knownKind(kind); err != nil {
		return nil, err
	}
	g := &Graph{n: n, kind: kind}
	off := make([]int32, n+1)
	for i, e := range edges {
		for _, v := range e {
			if v < 0 || int(v) >= n {
				return nil, fmt.Errorf("%w: %d in edge %d of a graph of %d nodes", ErrNode, v, i, n)
			}
		}
		if e[0] == e[1] {
			g.merged.Loops++
			continue
		}
		off[e[1]+1]++
		if kind == Undirected {
			off[e[0]+1]++
		}
	}
	for v := range n {
		off[v+1] += off[v]
	}
	from, next := make([]int32, off[n]), append([]int32(nil), off[:n]...)
	put := func(row, v int32) {
		from[next[row]] = v
		next[row]++
	}
	for _, e := range edges {
		if e[0] == e[1] {
			continue
		}
		put(e[1], e[0])
		if kind == Undirected {
			put(e[0], e[1])
		}
	}
	// Rows by head turned round are rows by tail, and ascending.
	g.rows = rows{off, from}.transpose()
	g.dropParallel()
	return g, nil
}

// dropParallel closes up the rows in place so that each neighbour stands in them once.
func (g *Graph) dropParallel() {
	off, to := g.rows.off, g.rows.to
	kept := int32(0)
	for v := range g.n {
		lo, hi, last := off[v], off[v+1], int32(-1)
		off[v] = kept
		for i := lo; i < hi; i++ {
			if to[i] == last {
				g.merged.Parallel++
				continue
			}
			last = to[i]
			to[kept] = last
			kept++
		}
	}
	off[g.n] = kept
	g.rows.to = to[:kept]
	if g.kind == Undirected {
		g.merged.Parallel /= 2
	}
}

// FromCSR wraps adjacency arrays without copying them; the caller must not change them
// any more. off has one entry for each node and one past the last, off[0] is 0, and
// to[off[v]:off[v+1]] are the neighbours of v, strictly ascending and without v: a graph
// with loops or parallel ties goes through [New]. For an undirected graph each tie
// stands in both rows.
//
// It fails with ErrCSR, naming the row, when that is not so, and with ErrSize for more
// nodes or ties than [Graph] can number. O(n+m). That an undirected adjacency is symmetric is seen
// by comparing sums of a 64-bit hash over the arcs one way and the other: an accident
// goes unseen with odds of 2^-64, but a forger could contrive one.
func FromCSR(off, to []int32, kind Direction) (*Graph, error) {
	n := len(off) - 1
	switch {
	case n < 0:
		return nil, fmt.Errorf("%w: no offsets; an empty graph has the one offset 0", ErrCSR)
	case n > maxSize || len(to) > 2*maxSize || kind == Directed && len(to) > maxSize:
		return nil, fmt.Errorf("%w: %d nodes and %d arcs", ErrSize, n, len(to))
	case off[0] != 0 || int(off[n]) != len(to):
		return nil, fmt.Errorf("%w: offsets run from %d to %d over %d arcs", ErrCSR, off[0], off[n], len(to))
	}
	if err := knownKind(kind); err != nil {
		return nil, err
	}
	var there, back uint64
	for v := range int32(n) {
		lo, hi := off[v], off[v+1]
		if lo > hi || int(hi) > len(to) {
			return nil, fmt.Errorf("%w: the row of node %d runs from %d to %d", ErrCSR, v, lo, hi)
		}
		last := int32(-1)
		for _, w := range to[lo:hi] {
			if w <= last || int(w) >= n || w == v {
				return nil, fmt.Errorf("%w: neighbour %d after %d in the row of node %d of %d: rows are strictly ascending, without the node itself",
					ErrCSR, w, last, v, n)
			}
			last = w
			there += arcHash(v, w)
			back += arcHash(w, v)
		}
	}
	if kind == Undirected && there != back {
		return nil, fmt.Errorf("%w: an undirected tie stands in one row only; build with New, or as directed", ErrCSR)
	}
	return &Graph{n: n, rows: rows{off, to}, kind: kind}, nil
}

func knownKind(kind Direction) error {
	if kind > Directed {
		return fmt.Errorf("%w: %v is neither undirected nor directed", ErrOption, kind)
	}
	return nil
}

// arcHash mixes an arc into 64 bits (the finaliser of SplitMix64, Steele et al. 2014).
func arcHash(v, w int32) uint64 {
	x := uint64(uint32(v))<<32 | uint64(uint32(w))
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Nodes returns n.
func (g *Graph) Nodes() int { return g.n }

// Ties returns the number of ties: an undirected one counts once.
func (g *Graph) Ties() int {
	if g.kind == Undirected {
		return len(g.rows.to) / 2
	}
	return len(g.rows.to)
}

// Direction returns whether the ties point one way.
func (g *Graph) Direction() Direction { return g.kind }

// Merged returns what New left out; zero for a graph made by [FromCSR].
func (g *Graph) Merged() Merged { return g.merged }

// Neighbours returns the nodes that v has a tie (if directed, an arc) to, ascending. The
// slice is the graph's own: do not write to it. Empty for an id outside the graph.
func (g *Graph) Neighbours(v int32) []int32 {
	if v < 0 || int(v) >= g.n {
		return nil
	}
	return g.rows.of(v)
}

// HasTie reports whether v has a tie (if directed, an arc) to w. O(log degree).
func (g *Graph) HasTie(v, w int32) bool {
	row := g.Neighbours(v)
	lo, hi := 0, len(row)
	for lo < hi {
		if mid := (lo + hi) / 2; row[mid] < w {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo < len(row) && row[lo] == w
}

// Undirected returns the graph with the direction of its ties dropped: itself if it is
// undirected, else a new graph in which two arcs between the same nodes are one tie.
// O(n+m) time and memory.
func (g *Graph) Undirected() *Graph {
	if g.kind == Undirected {
		return g
	}
	in, out := g.incoming(), g.rows
	u := &Graph{n: g.n, kind: Undirected}
	off, to := make([]int32, g.n+1), make([]int32, 0, 2*len(out.to))
	for v := range int32(g.n) {
		a, b := out.of(v), in.of(v)
		for len(a) > 0 || len(b) > 0 {
			switch {
			case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
				to, a = append(to, a[0]), a[1:]
			case len(a) == 0 || b[0] < a[0]:
				to, b = append(to, b[0]), b[1:]
			default:
				to, a, b = append(to, a[0]), a[1:], b[1:]
			}
		}
		off[v+1] = int32(len(to))
	}
	u.rows = rows{off, to}
	return u
}

// incoming returns the arcs by head. Built on first use, O(n+m), and kept.
func (g *Graph) incoming() rows {
	if g.kind == Undirected {
		return g.rows
	}
	g.transposed.Do(func() { g.heads = g.rows.transpose() })
	return g.heads
}

// transpose returns the rows by head of rows by tail, or the other way, ascending.
func (r rows) transpose() rows {
	n := len(r.off) - 1
	off, to := make([]int32, n+1), make([]int32, len(r.to))
	for _, w := range r.to {
		off[w+1]++
	}
	for v := range n {
		off[v+1] += off[v]
	}
	next := append([]int32(nil), off[:n]...)
	for v := range int32(n) {
		for _, w := range r.of(v) {
			to[next[w]] = v
			next[w]++
		}
	}
	return rows{off, to}
}

// fit checks a mask against the graph and returns it with words, so that kernels need
// not ask for the zero Mask at each node.
func (g *Graph) fit(m Mask) (Mask, error) {
	if m.words == nil && m.n == 0 {
		return g.nothing(), nil
	}
	if m.n != g.n {
		return Mask{}, fmt.Errorf("%w: a mask for %d nodes, a graph of %d", ErrMask, m.n, g.n)
	}
	return m, nil
}

// nothing is a mask of its own that removes nothing.
func (g *Graph) nothing() Mask { return Mask{n: g.n, words: make([]uint64, (g.n+63)/64)} }

// present checks that v is a node that removed leaves.
func (g *Graph) present(removed Mask, v int32) error {
	if v < 0 || int(v) >= g.n {
		return fmt.Errorf("%w: %d in a graph of %d nodes", ErrNode, v, g.n)
	}
	if removed.has(v) {
		return fmt.Errorf("%w: %d is removed by the mask", ErrNode, v)
	}
	return nil
}

// undirectedOnly fails for directed graphs.
func (g *Graph) undirectedOnly(measure string) error {
	if g.kind == Directed {
		return fmt.Errorf("%w: %s; call Undirected first", ErrDirected, measure)
	}
	return nil
}
