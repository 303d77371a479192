// The response where allies may side with the state instead.
//
// Who sides with the state induces nobody, so that its own rivals may rally after all. The response
// is then not monotone and has no least fixed point: it is played anew until nobody changes
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

// differ returns the worlds in which two sidings differ.
func (s sides) differ(o sides) (mask uint64) {
	for group, with := range s {
		mask |= with ^ o[group]
	}
	for group, with := range o {
		mask |= with ^ s[group]
	}
	return mask
}

// with returns the sides that are as in o in the worlds of a mask and else as in s.
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

// changeSides plays the response anew until nobody changes sides. A world that comes to a limit
// cycle, or that still changes after maxRounds, is open, and has the worst of the states of
// its cycle.
func (b *block) changeSides(c coins) {
	if b.everything { // every coin is met, whatever the sides
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

// limitCycle is the worst of the states of a limit cycle, world by world: who is lost in some
// state, and what an institution retains where it retains least. In which state a world
// enters its cycle depends on groups that have nothing to do with it; the worst state does
// not.
type limitCycle struct {
	among  uint64 // the worlds in a cycle
	bodies map[int32]*score
	nodes  map[int32]nodeState
	always map[int32]uint64 // by institution: it fractures in every state
}

// add adds the state of a block.
func (t *limitCycle) add(b *block, first bool) {
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

// leaveWorst puts the worst of the states into the block.
func (t *limitCycle) leaveWorst(b *block) {
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

// worsen makes a score the worse of itself and another in the worlds of a mask.
func (sc *score) worsen(o *score, mask uint64) {
	each(o.fractured&mask, func(w int) {
		if sc.fractured>>w&1 == 0 || o.wave[w] < sc.wave[w] {
			sc.wave[w] = o.wave[w]
		}
	})
	for sup := range sc.support {
		st, other := &sc.support[sup], &o.support[sup]
		each(other.less&mask, func(w int) {
			sc.kept[sup][w] = int32(min(sc.retained(Support(sup), w), o.retained(Support(sup), w)))
			st.less |= 1 << w
		})
		st.under |= other.under & mask
	}
	sc.touched |= o.touched & mask
	sc.fractured |= o.fractured & mask
	sc.collapsed |= o.collapsed & mask
}

// sideWithState returns the groups that side with the state given what was played last: rivals
// of a group that is struck or has rallied.
func (b *block) sideWithState() sides {
	out := sides{}
	groups := slices.Clone(b.scored.touched)
	for _, group := range b.struckWithin() {
		if b.lost(group)|b.rallied(group) == 0 { // else it was touched
			groups = append(groups, group)
		}
	}
	for _, node := range groups {
		if b.snap.Kind(node) != graph.Group {
			continue
		}
		b.pairs(graph.RivalOf, node, func(t, rival int32, forth bool) {
			why := switchBack
			if forth {
				why = switchForth
			}
			chance := chance(b.m.Params.Switchover * b.m.weight(b.snap.Tie(t)))
			if mask := b.happens(b.lost(node)|b.rallied(node)|b.provokedWithin(node), t, why, chance); mask != 0 {
				out[rival] |= mask
			}
		})
	}
	return out
}
