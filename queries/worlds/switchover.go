// The response where allies may side with the state instead.
//
// Who sides with the state induces nobody, so that its own rivals may rally after all. The response
// is then not monotone and has no least fixed point: it is played again until nobody changes
// sides, and a world may come to a limit cycle instead.
//
// Invariant: a world whose sides come back to those of an earlier round is in a limit cycle. It
// is left with the worst of the states of the cycle, not with the one it happens to be in.
// Source: cycles of an iterated map, found by keeping what was visited: Knuth, The Art of
// Computer Programming 2, 3.1; the rule: docs/model.md, The response.
// Cost: at most 2 × maxRounds plays more, and O(rounds² × groups that change sides).

package worlds

import (
	"slices"

	"entangle/graph"
)

// sides are the worlds in which groups side with the state, by node.
type sides map[int32]uint64

// differ returns the worlds in which two differ.
func (s sides) differ(o sides) (mask uint64) {
	for group, with := range s {
		mask |= with ^ o[group]
	}
	for group, with := range o {
		mask |= with ^ s[group]
	}
	return mask
}

// with returns the sides in which the worlds of a mask are as in o.
func (s sides) with(o sides, mask uint64) sides {
	out := sides{}
	for group, w := range s {
		out[group] |= w &^ mask
	}
	for group, w := range o {
		out[group] |= w & mask
	}
	return out
}

// changeSides plays the response again until nobody changes sides. Who sides with the
// state draws nobody, so that its own rivals may rally after all: a world can go round in
// a circle, and then it has no one outcome. Such a world, and one that still changes after
// maxRounds, is open, and has the worst of its states: see turns.
func (b *Block) changeSides(c coins) {
	if b.everything { // no side is lasting, every coin is met
		b.sideWithState()
		return
	}
	past, circling := []sides{nil}, uint64(0)
	for round := 0; ; round++ {
		next := b.sideWithState()
		moving := next.differ(b.sided) &^ circling
		for _, was := range past {
			if back := moving &^ next.differ(was); back != 0 {
				circling |= back
				moving &^= back
			}
		}
		if moving == 0 || round == maxRounds {
			circling |= moving
			break
		}
		b.sided = b.sided.with(next, moving)
		past = append(past, b.sided)
		b.play(c)
	}
	if circling == 0 {
		return
	}
	cycle := limitCycle{among: circling, bodies: map[int32]*score{}, nodes: map[int32]nodeState{}}
	for round := range maxRounds {
		b.sided = b.sided.with(b.sideWithState(), circling)
		b.play(c)
		cycle.add(b, round == 0)
	}
	cycle.leaveWorst(b)
	b.open |= circling
	b.circling, b.always = circling, cycle.always
}

// limitCycle are what worlds that go round in a circle come to in its states: what befalls
// anybody in some state, and what an institution keeps where it keeps least. Which state a
// world would be left in hangs on where it came from, and that on groups that have nothing
// to do with it; the ends do not.
type limitCycle struct {
	among  uint64
	bodies map[int32]*score
	nodes  map[int32]nodeState
	always map[int32]uint64 // by institution: it fractures in every state
}

// add adds a state.
func (t *limitCycle) add(b *Block, first bool) {
	always := map[int32]uint64{}
	for _, sc := range b.scored.list {
		if worst := t.bodies[sc.body]; worst != nil {
			worst.worsen(sc, t.among)
		} else {
			copied := *sc
			t.bodies[sc.body] = &copied
		}
		if mask := sc.fractured & t.among; mask != 0 && (first || t.always[sc.body]&mask != 0) {
			always[sc.body] = mask
			if !first {
				always[sc.body] &= t.always[sc.body]
			}
		}
	}
	t.always = always
	for _, node := range b.scored.touched {
		state := t.nodes[node]
		state.lost |= b.nodes[node].lost & t.among
		state.joined |= b.nodes[node].joined & t.among
		t.nodes[node] = state
	}
}

// leaveWorst makes the worst of the states what the block holds.
func (t *limitCycle) leaveWorst(b *Block) {
	for body, worst := range t.bodies {
		sc := &b.scored.of[body]
		if sc.assessed {
			sc.worsen(worst, t.among)
			continue
		}
		*sc = *worst
		b.scored.list = append(b.scored.list, sc)
	}
	for node, worst := range t.nodes {
		state := &b.nodes[node]
		if worst.lost|worst.joined != 0 {
			b.touch(node, state)
			state.lost |= worst.lost
			state.joined |= worst.joined
		}
	}
}

// worsen makes a score in the worlds of a mask the worse of itself and another.
func (sc *score) worsen(o *score, mask uint64) {
	Each(o.fractured&mask, func(w int) {
		if sc.fractured>>w&1 == 0 || o.wave[w] < sc.wave[w] {
			sc.wave[w] = o.wave[w]
		}
	})
	for sup := range sc.support {
		st, other := &sc.support[sup], &o.support[sup]
		Each(other.less&mask, func(w int) {
			sc.kept[sup][w] = int32(min(sc.retained(Support(sup), w), o.retained(Support(sup), w)))
			st.less |= 1 << w
		})
		st.under |= other.under & mask
		st.floored |= other.floored & mask
	}
	sc.touched |= o.touched & mask
	sc.fractured |= o.fractured & mask
	sc.collapsed |= o.collapsed & mask
}

// sideWithState returns the groups that would side with the state, as things stand:
// rivals of a group that is struck or has rallied.
func (b *Block) sideWithState() sides {
	out := sides{}
	for _, node := range slices.Clone(b.scored.touched) {
		if b.Snapshot.Kind(node) != graph.Group {
			continue
		}
		b.pairs(graph.RivalOf, node, func(t, rival int32, forth bool) {
			why := switchBack
			if forth {
				why = switchForth
			}
			chance := chance(b.m.Params.Switchover * b.m.weight(b.Snapshot.Tie(t)))
			if mask := b.happens(b.lost(node)|b.rallied(node), t, why, chance); mask != 0 {
				out[rival] |= mask
			}
		})
	}
	return out
}
