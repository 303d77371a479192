package queries

import (
	"context"
	"fmt"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/worlds"
)

// PurgeInput is the question.
type PurgeInput struct {
	// Targets are groups, persons or posts.
	Targets []graph.ID
	Params  worlds.Params
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
	// Draw: DefaultSamples worlds where it does not say.
	worlds.Draw
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
	m := worlds.NewModel(s, in.Params, targets)
	c, err := worlds.Count(ctx, &in.Draw, m)
	if err != nil {
		return nil, err
	}
	r := report(m, in, c)
	if err := in.untouched(ctx, m, r, c); err != nil {
		return nil, err
	}
	markGrounded(m, r.Institutions)
	slices.SortFunc(r.Institutions, worseFirst)
	markOwn(s, targets, r.Institutions)
	r.missing(s, &in)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if in.Network || in.Distances {
		effort := int64(inPassing)
		if in.Distances {
			effort = asked
		}
		if r.Network, err = changeOf(ctx, m, effort); err != nil {
			return nil, err
		}
	}
	if in.Defaults {
		if r.Defaults, err = in.defaults(ctx, m); err != nil {
			return nil, err
		}
	}
	if err := explain(ctx, m, r, c, in.Explain); err != nil {
		return nil, err
	}
	return r, nil
}

func (in *PurgeInput) check(s *projection.Snapshot) ([]int32, error) {
	if err := in.Draw.Check(DefaultSamples); err != nil {
		return nil, err
	}
	if err := in.Params.Verify(s); err != nil {
		return nil, err
	}
	return targetsOf(s, in.Targets)
}

// targetsOf finds what a purge strikes, each once.
func targetsOf(s *projection.Snapshot, ids []graph.ID) ([]int32, error) {
	if len(ids) == 0 {
		return nil, fmt.Errorf("%w: a purge names at least one group, person or post", worlds.ErrInput)
	}
	var targets []int32
	for _, id := range ids {
		node, ok := s.Index(id)
		if !ok {
			return nil, fmt.Errorf("%w: target %q", worlds.ErrUnknown, id)
		}
		switch s.Kind(node) {
		case graph.Group, graph.Person, graph.Post:
		default:
			return nil, fmt.Errorf("%w: target %q is a %s; a purge strikes groups, persons or posts", worlds.ErrInput, id, s.Kind(node))
		}
		targets = append(targets, node)
	}
	slices.Sort(targets)
	return slices.Compact(targets), nil
}

// untouched adds the institutions that were touched in no world: those that can be,
// where worlds were drawn, and those asked for.
func (in *PurgeInput) untouched(ctx context.Context, m *worlds.Model, r *PurgeReport, c *worlds.Crew[*worlds.Tally]) error {
	t := c.Of[0]
	r.Touched = len(r.Institutions)
	var within []int32
	if !c.Plan.Certain() {
		within = (&worlds.Reaching{}).Of(m)
	}
	slices.Sort(within)
	list := slices.Clone(within)
	for _, id := range in.Institutions {
		body, err := institutionOf(m.Snapshot, id)
		if err != nil {
			return err
		}
		if body != worlds.None {
			list = append(list, body)
		}
	}
	slices.Sort(list)
	list = slices.DeleteFunc(slices.Compact(list), func(body int32) bool { return t.Bodies[body] != nil })
	if len(list) == 0 {
		return nil
	}
	stand, exact, err := worlds.Standing(ctx, &in.Draw, m, list...)
	if err != nil {
		return err
	}
	for _, body := range list {
		_, can := slices.BinarySearch(within, body)
		o := outcome(m, t, &worlds.BodyTally{}, body+m.FirstBody, !can)
		o.Supports = whole(m, stand, body, exact, o.Fractured)
		r.Institutions = append(r.Institutions, o)
	}
	slices.SortFunc(r.Institutions, worseFirst)
	return nil
}
