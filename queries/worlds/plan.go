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

// Plan says which worlds to go through.
type Plan struct {
	Exact   bool
	Worlds  int64
	workers int
	coins   func(block uint64) coins
	// weight is the probability of a world, nil where each counts one.
	weight   func(world int64) float64
	progress *progress
	// halt, where not nil, ends the run early: its result is of no use.
	halt func() bool
	// Coins is the number of coins that may matter.
	Coins int
}

// LaneWeights are those of the worlds of a block, 0 for lanes without a world.
type LaneWeights struct {
	Lanes uint64
	of    *[BlockSize]float64 // nil where each counts one
}

// Sum is the weight of the worlds of a mask.
func (w *LaneWeights) Sum(mask uint64) float64 {
	if mask &= w.Lanes; w.of == nil {
		return float64(bits.OnesCount64(mask))
	}
	sum := 0.0
	Each(mask, func(lane int) { sum += w.of[lane] })
	return sum
}

// At is the weight of one world.
func (w *LaneWeights) At(lane int) float64 {
	if w.of == nil {
		return 1
	}
	return w.of[lane]
}

func (p *Plan) Blocks() int64 { return (p.Worlds + BlockSize - 1) / BlockSize }

// size is the number of worlds of a block.
func (p *Plan) size(block int64) int64 { return min(BlockSize, p.Worlds-BlockSize*block) }

// total is the weight of all worlds.
func (p *Plan) total() float64 {
	if p.Exact {
		return 1
	}
	return float64(p.Worlds)
}

// Certain says that no world was left out: all were gone through, or there is but one.
func (p *Plan) Certain() bool { return p.Exact || p.Coins == 0 }

func (p *Plan) weights(block int64) *LaneWeights {
	w := &LaneWeights{Lanes: AllLanes}
	if size := p.size(block); size < BlockSize {
		w.Lanes = 1<<size - 1
	}
	if p.weight != nil {
		w.of = new([BlockSize]float64)
		Each(w.Lanes, func(lane int) { w.of[lane] = p.weight(block*BlockSize + int64(lane)) })
	}
	return w
}

func (p *Plan) halted() bool { return p.halt != nil && p.halt() }

// Crew is what the workers of a plan return: what each counted, and what is told of all
// worlds.
type Crew[W any] struct {
	Plan *Plan
	Of   []W
	// Open: some purge was cut at the cap of waves; waves is the last in which
	// something fractured.
	Open  bool
	Waves int
}

// Merged adds up what the workers of a crew counted.
func Merged[W any](c *Crew[W], merge func(into, from W)) W {
	sum := c.Of[0]
	for _, o := range c.Of[1:] {
		merge(sum, o)
	}
	return sum
}

// overBlocks goes over the blocks of a plan on several workers, each with a state of
// its own, and returns the states. Which worker gets which block is left open:
// what they count must not depend on it. It returns ctx.Err() when the context
// ends; a block that was begun is finished.
func overBlocks[W any](ctx context.Context, p *Plan, hire func() W, visit func(w W, n int64)) (*Crew[W], error) {
	blocks := p.Blocks()
	c := &Crew[W]{Plan: p, Of: make([]W, min(int64(p.workers), blocks))}
	var next atomic.Int64
	var wg sync.WaitGroup
	for i := range c.Of {
		wg.Go(func() {
			c.Of[i] = hire()
			for n := next.Add(1) - 1; n < blocks && ctx.Err() == nil && !p.halted(); n = next.Add(1) - 1 {
				visit(c.Of[i], n)
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
