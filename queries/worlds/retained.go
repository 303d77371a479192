// What an institution retains of each of its supports.
//
// Invariant: in every world what stays (num) is at most what there was (den), both in the weights
// of that world alone.
// Source: docs/model.md, What an institution stands on.
// Cost: O(ties of the institution and of what it builds on) a support, and O(64) more where worlds
// differ.

package worlds

import (
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// staff works STAFF out: the weight of filled posts that keep a holder, over the weight of
// filled posts.
func (b *block) staff(body int32) {
	b.claim(body, true, projection.Staffing, projection.Portfolio, projection.DeFacto, projection.NoForm)
	counted := b.counted()
	for i := range b.m.desks.seatsIn(body - b.m.firstBody) {
		b.seats(body, i, allLanes, allLanes, counted)
		if b.m.Params.DeputyShare > 0 {
			b.deputise(body, i)
		}
	}
	b.cover(body)
}

// seats adds the seats of a desk. Where it is filled they are added to what there was, in the
// worlds of before, and to the seats on record, in those of counted; where it keeps a holder
// they are added to what stays, in the worlds of now. A post of many like seats has one
// for each of its holders.
func (b *block) seats(body int32, at *seat, before, now, counted uint64) {
	in := allLanes
	if !at.sure {
		in = b.any(b.snap.In(graph.PostIn, body)[at.at : at.at+at.ties])
	}
	s, weight := &b.scored, int64(at.weight)
	if at.number == 1 {
		had, has := b.manned(at.desk)
		s.den.add(in&before&had, weight)
		s.num.add(in&now&has, weight)
		if counted != 0 {
			s.count.count(in & counted & had)
		}
		return
	}
	post, ceased := b.m.desks.rows[at.desk].post, b.ceased(at.desk)
	for holders := b.snap.In(graph.Holds, post); len(holders) > 0; {
		same := b.snap.Parallel(holders)
		holders = holders[len(same):]
		held := in & b.any(same)
		s.den.add(held&before, weight)
		s.count.count(held & counted)
		if !b.m.guarded(post) {
			person := b.snap.Tie(same[0]).From
			held &^= b.missed(person, post) | b.expelled(person, at.desk)
		}
		held &^= ceased
		s.num.add(held&now, weight)
	}
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
	for _, t := range b.snap.In(graph.ReportsTo, row.post) {
		deputy := b.snap.Tie(t).From
		stands |= b.exists(t) & b.kept(deputy) & b.within(deputy, body)
	}
	vacant &= b.within(row.post, body)
	b.scored.stay(vacant&stands&b.scored.among, int64(row.weight), fraction{uint64(share(b.m.Params.DeputyShare)), Million})
}

// counted returns the worlds in which the seats on record have to be counted: their part of the
// body says how much records and claims weigh, and whether records suffice.
func (b *block) counted() uint64 {
	if b.m.Params.MinCoverage > 0 {
		return allLanes
	}
	return b.scored.said
}

// within returns the worlds in which a post is in a body.
func (b *block) within(post, body int32) (in uint64) {
	for _, t := range b.snap.Out(graph.PostIn, post) {
		if b.snap.Tie(t).To == body {
			in |= b.exists(t)
		}
	}
	return in
}

// cover sets of how many leading seats those on record are a part. In worlds in which they are
// under MinCoverage the records are struck out.
func (b *block) cover(body int32) {
	s := &b.scored
	s.leading = b.m.leadingPosts(body)
	least := share(b.m.Params.MinCoverage)
	if least == 0 {
		return
	}
	thin := uint64(0)
	each(s.among, func(w int) {
		if s.count.at(w)*Million < least*s.leading {
			thin |= 1 << w
		}
	})
	s.num.drop(thin)
	s.den.drop(thin)
}

// claim takes off what leaves a body with those who hold or sway it: by CONTROLS of the forms
// given and, where swayed is set, by INFLUENCES and by the body's loyalty. Of several claims
// of one holder, of whatever type, the largest that stands counts.
func (b *block) claim(body int32, swayed bool, forms ...projection.Form) {
	s := &b.scored
	shares := s.shares[:0]
	for _, t := range b.snap.In(graph.Controls, body) {
		if tie := b.snap.Tie(t); slices.Contains(forms, tie.Form) {
			b.says(t)
			shares = append(shares, claimed{mask: b.leaves(t), share: b.m.held(tie) * Million, holder: tie.From})
		}
	}
	if swayed {
		shares = b.sway(body, shares)
	}
	s.shares = shares
	byHolder(shares, s.claims.lose)
}

// says notes the worlds in which an aggregate claim speaks. Where it was noted before, for
// another purge or wave, it is known.
func (b *block) says(t int32) {
	if b.scored.first {
		b.scored.said |= b.exists(t)
	}
}

// held takes off a thing what leaving groups hold of it, by CONTROLS of any form but of one by
// which it is diverted.
func (b *block) held(r *rest, thing int32) {
	shares := b.scored.shares[:0]
	for _, t := range b.snap.In(graph.Controls, thing) {
		if tie := b.snap.Tie(t); tie.Form != projection.Diverts {
			shares = append(shares, claimed{mask: b.leaves(t), share: b.m.held(tie) * Million, holder: tie.From})
		}
	}
	b.scored.shares = shares
	byHolder(shares, r.lose)
}

// sway lists what follows influence or loyalty out of a body.
func (b *block) sway(body int32, shares []claimed) []claimed {
	add := func(t, holder int32, gone uint64) {
		b.says(t)
		shares = append(shares, claimed{mask: b.existsAmong(gone&b.scored.among, t), share: b.m.swayed(b.snap.Tie(t)), holder: holder})
	}
	for _, t := range b.snap.In(graph.Influences, body) {
		switch from := b.snap.Tie(t).From; b.snap.Kind(from) {
		case graph.Group:
			add(t, from, b.leaves(t))
		case graph.Person:
			add(t, from, b.missed(from, body))
		default:
			add(t, from, b.gone(from, body))
		}
	}
	for _, t := range b.snap.Out(graph.LoyalTo, body) {
		to := b.snap.Tie(t).To
		before, spent := b.past.of(to, body)
		add(t, to, (b.lost(to)|b.rallied(to))&^(before|spent)|b.takenWithin(to, body))
	}
	return shares
}

// gone returns the worlds in which an institution is of no more use to one that builds on it:
// it fractured, or was disbanded and is missed there.
func (b *block) gone(body, by int32) (mask uint64) {
	if b.m.disbands {
		mask = b.missed(body, by)
	}
	if b.m.Params.Contagion {
		mask |= b.broken(body)
	}
	return mask
}

// command works COMMAND out: the weight of posts that keep a holder and a line to an apex,
// over the weight of those that had both before the purge.
func (b *block) command(body int32) {
	b.claim(body, false, projection.Command, projection.DeFacto, projection.NoForm)
	counted := b.counted()
	for i := range b.m.desks.seatsIn(body - b.m.firstBody) {
		if b.lines.ensurePart(b, i.part) {
			line := b.lines.of(i.desk)[0]
			placed := uint64(0)
			if counted != 0 { // else it need not be read
				placed = b.lines.at[i.desk].placed
			}
			b.seats(body, i, line.before, line.now, counted&placed)
		}
	}
	b.cover(body)
}

// force works FORCE out: the strength that stays, over the strength of the units that are
// part of the body's command.
func (b *block) force(body int32) {
	s := &b.scored
	for ties := b.snap.In(graph.PartOf, body); len(ties) > 0; {
		same := b.snap.Parallel(ties)
		ties = ties[len(same):]
		unit, in := b.snap.Tie(same[0]).From, uint64(0)
		if b.snap.Kind(unit) != graph.Institution || b.snap.Body(unit).Placeholder {
			continue
		}
		for _, t := range same {
			if b.snap.Tie(t).Class == projection.CommandClass {
				in |= b.existsAmong(s.among, t)
			}
		}
		if in == 0 {
			continue
		}
		s.unit.reset()
		b.held(&s.unit, unit)
		s.unit.lose(b.gone(unit, body), trillion)
		b.retain(in, b.m.heads(unit)*Million) // so that a share in parts per million is whole
	}
}

// retain adds a part of a support, of which the share in s.unit stays.
func (b *block) retain(in uint64, part int64) {
	s := &b.scored
	s.den.add(in, part)
	s.num.add(in&^s.unit.less, part)
	each(in&s.unit.less, func(w int) {
		if stays, ok := s.unit.at(w); ok {
			s.stay(1<<w, part, stays)
		} else {
			s.stayExactly(w, part, s.unit.exactly(w))
		}
	})
}

// funding works FUNDING out: the shares of the streams that pay for the body and are not held
// by a leaving group, over all shares.
func (b *block) funding(body int32) {
	s := &b.scored
	for ties := b.snap.In(graph.Funds, body); len(ties) > 0; {
		same := b.snap.Parallel(ties)
		ties = ties[len(same):]
		stream := b.snap.Tie(same[0]).From
		s.unit.reset()
		if !b.m.guarded(stream) {
			b.held(&s.unit, stream)
			s.unit.lose(b.missed(stream, body), trillion)
		}
		b.diverted(&s.diverted, stream, s.among)
		b.portions(same, func(in uint64, part int64) {
			b.retain(in&^s.diverted.less, part*Million)
			each(in&s.diverted.less, func(w int) { b.retain(1<<w, s.diverted.of(w, part*Million)) })
		})
	}
}

// diverted takes off a stream what its holders divert. The receivers lack that before a purge
// and, as far as anybody knows, after it. It is right in the worlds of a mask.
func (b *block) diverted(r *rest, stream int32, among uint64) {
	r.reset()
	shares := b.scored.shares[:0]
	for _, t := range b.snap.In(graph.Controls, stream) {
		if tie := b.snap.Tie(t); tie.Form == projection.Diverts {
			shares = append(shares, claimed{mask: b.existsAmong(among, t), share: b.m.held(tie) * Million, holder: tie.From})
		}
	}
	b.scored.shares = shares
	byHolder(shares, r.lose)
}

// provision works PROVISION out: the share of the body's work that does not need a fractured
// provider. Shares are of the body's work: if the only recorded provider provides a fifth
// of it, a fifth is lost with it and not all. Only shares that sum to more than the whole
// are scaled.
func (b *block) provision(body int32) {
	s := &b.scored
	for ties := b.snap.Out(graph.DependsOn, body); len(ties) > 0; {
		same := b.snap.Parallel(ties)
		ties = ties[len(same):]
		provider := b.snap.Tie(same[0]).To
		gone := b.gone(provider, body)
		if b.m.guarded(provider) {
			gone = 0
		}
		b.portions(same, func(in uint64, part int64) {
			s.den.add(in, part)
			s.num.add(in&^gone, part)
		})
	}
	b.parented(body)
	s.floor = Million // the rest of the work needs no recorded provider
}

// parented adds what the parents of a body provide: ParentShare of its work, in equal parts by
// those that the body has in a world.
func (b *block) parented(body int32) {
	s := &b.scored
	some, gone, part := uint64(0), uint64(0), share(b.m.Params.ParentShare)
	several := false
	s.above.reset()
	s.broken.reset()
	for ties := b.parents(body); len(ties) > 0; {
		same := b.snap.Parallel(ties)
		ties = ties[len(same):]
		in := b.any(same)
		out := in & b.gone(b.snap.Tie(same[0]).To, body)
		several = several || len(ties) > 0
		if several {
			s.above.add(in, 1)
			s.broken.add(out, 1)
		}
		some, gone = some|in, gone|out
	}
	s.den.add(some, part)
	s.num.add(some&^gone, part)
	if !several {
		return // what an only parent provides is lost with it
	}
	each(gone, func(w int) {
		parents := s.above.at(w)
		s.stay(1<<w, part, fraction{uint64(parents - s.broken.at(w)), uint64(parents)})
	})
}

// portions calls f with the share that parallel claims of a portion give in
// each world.
func (b *block) portions(same []int32, f func(in uint64, part int64)) {
	shares := b.scored.shares[:0]
	for _, t := range same {
		shares = append(shares, claimed{mask: b.existsAmong(b.scored.among, t), share: portion(b.snap.Tie(t))})
	}
	strongest(shares, f)
	b.scored.shares = shares
}

// parents returns the ties to the institutions that the body is part of, until the
// next call.
func (b *block) parents(body int32) []int32 {
	ties := b.above[:0]
	for _, t := range b.snap.Out(graph.PartOf, body) {
		if tie := b.snap.Tie(t); b.snap.Kind(tie.To) == graph.Institution && tie.Class != projection.InformalClass {
			ties = append(ties, t)
		}
	}
	b.above = ties
	return ties
}
