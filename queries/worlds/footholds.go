// What of institutions can be relied on: posts with a line of command to an office that passes
// nobody who is tied to some groups.
//
// Invariant: in each world a filled post is of one kind of four. A line that passes nobody tied is a
// line, so that what can be relied on shrinks when more groups are named.
// Source: docs/questions.md, Footholds; the search: reach of lineState.
// Cost: O(worlds / 64 × (posts below the office × steps + posts of the institutions + what a strike
// at the groups touches)).

package worlds

import (
	"cmp"
	"context"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
)

// Foothold says what of an institution can be relied on. The shares are of its filled posts, by
// weight, over the worlds in which some post is filled. Relied, Tied, Through and NoLine sum to one.
type Foothold struct {
	projection.Ref
	Types []string
	// Data is the probability that some post of it is filled.
	Data estimate.Estimate
	// Relied: nobody tied holds the post, and a line leads from it to the office that passes
	// nobody tied. Some is the probability that there is such a post.
	Relied estimate.Amount
	Some   estimate.Estimate
	// Tied: somebody tied holds it. Through: nobody tied holds it, and every line to the office
	// passes somebody tied. NoLine: nobody tied holds it, and no line to the office is on record.
	Tied, Through, NoLine estimate.Amount
	// Least is Relied × the part of the leading posts that is filled on record: it counts what
	// is not on record as not to be relied on.
	Least estimate.Amount
	// Coverage of its leading posts by records, 0–1.
	Coverage float64
	// Backers are the claims BACKS that support it, the surest first.
	Backers []Step
}

// Footholds works out what of institutions, by their nodes, can be relied on from an office, where
// who is tied is whom the model strikes in wave 0. Those of which no post is filled in any world seen
// are left out. It fails as [Model.Purge] does.
func (m *Model) Footholds(ctx context.Context, d *Draw, office int32, bodies []int32) ([]Foothold, *Course, error) {
	hire := func() *relying { return newRelying(m, office, bodies) }
	sp := &space{list: func(c coins) {
		f := hire()
		f.b.everything = true
		f.visit(c, &laneWeights{lanes: allLanes})
	}}
	went, err := throughWorlds(d, sp, func(p *plan) (*crew[*relying], error) {
		return overBlocks(ctx, p, hire, func(f *relying, n int64) {
			f.visit(p.coins(uint64(n)), p.weights(n))
			p.progress.add(p.size(n))
		})
	})
	if err != nil {
		return nil, nil, err
	}
	sum := merged(went, (*relying).merge)
	exact, total := went.plan.exact, went.plan.total()
	var list []Foothold
	for i, body := range bodies {
		t := &sum.tallies[i]
		if t.filled == 0 {
			continue
		}
		amount := func(kind int) estimate.Amount { return t.shares[kind].Amount(exact) }
		list = append(list, Foothold{
			Ref: m.Snapshot.Ref(body), Types: m.Snapshot.Body(body).Types,
			Data: estimate.Probability(exact, t.filled, total), Some: estimate.Probability(exact, t.some, total),
			Relied: amount(relied), Tied: amount(tied), Through: amount(through), NoLine: amount(noLine), Least: amount(least),
			Coverage: m.coverage(body), Backers: m.backers(body),
		})
	}
	return list, went.course(d), nil
}

// backers are the claims by which somebody backs an institution, the surest first.
func (m *Model) backers(body int32) (list []Step) {
	s := m.Snapshot
	ties := slices.Clone(s.In(graph.Backs, body))
	slices.SortStableFunc(ties, func(a, b int32) int { return -cmp.Compare(s.Tie(a).Probability, s.Tie(b).Probability) })
	for _, t := range ties {
		list = append(list, Steps(s, s.Tie(t).From, t)...)
	}
	return list
}

// The kinds of a filled post, and the least share.
const (
	relied = iota
	tied
	through
	noLine
	least
	footholdKinds
)

// footholdTally is what was counted of an institution.
type footholdTally struct {
	filled, some float64 // weights of worlds
	shares       [footholdKinds]estimate.Shares
}

// relying counts footholds in blocks of worlds.
type relying struct {
	b       *block
	office  int32 // its desk
	bodies  []int32
	tallies []footholdTally
	steps   int
	// arrives are the worlds in which a line from the office arrives at a desk, whoever holds
	// it; clean those in which one does that passes nobody tied. lines are by desk and step,
	// as in lineState.
	arrives, clean []uint64
	lines          [2][]uint64
	reached        []int32
}

func newRelying(m *Model, office int32, bodies []int32) *relying {
	desks, steps := len(m.desks.rows)-1, m.Params.Bridge+1
	return &relying{
		b: newBlock(m), office: m.desks.deskOf(office), bodies: bodies, tallies: make([]footholdTally, len(bodies)), steps: steps,
		arrives: make([]uint64, desks), clean: make([]uint64, desks), lines: [2][]uint64{make([]uint64, desks*steps), make([]uint64, desks*steps)},
	}
}

