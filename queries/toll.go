// What purges break, weighed: the mean, the worst tail, and the institutions at risk.
//
// Invariant: the weights of worlds by what breaks there sum to all worlds, so that mean and tail are
// of the same distribution.
// Source: conditional value at risk: Rockafellar, Uryasev 2000, J. Risk 2:21.
// Cost: that of the purges, and of the tail.

package queries

import (
	"cmp"
	"context"
	"fmt"
	"math"
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

// levels are the weights, each with the worlds in which it was reached.
func (t *toll) levels() []estimate.Level {
	out := make([]estimate.Level, 0, len(t.values))
	for v, n := range t.values {
		out = append(out, estimate.Level{Value: float64(v) / thousand, Worlds: n})
	}
	slices.SortFunc(out, func(a, b estimate.Level) int { return -cmp.Compare(a.Value, b.Value) })
	return out
}

// mean is the expected weight.
func (t *toll) mean() float64 {
	sum := 0.0
	for _, l := range t.levels() {
		sum += l.Value * l.Worlds
	}
	return sum / t.total
}

// expected is the mean with its interval; most is the weight of all institutions.
func (t *toll) expected(exact bool, most float64) estimate.Amount {
	var m estimate.Moments
	for _, l := range t.levels() {
		m.Add(l.Value, l.Worlds)
	}
	return m.Amount(exact, 0, most)
}

// tail is the conditional value at risk of the weight at a level such as 0.9: the mean over
// the worst tenth of the worlds.
func (t *toll) tail(at float64, exact bool, most float64) estimate.Amount {
	return estimate.TailAmount(t.levels(), at, most, exact)
}

// worst is the greatest probability with which an institution that counts fractures, as it
// is told: a bound is compared with what one sees.
func (t *toll) worst(counts worlds.Damage) float64 {
	worlds := 0.0
	for body, n := range t.bodies {
		if counts[body] > 0 {
			worlds = max(worlds, n)
		}
	}
	return estimate.Round(worlds / t.total)
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
