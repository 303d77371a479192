// The heuristic search for key sets: greedy from the best pairs, then exchanges.
//
// Invariant: the mask of removed nodes is the set at work; an exchange is made only if it
// keeps less, so that the search ends at a set that no exchange of one node makes better.
// Source: Borgatti, CMOT 12, 2006 (greedy exchange); the seeds by pairs are ours.
// Cost: at least c searches by F and c² n by DF for c candidates.

package structure

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// pairSeeds is the number of pairs that a heuristic search builds on.
const pairSeeds = 64

// seed is a set to build on and what it keeps connected.
type seed struct {
	kept  float64
	nodes []int32
}

// improve is the heuristic search: from each seed and each random start to a set that
// no exchange of one node makes better.
func (s *keySearch) improve(ctx context.Context, starts int, random uint64) error {
	seeds, err := s.seeds(ctx)
	if err != nil {
		return err
	}
	for i := range starts {
		draw := rand.New(rand.NewPCG(random, uint64(i))) //nolint:gosec // repeatable by design, no secret
		pool := slices.Clone(s.candidates)
		for j := range s.k {
			o := j + draw.IntN(len(pool)-j)
			pool[j], pool[o] = pool[o], pool[j]
		}
		seeds = append(seeds, seed{nodes: pool[:s.k]})
	}
	for _, from := range seeds {
		for _, v := range from.nodes {
			s.gone.set(v)
		}
		set, err := s.climb(ctx, from.nodes)
		for _, v := range set {
			s.gone.clear(v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// seeds returns the best single node and pairs: the best pair of each node, of these the
// best ones. The best pairs of all would be alike, the best nodes with each other; in
// the karate club none of the first 16 leads to the best three.
func (s *keySearch) seeds(ctx context.Context) ([]seed, error) {
	if err := s.scores.additions(ctx, s.gone, s.candidates, s.row); err != nil {
		return nil, err
	}
	singles := make([]seed, len(s.candidates))
	for i, v := range s.candidates {
		singles[i] = seed{s.row[i], []int32{v}}
	}
	slices.SortFunc(singles, bySeed)
	if s.k == 1 {
		return singles[:1], nil
	}
	var pairs []seed
	firsts := singles[:s.firsts()]
	for _, first := range firsts {
		v := first.nodes[0]
		s.gone.set(v)
		err := s.scores.additions(ctx, s.gone, s.candidates, s.row)
		s.gone.clear(v)
		if err != nil {
			return nil, err
		}
		best := seed{kept: math.Inf(1)}
		for i, w := range s.candidates {
			if w != v && s.row[i] < best.kept {
				best = seed{s.row[i], []int32{min(v, w), max(v, w)}}
			}
		}
		if at, found := slices.BinarySearchFunc(pairs, best, bySeed); !found && at < pairSeeds {
			pairs = slices.Insert(pairs, at, best)
			pairs = pairs[:min(len(pairs), pairSeeds)]
		}
	}
	return append(pairs, singles[0]), nil
}

// firsts is how many of the best single nodes are tried with every other as a pair.
func (s *keySearch) firsts() int {
	c := len(s.candidates)
	if _, last := s.scores.cost(); last > 0 {
		return int(max(1, min(int64(c), s.bound/last/int64(c))))
	}
	return c
}

func bySeed(a, b seed) int {
	return cmp.Or(cmp.Compare(a.kept, b.kept), slices.Compare(a.nodes, b.nodes))
}

// climb adds the best node until there are k, then exchanges nodes one at a time for
// better ones until none is. The mask has from removed, and afterwards the set that is
// returned, also with an error.
func (s *keySearch) climb(ctx context.Context, from []int32) ([]int32, error) {
	set := slices.Clone(from)
	now := math.Inf(1)
	for len(set) < s.k {
		v, kept, err := s.bestAddition(ctx)
		if err != nil {
			return set, err
		}
		set, now = append(set, v), kept
		s.gone.set(v)
	}
	for same, i := 0, 0; same < s.k; i = (i + 1) % s.k {
		out := set[i]
		s.gone.clear(out)
		in, kept, err := s.bestAddition(ctx)
		if err != nil {
			s.gone.set(out)
			return set, err
		}
		rest := slices.Delete(slices.Clone(set), i, i+1)
		for j, v := range s.candidates {
			if s.row[j] == kept {
				s.offer(kept, rest, v)
			}
		}
		same++
		if kept < now {
			same = 1 // no exchange at this place is better; the others are to be tried anew
			set[i], now, out = in, kept, in
		}
		s.gone.set(out)
	}
	return set, nil
}

// bestAddition returns the candidate besides the removed ones that keeps least, the
// smallest of equals, and leaves in row what each would keep; +Inf for removed ones.
func (s *keySearch) bestAddition(ctx context.Context) (v int32, kept float64, err error) {
	if err := s.scores.additions(ctx, s.gone, s.candidates, s.row); err != nil {
		return 0, 0, err
	}
	best := 0
	for i, kept := range s.row {
		if kept < s.row[best] {
			best = i
		}
	}
	return s.candidates[best], s.row[best], nil
}

// scorer says what stays connected; the less, the better the set.
type scorer interface {
	// kept is what the removed nodes leave connected.
	kept(ctx context.Context, removed Mask) (float64, error)
	// additions sets row[i] to what is left when candidates[i] goes as well, +Inf if it
	// has gone already.
	additions(ctx context.Context, removed Mask, candidates []int32, row []float64) error
	// cost is the traversals of one call of additions, and of each candidate in it.
	cost() (each, candidate int64)
	// spent is the traversals so far.
	spent() int64
}

// pairScorer counts ordered pairs that can reach each other.
type pairScorer struct {
	d    *lowpoints
	runs int64
}

func (p *pairScorer) kept(ctx context.Context, removed Mask) (float64, error) {
	p.runs++
	err := p.d.run(ctx, removed)
	return float64(p.d.pairs), err
}

func (p *pairScorer) additions(ctx context.Context, removed Mask, candidates []int32, row []float64) error {
	p.runs++
	if err := p.d.run(ctx, removed); err != nil {
		return err
	}
	for i, v := range candidates {
		if removed.has(v) {
			row[i] = math.Inf(1)
		} else {
			row[i] = float64(p.d.without(v))
		}
	}
	return nil
}

func (p *pairScorer) cost() (each, candidate int64) { return 1, 0 }
func (p *pairScorer) spent() int64                  { return p.runs }

// distanceScorer sums the inverse distances.
type distanceScorer struct {
	s    *search
	near []int64
	runs int64
}

func (d *distanceScorer) kept(ctx context.Context, removed Mask) (float64, error) {
	clear(d.near)
	var err error
	for v := range int32(d.s.g.n) {
		if removed.has(v) {
			continue
		}
		d.runs++
		if d.near, err = d.s.countDistances(ctx, removed, v, d.near); err != nil {
			return 0, err
		}
	}
	return closeness(d.near), nil
}

func (d *distanceScorer) additions(ctx context.Context, removed Mask, candidates []int32, row []float64) error {
	with := removed.Clone()
	for i, v := range candidates {
		if removed.has(v) {
			row[i] = math.Inf(1)
			continue
		}
		with.set(v)
		kept, err := d.kept(ctx, with)
		if err != nil {
			return err
		}
		row[i] = kept
		with.clear(v)
	}
	return nil
}

func (d *distanceScorer) cost() (each, candidate int64) { return 0, int64(max(1, d.s.g.n)) }
func (d *distanceScorer) spent() int64                  { return d.runs }
