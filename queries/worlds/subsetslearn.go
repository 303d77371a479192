// The minimal true points of a gate, found by membership queries.
//
// A gate is in each world a monotone Boolean function of the groups it hangs on. Its true points are
// the sets of groups that make the support fall short; the minimal ones are its prime
// implicants. A query says of one set in each of 64 worlds whether it is a true point.
//
// Invariant: of an interval of sets on the stack the least is no true point and the largest is
// one. Every minimal true point is found; a true point found need not be minimal.
// Source: learning monotone functions by membership queries: Angluin 1988, Machine Learning
// 2:319; minimal true points from an oracle: Gainanov 1984, USSR Comput. Math. Math. Phys. 24(4):176;
// Boros, Hammer, Ibaraki, Kawakami 1997, SIAM J. Comput. 26:93. Here the function is expanded
// by one variable after another (Shannon) and monotonicity closes intervals early.
// Cost: at most 1 + 2nf queries for n groups and f true points found: every interval that is split
// lies on the way to one of them, and a way is at most n long.

package worlds

import (
	"cmp"
	"math/bits"
	"slices"
)

const (
	// maxLearnt is the number of groups and inputs up to which a gate is learnt as a function
	// of both; else it is learnt of the groups alone.
	maxLearnt = 16
	// maxImplicants is the number of implicants up to which it takes less time to go through
	// them than to evaluate the gate by its losses.
	maxImplicants = 512
)

// learn finds in each world true points of a gate, such that every true point contains one of
// them. The variables are the groups that the gate hangs on and, where these are few, its
// inputs, which have the numbers from MaxExhaustive on. True points with an input are
// kept as implicants.
func (t *tabulator) learn(g *gate) {
	t.state = append(t.state[:0], make([]uint64, len(g.inputs))...)
	left := uint64(0)
	each(g.under, func(lane int) {
		of := t.order(g, lane)
		for i, body := range g.inputs {
			if g.complete && t.whole[body]>>lane&1 == 1 {
				of = append(of, 1<<(MaxExhaustive+i))
			}
		}
		if a := &t.learners[lane]; a.begin(of) {
			left |= 1 << lane
		}
	})
	for left != 0 && !t.ended() {
		clear(t.struck)
		clear(t.state)
		each(left, func(lane int) {
			set, more := t.learners[lane].next()
			if !more {
				left &^= 1 << lane
				return
			}
			for ; set != 0; set &= set - 1 {
				if i := bits.TrailingZeros32(set); i < MaxExhaustive {
					t.struck[i] |= 1 << lane
				} else {
					t.state[i-MaxExhaustive] |= 1 << lane
				}
			}
		})
		if left == 0 {
			break
		}
		under := t.evaluate(g, t.state)
		each(left, func(lane int) { t.learners[lane].answer(under>>lane&1 == 1) })
	}
	each(g.under, func(lane int) {
		for _, set := range t.learners[lane].found {
			g.points = append(g.points, truePoint{set, 1 << lane})
		}
	})
	g.sortPoints()
}

// sortPoints puts the worlds of equal true points together, and makes implicants of those
// with an input. A gate that has too many of these is not complete.
func (g *gate) sortPoints() {
	slices.SortFunc(g.points, func(a, b truePoint) int { return cmp.Compare(a.set, b.set) })
	once := g.points[:0]
	for _, f := range g.points {
		if n := len(once); n > 0 && once[n-1].set == f.set {
			once[n-1].in |= f.in
		} else {
			once = append(once, f)
		}
	}
	g.points = g.points[:0]
	for _, f := range once {
		if f.set>>MaxExhaustive == 0 {
			g.points = append(g.points, f)
		} else {
			g.implicants = append(g.implicants, implicant{f.set & (1<<MaxExhaustive - 1), f.set >> MaxExhaustive, f.in})
		}
	}
	if g.complete = g.complete && len(g.implicants) <= maxImplicants; !g.complete {
		g.implicants = nil
	}
}

// order lists the groups that a gate hangs on in a world, those with the most losses that
// touch it first: the sooner a set is large enough, or the rest too small, the fewer the
// queries.
func (t *tabulator) order(g *gate, lane int) []uint32 {
	var losses [MaxExhaustive]int
	for _, i := range g.rows {
		l := &t.rows[i]
		losses[l.group] += int(l.mask >> lane & 1)
	}
	t.groups = t.groups[:0]
	for g, in := range g.hang {
		if in>>lane&1 == 1 {
			t.groups = append(t.groups, 1<<g)
		}
	}
	slices.SortStableFunc(t.groups, func(a, b uint32) int {
		return cmp.Compare(losses[bits.TrailingZeros32(b)], losses[bits.TrailingZeros32(a)])
	})
	return t.groups
}

// learner finds true points of a monotone function in one world by membership queries. An
// interval of sets whose least is a true point needs no more queries, nor does one whose
// largest is none; any other is halved by the next variable.
type learner struct {
	groups []uint32 // the variables, one bit each
	rest   []uint32 // by place: the variables from there on
	stack  []interval
	at     interval // that is being halved
	query  query    // that was asked last
	found  []uint32 // true points
}

// interval is the sets between least and least with all variables from a place on. The
// first is no true point, the last is one.
type interval struct {
	least uint32
	place int
}

// query says of which set a learner asks.
type query uint8

const (
	ofNone    query = iota
	ofAll           // the set of all variables
	ofWithout       // the largest set of an interval without its next variable
	ofWith          // the least set with it
)

// begin starts afresh with some variables; it reports whether there are any.
func (a *learner) begin(groups []uint32) bool {
	a.groups, a.stack, a.found = append(a.groups[:0], groups...), a.stack[:0], a.found[:0]
	a.rest = append(a.rest[:0], make([]uint32, len(groups)+1)...)
	for i := len(groups) - 1; i >= 0; i-- {
		a.rest[i] = a.rest[i+1] | groups[i]
	}
	a.query = ofAll
	return len(groups) > 0
}

// next returns the set of the next query, if there is one.
func (a *learner) next() (set uint32, more bool) {
	switch a.query {
	case ofAll:
		return a.rest[0], true
	case ofWith:
		return a.at.least | a.groups[a.at.place], true
	default: // the next interval
	}
	if len(a.stack) == 0 {
		return 0, false
	}
	a.at = a.stack[len(a.stack)-1]
	a.stack = a.stack[:len(a.stack)-1]
	a.query = ofWithout
	return a.at.least | a.rest[a.at.place+1], true
}

// answer takes the answer to the last query: whether its set is a true point.
func (a *learner) answer(holds bool) {
	with := interval{place: a.at.place + 1}
	if a.query == ofWith {
		with.least = a.at.least | a.groups[a.at.place]
	}
	switch {
	case a.query == ofAll && holds:
		a.push(interval{})
	case a.query == ofWithout && holds:
		a.push(interval{a.at.least, a.at.place + 1})
	case a.query == ofWith && holds:
		a.found = append(a.found, with.least)
	case a.query == ofWith:
		a.push(with)
	}
	if a.query == ofWithout {
		a.query = ofWith
	} else {
		a.query = ofNone
	}
}

// push puts an interval on the stack. One of a single variable is decided: its larger set is
// the true point.
func (a *learner) push(i interval) {
	if i.place == len(a.groups)-1 {
		a.found = append(a.found, i.least|a.groups[i.place])
		return
	}
	a.stack = append(a.stack, i)
}
