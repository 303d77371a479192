// Two-terminal reliability: how probable it is that a world connects two nodes.
//
// Invariant: the worlds in which a node is reached only grow; when nothing waits they are those
// in which standing ties connect it to the start.
// Source: Colbourn 1987, The Combinatorics of Network Reliability; to compute it is #P-complete
// (Provan, Ball 1983, SIAM J. Comput. 12:777), hence the limit of exact answers.
// Cost: O(worlds / 64 × ties reached), a node again for each change of its worlds.

package worlds

import (
	"context"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
)

// Connect works out the two-terminal reliability of two nodes by ties of some types, followed
// both ways: the probability that the ties that stand in a world connect them. It fails with
// ErrInput where an exact answer is asked for and more than MaxExact coins matter, or with the
// context's error.
func Connect(ctx context.Context, s *projection.Snapshot, types []graph.TieType, d *Draw, from, to int32) (p estimate.Estimate, how Drawn, err error) {
	hire := func() *connection { return &connection{s: s, types: types, reach: make([]uint64, s.Len())} }
	known, all := newListing(), hire()
	all.spread(ctx, known, from, none)
	if err := ctx.Err(); err != nil {
		return p, how, err
	}
	if all.reach[to] == 0 { // no world connects them
		return p, (&plan{exact: true, matter: len(known.order)}).drawn(d), nil
	}
	c, err := throughWorlds(d, &space{known: known}, func(p *plan) (*crew[*connection], error) {
		return overBlocks(ctx, p, hire, func(c *connection, n int64) {
			w := p.weights(n)
			c.spread(ctx, p.coins(uint64(n)), from, to)
			each(c.reach[to]&w.lanes, func(lane int) { c.connected += w.at(lane) })
			p.progress.add(p.size(n))
		})
	})
	if err != nil {
		return p, how, err
	}
	sum := merged(c, func(into, from *connection) { into.connected += from.connected })
	return estimate.Probability(c.plan.exact, sum.connected, c.plan.total()), c.plan.drawn(d), nil
}

// connection spreads from a node over ties in 64 worlds at once.
type connection struct {
	s         *projection.Snapshot
	types     []graph.TieType
	reach     []uint64 // by node: the worlds in which it is reached
	touched   []int32
	connected float64 // the weight of the worlds in which it reaches its target
}

// holds returns the worlds in which a claim stands. A listing has to meet every coin: for it
// claims that contradict each other all stand.
func (c *connection) holds(coins coins, t int32) uint64 {
	toss := func(tie *projection.Tie, chance uint64) uint64 {
		switch chance {
		case 0:
			return 0
		case projection.Certain:
			return allLanes
		}
		return coins.toss(tie.Key, existence, chance)
	}
	tie := c.s.Tie(t)
	if tie.Conflict == 0 {
		return toss(tie, tie.Probability)
	}
	chosen := alternative(c.s, tie.Conflict, t, toss)
	if _, lists := coins.(*listing); lists && tie.Probability > 0 {
		return allLanes
	}
	return chosen
}

// spread finds the worlds in which each node is connected to a first one, in 64 worlds at once. It
// stops early where the target is reached in every world.
func (c *connection) spread(ctx context.Context, coins coins, from, target int32) {
	for _, node := range c.touched {
		c.reach[node] = 0
	}
	c.touched = append(c.touched[:0], from)
	c.reach[from] = allLanes
	queue := []int32{from}
	waiting := map[int32]bool{}
	ended := endOf(ctx)
	for len(queue) > 0 && (target == none || c.reach[target] != allLanes) && !ended() {
		node := queue[0]
		queue = queue[1:]
		delete(waiting, node)
		c.s.Neighbours(c.types, node, func(t, other int32) {
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

// endOf returns what reports whether a context has ended, and looks but now and then.
func endOf(ctx context.Context) func() bool {
	asked, ended := 0, false
	return func() bool {
		if asked++; asked%unasked == 0 && !ended {
			ended = ctx.Err() != nil
		}
		return ended
	}
}

// unasked is how many nodes are met before a context is asked whether it has ended.
const unasked = 1 << 8
