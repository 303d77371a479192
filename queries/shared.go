package queries

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"

	"entangle/graph"
	"entangle/graph/projection"
)

// Draw says how a question that simulates several purges goes through worlds.
// Every purge meets the same worlds: the differences between them are those of
// the purges, not of the draw.
type Draw struct {
	// Method is Auto where empty: exact where every world of every purge can be
	// gone through, at most MaxExact coins and maxShared worlds in all.
	Method Method
	// Samples is the number of worlds; 0 is the default of the question.
	Samples int
	Seed    uint64
	// Workers is the number of goroutines, one a processor where 0. It never
	// changes the answer.
	Workers int
	// Progress, where not nil, is called with the worlds done, from any
	// goroutine, never after the question has returned: after each purge of 64 worlds,
	// which counts as its part of them.
	Progress func(done, total int)
}

// maxShared bounds the worlds, purges × worlds each, that Auto goes through one
// by one.
const maxShared = 1 << 22

func (d *Draw) check(samples int) error {
	if d.Method == "" {
		d.Method = Auto
	}
	if d.Samples == 0 {
		d.Samples = samples
	}
	switch {
	case !slices.Contains([]Method{Auto, Sampled, Exact}, d.Method):
		return fmt.Errorf("%w: method %q (AUTO, SAMPLED or EXACT)", ErrInput, d.Method)
	case d.Samples < 1 || d.Samples > MaxSamples:
		return fmt.Errorf("%w: %d samples (1 to %d)", ErrInput, d.Samples, MaxSamples)
	}
	return nil
}

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

// crew is what the workers of together return: what each counted, and what is told
// of all worlds.
type crew[W any] struct {
	plan  *plan
	of    []W
	open  bool
	waves int
}

func (c *crew[W]) basis(m *model, seed uint64) Basis { return c.plan.basis(m, seed, !c.open, c.waves) }

// merged adds up what the workers of a crew counted.
func merged[W any](c *crew[W], merge func(into, from W)) W {
	sum := c.of[0]
	for _, o := range c.of[1:] {
		merge(sum, o)
	}
	return sum
}

// together goes through worlds and simulates every case in each block of them, in
// the order of the cases. Workers count into states of their own; what they count
// must not depend on who counted what. Where every world is gone through there is
// one worker and the order of blocks is fixed.
func together[W any](ctx context.Context, p *purges, d *Draw, hire func() W, visit func(w W, s *seen)) (*crew[W], error) {
	if d.Method != Sampled {
		c, err := everyWorld(ctx, p, d, hire, visit)
		if c != nil || err != nil {
			return c, err
		}
		if d.Method == Exact {
			return nil, fmt.Errorf("%w: method EXACT: more than %d uncertain ties and responses matter; ask for AUTO or SAMPLED", ErrInput, MaxExact)
		}
	}
	workers := d.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	plan := &plan{
		worlds: int64(d.Samples), workers: workers, progress: d.Progress, matter: p.coins(),
		coins: func(block uint64) coins { return sampledCoins(d.Seed, block) },
	}
	return sweepAll(ctx, plan, p, hire, visit)
}

// everyWorld finds the coins that some case asks for and goes through all their
// worlds; it returns nil where that takes too many.
func everyWorld[W any](ctx context.Context, p *purges, d *Draw, hire func() W, visit func(w W, s *seen)) (*crew[W], error) {
	most := MaxExact
	for d.Method == Auto && len(p.cases)<<most > maxShared && most > 0 {
		most--
	}
	l := &listing{chances: map[coinKey]uint64{}}
	for len(l.order) <= most {
		known := len(l.order)
		e := l.enumerate()
		e.more = l
		plan := &plan{
			exact: true, worlds: 1 << known, workers: 1, progress: d.Progress, weight: l.probability, matter: known,
			coins: func(block uint64) coins { e.block = block; return e },
			halt:  func() bool { return len(l.order) > known },
		}
		c, err := sweepAll(ctx, plan, p, hire, visit)
		if err != nil || !plan.halt() {
			return c, err
		}
	}
	return nil, nil
}

func sweepAll[W any](ctx context.Context, plan *plan, p *purges, hire func() W, visit func(w W, s *seen)) (*crew[W], error) {
	type worker struct {
		state  W
		blocks blocks
		open   bool
		waves  int
	}
	// Each purge of a block is told of, as its part of the block's worlds.
	quiet, done := *plan, atomic.Int64{}
	quiet.progress = nil
	tell := func(block, c, cases int64) {
		if plan.progress != nil {
			size := min(worlds, plan.worlds-worlds*block)
			plan.progress(int(done.Add(size*(c+1)/cases-size*c/cases)), int(plan.worlds))
		}
	}
	workers, err := sweep(ctx, &quiet, func() *worker { return &worker{state: hire(), blocks: blocks{}} }, func(w *worker, n int64) {
		s := &seen{number: n, w: plan.weights(n)}
		cases := p.of(n)
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
			tell(n, int64(c), int64(len(cases)))
		}
	})
	if err != nil {
		return nil, err
	}
	out := &crew[W]{plan: plan}
	for _, w := range workers {
		out.of = append(out.of, w.state)
		out.open = out.open || w.open
		out.waves = max(out.waves, w.waves)
	}
	return out, nil
}

// coins counts the coins that may matter to some case.
func (p *purges) coins() int {
	l := &listing{chances: map[coinKey]uint64{}}
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

// estimate turns a weight of worlds into a probability.
func (p *plan) estimate(weight, total float64) Estimate {
	if p.exact {
		chance := rounded(min(1, max(0, weight/total)))
		return Estimate{P: chance, Low: chance, High: chance}
	}
	return Wilson(int(weight), int(total))
}

// namedRefs names the nodes of a question that the snapshot has, each once, nil for
// none.
func namedRefs(s *projection.Snapshot, ids []graph.ID) []Ref {
	nodes := indexed(s, ids)
	if nodes == nil {
		return nil
	}
	return refsOf(s, nodes)
}

// refsOf names the targets of a model.
func refsOf(s *projection.Snapshot, nodes []int32) []Ref {
	refs := make([]Ref, len(nodes))
	for i, node := range nodes {
		refs[i] = refOf(s, node)
	}
	return refs
}
