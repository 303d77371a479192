// Key sets: the k nodes whose loss fragments a network most (KPP-Neg).
//
// Invariant: best holds the sets of k nodes met so far that keep least, each once, up to
// 100 of them.
// Source: Borgatti, CMOT 12, 2006.
// Cost: C(c, k−1) searches of O(n+m) by F for c candidates, C(c, k)·n by DF; above
// MaxTraversals the heuristic of keysets_improve.go.

package structure

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Measure is what the search for a key set makes as large as it can.
type Measure uint8

// The measures of [KeySets].
const (
	ByF         Measure = iota // [F], components
	ByDistanceF                // [DistanceF], distances
)

// Optimality says how far a found optimum can be trusted.
type Optimality uint8

// The grades of optimality.
const (
	Heuristic Optimality = iota // good; a better one may exist
	Exact                       // nothing is better: every set was compared
)

// String returns "EXACT" or "HEURISTIC".
func (o Optimality) String() string {
	switch o {
	case Heuristic:
		return "HEURISTIC"
	case Exact:
		return "EXACT"
	default:
		return fmt.Sprintf("Optimality(%d)", uint8(o))
	}
}

// KeySetOptions says which set [KeySets] looks for and how hard.
type KeySetOptions struct {
	K       int // size of the set, at least 1
	Measure Measure
	// Absent nodes are not there before the removal either: they are no candidates, and
	// the original n is without them.
	Absent Mask
	// Candidates are the nodes a set may be made of; nil for all. Nodes named twice count
	// once. Fewer candidates make the search faster in proportion.
	Candidates []int32
	// MaxTraversals bounds the work of comparing every set; above it the search is
	// heuristic. 0 for DefaultTraversals.
	MaxTraversals int64
	// Starts is the number of random sets from which a heuristic search sets out besides
	// those it builds from the best pairs, drawn by a PCG generator with Seed.
	Starts int
	Seed   uint64
}

// DefaultTraversals is the bound that KeySetOptions.MaxTraversals 0 stands for: about a
// second on a network of a hundred ties.
const DefaultTraversals = 1 << 20

// maxEqual is how many equally good sets are listed.
const maxEqual = 100

// KeySet is the outcome of a search.
type KeySet struct {
	// Sets are the sets that share the best figure, each ascending, in lexicographic
	// order: all of them if Exact and not More, else those that were met.
	Sets [][]int32
	More bool // there are more such sets than the 100 listed
	// Before and After are the fragmentation without and with the removal of a set.
	Before, After Share
	Optimality    Optimality
	Traversals    int64 // searches through the graph that it took
}

// KeySets finds the k nodes whose loss fragments g most (Borgatti's KPP-Neg, 2006). For
// a given k both denominators of [Share] rank sets alike.
//
// Every set is compared, and the answer Exact, when that takes at most MaxTraversals
// searches of O(n+m), and by F always for k ≤ 2, where building a set node by node goes
// wrong worst. By F one search scores all nodes as the last of a set (see [CutsOf]), so
// that C(c, k-1) searches compare all sets of c candidates; by DF each set takes n.
// Otherwise the search is Heuristic: it takes the best pair of each node, of these the 64
// best, adds the best node until there are k, and exchanges single nodes for better ones
// until none is (pair-seeded greedy with swaps); then it exchanges from random starts.
// That takes at least c searches by F and c² n by DF: give DF few candidates. By DF pairs
// are made of the best single nodes only where all pairs would pass MaxTraversals.
//
// Of equally good nodes the one with the smaller id is taken, so equal input gives equal
// output; a heuristic answer may depend on how the nodes are numbered.
//
// It fails with ErrOption for a K below 1 or above the number of candidates, or another
// option out of range; ErrNode for a candidate that is not there; ErrMask; ErrDirected
// by F; or ctx's error.
func KeySets(ctx context.Context, g *Graph, opt KeySetOptions) (KeySet, error) {
	s, err := newKeySearch(g, opt)
	if err != nil {
		return KeySet{}, err
	}
	before, err := s.scores.kept(ctx, s.gone)
	if err != nil {
		return KeySet{}, err
	}
	optimality := Exact
	if s.exhaustible() {
		err = s.compareAll(ctx, make([]int32, 0, opt.K), 0)
	} else {
		optimality = Heuristic
		err = s.improve(ctx, opt.Starts, opt.Seed)
	}
	if err != nil {
		return KeySet{}, err
	}
	original := g.n - s.gone.Count()
	slices.SortFunc(s.best, slices.Compare[[]int32])
	return KeySet{
		Sets: s.best, More: s.more, Optimality: optimality, Traversals: s.scores.spent(),
		Before: shareOf(before, original, original), After: shareOf(s.kept, original-opt.K, original),
	}, nil
}

