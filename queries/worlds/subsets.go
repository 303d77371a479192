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
	Groups []int32 // nodes, at most MaxExhaustive
	Damage Damage  // an institution that weighs 0 may fracture
	// Tolerance is the greatest probability with which an institution that counts may
	// fracture in a safe purge.
	Tolerance float64
	// Mild are the groups that are safe alone: all others make any set unsafe.
	Mild uint32
	// Risky are the institutions that are not safe from all mild groups together.
	Risky map[int32]bool
	// Cells is the number of masks, one for each set and institution, that a sweep works on
	// at a time; 4 Mi, 32 MiB, where it is 0.
	Cells int

	m *Model // its targets do not matter
}

// MaxExhaustive is the number of groups up to which a table of all their sets is worked
// out. Groups that take nothing from any institution can be left out of it.
const MaxExhaustive = 20

// usualCells is Cells where it is not given.
const usualCells = 1 << 22

// model is the model that strikes a set.
func (x *Subsets) model(set uint32) *Model {
	var targets []Target
	for i, g := range x.Groups {
		if set>>i&1 == 1 {
			targets = append(targets, Node(g))
		}
	}
	return x.m.Aimed(targets...)
}

// Tabulate works a table out, in the worlds of a draw, of what the purge of every set does,
// without a purge for each: by set the expected weight of the institutions that fracture, and
// whether one that counts fractures more often than is tolerated. The model must be monotone
// ([Params.Monotone]). There is no table, and cut is set, where some purge was cut at MaxWaves:
// the properties on which the table rests do not hold there. It fails with
// ErrInput where an exact answer is asked for and more than MaxExact coins matter, or with the
// context's error.
func (m *Model) Tabulate(ctx context.Context, d *Draw, x Subsets) (weight []float64, unsafe []bool, cut bool, err error) {
	x.m = m
	if x.Cells == 0 {
		x.Cells = usualCells
	}
	sum, err := throughWorlds(d, NewPurges(m).space(), func(p *plan) (*tabulator, error) {
		if cut {
			return nil, nil // in worlds that have more coins too
		}
		var over atomic.Bool
		own := *p
		own.halt = func() bool { return over.Load() || p.halted() }
		c, err := overBlocks(ctx, &own, func() *tabulator { return newTabulator(ctx, &x, &own, &over) }, (*tabulator).visit)
		cut = over.Load()
		if err != nil || own.halted() {
			return nil, err
		}
		return merged(c, (*tabulator).merge), ctx.Err()
	})
	if err != nil || sum == nil || cut {
		return nil, nil, cut, err
	}
	weight, unsafe = x.table(sum)
	return weight, unsafe, false, nil
}

// table makes a table of what was added up over the worlds.
func (x *Subsets) table(w *tabulator) (weight []float64, unsafe []bool) {
	weight = w.costs.table()
	unsafe = make([]bool, len(weight))
	for set := range weight {
		weight[set] /= w.total
		unsafe[set] = uint32(set)&^x.Mild != 0
	}
	most := (x.Tolerance + 5e-10) * w.total // as figures are told, to nine digits
	for _, s := range w.counts {
		for place, n := range s.table() {
			if n > most {
				unsafe[unpack(uint32(place), x.Mild)] = true
			}
		}
	}
	return weight, unsafe
}
