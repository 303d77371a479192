package queries

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
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

// Exposure is the share of one institution that is in one group's hands. Shares are
// expectations over the confidence of the ties: a post that a member holds with confidence
// 0.8 counts 0.8 of its weight. No purge is simulated and nobody responds.
type Exposure struct {
	Institution, Group Ref
	// Shares by support; supports of which the group has nothing are left out.
	Shares []ExposedShare
	// Largest of the shares.
	Largest float64
	// Evidence are the ways in which the group holds its part, those with the largest share
	// first, each once.
	Evidence []Hold
	// More is the number of further ways.
	More int
}

// ExposedShare is the expected share of a support in a group's hands.
type ExposedShare struct {
	Support worlds.Support
	// Share joins Records and Claims as a purge does: by the coverage in worlds where a
	// claim stands; otherwise the records speak for the whole institution.
	Share float64
	// Records is the share of the posts on record. Claims is the share that aggregate claims
	// state for the rest.
	Records, Claims float64
}

// Hold is one way in which a group holds a part of an institution.
type Hold struct {
	// Supports of which it holds a share by this way, the largest first, then in the
	// order of the supports.
	Supports []HeldShare
	// Share is the largest of theirs.
	Share float64
	// Lost is whose hold it is: the group, its member, or a unit or stream.
	Lost Ref
	// Path leads from the group to the institution, tie by tie.
	Path []Step
}

// HeldShare is the expected share of a support that a group holds by one way.
type HeldShare struct {
	Support worlds.Support
	Share   float64
	// Counts is the part of Share that counts. Of several claims of one holder the largest
	// does: Counts is less than Share where a larger one may stand, and the Counts of one
	// holder's claims add up to what they hold together. Of other ways it is Share.
	Counts float64
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
	x := exposer{m: worlds.NewModel(s, in.Params), s: s}
	var out []Exposure
	left := map[int32]bool{}
	for _, body := range bodies {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		switch list := x.of(body, groups, in); {
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

func (x exposer) of(body int32, groups map[int32]bool, in ExposureInput) []Exposure {
	h := holdings{}
	covered := map[worlds.Support]float64{
		worlds.Staff:   x.seats(body, worlds.Staff, h, func(int32) bool { return true }),
		worlds.Command: x.seats(body, worlds.Command, h, x.m.InLines),
	}
	x.claims(body, worlds.Staff, h)
	x.claims(body, worlds.Command, h)
	x.force(body, h)
	x.funding(body, h)
	var out []Exposure
	for group, supports := range h {
		if groups != nil && !groups[group] {
			continue
		}
		e := Exposure{Institution: x.s.Ref(body), Group: x.s.Ref(group)}
		var ways ways
		for sup := range supports {
			hold := &supports[sup]
			// The part of the institution that claims speak for in worlds where one stands.
			// Records speak for the rest there.
			claims := 1 - covered[worlds.Support(sup)]
			share := estimate.Round(min(1, hold.records-claims*hold.spoken+claims*hold.claims))
			if share <= 0 {
				continue
			}
			e.Shares = append(e.Shares, ExposedShare{Support: worlds.Support(sup), Share: share, Records: estimate.Round(hold.records), Claims: estimate.Round(hold.claims)})
			e.Largest = max(e.Largest, share)
			for _, w := range hold.ways {
				part, counts := claims*w.share, claims*w.counts
				if w.record {
					part = w.share - claims*w.spoken
					counts = part
				}
				ways.add(x.s, w, HeldShare{worlds.Support(sup), estimate.Round(part), estimate.Round(counts)})
			}
		}
		if e.Largest == 0 || e.Largest < in.MinShare {
			continue
		}
		e.Evidence, e.More = ways.heaviest(in.Evidence)
		out = append(out, e)
	}
	return out
}

// ways are ways of a group into an institution.
type ways []Hold

// add adds what a way holds of a support; a way that is in the list already gets the
// support as well.
func (list *ways) add(s *projection.Snapshot, w way, share HeldShare) {
	path := worlds.Steps(s, w.from, w.ties...)
	at := slices.IndexFunc(*list, func(h Hold) bool { return h.Lost.ID == s.ID(w.lost) && slices.Equal(h.Path, path) })
	if at < 0 {
		at = len(*list)
		*list = append(*list, Hold{Lost: s.Ref(w.lost), Path: path})
	}
	h := &(*list)[at]
	h.Supports = append(h.Supports, share)
	h.Share = max(h.Share, share.Share)
}

// heaviest returns the heaviest ways, and the number of the others.
func (list *ways) heaviest(limit int) (kept []Hold, more int) {
	for _, h := range *list {
		slices.SortStableFunc(h.Supports, func(a, b HeldShare) int { return -cmp.Compare(a.Share, b.Share) })
	}
	slices.SortStableFunc(*list, func(a, b Hold) int {
		return cmp.Or(-cmp.Compare(a.Share, b.Share), cmp.Compare(a.Lost.ID, b.Lost.ID), slices.CompareFunc(a.Path, b.Path, func(p, q Step) int { return cmp.Compare(p.Tie, q.Tie) }))
	})
	kept = (*list)[:min(limit, len(*list))]
	return kept, len(*list) - len(kept)
}
