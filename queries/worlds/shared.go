// Several purges are simulated together, in the same worlds.
//
// Invariant: a purge comes to the same in company as alone; their differences are those of the
// purges, not of the coins.
// Source: common random numbers: Glasserman, Yao 1992, Management Science 38:884.
// Cost: the sum of the purges; one block of state for each model that was prepared, and worker.

package worlds

import (
	"context"
	"slices"
)

// Purges are models whose purges are simulated in the same worlds.
type Purges struct {
	// Cases are models of one snapshot.
	Cases []*Model
	// Widest are models that between them meet every coin that any case meets; the cases
	// themselves where it is nil.
	Widest []*Model
	// More, where not nil, returns further cases for a block, by its number. They are
	// numbered after Cases.
	More func(block int64) []*Model
	// Stakes asks what each case takes from the groups that any of them is aimed at:
	// Course.Stakes.
	Stakes bool
	// always: they are counted also where every world is gone through.
	always bool
}

// NewPurges returns purges of which each may be the widest.
func NewPurges(cases ...*Model) *Purges { return &Purges{Cases: cases} }

// manyPurges is the number of purges from which on all coins of a person's bonds are drawn when
// the person is first lost, since other purges will meet them.
const manyPurges = 8

// of lists the cases of a block.
func (p *Purges) of(block int64) []*Model {
	if p.More == nil {
		return p.Cases
	}
	return slices.Concat(p.Cases, p.More(block))
}

// aim makes a block simulate another purge of the same snapshot, in the block of worlds of that
// number.
func (b *block) aim(m *Model, number int64) {
	b.m, b.last, b.needs = m, m.Params.MaxWaves, m.needs(number)
	if b.past != nil {
		b.past.clear()
	}
	if m.before != nil {
		m.before(b, number)
	}
}

// blocks has a block for each model that was prepared. Purges that differ in their targets only
// share one, one after another.
type blocks map[*lineGraph]*block

func (bs blocks) of(m *Model) *block {
	if bs[m.lines] == nil {
		bs[m.lines] = newBlock(m)
	}
	return bs[m.lines]
}

// Together goes through worlds and simulates every case in each block of them, in the order of
// the cases. Each worker counts into a state of its own, made by hire; merge adds the state of
// one to that of another, and Together returns the sum. What is counted must not depend on
// which worker visits which block. Where every world is gone through there is one worker and
// the order of blocks is fixed. It fails with ErrInput where an exact answer is
// asked for and more than MaxExact coins matter, or with the context's error.
func Together[W any](ctx context.Context, p *Purges, d *Draw, hire func() W, visit func(w W, s *Seen), merge func(into, from W)) (sum W, c *Course, err error) {
	went, err := throughWorlds(d, p.space(), func(plan *plan) (*crew[W], error) { return simulate(ctx, plan, p, hire, visit) })
	if err != nil {
		return sum, nil, err
	}
	c = went.course(d)
	if p.Stakes {
		if c.Stakes, err = went.lost(ctx, d, p); err != nil {
			return sum, nil, err
		}
	}
	return merged(went, merge), c, nil
}

// simulate goes through the worlds of a plan once.
func simulate[W any](ctx context.Context, plan *plan, p *Purges, hire func() W, visit func(w W, s *Seen)) (*crew[W], error) {
	type worker struct {
		state  W
		blocks blocks
		open   bool
		circle []float64 // by case
		waves  int
		stakes []*stakeTally // by case, none where they are not counted
	}
	var groups stakes
	counts := p.Stakes && (p.always || !plan.exact)
	if counts {
		groups = stakesOf(p.Cases)
	}
	c, err := overBlocks(ctx, plan, func() *worker {
		w := &worker{state: hire(), blocks: blocks{}}
		for i := 0; counts && i < len(p.Cases); i++ {
			w.stakes = append(w.stakes, groups.tally())
		}
		return w
	}, func(w *worker, n int64) {
		s := &Seen{Number: n, weights: plan.weights(n)}
		lanes := s.weights.lanes
		cases, size := p.of(n), plan.size(n)
		for c, m := range cases {
			if ctx.Err() != nil || plan.halted() {
				return
			}
			s.Case, s.block = c, w.blocks.of(m)
			s.done, s.repeated = ctx.Done(), len(p.Cases) >= manyPurges
			s.aim(m, n)
			s.run(plan.coins(uint64(n)))
			w.open = w.open || s.open&lanes != 0
			for len(w.circle) <= c {
				w.circle = append(w.circle, 0)
			}
			w.circle[c] += s.Weigh(s.circling)
			w.waves = max(w.waves, s.deepest())
			visit(w.state, s)
			if c < len(w.stakes) {
				w.stakes[c].add(s)
			}
			// Each purge of a block makes progress by its part of the block's worlds.
			c, cases := int64(c), int64(len(cases))
			plan.progress.add(size*(c+1)/cases - size*c/cases)
		}
	})
	if err != nil {
		return nil, err
	}
	out := &crew[W]{plan: plan}
	for _, w := range c.of {
		out.of = append(out.of, w.state)
		out.open = out.open || w.open
		for c, weight := range w.circle {
			for len(out.circling) <= c {
				out.circling = append(out.circling, 0)
			}
			out.circling[c] += weight
		}
		out.waves = max(out.waves, w.waves)
		if out.stakes == nil {
			out.stakes = w.stakes
			continue
		}
		for c, t := range w.stakes {
			out.stakes[c].merge(t)
		}
	}
	return out, nil
}

// space says what the worlds differ in for some case.
func (p *Purges) space() *space { return &space{list: p.list} }

// Coins counts the coins that may matter to a purge, at most maxListed.
func (m *Model) Coins() int {
	l := newListing()
	NewPurges(m).list(l)
	return len(l.order)
}

// list asks for every coin that some case may meet.
func (p *Purges) list(c coins) {
	own, widest := blocks{}, p.Widest
	if widest == nil {
		widest = p.Cases
	}
	for _, m := range widest {
		b := own.of(m)
		b.everything = true
		b.aim(m, 0)
		b.run(c)
	}
}
