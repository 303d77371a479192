// A table of what the purge of every set of some groups breaks, without a purge for each set.
//
// The result is that of purging each, world by world.
//
// Invariant: where no ally sides with the state, which TestFrontierTable holds against purges of
// every set,
//
//  1. in a world persons are lost, and groups struck or rallied, by chains from one target,
//     so that a set takes of them what its groups take one by one, no later;
//  2. what an institution keeps of a support hangs on those losses and on which
//     institutions broke, on nothing else;
//  3. both only grow with the set, so that what breaks is the least fixed point: in whatever
//     order what changed is assessed anew, the end is the same.
//
// By 1 each group is purged once in a block of worlds and its losses are noted. By 2 and 3 the
// sets under which a support falls short for those losses alone are found support by support,
// in each world among the few groups that it hangs on there (learn). What broken institutions
// break is then added set by set (sweep), from what the sets with a group less break.
//
// Source: live edges: Kempe, Kleinberg, Tardos 2003, KDD, 137 (1); Tarski 1955, Pacific J. Math.
// 5:285 (3).
// Cost: for k groups k + 1 purges, the membership queries of learn in each block of worlds, and
// k · 2ᵏ steps for each institution at worst: see docs/questions.md, Frontier.

package worlds

import (
	"context"
	"sync/atomic"
)

// Subsets are the sets of some groups, of whose purges a table is to be worked out. A set is
// a mask: bit i is the i-th of Groups. What is listed by institution is so by its number
// among institutions.
type Subsets struct {
	Model  *Model  // its targets do not matter
	Groups []int32 // nodes, at most MaxExhaustive
	Counts []int64 // what the fracture of an institution weighs; 0 where it does not count
	// Tolerance is the greatest probability with which an institution that counts may
	// fracture in a safe purge.
	Tolerance float64
	// Mild are the groups that are safe alone: all others make any set unsafe.
	Mild uint32
	// Risky are the institutions that are not safe from all mild groups together.
	Risky map[int32]bool
	// Cells is the number of masks that a sweep works on at a time, usually MaxCells.
	Cells int
}

const (
	// MaxExhaustive is the number of groups up to which a table of all their sets is worked
	// out. Groups that take nothing from any institution can be left out of it.
	MaxExhaustive = 20
	// MaxCells bounds the masks, one for each set and institution, that a sweep works on at
	// a time: 32 MiB.
	MaxCells = 1 << 22
)

// model is the model that strikes a set.
func (x *Subsets) model(set uint32) *Model {
	var targets []int32
	for i, g := range x.Groups {
		if set>>i&1 == 1 {
			targets = append(targets, g)
		}
	}
	return x.Model.Aimed(targets...)
}

// Table is what the purge of every set does. Cost / Total is the expected weight of the
// institutions that fracture.
type Table struct {
	Total  float64   // the weight of all worlds: their number, or 1 of an exact answer
	Cost   []float64 // by set: the weight of what fractures, added up over the worlds
	Unsafe []bool    // by set: an institution that counts fractures more often than tolerated
	Purges int       // the number of purges that were simulated in each block
}

// Tabulate works the table out in the worlds of a draw, without a purge for each set. The
// model must be monotone ([Params.Monotone]). The table is nil, and cut is set, where some
// purge was cut at MaxWaves: the properties on which the table rests do not hold there. The
// error is that of [Refused], or the context's.
func (x *Subsets) Tabulate(ctx context.Context, d *Draw) (t *Table, cut bool, err error) {
	t, err = throughWorlds(d, NewPurges(x.Model).space(), func(p *Plan) (*Table, error) {
		if cut {
			return nil, nil // in worlds that have more coins too
		}
		var over atomic.Bool
		own := *p
		own.halt = func() bool { return over.Load() || p.halted() }
		c, err := overBlocks(ctx, &own, func() *tabulator { return newTabulator(ctx, x, &own, &over) }, (*tabulator).visit)
		cut = over.Load()
		if err != nil || own.halted() {
			return nil, err
		}
		return x.table(Merged(c, (*tabulator).merge)), ctx.Err()
	})
	return t, cut, err
}

// table makes a table of what was added up over the worlds.
func (x *Subsets) table(w *tabulator) *Table {
	t := &Table{Total: w.total, Cost: w.costs.table(), Purges: len(x.Groups) + 1}
	t.Unsafe = make([]bool, len(t.Cost))
	for set := range t.Unsafe {
		t.Unsafe[set] = uint32(set)&^x.Mild != 0
	}
	most := x.Tolerance*w.total + 1e-12
	for _, s := range w.counts {
		for place, n := range s.table() {
			if n > most {
				t.Unsafe[unpack(uint32(place), x.Mild)] = true
			}
		}
	}
	return t
}
