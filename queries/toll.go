// What purges break, weighed: the mean, the worst tail, and the institutions at risk.
//
// Invariant: the weights of worlds by what breaks there sum to all worlds, so that mean and tail are
// of the same distribution.
// Source: conditional value at risk: Rockafellar, Uryasev 2000, J. Risk 2:21; bootstrap: Efron 1979,
// Ann. Statist. 7:1.
// Cost: that of the purges; O(bootstrapped × levels) for a tail.

package queries

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/structure"
	"entangle/queries/worlds"
)

// Optimality says how good a search was.
type Optimality string

// The grades of optimality. Both speak of the worlds of the search; the result is estimated
// again in others.
const (
	// ExactSearch: no plan is better, since every alternative was compared or excluded by a
	// bound.
	ExactSearch Optimality = "EXACT"
	// HeuristicSearch: a better plan may exist, up to the bound in the answer.
	HeuristicSearch Optimality = "HEURISTIC"
)

// Weights say how much the fracture of an institution counts: the weight of the
// institution itself, else of the first of its types that has one, else 1. Weights
// go from 0 to 1000 and are carried in thousandths. An institution of weight 0 may
// break.
type Weights struct {
	ByType        map[string]float64
	ByInstitution map[graph.ID]float64
}

const (
	maxWeight = 1000
	thousand  = 1000
)

// counts returns the weight of each institution in thousandths.
func (w Weights) counts(s *projection.Snapshot) (worlds.Damage, error) {
	for typ, v := range w.ByType {
		if err := weightInRange("type "+typ, v); err != nil {
			return nil, err
		}
		if err := worlds.BodyType(s, "weight", typ); err != nil {
			return nil, err
		}
	}
	for id, v := range w.ByInstitution {
		node, ok := s.Index(id)
		switch {
		case !ok:
			return nil, fmt.Errorf("%w: weight of institution %q", worlds.ErrUnknown, id)
		case s.Kind(node) != graph.Institution:
			return nil, fmt.Errorf("%w: weight of %q, which is a %s and no institution", worlds.ErrInput, id, s.Kind(node))
		}
		if err := weightInRange(string(id), v); err != nil {
			return nil, err
		}
	}
	lo, hi := s.Range(graph.Institution)
	out := make(worlds.Damage, hi-lo)
	total := int64(0)
	for i := lo; i < hi; i++ {
		out[i-lo] = w.of(s, i)
		total += out[i-lo]
	}
	if total > structure.MaxClosureSum {
		return nil, fmt.Errorf("%w: the weights of all institutions sum to %d, at most %d can be", worlds.ErrInput, total/thousand, structure.MaxClosureSum/thousand)
	}
	return out, nil
}

func (w Weights) of(s *projection.Snapshot, body int32) int64 {
	v := 1.0
	if own, ok := w.ByInstitution[s.ID(body)]; ok {
		v = own
	} else {
		for _, typ := range s.Body(body).Types {
			if t, ok := w.ByType[typ]; ok {
				v = t
				break
			}
		}
	}
	return int64(math.Round(v * thousand))
}

func weightInRange(what string, v float64) error {
	if !(v >= 0 && v <= maxWeight) {
		return fmt.Errorf("%w: weight %g of %s is outside 0 to %d", worlds.ErrInput, v, what, maxWeight)
	}
	return nil
}

// toll is what one purge breaks over the worlds.
type toll struct {
	total float64
	// values: the weight of what is fractured in a world, in thousandths → worlds.
	values map[int64]float64
	// bodies: by number among institutions, the worlds in which it is fractured.
	bodies map[int32]float64
	// touches: in some world the purge takes part of a support of an institution, even if a
	// parallel claim still holds it up.
	touches bool
}

// tolls simulates purges in the same worlds; counts are the weights of the
// institutions.
func tolls(ctx context.Context, p *worlds.Purges, d *worlds.Draw, counts worlds.Damage) ([]*toll, *worlds.Course, error) {
	hire := func() []*toll {
		list := make([]*toll, len(p.Cases))
		for i := range list {
			list[i] = &toll{values: map[int64]float64{}, bodies: map[int32]float64{}}
		}
		return list
	}
	return worlds.Together(ctx, p, d, hire,
		func(list []*toll, s *worlds.Seen) { list[s.Case].add(s, counts) },
		func(into, from []*toll) {
			for i, t := range from {
				into[i].merge(t)
			}
		})
}

