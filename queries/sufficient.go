// The minimal sets of targets that fracture an institution: the prime implicants of a monotone
// function, read from the outcome of every set.
//
// Invariant: no set that is listed contains another; sets were chosen in some worlds and are judged
// in others.
// Source: Quine 1955, Am. Math. Mon. 62:627; minimal cut sets: Barlow, Proschan 1975, Statistical
// Theory of Reliability and Life Testing.
// Cost: O(2ᵏ × sets found) for an institution and k targets, at most MaxSubsets.

package queries

import (
	"cmp"
	"math/bits"
	"slices"

	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// sufficient lists, for every institution that the whole purge fractures with at
// least the threshold, the minimal sets of targets that do: chosen by the worlds of
// t, judged by those of other.
func (x *attributing) sufficient(c *worlds.Course, t, other *subsetTally) []Sufficient {
	bySize := make([]uint64, len(t.bodies))
	for set := range bySize {
		bySize[set] = uint64(set)
	}
	slices.SortStableFunc(bySize, func(a, b uint64) int { return cmp.Compare(bits.OnesCount64(a), bits.OnesCount64(b)) })
	out := []Sufficient{}
	whole := len(t.bodies) - 1
	for body, weight := range t.bodies[whole] {
		e := estimate.Probability(c.Exact(), weight, t.total)
		if e.P < x.in.Threshold || x.body != none && x.body != body {
			continue
		}
		one := Sufficient{Ref: bodyRef(x.m.Snapshot, body), Own: x.ledger.isOwn[body], Fractured: e}
		var found []uint64
		for _, set := range bySize {
			if slices.ContainsFunc(found, func(part uint64) bool { return set&part == part }) {
				continue
			}
			e := estimate.Probability(c.Exact(), t.bodies[set][body], t.total)
			if e.P < x.in.Threshold {
				continue
			}
			found = append(found, set)
			one.Sets = append(one.Sets, x.judged(c, other, set, body))
		}
		slices.SortStableFunc(one.Sets, func(a, b SufficientSet) int {
			return cmp.Or(cmp.Compare(len(a.Targets), len(b.Targets)), -cmp.Compare(a.Fractured.P, b.Fractured.P))
		})
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b Sufficient) int {
		return cmp.Or(-cmp.Compare(a.Fractured.P, b.Fractured.P), cmp.Compare(a.ID, b.ID))
	})
	ownLast(out, func(s Sufficient) bool { return s.Own })
	return out
}

// judged estimates a set that was chosen. It is close to the threshold if its own
// probability may be under it or that of a part of it may not: then the part suffices
// and the set is not minimal.
func (x *attributing) judged(c *worlds.Course, t *subsetTally, set uint64, body int32) SufficientSet {
	of := func(set uint64) estimate.Estimate {
		return estimate.Probability(c.Exact(), t.bodies[set][body], t.total)
	}
	s := SufficientSet{Targets: refsOf(x.m.Snapshot, x.struck(set)), Fractured: of(set)}
	if c.Certain() {
		return s
	}
	s.Close = s.Fractured.Low < x.in.Threshold
	for part := (set - 1) & set; part > 0; part = (part - 1) & set {
		s.Close = s.Close || of(part).High >= x.in.Threshold
	}
	return s
}
