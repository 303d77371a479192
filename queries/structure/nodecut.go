// Minimum node cuts, and as many lines that share no node (Menger).
//
// Invariant: the lines drawn so far share no node between their ends; a node on one knows
// the node before it.
// Source: Ford and Fulkerson, Canad. J. Math. 8, 1956, on nodes split into entry and exit.
// Cost: O(c (n+m)) time for c lines, O(n) memory.

package structure

import (
	"context"
	"fmt"
)

// NodeCut is the smallest set of nodes that lie on all lines from one side to the
// other, and so the number of lines that share no node between (Menger).
type NodeCut struct {
	// Nodes is a smallest cut, ascending: of several that one nearest to the start.
	Nodes []int32
	// Lines is the greatest number of lines that share no node between their ends:
	// len(Nodes), and one more if Uncuttable.
	Lines int
	// Uncuttable is set when a tie leads straight from the start to the end, so that no
	// loss of nodes between can part them; Nodes then parts them but for this tie.
	Uncuttable bool
}

// MinNodeCut finds the fewest nodes, other than s and t, whose loss leaves no line from s
// to t in g without the removed nodes. No line at all is a cut of no nodes.
//
// It fails with ErrNode if s or t is outside the graph or removed, or they are the same;
// ErrMask; or ctx's error. O(c (n+m)) time for c lines, O(n) memory: augmenting paths
// (Ford and Fulkerson, Canad. J. Math. 8, 1956) found breadth first, on the graph with
// each node split into an entry and an exit joined by an arc of capacity 1, all other
// arcs being without bound. The split graph is not built: a node is on one line at most,
// so its residual arcs follow from the node before it on that line.
func MinNodeCut(ctx context.Context, g *Graph, s, t int32, removed Mask) (NodeCut, error) {
	removed, err := g.fit(removed)
	if err != nil {
		return NodeCut{}, err
	}
	for _, v := range []int32{s, t} {
		if err := g.present(removed, v); err != nil {
			return NodeCut{}, err
		}
	}
	if s == t {
		return NodeCut{}, fmt.Errorf("%w: a cut between %d and itself", ErrNode, s)
	}
	cut, err := newLines(g, removed, s, t).cut(ctx, g.rows.of(s))
	if err == nil && g.HasTie(s, t) {
		cut.Uncuttable = true
		cut.Lines++
	}
	return cut, err
}

// Redundancy finds the fewest nodes, apexes included, whose loss leaves t without a line
// from any apex: Lines 2 is two chains of command that share nobody. A single node does
// exactly if t has an immediate dominator, see [DominatorsOf]. An apex that is removed
// counts no more; t being an apex itself, it is Uncuttable.
//
// It fails with ErrNode if t is outside the graph or removed, or an apex is outside;
// ErrMask; or ctx's error. Cost as [MinNodeCut].
func Redundancy(ctx context.Context, g *Graph, apexes []int32, t int32, removed Mask) (NodeCut, error) {
	removed, err := g.fit(removed)
	if err != nil {
		return NodeCut{}, err
	}
	if err := g.present(removed, t); err != nil {
		return NodeCut{}, err
	}
	above := g.nothing()
	for _, a := range apexes {
		if a < 0 || int(a) >= g.n {
			return NodeCut{}, fmt.Errorf("%w: apex %d in a graph of %d nodes", ErrNode, a, g.n)
		}
		above.set(a)
	}
	self := above.has(t)
	above.clear(t)
	var start []int32
	for a := range above.All() {
		start = append(start, a)
	}
	cut, err := newLines(g, removed, Root, t).cut(ctx, start)
	if err == nil && self {
		cut.Uncuttable = true
		cut.Lines++
	}
	return cut, err
}

// lines is a set of lines from s to t that share no node between, and the scratch of the
// search for one more. The states of the search are the entry 2v and the exit 2v+1 of
// each node.
type lines struct {
	g       *Graph
	removed Mask
	s, t    int32   // s may be Root, above the nodes that cut is given
	used    Mask    // nodes on a line
	before  []int32 // of a node on a line: the one before it
	from    []int32 // by state: the state it was found from, plus 2; 1 for the start; 0 if not found
	queue   []int32
}

func newLines(g *Graph, removed Mask, s, t int32) *lines {
	return &lines{
		g: g, removed: removed, s: s, t: t, used: g.nothing(),
		before: make([]int32, g.n), from: make([]int32, 2*g.n),
	}
}

// cut draws lines by way of the start nodes, to which s has ties, until there is no
// room for one more; what the last search came into and not out of is the cut.
func (l *lines) cut(ctx context.Context, start []int32) (NodeCut, error) {
	for {
		found, err := l.another(ctx, start)
		if err != nil {
			return NodeCut{}, err
		}
		if !found {
			break
		}
	}
	c := NodeCut{}
	for v := range int32(l.g.n) {
		if l.from[2*v] != 0 && l.from[2*v+1] == 0 {
			c.Nodes = append(c.Nodes, v)
		}
	}
	c.Lines = len(c.Nodes)
	return c, nil
}

// another looks for one more line and draws it.
func (l *lines) another(ctx context.Context, start []int32) (found bool, err error) {
	clear(l.from)
	l.queue = l.queue[:0]
	for _, v := range start {
		if v != l.t && !l.removed.has(v) {
			l.reach(2*v, -1)
		}
	}
	for done := 0; ; done++ {
		if done == len(l.queue) {
			return false, nil
		}
		if err := due(ctx, done); err != nil {
			return false, err
		}
		state := l.queue[done]
		v := state / 2
		switch onLine := l.used.has(v); {
		case state%2 == 0 && !onLine:
			l.reach(2*v+1, state)
			continue
		case state%2 == 0: // back along the line
			if l.before[v] != l.s {
				l.reach(2*l.before[v]+1, state)
			}
			continue
		case onLine: // undo the passage
			l.reach(2*v, state)
		}
		for _, w := range l.g.rows.of(v) {
			if w == l.t { // the last node of a line is not left twice: nothing undoes this tie
				l.draw(state)
				return true, nil
			}
			if w != l.s && !l.removed.has(w) {
				l.reach(2*w, state)
			}
		}
	}
}

// reach puts a state not found before on the queue.
func (l *lines) reach(state, from int32) {
	if l.from[state] == 0 {
		l.from[state] = from + 2
		l.queue = append(l.queue, state)
	}
}

// draw changes the lines along the way by which the exit state, from which t is one tie
// away, was found. Every state is on that way once, so the order does not matter.
func (l *lines) draw(state int32) {
	for state >= 0 {
		from, v := l.from[state]-2, state/2
		switch entry := state%2 == 0; {
		case entry && from < 0:
			l.before[v] = l.s
		case entry && from/2 == v:
			l.used.clear(v)
		case entry:
			l.before[v] = from / 2
		case from/2 == v:
			l.used.set(v)
		}
		state = from
	}
}
