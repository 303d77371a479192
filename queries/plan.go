package queries

import (
	"context"
	"math"
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"
)

// plan says which worlds to go through.
type plan struct {
	exact   bool
	worlds  int64
	workers int
	coins   func(block uint64) coins
	// weight is the probability of a world, nil where each counts one.
	weight   func(world int64) float64
	progress func(done, total int)
	// halt, where not nil, ends the run early: its result is of no use.
	halt func() bool
	// matter is the number of coins that may matter.
	matter int
}

// weights are those of the worlds of a block, 0 for lanes without a world.
type weights struct {
	lanes uint64
	of    *[worlds]float64 // nil where each counts one
}

// sum is the weight of the worlds of a mask.
func (w *weights) sum(mask uint64) float64 {
	if mask &= w.lanes; w.of == nil {
		return float64(bits.OnesCount64(mask))
	}
	sum := 0.0
	each(mask, func(lane int) { sum += w.of[lane] })
	return sum
}

// at is the weight of one world.
func (w *weights) at(lane int) float64 {
	if w.of == nil {
		return 1
	}
	return w.of[lane]
}

func (p *plan) blocks() int64 { return (p.worlds + worlds - 1) / worlds }

func (p *plan) weights(block int64) *weights {
	w := &weights{lanes: all}
	if rest := p.worlds - block*worlds; rest < worlds {
		w.lanes = 1<<rest - 1
	}
	if p.weight != nil {
		w.of = new([worlds]float64)
		each(w.lanes, func(lane int) { w.of[lane] = p.weight(block*worlds + int64(lane)) })
	}
	return w
}

// run goes through the worlds twice: once to see what the purge does, then for
// how the institutions it touched anywhere stand in the blocks of worlds in
// which it does not touch them.
func (p *plan) run(ctx context.Context, m *model) (*tally, error) {
	t, err := p.each(ctx, m, func(t *tally, b *block, n int64) {
		b.run(p.coins(uint64(n)))
		t.add(b, n, p.weights(n))
	})
	if err != nil {
		return nil, err
	}
	quiet := *p
	quiet.progress = nil
	rest, err := quiet.each(ctx, m, func(rest *tally, b *block, n int64) {
		bodies := t.untouched(n)
		if len(bodies) == 0 {
			return
		}
		b.reset(p.coins(uint64(n)))
		w := p.weights(n)
		for _, i := range bodies {
			if b.ended() {
				return
			}
			b.weigh(i+m.firstBody, again{})
			rest.stand(&b.scored.of[i], w)
		}
	})
	if err != nil {
		return nil, err
	}
	t.merge(rest)
	return t, nil
}

func (p *plan) halted() bool { return p.halt != nil && p.halt() }

// each shares the blocks out among workers and adds up what they count.
func (p *plan) each(ctx context.Context, m *model, visit func(t *tally, b *block, n int64)) (*tally, error) {
	type worker struct {
		t *tally
		b *block
	}
	hire := func() worker {
		b := newBlock(m)
		b.done = ctx.Done()
		return worker{newTally(p.blocks(), m.s.Len()), b}
	}
	crew, err := sweep(ctx, p, hire, func(w worker, n int64) { visit(w.t, w.b, n) })
	if err != nil {
		return nil, err
	}
	for _, w := range crew[1:] {
		crew[0].t.merge(w.t)
	}
	return crew[0].t, nil
}

// sweep goes over the blocks of a plan on several workers, each with a state of
// its own, and returns the states. Which worker gets which block is left open:
// what they count must not depend on it. It returns ctx.Err() when the context
// ends; a block that was begun is finished.
func sweep[W any](ctx context.Context, p *plan, hire func() W, visit func(w W, n int64)) ([]W, error) {
	blocks := p.blocks()
	crew := make([]W, min(int64(p.workers), blocks))
	var next, done atomic.Int64
	var wg sync.WaitGroup
	for i := range crew {
		wg.Go(func() {
			crew[i] = hire()
			for n := next.Add(1) - 1; n < blocks && ctx.Err() == nil && !p.halted(); n = next.Add(1) - 1 {
				visit(crew[i], n)
				if p.progress != nil {
					p.progress(int(min(done.Add(worlds), p.worlds)), int(p.worlds))
				}
			}
		})
	}
	wg.Wait()
	return crew, ctx.Err()
}

// samplePlan draws worlds.
func (in *PurgeInput) samplePlan() *plan {
	workers := in.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return &plan{
		worlds: int64(in.Samples), workers: workers, progress: in.Progress,
		coins: func(block uint64) coins { return sampledCoins(in.Seed, block) },
	}
}

// exact goes through every world; it returns no plan where that takes more than
// MaxExact coins. It begins with no coin at all and goes again with those that
// some world asked for, until none asks for more: which coins matter depends on
// how others fall, so no single world tells.
func (in *PurgeInput) exact(ctx context.Context, m *model) (*plan, *tally, error) {
	l := &listing{chances: map[coinKey]uint64{}}
	for len(l.order) <= MaxExact {
		known := len(l.order)
		e := l.enumerate()
		e.more = l
		p := &plan{
			exact: true, worlds: 1 << known, workers: 1, progress: in.Progress, weight: l.weigher(), matter: known,
			coins: func(block uint64) coins { e.block = block; return e },
			halt:  func() bool { return len(l.order) > known },
		}
		t, err := p.run(ctx, m)
		if err != nil || !p.halt() {
			return p, t, err
		}
	}
	return nil, nil, nil
}

// listCoins counts the coins that may matter: those asked for in a world where
// everything happens that could in any.
func (m *model) listCoins() *listing {
	l := &listing{chances: map[coinKey]uint64{}}
	b := newBlock(m)
	b.everything = true
	b.run(l)
	return l
}

func (l *listing) enumerate() enumerated {
	e := enumerated{bit: make(map[coinKey]int, len(l.order)), missed: new(bool)}
	for i, k := range l.order {
		e.bit[k] = i
	}
	return e
}

// weigher returns probability with its factors worked out.
func (l *listing) weigher() func(world int64) float64 {
	factors := make([][2]float64, len(l.order))
	for i, k := range l.order {
		happens := math.Ldexp(float64(l.chances[k]), -32)
		factors[i] = [2]float64{1 - happens, happens}
	}
	return func(world int64) float64 {
		p := 1.0
		for i := range factors {
			p *= factors[i][world>>i&1]
		}
		return p
	}
}

// probability of a world: the product over its coins.
func (l *listing) probability(world int64) float64 {
	p := 1.0
	for i, k := range l.order {
		happens := math.Ldexp(float64(l.chances[k]), -32)
		if world>>i&1 == 0 {
			happens = 1 - happens
		}
		p *= happens
	}
	return p
}
