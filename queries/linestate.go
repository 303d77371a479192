package queries

import (
	"math/bits"

	"entangle/graph"
)

// lineState keeps, for a block of worlds, in which of them a post that is held
// has a line to an apex, before the purge and now.
//
// A line may pass vacant posts, at most bridge of them in a row. reach[k] of a
// post holds the worlds in which a line arrives there with exactly k vacant
// posts in a row behind it, the post included.
type lineState struct {
	g      *lineGraph
	before []uint64  // by post: held, with a line, before the purge
	after  []uint64  // by post: held, with a line, now
	known  []bool    // by part: before and after are worked out
	stale  []bool    // by part: a holder was lost since after was worked out
	queue  []int32   // stale parts
	seen   []int32   // parts that were worked out
	vacant [][]int32 // by part: posts that lost a holder since then
	todo   []uint64  // posts to look at, by their place in a part, one to a bit
	ties   memo      // by line
	reach  [][]uint64
}

func newLineState(g *lineGraph, bridge int) lineState {
	posts := len(g.part)
	lo, hi := g.s.OfType(graph.ReportsTo)
	l := lineState{
		g: g, before: make([]uint64, posts), after: make([]uint64, posts),
		known: make([]bool, len(g.parts)), stale: make([]bool, len(g.parts)),
		ties: newMemo(hi - lo), vacant: make([][]int32, len(g.parts)), todo: make([]uint64, posts/64+1), reach: make([][]uint64, bridge+1),
	}
	for k := range l.reach {
		l.reach[k] = make([]uint64, posts)
	}
	return l
}

func (l *lineState) forget() {
	for _, part := range l.seen {
		l.known[part], l.stale[part], l.vacant[part] = false, false, l.vacant[part][:0]
	}
	l.seen, l.queue = l.seen[:0], l.queue[:0]
	l.ties.forget()
}

// vacate notes that a holder of the post was lost.
func (l *lineState) vacate(post int32) {
	part := l.g.part[post-l.g.first]
	if part < 0 {
		return
	}
	l.vacant[part] = append(l.vacant[part], post)
	if !l.stale[part] {
		l.stale[part] = true
		l.queue = append(l.queue, part)
		if !l.known[part] {
			l.seen = append(l.seen, part)
		}
	}
}

// part makes sure that the lines of a post's part are worked out; it returns
// false for a post without lines.
func (l *lineState) part(b *block, post int32) bool {
	part := l.g.part[post-l.g.first]
	if part < 0 {
		return false
	}
	if !l.known[part] {
		if !l.stale[part] {
			l.seen = append(l.seen, part)
		}
		l.known[part] = true
		l.walk(b, part, b.occupied, l.before)
		for _, p := range l.g.parts[part].posts {
			l.after[p-l.g.first] = l.before[p-l.g.first]
		}
	}
	return true
}

// update works stale parts out again and returns the institutions whose posts
// lost a line.
func (l *lineState) update(b *block) []int32 {
	var bodies []int32
	for _, part := range l.queue {
		p := &l.g.parts[part]
		l.part(b, p.posts[0])
		changed := func(post int32) {
			lo, hi := b.s.Out(graph.PostIn, post)
			for t := lo; t < hi; t++ {
				bodies = append(bodies, b.s.Tie(t).To)
			}
		}
		if p.cyclic {
			l.again(b, part, changed)
		} else {
			l.below(b, part, changed)
		}
		l.stale[part], l.vacant[part] = false, l.vacant[part][:0]
	}
	l.queue = l.queue[:0]
	return bodies
}

// again works a whole part out.
func (l *lineState) again(b *block, part int32, changed func(post int32)) {
	posts := l.g.parts[part].posts
	old := make([]uint64, len(posts))
	for i, p := range posts {
		old[i] = l.after[p-l.g.first]
	}
	l.walk(b, part, b.kept, l.after)
	for i, p := range posts {
		if l.after[p-l.g.first] != old[i] {
			changed(p)
		}
	}
}

// below works out the vacated posts of a part without cycles, and, superiors
// before subordinates, what stands below a post that changed.
func (l *lineState) below(b *block, part int32, changed func(post int32)) {
	posts := l.g.parts[part].posts
	for _, post := range l.vacant[part] {
		at := l.g.place[post-l.g.first]
		l.todo[at/64] |= 1 << (at % 64)
	}
	for word := range l.todo[:len(posts)/64+1] {
		for l.todo[word] != 0 {
			bit := bits.TrailingZeros64(l.todo[word])
			l.todo[word] &^= 1 << bit
			post := posts[word*64+bit]
			i := post - l.g.first
			var old [maxBridge + 1]uint64
			for k := range l.reach {
				old[k], l.reach[k][i] = l.reach[k][i], 0
			}
			l.step(b, post, b.kept(post), len(l.reach)-1)
			same := true
			for k := range l.reach {
				same = same && l.reach[k][i] == old[k]
			}
			if same {
				continue
			}
			if l.after[i] != l.reach[0][i] {
				l.after[i] = l.reach[0][i]
				changed(post)
			}
			for _, t := range b.s.In(graph.ReportsTo, post) {
				at := l.g.place[b.s.Tie(t).From-l.g.first]
				l.todo[at/64] |= 1 << (at % 64)
			}
		}
	}
}

// walk follows the lines of a part down from its apexes and writes where they
// arrive at a held post.
func (l *lineState) walk(b *block, part int32, held func(int32) uint64, out []uint64) {
	p := &l.g.parts[part]
	bridge := b.m.p.Bridge
	for _, post := range p.posts {
		for k := range bridge + 1 {
			l.reach[k][post-l.g.first] = 0
		}
	}
	for again := true; again; {
		again = false
		for _, post := range p.posts {
			again = l.step(b, post, held(post), bridge) || again
		}
		again = again && p.cyclic
	}
	for _, post := range p.posts {
		out[post-l.g.first] = l.reach[0][post-l.g.first]
	}
}

func (l *lineState) step(b *block, post int32, held uint64, bridge int) (changed bool) {
	i := post - l.g.first
	var arrive [maxBridge + 1]uint64
	if l.g.apex[i] {
		arrive[0] = all
	}
	lo, hi := b.s.Out(graph.ReportsTo, post)
	for t := lo; t < hi; t++ {
		line := l.line(b, t)
		up := b.s.Tie(t).To - l.g.first
		for k := range bridge + 1 {
			arrive[k] |= line & l.reach[k][up] //nolint:gosec // bridge is at most maxBridge: Params.verify
		}
	}
	set := func(k int, mask uint64) {
		changed = changed || l.reach[k][i]&mask != mask
		l.reach[k][i] |= mask
	}
	for k := range bridge + 1 {
		set(0, held&arrive[k])
		if k < bridge {
			set(k+1, arrive[k]&^held)
		}
	}
	return changed
}

func (l *lineState) line(b *block, t int32) uint64 {
	lo, _ := b.s.OfType(graph.ReportsTo)
	i := t - lo
	if l.ties.stamp[i] != l.ties.now {
		l.ties.mask[i], l.ties.stamp[i] = b.exists(t), l.ties.now
	}
	return l.ties.mask[i]
}
