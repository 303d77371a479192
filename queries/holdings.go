package queries

import (
	"cmp"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// exposer works out what groups hold of an institution.
type exposer struct {
	m *model
	s *projection.Snapshot
}

// holding is what a group has of one support of an institution.
type holding struct {
	records, claims float64
	// spoken is the part of records in worlds where an aggregate claim speaks of the
	// body too.
	spoken float64
	said   oddsOf // aggregate claims of the group
	ways   []way
}

type way struct {
	share, spoken float64 // spoken: as of a holding, 0 of a claim
	record        bool
	lost          int32
	from          int32
	ties          []int32
}

type holdings map[int32]*[supportCount]holding

func (h holdings) of(group int32, sup Support) *holding {
	if h[group] == nil {
		h[group] = &[supportCount]holding{}
	}
	return &h[group][sup]
}

func (x exposer) confidence(t int32) float64 { return probability(x.s, x.m.alternatives, t) }

// surest is the likeliest of parallel claims: the one that is shown.
func (x exposer) surest(ties []int32) int32 {
	return slices.MaxFunc(ties, func(a, b int32) int {
		return cmp.Or(cmp.Compare(x.s.Tie(a).Probability, x.s.Tie(b).Probability), -cmp.Compare(a, b))
	})
}

// each calls f with every run of parallel claims of a list.
func (x exposer) each(ties []int32, f func(ties []int32)) {
	for len(ties) > 0 {
		run := parallel(x.s, ties)
		f(run)
		ties = ties[len(run):]
	}
}

func (x exposer) out(typ graph.TieType, node int32) []int32 {
	lo, hi := x.s.Out(typ, node)
	list := make([]int32, 0, hi-lo)
	for t := lo; t < hi; t++ {
		list = append(list, t)
	}
	return list
}

// seats counts the posts that members hold, of those that count for a support;
// it reports whether any is on record.
func (x exposer) seats(body int32, sup Support, h holdings, counts func(post int32) bool) bool {
	total, said := 0.0, x.said(body, sup)
	x.each(x.s.In(graph.PostIn, body), func(in []int32) {
		post := x.s.Tie(in[0]).From
		if !counts(post) {
			return
		}
		weight, there := float64(x.s.Seat(post).Weight), x.odds(in, entire)
		var holders oddsOf
		x.each(x.s.In(graph.Holds, post), func(hold []int32) {
			holds := x.odds(hold, entire)
			if x.s.Seat(post).Seats > 1 {
				total += weight * expected(allOf, there, holds)
			}
			holders = append(holders, holds...)
			person := x.s.Tie(hold[0]).From
			x.each(x.out(graph.MemberOf, person), func(member []int32) {
				group := x.s.Tie(member[0]).To
				belongs := x.odds(member, entire)
				share, spoken := weight*expected(allOf, there, holds, belongs), weight*expected(allOf, there, holds, belongs, said)
				hd := h.of(group, sup)
				hd.records += share
				hd.spoken += spoken
				hd.ways = append(hd.ways, way{
					share: share, spoken: spoken, record: true, lost: person, from: group,
					ties: []int32{x.surest(member), x.surest(hold), x.surest(in)},
				})
			})
		})
		if x.s.Seat(post).Seats == 1 {
			total += weight * expected(allOf, there, holders)
		}
	})
	if total == 0 || coverage(x.m, body) < x.m.p.MinCoverage {
		for _, supports := range h {
			supports[sup] = holding{}
		}
		return false
	}
	h.scale(sup, total)
	return true
}

func (h holdings) scale(sup Support, total float64) {
	for _, supports := range h {
		hd := &supports[sup]
		hd.records /= total
		hd.spoken /= total
		for i := range hd.ways {
			hd.ways[i].share /= total
			hd.ways[i].spoken /= total
		}
	}
}

// said are the aggregate claims that speak of the body's staff or command. Those of a
// set that has a claim of nothing else are alternatives of the records as of each other.
func (x exposer) said(body int32, sup Support) oddsOf {
	ties := slices.DeleteFunc(slices.Clone(x.s.In(graph.Controls, body)), func(t int32) bool { return !speaksOf(sup, x.s.Tie(t).Form) })
	if sup == Staff {
		ties = slices.Concat(ties, x.s.In(graph.Influences, body), x.out(graph.LoyalTo, body))
	}
	return x.odds(ties, entire)
}

// speaksOf reports whether a claim of a form speaks of a support.
func speaksOf(sup Support, form projection.Form) bool {
	switch form {
	case projection.Command:
		return sup == Command
	case projection.Staffing, projection.Portfolio:
		return sup == Staff
	case projection.DeFacto, projection.NoForm:
	}
	return sup == Staff || sup == Command
}

// claims counts what groups hold of a body by aggregate claims: of those of one group, of
// whatever type, the largest that stands.
func (x exposer) claims(body int32, h holdings) {
	claim := func(sup Support, group int32, ties []int32, list oddsOf) {
		if len(ties) == 0 {
			return
		}
		hd := h.of(group, sup)
		hd.said = append(hd.said, list...)
		hd.claims = hd.said.largest()
		hd.ways = append(hd.ways, way{share: list.largest(), lost: group, from: group, ties: []int32{x.surest(ties)}})
	}
	x.each(x.s.In(graph.Controls, body), func(ties []int32) {
		for _, sup := range []Support{Staff, Command} {
			of := slices.DeleteFunc(slices.Clone(ties), func(t int32) bool { return !speaksOf(sup, x.s.Tie(t).Form) })
			claim(sup, x.s.Tie(ties[0]).From, of, x.odds(of, x.m.held))
		}
	})
	sway := func(ties []int32) oddsOf {
		list := x.odds(ties, x.m.swayed)
		for i := range list {
			list[i].share /= million
		}
		return list
	}
	x.each(x.s.In(graph.Influences, body), func(ties []int32) {
		if from := x.s.Tie(ties[0]).From; x.s.Kind(from) == graph.Group {
			claim(Staff, from, ties, sway(ties))
		}
	})
	x.each(x.out(graph.LoyalTo, body), func(ties []int32) {
		if to := x.s.Tie(ties[0]).To; x.s.Kind(to) == graph.Group {
			claim(Staff, to, ties, sway(ties))
		}
	})
}

func (x exposer) force(body int32, h holdings) {
	total := 0.0
	x.each(x.s.In(graph.PartOf, body), func(ties []int32) {
		unit := x.s.Tie(ties[0]).From
		ties = slices.DeleteFunc(slices.Clone(ties), func(t int32) bool { return x.s.Tie(t).Class != projection.CommandClass })
		if len(ties) == 0 || x.s.Kind(unit) != graph.Institution || x.s.Body(unit).Placeholder {
			return
		}
		part, heads := x.odds(ties, entire), float64(x.m.headcount[unit-x.m.firstBody])
		total += heads * part.sure()
		x.held(Force, unit, heads, part, x.surest(ties), h)
	})
	if total > 0 {
		h.scale(Force, total)
	}
}

func (x exposer) funding(body int32, h holdings) {
	total := 0.0
	x.each(x.s.In(graph.Funds, body), func(ties []int32) {
		part := x.odds(ties, portion)
		total += part.largest()
		x.held(Funding, x.s.Tie(ties[0]).From, 1, part, x.surest(ties), h)
	})
	if total > 0 {
		h.scale(Funding, total)
	}
}

// held counts what groups hold of a unit or stream, of which the institution has a
// part of its size.
func (x exposer) held(sup Support, node int32, size float64, part oddsOf, t int32, h holdings) {
	x.each(x.s.In(graph.Controls, node), func(ties []int32) {
		group := x.s.Tie(ties[0]).From
		share := size * expected(heldOf, part, x.odds(ties, x.m.held))
		hd := h.of(group, sup)
		hd.records += share
		hd.ways = append(hd.ways, way{share: share, record: true, lost: node, from: group, ties: []int32{x.surest(ties), t}})
	})
}
