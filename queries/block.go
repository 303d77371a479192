package queries

import (
	"entangle/graph"
	"entangle/graph/projection"
)

// block simulates 64 worlds of a purge at once, one to a bit: a mask on a node
// or tie says in which worlds something is so. One worker owns it and runs many
// blocks; reset clears only what was touched.
type block struct {
	m     *model
	s     *projection.Snapshot
	coins coins
	bonds *projection.Bonds
	// sample are the coins where they are drawn.
	sample sampled
	drawn  bool
	wave   int
	last   int // the wave to stop after

	// lost: a person lost or gone, a group struck. rallied: a group that joined.
	// broken: an institution fractured, as the waves before this one left it.
	lost, rallied, broken []uint64
	// news is what changed in the wave before, the source of what happens in
	// this one; pending is what changes in this wave.
	news, pending changes

	filled  memo // by post: somebody holds it before the purge
	staying memo // by post: somebody holds it now
	lines   lineState
	outs    []int32 // of out
	above   []int32 // of parents
	dirty   []int32 // institutions to look at again
	isDirty []supports
	scored  scores

	// everything lets happen what excludes each other: a group is struck and
	// rallies, every alternative of a set holds, every institution that is looked
	// at breaks. No world does more, so that a listing meets every coin.
	everything bool
	// trace, where not nil, notes what first caused each loss.
	trace *trace
	// past, where not nil, is what went before this purge and was made good.
	past *past
	// open is set where the waves were cut before the fixed point.
	open uint64
}

// changes is a set of nodes with the worlds in which they changed.
type changes struct {
	mask []uint64
	list []int32
}

func (c *changes) add(node int32, mask uint64) {
	if c.mask[node] == 0 {
		c.list = append(c.list, node)
	}
	c.mask[node] |= mask
}

func (c *changes) clear() {
	for _, node := range c.list {
		c.mask[node] = 0
	}
	c.list = c.list[:0]
}

// memo keeps masks that are worked out at most once a block.
type memo struct {
	mask  []uint64
	stamp []uint32
	now   uint32
}

func newMemo(n int32) memo { return memo{mask: make([]uint64, n), stamp: make([]uint32, n)} }

func (m *memo) forget() { m.now++ }

func newBlock(m *model) *block {
	n := m.s.Len()
	postLo, postHi := m.s.Range(graph.Post)
	_, bodyHi := m.s.Range(graph.Institution)
	bodies := bodyHi - m.firstBody // the institutions are numbered without gap
	return &block{
		m: m, s: m.s, bonds: m.s.Bonds(), last: m.p.MaxWaves,
		lost: make([]uint64, n), rallied: make([]uint64, n), broken: make([]uint64, n),
		news:    changes{mask: make([]uint64, n)},
		pending: changes{mask: make([]uint64, n)},
		filled:  newMemo(postHi - postLo),
		staying: newMemo(postHi - postLo),
		lines:   newLineState(m.lines, m.p.Bridge),
		isDirty: make([]supports, bodies),
		scored:  newScores(bodies),
	}
}

// run simulates the block of worlds that the coins describe.
func (b *block) run(c coins) {
	b.reset(c)
	b.strike()
	b.settle()
	for b.wave = 1; len(b.pending.list)+len(b.scored.fallen) > 0; b.wave++ {
		if l, lists := c.(*listing); lists && l.full() {
			return // nothing more is taken down
		}
		if b.wave > b.last {
			b.cut()
			return
		}
		b.respond()
		b.settle()
	}
}

// cut notes in which worlds the last wave still changed something.
func (b *block) cut() {
	for _, node := range b.pending.list {
		b.open |= b.pending.mask[node]
	}
	for _, body := range b.scored.fallen {
		b.open |= b.scored.of(body - b.m.firstBody).fell
	}
}

func (b *block) reset(c coins) {
	b.coins, b.wave, b.open = c, 0, 0
	b.sample, b.drawn = c.(sampled)
	b.news.clear()
	b.pending.clear()
	for _, node := range b.scored.touched {
		b.lost[node], b.rallied[node], b.broken[node] = 0, 0, 0
	}
	b.scored.touched = b.scored.touched[:0]
	b.filled.forget()
	b.staying.forget()
	b.lines.forget()
	b.scored.clear()
}

// exists returns the worlds in which a claim holds.
func (b *block) exists(t int32) uint64 {
	tie := b.s.Tie(t)
	if tie.Conflict != 0 && !b.everything {
		return b.alternative(tie.Conflict, t)
	}
	return b.stands(tie)
}

func (b *block) toss(t *projection.Tie, why purpose, chance uint64) uint64 {
	switch chance {
	case 0:
		return 0
	case projection.Certain:
		return all
	}
	return b.coins.toss(t.Key, why, chance)
}

// alternative draws at most one claim of a contradicting set: each in turn with
// its confidence, given that none before it was drawn. Confidences that sum to
// more than one are scaled to one.
func (b *block) alternative(set, t int32) uint64 {
	total := uint64(0)
	for _, other := range b.m.alternatives[set] {
		total += b.s.Tie(other).Probability
	}
	scale := 1.0
	if total > projection.Certain {
		scale = float64(projection.Certain) / float64(total)
	}
	free, left := all, float64(projection.Certain)
	for _, other := range b.m.alternatives[set] {
		tie := b.s.Tie(other)
		p := float64(tie.Probability) * scale
		conditional := uint64(1)
		if left > 0 {
			conditional = min(chance(p/left), projection.Certain)
		}
		drawn := free & b.toss(tie, existence, conditional)
		if other == t {
			return drawn
		}
		free &^= drawn
		left -= p
	}
	return 0
}

