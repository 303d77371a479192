package queries

import (
	"context"
	"slices"

	"entangle/graph"
)

// purges are simulated in the same worlds.
type purges struct {
	// cases are models of one snapshot.
	cases []*model
	// widest are those that between them meet every coin that any case meets.
	widest []*model
	// more, where not nil, are further cases of a block.
	more func(block int64) []*model
}

// manyPurges is from how many purges on all coins of a person's bonds are drawn when it
// is first lost: others will meet them.
const manyPurges = 8

// of lists the cases of a block.
func (p *purges) of(block int64) []*model {
	if p.more == nil {
		return p.cases
	}
	return slices.Concat(p.cases, p.more(block))
}

func newPurges(cases ...*model) *purges { return &purges{cases: cases, widest: cases} }

// aimed is the model with other targets.
func (m *model) aimed(targets ...int32) *model {
	other := *m
	other.targets = targets
	return &other
}

// turn makes a block simulate another purge of the same snapshot.
func (b *block) turn(m *model, number int64) {
	b.m, b.last = m, m.p.MaxWaves
	if b.past != nil {
		b.past.clear()
	}
	if m.before != nil {
		m.before(b, number)
	}
}

// blocks has a block for each model that was prepared: purges that differ in their
// targets only take turns in one.
type blocks map[*lineGraph]*block

func (bs blocks) of(m *model) *block {
	if bs[m.lines] == nil {
		bs[m.lines] = newBlock(m)
	}
	return bs[m.lines]
}

// seen is a block after one case was simulated in it.
type seen struct {
	*block
	c      int // the case
	number int64
	w      *weights
}

// together goes through worlds and simulates every case in each block of them, in
// the order of the cases. Workers count into states of their own; what they count
// must not depend on who counted what. Where every world is gone through there is
// one worker and the order of blocks is fixed.
func together[W any](ctx context.Context, p *purges, d *Draw, hire func() W, visit func(w W, s *seen)) (*crew[W], error) {
	return throughWorlds(d, p.space(), func(plan *plan) (*crew[W], error) { return simulate(ctx, plan, p, hire, visit) })
}

// simulate goes through the worlds of a plan once.
func simulate[W any](ctx context.Context, plan *plan, p *purges, hire func() W, visit func(w W, s *seen)) (*crew[W], error) {
	type worker struct {
		state  W
		blocks blocks
		open   bool
		waves  int
	}
	c, err := sweep(ctx, plan, func() *worker { return &worker{state: hire(), blocks: blocks{}} }, func(w *worker, n int64) {
		s := &seen{number: n, w: plan.weights(n)}
		cases, size := p.of(n), plan.size(n)
		for c, m := range cases {
			if ctx.Err() != nil || plan.halted() {
				return
			}
			s.c, s.block = c, w.blocks.of(m)
			s.done, s.repeated = ctx.Done(), len(p.cases) >= manyPurges
			s.turn(m, n)
			s.run(plan.coins(uint64(n)))
			w.open = w.open || s.open&s.w.lanes != 0
			w.waves = max(w.waves, s.deepest())
			visit(w.state, s)
			// Each purge of a block is told of, as its part of the block's worlds.
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
		out.waves = max(out.waves, w.waves)
	}
	return out, nil
}

// space says what the worlds differ in for some case.
func (p *purges) space() *space { return &space{list: p.list, purges: len(p.cases)} }

// coins counts the coins that may matter to some case.
func (p *purges) coins() int {
	l := newListing()
	p.list(l)
	return len(l.order)
}

// list asks for every coin that some case may meet.
func (p *purges) list(c coins) {
	own := blocks{}
	for _, m := range p.widest {
		b := own.of(m)
		b.everything = true
		b.turn(m, 0)
		b.run(c)
	}
}

// fractured calls f with every institution, by its number among institutions,
// and the worlds in which it fractured.
func (s *seen) fractured(f func(body int32, mask uint64)) {
	for _, sc := range s.scored.list {
		if mask := sc.fractured & s.w.lanes; mask != 0 {
			f(sc.body, mask)
		}
	}
}

// losses calls f with every person and group that is lost or struck, every group that
// rallies and every institution that breaks, and the worlds in which it does.
func (s *seen) losses(f func(node int32, lost, joined uint64)) {
	for _, node := range s.scored.touched {
		state := &s.nodes[node]
		if lost, joined := state.lost&s.w.lanes, state.joined&s.w.lanes; lost|joined != 0 {
			f(node, lost, joined)
		}
	}
}

// touches says whether the purge came near an institution in some world.
func (s *seen) touches() bool { return len(s.scored.list) > 0 }

// fracturedOne returns the worlds in which one institution fractured.
func (s *seen) fracturedOne(body int32) uint64 {
	return s.scored.of[body].fractured & s.w.lanes
}

// fallen is the number of institutions fractured in each world.
func (s *seen) fallen() *sum {
	n := new(sum)
	s.fractured(func(_ int32, mask uint64) { n.add(mask, 1) })
	return n
}

// deepest is the last wave in which something fractured.
func (s *seen) deepest() (wave int) {
	for _, sc := range s.scored.list {
		each(sc.fractured&s.w.lanes, func(lane int) { wave = max(wave, int(sc.wave[lane])) })
	}
	return wave
}

// vacated returns the worlds in which a post lost a holder and, unless it has
// several seats, has none left.
func (s *seen) vacated(post int32) uint64 {
	if s.s.Seat(post).Seats == 1 {
		return s.occupied(post) &^ s.kept(post)
	}
	mask := uint64(0)
	for _, t := range s.s.In(graph.Holds, post) {
		mask |= s.exists(t) & s.lost(s.s.Tie(t).From)
	}
	return mask
}
