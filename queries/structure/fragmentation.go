// Fragmentation: the share of pairs of nodes that cannot reach each other (F), and the same
// with pairs counted by their distance (DF).
//
// Invariant: pairs, and pairs at each distance, are counted as integers before anything is
// divided, so that the figure does not depend on how nodes are numbered.
// Source: Borgatti, CMOT 12, 2006; Cochran, Sampling Techniques, 1977, 2.6, for the standard
// error of a sample without replacement.
// Cost: F O(n+m), DF O(n m), sampled O(sources · m).

package structure

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Share is a fragmentation, 0 (whole) to 1 (no pair left), under the two denominators
// that are in use. They differ as soon as a node is removed; a figure is comparable
// only with figures under the same one.
type Share struct {
	// Residual divides by the ordered pairs of the n' nodes that are left, n'(n'-1):
	// how broken is what remains. Pyntacle and R's keyplayer print this one.
	Residual float64
	// Original divides by the ordered pairs of the n nodes there were, n(n-1): removed
	// nodes count as isolates, so that a larger removal is never smaller for it.
	Original float64
}

// Denominator names one of the two figures of a [Share].
type Denominator uint8

// The two denominators.
const (
	Residual Denominator = iota
	Original
)

// String returns "residual" or "original".
func (d Denominator) String() string {
	switch d {
	case Residual:
		return "residual"
	case Original:
		return "original"
	default:
		return fmt.Sprintf("Denominator(%d)", uint8(d))
	}
}

// By returns the figure under the named denominator; NaN for one there is not.
func (s Share) By(d Denominator) float64 {
	switch d {
	case Residual:
		return s.Residual
	case Original:
		return s.Original
	default:
		return math.NaN()
	}
}

// F is Borgatti's fragmentation of components with the given sizes, after nodes were
// removed from original ones:
//
//	F = 1 - Σ s(s-1) / [n'(n'-1)],  n' = Σ s,
//
// the share of ordered pairs that cannot reach each other (Borgatti, Identifying sets
// of key players in a social network, CMOT 12, 2006, eq. 4). With fewer than two nodes
// to pair the quotient is 0/0; there no pair holds together and F is 1, which is what
// the other denominator gives when all but one node are removed.
func F(sizes []int32, original int) Share {
	var pairs, left int64
	for _, s := range sizes {
		pairs += int64(s) * int64(s-1)
		left += int64(s)
	}
	return shareOf(float64(pairs), int(left), original)
}

// shareOf is 1 - kept / ordered pairs under both denominators; 1 where there are none.
func shareOf(kept float64, left, original int) Share {
	of := func(n int) float64 {
		if n < 2 {
			return 1
		}
		return 1 - kept/(float64(n)*float64(n-1))
	}
	return Share{Residual: of(left), Original: of(original)}
}

// Fragmentation says how far a network has come apart.
type Fragmentation struct {
	Nodes int     // n', the nodes that are left
	Sizes []int32 // of the components, descending
	F     Share
}

// FragmentationOf measures g without the removed nodes against all nodes of g; weak
// components if g is directed. Errors and cost are those of [ComponentsOf].
func FragmentationOf(ctx context.Context, g *Graph, removed Mask) (Fragmentation, error) {
	return fragmentation(ctx, g, removed, g.n)
}

func fragmentation(ctx context.Context, g *Graph, removed Mask, original int) (Fragmentation, error) {
	removed, err := g.fit(removed)
	if err != nil {
		return Fragmentation{}, err
	}
	_, size, err := joined(ctx, g, removed)
	if err != nil {
		return Fragmentation{}, err
	}
	f := Fragmentation{}
	for _, s := range size {
		if s > 0 {
			f.Sizes = append(f.Sizes, s)
			f.Nodes += int(s)
		}
	}
	slices.Sort(f.Sizes)
	slices.Reverse(f.Sizes)
	f.F = F(f.Sizes, original)
	return f, nil
}

// Change is a fragmentation before and after a removal. A network may be in pieces
// before anything is done to it: the figure after says little without the one before.
type Change struct{ Before, After Fragmentation }

// Removal measures g without the absent nodes, before and after removed ones go as
// well; a node may be in both masks. The original n is that of the nodes not absent.
// Errors and cost are those of [ComponentsOf], twice.
func Removal(ctx context.Context, g *Graph, absent, removed Mask) (Change, error) {
	both, original, err := g.union(absent, removed)
	if err != nil {
		return Change{}, err
	}
	before, err := fragmentation(ctx, g, absent, original)
	if err != nil {
		return Change{}, err
	}
	after, err := fragmentation(ctx, g, both, original)
	if err != nil {
		return Change{}, err
	}
	return Change{Before: before, After: after}, nil
}

