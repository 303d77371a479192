// Claims that join the same two nodes, or that one holder has on a thing, count once.
//
// Several claims of one type between the same two nodes are normal: two sources say the same,
// or nearly. They speak of one thing; of their shares the largest that stands in a world counts.
//
// Invariant: no world is given two shares of one holder.
// Source: docs/model.md, Confidence.
// Cost: O(k log k) for k claims.

package worlds

import (
	"cmp"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// Parallel returns the ties at the head of a list that join the same two nodes. The list
// must not be empty, and is sorted so that those stand together.
func Parallel(s *projection.Snapshot, ties []int32) []int32 {
	first, n := s.Tie(ties[0]), 1
	for n < len(ties) && s.Tie(ties[n]).From == first.From && s.Tie(ties[n]).To == first.To {
		n++
	}
	return ties[:n]
}

// ProbabilityOf is the probability, 0–1, that a claim stands. Alternatives, listed as by
// [AlternativesOf], that sum to more than one are scaled to one, as in a world.
func ProbabilityOf(s *projection.Snapshot, alternatives [][]int32, t int32) float64 {
	tie := s.Tie(t)
	total := projection.Certain
	if tie.Conflict != 0 {
		total = max(total, claimedAt(s, alternatives[tie.Conflict]))
	}
	return float64(tie.Probability) / float64(total)
}

// claimedAt is what the probabilities of alternatives sum to.
func claimedAt(s *projection.Snapshot, set []int32) (total uint64) {
	for _, t := range set {
		total += s.Tie(t).Probability
	}
	return total
}

// distinct counts claims, parallel ones once.
func distinct(s *projection.Snapshot, ties []int32) (n int64) {
	for ; len(ties) > 0; n++ {
		ties = ties[len(Parallel(s, ties)):]
	}
	return n
}

// any returns the worlds in which at least one of the claims stands.
func (b *Block) any(ties []int32) uint64 {
	mask := uint64(0)
	for _, t := range ties {
		mask |= b.exists(t)
	}
	return mask
}

// out lists the ties of a type that leave a node, until the next call.
func (b *Block) out(typ graph.TieType, node int32) []int32 {
	list := b.outs[:0]
	lo, hi := b.Snapshot.Out(typ, node)
	for t := lo; t < hi; t++ {
		list = append(list, t)
	}
	b.outs = list
	return list
}

// claimed is a share of a holder with the worlds in which it is claimed.
type claimed struct {
	mask   uint64
	share  int64
	holder int32
}

// byHolder calls f with the largest of the shares that each holder claims in each world.
func byHolder(claims []claimed, f func(mask uint64, share int64)) {
	order := func(a, b claimed) int { return cmp.Compare(a.holder, b.holder) }
	if !slices.IsSortedFunc(claims, order) {
		slices.SortStableFunc(claims, order)
	}
	for len(claims) > 0 {
		n := 1
		for n < len(claims) && claims[n].holder == claims[0].holder {
			n++
		}
		strongest(claims[:n], f)
		claims = claims[n:]
	}
}

// strongest calls f with the largest of the shares claimed in each world.
func strongest(claims []claimed, f func(mask uint64, share int64)) {
	if len(claims) > 1 {
		slices.SortStableFunc(claims, func(a, b claimed) int { return -cmp.Compare(a.share, b.share) })
	}
	taken := uint64(0)
	for _, c := range claims {
		f(c.mask&^taken, c.share)
		taken |= c.mask
	}
}
