// What an institution retains of each of its five supports.
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
func (b *Block) staff(body int32) {
	for i := range b.m.desks.seatsIn(body - b.m.FirstBody) {
		b.seats(body, i, AllLanes, AllLanes, AllLanes)
		if b.m.Params.DeputyShare > 0 {
			b.deputise(body, i)
		}
	}
	b.claim(body, true, projection.Staffing, projection.Portfolio, projection.DeFacto, projection.NoForm)
	b.cover(body)
}

// seats adds the seats of a desk. Where it is filled they are added to what there was, in the
// worlds of before, and to the seats on record, in those of counted; where it keeps a holder
// they are added to what stays, in the worlds of now. A post of many like seats has one
// for each of its holders.
func (b *Block) seats(body int32, at *seat, before, now, counted uint64) {
	in := AllLanes
	if !at.sure {
		in = b.any(b.Snapshot.In(graph.PostIn, body)[at.at : at.at+at.ties])
	}
	s, row := &b.scored, &b.m.desks.rows[at.desk]
	weight := int64(row.weight)
	if row.number == 1 {
		had, has := b.manned(at.desk)
		s.den.Add(in&before&had, weight)
		s.num.Add(in&now&has, weight)
		s.count.Add(in&counted&had, 1)
		return
	}
	for holders := b.Snapshot.In(graph.Holds, row.post); len(holders) > 0; {
		same := Parallel(b.Snapshot, holders)
		holders = holders[len(same):]
		held := in & b.any(same)
		s.den.Add(held&before, weight)
		s.count.Add(held&counted, 1)
		if !b.m.guarded(row.post) {
			held &^= b.missed(b.Snapshot.Tie(same[0]).From, row.post)
		}
		s.num.Add(held&now, weight)
	}
}

// deputise adds what deputies carry of a post that lost its holders: those in posts
// of the same body that report to it.
func (b *Block) deputise(body int32, at *seat) {
	row := &b.m.desks.rows[at.desk]
	vacant := b.desk(at.desk).before &^ b.keptAt(at.desk)
	if row.number > 1 || vacant == 0 {
		return
	}
	stands := uint64(0)
	for _, t := range b.Snapshot.In(graph.ReportsTo, row.post) {
		deputy := b.Snapshot.Tie(t).From
		stands |= b.exists(t) & b.kept(deputy) & b.within(deputy, body)
	}
	vacant &= b.within(row.post, body)
	b.scored.stay(vacant&stands, int64(row.weight), fraction{uint64(share(b.m.Params.DeputyShare)), Million})
}

// within returns the worlds in which a post is in a body.
func (b *Block) within(post, body int32) (in uint64) {
	for t, end := b.Snapshot.Out(graph.PostIn, post); t < end; t++ {
		if b.Snapshot.Tie(t).To == body {
			in |= b.exists(t)
		}
	}
	return in
}

// cover sets of how many leading seats those on record are a part. In worlds in which they are
// under MinCoverage the records are struck out.
func (b *Block) cover(body int32) {
	s := &b.scored
	s.leading = b.m.Leading[body-b.m.FirstBody]
	least := share(b.m.Params.MinCoverage)
	if least == 0 {
		return
	}
	thin := uint64(0)
	Each(AllLanes, func(w int) {
		if s.count.At(w)*Million < least*s.leading {
			thin |= 1 << w
		}
	})
	s.num.drop(thin)
	s.den.drop(thin)
}

// claim takes off what leaves a body with those who hold or sway it: by CONTROLS of the forms
// given and, where swayed is set, by INFLUENCES and by the body's loyalty. Of several claims
// of one holder, of whatever type, the largest that stands counts.
func (b *Block) claim(body int32, swayed bool, forms ...projection.Form) {
	s := &b.scored
	shares := s.shares[:0]
	for _, t := range b.Snapshot.In(graph.Controls, body) {
		if tie := b.Snapshot.Tie(t); slices.Contains(forms, tie.Form) {
			s.said |= b.exists(t)
			shares = append(shares, claimed{mask: b.Leaves(t), share: b.m.Held(tie) * Million, holder: tie.From})
		}
	}
	if swayed {
		shares = b.sway(body, shares)
	}
	s.shares = shares
	byHolder(shares, s.claims.lose)
}

// held takes off a thing what leaving groups hold of it, by CONTROLS of any form.
func (b *Block) held(r *rest, thing int32) {
	shares := b.scored.shares[:0]
	for _, t := range b.Snapshot.In(graph.Controls, thing) {
		tie := b.Snapshot.Tie(t)
		shares = append(shares, claimed{mask: b.Leaves(t), share: b.m.Held(tie) * Million, holder: tie.From})
	}
	b.scored.shares = shares
	byHolder(shares, r.lose)
}

// sway lists what follows influence or loyalty out of a body.
func (b *Block) sway(body int32, shares []claimed) []claimed {
	add := func(t, holder int32, gone uint64) {
		stands := b.exists(t)
		b.scored.said |= stands
		shares = append(shares, claimed{mask: stands & gone, share: b.m.Swayed(b.Snapshot.Tie(t)), holder: holder})
	}
	for _, t := range b.Snapshot.In(graph.Influences, body) {
		switch from := b.Snapshot.Tie(t).From; b.Snapshot.Kind(from) {
		case graph.Group:
			add(t, from, b.Leaves(t))
		case graph.Person:
			add(t, from, b.missed(from, body))
		default:
			add(t, from, b.gone(from))
		}
	}
	for t, end := b.Snapshot.Out(graph.LoyalTo, body); t < end; t++ {
		to := b.Snapshot.Tie(t).To
		before, spent := b.Past.of(to, body)
		add(t, to, (b.lost(to)|b.rallied(to))&^(before|spent))
	}
	return shares
}