// union returns a mask of its own that removes what either does, and how many nodes
// absent alone leaves.
func (g *Graph) union(absent, removed Mask) (both Mask, original int, err error) {
	if absent, err = g.fit(absent); err != nil {
		return Mask{}, 0, err
	}
	if removed, err = g.fit(removed); err != nil {
		return Mask{}, 0, err
	}
	both = absent.Clone()
	for i, word := range removed.words {
		both.words[i] |= word
	}
	return both, g.n - absent.Count(), nil
}

// DistanceF is Borgatti's distance-weighted fragmentation of g without the removed
// nodes, against all nodes of g:
//
//	DF = 1 - Σ_{i≠j} 1/d(i,j) / [n'(n'-1)],  1/∞ = 0
//
// (Borgatti 2006, eq. 9); it is one less the global efficiency. Distances count ties,
// along the arcs if g is directed, unlike F which takes weak components there. Fewer
// than two nodes left: 1, as for [F].
//
// It fails with ErrMask, or with ctx's error. O(n' m) time: one search from each node;
// see [DistanceFSampled] for large graphs. The distances are counted before they are
// summed, so the figure does not depend on how the nodes are numbered, to the bit.
func DistanceF(ctx context.Context, g *Graph, removed Mask) (Share, error) {
	removed, err := g.fit(removed)
	if err != nil {
		return Share{}, err
	}
	s := newSearch(g)
	near := make([]int64, 0, 16)
	left := 0
	for v := range int32(g.n) {
		if removed.has(v) {
			continue
		}
		left++
		if near, err = s.countDistances(ctx, removed, v, near); err != nil {
			return Share{}, err
		}
	}
	return shareOf(closeness(near), left, g.n), nil
}

// closeness is the sum of 1/d over near[d] pairs at each distance d.
func closeness(near []int64) float64 {
	sum := 0.0
	for d := 1; d < len(near); d++ {
		sum += float64(near[d]) / float64(d)
	}
	return sum
}

// SampledShare is an estimate with its standard error, from so many sources.
type SampledShare struct {
	Share, SE Share
	Sources   int
}

// DistanceFSampled estimates [DistanceF] from the distances of some source nodes, drawn
// without replacement by a PCG generator with the given seed. The standard error has
// the finite-population correction and is 0 once every node is a source; it needs two
// sources to be told. The estimate is unbiased; over many draws it varies about
// normally unless sources are few or the graph has a few nodes unlike all others.
//
// It fails with ErrOption for fewer than two sources, ErrMask, or ctx's error.
// O(sources · m) time.
func DistanceFSampled(ctx context.Context, g *Graph, removed Mask, sources int, seed uint64) (SampledShare, error) {
	removed, err := g.fit(removed)
	if err != nil {
		return SampledShare{}, err
	}
	if sources < 2 {
		return SampledShare{}, fmt.Errorf("%w: %d sources; a standard error needs two", ErrOption, sources)
	}
	var nodes []int32
	for v := range int32(g.n) {
		if !removed.has(v) {
			nodes = append(nodes, v)
		}
	}
	left := len(nodes)
	sources = min(sources, left)
	draw := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // repeatable by design, no secret
	s := newSearch(g)
	var near []int64
	var mean, squares float64 // Welford's
	for i := range sources {
		j := i + draw.IntN(left-i)
		nodes[i], nodes[j] = nodes[j], nodes[i]
		clear(near)
		if near, err = s.countDistances(ctx, removed, nodes[i], near); err != nil {
			return SampledShare{}, err
		}
		x := closeness(near)
		step := x - mean
		mean += step / float64(i+1)
		squares += step * (x - mean)
	}
	est := SampledShare{Share: shareOf(mean*float64(left), left, g.n), Sources: sources}
	if sources >= 2 && sources < left {
		unseen := 1 - float64(sources)/float64(left)
		se := float64(left) * math.Sqrt(unseen*squares/float64(sources-1)/float64(sources))
		est.SE = Share{
			Residual: se / (float64(left) * float64(left-1)),
			Original: se / (float64(g.n) * float64(g.n-1)),
		}
	}
	return est, nil
}
