package queries

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/worlds"
)

// ExposureInput asks which share of institutions is in which group's hands.
type ExposureInput struct {
	// Nodes are institutions (every group that holds a part of them) or groups
	// (every institution they hold a part of); empty for every pair.
	Nodes []graph.ID
	// Params give the priors and shares that are used where data is missing.
	Params worlds.Params
	// MinShare leaves out pairs whose largest share is smaller.
	MinShare float64
	// Evidence is the number of paths listed for each pair.
	Evidence int
}

// ExposureReport is the answer.
type ExposureReport struct {
	Basis RecordBasis
	// Nodes that were asked about, nil for every pair, and MinShare are those of the
	// question.
	Nodes    []Ref
	MinShare float64
	// Pairs, the largest share first, then by the ids of institution and group.
	Pairs []Exposure
	// Placeholders are institutions among Nodes that stand for units that nobody knows: they
	// have no exposure. LeftOut is the number of placeholders that were left out, these and
	// all others that groups have something of.
	Placeholders []Ref
	LeftOut      int
}

// ExposureOf lists the exposures. It fails with ErrInput or ErrUnknown for nodes that
// are neither institution nor group.
func ExposureOf(ctx context.Context, s *projection.Snapshot, in ExposureInput) (*ExposureReport, error) {
	pairs, left, err := exposures(ctx, s, in)
	if err != nil {
		return nil, err
	}
	r := &ExposureReport{Basis: recordBasis(s, &in.Params), Nodes: namedRefs(s, in.Nodes), MinShare: in.MinShare, Pairs: pairs}
	for _, node := range indexed(s, in.Nodes) {
		if s.Kind(node) == graph.Institution && s.Body(node).Placeholder {
			r.Placeholders = append(r.Placeholders, s.Ref(node))
			left[node] = true
		}
	}
	r.LeftOut = len(left)
	r.Basis.concerns(s, false, in.Nodes...)
	return r, nil
}

// exposures also returns the placeholders that it leaves out though groups have something of
// them.
func exposures(ctx context.Context, s *projection.Snapshot, in ExposureInput) ([]Exposure, map[int32]bool, error) {
	switch {
	case !(in.MinShare >= 0 && in.MinShare <= 1):
		return nil, nil, fmt.Errorf("%w: minShare %g is outside 0 to 1", worlds.ErrInput, in.MinShare)
	case in.Evidence < 0:
		return nil, nil, fmt.Errorf("%w: evidence %d is negative", worlds.ErrInput, in.Evidence)
	}
	if err := in.Params.Verify(s); err != nil {
		return nil, nil, err
	}
	bodies, groups, err := in.nodes(s)
	if err != nil {
		return nil, nil, err
	}
	m := worlds.NewModel(s, in.Params)
	var out []Exposure
	left := map[int32]bool{}
	for _, body := range bodies {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		switch list := m.Exposures(body, groups, in.MinShare, in.Evidence); {
		case !s.Body(body).Placeholder:
			out = append(out, list...)
		case len(list) > 0:
			left[body] = true
		}
	}
	slices.SortFunc(out, func(a, b Exposure) int {
		return cmp.Or(-cmp.Compare(a.Largest, b.Largest), cmp.Compare(a.Institution.ID, b.Institution.ID), cmp.Compare(a.Group.ID, b.Group.ID))
	})
	return out, left, nil
}

// nodes returns the institutions to look at and the groups to keep, nil for
// every group.
func (in *ExposureInput) nodes(s *projection.Snapshot) (bodies []int32, groups map[int32]bool, err error) {
	for _, id := range in.Nodes {
		node, ok := s.Index(id)
		if !ok {
			return nil, nil, fmt.Errorf("%w: %q", worlds.ErrUnknown, id)
		}
		switch s.Kind(node) {
		case graph.Institution:
			bodies = append(bodies, node)
		case graph.Group:
			if groups == nil {
				groups = map[int32]bool{}
			}
			groups[node] = true
		default:
			return nil, nil, fmt.Errorf("%w: %q is a %s; exposure is asked of institutions and groups", worlds.ErrInput, id, s.Kind(node))
		}
	}
	if len(bodies) == 0 {
		lo, hi := s.Range(graph.Institution)
		for i := lo; i < hi; i++ {
			bodies = append(bodies, i)
		}
	}
	slices.Sort(bodies)
	return slices.Compact(bodies), groups, nil
}
