package queries

import "slices"

// bins of a histogram of retained shares: 0–1%, …, 99–100%, whole.
const bins = 101

// tally adds up worlds. Weights of sampled worlds are 1 and all sums are whole
// numbers below 2⁵³, so that the order of adding does not matter.
type tally struct {
	bodies map[int32]*bodyTally
	// fractured counts worlds by the number of institutions fractured, as
	// number → weight.
	fractured map[int]float64
	open      float64
	deepest   int
	total     float64
	lost      map[int32]float64 // by node: worlds in which it is lost or struck
	joined    map[int32]float64 // by group: worlds in which it rallied
}

type bodyTally struct {
	touched, fractured, collapsed float64
	supports                      [supportCount]supportTally
	waves                         [maxWaves + 1]float64
	// first is the number of the first world in which it fractured in a wave.
	first [maxWaves + 1]int64
	// strained is the first world in which it was touched and did not fracture.
	strained int64
}

type supportTally struct {
	known, below, sum, part float64
	hist                    [bins]float64
}

func newTally() *tally {
	return &tally{bodies: map[int32]*bodyTally{}, fractured: map[int]float64{}, lost: map[int32]float64{}, joined: map[int32]float64{}}
}

func (t *tally) body(i int32) *bodyTally {
	bt := t.bodies[i]
	if bt == nil {
		bt = &bodyTally{strained: -1}
		for w := range bt.first {
			bt.first[w] = -1
		}
		t.bodies[i] = bt
	}
	return bt
}

// add counts the worlds of a block that are in lanes, each with its weight.
func (t *tally) add(b *block, number int64, lanes uint64, weight func(world int) float64) {
	weigh := func(mask uint64) (sum float64) {
		each(mask&lanes, func(w int) { sum += weight(w) })
		return sum
	}
	t.total += weigh(all)
	t.open += weigh(b.open)
	var fallen sum
	for _, sc := range b.scored.list {
		if sc.touched|sc.fractured == 0 {
			continue
		}
		fallen.add(sc.fractured, 1)
		t.score(b, sc, number*worlds, lanes, weight, weigh)
	}
	each(lanes, func(w int) { t.fractured[int(fallen.at(w))] += weight(w) })
	for _, node := range b.scored.touched {
		if m := b.lost[node]; m&lanes != 0 {
			t.lost[node] += weigh(m)
		}
		if m := b.rallied[node]; m&lanes != 0 {
			t.joined[node] += weigh(m)
		}
	}
}

func (t *tally) score(b *block, sc *score, base int64, lanes uint64, weight func(int) float64, weigh func(uint64) float64) {
	bt := t.body(sc.body)
	bt.touched += weigh(sc.touched | sc.fractured)
	bt.fractured += weigh(sc.fractured)
	bt.collapsed += weigh(sc.collapsed & sc.fractured)
	each(sc.fractured&lanes, func(w int) {
		wave := sc.wave[w]
		bt.waves[wave] += weight(w)
		t.deepest = max(t.deepest, int(wave))
		bt.first[wave] = earlier(bt.first[wave], base+int64(w))
	})
	each(sc.touched&^sc.fractured&lanes, func(w int) { bt.strained = earlier(bt.strained, base+int64(w)) })
	for sup := range sc.known {
		st, need := &bt.supports[sup], b.m.needs[sc.body][sup].need
		each(sc.known[sup]&lanes, func(w int) {
			kept, x := sc.kept[sup][w], weight(w)
			st.known += x
			st.sum += x * float64(kept)
			st.part += x * float64(sc.part[sup][w])
			st.hist[kept*(bins-1)/million] += x
			if kept < need {
				st.below += x
			}
		})
	}
}

func earlier(a, b int64) int64 {
	if a < 0 || b >= 0 && b < a {
		return b
	}
	return a
}

// merge adds what another worker counted.
func (t *tally) merge(o *tally) {
	t.total += o.total
	t.open += o.open
	t.deepest = max(t.deepest, o.deepest)
	for n, w := range o.fractured {
		t.fractured[n] += w
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
		bt.collapsed += ob.collapsed
		bt.strained = earlier(bt.strained, ob.strained)
		for w := range bt.waves {
			bt.waves[w] += ob.waves[w]
			bt.first[w] = earlier(bt.first[w], ob.first[w])
		}
		for sup := range bt.supports {
			a, c := &bt.supports[sup], &ob.supports[sup]
			a.known += c.known
			a.below += c.below
			a.sum += c.sum
			a.part += c.part
			for i := range a.hist {
				a.hist[i] += c.hist[i]
			}
		}
	}
}

// quantile returns the share under which a part q of the known worlds lie, to
// one hundredth, rounded down.
func (s *supportTally) quantile(q float64) float64 {
	at, want := 0.0, q*s.known
	for i, n := range s.hist {
		at += n
		if n > 0 && at >= want {
			return float64(i) / (bins - 1)
		}
	}
	return 1
}

// spread returns the mean and quantiles of the number of fractured
// institutions in a world.
func (t *tally) spread() Spread {
	numbers := make([]int, 0, len(t.fractured))
	mean := 0.0
	for n := range t.fractured {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		mean += float64(n) * t.fractured[n]
	}
	at := func(q float64) int {
		sum := 0.0
		for _, n := range numbers {
			sum += t.fractured[n]
			if sum >= q*t.total {
				return n
			}
		}
		return 0
	}
	return Spread{Mean: mean / t.total, Q05: at(0.05), Q50: at(0.5), Q95: at(0.95)}
}
