// A plan goes over blocks of worlds on several workers.
//
// Invariant: each block goes to exactly one worker, and which one it is must change no answer.
// Source: self-scheduling of a loop by a shared counter.
// Cost: O(blocks) beside what is done in them; one state a worker.

package worlds

import (
	"context"
	"math/bits"
	"sync"
	"sync/atomic"
)

// plan says which worlds a question goes through.
type plan struct {
	// exact says that these are all worlds of the coins, weighed by their probabilities.
	exact bool
	// worlds is their number.
	worlds  int64
	workers int
	coins   func(block uint64) coins
	// weight is the probability of a world, nil where each counts one.
	weight   func(world int64) float64
	progress *progress
	// halt, where not nil, says that the run can end early, because its result is of no use.
	halt func() bool
	// matter is the number of coins that may matter.
	matter int
}

// laneWeights are the weights of the worlds of a block: probabilities where the plan is
// exact, else 1.
type laneWeights struct {
	lanes uint64              // the lanes that have a world
	of    *[BlockSize]float64 // nil where each counts one
}

// sum is the weight of the worlds of a mask; lanes without a world have none.
func (w *laneWeights) sum(mask uint64) float64 {
	if mask &= w.lanes; w.of == nil {
		return float64(bits.OnesCount64(mask))
	}
	sum := 0.0
	each(mask, func(lane int) { sum += w.of[lane] })
	return sum
}

// at is the weight of the world in a lane, which must have one.
func (w *laneWeights) at(lane int) float64 {
	if w.of == nil {
		return 1
	}
	return w.of[lane]
}

// blocks is the number of blocks; the last may not be full.
func (p *plan) blocks() int64 { return (p.worlds + BlockSize - 1) / BlockSize }

// size is the number of worlds of a block.
func (p *plan) size(block int64) int64 { return min(BlockSize, p.worlds-BlockSize*block) }

// total is the weight of all worlds.
func (p *plan) total() float64 {
	if p.exact {
		return 1
	}
	return float64(p.worlds)
}

func (p *plan) weights(block int64) *laneWeights {
	w := &laneWeights{lanes: allLanes}
	if size := p.size(block); size < BlockSize {
		w.lanes = 1<<size - 1
	}
	if p.weight != nil {
		w.of = new([BlockSize]float64)
		each(w.lanes, func(lane int) { w.of[lane] = p.weight(block*BlockSize + int64(lane)) })
	}
	return w
}

func (p *plan) halted() bool { return p.halt != nil && p.halt() }

// crew is the outcome of a plan: the state W in which each worker counted, and what holds of
// all worlds.
type crew[W any] struct {
	plan *plan
	of   []W // by worker, at least one
	// open says that some purge came to no fixed point: its waves were cut, or it goes in
	// circles.
	open bool
	// circling is by case the weight of the worlds in which groups change sides for ever
	// (Params.Switchover).
	circling []float64
	waves    int // the last in which something fractured
	// stakes are by case, of groups where that was asked for.
	stakes []*stakeTally
}

// merged adds what the other workers of a crew counted to the state of the first, and returns
// that.
func merged[W any](c *crew[W], merge func(into, from W)) W {
	for _, o := range c.of[1:] {
		merge(c.of[0], o)
	}
	return c.of[0]
}

// overBlocks goes over the blocks of a plan on several workers, each with a state of its own,
// and returns the states. Which worker gets which block is left open, and what they count
// must not depend on it. It returns ctx.Err() when the context ends; a block that was begun
// is finished.
func overBlocks[W any](ctx context.Context, p *plan, hire func() W, visit func(w W, n int64)) (*crew[W], error) {
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
	done   atomic.Int64
	total  int64
	notify func(done, total int)
}

func newProgress(total int64, notify func(done, total int)) *progress {
	return &progress{total: total, notify: notify}
}

func (p *progress) add(worlds int64) {
	if done := p.done.Add(worlds); p.notify != nil && worlds > 0 {
		p.notify(int(min(done, p.total)), int(p.total))
	}
}
