// Shapley values of many targets, by orders that are drawn.
//
// Invariant: in every order and world the additions of all targets sum to what the purge of all
// does, so that the estimates do too. An order and its reverse are used together.
// Source: Castro, Gómez, Tejada 2009, Comput. Oper. Res. 36:1726; antithetic orders: Mitchell et al.
// 2022, JMLR 23(43).
// Cost: about 4k purges a block of 64 worlds, for k targets.

package queries

import (
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// byOrders estimates Shapley values from orders of the targets. For each block of worlds
// one order is drawn by seed and block, and its reverse is used too. In every order and
// world the additions of all targets sum to v of all of them, so the estimates do too.
// Blocks are independent: the standard error is that of their means, and covers the draw of
// worlds and of orders.
func (x *attributing) byOrders(ctx context.Context) (*AttributionReport, error) {
	every := x.every()
	p := &worlds.Purges{Widest: []*worlds.Model{x.m}, Cases: []*worlds.Model{x.m}}
	fixed := []uint64{every}
	for i := range x.k {
		fixed = append(fixed, 1<<i, every&^(1<<i))
	}
	for _, set := range fixed[1:] {
		p.Cases = append(p.Cases, x.subset(set))
	}
	p.More = func(block int64) (cases []*worlds.Model) {
		for _, set := range x.between(x.order(block)) {
			cases = append(cases, x.subset(set))
		}
		return cases
	}
	d := x.in.Draw
	d.Method = worlds.Sampled
	t, c, err := worlds.Together(ctx, p, &d, newOrderTally, func(t *orderTally, s *worlds.Seen) {
		if s.Case == 0 {
			t.sets = slices.Concat(fixed, x.between(x.order(s.Number)))
			t.v = map[uint64]*[worlds.BlockSize]float64{0: {}}
			t.own = x.owned(s)
		}
		v := new([worlds.BlockSize]float64)
		x.measure(s, v)
		t.v[t.sets[s.Case]] = v
		if s.Case == len(t.sets)-1 {
			t.blocks[s.Number] = x.orderShares(t.v, x.order(s.Number), s)
			t.blocks[s.Number].own = t.own
		}
	}, func(into, from *orderTally) { maps.Copy(into.blocks, from.blocks) })
	if err != nil {
		return nil, err
	}
	blocks := make([]*blockShares, len(t.blocks))
	for n, b := range t.blocks {
		blocks[n] = b
	}
	sum := newBlockShares(x.k)
	for _, b := range blocks {
		sum.merge(b)
	}
	r := x.report(basisOf(c, x.m), sum)
	r.Orders = 2 * len(blocks)
	x.betweenBlocks(r, blocks)
	return r, nil
}

// orderTally collects the figures of blocks.
type orderTally struct {
	blocks map[int64]*blockShares
	// Of the current block: the sets of targets in the order of the cases, and v of each in
	// every world.
	sets []uint64
	v    map[uint64]*[worlds.BlockSize]float64
	own  estimate.Moments // of all targets, what is theirs
}

func newOrderTally() *orderTally { return &orderTally{blocks: map[int64]*blockShares{}} }

// every is the set of all targets.
func (x *attributing) every() uint64 { return ^uint64(0) >> (MaxAttributed - x.k) }

// order is the order of the targets in a block.
func (x *attributing) order(block int64) []int {
	r := rand.New(rand.NewPCG(x.in.Seed, uint64(block))) //nolint:gosec // a draw that can be repeated, no secret
	return r.Perm(x.k)
}

// between lists the sets that an order and its reverse go through, except those that are
// purged anyway: none, one, all but one, all.
func (x *attributing) between(order []int) (sets []uint64) {
	set := uint64(0)
	for i, target := range order {
		set |= 1 << target
		if n := i + 1; n > 1 && n < x.k-1 {
			sets = append(sets, set, x.every()&^set)
		}
	}
	return sets
}

// orderShares computes what the targets add on average in an order and in its reverse, in
// each world of a block.
func (x *attributing) orderShares(v map[uint64]*[worlds.BlockSize]float64, order []int, s *worlds.Seen) *blockShares {
	b := newBlockShares(x.k)
	every, before := x.every(), uint64(0)
	for lane, weight := range s.Worlds(everyWorld) {
		b.whole.Add(v[every][lane], weight)
	}
	for _, i := range order {
		after := before | 1<<i
		for lane, weight := range s.Worlds(everyWorld) {
			forth := v[after][lane] - v[before][lane]
			back := v[every&^before][lane] - v[every&^after][lane]
			b.shapley[i].Add((forth+back)/2, weight)
			b.solo[i].Add(v[1<<i][lane], weight)
			b.lastOut[i].Add(v[every][lane]-v[every&^(1<<i)][lane], weight)
		}
		before = after
	}
	return b
}

// betweenBlocks gives the Shapley values the standard error of the means of the
// blocks, and an interval of Student's t.
func (x *attributing) betweenBlocks(r *AttributionReport, blocks []*blockShares) {
	place := map[Ref]int{}
	for i, target := range x.targets {
		place[x.m.Snapshot.Ref(target)] = i
	}
	n := float64(len(blocks))
	for j := range r.Shares {
		a, i := &r.Shares[j].Shapley, place[r.Shares[j].Ref]
		if n < 2 {
			a.SE, a.Low, a.High = 0, 0, x.most()
			continue
		}
		squares, weight := 0.0, 0.0
		for _, b := range blocks {
			m := &b.shapley[i]
			off := m.Sum() - m.Weight()*a.Value
			squares += off * off
			weight += m.Weight()
		}
		a.SE = math.Sqrt(squares*n/(n-1)) / weight
		unseen := estimate.Wilson(0, int(n)).High // of blocks, where all had the same mean
		if a.SE > 1e-12 {
			unseen = 0
		}
		half := estimate.Student95(n-1) * a.SE
		a.Low = max(0, a.Value-half-unseen*a.Value)
		a.High = min(x.most(), a.Value+half+unseen*(x.most()-a.Value))
	}
}
