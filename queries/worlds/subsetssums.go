// Sums of pseudo-Boolean functions, each of the sets of a few groups.
//
// Invariant: the sum at a set is that of what each function says of the set's groups it knows.
// Source: Hammer, Rudeanu 1968, Boolean Methods in Operations Research; pack and unpack are
// parallel bit extract and deposit (PEXT and PDEP).
// Cost: O(2ʲ) to add a function of j groups; O(2ᵏ) for each different set of groups, of k in all,
// to read the table.

package worlds

import (
	"math/bits"
	"slices"
)

// sums are a pseudo-Boolean function of the sets of some groups, kept as a sum of functions
// of fewer of them.
type sums struct {
	groups uint32
	of     map[uint32][]float64 // by the groups of each
	apart  int                  // maxApart, but for a test
}

// maxApart is the number of groups up to which a function is kept apart. One of more groups is
// added to the function of all groups at once.
const maxApart = 13

func newSums(groups uint32) *sums {
	return &sums{groups: groups, of: map[uint32][]float64{}, apart: maxApart}
}

// add adds a function of the sets of some of the groups.
func (s *sums) add(groups uint32, values []float64) {
	if groups != s.groups && bits.OnesCount32(groups) > s.apart {
		values, groups = widened(values, groups, s.groups), s.groups
	}
	if s.of[groups] == nil {
		s.of[groups] = make([]float64, len(values))
	}
	for i, v := range values {
		s.of[groups][i] += v
	}
}

func (s *sums) merge(o *sums) {
	for groups, values := range o.of {
		s.add(groups, values)
	}
}

// table is the function by the set, packed.
func (s *sums) table() []float64 {
	out := make([]float64, 1<<bits.OnesCount32(s.groups))
	var order []uint32
	for groups := range s.of {
		order = append(order, groups)
	}
	slices.Sort(order)
	for _, groups := range order {
		for i, v := range widened(s.of[groups], groups, s.groups) {
			out[i] += v
		}
	}
	return out
}

// widened makes of a function of some groups the same function of more groups.
func widened(values []float64, groups, more uint32) []float64 {
	if groups == more {
		return values
	}
	within := pack(groups, more)
	out := make([]float64, 1<<bits.OnesCount32(more))
	place := make([]uint32, len(out))
	out[0] = values[0]
	for set := uint32(1); int(set) < len(out); set++ {
		low := set & -set
		place[set] = place[set^low]
		if within&low != 0 {
			place[set] |= 1 << bits.OnesCount32(within&(low-1))
		}
		out[set] = values[place[set]]
	}
	return out
}

// pack returns the place of a set among the sets of some groups: the bits of the set at the
// groups, moved together.
func pack(set, groups uint32) (place uint32) {
	for i := 0; groups != 0; i++ {
		if set&(groups&-groups) != 0 {
			place |= 1 << i
		}
		groups &= groups - 1
	}
	return place
}

// unpack returns the set at a place among the sets of some groups.
func unpack(place, groups uint32) (set uint32) {
	for ; groups != 0; groups &= groups - 1 {
		if place&1 != 0 {
			set |= groups & -groups
		}
		place >>= 1
	}
	return set
}
