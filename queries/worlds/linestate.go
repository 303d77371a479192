// Which posts have a line to an apex, in each of 64 worlds, before a purge and now.
//
// A line may pass vacant posts, at most bridge of them in a row. Step k of a post's reach holds
// the worlds in which a line arrives there with exactly k vacant posts in a row behind it, the
// post included.
//
// Invariant: where a part is not stale, the reach of its desks is the least fixed point of step
// in every world; a purge only takes worlds away from it.
// Source: reachability in a layered graph, one layer a step; the fixed point: Tarski 1955, Pacific
// J. Math. 5:285.
// Cost: O((posts + lines) × steps) for a part; again for each wave that lost a holder in it, but
// without circles only for what stands below. With circles as many rounds as a line is
// long, at worst.

package worlds

import (
	"math/bits"
	"slices"
)

// lineState keeps, for a block of worlds, in which of them a post that is held
// has a line to an apex, before the purge and now.
type lineState struct {
	g           *lineGraph
	at          []lineAt  // by desk
	known       []bool    // by part: its lines are worked out for this purge
	stale       []bool    // by part: a holder was lost since they were worked out
	queue       []int32   // stale parts
	seen        []int32   // parts that are known or stale
	vacant      [][]int32 // by part: desks that lost a holder since then
	todo        []uint64  // desks to rework, by their place in a part, one to a bit
	ties        memo      // by line
	steps       int32     // of reach: one more than the vacant posts that a line may pass
	reach       []uint64  // by desk and step
	reachBefore []uint64  // reach before the purge, of parts whose coins are those of the block
	coins       []uint32  // by part
}

// lineAt is how a desk stands to the lines of its part.
type lineAt struct {
	// before and after are the worlds in which it is held, with a line to an apex, before the
	// purge and now.
	before, after uint64
	// placed are the worlds in which it is in some line, apex those of them in which it is an
	// apex. No purge changes them.
	placed, apex uint64
}

func newLineState(g *lineGraph, bridge int) lineState {
	desks := len(g.spots) - 1
	steps := bridge + 1
	return lineState{
		g: g, at: make([]lineAt, desks), known: make([]bool, len(g.parts)), stale: make([]bool, len(g.parts)),
		ties: newMemo(int32(len(g.ups))), vacant: make([][]int32, len(g.parts)), todo: make([]uint64, desks/64+1),
		steps: int32(steps), reach: make([]uint64, desks*steps), reachBefore: make([]uint64, desks*steps), coins: make([]uint32, len(g.parts)),
	}
}

// of returns what a list by desk and step has for a desk.
func (l *lineState) of(list []uint64, desk int32) []uint64 { return list[desk*l.steps:][:l.steps] }

// forget makes the state ready for another purge. What holds before a purge stays.
func (l *lineState) forget() {
	for _, part := range l.seen {
		l.known[part], l.stale[part], l.vacant[part] = false, false, l.vacant[part][:0]
	}
	l.seen, l.queue = l.seen[:0], l.queue[:0]
}

// vacate notes that a holder of the desk was lost.
func (l *lineState) vacate(desk int32) {
	part := l.g.spots[desk].part
	if part < 0 {
		return
	}
	l.vacant[part] = append(l.vacant[part], desk)
	if !l.stale[part] {
		l.stale[part] = true
		l.queue = append(l.queue, part)
		if !l.known[part] {
			l.seen = append(l.seen, part)
		}
	}
}

// ensure makes sure that the lines of a desk's part are worked out; it returns
// false for a post without lines.
func (l *lineState) ensure(b *block, desk int32) bool {
	part := l.g.spots[desk].part
	if part < 0 {
		return false
	}
	if l.known[part] {
		return true
	}
	if !l.stale[part] {
		l.seen = append(l.seen, part)
	}
	l.known[part] = true
	desks := l.g.parts[part].desks
	if l.coins[part] == b.coinStamp {
		for _, d := range desks {
			copy(l.of(l.reach, d), l.of(l.reachBefore, d))
			l.at[d].after = l.at[d].before
		}
		return true
	}
	l.coins[part] = b.coinStamp
	l.apexes(b, part)
	l.walk(b, part, func(desk int32) uint64 { return b.desk(desk).before })
	for _, d := range desks {
		reach := l.of(l.reach, d)
		copy(l.of(l.reachBefore, d), reach)
		l.at[d].before, l.at[d].after = reach[0], reach[0]
	}
	return true
}

