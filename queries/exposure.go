package queries

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// ExposureInput asks what of institutions hangs on which groups.
type ExposureInput struct {
	// Nodes are institutions (every group that holds a part of them) or groups
	// (every institution they hold a part of); empty for every pair.
	Nodes []graph.ID
	// Params give the priors and shares that stand in for missing data.
	Params Params
	// MinShare leaves out pairs whose largest share is smaller.
	MinShare float64
	// Evidence is the number of paths listed for each pair.
	Evidence int
}

// Exposure is what one institution has in one group's hands. Shares are
// expectations over the confidence of the ties: a post that a member holds with
// confidence 0.8 counts 0.8 of its weight. Unlike a purge nothing responds.
type Exposure struct {
	Institution, Group Ref
	// Shares by support, without those of which the group has nothing.
	Shares []ExposedShare
	// Largest of the shares.
	Largest float64
	// Evidence are the heaviest ways in which the group holds its part.
	Evidence []Cause
	// More is the number of further ways.
	More int
}

// ExposedShare is the expected share of a support in a group's hands.
type ExposedShare struct {
	Support Support
	// Share joins Records and Claims as a purge does: by the coverage.
	Share float64
	// Records is the share of what is on record; Claims what aggregate claims
	// say of the rest.
	Records, Claims float64
}

// ExposureOf lists the exposures, the largest first, then by institution and
// group id. It fails with ErrInput or ErrUnknown for nodes that are neither.
func ExposureOf(ctx context.Context, s *projection.Snapshot, in ExposureInput) ([]Exposure, error) {
	if err := in.Params.verify(); err != nil {
		return nil, err
	}
	bodies, groups, err := in.nodes(s)
	if err != nil {
		return nil, err
	}
	x := exposer{m: newModel(s, in.Params, nil), s: s}
	var out []Exposure
	for _, body := range bodies {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out = append(out, x.of(body, groups, in)...)
	}
	slices.SortFunc(out, func(a, b Exposure) int {
		return cmp.Or(-cmp.Compare(a.Largest, b.Largest), cmp.Compare(a.Institution.ID, b.Institution.ID), cmp.Compare(a.Group.ID, b.Group.ID))
	})
	return out, nil
}