func (t *toll) add(s *worlds.Seen, counts worlds.Damage) {
	for body, mask := range s.Fractured() {
		t.bodies[body] += s.Weigh(mask)
	}
	fallen := s.Damage(counts)
	for lane, weight := range s.Worlds(everyWorld) {
		t.values[fallen[lane]] += weight
		t.total += weight
	}
	t.touches = t.touches || s.Touches()
}

func (t *toll) merge(o *toll) {
	t.total += o.total
	t.touches = t.touches || o.touches
	for v, n := range o.values {
		t.values[v] += n
	}
	for body, n := range o.bodies {
		t.bodies[body] += n
	}
}

// level is a weight with the worlds in which it was reached.
type level struct{ value, worlds float64 }

// levels lists the weights, the largest first.
func (t *toll) levels() []level {
	out := make([]level, 0, len(t.values))
	for v, n := range t.values {
		out = append(out, level{float64(v) / thousand, n})
	}
	slices.SortFunc(out, func(a, b level) int { return -cmp.Compare(a.value, b.value) })
	return out
}

// mean is the expected weight.
func (t *toll) mean() float64 {
	sum := 0.0
	for _, l := range t.levels() {
		sum += l.value * l.worlds
	}
	return sum / t.total
}

// expected is the mean with its interval; most is the weight of all institutions.
func (t *toll) expected(exact bool, most float64) estimate.Amount {
	var m estimate.Moments
	for _, l := range t.levels() {
		m.Add(l.value, l.worlds)
	}
	return m.Amount(exact, 0, most)
}

// tail is the conditional value at risk of the weight at a level such as 0.9: the mean over
// the worst tenth of the worlds (Rockafellar, Uryasev 2000, J. Risk 2:21).
//
// Its standard error is that of the bootstrap (Efron 1979, Ann. Statist. 7:1): the standard
// deviation of the tail over samples of as many worlds drawn with replacement from those
// seen. If that is 0, or if fewer than fewWorst worlds are in the tail, the bootstrap is
// not reliable. The interval then allows that worlds which were not drawn are as bad as
// possible, or that the worst worlds are rarer than they were seen, each with the upper
// bound for zero of n. The interval is never narrower than Wilson's interval for the share
// of worlds above the least weight makes it. Where there are only two weights it is exactly
// that.
func (t *toll) tail(at float64, exact bool, most float64) estimate.Amount {
	value := t.tailValue(at, exact)
	if exact {
		return estimate.Exact(value)
	}
	levels := t.levels()
	a := estimate.Amount{Value: value, SE: t.bootstrap(levels, at), Low: value, High: value}
	if a.SE > 0 && len(levels) > 2 {
		a.Low, a.High = max(0, value-estimate.Z95*a.SE), min(most, value+estimate.Z95*a.SE)
	}
	twofold := len(levels) == 2 && levels[0].value == most && levels[1].value == 0
	if a.SE == 0 || (1-at)*t.total < fewWorst && !twofold {
		unseen := min(1, estimate.Wilson(0, int(t.total)).High/(1-at))
		a.Low, a.High = min(a.Low, value-unseen*value), max(a.High, value+unseen*(most-value))
	}
	if least := levels[len(levels)-1]; least.worlds < t.total {
		above := estimate.Wilson(int(t.total-least.worlds), int(t.total))
		a.Low = min(a.Low, tailOf(shifted(levels, above.Low/above.P), (1-at)*t.total))
		a.High = max(a.High, tailOf(shifted(levels, above.High/above.P), (1-at)*t.total))
	}
	return a
}

// tailValue is the tail without its interval.
func (t *toll) tailValue(at float64, exact bool) float64 {
	value := tailOf(t.levels(), (1-at)*t.total)
	if exact {
		return estimate.Round(value)
	}
	return value
}

