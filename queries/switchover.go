package queries

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
// state draws nobody, so that its own rivals may rally after all: a world can go round
// in a circle. It is left where it would come round, and is open, as is one that still
// changes after maxRounds.
func (b *block) changeSides(c coins) {
	if b.everything { // no side is lasting, every coin is met
		b.sideWithState()
		return
	}
	b.sided = nil
	past, circling := []sides{nil}, uint64(0)
	for round := 0; ; round++ {
		next := b.sideWithState()
		moving := next.differ(b.sided) &^ circling
		for _, was := range past {
			if circle := moving &^ next.differ(was); circle != 0 {
				circling |= circle
				moving &^= circle
			}
		}
		if moving == 0 || round == maxRounds {
			b.open |= moving | circling
			return
		}
		b.sided = b.sided.with(next, moving)
		past = append(past, b.sided)
		b.play(c)
	}
}

// sideWithState returns the groups that would side with the state, as things stand:
// rivals of a group that is struck or has rallied.
func (b *block) sideWithState() sides {
	out := sides{}
	for _, node := range slices.Clone(b.scored.touched) {
		if b.s.Kind(node) != graph.Group {
			continue
		}
		b.pairs(graph.RivalOf, node, func(t, rival int32, forth bool) {
			why := switchBack
			if forth {
				why = switchForth
			}
			chance := chance(b.m.p.Switchover * b.m.weight(b.s.Tie(t)))
			if mask := b.happens(b.lost(node)|b.rallied(node), t, why, chance); mask != 0 {
				out[rival] |= mask
			}
		})
	}
	return out
}
