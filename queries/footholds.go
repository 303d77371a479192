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

// FootholdsInput asks whom one can rely on: what of institutions answers to an office by a line of
// command that passes nobody tied to some groups. Start from DefaultFootholds.
type FootholdsInput struct {
	// Office is the post that the lines lead to.
	Office graph.ID
	// Groups are those of whom nobody may be in a line. Tied to them is who is a member of, or
	// LOYAL_TO, one of them or a group that SubGroups and Wings of Params reach from it.
	Groups []graph.ID
	// Institutions to look at, all where it is empty.
	Institutions []graph.ID
	Params       worlds.Params
	// Draw: DefaultSamples worlds where it does not say.
	worlds.Draw
}

// FootholdsReport is the answer.
type FootholdsReport struct {
	Basis Basis
	// Office and Groups are those of the question.
	Office Ref
	Groups []Ref
	// Institutions, those on which one can most surely rely first: by the lower end of Least,
	// then of Relied, then by id.
	Institutions []Foothold
	// Silent are the institutions among those looked at of which no post is filled in any world
	// seen. Nothing is known of them: that is not safety.
	Silent []Ref
}

// FootholdsIn answers on what one can rely. It fails with ErrInput or ErrUnknown for a question that
// cannot be asked and with ctx.Err() when the context ends.
func FootholdsIn(ctx context.Context, s *projection.Snapshot, in FootholdsInput) (*FootholdsReport, error) {
	office, groups, bodies, err := in.check(s)
	if err != nil {
		return nil, err
	}
	params := in.Params
	params.Followers = true // who is loyal to a group is tied to it, whatever a purge reaches
	m := worlds.NewModel(s, params, aimed(groups)...)
	list, c, err := m.Footholds(ctx, &in.Draw, office, bodies)
	if err != nil {
		return nil, err
	}
	r := &FootholdsReport{Basis: basisOf(c, m), Office: s.Ref(office), Groups: refsOf(s, groups), Institutions: list}
	r.Basis.Params = in.Params
	told := map[graph.ID]bool{}
	for _, f := range list {
		told[f.ID] = true
	}
	slices.SortFunc(r.Institutions, func(a, b Foothold) int {
		return cmp.Or(-cmp.Compare(a.Least.Low, b.Least.Low), -cmp.Compare(a.Relied.Low, b.Relied.Low), cmp.Compare(a.ID, b.ID))
	})
	for _, body := range bodies {
		if ref := s.Ref(body); !told[ref.ID] {
			r.Silent = append(r.Silent, ref)
		}
	}
	r.missing(s, &in)
	return r, nil
}

func (in *FootholdsInput) check(s *projection.Snapshot) (office int32, groups, bodies []int32, err error) {
	if err := in.Check(DefaultSamples); err != nil {
		return 0, nil, nil, err
	}
	if err := cmp.Or(in.Params.Verify(s), whole(&in.Params, "a look for footholds")); err != nil {
		return 0, nil, nil, err
	}
	office, ok := s.Index(in.Office)
	switch {
	case !ok:
		return 0, nil, nil, fmt.Errorf("%w: office %q", worlds.ErrUnknown, in.Office)
	case s.Kind(office) != graph.Post:
		return 0, nil, nil, fmt.Errorf("%w: office %q is a %s; lines of command lead to a post", worlds.ErrInput, in.Office, s.Kind(office))
	case len(in.Groups) == 0:
		return 0, nil, nil, fmt.Errorf("%w: name at least one group that nobody in a line may be tied to", worlds.ErrInput)
	}
	for _, id := range in.Groups {
		group, ok := s.Index(id)
		switch {
		case !ok:
			return 0, nil, nil, fmt.Errorf("%w: group %q", worlds.ErrUnknown, id)
		case s.Kind(group) != graph.Group:
			return 0, nil, nil, fmt.Errorf("%w: %q is a %s and no group", worlds.ErrInput, id, s.Kind(group))
		}
		groups = append(groups, group)
	}
	slices.Sort(groups)
	for _, id := range in.Institutions {
		body, err := institutionOf(s, id)
		if err != nil {
			return 0, nil, nil, err
		}
		bodies = append(bodies, bodyOf(s, body))
	}
	if len(in.Institutions) == 0 {
		for body, end := s.Range(graph.Institution); body < end; body++ {
			if s.There(body) && s.Recorded(body) && !s.Body(body).Placeholder {
				bodies = append(bodies, body)
			}
		}
	}
	slices.Sort(bodies)
	return office, slices.Compact(groups), slices.Compact(bodies), nil
}
