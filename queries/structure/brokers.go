// Burt's constraint and effective size: how far a node's contacts are tied to one another.
//
// Invariant: while node i is at work, through[j] is Σ_q p_iq p_qj over the contacts q done.
// Source: Burt, Structural Holes, 1992; Borgatti, Connections 20, 1997.
// Cost: O(Σ degree²) time at worst, O(n) memory.

package structure

import (
	"context"
	"math/bits"
)

// Brokerage says how far the contacts of a node are tied to one another. A node that
// stands between contacts who are not has a low constraint and an effective size near
// its degree: it is a broker. A node without ties (Degree 0) has no measures, for they
// divide by the degree; its other fields are 0 and mean nothing.
type Brokerage struct {
	Degree int32
	// Constraint is Σ_j (p_ij + Σ_q p_iq p_qj)² over the contacts j and q of i, where
	// p_ij is the share of i's ties that go to j.
	Constraint float64
	// EffectiveSize is the degree less 2t/degree for t ties among the contacts: less
	// the mean number of ties that a contact has to the others.
	EffectiveSize float64
}

// Efficiency returns EffectiveSize / Degree, the share of contacts that are not
// redundant; 0 for a node without ties.
func (b Brokerage) Efficiency() float64 {
	if b.Degree == 0 {
		return 0
	}
	return b.EffectiveSize / float64(b.Degree)
}

// BrokerageOf returns Burt's measures of every node of g without the removed nodes, all
// ties counting alike (Burt, Structural Holes, 1992, pp. 50-55; the effective size in
// the form of Borgatti, Structural holes: unpacking Burt's redundancy measures,
// Connections 20, 1997, which for ties that count alike is Burt's own).
//
// It fails with ErrDirected, ErrMask, or ctx's error. For a tie between nodes of degrees
// k ≤ l the time is O(k + min(l, k log l)), O(Σ degree²) at worst; O(n) memory.
func BrokerageOf(ctx context.Context, g *Graph, removed Mask) ([]Brokerage, error) {
	if err := g.undirectedOnly("brokerage"); err != nil {
		return nil, err
	}
	removed, err := g.fit(removed)
	if err != nil {
		return nil, err
	}
	degrees, err := DegreesOf(g, removed)
	if err != nil {
		return nil, err
	}
	brokers := make([]Brokerage, g.n)
	contactOf := make([]int32, g.n) // 1 + the node whose contact this is
	through := make([]float64, g.n) // Σ_q p_iq p_qj, valid for the contacts j of i
	step := 0
	for i := range int32(g.n) {
		b := &brokers[i]
		b.Degree = degrees.Out[i]
		if b.Degree == 0 {
			if err := due(ctx, step); err != nil {
				return nil, err
			}
			step++
			continue
		}
		direct := 1 / float64(b.Degree)
		row := g.rows.of(i)
		for _, j := range row {
			contactOf[j], through[j] = i+1, 0
		}
		among := 0 // arcs among the contacts, two for each tie
		for _, q := range row {
			if err := due(ctx, step); err != nil {
				return nil, err
			}
			step++
			if removed.has(q) {
				continue
			}
			share := direct / float64(degrees.Out[q])
			// A contact with far more ties than i, a group of thousands, is asked for those
			// to i's other contacts instead of being gone through.
			if far := g.rows.of(q); len(far) > len(row)*bits.Len(uint(len(far))) {
				for _, j := range row {
					if !removed.has(j) && g.HasTie(q, j) {
						through[j] += share
						among++
					}
				}
				continue
			}
			for _, j := range g.rows.of(q) {
				if contactOf[j] == i+1 && !removed.has(j) {
					through[j] += share
					among++
				}
			}
		}
		for _, j := range row {
			if !removed.has(j) {
				b.Constraint += (direct + through[j]) * (direct + through[j])
			}
		}
		b.EffectiveSize = float64(b.Degree) - float64(among)*direct
	}
	return brokers, nil
}