// keySearch looks for the set that keeps least connected.
type keySearch struct {
	k          int
	candidates []int32
	bound      int64
	scores     scorer
	gone       Mask      // absent nodes and the set under consideration
	row        []float64 // scratch: what each candidate would keep

	best [][]int32
	kept float64
	more bool
}

func newKeySearch(g *Graph, opt KeySetOptions) (*keySearch, error) {
	absent, err := g.fit(opt.Absent)
	if err != nil {
		return nil, err
	}
	s := &keySearch{k: opt.K, bound: opt.MaxTraversals, gone: absent.Clone(), kept: math.Inf(1)}
	if s.bound == 0 {
		s.bound = DefaultTraversals
	}
	if s.bound < 0 || opt.Starts < 0 {
		return nil, fmt.Errorf("%w: MaxTraversals %d and Starts %d must not be negative", ErrOption, opt.MaxTraversals, opt.Starts)
	}
	if opt.Candidates == nil {
		for v := range int32(g.n) {
			if !absent.has(v) {
				s.candidates = append(s.candidates, v)
			}
		}
	} else {
		for _, v := range opt.Candidates {
			if err := g.present(absent, v); err != nil {
				return nil, fmt.Errorf("candidate: %w", err)
			}
		}
		s.candidates = slices.Compact(slices.Sorted(slices.Values(opt.Candidates)))
	}
	if s.k < 1 || s.k > len(s.candidates) {
		return nil, fmt.Errorf("%w: a set of K=%d from %d candidates", ErrOption, s.k, len(s.candidates))
	}
	s.row = make([]float64, len(s.candidates))
	switch opt.Measure {
	case ByF:
		if err := g.undirectedOnly("key sets by F"); err != nil {
			return nil, err
		}
		s.scores = &pairScorer{d: newLowpoints(g)}
	case ByDistanceF:
		s.scores = &distanceScorer{s: newSearch(g)}
	default:
		return nil, fmt.Errorf("%w: Measure %d", ErrOption, opt.Measure)
	}
	return s, nil
}

// exhaustible reports whether every set is to be compared.
func (s *keySearch) exhaustible() bool {
	each, last := s.scores.cost()
	if last == 0 && s.k <= 2 {
		return true
	}
	c := len(s.candidates)
	if last == 0 {
		return choose(c, s.k-1) <= s.bound/each
	}
	return choose(c, s.k) <= s.bound/last
}

// choose is n over k, or the greatest int64 where that is more.
func choose(n, k int) int64 {
	product := int64(1)
	for i := 1; i <= k; i++ {
		factor := int64(n - k + i)
		if product > math.MaxInt64/factor {
			return math.MaxInt64
		}
		product = product * factor / int64(i)
	}
	return product
}

// compareAll scores every set that extends prefix by candidates from the place on.
func (s *keySearch) compareAll(ctx context.Context, prefix []int32, from int) error {
	rest := s.candidates[from:]
	if len(prefix) == s.k-1 {
		row := s.row[:len(rest)]
		if err := s.scores.additions(ctx, s.gone, rest, row); err != nil {
			return err
		}
		for i, kept := range row {
			s.offer(kept, prefix, rest[i])
		}
		return nil
	}
	for i, v := range rest[:len(rest)-(s.k-1-len(prefix))] {
		s.gone.set(v)
		err := s.compareAll(ctx, append(prefix, v), from+i+1)
		s.gone.clear(v)
		if err != nil {
			return err
		}
	}
	return nil
}

// offer takes note of a set of k nodes that keeps so much.
func (s *keySearch) offer(kept float64, most []int32, last int32) {
	if kept > s.kept {
		return
	}
	set := slices.Sorted(slices.Values(append(slices.Clone(most), last)))
	if kept < s.kept {
		s.best, s.kept, s.more = s.best[:0], kept, false
	}
	if slices.ContainsFunc(s.best, func(b []int32) bool { return slices.Equal(b, set) }) {
		return
	}
	if len(s.best) == maxEqual {
		s.more = true
		return
	}
	s.best = append(s.best, set)
}