// update reworks stale parts, and invalidates COMMAND of the institutions whose posts lost a
// line.
func (l *lineState) update(b *block) {
	for _, part := range l.queue {
		p := &l.g.parts[part]
		l.ensure(b, p.desks[0])
		if b.everything {
			l.invalidateBelow(b, part)
		}
		if p.cyclic {
			l.rework(b, part)
		} else {
			l.reworkBelow(b, part)
		}
		l.stale[part], l.vacant[part] = false, l.vacant[part][:0]
	}
	l.queue = l.queue[:0]
}

// arrive notes in which worlds a line arrives at a desk now, and invalidates what changed.
func (l *lineState) arrive(b *block, desk int32) {
	now := l.of(l.reach, desk)[0]
	changed := l.at[desk].after ^ now
	if changed == 0 {
		return
	}
	l.at[desk].after = now
	for _, body := range l.g.desks.bodiesOf(desk) {
		b.invalidate(body, only(Command), changed)
	}
}

// invalidateBelow invalidates the institutions of every desk at or below one that lost a holder:
// there is a world in which no other line stands.
func (l *lineState) invalidateBelow(b *block, part int32) {
	met := map[int32]bool{}
	for queue := slices.Clone(l.vacant[part]); len(queue) > 0; queue = queue[1:] {
		desk := queue[0]
		if met[desk] {
			continue
		}
		met[desk] = true
		for _, body := range l.g.desks.bodiesOf(desk) {
			b.invalidate(body, only(Command), allLanes)
		}
		queue = append(queue, l.g.downs[l.g.spots[desk].down:l.g.spots[desk+1].down]...)
	}
}

// rework works a whole part out for the holders who stay.
func (l *lineState) rework(b *block, part int32) {
	l.walk(b, part, b.keptAt)
	for _, desk := range l.g.parts[part].desks {
		l.arrive(b, desk)
	}
}

// reworkBelow works out the vacated desks of a part without cycles, and, superiors
// before subordinates, what stands below a desk that changed.
func (l *lineState) reworkBelow(b *block, part int32) {
	desks := l.g.parts[part].desks
	mark := func(desk int32) {
		at := l.g.spots[desk].place
		l.todo[at/64] |= 1 << (at % 64)
	}
	for _, desk := range l.vacant[part] {
		mark(desk)
	}
	for word := range l.todo[:len(desks)/64+1] {
		for l.todo[word] != 0 {
			bit := bits.TrailingZeros64(l.todo[word])
			l.todo[word] &^= 1 << bit
			desk := desks[word*64+bit]
			if !l.reworkDesk(b, desk) {
				continue
			}
			l.arrive(b, desk)
			for _, down := range l.g.downs[l.g.spots[desk].down:l.g.spots[desk+1].down] {
				mark(down)
			}
		}
	}
}

// reworkDesk works out where lines arrive at a desk, and reports whether that changed.
func (l *lineState) reworkDesk(b *block, desk int32) (changed bool) {
	var old [maxBridge + 1]uint64
	reach := l.of(l.reach, desk)
	copy(old[:], reach)
	clear(reach)
	l.step(b, desk, b.keptAt(desk))
	for k := range reach {
		changed = changed || reach[k] != old[k]
	}
	return changed
}

// walk follows the lines of a part down from its apexes, in rounds until nothing changes;
// without circles one round is enough.
func (l *lineState) walk(b *block, part int32, held func(desk int32) uint64) {
	p := &l.g.parts[part]
	for _, desk := range p.desks {
		clear(l.of(l.reach, desk))
	}
	for changed := true; changed; {
		changed = false
		for _, desk := range p.desks {
			changed = l.step(b, desk, held(desk)) || changed
		}
		changed = changed && p.cyclic
	}
}

// step adds to the reach of a desk what arrives from the desks above it, and reports whether
// that changed it.
func (l *lineState) step(b *block, desk int32, held uint64) (changed bool) {
	var arrive [maxBridge + 1]uint64
	spot, reach := &l.g.spots[desk], l.of(l.reach, desk)
	arrive[0] = l.at[desk].apex
	for i := spot.up; i < l.g.spots[desk+1].up; i++ {
		line := l.line(b, i)
		for k, mask := range l.of(l.reach, l.g.ups[i].to) {
			arrive[k] |= line & mask
		}
	}
	before := uint64(0) // what arrives one vacant post short, at this one
	for k := range reach {
		mask := before &^ held
		if k == 0 {
			for _, line := range arrive[:len(reach)] {
				mask |= held & line
			}
		}
		before = arrive[k]
		changed = changed || mask&^reach[k] != 0
		reach[k] |= mask
	}
	return changed
}

// line returns the worlds in which a line stands.
func (l *lineState) line(b *block, i int32) uint64 {
	if l.ties.stamp[i] != l.ties.now {
		l.ties.mask[i], l.ties.stamp[i] = b.exists(l.g.ups[i].tie), l.ties.now
	}
	return l.ties.mask[i]
}
