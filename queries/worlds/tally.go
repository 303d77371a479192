// Adds up what happened in the worlds of one purge.
//
// Invariant: worlds that were drawn weigh 1 and all sums of them are whole numbers below 2⁵³, so
// that they do not depend on the order of adding.
// Source: docs/model.md, Estimates.
// Cost: O(institutions and nodes touched) a block, and O(1) for each world in which something of
// a support is lost; O(nodes + institutions touched × blocks / 64) memory a worker.

package worlds

import (
	"context"
	"math/bits"
	"slices"

	"entangle/queries/estimate"
)

// bins is the number of bins of a histogram of retained shares: 0–1 %, …, 99–100 %, whole.
const bins = 101

// tally is what happened in the worlds of one purge. All its figures are sums of the weights
// of worlds: divided by Total they are probabilities.
type tally struct {
	// bodies are the institutions touched in some world, by number among institutions.
	bodies map[int32]*bodyTally
	// fractured is by what the institutions weigh that fractured in a world, own by what
	// those weigh that are the targets' own.
	fractured, own map[int]float64
	circling       float64           // worlds in which the sides come to a limit cycle
	total          float64           // all worlds
	lost           []float64         // by node: worlds in which it is lost or struck
	joined         map[int32]float64 // by group: worlds in which it rallied
	blocks         int64
}

// bodyTally is what happened to one institution, in weights of worlds. Touched counts
// fractured worlds too, and fractured collapsed ones.
type bodyTally struct {
	touched, fractured, collapsed float64
	// least counts the worlds in which it fractures whatever the sides: in a limit cycle, in
	// every state of it.
	least    float64
	supports [SupportCount]supportTally
	// waves are the waves up to the last in which it fractured, by number.
	waves []waveTally
	// strained is the number of the first world in which it was touched and did not
	// fracture, −1 where there is none.
	strained int64
	// blocks in some world of which it was touched.
	blocks bitset
}

// waveTally is the weight of the worlds in which an institution fractured in a wave, and the
// number of the first of them that is in no limit cycle, −1 where there is none.
type waveTally struct {
	weight float64
	first  int64
}

// wave returns what was counted of a wave.
func (bt *bodyTally) wave(number int) *waveTally {
	for len(bt.waves) <= number {
		bt.waves = append(bt.waves, waveTally{first: -1})
	}
	return &bt.waves[number]
}

// supportTally is how one support of an institution stood.
type supportTally struct {
	below float64         // the weight of the worlds in which it is under its need
	kept  estimate.Shares // what is retained in the worlds with data
	part  estimate.Shares // what part of that rests on records
	whole float64         // worlds in which nothing is lost
	hist  *[bins]float64
}

// at returns the worlds of a bin in which something is lost.
func (s *supportTally) at(bin int64) *float64 {
	if s.hist == nil {
		s.hist = new([bins]float64)
	}
	return &s.hist[bin]
}

// tallied goes through the worlds of a purge and adds up what happens. It goes through them
// twice: the institutions that the purge touches in some world have to be assessed in the
// blocks in which it does not touch them too. The whole tally is the first state of the crew.
// It fails with ErrInput where an exact answer is
// asked for and more than MaxExact coins matter, or with the context's error.
func (m *Model) tallied(ctx context.Context, d *Draw, state, own Damage) (*crew[*tally], error) {
	p := NewPurges(m)
	p.Stakes = true
	return throughWorlds(d, p.space(), func(plan *plan) (*crew[*tally], error) {
		hire := func() *tally { return newTally(plan.blocks(), m.Snapshot.Len()) }
		c, err := simulate(ctx, plan, p, hire, func(t *tally, s *Seen) { t.add(s, state, own) })
		if err != nil {
			return nil, err
		}
		return c, merged(c, (*tally).merge).addUntouched(ctx, plan, m)
	})
}