// lose marks a person as lost, or a group as struck, in the worlds of the mask.
func (b *block) lose(node int32, mask uint64, why cause) {
	mask &^= b.lost[node]
	if mask == 0 {
		return
	}
	b.touch(node)
	b.lost[node] |= mask
	b.pending.add(node, mask)
	b.note(node, mask, why)
}

// rally marks a group as having joined in the worlds of the mask.
func (b *block) rally(group int32, mask uint64, why cause) {
	mask &= b.free(group)
	if mask == 0 {
		return
	}
	b.touch(group)
	b.rallied[group] |= mask
	b.pending.add(group, mask)
	b.note(group, mask, why)
}

// free returns the worlds in which a group may still rally.
func (b *block) free(group int32) uint64 {
	if b.m.guarded(group) {
		return 0
	}
	if b.everything {
		return ^b.rallied[group]
	}
	return ^(b.lost[group] | b.rallied[group])
}

func (b *block) touch(node int32) {
	if b.lost[node]|b.rallied[node]|b.broken[node] == 0 {
		b.scored.touched = append(b.scored.touched, node)
	}
}

func (b *block) note(node int32, mask uint64, why cause) {
	if b.trace != nil {
		b.trace.note(node, mask, b.wave, why)
	}
}

// leaves returns the worlds in which what a group holds by the tie goes with
// it: the claim holds, and the group is struck or, having rallied, pulls it out.
func (b *block) leaves(t int32) uint64 {
	tie := b.s.Tie(t)
	struck, joined := b.lost[tie.From], b.rallied[tie.From]
	if struck|joined == 0 {
		return 0
	}
	before, spent := b.past.of(tie.From, tie.To)
	if joined|spent != 0 {
		out := b.toss(tie, walkout, chance(b.m.p.Walkout))
		joined, spent = joined&out, spent&out
	}
	return b.exists(t) & (struck | joined) &^ (before | spent)
}

// occupied returns the worlds in which a post has a holder before the purge.
func (b *block) occupied(post int32) uint64 {
	lo, _ := b.s.Range(graph.Post)
	i := post - lo
	if b.filled.stamp[i] != b.filled.now {
		mask := uint64(0)
		for _, t := range b.s.In(graph.Holds, post) {
			mask |= b.exists(t)
		}
		b.filled.mask[i], b.filled.stamp[i] = mask, b.filled.now
	}
	return b.filled.mask[i]
}

// kept returns the worlds in which a post still has a holder.
func (b *block) kept(post int32) uint64 {
	if b.m.guarded(post) {
		return b.occupied(post)
	}
	lo, _ := b.s.Range(graph.Post)
	i := post - lo
	if b.staying.stamp[i] != b.staying.now {
		mask := uint64(0)
		for _, t := range b.s.In(graph.Holds, post) {
			if missed := b.missed(b.s.Tie(t).From, post); missed != all {
				mask |= b.exists(t) &^ missed
			}
		}
		b.staying.mask[i], b.staying.stamp[i] = mask, b.staying.now
	}
	return b.staying.mask[i]
}

// missed returns the worlds in which a person or group that is lost, or struck, is
// missed at a post or institution: nobody stands in yet.
func (b *block) missed(node, at int32) uint64 {
	before, _ := b.past.of(node, at)
	return b.lost[node] &^ before
}

// vacate notes that a holder of a post was lost.
func (b *block) vacate(post int32) {
	lo, _ := b.s.Range(graph.Post)
	b.staying.stamp[post-lo] = 0 // never the stamp of a block
	b.lines.vacate(post)
}

// happens returns the worlds among those of the mask in which the claim holds and
// a response along it comes. Where it is seldom asked for many worlds, most of
// the digits of a coin are not drawn.
func (b *block) happens(among uint64, t int32, why purpose, chance uint64) uint64 {
	tie := b.s.Tie(t)
	if !b.drawn {
		return among & b.exists(t) & b.toss(tie, why, chance)
	}
	return b.existsAmong(b.tossAmong(among, tie, why, chance), t)
}

// existsAmong returns the worlds among those of the mask in which a claim holds.
func (b *block) existsAmong(among uint64, t int32) uint64 {
	if among == 0 {
		return 0
	}
	tie := b.s.Tie(t)
	if !b.drawn || tie.Conflict != 0 || b.m.latents != nil {
		return among & b.exists(t)
	}
	return b.tossAmong(among, tie, existence, tie.Probability)
}

func (b *block) tossAmong(among uint64, t *projection.Tie, why purpose, chance uint64) uint64 {
	switch {
	case chance == 0 || among == 0:
		return 0
	case chance == projection.Certain:
		return among
	}
	return b.sample.among(among, t.Key, why, chance)
}

// supports is a set of supports.
type supports uint8

const everySupport supports = 1<<supportCount - 1

func only(list ...Support) (set supports) {
	for _, s := range list {
		set |= 1 << s
	}
	return set
}

// spoil asks for another look at supports of an institution.
func (b *block) spoil(body int32, set supports) {
	i := body - b.m.firstBody
	if b.isDirty[i] == 0 {
		b.dirty = append(b.dirty, body)
	}
	b.isDirty[i] |= set
}
