package queries

import (
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// staff: weight of filled posts that keep a holder, over weight of filled
// posts. It returns the coverage by records in parts per million.
func (b *block) staff(body int32) int64 {
	seats := int64(0)
	for i := range b.m.desks.seatsIn(body - b.m.firstBody) {
		seats += b.seats(body, i, all, all)
		if b.m.p.DeputyShare > 0 {
			b.deputise(body, i)
		}
	}
	b.control(body, projection.Staffing, projection.Portfolio, projection.DeFacto, projection.NoForm)
	b.sway(body)
	return b.covered(body, seats)
}

// seats adds the seats of a desk: in the worlds before to what there was, where
// it is filled, in those of now to what stays, where it keeps a holder. It
// returns how many seats are on record. A post of many like seats has one for
// each of its holders.
func (b *block) seats(body int32, at *seat, before, now uint64) int64 {
	in := all
	if !at.sure {
		in = b.any(b.s.In(graph.PostIn, body)[at.at : at.at+at.ties])
	}
	s, row := &b.scored, &b.m.desks.rows[at.desk]
	weight := int64(row.weight)
	if row.number == 1 {
		had, has := b.manned(at.desk)
		s.den.add(in&before&had, weight)
		s.num.add(in&now&has, weight)
		return 1
	}
	seats := int64(0)
	for holders := b.s.In(graph.Holds, row.post); len(holders) > 0; seats++ {
		same := parallel(b.s, holders)
		holders = holders[len(same):]
		held := in & b.any(same)
		s.den.add(held&before, weight)
		if b.m.guarded(row.post) {
			s.num.add(held&now, weight)
			continue
		}
		s.num.add(held&now&^b.missed(b.s.Tie(same[0]).From, row.post), weight)
	}
	return seats
}

// deputise adds what deputies carry of a post that lost its holders: those in posts
// of the same body that report to it.
func (b *block) deputise(body int32, at *seat) {
	row := &b.m.desks.rows[at.desk]
	vacant := b.desk(at.desk).before &^ b.keptAt(at.desk)
	if row.number > 1 || vacant == 0 {
		return
	}
	stands := uint64(0)
	for _, t := range b.s.In(graph.ReportsTo, row.post) {
		deputy := b.s.Tie(t).From
		stands |= b.exists(t) & b.kept(deputy) & b.within(deputy, body)
	}
	vacant &= b.within(row.post, body)
	b.scored.num.add(vacant&stands, int64(row.weight)*share(b.m.p.DeputyShare)/million)
}

// within returns the worlds in which a post is in a body.
func (b *block) within(post, body int32) (in uint64) {
	for t, end := b.s.Out(graph.PostIn, post); t < end; t++ {
		if b.s.Tie(t).To == body {
			in |= b.exists(t)
		}
	}
	return in
}

// covered is the share of the leading posts that seats make up; where it is
// under the minimum the records are struck out.
func (b *block) covered(body int32, seats int64) int64 {
	coverage := min(million, seats*million/b.m.leading[body-b.m.firstBody])
	if coverage < share(b.m.p.MinCoverage) {
		b.scored.num.reset()
		b.scored.den.reset()
	}
	return coverage
}

// control takes off what leaving groups hold of a body by CONTROLS.
func (b *block) control(body int32, forms ...projection.Form) {
	b.scored.said |= b.held(&b.scored.claims, body, func(f projection.Form) bool { return slices.Contains(forms, f) })
}

// held takes off a thing what leaving groups hold of it, by claims of the forms
// that speak. It returns the worlds in which some such claim holds.
func (b *block) held(r *rest, thing int32, speaks func(projection.Form) bool) (said uint64) {
	for ties := b.s.In(graph.Controls, thing); len(ties) > 0; {
		same := parallel(b.s, ties)
		ties = ties[len(same):]
		shares := b.scored.shares[:0]
		for _, t := range same {
			if tie := b.s.Tie(t); speaks == nil || speaks(tie.Form) {
				if speaks != nil {
					said |= b.exists(t)
				}
				shares = append(shares, claimed{b.leaves(t), b.m.held(tie)})
			}
		}
		strongest(shares, r.lose)
		b.scored.shares = shares
	}
	return said
}

// sway takes off what follows influence or loyalty out of a body.
func (b *block) sway(body int32) {
	s := &b.scored
	take := func(same []int32, gone func(t int32) uint64) {
		shares := s.shares[:0]
		for _, t := range same {
			s.said |= b.exists(t)
			shares = append(shares, claimed{gone(t), b.m.swayed(b.s.Tie(t))})
		}
		strongest(shares, s.claims.lose)
		s.shares = shares
	}
	for ties := b.s.In(graph.Influences, body); len(ties) > 0; {
		same := parallel(b.s, ties)
		ties = ties[len(same):]
		take(same, func(t int32) uint64 {
			from := b.s.Tie(t).From
			switch b.s.Kind(from) {
			case graph.Group:
				return b.leaves(t)
			case graph.Person:
				return b.exists(t) & b.missed(from, body)
			default:
				return b.exists(t) & b.gone(from)
			}
		})
	}
	for ties := b.out(graph.LoyalTo, body); len(ties) > 0; {
		same := parallel(b.s, ties)
		ties = ties[len(same):]
		take(same, func(t int32) uint64 {
			to := b.s.Tie(t).To
			before, spent := b.past.of(to, body)
			return b.exists(t) & (b.lost(to) | b.rallied(to)) &^ (before | spent)
		})
	}
}

// gone returns the worlds in which a fractured institution is of no more use to
// those that build on it.
func (b *block) gone(body int32) uint64 {
	if !b.m.p.Contagion {
		return 0
	}
	return b.broken(body)
}

// command: weight of staying staff with a line to an apex, over the same
// before the purge.
func (b *block) command(body int32) int64 {
	seats := int64(0)
	for i := range b.m.desks.seatsIn(body - b.m.firstBody) {
		if b.lines.work(b, i.desk) {
			line := &b.lines.at[i.desk]
			seats += b.seats(body, i, line.before, line.after)
		}
	}
	b.control(body, projection.Command, projection.DeFacto, projection.NoForm)
	return b.covered(body, seats)
}

// force: strength that stays, over the strength of the units that are part of
// the body's command.
func (b *block) force(body int32) int64 {
	s := &b.scored
	strength := int64(0)
	for ties := b.s.In(graph.PartOf, body); len(ties) > 0; {
		same := parallel(b.s, ties)
		ties = ties[len(same):]
		unit, in := b.s.Tie(same[0]).From, uint64(0)
		if b.s.Kind(unit) != graph.Institution || b.s.Body(unit).Placeholder {
			continue
		}
		commanded := false
		for _, t := range same {
			if b.s.Tie(t).Class == projection.CommandClass {
				in |= b.exists(t)
				commanded = true
			}
		}
		if !commanded {
			continue
		}
		heads := b.m.headcount[unit-b.m.firstBody]
		strength += heads
		s.unit.reset()
		b.held(&s.unit, unit, nil)
		s.unit.lose(b.gone(unit), million)
		b.retain(in, heads)
	}
	if known := b.m.strength(body); known > 0 {
		return min(million, strength*million/known)
	}
	return million
}

// retain adds a part of a support of which the share of the unit stays.
func (b *block) retain(in uint64, part int64) {
	s := &b.scored
	s.den.add(in, part*million)
	s.num.add(in&^s.unit.less, part*million)
	each(in&s.unit.less, func(w int) { s.num.add(1<<w, part*s.unit.at(w)) })
}

// funding: shares of the streams that pay for the body and are not held by a
// leaving group, over all shares.
func (b *block) funding(body int32) int64 {
	s := &b.scored
	for ties := b.s.In(graph.Funds, body); len(ties) > 0; {
		same := parallel(b.s, ties)
		ties = ties[len(same):]
		s.unit.reset()
		if stream := b.s.Tie(same[0]).From; !b.m.guarded(stream) {
			b.held(&s.unit, stream, nil)
		}
		b.portions(same, b.retain)
	}
	return million
}

// provision: the share of the body's work that does not need a fractured
// provider. Shares are of the body's work: a sole recorded provider of a fifth
// of it takes a fifth, not all. Only shares that sum to more than the whole are
// scaled.
func (b *block) provision(body int32) int64 {
	s := &b.scored
	for ties := b.out(graph.DependsOn, body); len(ties) > 0; {
		same := parallel(b.s, ties)
		ties = ties[len(same):]
		provider := b.s.Tie(same[0]).To
		gone := b.gone(provider)
		if b.m.guarded(provider) {
			gone = 0
		}
		b.portions(same, func(in uint64, part int64) {
			s.den.add(in, part)
			s.num.add(in&^gone, part)
		})
	}
	parents := b.parents(body)
	distinct := distinct(b.s, parents)
	for ties := parents; len(ties) > 0; {
		same := parallel(b.s, ties)
		ties = ties[len(same):]
		in, part := b.any(same), share(b.m.p.ParentShare)/distinct
		s.den.add(in, part)
		s.num.add(in&^b.gone(b.s.Tie(same[0]).To), part)
	}
	s.floor = million // the rest of the work needs no recorded provider
	return million
}

// portions calls f with the share that parallel claims of a portion give in
// each world.
func (b *block) portions(same []int32, f func(in uint64, part int64)) {
	shares := b.scored.shares[:0]
	for _, t := range same {
		shares = append(shares, claimed{b.exists(t), portion(b.s.Tie(t))})
	}
	strongest(shares, f)
	b.scored.shares = shares
}

// parents returns the ties to the institutions that the body is part of, until the
// next call.
func (b *block) parents(body int32) []int32 {
	ties := b.above[:0]
	lo, hi := b.s.Out(graph.PartOf, body)
	for t := lo; t < hi; t++ {
		if tie := b.s.Tie(t); b.s.Kind(tie.To) == graph.Institution && tie.Class != projection.InformalClass {
			ties = append(ties, t)
		}
	}
	b.above = ties
	return ties
}
