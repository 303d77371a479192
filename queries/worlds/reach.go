// Which institutions, persons and groups a purge can reach in any world.
//
// Invariant: what is not listed stands in every world. Of what is listed some may do so as well.
// Source: over-approximation (abstract interpretation: Cousot, Cousot 1977, POPL, 238).
// Cost: one block of worlds, in which everything happens.

package worlds

import (
	"context"

	"entangle/graph"
)

// Reach lists the institutions, by number among institutions and in no order, that some world
// may assess: one that is not listed stands whole in every world.
func (m *Model) Reach() []int32 {
	b := newBlock(m)
	b.everything = true
	b.aim(m, 0)
	b.run(falling{})
	out := make([]int32, len(b.scored.list))
	for i, sc := range b.scored.list {
		out[i] = sc.body
	}
	return out
}

// Struck lists the nodes of the persons and groups that the purge strikes in wave 0 by any
// claim, however unsure, and of the institutions that it disbands, that are there on the day of
// the snapshot; ascending.
func (m *Model) Struck() []int32 {
	b := newBlock(m)
	b.everything = true
	b.reset(newListing())
	b.strike()
	var out []int32
	for node := range m.Snapshot.Len() {
		if b.lost(node) != 0 && m.Snapshot.There(node) && m.Snapshot.Kind(node) != graph.RevenueStream {
			out = append(out, node)
		}
	}
	return out
}

// Grounded reports of institutions, by their nodes, whether some support of theirs has data in some world. Of one without nothing can be said, whatever is struck.
func (m *Model) Grounded(bodies ...int32) []bool {
	b := newBlock(m)
	b.everything = true
	b.reset(falling{})
	out := make([]bool, len(bodies))
	for i, body := range bodies {
		b.assess(body, recheck{allLanes, everySupport})
		for _, support := range b.scored.of[body-m.firstBody].support {
			out[i] = out[i] || support.known != 0
		}
	}
	return out
}

// standing counts how the supports of institutions, by number among institutions, stand where
// nothing touches them: how often each has data, and what part of that rests on records. Of the
// tally it returns only the total and the supports are counted. It goes through every world
// where few coins matter to that, else through the worlds of the draw, and says which.
// O(institutions × worlds / 64).
func (m *Model) standing(ctx context.Context, d *Draw, bodies []int32) (t *tally, exact bool, err error) {
	own := *d
	own.Progress = nil
	if own.Method == Exact { // it may be that more coins matter to this than to the purge
		own.Method = Auto
	}
	sp := &space{most: standingCoins, list: func(c coins) {
		b := newBlock(m)
		b.everything = true
		b.reset(c)
		for _, body := range bodies {
			b.assess(body+m.firstBody, recheck{allLanes, everySupport})
		}
	}}
	t, err = throughWorlds(&own, sp, func(plan *plan) (*tally, error) {
		t := newTally(plan.blocks(), m.Snapshot.Len())
		t.total, exact = plan.total(), plan.exact
		for _, body := range bodies {
			t.body(body)
		}
		err := t.addUntouched(ctx, plan, m)
		return t, err
	})
	return t, exact, err
}

// standingCoins is the number of coins up to which standing goes through every world.
const standingCoins = 10
