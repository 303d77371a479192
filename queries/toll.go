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
// break. What is a candidate's own is weighed apart, unless the weight names the institution
// itself: whoever names it wants it to stand.
type Weights struct {
	ByType        map[string]float64
	ByInstitution map[graph.ID]float64
}

const (
	maxWeight = 1000
	thousand  = 1000
)

// ledger returns the weight of each institution in thousandths. Candidates are all targets
// that any set of the question has.
func (w Weights) ledger(s *projection.Snapshot, p *worlds.Params, candidates []int32) (l ledger, err error) {
	if err := w.check(s); err != nil {
		return l, err
	}
	own := make([]bool, bodies(s))
	ownBodies(s, p, candidates, own)
	for id := range w.ByInstitution {
		node, _ := s.Index(id)
		own[numberOf(s, node)] = false
	}
	return newLedger(s, own, candidates, func(node int32) int64 { return w.of(s, node) }), nil
}

// check fails for a weight out of range, and for one of what is no institution.
func (w Weights) check(s *projection.Snapshot) error {
	for typ, v := range w.ByType {
		if err := weightInRange("type "+typ, v); err != nil {
			return err
		}
		if err := worlds.BodyType(s, "weight", typ); err != nil {
			return err
		}
	}
	for id, v := range w.ByInstitution {
		node, ok := s.Index(id)
		switch {
		case !ok:
			return fmt.Errorf("%w: weight of institution %q", worlds.ErrUnknown, id)
		case s.Kind(node) != graph.Institution:
			return fmt.Errorf("%w: weight of %q, which is a %s and no institution", worlds.ErrInput, id, s.Kind(node))
		}
		if err := weightInRange(string(id), v); err != nil {
			return err
		}
	}
	total := int64(0)
	for body := range int32(bodies(s)) {
		total += w.of(s, bodyOf(s, body))
	}
	if total > structure.MaxClosureSum {
		return fmt.Errorf("%w: the weights of all institutions sum to %d, at most %d can be", worlds.ErrInput, total/thousand, structure.MaxClosureSum/thousand)
	}
	return nil
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
	// values: the weight of what is fractured of the state in a world, in thousandths →
	// worlds; own: that of what is the targets' own.
	values, own map[int64]float64
	// bodies: by number among institutions, the worlds in which it is fractured.
	bodies map[int32]float64
	// touches: in some world the purge takes part of a support of an institution, even if a
	// parallel claim still holds it up.
	touches bool
}

// tolls simulates purges in the same worlds.
func tolls(ctx context.Context, p *worlds.Purges, d *worlds.Draw, l *ledger) ([]*toll, *worlds.Course, error) {
	hire := func() []*toll {
		list := make([]*toll, len(p.Cases))
		for i := range list {
			list[i] = &toll{values: map[int64]float64{}, own: map[int64]float64{}, bodies: map[int32]float64{}}
		}
		return list
	}
	return worlds.Together(ctx, p, d, hire,
		func(list []*toll, s *worlds.Seen) { list[s.Case].add(s, l) },
		func(into, from []*toll) {
			for i, t := range from {
				into[i].merge(t)
			}
		})
}

func (t *toll) add(s *worlds.Seen, l *ledger) {
	t.touches = t.touches || s.Touches()
	for body, mask := range s.Fractured() {
		t.bodies[body] += s.Weigh(mask)
	}
	fallen := s.Damage(l.state)
	for lane, weight := range s.Worlds(everyWorld) {
		t.values[fallen[lane]] += weight
		t.total += weight
	}
	if !l.someOwn() {
		return
	}
	fallen = s.Damage(l.theirs)
	for lane, weight := range s.Worlds(everyWorld) {
		t.own[fallen[lane]] += weight
	}
}

func (t *toll) merge(o *toll) {
	t.total += o.total
	t.touches = t.touches || o.touches
	for v, n := range o.values {
		t.values[v] += n
	}
	for v, n := range o.own {
		t.own[v] += n
	}
	for body, n := range o.bodies {
		t.bodies[body] += n
	}
}

// levels are the weights of what fractures of the state, each with the worlds in which it was
// reached.
func (t *toll) levels() []estimate.Level { return levelsOf(t.values) }

// levelsOf are weights in thousandths, the largest first.
func levelsOf(values map[int64]float64) []estimate.Level {
	out := make([]estimate.Level, 0, len(values))
	for v, n := range values {
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

// expected is the mean with its interval.
func (t *toll) expected(exact bool, l *ledger) estimate.Amount {
	return meanOf(t.levels(), exact, l.state)
}

// ownExpected is that of what is the targets' own.
func (t *toll) ownExpected(exact bool, l *ledger) estimate.Amount {
	if !l.someOwn() {
		return estimate.Exact(0)
	}
	return meanOf(levelsOf(t.own), exact, l.theirs)
}

func meanOf(levels []estimate.Level, exact bool, of worlds.Damage) estimate.Amount {
	var m estimate.Moments
	for _, l := range levels {
		m.Add(l.Value, l.Worlds)
	}
	return m.Amount(exact, 0, most(of))
}

// tail is the conditional value at risk of the weight at a level such as 0.9: the mean over
// the worst tenth of the worlds.
func (t *toll) tail(at float64, exact bool, l *ledger) estimate.Amount {
	return estimate.TailAmount(t.levels(), at, most(l.state), exact)
}

// worst is the greatest probability with which an institution that counts fractures, as it
// is told: a bound is compared with what one sees.
func (t *toll) worst(l *ledger) float64 {
	worlds := 0.0
	for body, n := range t.bodies {
		if l.state[body] > 0 {
			worlds = max(worlds, n)
		}
	}
	return estimate.Round(worlds / t.total)
}

// Risk is an institution with the probability that it fractures.
type Risk struct {
	Ref
	// Weight of the institution, Own whether it is counted as a candidate's own.
	Weight    float64
	Own       bool `json:",omitempty"`
	Fractured estimate.Estimate
}

// risks lists the institutions that fracture in some world: those of a weight above 0
// first, then by probability; the targets' own last.
func (t *toll) risks(m *worlds.Model, exact bool, l *ledger) []Risk {
	var out []Risk
	for body, n := range t.bodies {
		own := l.isOwn[body]
		weight := l.state[body]
		if own {
			weight = l.theirs[body]
		}
		out = append(out, Risk{Ref: bodyRef(m.Snapshot, body), Weight: float64(weight) / thousand, Own: own, Fractured: estimate.Probability(exact, n, t.total)})
	}
	slices.SortFunc(out, func(a, b Risk) int {
		if (a.Weight > 0) != (b.Weight > 0) {
			return cmp.Compare(b.Weight, a.Weight)
		}
		return cmp.Or(-cmp.Compare(a.Fractured.P, b.Fractured.P), cmp.Compare(a.ID, b.ID))
	})
	ownLast(out, func(r Risk) bool { return r.Own })
	return out
}

// most is the weight of all institutions.
func most(of worlds.Damage) float64 { return float64(total(of)) / thousand }

// total is the weight of all institutions, as it is carried.
func total(of worlds.Damage) (sum int64) {
	for _, weight := range of {
		sum += weight
	}
	return sum
}