// shifted multiplies the number of worlds above the least weight by a factor. The worlds of
// the least weight become as many fewer.
func shifted(levels []level, times float64) []level {
	out := slices.Clone(levels)
	least := &out[len(out)-1]
	for i := range out[:len(out)-1] {
		more := out[i].worlds * (times - 1)
		out[i].worlds += more
		least.worlds -= more
	}
	return out
}

// tailOf is the mean of the worst worlds, so many in number.
func tailOf(levels []level, worst float64) float64 {
	left, sum := worst, 0.0
	for _, l := range levels {
		n := min(l.worlds, left)
		sum += n * l.value
		if left -= n; left <= 0 {
			break
		}
	}
	return sum / worst
}

// fewWorst: with fewer worlds in a tail the bootstrap is not reliable. Its intervals then
// contained the true value in 23 to 91 cases of 100.
const fewWorst = 20

// bootstrapped is the number of resamples of the bootstrap.
const bootstrapped = 200

// bootstrap is the standard error of a tail. Only how many worlds fall on each level
// matters: binomial counts, one level after another.
func (t *toll) bootstrap(levels []level, at float64) float64 {
	r := rand.New(rand.NewPCG(uint64(t.total), uint64(len(levels)))) //nolint:gosec // draws, no secret
	drawn := slices.Clone(levels)
	var m estimate.Moments
	for range bootstrapped {
		free, rest := int(t.total), t.total
		for i, l := range levels {
			n := binomial(r, free, l.worlds/rest)
			drawn[i].worlds = float64(n)
			free, rest = free-n, rest-l.worlds
		}
		m.Add(tailOf(drawn, (1-at)*t.total), 1)
	}
	if v := m.Variance(); v > 1e-18*max(1, m.Mean()*m.Mean()) {
		return math.Sqrt(v * bootstrapped / (bootstrapped - 1))
	}
	return 0
}

// binomial draws how many of n trials succeed. Many expected successes and failures
// are drawn from the normal distribution.
func binomial(r *rand.Rand, n int, p float64) int {
	switch mean := float64(n) * p; {
	case n == 0 || p <= 0:
		return 0
	case p >= 1:
		return n
	case mean > 100 && float64(n)-mean > 100:
		return min(n, max(0, int(math.Round(mean+r.NormFloat64()*math.Sqrt(mean*(1-p))))))
	case p > 0.5:
		return n - binomial(r, n, 1-p)
	}
	// The gaps between successes are geometric (Devroye 1986, X.4.3).
	count, quiet := 0, math.Log1p(-p)
	for at := 0.0; ; count++ {
		at += math.Floor(math.Log(1-r.Float64())/quiet) + 1
		if at > float64(n) {
			return count
		}
	}
}

// worst is the greatest probability with which an institution that counts
// fractures.
func (t *toll) worst(counts worlds.Damage) float64 {
	worlds := 0.0
	for body, n := range t.bodies {
		if counts[body] > 0 {
			worlds = max(worlds, n)
		}
	}
	return worlds / t.total
}

// Risk is an institution with the probability that it fractures.
type Risk struct {
	Ref
	// Weight of the institution.
	Weight    float64
	Fractured estimate.Estimate
}

// risks lists the institutions that fracture in some world: those of a weight above 0
// first, then by probability.
func (t *toll) risks(m *worlds.Model, exact bool, counts worlds.Damage) []Risk {
	var out []Risk
	for body, n := range t.bodies {
		out = append(out, Risk{Ref: bodyRef(m.Snapshot, body), Weight: float64(counts[body]) / thousand, Fractured: estimate.Probability(exact, n, t.total)})
	}
	slices.SortFunc(out, func(a, b Risk) int {
		if (a.Weight > 0) != (b.Weight > 0) {
			return cmp.Compare(b.Weight, a.Weight)
		}
		return cmp.Or(-cmp.Compare(a.Fractured.P, b.Fractured.P), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// most is the weight of all institutions.
func most(counts worlds.Damage) float64 {
	total := int64(0)
	for _, n := range counts {
		total += n
	}
	return float64(total) / thousand
}
