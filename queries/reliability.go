package queries

import (
	"context"
	"fmt"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
)

// connect works out the two-terminal reliability of the ties followed: the
// probability that a world connects the two nodes. It goes through every world
// where at most MaxExact uncertain ties can matter, else it samples.
func connect(ctx context.Context, s *projection.Snapshot, in *PathsInput, from, to int32, r *PathsReport) error {
	l := &listing{chances: map[coinKey]uint64{}}
	c := connection{s: s, types: in.Types, reach: make([]uint64, s.Len()), alternatives: alternatives(s)}
	c.spread(l, from, none)
	if c.reach[to] == 0 {
		r.Connected, r.Basis = estimate.Estimate{}, drawBasis(s, true, 0, in.Seed, len(l.order))
		return nil
	}
	if in.Method != Sampled && len(l.order) <= MaxExact {
		return c.exact(ctx, l, in, r, from, to)
	}
	if in.Method == Exact {
		return fmt.Errorf("%w: method EXACT: more than %d uncertain ties may connect the two; ask for AUTO or SAMPLED", ErrInput, MaxExact)
	}
	r.Basis = drawBasis(s, false, in.Samples, in.Seed, len(l.order))
	count := 0
	for n := 0; n*worlds < in.Samples; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		lanes := all
		if rest := in.Samples - n*worlds; rest < worlds {
			lanes = 1<<rest - 1
		}
		c.spread(sampledCoins(in.Seed, uint64(n)), from, to)
		each(c.reach[to]&lanes, func(int) { count++ })
	}
	r.Connected = estimate.Wilson(count, in.Samples)
	return nil
}

func (c *connection) exact(ctx context.Context, l *listing, in *PathsInput, r *PathsReport, from, to int32) error {
	total := int64(1) << len(l.order)
	coins := l.enumerate()
	p := 0.0
	for n := int64(0); n*worlds < total; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		coins.block = uint64(n)
		c.spread(coins, from, none)
		each(c.reach[to], func(w int) {
			if world := n*worlds + int64(w); world < total {
				p += l.probability(world)
			}
		})
	}
	if *coins.missed {
		return errMissedCoin
	}
	p = estimate.Round(p)
	r.Connected, r.Basis = estimate.Estimate{P: p, Low: p, High: p}, drawBasis(c.s, true, 0, in.Seed, len(l.order))
	return nil
}

// connection spreads from a node over ties in 64 worlds at once.
type connection struct {
	s       *projection.Snapshot
	types   []graph.TieType
	reach   []uint64 // by node: the worlds in which it is reached
	touched []int32
	// alternatives lists the ties of each set of contradicting claims.
	alternatives [][]int32
}

// holds returns the worlds in which a claim holds. A listing meets every coin: for it
// claims that contradict each other all hold.
func (c *connection) holds(coins coins, t int32) uint64 {
	toss := func(tie *projection.Tie, chance uint64) uint64 {
		switch chance {
		case 0:
			return 0
		case projection.Certain:
			return all
		}
		return coins.toss(tie.Key, existence, chance)
	}
	tie := c.s.Tie(t)
	if tie.Conflict == 0 {
		return toss(tie, tie.Probability)
	}
	drawn := alternative(c.s, c.alternatives[tie.Conflict], t, toss)
	if _, lists := coins.(*listing); lists && tie.Probability > 0 {
		return all
	}
	return drawn
}

// spread stops early where every world has reached the target.
func (c *connection) spread(coins coins, from, target int32) {
	for _, node := range c.touched {
		c.reach[node] = 0
	}
	c.touched = append(c.touched[:0], from)
	c.reach[from] = all
	queue := []int32{from}
	waiting := map[int32]bool{}
	for len(queue) > 0 && (target == none || c.reach[target] != all) {
		node := queue[0]
		queue = queue[1:]
		delete(waiting, node)
		neighbours(c.s, c.types, node, func(t, other int32) {
			fresh := c.reach[node] & c.holds(coins, t) &^ c.reach[other]
			if fresh == 0 {
				return
			}
			if c.reach[other] == 0 {
				c.touched = append(c.touched, other)
			}
			c.reach[other] |= fresh
			if !waiting[other] {
				waiting[other] = true
				queue = append(queue, other)
			}
		})
	}
}
