// How far a purge can go: every set of groups where there are few, a beam search where there are
// many.
//
// Invariant: in worlds where nobody sides with the state a larger purge breaks no less, so that
// every part of a safe set is safe. The answer is exact as long as no safe set was dropped.
// Source: beam search: Lowerre 1976 (Harpy); the Pareto frontier and its supported points: Ehrgott
// 2005, Multicriteria Optimization.
// Cost: 2ᵏ purges up to 12 groups, the table of worlds.Subsets up to 20, 2·Beam·k² purges beyond.

package queries

import (
	"cmp"
	"context"
	"maps"
	"math"
	"math/bits"
	"slices"

	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// explore finds out what sets of groups do: every set if there are few enough groups,
// otherwise the sets that a beam search generates.
func (f *frontier) explore(ctx context.Context) error {
	if _, err := f.visit(ctx, [][]int32{nil}); err != nil {
		return err
	}
	switch k := len(f.costly); {
	case k <= maxSimulated:
		f.every = true
		return f.exhaust(ctx)
	case k <= worlds.MaxExhaustive && f.in.Params.Monotone():
		t, err := f.tabulate(ctx)
		if err != nil {
			return err
		}
		if t != nil {
			f.every, f.tabled = true, len(f.costly)+1
			f.choose(t)
			return nil
		}
	}
	return f.beam(ctx)
}

// table is what the purge of every set of the costly groups does, by mask: its expected
// weight, and whether it is not safe.
type table struct {
	cost   []float64
	unsafe []bool
}

// tabulate finds out what every set of the costly groups does. Nil where some purge was cut at
// the cap of waves.
func (f *frontier) tabulate(ctx context.Context) (*table, error) {
	sets, err := f.harmless(ctx)
	if err != nil {
		return nil, err
	}
	return f.tabulated(ctx, sets)
}

func (f *frontier) tabulated(ctx context.Context, sets *worlds.Subsets) (*table, error) {
	if !f.seen.Converged && f.search.Method == worlds.Exact {
		return nil, nil
	}
	cost, unsafe, cut, err := f.m.Tabulate(ctx, &f.search, *sets)
	f.seen.Converged = f.seen.Converged && !cut
	if cut || err != nil {
		return nil, err
	}
	for set := range cost {
		cost[set] /= thousand
	}
	return &table{cost, unsafe}, nil
}

// harmless finds which of the costly groups are safe alone, and which institutions are not
// safe from all of these together.
func (f *frontier) harmless(ctx context.Context) (*worlds.Subsets, error) {
	out := &worlds.Subsets{Damage: f.counts.state, Tolerance: f.in.Tolerance, Risky: map[int32]bool{}}
	var set []int32
	for i, g := range f.costly {
		out.Groups = append(out.Groups, f.groups[g])
		if f.solo[g].worst(&f.counts) <= f.in.Tolerance {
			out.Mild |= 1 << i
			set = append(set, g)
		}
	}
	list, _, err := f.tolls(ctx, &f.search, [][]int32{set})
	if err != nil {
		return nil, err
	}
	for body, n := range list[0].bodies {
		if f.counts.state[body] > 0 && estimate.Round(n/list[0].total) > f.in.Tolerance {
			out.Risky[body] = true
		}
	}
	return out, nil
}

// choose takes from a table the Pareto frontier of benefit and weight, and the best set
// that is safe.
func (f *frontier) choose(t *table) {
	benefit := make([]int64, len(t.cost))
	for _, g := range f.free {
		benefit[0] += f.benefit[g]
	}
	var safe uint32
	cheapest := map[int64]uint32{} // by benefit
	for set := range t.cost {
		if set > 0 {
			benefit[set] = benefit[set&(set-1)] + f.benefit[f.costly[bits.TrailingZeros(uint(set))]]
		}
		mask := uint32(set)
		if c, ok := cheapest[benefit[set]]; !ok || f.precedes(t, mask, c) {
			cheapest[benefit[set]] = mask
		}
		if !t.unsafe[set] && (benefit[set] > benefit[safe] || benefit[set] == benefit[safe] && f.precedes(t, mask, safe)) {
			safe = mask
		}
	}
	f.put(t, safe, benefit[safe])
	low := math.Inf(1)
	for _, b := range slices.Backward(slices.Sorted(maps.Keys(cheapest))) {
		if set := cheapest[b]; t.cost[set] < low-1e-12 {
			low = t.cost[set]
			f.put(t, set, b)
		}
	}
}

// precedes orders sets of equal benefit by expected weight, then by groups.
func (f *frontier) precedes(t *table, a, b uint32) bool {
	if d := t.cost[a] - t.cost[b]; math.Abs(d) > 1e-12 {
		return d < 0
	}
	return slices.Compare(f.setOf(a), f.setOf(b)) < 0
}

// setOf is the set of a mask of costly groups, with the free ones.
func (f *frontier) setOf(mask uint32) []int32 {
	var set []int32
	for i, g := range f.costly {
		if mask>>i&1 == 1 {
			set = append(set, g)
		}
	}
	return f.whole(set)
}

// put adds a set to the points, with the figures that the table has of it.
func (f *frontier) put(t *table, mask uint32, benefit int64) {
	p := &purged{set: f.setOf(mask), benefit: benefit, cost: t.cost[mask]}
	if t.unsafe[mask] {
		p.worst = 1
	}
	f.points[f.key(p.set)] = p
}

func (f *frontier) exhaust(ctx context.Context) error {
	sets := make([][]int32, 0, 1<<len(f.costly))
	for mask := range 1 << len(f.costly) {
		var set []int32
		for i, g := range f.costly {
			if mask>>i&1 == 1 {
				set = append(set, g)
			}
		}
		sets = append(sets, set)
	}
	_, err := f.visit(ctx, sets)
	return err
}

// beam is a beam search: sets grow by one group at a time, and of each size it keeps the
// best sets that fracture nothing and the cheapest for their benefit. A larger purge breaks
// no less in any world, so every subset of a safe set is safe. Every safe set is therefore
// generated as long as no safe set had to be dropped.
func (f *frontier) beam(ctx context.Context) error {
	if err := f.seeds(ctx); err != nil {
		return err
	}
	level := [][]int32{nil}
	for range f.costly {
		var grown [][]int32
		met := map[string]bool{}
		for _, set := range level {
			for _, g := range f.costly {
				if slices.Contains(set, g) {
					continue
				}
				next := append(slices.Clone(set), g)
				slices.Sort(next)
				if key := f.key(next); !met[key] {
					met[key] = true
					grown = append(grown, next)
				}
			}
		}
		points, err := f.visit(ctx, grown)
		if err != nil {
			return err
		}
		level = f.keep(points)
	}
	if !f.in.Params.Monotone() {
		f.complete, f.limit = false, 0
		for _, b := range f.benefit {
			f.limit += b
		}
		return nil
	}
	f.limit = f.bound()
	if best := f.best(); f.complete || best.benefit == f.limit {
		f.complete, f.limit = true, best.benefit
	}
	return nil
}

// seeds are the sets of the ANY rule and the union of all groups that are safe
// alone.
func (f *frontier) seeds(ctx context.Context) error {
	var sets [][]int32
	anySets, err := f.closure.Parametric(ctx)
	if err != nil {
		return err
	}
	for _, c := range anySets {
		sets = append(sets, c.Projects)
	}
	var union []int32
	for _, g := range f.costly {
		if f.solo[g].worst(&f.counts) <= f.in.Tolerance {
			union = append(union, g)
		}
	}
	_, err = f.visit(ctx, append(sets, union))
	return err
}

// keep chooses the sets of one size to go on with.
func (f *frontier) keep(points []*purged) [][]int32 {
	var safe []*purged
	for _, p := range points {
		if f.safe(p) {
			safe = append(safe, p)
		}
	}
	slices.SortFunc(safe, better)
	if len(safe) > f.in.Beam {
		safe, f.complete = safe[:f.in.Beam], false
	}
	cheap := slices.Clone(points)
	slices.SortFunc(cheap, func(a, b *purged) int {
		return cmp.Or(cmp.Compare(a.cost*float64(b.benefit), b.cost*float64(a.benefit)), better(a, b))
	})
	var out [][]int32
	met := map[string]bool{}
	for _, p := range slices.Concat(safe, cheap[:min(len(cheap), f.in.Beam)]) {
		if key := f.key(p.set); !met[key] {
			met[key] = true
			out = append(out, f.costlyOf(p.set))
		}
	}
	return out
}

func (f *frontier) costlyOf(set []int32) []int32 {
	return slices.DeleteFunc(slices.Clone(set), func(g int32) bool { return !f.solo[g].touches })
}

// best is the safe set with the largest benefit. The purge of the free groups
// alone takes nothing from any institution, so there is one.
func (f *frontier) best() *purged {
	var best *purged
	for _, p := range f.points {
		if f.safe(p) && (best == nil || better(p, best) < 0) {
			best = p
		}
	}
	return best
}

// bound is a benefit that no safe set exceeds. It is that of all groups that are safe
// alone, less the smaller benefit of each pair of groups that is not safe together; the
// pairs are disjoint.
func (f *frontier) bound() int64 {
	total := int64(0)
	safeAlone := func(g int32) bool { return f.safe(f.points[f.key([]int32{g})]) }
	for g, b := range f.benefit {
		if !f.solo[g].touches || safeAlone(int32(g)) {
			total += b
		}
	}
	type pair struct {
		a, b int32
		loss int64
	}
	var pairs []pair
	for i, a := range f.costly {
		for _, b := range f.costly[i+1:] {
			p := f.points[f.key([]int32{a, b})]
			if p != nil && !f.safe(p) && safeAlone(a) && safeAlone(b) {
				pairs = append(pairs, pair{a, b, min(f.benefit[a], f.benefit[b])})
			}
		}
	}
	slices.SortStableFunc(pairs, func(x, y pair) int { return -cmp.Compare(x.loss, y.loss) })
	used := map[int32]bool{}
	for _, p := range pairs {
		if !used[p.a] && !used[p.b] {
			used[p.a], used[p.b] = true, true
			total -= p.loss
		}
	}
	return total
}

// undominated lists the Pareto frontier: the sets to which no other has at least the
// benefit with less weight, in the order of benefit.
func (f *frontier) undominated() []*purged {
	all := make([]*purged, 0, len(f.points))
	for _, p := range f.points {
		all = append(all, p)
	}
	slices.SortFunc(all, better)
	var out []*purged
	for _, p := range all {
		if len(out) == 0 || p.cost < out[len(out)-1].cost-1e-12 {
			out = append(out, p)
		}
	}
	slices.Reverse(out)
	return out
}

// hull marks the points of a curve that are the best at some price, those on an
// edge of the hull included, with the price at which each becomes worthwhile.
func hull(curve []*purged) (supported []bool, price []*float64) {
	supported, price = make([]bool, len(curve)), make([]*float64, len(curve))
	for i := 0; i < len(curve); {
		supported[i] = true
		steepest, next := -1.0, len(curve)
		for j := i + 1; j < len(curve); j++ {
			slope := slopeOf(curve[i], curve[j])
			if slope > steepest*(1+1e-12) {
				steepest, next = slope, j
			}
		}
		if next < len(curve) {
			price[next] = new(steepest)
		}
		i = next
	}
	return supported, price
}

// slopeOf is the benefit gained for each unit of weight.
func slopeOf(a, b *purged) float64 {
	return float64(b.benefit-a.benefit) / thousand / (b.cost - a.cost)
}
