// Ties that rest on one source are not independent.
//
// A source that is wrong may be wrong in all it says. With SourceCorrelation ρ each uncertain tie
// follows, with probability ρ, a number that all ties of its first source share, and a number
// of its own otherwise; it stands where the number is under its confidence. Contradicting
// claims are left out: which of them stands is one draw already.
//
// Invariant: each tie keeps its confidence. Two ties of one source follow it together with
// probability ρ², and then the less sure one stands only where the surer does:
//
//	P(both) = ρ²·min(p₁, p₂) + (1 − ρ²)·p₁·p₂
//
// Source: the comonotone, or upper Fréchet, bound mixed with independence: docs/model.md, Claims
// of one source.
// Cost: O(1) coins a tie where worlds are drawn; where they are enumerated one coin for each
// different confidence of the source.

package worlds

import (
	"hash/fnv"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// latent is the number, a latent variable, that the ties of one source share.
type latent struct {
	key uint64 // a hash of the source's id
	// levels are the chances of its uncertain ties, the largest first, each once;
	// nil where it has fewer than two such ties.
	levels []uint64
}

// newLatents lists the latent numbers by source, counted from the first source.
func newLatents(s *projection.Snapshot) []latent {
	lo, hi := s.Range(graph.Source)
	list := make([]latent, hi-lo)
	ties := make([]int, hi-lo)
	for t := range s.Ties() {
		tie := s.Tie(t)
		if tie.Source >= 0 && tie.Conflict == 0 && tie.Probability > 0 && tie.Probability < projection.Certain {
			list[tie.Source-lo].levels = append(list[tie.Source-lo].levels, tie.Probability)
			ties[tie.Source-lo]++
		}
	}
	for i := range list {
		l := &list[i]
		if ties[i] < 2 {
			l.levels = nil
			continue
		}
		h := fnv.New64a()
		_, _ = h.Write([]byte(s.ID(lo + int32(i)))) // a hash never fails
		l.key = h.Sum64()
		slices.Sort(l.levels)
		slices.Reverse(l.levels)
		l.levels = slices.Clip(slices.Compact(l.levels))
	}
	return list
}

// stands returns the worlds in which a claim that is in no set of alternatives stands.
func (b *block) stands(tie *projection.Tie) uint64 {
	if b.m.latents == nil || tie.Source < 0 || tie.Probability == 0 || tie.Probability == projection.Certain {
		return b.toss(tie, existence, tie.Probability)
	}
	l := &b.m.latents[tie.Source-b.m.firstSource]
	if l.levels == nil {
		return b.toss(tie, existence, tie.Probability)
	}
	follows, mask := b.toss(tie, following, chance(b.m.Params.SourceCorrelation)), uint64(0)
	if follows != 0 {
		mask = follows & b.coins.latent(l, tie.Probability)
	}
	if follows != allLanes || b.everything && b.m.Params.SourceCorrelation < 1 {
		own := b.toss(tie, existence, tie.Probability)
		mask |= own &^ follows
	}
	return mask
}

// latent compares the digits of one number a world with every chance asked for.
func (c sampled) latent(l *latent, chance uint64) uint64 { return c.toss(l.key, shared, chance) }

func (l *listing) latent(of *latent, chance uint64) uint64   { return of.chain(l, chance) }
func (e enumerated) latent(of *latent, chance uint64) uint64 { return of.chain(e, chance) }

// chain returns the worlds in which the shared number is under a chance, by coins of two
// sides: one for the largest level, and for each next level one given that the number is
// under the level before.
func (l *latent) chain(c coins, of uint64) uint64 {
	under, before := allLanes, projection.Certain
	for _, level := range l.levels {
		if level < of {
			break
		}
		given := max(1, chance(float64(level)/float64(before)))
		if given < projection.Certain {
			under &= c.toss(mix(l.key^level), shared, given)
		}
		before = level
	}
	return under
}
