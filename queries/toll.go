package queries

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// Optimality says how far a set that was searched for can be trusted.
type Optimality string

// The grades of optimality. Both speak of the worlds that the search went through;
// what is found is estimated again on others.
const (
	// ExactSearch: nothing is better, every alternative was compared or bounded.
	ExactSearch Optimality = "EXACT"
	// HeuristicSearch: good; a better one may exist, up to the bound that is told.
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
	maxWeight  = 1000
	thousand   = 1000
	freshSteps = 1 // from the seed of a search to that of the estimates
)

// counts returns the weight of each institution in thousandths.
func (w Weights) counts(s *projection.Snapshot) ([]int64, error) {
	for typ, v := range w.ByType {
		if err := weightInRange("type "+typ, v); err != nil {
			return nil, err
		}
	}
	for id, v := range w.ByInstitution {
		node, ok := s.Index(id)
		switch {
		case !ok:
			return nil, fmt.Errorf("%w: weight of institution %q", ErrUnknown, id)
		case s.Kind(node) != graph.Institution:
			return nil, fmt.Errorf("%w: weight of %q, which is a %s and no institution", ErrInput, id, s.Kind(node))
		}
		if err := weightInRange(string(id), v); err != nil {
			return nil, err
		}
	}
	lo, hi := s.Range(graph.Institution)
	out := make([]int64, hi-lo)
	total := int64(0)
	for i := lo; i < hi; i++ {
		out[i-lo] = w.of(s, i)
		total += out[i-lo]
	}
	if total > maxClosure {
		return nil, fmt.Errorf("%w: the weights of all institutions sum to %d, at most %d can be", ErrInput, total/thousand, maxClosure/thousand)
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
		return fmt.Errorf("%w: weight %g of %s is outside 0 to %d", ErrInput, v, what, maxWeight)
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
	// touches: something is taken that an institution stands on, in some world, even
	// if another still bears it.
	touches bool
}

// tolls simulates purges in the same worlds; counts are the weights of the
// institutions.
func tolls(ctx context.Context, p *purges, d *Draw, counts []int64) ([]*toll, *crew[[]*toll], error) {
	hire := func() []*toll {
		list := make([]*toll, len(p.cases))
		for i := range list {
			list[i] = &toll{values: map[int64]float64{}, bodies: map[int32]float64{}}
		}
		return list
	}
	c, err := together(ctx, p, d, hire, func(list []*toll, s *seen) { list[s.c].add(s, counts) })
	if err != nil {
		return nil, nil, err
	}
	for _, other := range c.of[1:] {
		for i, t := range other {
			c.of[0][i].merge(t)
		}
	}
	return c.of[0], c, nil
}

func (t *toll) add(s *seen, counts []int64) {
	var fallen sum
	s.fractured(func(body int32, mask uint64) {
		t.bodies[body] += s.w.sum(mask)
		fallen.add(mask, counts[body])
	})
	each(s.w.lanes, func(lane int) {
		t.values[fallen.at(lane)] += s.w.at(lane)
		t.total += s.w.at(lane)
	})
	t.touches = t.touches || len(s.scored.list) > 0
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
func (t *toll) expected(exact bool, most float64) Amount {
	var m moments
	for _, l := range t.levels() {
		m.add(l.value, l.worlds)
	}
	return m.amount(exact, 0, most)
}

// tail is the conditional value at risk of the weight at a level such as 0.9: the
// mean over the worst tenth of the worlds (Rockafellar, Uryasev 2000, J. Risk 2:21).
// Its standard error is that of the mean of
//
//	q + max(0, weight − q) / (1 − level)
//
// where q is the quantile (the influence function of the estimate).
func (t *toll) tail(at float64, exact bool, most float64) Amount {
	levels := t.levels()
	worst := (1 - at) * t.total
	left, sum, quantile := worst, 0.0, 0.0
	for _, l := range levels {
		if left <= 0 {
			break
		}
		n := min(l.worlds, left)
		sum += n * l.value
		left -= n
		quantile = l.value
	}
	value := sum / worst
	if exact {
		return exactAmount(value)
	}
	var m moments
	for _, l := range levels {
		m.add(quantile+max(0, l.value-quantile)/(1-at), l.worlds)
	}
	a := m.amount(false, 0, most)
	// The mean of the influence values is the estimate but for the part of the last
	// level that lies in the tail.
	return Amount{Value: value, SE: a.SE, Low: max(0, value-(a.Value-a.Low)), High: min(most, value+(a.High-a.Value))}
}

// worst is the greatest probability with which an institution that counts
// fractures.
func (t *toll) worst(counts []int64) float64 {
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
	Fractured Estimate
}

// risks lists what fractures in some world, the likeliest first.
func (t *toll) risks(m *model, p *plan, counts []int64) []Risk {
	var out []Risk
	for body, n := range t.bodies {
		out = append(out, Risk{Ref: refOf(m.s, body+m.firstBody), Weight: float64(counts[body]) / thousand, Fractured: p.estimate(n, t.total)})
	}
	slices.SortFunc(out, func(a, b Risk) int {
		return cmp.Or(-cmp.Compare(a.Fractured.P, b.Fractured.P), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// most is the weight of all institutions.
func most(counts []int64) float64 {
	total := int64(0)
	for _, n := range counts {
		total += n
	}
	return float64(total) / thousand
}

// maxSearched is the number of coins up to which a search goes through every
// world: no more worlds than it would draw.
const maxSearched = 10

// settle decides how a search goes through worlds: every one where at most
// maxSearched coins matter to the widest purge. It returns how the search and how
// the estimates of what it found draw.
func (d *Draw) settle(widest *model, samples int) (search, fresh Draw, err error) {
	search, fresh = *d, *d
	coins := newPurges(widest).coins()
	switch {
	case d.Method == Sampled || d.Method == Auto && coins > maxSearched:
		search.Method, fresh.Method = Sampled, Sampled
	case coins > maxSearched:
		return search, fresh, fmt.Errorf("%w: %d uncertain ties and responses matter, exact searches go to %d", ErrInput, coins, maxSearched)
	default:
		search.Method, fresh.Method = Exact, Exact
	}
	search.Samples = samples
	fresh.Seed += freshSteps
	return search, fresh, nil
}
