package queries

import (
	"context"
	"math/bits"
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
	progress *progress
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

// size is the number of worlds of a block.
func (p *plan) size(block int64) int64 { return min(worlds, p.worlds-worlds*block) }

// total is the weight of all worlds.
func (p *plan) total() float64 {
	if p.exact {
		return 1
	}
	return float64(p.worlds)
}

// certain says that no world was left out: all were gone through, or there is but one.
func (p *plan) certain() bool { return p.exact || p.matter == 0 }

func (p *plan) weights(block int64) *weights {
	w := &weights{lanes: all}
	if size := p.size(block); size < worlds {
		w.lanes = 1<<size - 1
	}
	if p.weight != nil {
		w.of = new([worlds]float64)
		each(w.lanes, func(lane int) { w.of[lane] = p.weight(block*worlds + int64(lane)) })
	}
	return w
}

func (p *plan) halted() bool { return p.halt != nil && p.halt() }

// crew is what the workers of a plan return: what each counted, and what is told of all
// worlds.
type crew[W any] struct {
	plan *plan
	of   []W
	// open: some purge was cut at the cap of waves; waves is the last in which
	// something fractured.
	open  bool
	waves int
}

// merged adds up what the workers of a crew counted.
func merged[W any](c *crew[W], merge func(into, from W)) W {
	sum := c.of[0]
	for _, o := range c.of[1:] {
		merge(sum, o)
	}
	return sum
}

// sweep goes over the blocks of a plan on several workers, each with a state of
// its own, and returns the states. Which worker gets which block is left open:
// what they count must not depend on it. It returns ctx.Err() when the context
// ends; a block that was begun is finished.
func sweep[W any](ctx context.Context, p *plan, hire func() W, visit func(w W, n int64)) (*crew[W], error) {
	blocks := p.blocks()
	c := &crew[W]{plan: p, of: make([]W, min(int64(p.workers), blocks))}
	var next atomic.Int64
	var wg sync.WaitGroup
	for i := range c.of {
		wg.Go(func() {
			c.of[i] = hire()
			for n := next.Add(1) - 1; n < blocks && ctx.Err() == nil && !p.halted(); n = next.Add(1) - 1 {
				visit(c.of[i], n)
			}
		})
	}
	wg.Wait()
	return c, ctx.Err()
}

// progress adds up what part of the worlds is done.
type progress struct {
	done  atomic.Int64
	total int64
	tell  func(done, total int)
}

func newProgress(total int64, tell func(done, total int)) *progress {
	return &progress{total: total, tell: tell}
}

func (p *progress) add(worlds int64) {
	if done := p.done.Add(worlds); p.tell != nil && worlds > 0 {
		p.tell(int(min(done, p.total)), int(p.total))
	}
}