// nodes returns the institutions to look at and the groups to keep, nil for
// every group.
func (in *ExposureInput) nodes(s *projection.Snapshot) (bodies []int32, groups map[int32]bool, err error) {
	for _, id := range in.Nodes {
		node, ok := s.Index(id)
		if !ok {
			return nil, nil, fmt.Errorf("%w: %q", ErrUnknown, id)
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
			return nil, nil, fmt.Errorf("%w: %q is a %s; exposure is asked of institutions and groups", ErrInput, id, s.Kind(node))
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

type exposer struct {
	m *model
	s *projection.Snapshot
}

// holding is what a group has of one support of an institution.
type holding struct {
	records, claims float64
	ways            []way
}

type way struct {
	share  float64
	record bool
	lost   int32
	from   int32
	ties   []int32
}

type holdings map[int32]*[supportCount]holding

func (h holdings) of(group int32, sup Support) *holding {
	if h[group] == nil {
		h[group] = &[supportCount]holding{}
	}
	return &h[group][sup]
}

func (x exposer) of(body int32, groups map[int32]bool, in ExposureInput) []Exposure {
	if x.s.Body(body).Placeholder {
		return nil
	}
	h := holdings{}
	covered := x.staff(body, h)
	x.claims(body, h)
	x.force(body, h)
	x.funding(body, h)
	var out []Exposure
	for group, supports := range h {
		if groups != nil && !groups[group] {
			continue
		}
		e := Exposure{Institution: refOf(x.s, body), Group: refOf(x.s, group)}
		var ways []Cause
		for sup := range supports {
			hold := &supports[sup]
			records, claims := 1.0, 1.0 // the parts for which each speaks
			if sup := Support(sup); sup == Staff || sup == Command {
				switch {
				case !covered || sup == Command:
					records = 0
				case x.said(body):
					records = coverage(x.m, body)
				}
				claims = 1 - records
			}
			share := rounded(min(1, records*hold.records+claims*hold.claims))
			if share <= 0 {
				continue
			}
			e.Shares = append(e.Shares, ExposedShare{Support: Support(sup), Share: share, Records: rounded(hold.records), Claims: rounded(hold.claims)})
			e.Largest = max(e.Largest, share)
			for _, w := range hold.ways {
				part := claims
				if w.record {
					part = records
				}
				ways = append(ways, Cause{Share: rounded(part * w.share), Lost: refOf(x.s, w.lost), Path: steps(x.s, w.from, w.ties)})
			}
		}
		if e.Largest == 0 || e.Largest < in.MinShare {
			continue
		}
		e.Evidence, e.More = heaviest(ways, in.Evidence)
		out = append(out, e)
	}
	return out
}

func heaviest(ways []Cause, limit int) (kept []Cause, more int) {
	slices.SortStableFunc(ways, func(a, b Cause) int {
		return cmp.Or(-cmp.Compare(a.Share, b.Share), cmp.Compare(a.Lost.ID, b.Lost.ID), slices.CompareFunc(a.Path, b.Path, func(p, q Step) int { return cmp.Compare(p.Tie, q.Tie) }))
	})
	if len(ways) > limit {
		return ways[:limit], len(ways) - limit
	}
	return ways, 0
}

func (x exposer) confidence(t int32) float64 {
	return float64(x.s.Tie(t).Probability) / float64(projection.Certain)
}

// staff counts the posts that members hold; it reports whether any post is on
// record.
func (x exposer) staff(body int32, h holdings) bool {
	total := 0.0
	for _, in := range x.s.In(graph.PostIn, body) {
		post := x.s.Tie(in).From
		weight := x.confidence(in) * float64(x.s.Seat(post).Weight)
		vacant := 1.0
		for _, hold := range x.s.In(graph.Holds, post) {
			p := x.confidence(hold)
			if x.s.Seat(post).Seats > 1 {
				total += weight * p
			}
			vacant *= 1 - p
			person := x.s.Tie(hold).From
			lo, hi := x.s.Out(graph.MemberOf, person)
			for member := lo; member < hi; member++ {
				group := x.s.Tie(member).To
				share := weight * p * x.confidence(member)
				hd := h.of(group, Staff)
				hd.records += share
				hd.ways = append(hd.ways, way{share: share, record: true, lost: person, from: group, ties: []int32{member, hold, in}})
			}
		}
		if x.s.Seat(post).Seats == 1 {
			total += weight * (1 - vacant)
		}
	}
	if total == 0 || coverage(x.m, body) < x.m.p.MinCoverage {
		for _, supports := range h {
			supports[Staff] = holding{}
		}
		return false
	}
	h.scale(Staff, total)
	return true
}

func (h holdings) scale(sup Support, total float64) {
	for _, supports := range h {
		hd := &supports[sup]
		hd.records /= total
		for i := range hd.ways {
			hd.ways[i].share /= total
		}
	}
}

// said reports whether any aggregate claim speaks of the body's staff.
func (x exposer) said(body int32) bool {
	for _, t := range x.s.In(graph.Controls, body) {
		if x.s.Tie(t).Form != projection.Command {
			return true
		}
	}
	lo, hi := x.s.Out(graph.LoyalTo, body)
	return len(x.s.In(graph.Influences, body)) > 0 || hi > lo
}

func (x exposer) claims(body int32, h holdings) {
	claim := func(sup Support, group, t int32, held int64) {
		share := x.confidence(t) * float64(held) / million
		hd := h.of(group, sup)
		hd.claims = 1 - (1-hd.claims)*(1-share)
		hd.ways = append(hd.ways, way{share: share, lost: group, from: group, ties: []int32{t}})
	}
	for _, t := range x.s.In(graph.Controls, body) {
		tie := x.s.Tie(t)
		if tie.Form != projection.Command {
			claim(Staff, tie.From, t, x.m.held(tie))
		}
		if tie.Form == projection.Command || tie.Form == projection.DeFacto || tie.Form == projection.NoForm {
			claim(Command, tie.From, t, x.m.held(tie))
		}
	}
	for _, t := range x.s.In(graph.Influences, body) {
		if tie := x.s.Tie(t); x.s.Kind(tie.From) == graph.Group {
			claim(Staff, tie.From, t, x.m.swayed(tie))
		}
	}
	lo, hi := x.s.Out(graph.LoyalTo, body)
	for t := lo; t < hi; t++ {
		if tie := x.s.Tie(t); x.s.Kind(tie.To) == graph.Group {
			claim(Staff, tie.To, t, x.m.swayed(tie))
		}
	}
}

func (x exposer) force(body int32, h holdings) {
	total := 0.0
	for _, t := range x.s.In(graph.PartOf, body) {
		tie := x.s.Tie(t)
		if tie.Class != projection.CommandClass || x.s.Kind(tie.From) != graph.Institution || x.s.Body(tie.From).Placeholder {
			continue
		}
		heads := x.confidence(t) * float64(x.m.headcount[tie.From-x.m.firstBody])
		total += heads
		x.held(Force, tie.From, heads, t, h)
	}
	if total > 0 {
		h.scale(Force, total)
	}
}

func (x exposer) funding(body int32, h holdings) {
	total := 0.0
	for _, t := range x.s.In(graph.Funds, body) {
		part := x.confidence(t) * float64(portion(x.s.Tie(t)))
		total += part
		x.held(Funding, x.s.Tie(t).From, part, t, h)
	}
	if total > 0 {
		h.scale(Funding, total)
	}
}

// held counts what groups hold of a unit or stream.
func (x exposer) held(sup Support, node int32, size float64, t int32, h holdings) {
	for _, c := range x.s.In(graph.Controls, node) {
		group := x.s.Tie(c).From
		share := size * x.confidence(c) * float64(x.m.held(x.s.Tie(c))) / million
		hd := h.of(group, sup)
		hd.records += share
		hd.ways = append(hd.ways, way{share: share, record: true, lost: node, from: group, ties: []int32{c, t}})
	}
}