func newTally(blocks int64, nodes int32) *tally {
	return &tally{
		blocks: blocks,
		bodies: map[int32]*bodyTally{}, fractured: map[int]float64{}, own: map[int]float64{}, lost: make([]float64, nodes), joined: map[int32]float64{},
	}
}

// body returns what is counted of an institution.
func (t *tally) body(i int32) *bodyTally {
	bt := t.bodies[i]
	if bt == nil {
		bt = &bodyTally{strained: -1, blocks: make(bitset, (t.blocks+63)/64)}
		t.bodies[i] = bt
	}
	return bt
}

// add counts the worlds of a block.
func (t *tally) add(s *Seen, state, own Damage) {
	w := s.weights
	t.total += w.sum(allLanes)
	t.circling += w.sum(s.circling)
	var fallen, theirs sum
	for _, sc := range s.scored.list {
		if (sc.touched|sc.fractured)&w.lanes != 0 {
			fallen.add(sc.fractured, state.of(sc.body))
			theirs.add(sc.fractured, own.of(sc.body))
			t.score(sc, s.Number, w, s.circling)
			t.body(sc.body).least += w.sum(sc.fractured&^s.circling | s.always[sc.body])
		}
	}
	each(w.lanes, func(lane int) {
		t.fractured[int(fallen.at(lane))] += w.at(lane)
		t.own[int(theirs.at(lane))] += w.at(lane)
	})
	for _, node := range s.scored.touched {
		t.lost[node] += w.sum(s.lost(node))
		if m := s.rallied(node); m&w.lanes != 0 {
			t.joined[node] += w.sum(m)
		}
	}
}

// score counts the worlds of a block in which an institution was assessed.
func (t *tally) score(sc *score, number int64, w *laneWeights, circling uint64) {
	bt := t.body(sc.body)
	bt.blocks.set(number)
	bt.touched += w.sum(sc.touched | sc.fractured)
	bt.fractured += w.sum(sc.fractured)
	bt.collapsed += w.sum(sc.collapsed & sc.fractured)
	base := number * BlockSize
	each(sc.fractured&w.lanes, func(lane int) {
		number := int(sc.wave[lane])
		wave := bt.wave(number)
		wave.weight += w.at(lane)
		if circling>>lane&1 == 0 { // a limit cycle has no one course of events
			wave.first = earlier(wave.first, base+int64(lane))
		}
	})
	each(sc.touched&^(sc.fractured|circling)&w.lanes, func(lane int) { bt.strained = earlier(bt.strained, base+int64(lane)) })
	t.countSupports(sc, w)
}

// countSupports counts how the supports of an institution stand.
func (t *tally) countSupports(sc *score, w *laneWeights) {
	bt := t.body(sc.body)
	for sup := range sc.support {
		if w.of == nil {
			bt.supports[sup].count(sc, Support(sup), w.lanes)
		} else {
			bt.supports[sup].countWeighted(sc, Support(sup), w)
		}
	}
}

// count adds worlds of weight 1; those in which the support is whole are added at once.
func (s *supportTally) count(sc *score, sup Support, lanes uint64) {
	st := &sc.support[sup]
	number := func(mask uint64) uint64 { return uint64(bits.OnesCount64(mask & st.known & lanes)) }
	whole := number(^st.less)
	s.kept.Count(Million, whole)
	s.whole += float64(whole)
	s.part.Count(Million, number(st.recorded&^st.claimed))
	each(st.known&st.recorded&st.claimed&lanes, func(lane int) { s.part.Count(sc.part(sup, lane), 1) })
	s.part.Count(0, number(^st.recorded))
	s.below += float64(number(st.under))
	each(st.less&lanes, func(lane int) {
		kept := int64(sc.kept[sup][lane])
		s.kept.Count(kept, 1)
		*s.at(kept * (bins - 1) / Million)++
	})
}

