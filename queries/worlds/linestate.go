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
	g      *lineGraph
	at     []lineAt  // by desk
	known  []bool    // by part: its lines are worked out for this purge
	stale  []bool    // by part: a holder was lost since they were worked out
	queue  []int32   // stale parts
	seen   []int32   // parts that are known or stale
	vacant [][]int32 // by part: desks that lost a holder since then
	todo   []uint64  // desks to rework, by their place in a part, one to a bit
	ties   memo      // by line
	steps  int32     // of reach: one more than the vacant posts that a line may pass
	reach  []reach   // by desk and step
	was    []uint64  // of rework, by the place of a desk in its part
	coins  []uint32  // by part: those of reach before the purge
}

// lineAt is how a desk stands to the lines of its part.
type lineAt struct {
	// placed are the worlds in which it is in some line, apex those of them in which it is an
	// apex. No purge changes them.
	placed, apex uint64
}

// reach is a step of a desk's reach, now and before the purge. Step 0 are the worlds in which
// the desk is held, with a line to an apex. The two are read together.
type reach struct{ now, before uint64 }

func newLineState(g *lineGraph, bridge int) lineState {
	desks := len(g.spots) - 1
	steps := bridge + 1
	return lineState{
		g: g, at: make([]lineAt, desks), known: make([]bool, len(g.parts)), stale: make([]bool, len(g.parts)),
		ties: newMemo(int32(len(g.ups))), vacant: make([][]int32, len(g.parts)), todo: make([]uint64, desks/64+1),
		steps: int32(steps), reach: make([]reach, desks*steps), coins: make([]uint32, len(g.parts)),
	}
}

// of returns the reach of a desk, by step.
func (l *lineState) of(desk int32) []reach { return l.reach[desk*l.steps:][:l.steps] }

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
	return l.ensurePart(b, l.g.spots[desk].part)
}

// ensurePart is ensure for a part, none for that of a post without lines.
func (l *lineState) ensurePart(b *block, part int32) bool {
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
			for k, reach := 0, l.of(d); k < len(reach); k++ {
				reach[k].now = reach[k].before
			}
		}
		return true
	}
	l.coins[part] = b.coinStamp
	l.apexes(b, part)
	l.walk(b, part, func(desk int32) uint64 { return b.desk(desk).before })
	for _, d := range desks {
		for k, reach := 0, l.of(d); k < len(reach); k++ {
			reach[k].before = reach[k].now
		}
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

// arrive invalidates what rests on a desk at which lines arrive now in other worlds than those
// of a mask.
func (l *lineState) arrive(b *block, desk int32, was uint64) {
	changed := was ^ l.of(desk)[0].now
	if changed == 0 {
		return
	}
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
	l.was = l.was[:0]
	for _, desk := range l.g.parts[part].desks {
		l.was = append(l.was, l.of(desk)[0].now)
	}
	l.walk(b, part, b.keptAt)
	for place, desk := range l.g.parts[part].desks {
		l.arrive(b, desk, l.was[place])
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
			was := l.of(desk)[0].now
			if !l.reworkDesk(b, desk) {
				continue
			}
			l.arrive(b, desk, was)
			for _, down := range l.g.downs[l.g.spots[desk].down:l.g.spots[desk+1].down] {
				mark(down)
			}
		}
	}
}

// reworkDesk works out where lines arrive at a desk, and reports whether that changed.
func (l *lineState) reworkDesk(b *block, desk int32) (changed bool) {
	var old, now [maxBridge + 1]uint64
	reach := l.of(desk)
	for k := range reach {
		old[k], reach[k].now = reach[k].now, 0 // it is not reached from itself
	}
	l.arrivals(b, desk, b.keptAt(desk), &now)
	for k := range reach {
		changed = changed || old[k] != now[k]
		reach[k].now = now[k]
	}
	return changed
}

// walk follows the lines of a part down from its apexes, in rounds until nothing changes;
// without circles one round is enough.
func (l *lineState) walk(b *block, part int32, held func(desk int32) uint64) {
	p := &l.g.parts[part]
	for _, desk := range p.desks {
		for k, reach := 0, l.of(desk); k < len(reach); k++ {
			reach[k].now = 0
		}
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
	var now [maxBridge + 1]uint64
	l.arrivals(b, desk, held, &now)
	reach := l.of(desk)
	for k := range reach {
		changed = changed || now[k]&^reach[k].now != 0
		reach[k].now |= now[k]
	}
	return changed
}

// arrivals works out the reach of a desk, by step, from that of the desks above it.
func (l *lineState) arrivals(b *block, desk int32, held uint64, now *[maxBridge + 1]uint64) {
	some := l.at[desk].apex // what arrives, by any step
	// What arrives with so many vacant posts behind it arrives with one more where this
	// desk is vacant.
	if l.steps > 1 {
		now[1] = some &^ held
	}
	for i, end := l.g.spots[desk].up, l.g.spots[desk+1].up; i < end; i++ {
		line := l.line(b, i)
		for k, reach := range l.of(l.g.ups[i].to) {
			arrives := line & reach.now
			some |= arrives
			if k+1 < int(l.steps) {
				now[k+1] |= arrives &^ held
			}
		}
	}
	now[0] = some & held
}

// line returns the worlds in which a line stands.
func (l *lineState) line(b *block, i int32) uint64 {
	if l.ties.stamp[i] != l.ties.now {
		l.ties.mask[i], l.ties.stamp[i] = b.exists(l.g.ups[i].tie), l.ties.now
	}
	return l.ties.mask[i]
}
