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

	"entangle/graph/projection"
)

// distinct counts claims, parallel ones once.
func distinct(s *projection.Snapshot, ties []int32) (n int64) {
	for ; len(ties) > 0; n++ {
		ties = ties[len(s.Parallel(ties)):]
	}
	return n
}

// any returns the worlds among those that are assessed in which at least one of the claims
// stands.
func (b *block) any(ties []int32) uint64 {
	mask := uint64(0)
	for _, t := range ties {
		mask |= b.existsAmong(b.scored.among, t)
	}
	return mask
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