// visit counts a block of worlds.
func (f *relying) visit(c coins, w *laneWeights) {
	f.b.aim(f.b.m, 0)
	f.b.reset(c)
	f.b.strike()
	for _, desk := range f.reached {
		f.arrives[desk], f.clean[desk] = 0, 0
		for k := range f.steps {
			f.lines[0][int(desk)*f.steps+k], f.lines[1][int(desk)*f.steps+k] = 0, 0
		}
	}
	f.reached = f.reached[:0]
	f.follow(f.arrives, f.lines[0], func(desk int32) uint64 { return f.b.desk(desk).before }, func(int32) uint64 { return 0 })
	f.follow(f.clean, f.lines[1], func(desk int32) uint64 { return f.b.desk(desk).before &^ f.tiedAt(desk) }, f.tiedAt)
	for i, body := range f.bodies {
		f.count(&f.tallies[i], body, w)
	}
}

// tiedAt returns the worlds in which somebody tied holds a desk.
func (f *relying) tiedAt(desk int32) (mask uint64) {
	f.b.desk(desk)
	lo, hi := f.b.m.desks.holdersOf(desk)
	for i := lo; i < hi; i++ {
		mask |= f.b.holds[i] & f.b.lost(f.b.m.desks.holders[i].person)
	}
	return mask
}

// follow follows lines from the office down. In the worlds of passes a desk passes a line on, in
// those of stops it does not, in all others it is vacant.
func (f *relying) follow(arrives, lines []uint64, passes, stops func(desk int32) uint64) {
	b, s := f.b, f.b.snap
	queue, waiting := []int32{}, map[int32]bool{}
	// arrive notes that lines arrive at a desk with so many vacant posts behind it.
	arrive := func(desk int32, mask uint64, behind int) {
		if arrives[desk] == 0 && mask != 0 {
			f.reached = append(f.reached, desk)
		}
		arrives[desk] |= mask
		now := [2]struct {
			step int
			mask uint64
		}{{0, mask & passes(desk)}, {behind + 1, mask &^ (passes(desk) | stops(desk))}}
		for _, n := range now {
			if n.step >= f.steps {
				continue
			}
			at := &lines[int(desk)*f.steps+n.step]
			if n.mask&^*at != 0 {
				*at |= n.mask
				if !waiting[desk] {
					waiting[desk] = true
					queue = append(queue, desk)
				}
			}
		}
	}
	arrive(f.office, allLanes, 0)
	for len(queue) > 0 {
		desk := queue[0]
		queue = queue[1:]
		delete(waiting, desk)
		for _, t := range s.In(graph.ReportsTo, b.m.desks.rows[desk].post) {
			line := b.exists(t)
			down := b.m.desks.deskOf(s.Tie(t).From)
			for k := range f.steps {
				if mask := line & lines[int(desk)*f.steps+k]; mask != 0 {
					arrive(down, mask, k)
				}
			}
		}
	}
}

// count counts the filled posts of an institution by their kind.
func (f *relying) count(t *footholdTally, body int32, w *laneWeights) {
	b := f.b
	var of [noLine + 1]sum
	var all, seats sum
	add := func(at *seat, held, bound uint64) {
		all.add(held, int64(at.weight))
		seats.add(held, 1)
		free, arrives, clean := held&^bound, f.arrives[at.desk], f.clean[at.desk]
		of[relied].add(free&clean, int64(at.weight))
		of[tied].add(held&bound, int64(at.weight))
		of[through].add(free&arrives&^clean, int64(at.weight))
		of[noLine].add(free&^arrives, int64(at.weight))
	}
	for at := range b.m.desks.seatsIn(body - b.m.firstBody) {
		in := uint64(0)
		for _, p := range b.snap.In(graph.PostIn, body)[at.at : at.at+at.ties] {
			in |= b.exists(p)
		}
		if at.number == 1 {
			add(at, in&b.desk(at.desk).before, f.tiedAt(at.desk))
			continue
		}
		for holders := b.snap.In(graph.Holds, b.m.desks.rows[at.desk].post); len(holders) > 0; {
			same := b.snap.Parallel(holders)
			holders = holders[len(same):]
			held := uint64(0)
			for _, h := range same {
				held |= b.exists(h)
			}
			add(at, in&held, b.lost(b.snap.Tie(same[0]).From))
		}
	}
	leading := b.m.leadingPosts(body)
	each(all.some()&w.lanes, func(lane int) {
		weight := w.at(lane)
		weigh := func(kind int, share fraction) {
			if w.of == nil {
				t.shares[kind].Count(share.parts(), 1)
			} else {
				t.shares[kind].Weigh(share.parts(), weight)
			}
		}
		t.filled += weight
		total := all.at(lane)
		for kind := range of {
			weigh(kind, fraction{uint64(of[kind].at(lane)), uint64(total)})
		}
		if of[relied].at(lane) > 0 {
			t.some += weight
		}
		covered := fraction{uint64(min(seats.at(lane), leading)), uint64(leading)}
		part, _ := covered.times(fraction{uint64(of[relied].at(lane)), uint64(total)})
		weigh(least, part)
	})
}

// merge adds what another worker counted.
func (f *relying) merge(o *relying) {
	for i := range f.tallies {
		mine, theirs := &f.tallies[i], &o.tallies[i]
		mine.filled += theirs.filled
		mine.some += theirs.some
		for kind := range mine.shares {
			mine.shares[kind].Merge(&theirs.shares[kind])
		}
	}
}