// countWeighted adds worlds of any weight.
func (s *supportTally) countWeighted(sc *score, sup Support, w *laneWeights) {
	st := &sc.support[sup]
	each(st.known&w.lanes, func(lane int) {
		kept, x := sc.retained(sup, lane), w.at(lane)
		s.kept.Weigh(kept, x)
		s.part.Weigh(sc.part(sup, lane), x)
		if kept == Million {
			s.whole += x
		} else {
			*s.at(kept * (bins - 1) / Million) += x
		}
		if st.under>>lane&1 == 1 {
			s.below += x
		}
	})
}

// addUntouched adds how the institutions that the purge touches in some world stand in the
// blocks in which it does not touch them.
func (t *tally) addUntouched(ctx context.Context, p *plan, m *Model) error {
	type worker struct {
		t      *tally
		blocks blocks
	}
	hire := func() *worker { return &worker{newTally(p.blocks(), m.Snapshot.Len()), blocks{}} }
	c, err := overBlocks(ctx, p, hire, func(w *worker, n int64) {
		bodies := t.untouched(n)
		if len(bodies) == 0 {
			return
		}
		b := w.blocks.of(m)
		b.done = ctx.Done()
		b.reset(p.coins(uint64(n)))
		weights := p.weights(n)
		for _, i := range bodies {
			if b.ended() {
				return
			}
			b.assess(i+m.firstBody, recheck{})
			w.t.countSupports(&b.scored.of[i], weights)
		}
	})
	if err != nil {
		return err
	}
	for _, w := range c.of {
		t.merge(w.t)
	}
	return nil
}

// untouched lists the institutions that the purge touches, but in no world of
// the block.
func (t *tally) untouched(block int64) []int32 {
	var list []int32
	for i, bt := range t.bodies {
		if !bt.blocks.has(block) {
			list = append(list, i)
		}
	}
	slices.Sort(list)
	return list
}

// bitset is a set of blocks.
type bitset []uint64

func (s bitset) set(n int64)      { s[n/64] |= 1 << (n % 64) }
func (s bitset) has(n int64) bool { return s[n/64]>>(n%64)&1 == 1 }

// earlier is the lesser of two numbers of worlds, of which a negative one is none.
func earlier(a, b int64) int64 {
	if a < 0 || b >= 0 && b < a {
		return b
	}
	return a
}

// merge adds what another worker counted.
func (t *tally) merge(o *tally) {
	t.total += o.total
	t.circling += o.circling
	for n, w := range o.fractured {
		t.fractured[n] += w
	}
	for n, w := range o.own {
		t.own[n] += w
	}
	for node, w := range o.lost {
		t.lost[node] += w
	}
	for node, w := range o.joined {
		t.joined[node] += w
	}
	for i, ob := range o.bodies {
		bt := t.body(i)
		bt.touched += ob.touched
		bt.fractured += ob.fractured
		bt.least += ob.least
		bt.collapsed += ob.collapsed
		bt.strained = earlier(bt.strained, ob.strained)
		for w := range bt.blocks {
			bt.blocks[w] |= ob.blocks[w]
		}
		for w, o := range ob.waves {
			wave := bt.wave(w)
			wave.weight += o.weight
			wave.first = earlier(wave.first, o.first)
		}
		for sup := range bt.supports {
			a, c := &bt.supports[sup], &ob.supports[sup]
			a.kept.Merge(&c.kept)
			a.part.Merge(&c.part)
			a.below += c.below
			a.whole += c.whole
			if c.hist != nil {
				for i, n := range c.hist {
					*a.at(int64(i)) += n
				}
			}
		}
	}
}

// quantile returns the retained share, 0–1, under which a part q of the worlds with data lie,
// rounded down to one hundredth.
func (s *supportTally) quantile(q float64) float64 {
	at, want := 0.0, q*s.kept.Weight()
	if s.hist != nil {
		for i, n := range s.hist {
			at += n
			if n > 0 && at >= want {
				return float64(i) / (bins - 1)
			}
		}
	}
	return 1
}
