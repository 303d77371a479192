// Chances of uncertain claims that speak of one thing.
//
// Invariant: claims of one set of alternatives exclude each other, all others are independent.
// Source: inclusion by conditioning on one set of alternatives after another (Shannon's expansion).
// Cost: O(claims²) for independent lists, times the claims of each set that several lists share.

package worlds

import (
	"cmp"
	"maps"
	"slices"

	"entangle/graph/projection"
)

// odds is an uncertain claim: that a share is held, with a probability. Claims of
// one set (0: none) are alternatives, all others independent.
type odds struct {
	p     float64
	set   int32
	share float64
}

// oddsOf are uncertain claims that speak of one thing.
type oddsOf []odds

// odds are the claims' own, with the share that each makes.
func (x exposer) odds(ties []int32, share func(*projection.Tie) int64) oddsOf {
	list := make(oddsOf, len(ties))
	for i, t := range ties {
		tie := x.s.Tie(t)
		list[i] = odds{x.confidence(t), tie.Conflict, float64(share(tie)) / projection.Million}
	}
	return list
}

// entire is the share of a claim that is not about shares.
func entire(*projection.Tie) int64 { return projection.Million }

// none is the probability that none of the claims holds.
func (list oddsOf) none() float64 {
	p, sets := 1.0, map[int32]float64{}
	for _, o := range list {
		if o.set == 0 {
			p *= 1 - o.p
		} else {
			sets[o.set] += o.p
		}
	}
	for _, set := range slices.Sorted(maps.Keys(sets)) {
		p *= max(0, 1-sets[set])
	}
	return p
}

// sure is the probability that one of the claims holds.
func (list oddsOf) sure() float64 { return 1 - list.none() }

// largest is the expectation of the largest share that holds.
func (list oddsOf) largest() float64 {
	sum := 0.0
	list.counting(func(_ int, part float64) { sum += part })
	return sum
}

// counting calls f with each claim, the largest share first, and what of the largest share
// that holds is due to it: the expectation of its share in the worlds in which it holds and
// no larger one does. The parts add up to largest.
func (list oddsOf) counting(f func(claim int, part float64)) {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return -cmp.Compare(list[a].share, list[b].share) })
	for n, claim := range order {
		o := list[claim]
		var larger oddsOf
		for _, other := range order[:n] {
			if o.set == 0 || list[other].set != o.set { // where it holds, its alternatives do not
				larger = append(larger, list[other])
			}
		}
		f(claim, o.p*larger.none()*o.share)
	}
}

// maxTangled is the largest number of sets of alternatives that are enumerated.
const maxTangled = 6

// expected is the expectation of f over lists of claims that may share sets of
// alternatives. It conditions on every outcome of such a set in turn, so f gets lists that
// are independent. Beyond maxTangled sets the lists are taken as independent.
func expected(f func(lists []oddsOf) float64, lists ...oddsOf) float64 {
	return tangled(maxTangled, f, lists)
}

func tangled(depth int, f func([]oddsOf) float64, lists []oddsOf) float64 {
	set := spanning(lists)
	if set == 0 || depth == 0 {
		return f(lists)
	}
	sum, left := 0.0, 1.0
	for i, list := range lists {
		for j, o := range list {
			if o.set == set {
				sum += o.p * tangled(depth-1, f, given(lists, set, i, j))
				left -= o.p
			}
		}
	}
	return sum + max(0, left)*tangled(depth-1, f, given(lists, set, -1, -1))
}

// spanning returns a set with alternatives in more than one list, 0 if none has.
func spanning(lists []oddsOf) int32 {
	in := map[int32]int{}
	for i, list := range lists {
		for _, o := range list {
			switch at, ok := in[o.set]; {
			case o.set == 0:
			case !ok:
				in[o.set] = i
			case at != i:
				return o.set
			}
		}
	}
	return 0
}

// given are the lists under the condition that claim j of list i holds and its alternatives
// do not; if i is negative, that no claim of the set holds.
func given(lists []oddsOf, set int32, i, j int) []oddsOf {
	out := make([]oddsOf, len(lists))
	for k, list := range lists {
		for l, o := range list {
			switch {
			case k == i && l == j:
				out[k] = append(out[k], odds{1, 0, o.share})
			case o.set != set:
				out[k] = append(out[k], o)
			}
		}
	}
	return out
}

// allOf is the probability that at least one claim of each list holds.
func allOf(lists []oddsOf) float64 {
	p := 1.0
	for _, list := range lists {
		p *= list.sure()
	}
	return p
}

// heldOf is the expectation of the product of the largest shares.
func heldOf(lists []oddsOf) float64 {
	p := 1.0
	for _, list := range lists {
		p *= list.largest()
	}
	return p
}

// leaves is the expectation of what leaves a body: of pairs of lists that a claimant
// leaves, and what is claimed. Each leaves with a part of the same thing, taken at random.
func leaves(pairs []oddsOf) float64 {
	left := 1.0
	for ; len(pairs) > 0; pairs = pairs[2:] {
		left *= 1 - pairs[0].sure()*pairs[1].largest()
	}
	return 1 - left
}
