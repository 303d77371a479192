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

// Tally is what happened in the worlds of one purge. All its figures are sums of the weights
// of worlds: divided by Total they are probabilities.
type Tally struct {
	// Bodies are the institutions touched in some world, by number among institutions.
	Bodies map[int32]*BodyTally
	// Fractured is by the number of institutions fractured in a world.
	Fractured map[int]float64
	Circling  float64           // worlds in which the sides come to a limit cycle
	Total     float64           // all worlds
	Lost      []float64         // by node: worlds in which it is lost or struck
	Joined    map[int32]float64 // by group: worlds in which it rallied
	blocks    int64
}

// BodyTally is what happened to one institution, in weights of worlds. Touched counts
// fractured worlds too, and Fractured collapsed ones.
type BodyTally struct {
	Touched, Fractured, Collapsed float64
	// Least counts the worlds in which it fractures whatever the sides: in a limit cycle, in
	// every state of it.
	Least    float64
	Supports [SupportCount]SupportTally
	// Waves are the waves up to the last in which it fractured, by number.
	Waves []WaveTally
	// Strained is the number of the first world in which it was touched and did not
	// fracture, −1 where there is none.
	Strained int64
	// blocks in some world of which it was touched.
	blocks bitset
}

// WaveTally is the weight of the worlds in which an institution fractured in a wave, and the
// number of the first of them that is in no limit cycle, −1 where there is none.
type WaveTally struct {
	Weight float64
	First  int64
}

// wave returns what was counted of a wave.
func (bt *BodyTally) wave(number int) *WaveTally {
	for len(bt.Waves) <= number {
		bt.Waves = append(bt.Waves, WaveTally{First: -1})
	}
	return &bt.Waves[number]
}

// SupportTally is how one support of an institution stood.
type SupportTally struct {
	Below float64         // the weight of the worlds in which it is under its need
	Kept  estimate.Shares // what is retained in the worlds with data
	Part  estimate.Shares // what part of that rests on records
	whole float64         // worlds in which nothing is lost
	hist  *[bins]float64
}

// at returns the worlds of a bin in which something is lost.
func (s *SupportTally) at(bin int64) *float64 {
	if s.hist == nil {
		s.hist = new([bins]float64)
	}
	return &s.hist[bin]
}

// Count goes through the worlds of a purge and adds up what happens. It goes through them twice:
// the institutions that the purge touches in some world have to be assessed in the blocks in
// which it does not touch them too. The whole tally is the first state of the crew. It fails
// with the error of [Refused], or the context's.
func Count(ctx context.Context, d *Draw, m *Model) (*Crew[*Tally], error) {
	p := NewPurges(m)
	return throughWorlds(d, p.space(), func(plan *Plan) (*Crew[*Tally], error) {
		c, err := simulate(ctx, plan, p, func() *Tally { return newTally(plan.Blocks(), m.Snapshot.Len()) }, (*Tally).add)
		if err != nil {
			return nil, err
		}
		return c, Merged(c, (*Tally).merge).addUntouched(ctx, plan, m)
	})
}

func newTally(blocks int64, nodes int32) *Tally {
	return &Tally{
		blocks: blocks,
		Bodies: map[int32]*BodyTally{}, Fractured: map[int]float64{}, Lost: make([]float64, nodes), Joined: map[int32]float64{},
	}
}

// body returns what is counted of an institution.
func (t *Tally) body(i int32) *BodyTally {
	bt := t.Bodies[i]
	if bt == nil {
		bt = &BodyTally{Strained: -1, blocks: make(bitset, (t.blocks+63)/64)}
		t.Bodies[i] = bt
	}
	return bt
}

// add counts the worlds of a block.
func (t *Tally) add(s *Seen) {
	w := s.Weights
	t.Total += w.Sum(AllLanes)
	t.Circling += w.Sum(s.circling)
	var fallen Sum
	for _, sc := range s.scored.list {
		if (sc.touched|sc.fractured)&w.Lanes != 0 {
			fallen.Add(sc.fractured, 1)
			t.score(sc, s.Number, w, s.circling)
			t.body(sc.body).Least += w.Sum(sc.fractured&^s.circling | s.always[sc.body])
		}
	}
	Each(w.Lanes, func(lane int) { t.Fractured[int(fallen.At(lane))] += w.At(lane) })
	for _, node := range s.scored.touched {
		t.Lost[node] += w.Sum(s.lost(node))
		if m := s.rallied(node); m&w.Lanes != 0 {
			t.Joined[node] += w.Sum(m)
		}
	}
}

