package querytest

import (
	"fmt"
	"strconv"
	"strings"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// scenario is what questions share: a picture, targets, a model and how worlds are
// drawn. Each question offers the keys of the parts it reads.
type scenario struct {
	options projection.Options
	targets []graph.ID
	params  worlds.Params
	draw    worlds.Draw
	weights queries.Weights
}

func newScenario() scenario {
	return scenario{
		options: projection.Options{AsOf: graph.DayOf(2020, 1, 1)},
		params:  worlds.DefaultParams(),
		draw:    worlds.Draw{Method: worlds.Exact, Seed: 1},
		weights: queries.Weights{ByType: map[string]float64{}, ByInstitution: map[graph.ID]float64{}},
	}
}

// purgeKeys are the keys of a question about a purge.
func (s *scenario) purgeKeys() map[string]any {
	return joined(s.pictureKeys(), s.targetKeys(), s.modelKeys(), s.drawKeys())
}

// planKeys are those of a question that searches for a plan.
func (s *scenario) planKeys() map[string]any {
	return joined(s.pictureKeys(), s.modelKeys(), s.drawKeys(), map[string]any{"weight": s.weight})
}

func (s *scenario) pictureKeys() map[string]any {
	return joined(s.viewKeys(), map[string]any{"asof": &s.options.AsOf})
}

// viewKeys are those of a picture but for its day.
func (s *scenario) viewKeys() map[string]any {
	return map[string]any{
		"minConfidence": &s.options.MinConfidence, "distantYears": &s.options.DistantYears,
		"gap": func(value string) (err error) {
			s.options.Gap, err = graph.ParseGapPolicy(value)
			return err
		},
		"evidenceUntil": func(value string) error {
			day, err := graph.ParseDay(value)
			s.options.EvidenceUntil = projection.UntilDay(day)
			return err
		},
		"halfLife": s.halfLife,
	}
}

// halfLife reads halfLife.MEMBER_OF=10 and halfLife.HOLDS:ministry=1.5.
func (s *scenario) halfLife(of, value string) error {
	row, err := graph.ParseHalfLife(of + "=" + value)
	if err != nil {
		return err
	}
	s.options.HalfLives, err = graph.NewHalfLives(append(s.options.HalfLives.Differing(), row)...)
	return err
}

func (s *scenario) targetKeys() map[string]any { return map[string]any{"targets": &s.targets} }

func (s *scenario) drawKeys() map[string]any {
	return map[string]any{"method": &s.draw.Method, "samples": &s.draw.Samples, "seed": &s.draw.Seed}
}

func (s *scenario) modelKeys() map[string]any {
	p := &s.params
	keys := map[string]any{
		"response": []*bool{&p.Rally, &p.Defection, &p.Contagion}, "reach": []*bool{&p.SubGroups, &p.Wings},
		"within": &p.Within, "need": s.need, "posts": sizes(p.LeadingPosts), "strength": sizes(p.Headcount),
	}
	for _, row := range worlds.Parameters() {
		keys[row.Name] = row.Of(p)
		if on, is := row.Of(p).(*bool); is {
			keys[row.Name] = []*bool{on}
		}
	}
	return keys
}

// sizes reads posts.ministry=20 and strength.brigade=2500.
func sizes(prior map[string]int) func(of, value string) error {
	return func(of, value string) error {
		n, err := strconv.Atoi(value)
		prior[of] = n
		return err
	}
}

// weight reads weight:type=2 and weight@id=0.
func (s *scenario) weight(of, value string) error {
	w, err := number(value)
	if err != nil {
		return err
	}
	switch rest := strings.TrimLeft(of, ":@"); {
	case strings.HasPrefix(of, ":"):
		s.weights.ByType[rest] = w
	case strings.HasPrefix(of, "@"):
		s.weights.ByInstitution[graph.ID(rest)] = w
	default:
		return fmt.Errorf("weight.%s: want weight:type or weight@id", of)
	}
	return nil
}

// need reads SUPPORT, SUPPORT:type or SUPPORT@id with need,floor. A plain
// SUPPORT speaks for every type.
func (s *scenario) need(of, value string) error {
	r := &s.params.Requirements
	support, typ, byType := strings.Cut(of, ":")
	support, id, byID := strings.Cut(support, "@")
	sup, err := worlds.ParseSupport(support)
	if err != nil {
		return err
	}
	low, high, ok := strings.Cut(value, ",")
	if !ok {
		return fmt.Errorf("need.%s=%s: want need,floor", of, value)
	}
	var q worlds.Requirement
	if q.Need, err = number(low); err != nil {
		return err
	}
	if q.Floor, err = number(high); err != nil {
		return err
	}
	put := func(n worlds.Needs) worlds.Needs {
		if n == nil {
			n = worlds.Needs{}
		}
		n[sup] = q
		return n
	}
	switch {
	case byID:
		if r.ByInstitution == nil {
			r.ByInstitution = map[graph.ID]worlds.Needs{}
		}
		r.ByInstitution[graph.ID(id)] = put(r.ByInstitution[graph.ID(id)])
	case byType:
		r.ByType[typ] = put(r.ByType[typ])
	default:
		r.Default = put(r.Default)
		for _, n := range r.ByType {
			delete(n, sup)
		}
	}
	return nil
}
