// What a question sees of a block of worlds after a purge.
//
// Invariant: no mask that is returned has a lane without a world.
// Source: the masks of a search in the bits of a word: Then et al. 2014, PVLDB 8:449.
// Cost: O(1) for each institution assessed, and for each world of a mask that is gone through.

package worlds

import (
	"iter"
	"math/bits"

	"entangle/graph"
)

// Seen is what a visitor sees: a block of worlds after one case was simulated in it. It is
// valid until the visitor returns, and so is what its methods return.
type Seen struct {
	*block
	Case    int   // the place of the case
	Number  int64 // the number of the block of worlds
	weights *laneWeights
	damages [BlockSize]int64
}

// Damage is what the fracture of each institution weighs, by its number among institutions.
// Nil weighs nothing.
type Damage []int64

func (d Damage) of(body int32) int64 {
	if d == nil {
		return 0
	}
	return d[body]
}

// most is the weight of all institutions.
func (d Damage) most() (total int64) {
	for _, weight := range d {
		total += weight
	}
	return total
}

// Weigh returns the weight of the worlds of a mask: their probability where every world is gone
// through, else their number. Lanes without a world have none.
func (s *Seen) Weigh(mask uint64) float64 { return s.weights.sum(mask) }

// Worlds yields the worlds of a mask, by their lane, with the weight of each.
func (s *Seen) Worlds(mask uint64) iter.Seq2[int, float64] {
	return func(yield func(int, float64) bool) {
		for left := mask & s.weights.lanes; left != 0; left &= left - 1 {
			if lane := bits.TrailingZeros64(left); !yield(lane, s.weights.at(lane)) {
				return
			}
		}
	}
}

// Fractured yields every institution that fractured in some world, by its number among
// institutions, and the worlds in which it did.
func (s *Seen) Fractured() iter.Seq2[int32, uint64] {
	return func(yield func(int32, uint64) bool) {
		for _, sc := range s.scored.list {
			if mask := sc.fractured & s.weights.lanes; mask != 0 && !yield(sc.body, mask) {
				return
			}
		}
	}
}

// Damage is what the institutions weigh that fractured in each world, by its lane.
func (s *Seen) Damage(of Damage) *[BlockSize]int64 {
	var fallen sum
	for body, mask := range s.Fractured() {
		fallen.add(mask, of.of(body))
	}
	if fallen.some() == 0 {
		s.damages = [BlockSize]int64{}
		return &s.damages
	}
	for lane := range s.damages {
		s.damages[lane] = fallen.at(lane)
	}
	return &s.damages
}

// Losses calls f with every person, group, stream and institution to which something happened, by
// its node. Lost are the worlds in which it is lost, struck, cut or disbanded, rallied those in
// which a group rallied.
func (s *Seen) Losses(f func(node int32, lost, rallied uint64)) {
	for _, node := range s.scored.touched {
		state := &s.nodes[node]
		if lost, rallied := state.lost&s.weights.lanes, s.rallied(node)&s.weights.lanes; lost|rallied != 0 {
			f(node, lost, rallied)
		}
	}
}

// Circling returns the worlds in which groups change sides for ever (Params.Switchover).
func (s *Seen) Circling() uint64 { return s.circling & s.weights.lanes }

// Touches says whether some institution was assessed in the block, because a loss bears on it.
func (s *Seen) Touches() bool { return len(s.scored.list) > 0 }

// deepest is the last wave in which something fractured.
func (s *Seen) deepest() (wave int) {
	for _, sc := range s.scored.list {
		each(sc.fractured&s.weights.lanes, func(lane int) { wave = max(wave, int(sc.wave[lane])) })
	}
	return wave
}

// Preventable calls f with every node at which something happened against which a measure can
// guard ([Model.Guarding]), and the worlds in which it did: a post that was vacated, a group
// that rallied, a stream that was cut, a broken institution that provides for others.
func (s *Seen) Preventable(f func(node int32, mask uint64)) {
	tell := func(node int32, mask uint64) {
		if mask &= s.weights.lanes; mask != 0 {
			f(node, mask)
		}
	}
	posts := map[int32]bool{}
	cut := map[int32]uint64{} // of a stream that several claims hold, each world once
	for _, node := range s.scored.touched {
		joined := s.nodes[node].joined
		switch s.snap.Kind(node) {
		case graph.Person:
			for _, t := range s.snap.Out(graph.Holds, node) {
				posts[s.snap.Tie(t).To] = true
			}
		case graph.Group:
			tell(node, joined)
			for _, t := range s.snap.Out(graph.Controls, node) {
				if stream := s.snap.Tie(t).To; s.snap.Kind(stream) == graph.RevenueStream {
					cut[stream] |= s.leaves(t)
				}
			}
		case graph.RevenueStream:
			cut[node] |= s.lost(node)
		case graph.Institution:
			if len(s.snap.In(graph.DependsOn, node)) > 0 {
				tell(node, joined)
			}
		default:
		}
	}
	if s.limited != nil {
		for person := range s.limited.members {
			for _, t := range s.snap.Out(graph.Holds, person) {
				posts[s.snap.Tie(t).To] = true
			}
		}
	}
	for stream, mask := range cut {
		tell(stream, mask)
	}
	for post := range posts {
		tell(post, s.vacated(post))
	}
}

// vacated returns the worlds in which a post lost a holder and, unless it has several seats,
// has none left.
func (s *Seen) vacated(post int32) uint64 {
	if s.snap.Seat(post).Seats == 1 {
		return s.occupied(post) &^ s.kept(post)
	}
	mask := uint64(0)
	for _, t := range s.snap.In(graph.Holds, post) {
		person := s.snap.Tie(t).From
		mask |= s.exists(t) & (s.lost(person) | s.expelled(person, s.m.desks.deskOf(post)))
	}
	return mask
}
