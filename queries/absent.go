package queries

import (
	"fmt"
	"slices"
	"strings"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// A missing record does not mean that a node is safe. The basis of every answer lists the
// nodes of the question that are not on record on the day of the picture. A plan leaves
// them out.

// Missing lists the nodes of a question that are not on record on the day of the picture.
type Missing struct {
	// Absent nodes were certainly not there: they came later or had gone before.
	Absent []Absent
	// Vacant are target posts that nobody holds on record on the day.
	Vacant []Ref
	// Unrecorded nodes may have been there, but no tie of theirs stands on the day.
	Unrecorded []Ref
	// Unsupported are institutions asked about no support of which has data on the day:
	// whatever is struck, nothing can be said of them.
	Unsupported []Ref
	// NoRecord: none of the nodes asked about is on record, or no tie at all stands on the
	// day. The answer then has no data, and its intervals are as wide as possible.
	NoRecord bool
}

// Absent is a node that was not there on the day: it came later or had gone before.
type Absent struct {
	Ref
	projection.Absence
}

func (a Absent) String() string {
	when := "after"
	if a.Gone {
		when = "before"
	}
	return fmt.Sprintf("%s: %s %s, %s the day", a.Name, a.What, a.Date, when)
}

// String describes in one line what is missing.
func (m *Missing) String() string {
	var out []string
	for _, a := range m.Absent {
		out = append(out, a.String())
	}
	for _, r := range m.Vacant {
		out = append(out, r.Name+": nobody holds it on record on the day")
	}
	for _, r := range m.Unrecorded {
		out = append(out, r.Name+": no tie of it stands on the day")
	}
	for _, r := range m.Unsupported {
		out = append(out, r.Name+": none of its supports has data on the day")
	}
	return strings.Join(out, "; ")
}

// missing notes a node that is not on record, and reports whether it is missing. A target
// post is on record if somebody holds it.
func (m *Missing) missing(s *projection.Snapshot, node int32, struck bool) bool {
	absence, gone := s.Absence(node)
	switch {
	case gone:
		m.Absent = append(m.Absent, Absent{Ref: s.Ref(node), Absence: absence})
	case struck && s.Kind(node) == graph.Post && len(s.In(graph.Holds, node)) == 0:
		m.Vacant = append(m.Vacant, s.Ref(node))
	case !s.Recorded(node):
		m.Unrecorded = append(m.Unrecorded, s.Ref(node))
	default:
		return false
	}
	return true
}

// present returns the targets that are on record and notes the others.
func (m *Missing) present(s *projection.Snapshot, nodes []int32) []int32 {
	return slices.DeleteFunc(slices.Clone(nodes), func(node int32) bool { return m.missing(s, node, true) })
}

// lacks reports whether a node is among those found missing.
func (m *Missing) lacks(id graph.ID) bool {
	is := func(r Ref) bool { return r.ID == id }
	return slices.ContainsFunc(m.Absent, func(a Absent) bool { return a.ID == id }) ||
		slices.ContainsFunc(m.Vacant, is) || slices.ContainsFunc(m.Unrecorded, is) || slices.ContainsFunc(m.Unsupported, is)
}

// strikes notes which targets of a purge are missing, in the order in which they were
// named. If no target is on record the purge has no data.
func (p *Picture) strikes(s *projection.Snapshot, targets []graph.ID) {
	left := 0
	for _, node := range indexed(s, targets) {
		if !p.Missing.lacks(s.ID(node)) && !p.Missing.missing(s, node, true) {
			left++
		}
	}
	p.Missing.NoRecord = p.Missing.NoRecord || left == 0
}

// concerns notes which of the nodes that an answer is about are missing. A question that
// names none is about all. If every node has to be on record, the answer has no data as
// soon as one is missing; otherwise only if all are.
func (p *Picture) concerns(s *projection.Snapshot, every bool, ids ...graph.ID) {
	nodes := indexed(s, ids)
	missing := 0
	for _, node := range nodes {
		if p.Missing.lacks(s.ID(node)) || p.Missing.missing(s, node, false) {
			missing++
		}
	}
	if missing > 0 && (every || missing == len(nodes)) {
		p.Missing.NoRecord = true
	}
}

// judges notes an institution that an answer is about and no support of which has data:
// the answer has none either.
func (p *Picture) judges(m *worlds.Model, institution graph.ID) {
	body, ok := m.Snapshot.Index(institution)
	if institution == "" || !ok || p.Missing.lacks(institution) || m.Grounded(body)[0] {
		return
	}
	p.Missing.Unsupported = append(p.Missing.Unsupported, m.Snapshot.Ref(body))
	p.Missing.NoRecord = true
}

// indexed finds nodes by their ids, each once. Ids without a node are left out.
func indexed(s *projection.Snapshot, ids []graph.ID) []int32 {
	var nodes []int32
	for _, id := range ids {
		if node, ok := s.Index(id); ok && !slices.Contains(nodes, node) {
			nodes = append(nodes, node)
		}
	}
	return nodes
}

// A figure without data has an interval as wide as possible.

func widen(e *estimate.Estimate) { e.Low, e.High = 0, 1 }

func widenAmount(a *estimate.Amount, low, high float64) { a.Low, a.High = low, high }

func widenSpread(s *estimate.Spread, most int) { s.Low, s.High = 0, float64(most) }

// An event of which no record speaks may happen in every world.
func widenUnseen(d *worlds.Drawn) { d.Unseen = 1 }

// missing notes what of the question is not on record. Institutions that were asked for and
// are not on record are left out.
func (r *PurgeReport) missing(s *projection.Snapshot, in *PurgeInput) {
	p := &r.Basis.Picture
	p.strikes(s, in.Targets)
	for _, node := range indexed(s, in.Institutions) {
		p.Missing.missing(s, node, false)
	}
	r.Institutions = slices.DeleteFunc(r.Institutions, func(o Outcome) bool { return p.Missing.NoRecord || p.Missing.lacks(o.ID) })
	r.Struck = slices.DeleteFunc(r.Struck, func(l Likely) bool {
		return slices.ContainsFunc(p.Missing.Absent, func(a Absent) bool { return a.ID == l.ID })
	})
	if p.Missing.NoRecord {
		widenUnseen(&r.Basis.Drawn)
		widen(&r.None)
		widenSpread(&r.Fractured, bodies(s))
		widenSpread(&r.OwnFractured, bodies(s))
		r.Touched, r.Stakes = 0, nil
	}
}

// bodies is the number of institutions of a picture.
func bodies(s *projection.Snapshot) int {
	lo, hi := s.Range(graph.Institution)
	return int(hi - lo)
}

func (r *CompareReport) missing(s *projection.Snapshot, in *CompareInput) {
	p := &r.Basis.Picture
	most, lost := bodies(s), [2]bool{}
	for i, targets := range [][]graph.ID{in.First.Targets, in.Second.Targets} {
		p.Missing.NoRecord = s.Ties() == 0
		p.strikes(s, targets)
		if side := []*Compared{&r.First, &r.Second}[i]; p.Missing.NoRecord {
			lost[i], side.NoRecord, side.Stakes = true, true, nil
			widen(&side.None)
			widenSpread(&side.Fractured, most)
			widenSpread(&side.OwnFractured, most)
		}
	}
	// If there is no record of one of the two, their difference is not known; the other purge
	// still has its answer.
	p.Missing.NoRecord = lost[0] && lost[1]
	if !lost[0] && !lost[1] {
		return
	}
	if p.Missing.NoRecord { // else what was not seen of the other purge has its bound
		widenUnseen(&r.Basis.Drawn)
	}
	widenAmount(&r.Fractured, -float64(most), float64(most))
	widenAmount(&r.OwnFractured, -float64(most), float64(most))
	widenAmount(&r.None, -1, 1)
	for i := range r.Institutions {
		o := &r.Institutions[i]
		for side, e := range []*estimate.Estimate{&o.First, &o.Second} {
			if lost[side] {
				widen(e)
			}
		}
		widen(&o.OnlyFirst)
		widen(&o.OnlySecond)
		widenAmount(&o.Difference, -1, 1)
		o.Test = nil
	}
}

// ungrounded widens what is said of institutions that have no data under the model of one
// of the two purges.
func (r *CompareReport) ungrounded(cases []*worlds.Model) {
	bodies := make([]int32, len(r.Institutions))
	for i, o := range r.Institutions {
		bodies[i], _ = cases[0].Snapshot.Index(o.ID)
	}
	for side, m := range cases {
		for i, grounded := range m.Grounded(bodies...) {
			if grounded {
				continue
			}
			o := &r.Institutions[i]
			widen([]*estimate.Estimate{&o.First, &o.Second}[side])
			if r.Same {
				continue
			}
			widen(&o.OnlyFirst)
			widen(&o.OnlySecond)
			widenAmount(&o.Difference, -1, 1)
			o.Test = nil
		}
	}
}

func (r *EntanglementReport) missing(m Missing) {
	if r.Basis.Missing = m; m.NoRecord {
		widenUnseen(&r.Basis.Drawn)
	}
}

func (r *AttributionReport) missing(m *worlds.Model, in *AttributionInput) {
	s := m.Snapshot
	p := &r.Basis.Picture
	p.strikes(s, in.Targets)
	p.concerns(s, true, named(in.Institution)...)
	p.judges(m, in.Institution)
	r.Shares = slices.DeleteFunc(r.Shares, func(a Attributed) bool { return p.Missing.NoRecord || p.Missing.lacks(a.ID) })
	if p.Missing.NoRecord {
		widenUnseen(&r.Basis.Drawn)
		widenAmount(&r.Whole, 0, mostOf(s, in.Institution))
		widenAmount(&r.OwnFractured, 0, mostOf(s, ""))
		r.Sufficient = nil
	}
}

func (r *VerifyReport) missing(m *worlds.Model, in *VerifyInput) {
	s := m.Snapshot
	p := &r.Basis.Picture
	p.strikes(s, in.Targets)
	p.concerns(s, true, named(in.Institution)...)
	p.judges(m, in.Institution)
	if p.Missing.NoRecord {
		most := mostOf(s, in.Institution)
		widenUnseen(&r.Basis.Drawn)
		widenAmount(&r.Now, 0, most)
		widenAmount(&r.Variance, 0, most*most/4) // of half the worlds with all, and half with none
		widenAmount(&r.OwnFractured, 0, mostOf(s, ""))
		r.Ties = nil
	}
}

func (r *SensitivityReport) missing(m *worlds.Model, in *SensitivityInput) {
	s := m.Snapshot
	p := &r.Basis.Picture
	p.strikes(s, in.Targets)
	p.concerns(s, true, named(in.Institution)...)
	p.judges(m, in.Institution)
	if p.Missing.NoRecord {
		widenUnseen(&r.Basis.Drawn)
		widenAmount(&r.Given, 0, mostOf(s, in.Institution))
		widenAmount(&r.OwnFractured, 0, mostOf(s, ""))
		r.Effects = nil
	}
}

// named is an institution that was asked about, if one was.
func named(id graph.ID) []graph.ID {
	if id == "" {
		return nil
	}
	return []graph.ID{id}
}

// mostOf is the largest value in a world of whether the institution fractures, or of how
// many do.
func mostOf(s *projection.Snapshot, institution graph.ID) float64 {
	if institution != "" {
		return 1
	}
	return float64(bodies(s))
}

func (r *PathsReport) missing(s *projection.Snapshot, in *PathsInput) {
	p := &r.Basis.Picture
	p.concerns(s, true, in.From, in.To)
	if p.Missing.NoRecord {
		widenUnseen(&r.Basis.Drawn)
		widen(&r.Connected)
	}
}

// missing notes what of the question is not on record. Without the office there are no lines, and
// without the groups nobody to be tied to.
func (r *FootholdsReport) missing(s *projection.Snapshot, in *FootholdsInput) {
	p := &r.Basis.Picture
	p.concerns(s, true, in.Office)
	p.strikes(s, in.Groups)
	for _, node := range indexed(s, in.Institutions) {
		p.Missing.missing(s, node, false)
	}
	if p.Missing.NoRecord {
		r.Institutions, r.Silent = nil, nil
		widenUnseen(&r.Basis.Drawn)
	}
}