// gone returns the worlds in which a fractured institution is of no more use to
// those that build on it.
func (b *Block) gone(body int32) uint64 {
	if !b.m.Params.Contagion {
		return 0
	}
	return b.broken(body)
}

// command works COMMAND out: the weight of posts that keep a holder and a line to an apex,
// over the weight of those that had both before the purge.
func (b *Block) command(body int32) {
	for i := range b.m.desks.seatsIn(body - b.m.FirstBody) {
		if b.lines.ensure(b, i.desk) {
			line := &b.lines.at[i.desk]
			b.seats(body, i, line.before, line.after, b.lines.placed[i.desk])
		}
	}
	b.claim(body, false, projection.Command, projection.DeFacto, projection.NoForm)
	b.cover(body)
}

// force works FORCE out: the strength that stays, over the strength of the units that are
// part of the body's command.
func (b *Block) force(body int32) {
	s := &b.scored
	for ties := b.Snapshot.In(graph.PartOf, body); len(ties) > 0; {
		same := Parallel(b.Snapshot, ties)
		ties = ties[len(same):]
		unit, in := b.Snapshot.Tie(same[0]).From, uint64(0)
		if b.Snapshot.Kind(unit) != graph.Institution || b.Snapshot.Body(unit).Placeholder {
			continue
		}
		for _, t := range same {
			if b.Snapshot.Tie(t).Class == projection.CommandClass {
				in |= b.exists(t)
			}
		}
		if in == 0 {
			continue
		}
		s.unit.reset()
		b.held(&s.unit, unit)
		s.unit.lose(b.gone(unit), trillion)
		b.retain(in, b.m.Headcount[unit-b.m.FirstBody])
	}
}

// retain adds a part of a support, of which the share in s.unit stays.
func (b *Block) retain(in uint64, part int64) {
	s := &b.scored
	part *= Million // so that a share in parts per million of it is a whole number
	s.den.Add(in, part)
	s.num.Add(in&^s.unit.less, part)
	Each(in&s.unit.less, func(w int) {
		if stays, ok := s.unit.at(w); ok {
			s.stay(1<<w, part, stays)
		} else {
			s.stayExactly(w, part, s.unit.exactly(w))
		}
	})
}

// funding works FUNDING out: the shares of the streams that pay for the body and are not held
// by a leaving group, over all shares.
func (b *Block) funding(body int32) {
	s := &b.scored
	for ties := b.Snapshot.In(graph.Funds, body); len(ties) > 0; {
		same := Parallel(b.Snapshot, ties)
		ties = ties[len(same):]
		s.unit.reset()
		if stream := b.Snapshot.Tie(same[0]).From; !b.m.guarded(stream) {
			b.held(&s.unit, stream)
		}
		b.portions(same, b.retain)
	}
}

// provision works PROVISION out: the share of the body's work that does not need a fractured
// provider. Shares are of the body's work: if the only recorded provider provides a fifth
// of it, a fifth is lost with it and not all. Only shares that sum to more than the whole
// are scaled.
func (b *Block) provision(body int32) {
	s := &b.scored
	for ties := b.out(graph.DependsOn, body); len(ties) > 0; {
		same := Parallel(b.Snapshot, ties)
		ties = ties[len(same):]
		provider := b.Snapshot.Tie(same[0]).To
		gone := b.gone(provider)
		if b.m.guarded(provider) {
			gone = 0
		}
		b.portions(same, func(in uint64, part int64) {
			s.den.Add(in, part)
			s.num.Add(in&^gone, part)
		})
	}
	b.parented(body)
	s.floor = Million // the rest of the work needs no recorded provider
}

// parented adds what the parents of a body provide: ParentShare of its work, in equal parts by
// those that the body has in a world.
func (b *Block) parented(body int32) {
	s := &b.scored
	some, gone, part := uint64(0), uint64(0), share(b.m.Params.ParentShare)
	s.above.Reset()
	s.broken.Reset()
	for ties := b.parents(body); len(ties) > 0; {
		same := Parallel(b.Snapshot, ties)
		ties = ties[len(same):]
		in := b.any(same)
		out := in & b.gone(b.Snapshot.Tie(same[0]).To)
		s.above.Add(in, 1)
		s.broken.Add(out, 1)
		some, gone = some|in, gone|out
	}
	s.den.Add(some, part)
	s.num.Add(some&^gone, part)
	Each(gone, func(w int) {
		parents := s.above.At(w)
		s.stay(1<<w, part, fraction{uint64(parents - s.broken.At(w)), uint64(parents)})
	})
}

// portions calls f with the share that parallel claims of a portion give in
// each world.
func (b *Block) portions(same []int32, f func(in uint64, part int64)) {
	shares := b.scored.shares[:0]
	for _, t := range same {
		shares = append(shares, claimed{mask: b.exists(t), share: Portion(b.Snapshot.Tie(t))})
	}
	strongest(shares, f)
	b.scored.shares = shares
}

// parents returns the ties to the institutions that the body is part of, until the
// next call.
func (b *Block) parents(body int32) []int32 {
	ties := b.above[:0]
	lo, hi := b.Snapshot.Out(graph.PartOf, body)
	for t := lo; t < hi; t++ {
		if tie := b.Snapshot.Tie(t); b.Snapshot.Kind(tie.To) == graph.Institution && tie.Class != projection.InformalClass {
			ties = append(ties, t)
		}
	}
	b.above = ties
	return ties
}
