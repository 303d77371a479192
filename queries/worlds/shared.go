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

	"entangle/graph"
)

// Purges are models whose purges are simulated in the same worlds.
type Purges struct {
	// Cases are models of one snapshot.
	Cases []*Model
	// Widest are models that between them meet every coin that any case meets.
	Widest []*Model
	// More, where not nil, returns further cases for a block, by its number. They are
	// numbered after Cases.
	More func(block int64) []*Model
}

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

// NewPurges returns purges of which each may be the widest.
func NewPurges(cases ...*Model) *Purges { return &Purges{Cases: cases, Widest: cases} }

// Aimed is the same model with other targets, which are nodes of its snapshot. O(1): what was
// prepared is shared.
func (m *Model) Aimed(targets ...int32) *Model {
	other := *m
	other.Targets = targets
	return &other
}

// aim makes a block simulate another purge of the same snapshot, in the block of worlds of that
// number.
func (b *Block) aim(m *Model, number int64) {
	b.m, b.last = m, m.Params.MaxWaves
	if b.Past != nil {
		b.Past.clear()
	}
	if m.Before != nil {
		m.Before(b, number)
	}
}

// blocks has a block for each model that was prepared. Purges that differ in their targets only
// share one, one after another.
type blocks map[*lineGraph]*Block

func (bs blocks) of(m *Model) *Block {
	if bs[m.lines] == nil {
		bs[m.lines] = newBlock(m)
	}
	return bs[m.lines]
}

// Seen is what a visitor sees: a block of worlds after one case was simulated in it. It is
// valid until the visitor returns.
type Seen struct {
	*Block
	Case    int   // the place of the case
	Number  int64 // the number of the block of worlds
	Weights *LaneWeights
}

// Together goes through worlds and simulates every case in each block of them, in the order of
// the cases. Each worker counts into a state of its own, made by hire; what is counted must
// not depend on which worker visits which block. Where every world is gone through there is
// one worker and the order of blocks is fixed. It fails with the error of [Refused], or the
// context's.
func Together[W any](ctx context.Context, p *Purges, d *Draw, hire func() W, visit func(w W, s *Seen)) (*Crew[W], error) {
	return throughWorlds(d, p.space(), func(plan *Plan) (*Crew[W], error) { return simulate(ctx, plan, p, hire, visit) })
}

// simulate goes through the worlds of a plan once.
func simulate[W any](ctx context.Context, plan *Plan, p *Purges, hire func() W, visit func(w W, s *Seen)) (*Crew[W], error) {
	type worker struct {
		state  W
		blocks blocks
		open   bool
		circle []float64 // by case
		waves  int
	}
	c, err := overBlocks(ctx, plan, func() *worker { return &worker{state: hire(), blocks: blocks{}} }, func(w *worker, n int64) {
		s := &Seen{Number: n, Weights: plan.weights(n)}
		cases, size := p.of(n), plan.size(n)
		for c, m := range cases {
			if ctx.Err() != nil || plan.halted() {
				return
			}
			s.Case, s.Block = c, w.blocks.of(m)
			s.done, s.repeated = ctx.Done(), len(p.Cases) >= manyPurges
			s.aim(m, n)
			s.run(plan.coins(uint64(n)))
			w.open = w.open || s.open&s.Weights.Lanes != 0
			for len(w.circle) <= c {
				w.circle = append(w.circle, 0)
			}
			w.circle[c] += s.Weights.Sum(s.circling)
			w.waves = max(w.waves, s.deepest())
			visit(w.state, s)
			// Each purge of a block makes progress by its part of the block's worlds.
			c, cases := int64(c), int64(len(cases))
			plan.progress.add(size*(c+1)/cases - size*c/cases)
		}
	})
	if err != nil {
		return nil, err
	}
	out := &Crew[W]{Plan: plan}
	for _, w := range c.Of {
		out.Of = append(out.Of, w.state)
		out.Open = out.Open || w.open
		for c, weight := range w.circle {
			for len(out.Circling) <= c {
				out.Circling = append(out.Circling, 0)
			}
			out.Circling[c] += weight
		}
		out.Waves = max(out.Waves, w.waves)
	}
	return out, nil
}

// space says what the worlds differ in for some case.
func (p *Purges) space() *space { return &space{list: p.list, purges: len(p.Cases)} }

// Coins counts the coins that may matter to some case, at most maxListed.
func (p *Purges) Coins() int {
	l := newListing()
	p.list(l)
	return len(l.order)
}

// list asks for every coin that some case may meet.
func (p *Purges) list(c coins) {
	own := blocks{}
	for _, m := range p.Widest {
		b := own.of(m)
		b.everything = true
		b.aim(m, 0)
		b.run(c)
	}
}

// Fractured calls f with every institution that fractured in some world, by its number among
// institutions, and the worlds in which it did.
func (s *Seen) Fractured(f func(body int32, mask uint64)) {
	for _, sc := range s.scored.list {
		if mask := sc.fractured & s.Weights.Lanes; mask != 0 {
			f(sc.body, mask)
		}
	}
}

// Losses calls f with every node to which something happened. Lost are the worlds in which a
// person is lost or a group struck, joined those in which a group rallied or an institution
// fractured.
func (s *Seen) Losses(f func(node int32, lost, joined uint64)) {
	for _, node := range s.scored.touched {
		state := &s.nodes[node]
		if lost, joined := state.lost&s.Weights.Lanes, state.joined&s.Weights.Lanes; lost|joined != 0 {
			f(node, lost, joined)
		}
	}
}

// Touches says whether some institution was assessed in the block, because a loss bears on it.
func (s *Seen) Touches() bool { return len(s.scored.list) > 0 }

// FracturedOne returns the worlds in which one institution, by its number among institutions,
// fractured.
func (s *Seen) FracturedOne(body int32) uint64 {
	return s.scored.of[body].fractured & s.Weights.Lanes
}

// Fallen is the number of institutions fractured in each world.
func (s *Seen) Fallen() *Sum {
	n := new(Sum)
	s.Fractured(func(_ int32, mask uint64) { n.Add(mask, 1) })
	return n
}

// deepest is the last wave in which something fractured.
func (s *Seen) deepest() (wave int) {
	for _, sc := range s.scored.list {
		Each(sc.fractured&s.Weights.Lanes, func(lane int) { wave = max(wave, int(sc.wave[lane])) })
	}
	return wave
}

// Vacated returns the worlds in which a post, given by its node, lost a holder and, unless it
// has several seats, has none left.
func (s *Seen) Vacated(post int32) uint64 {
	if s.Snapshot.Seat(post).Seats == 1 {
		return s.occupied(post) &^ s.kept(post)
	}
	mask := uint64(0)
	for _, t := range s.Snapshot.In(graph.Holds, post) {
		mask |= s.exists(t) & s.lost(s.Snapshot.Tie(t).From)
	}
	return mask
}
