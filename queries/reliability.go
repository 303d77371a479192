package queries

import (
	"context"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
)

// connect works out the two-terminal reliability of the ties followed: the
// probability that a world connects the two nodes. It goes through every world
// where at most MaxExact uncertain ties can matter, else it samples.
func connect(ctx context.Context, s *projection.Snapshot, in *PathsInput, from, to int32, r *PathsReport) error {
	sets := alternatives(s)
	hire := func() *connection {
		return &connection{s: s, types: in.Types, reach: make([]uint64, s.Len()), alternatives: sets}
	}
	known, all := newListing(), hire()
	all.spread(ctx, known, from, none)
	if err := ctx.Err(); err != nil {
		return err
	}
	if all.reach[to] == 0 {
		r.Connected, r.Basis = estimate.Estimate{}, drawBasis(s, true, 0, in.Seed, len(known.order))
		return nil
	}
	c, err := throughWorlds(&in.Draw, &space{known: known, purges: 1}, func(p *plan) (*crew[*connection], error) {
		return sweep(ctx, p, hire, func(c *connection, n int64) {
			w := p.weights(n)
			c.spread(ctx, p.coins(uint64(n)), from, to)
			each(c.reach[to]&w.lanes, func(lane int) { c.connected += w.at(lane) })
			p.progress.add(p.size(n))
		})
	})
	if err != nil {
		return err
	}
	sum := merged(c, func(into, from *connection) { into.connected += from.connected })
	r.Connected = probabilityOf(c.plan.exact, sum.connected, c.plan.total())
	r.Basis = drawBasis(s, c.plan.exact, int(c.plan.worlds), in.Seed, c.plan.matter)
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
	connected    float64 // the weight of the worlds in which it reaches its target
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

// spread stops early where every world has reached the target, and where the context ends:
// what it found is then of no use.
func (c *connection) spread(ctx context.Context, coins coins, from, target int32) {
	for _, node := range c.touched {
		c.reach[node] = 0
	}
	c.touched = append(c.touched[:0], from)
	c.reach[from] = all
	queue := []int32{from}
	waiting := map[int32]bool{}
	ended := endOf(ctx)
	for len(queue) > 0 && (target == none || c.reach[target] != all) && !ended() {
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
