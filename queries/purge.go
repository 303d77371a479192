package queries

import (
	"context"
	"fmt"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// Method says how an answer was reached.
type Method string

// The methods.
const (
	// Sampled: worlds were drawn; probabilities have an interval.
	Sampled Method = "SAMPLED"
	// Exact: every world was gone through; probabilities are exact.
	Exact Method = "EXACT"
	// Auto: exact where at most MaxExact coins matter, sampled else.
	Auto Method = "AUTO"
)

// PurgeInput is the question.
type PurgeInput struct {
	// Targets are groups, persons or posts.
	Targets []graph.ID
	Params  Params
	// Method is Auto where empty.
	Method Method
	// Samples is the number of worlds, DefaultSamples where 0.
	Samples int
	Seed    uint64
	// Explain is the number of institutions, the worst first, for which a
	// witness is worked out.
	Explain int
	// Institutions are told of even where the purge touches them in no world.
	Institutions []graph.ID
	// Network asks how far the bare network comes apart, PurgeReport.Network. Distances
	// asks for its DF however large it is, estimated where need be.
	Network, Distances bool
	// Defaults asks how much rests on default confidences, PurgeReport.Defaults. It
	// costs up to two further purges of 1024 worlds.
	Defaults bool
	// Workers is the number of goroutines, one a processor where 0. It never
	// changes the answer.
	Workers int
	// Progress, where not nil, is called with the worlds done, from any
	// goroutine, never after Purge has returned.
	Progress func(done, total int)
}

// Purge answers which institutions the purge would fracture. It fails with
// ErrInput or ErrUnknown for a question that cannot be asked and with ctx.Err()
// when the context ends. The cost grows linearly in worlds and in the ties that
// the purge touches.
func Purge(ctx context.Context, s *projection.Snapshot, in PurgeInput) (*PurgeReport, error) {
	targets, err := in.check(s)
	if err != nil {
		return nil, err
	}
	m := newModel(s, in.Params, targets)
	p, t, err := in.simulate(ctx, m)
	if err != nil {
		return nil, err
	}
	r := report(m, in, t, p)
	if err := in.untouched(m, r, t, p.certain()); err != nil {
		return nil, err
	}
	markOwn(s, targets, r.Institutions)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if in.Network || in.Distances {
		effort := int64(inPassing)
		if in.Distances {
			effort = asked
		}
		if r.Network, err = m.change(ctx, effort); err != nil {
			return nil, err
		}
	}
	if in.Defaults {
		if r.Defaults, err = in.defaults(ctx, m); err != nil {
			return nil, err
		}
	}
	if err := explain(ctx, m, r, t, p.coins, in.Explain); err != nil {
		return nil, err
	}
	return r, nil
}

// simulate goes through every world where it may and can, else through a
// sample.
func (in *PurgeInput) simulate(ctx context.Context, m *model) (*plan, *tally, error) {
	if in.Method != Sampled {
		p, t, err := in.exact(ctx, m)
		if p != nil || err != nil {
			return p, t, err
		}
		if in.Method == Exact {
			return nil, nil, fmt.Errorf("%w: method EXACT: more than %d uncertain ties and responses matter; ask for AUTO or SAMPLED", ErrInput, MaxExact)
		}
	}
	p := in.samplePlan()
	p.matter = len(m.listCoins().order)
	t, err := p.run(ctx, m)
	return p, t, err
}

func (in *PurgeInput) check(s *projection.Snapshot) ([]int32, error) {
	if in.Method == "" {
		in.Method = Auto
	}
	if in.Samples == 0 {
		in.Samples = DefaultSamples
	}
	switch {
	case !slices.Contains([]Method{Auto, Sampled, Exact}, in.Method):
		return nil, fmt.Errorf("%w: method %q (AUTO, SAMPLED or EXACT)", ErrInput, in.Method)
	case in.Samples < 1 || in.Samples > MaxSamples:
		return nil, fmt.Errorf("%w: %d samples (1 to %d)", ErrInput, in.Samples, MaxSamples)
	}
	if err := in.Params.verify(s); err != nil {
		return nil, err
	}
	return targetsOf(s, in.Targets)
}

// targetsOf finds what a purge strikes, each once.
func targetsOf(s *projection.Snapshot, ids []graph.ID) ([]int32, error) {
	if len(ids) == 0 {
		return nil, fmt.Errorf("%w: a purge names at least one group, person or post", ErrInput)
	}
	var targets []int32
	for _, id := range ids {
		node, ok := s.Index(id)
		if !ok {
			return nil, fmt.Errorf("%w: target %q", ErrUnknown, id)
		}
		switch s.Kind(node) {
		case graph.Group, graph.Person, graph.Post:
		default:
			return nil, fmt.Errorf("%w: target %q is a %s; a purge strikes groups, persons or posts", ErrInput, id, s.Kind(node))
		}
		targets = append(targets, node)
	}
	slices.Sort(targets)
	return slices.Compact(targets), nil
}
