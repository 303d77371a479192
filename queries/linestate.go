package queries

import "entangle/graph"

// lineState keeps, for a block of worlds, in which of them a post that is held
// has a line to an apex, before the purge and now.
//
// A line may pass vacant posts, at most bridge of them in a row. reach[k] of a
// post holds the worlds in which a line arrives there with exactly k vacant
// posts in a row behind it, the post included.
type lineState struct {
	g      *lineGraph
	before []uint64 // by post: held, with a line, before the purge
	after  []uint64 // by post: held, with a line, now
	known  []bool   // by part: before and after are worked out
	stale  []bool   // by part: a holder was lost since after was worked out
	queue  []int32  // stale parts
	seen   []int32  // parts that were worked out
	ties   memo     // by line
	reach  [maxBridge + 1][]uint64
}

func newLineState(g *lineGraph) lineState {
	posts := len(g.part)
	lo, hi := g.s.OfType(graph.ReportsTo)
	l := lineState{
		g: g, before: make([]uint64, posts), after: make([]uint64, posts),
		known: make([]bool, len(g.parts)), stale: make([]bool, len(g.parts)),
		ties: newMemo(hi - lo),
	}
	for k := range l.reach {
		l.reach[k] = make([]uint64, posts)
	}
	return l
}

func (l *lineState) forget() {
	for _, part := range l.seen {
		l.known[part], l.stale[part] = false, false
	}
	l.seen, l.queue = l.seen[:0], l.queue[:0]
	l.ties.forget()
}

// vacate notes that a holder of the post was lost.
func (l *lineState) vacate(post int32) {
	if part := l.g.part[post-l.g.first]; part >= 0 && !l.stale[part] {
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
		posts := l.g.parts[part].posts
		l.part(b, posts[0])
		old := make([]uint64, len(posts))
		for i, p := range posts {
			old[i] = l.after[p-l.g.first]
		}
		l.walk(b, part, b.kept, l.after)
		for i, p := range posts {
			if l.after[p-l.g.first] != old[i] {
				lo, hi := b.s.Out(graph.PostIn, p)
				for t := lo; t < hi; t++ {
					bodies = append(bodies, b.s.Tie(t).To)
				}
			}
		}
		l.stale[part] = false
	}
	l.queue = l.queue[:0]
	return bodies
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
			arrive[k] |= line & l.reach[k][up]
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
