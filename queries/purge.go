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
	// Targets are groups, persons, posts, revenue streams or institutions.
	Targets []graph.ID
	Params  worlds.Params
	// Explain is the number of institutions, the worst first, for which a
	// witness is worked out.
	Explain int
	// Institutions are listed even where the purge touches them in no world.
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
	also, err := in.institutions(s)
	if err != nil {
		return nil, err
	}
	m := worlds.NewModel(s, in.Params, aimed(targets)...)
	l := ledgerOf(s, &in.Params, targets)
	p, err := m.Purge(ctx, &in.Draw, l.state, l.theirs, also...)
	if err != nil {
		return nil, err
	}
	r := &PurgeReport{Targets: refsOf(s, targets), Basis: basisOf(&p.Course, m), OwnInstitutions: l.owned, Purged: p.Purged}
	r.markOwn(s, &l)
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
		if r.Defaults, err = in.defaults(ctx, m, targets, &l); err != nil {
			return nil, err
		}
	}
	return r, p.Explain(ctx, r.Institutions[:min(in.Explain, len(r.Institutions))])
}

func (in *PurgeInput) check(s *projection.Snapshot) ([]int32, error) {
	if err := in.Check(DefaultSamples); err != nil {
		return nil, err
	}
	if in.Explain < 0 {
		return nil, fmt.Errorf("%w: reasons for %d institutions: a number from 0", worlds.ErrInput, in.Explain)
	}
	if err := in.Params.Verify(s); err != nil {
		return nil, err
	}
	return targetsOf(s, in.Targets)
}

// targetsOf finds what a purge strikes, each once.
func targetsOf(s *projection.Snapshot, ids []graph.ID) ([]int32, error) {
	if len(ids) == 0 {
		return nil, fmt.Errorf("%w: a purge names at least one target: a group, person, post, revenue stream or institution", worlds.ErrInput)
	}
	var targets []int32
	for _, id := range ids {
		node, ok := s.Index(id)
		if !ok {
			return nil, fmt.Errorf("%w: target %q", worlds.ErrUnknown, id)
		}
		switch s.Kind(node) {
		case graph.Group, graph.Person, graph.Post, graph.RevenueStream, graph.Institution:
		default:
			return nil, fmt.Errorf("%w: target %q is a %s; a purge strikes groups, persons or posts, cuts revenue streams and disbands institutions", worlds.ErrInput, id, s.Kind(node))
		}
		targets = append(targets, node)
	}
	slices.Sort(targets)
	return slices.Compact(targets), nil
}

// aimed are nodes as targets of a model.
func aimed(nodes []int32) []worlds.Target {
	targets := make([]worlds.Target, len(nodes))
	for i, node := range nodes {
		targets[i] = worlds.Node(node)
	}
	return targets
}

// institutions are the nodes of those asked for.
func (in *PurgeInput) institutions(s *projection.Snapshot) ([]int32, error) {
	var nodes []int32
	for _, id := range in.Institutions {
		switch body, err := judged(s, id, in.Targets); {
		case err != nil:
			return nil, err
		case body != none:
			nodes = append(nodes, bodyOf(s, body))
		}
	}
	return nodes, nil
}
