package worlds

import (
	"context"
	"math/bits"
	"slices"
	"sync/atomic"
)

// Subsets are the sets of some groups, of which a table says what their purges do. A set
// is a mask of the numbers of its groups.
type Subsets struct {
	Model  *Model  // of one snapshot with the purge of any set
	Groups []int32 // at most MaxExhaustive
	Counts []int64 // weights, by institution
	// Tolerance is the greatest probability with which an institution that counts may
	// fracture in a safe purge.
	Tolerance float64
	// Mild are the groups that are safe alone: all others make any set unsafe.
	Mild uint32
	// Risky are the institutions that are not safe from all mild groups together.
	Risky map[int32]bool
	Cells int // what a sweep works on at a time
}

const (
	// MaxExhaustive is the number of groups up to which it is known what every set of them
	// does. Groups that take nothing from any institution do not count.
	MaxExhaustive = 20
	// maxCells bounds the masks, one for each set and institution, that a sweep works on
	// at a time: 32 MiB.
	MaxCells = 1 << 22
)

// model strikes a set.
func (x *Subsets) model(set uint32) *Model {
	var targets []int32
	for i, g := range x.Groups {
		if set>>i&1 == 1 {
			targets = append(targets, g)
		}
	}
	return x.Model.Aimed(targets...)
}

// Table is what the purge of every set does.
type Table struct {
	Total  float64   // the weight of the worlds
	Cost   []float64 // by set: the weight of what fractures, added up over the worlds
	Unsafe []bool    // by set: some institution fractures more often than the tolerance
	Purges int       // simulated
}

// Tabulate works the table out without a purge for each set; the result is that of
// purging each, world by world. It rests on three properties of the model where no ally
// sides with the state, which TestFrontierTable holds against purges of every set:
//
//  1. In a world persons are lost, and groups struck or drawn in, by chains from one
//     target, so a set takes of them what its groups take one by one, no later.
//  2. What an institution keeps of a support hangs on those losses and on which
//     institutions broke, on nothing else.
//  3. Both only grow with the set, so what breaks is the least fixed point: in whatever
//     order one looks again at what changed, the end is the same (Tarski 1955).
//
// By 1 each group is purged once in a block of worlds and its losses are noted. By 2 and
// 3 the sets under which a support falls short for those losses alone are found support
// by support, in each world among the few groups that it hangs on there (learn). What
// broken institutions break is then added set by set (sweep), from what the sets with a
// group less break.
//
// The table is nil, and cut is set, where some purge was cut at the cap of waves.
func (x *Subsets) Tabulate(ctx context.Context, d *Draw) (t *Table, cut bool, err error) {
	t, err = throughWorlds(d, NewPurges(x.Model).space(), func(p *Plan) (*Table, error) {
		if cut {
			return nil, nil // in worlds that have more coins too
		}
		var over atomic.Bool
		own := *p
		own.halt = func() bool { return over.Load() || p.halted() }
		c, err := sweep(ctx, &own, func() *tabulator { return newTabulator(ctx, x, &own, &over) }, (*tabulator).visit)
		cut = over.Load()
		if err != nil || own.halted() {
			return nil, err
		}
		return x.table(Merged(c, (*tabulator).merge)), ctx.Err()
	})
	return t, cut, err
}

// table tells what was added up over the worlds.
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
				t.Unsafe[spread(uint32(place), x.Mild)] = true
			}
		}
	}
	return t
}

// sums are a function of the sets of some groups, as a sum of functions of fewer of them.
type sums struct {
	groups uint32
	of     map[uint32][]float64 // by the groups of each
	apart  int
}

// maxApart is the number of groups up to which a function is kept apart: those of more
// are added up over all groups at once.
const maxApart = 13

func newSums(groups uint32) *sums {
	return &sums{groups: groups, of: map[uint32][]float64{}, apart: maxApart}
}

// add adds a function of the sets of some of the groups.
func (s *sums) add(groups uint32, values []float64) {
	if groups != s.groups && bits.OnesCount32(groups) > s.apart {
		values, groups = widened(values, groups, s.groups), s.groups
	}
	if s.of[groups] == nil {
		s.of[groups] = make([]float64, len(values))
	}
	for i, v := range values {
		s.of[groups][i] += v
	}
}

func (s *sums) merge(o *sums) {
	for groups, values := range o.of {
		s.add(groups, values)
	}
}

// table is the function by the set, packed.
func (s *sums) table() []float64 {
	out := make([]float64, 1<<bits.OnesCount32(s.groups))
	var order []uint32
	for groups := range s.of {
		order = append(order, groups)
	}
	slices.Sort(order)
	for _, groups := range order {
		for i, v := range widened(s.of[groups], groups, s.groups) {
			out[i] += v
		}
	}
	return out
}

// widened is a function of the sets of some groups as one of those of more.
func widened(values []float64, groups, more uint32) []float64 {
	if groups == more {
		return values
	}
	within := packed(groups, more)
	out := make([]float64, 1<<bits.OnesCount32(more))
	place := make([]uint32, len(out))
	out[0] = values[0]
	for set := uint32(1); int(set) < len(out); set++ {
		low := set & -set
		place[set] = place[set^low]
		if within&low != 0 {
			place[set] |= 1 << bits.OnesCount32(within&(low-1))
		}
		out[set] = values[place[set]]
	}
	return out
}

// packed is the place of a set among the sets of some groups; spread is the set at a
// place.
func packed(set, groups uint32) (place uint32) {
	for i := 0; groups != 0; i++ {
		if set&(groups&-groups) != 0 {
			place |= 1 << i
		}
		groups &= groups - 1
	}
	return place
}

func spread(place, groups uint32) (set uint32) {
	for ; groups != 0; groups &= groups - 1 {
		if place&1 != 0 {
			set |= groups & -groups
		}
		place >>= 1
	}
	return set
}