// score counts the worlds of a block in which an institution was assessed.
func (t *Tally) score(sc *score, number int64, w *LaneWeights, circling uint64) {
	bt := t.body(sc.body)
	bt.blocks.set(number)
	bt.Touched += w.Sum(sc.touched | sc.fractured)
	bt.Fractured += w.Sum(sc.fractured)
	bt.Collapsed += w.Sum(sc.collapsed & sc.fractured)
	base := number * BlockSize
	Each(sc.fractured&w.Lanes, func(lane int) {
		number := int(sc.wave[lane])
		wave := bt.wave(number)
		wave.Weight += w.At(lane)
		if circling>>lane&1 == 0 { // a limit cycle has no one course of events
			wave.First = earlier(wave.First, base+int64(lane))
		}
	})
	Each(sc.touched&^(sc.fractured|circling)&w.Lanes, func(lane int) { bt.Strained = earlier(bt.Strained, base+int64(lane)) })
	t.countSupports(sc, w)
}

// countSupports counts how the supports of an institution stand.
func (t *Tally) countSupports(sc *score, w *LaneWeights) {
	bt := t.body(sc.body)
	for sup := range sc.support {
		if w.of == nil {
			bt.Supports[sup].count(sc, Support(sup), w.Lanes)
		} else {
			bt.Supports[sup].countWeighted(sc, Support(sup), w)
		}
	}
}

// count adds worlds of weight 1; those in which the support is whole are added at once.
func (s *SupportTally) count(sc *score, sup Support, lanes uint64) {
	st := &sc.support[sup]
	number := func(mask uint64) uint64 { return uint64(bits.OnesCount64(mask & st.known & lanes)) }
	whole := number(^st.less)
	s.Kept.Count(Million, whole)
	s.whole += float64(whole)
	s.Part.Count(Million, number(st.recorded&^st.claimed))
	Each(st.known&st.recorded&st.claimed&lanes, func(lane int) { s.Part.Count(sc.part(sup, lane), 1) })
	s.Part.Count(0, number(^st.recorded))
	s.Below += float64(number(st.under))
	Each(st.less&lanes, func(lane int) {
		kept := int64(sc.kept[sup][lane])
		s.Kept.Count(kept, 1)
		*s.at(kept * (bins - 1) / Million)++
	})
}

// countWeighted adds worlds of any weight.
func (s *SupportTally) countWeighted(sc *score, sup Support, w *LaneWeights) {
	st := &sc.support[sup]
	Each(st.known&w.Lanes, func(lane int) {
		kept, x := sc.retained(sup, lane), w.At(lane)
		s.Kept.Weigh(kept, x)
		s.Part.Weigh(sc.part(sup, lane), x)
		if kept == Million {
			s.whole += x
		} else {
			*s.at(kept * (bins - 1) / Million) += x
		}
		if st.under>>lane&1 == 1 {
			s.Below += x
		}
	})
}

// addUntouched adds how the institutions that the purge touches in some world stand in the
// blocks in which it does not touch them.
func (t *Tally) addUntouched(ctx context.Context, p *Plan, m *Model) error {
	type worker struct {
		t      *Tally
		blocks blocks
	}
	hire := func() *worker { return &worker{newTally(p.Blocks(), m.Snapshot.Len()), blocks{}} }
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
			b.assess(i+m.FirstBody, recheck{})
			w.t.countSupports(&b.scored.of[i], weights)
		}
	})
	if err != nil {
		return err
	}
	for _, w := range c.Of {
		t.merge(w.t)
	}
	return nil
}

// untouched lists the institutions that the purge touches, but in no world of
// the block.
func (t *Tally) untouched(block int64) []int32 {
	var list []int32
	for i, bt := range t.Bodies {
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
func (t *Tally) merge(o *Tally) {
	t.Total += o.Total
	t.Circling += o.Circling
	for n, w := range o.Fractured {
		t.Fractured[n] += w
	}
	for node, w := range o.Lost {
		t.Lost[node] += w
	}
	for node, w := range o.Joined {
		t.Joined[node] += w
	}
	for i, ob := range o.Bodies {
		bt := t.body(i)
		bt.Touched += ob.Touched
		bt.Fractured += ob.Fractured
		bt.Least += ob.Least
		bt.Collapsed += ob.Collapsed
		bt.Strained = earlier(bt.Strained, ob.Strained)
		for w := range bt.blocks {
			bt.blocks[w] |= ob.blocks[w]
		}
		for w, o := range ob.Waves {
			wave := bt.wave(w)
			wave.Weight += o.Weight
			wave.First = earlier(wave.First, o.First)
		}
		for sup := range bt.Supports {
			a, c := &bt.Supports[sup], &ob.Supports[sup]
			a.Kept.Merge(&c.Kept)
			a.Part.Merge(&c.Part)
			a.Below += c.Below
			a.whole += c.whole
			if c.hist != nil {
				for i, n := range c.hist {
					*a.at(int64(i)) += n
				}
			}
		}
	}
}

// Quantile returns the retained share, 0–1, under which a part q of the worlds with data lie,
// rounded down to one hundredth.
func (s *SupportTally) Quantile(q float64) float64 {
	at, want := 0.0, q*s.Kept.Weight()
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
