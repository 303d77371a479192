package queries

import (
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// reasons lists what a support lost in one world, by what happened up to a
// wave. Shares are of the support as mix joins records and claims.
type reasons struct {
	*witness
	wave int
}

func (r reasons) of(body int32, sup Support, records float64) []Cause {
	switch sup {
	case Staff:
		return slices.Concat(r.seats(body, sup, records), onceEach(slices.Concat(r.controls(body, sup, 1-records), r.sways(body, 1-records))))
	case Command:
		return slices.Concat(r.seats(body, sup, records), r.controls(body, sup, 1-records))
	case Force:
		return r.units(body)
	case Funding:
		return r.streams(body)
	default:
		return r.providers(body)
	}
}

// onceEach keeps the largest of several claims of one holder.
func onceEach(causes []Cause) []Cause {
	var out []Cause
	for _, c := range causes {
		switch i := slices.IndexFunc(out, func(o Cause) bool { return o.Lost.ID == c.Lost.ID }); {
		case i < 0:
			out = append(out, c)
		case c.Share > out[i].Share:
			out[i] = c
		}
	}
	return out
}

func (r reasons) holds(t int32) bool { return r.is(r.b.exists(t)) }

// lost reports whether a person was lost, or a group struck or rallied, by the
// wave.
func (r reasons) lost(node int32) bool {
	first, ok := r.b.trace.first[node]
	return ok && first.wave <= r.wave
}

// broken reports whether an institution broke before the wave: others lose it in the wave
// after.
func (r reasons) broken(body int32) bool {
	first, ok := r.b.trace.first[body]
	return ok && first.wave < r.wave && r.b.m.p.Contagion
}

// each calls f with the ties that hold; of parallel ties only with the one of the largest
// share.
func (r reasons) each(ties []int32, share func(*projection.Tie) int64, f func(t int32, share int64)) {
	for len(ties) > 0 {
		same := parallel(r.b.s, ties)
		ties = ties[len(same):]
		best, largest := none, int64(-1)
		for _, t := range same {
			if s := share(r.b.s.Tie(t)); s > largest && r.holds(t) {
				best, largest = t, s
			}
		}
		if best != none {
			f(best, largest)
		}
	}
}

func whole(*projection.Tie) int64 { return million }

// seats lists who left the posts of a body and, for COMMAND, whose leaving cut off those
// who stay.
func (r reasons) seats(body int32, sup Support, records float64) []Cause {
	b := r.b
	total := 0.0
	var out []Cause
	r.each(b.s.In(graph.PostIn, body), whole, func(in int32, _ int64) {
		post := b.s.Tie(in).From
		if sup == Command && (!b.lines.work(b, b.m.desks.deskOf(post)) || !r.is(b.lines.at[b.m.desks.deskOf(post)].before)) {
			return
		}
		weight, seats, stays := float64(b.s.Seat(post).Weight), 0.0, false
		many := b.s.Seat(post).Seats > 1
		var leavers []Cause
		r.each(b.s.In(graph.Holds, post), whole, func(h int32, _ int64) {
			seats++
			person := b.s.Tie(h).From
			if r.lost(person) {
				leavers = append(leavers, Cause{Share: weight, Lost: refOf(b.s, person), Path: r.path(person, h, in)})
				return
			}
			stays = true
		})
		switch {
		case seats == 0:
			return
		case !many:
			seats = 1
		}
		if sup == Staff && !many && !stays && r.deputised(body, post) {
			for i := range leavers {
				leavers[i].Share *= 1 - b.m.p.DeputyShare
			}
		}
		total += seats * weight
		if many || !stays {
			out = append(out, leavers...)
		}
		if rest := seats - float64(len(leavers)); sup == Command && stays && !r.is(b.lines.at[b.m.desks.deskOf(post)].after) {
			if !many {
				rest = 1
			}
			if cut := r.cut(post, in); cut != nil {
				cut.Share = rest * weight
				out = append(out, *cut)
			}
		}
	})
	return scaled(out, records, total)
}

// deputised reports whether a deputy stands in for a vacated post.
func (r reasons) deputised(body, post int32) (stands bool) {
	if r.b.m.p.DeputyShare == 0 {
		return false
	}
	r.each(r.b.s.In(graph.ReportsTo, post), whole, func(t int32, _ int64) {
		deputy := r.b.s.Tie(t).From
		if !r.is(r.b.within(deputy, body)) {
			return
		}
		r.each(r.b.s.In(graph.Holds, deputy), whole, func(h int32, _ int64) {
			stands = stands || !r.lost(r.b.s.Tie(h).From)
		})
	})
	return stands
}

// cut finds whose leaving cut a post off: the nearest post up its lines that lost its
// holders.
func (r reasons) cut(post, in int32) *Cause {
	type place struct {
		post, tie int32
		below     int // place it was reached from
	}
	s := r.b.s
	seen := []place{{post, none, -1}}
	for i := 0; i < len(seen); i++ {
		at := seen[i]
		lo, hi := s.Out(graph.ReportsTo, at.post)
		for t := lo; t < hi; t++ {
			up := s.Tie(t).To
			if r.holds(t) && !slices.ContainsFunc(seen, func(p place) bool { return p.post == up }) {
				seen = append(seen, place{up, t, i})
			}
		}
		person, hold := r.vacated(at.post)
		if i == 0 || person == none {
			continue
		}
		ties := []int32{hold}
		for ; at.tie != none; at = seen[at.below] {
			ties = append(ties, at.tie)
		}
		return &Cause{Lost: refOf(s, person), Path: r.path(person, append(ties, in)...)}
	}
	return nil
}

// vacated returns a holder whose leaving left the post vacant; none if the post was vacant
// before or is still held.
func (r reasons) vacated(post int32) (person, tie int32) {
	person, tie = none, none
	for _, h := range r.b.s.In(graph.Holds, post) {
		if holder := r.b.s.Tie(h).From; r.holds(h) {
			if !r.lost(holder) {
				return none, none
			}
			person, tie = holder, h
		}
	}
	return person, tie
}

// controls lists the leaving groups that held the part of a support that claims speak for.
func (r reasons) controls(body int32, sup Support, claims float64) []Cause {
	var out []Cause
	r.holdings(body, func(tie *projection.Tie) bool {
		return tie.Form == projection.DeFacto || tie.Form == projection.NoForm || (sup == Command) == (tie.Form == projection.Command)
	}, func(group, t int32, share float64) {
		out = append(out, Cause{Share: share, Lost: refOf(r.b.s, group), Path: r.path(group, t)})
	})
	return scaled(out, claims, 1)
}

// holdings calls f with what leaving groups hold of a thing, 0–1.
func (r reasons) holdings(thing int32, speaks func(*projection.Tie) bool, f func(group, t int32, share float64)) {
	share := func(tie *projection.Tie) int64 {
		if !speaks(tie) {
			return -1
		}
		return r.b.m.held(tie)
	}
	left := func(t int32) bool { return r.lost(r.b.s.Tie(t).From) && r.is(r.b.leaves(t)) }
	ties := slices.DeleteFunc(slices.Clone(r.b.s.In(graph.Controls, thing)), func(t int32) bool { return !left(t) })
	r.each(ties, share, func(t int32, part int64) { f(r.b.s.Tie(t).From, t, float64(part)/million) })
}

// sways lists the influences and loyalties that took the part of a support that claims
// speak for.
func (r reasons) sways(body int32, claims float64) []Cause {
	b := r.b
	var out []Cause
	take := func(ties []int32, far func(*projection.Tie) int32) {
		ties = slices.DeleteFunc(slices.Clone(ties), func(t int32) bool {
			switch node := far(b.s.Tie(t)); b.s.Kind(node) {
			case graph.Institution:
				return !r.broken(node)
			case graph.Group:
				return !r.lost(node) || b.s.Tie(t).Type == graph.Influences && !r.is(b.leaves(t))
			default:
				return !r.lost(node)
			}
		})
		r.each(ties, b.m.swayed, func(t int32, part int64) {
			node := far(b.s.Tie(t))
			out = append(out, Cause{Share: float64(part) / trillion, Lost: refOf(b.s, node), Path: r.bodyPath(node, t)})
		})
	}
	take(b.s.In(graph.Influences, body), func(t *projection.Tie) int32 { return t.From })
	take(b.out(graph.LoyalTo, body), func(t *projection.Tie) int32 { return t.To })
	return scaled(out, claims, 1)
}

// units lists the groups that held the units of a command, and the units that broke.
func (r reasons) units(body int32) []Cause {
	b := r.b
	total := 0.0
	var out []Cause
	commanded := slices.DeleteFunc(slices.Clone(b.s.In(graph.PartOf, body)), func(t int32) bool {
		tie := b.s.Tie(t)
		return tie.Class != projection.CommandClass || b.s.Kind(tie.From) != graph.Institution || b.s.Body(tie.From).Placeholder
	})
	r.each(commanded, whole, func(t int32, _ int64) {
		unit := b.s.Tie(t).From
		heads := float64(b.m.headcount[unit-b.m.firstBody])
		total += heads
		if r.broken(unit) {
			out = append(out, Cause{Share: heads, Lost: refOf(b.s, unit), Path: r.bodyPath(unit, t)})
			return
		}
		r.holdings(unit, func(*projection.Tie) bool { return true }, func(group, c int32, share float64) {
			out = append(out, Cause{Share: heads * share, Lost: refOf(b.s, group), Path: r.path(group, c, t)})
		})
	})
	return scaled(out, 1, total)
}

// streams lists the groups that held the streams which pay for a body.
func (r reasons) streams(body int32) []Cause {
	b := r.b
	total := 0.0
	var out []Cause
	r.each(b.s.In(graph.Funds, body), portion, func(t int32, part int64) {
		total += float64(part)
		r.holdings(b.s.Tie(t).From, func(*projection.Tie) bool { return true }, func(group, c int32, share float64) {
			out = append(out, Cause{Share: float64(part) * share, Lost: refOf(b.s, group), Path: r.path(group, c, t)})
		})
	})
	return scaled(out, 1, total)
}

// providers lists the providers that broke.
func (r reasons) providers(body int32) []Cause {
	b := r.b
	total := 0.0
	var out []Cause
	add := func(t int32, part float64) {
		total += part
		if provider := b.s.Tie(t).To; r.broken(provider) {
			out = append(out, Cause{Share: part, Lost: refOf(b.s, provider), Path: r.bodyPath(provider, t)})
		}
	}
	r.each(slices.Clone(b.out(graph.DependsOn, body)), portion, func(t int32, part int64) { add(t, float64(part)) })
	var parents []int32
	r.each(b.parents(body), whole, func(t int32, _ int64) { parents = append(parents, t) })
	for _, t := range parents {
		add(t, float64(share(b.m.p.ParentShare))/float64(len(parents)))
	}
	return scaled(out, 1, max(total, million))
}

// scaled turns amounts into shares of a part of the support and leaves out what
// took nothing.
func scaled(causes []Cause, part, total float64) []Cause {
	out := causes[:0]
	for _, c := range causes {
		if c.Share *= part / max(total, 1e-9); c.Share > 0 {
			out = append(out, c)
		}
	}
	return out
}
