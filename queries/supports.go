package queries

import (
	"math/bits"

	"entangle/graph"
	"entangle/graph/projection"
)

// score is how an institution stands in each world of a block.
type score struct {
	body int32
	// known: the worlds in which the support has data; kept: what is retained
	// there, in parts per million.
	known [supportCount]uint64
	kept  [supportCount][worlds]int64
	// part: how much of what is retained rests on records, parts per million.
	part [supportCount][worlds]int64
	// touched, fractured, collapsed: the worlds in which it is at least that.
	touched, fractured, collapsed uint64
	// fell: the worlds in which it fractured in this wave.
	fell uint64
	// wave in which it fractured.
	wave [worlds]int8
}

// scores are the institutions looked at in a block.
type scores struct {
	slot   []int32 // by institution: its place in list, −1 where not looked at
	list   []*score
	spare  []*score
	fallen []int32 // institutions that fractured in the last wave
	// touched lists the nodes whose masks are to be cleared.
	touched []int32

	num, den sum
	claims   rest
	unit     rest
	said     uint64
}

func newScores(bodies int32) scores {
	s := scores{slot: make([]int32, bodies)}
	for i := range s.slot {
		s.slot[i] = -1
	}
	return s
}

func (s *scores) clear() {
	for _, sc := range s.list {
		s.slot[sc.body] = -1
	}
	s.spare = append(s.spare, s.list...)
	s.list, s.fallen = s.list[:0], s.fallen[:0]
}

// of returns the score of an institution, by its number among institutions.
func (s *scores) of(i int32) *score {
	if s.slot[i] < 0 {
		s.slot[i] = int32(len(s.list))
		var sc *score
		if n := len(s.spare); n > 0 {
			sc, s.spare = s.spare[n-1], s.spare[:n-1]
			*sc = score{}
		} else {
			sc = &score{}
		}
		sc.body = i
		s.list = append(s.list, sc)
	}
	return s.list[s.slot[i]]
}

// weigh works out what an institution retains of each support. What broke in
// this wave is not seen until the next.
func (b *block) weigh(body int32) {
	if b.s.Body(body).Placeholder {
		return
	}
	sc := b.scored.of(body - b.m.firstBody)
	for sup, weigh := range [supportCount]func(int32) int64{b.staff, b.command, b.force, b.funding, b.provision} {
		s := &b.scored
		s.num.reset()
		s.den.reset()
		s.claims.reset()
		s.said = 0
		b.mix(sc, Support(sup), weigh(body))
	}
	b.classify(sc)
}

// mix joins what records and aggregate claims say. Records speak for the
// covered part, claims for the rest; where only one of them speaks it speaks
// for all, and the answer tells its coverage.
func (b *block) mix(sc *score, sup Support, coverage int64) {
	s := &b.scored
	known := uint64(0)
	for w := range worlds {
		recorded, said := s.den.at(w) > 0, s.said>>w&1 == 1
		if !recorded && !said {
			continue
		}
		known |= 1 << w
		part := int64(0)
		switch {
		case recorded && said:
			part = coverage
		case recorded:
			part = million
		}
		kept := int64(0)
		if part > 0 {
			kept += part * ratio(s.num.at(w), s.den.at(w))
		}
		if part < million {
			kept += (million - part) * s.claims.at(w)
		}
		sc.kept[sup][w], sc.part[sup][w] = kept/million, part
	}
	sc.known[sup] = known
}

// ratio is num/den in parts per million, rounded down, for 0 ≤ num ≤ den.
func ratio(num, den int64) int64 {
	hi, lo := bits.Mul64(uint64(num), million)
	q, _ := bits.Div64(hi, lo, uint64(den))
	return int64(q)
}

// classify compares what is retained with what is required, in whole parts per
// million.
func (b *block) classify(sc *score) {
	needs := &b.m.needs[sc.body]
	sc.touched, sc.collapsed = 0, 0
	fractured, twice := uint64(0), uint64(0)
	for sup := range sc.known {
		each(sc.known[sup], func(w int) {
			kept, bit := sc.kept[sup][w], uint64(1)<<w
			if kept < million {
				sc.touched |= bit
			}
			if kept < needs[sup].need {
				twice |= fractured & bit
				fractured |= bit
			}
			if kept < needs[sup].floor {
				sc.collapsed |= bit
			}
		})
	}
	sc.collapsed |= twice
	sc.fell = fractured &^ sc.fractured
}

// fell marks what weigh found broken, after all of a wave are weighed.
func (b *block) fell(body int32) {
	sc := b.scored.of(body - b.m.firstBody)
	if sc.fell == 0 {
		return
	}
	sc.fractured |= sc.fell
	each(sc.fell, func(w int) { sc.wave[w] = int8(b.wave) })
	b.scored.fallen = append(b.scored.fallen, body)
	b.touch(body)
	b.broken[body] |= sc.fell
	b.note(body, sc.fell, cause{tie: none, from: none})
}

// staff: weight of filled posts that keep a holder, over weight of filled
// posts. It returns the coverage by records in parts per million.
func (b *block) staff(body int32) int64 {
	s := &b.scored
	seats := int64(0)
	for _, t := range b.s.In(graph.PostIn, body) {
		post := b.s.Tie(t).From
		holders := b.s.In(graph.Holds, post)
		if len(holders) == 0 {
			continue
		}
		in, weight := b.exists(t), int64(b.s.Seat(post).Weight)
		if b.s.Seat(post).Seats == 1 {
			seats++
			s.den.add(in&b.occupied(post), weight)
			s.num.add(in&b.kept(post), weight)
			continue
		}
		for _, h := range holders { // every holder of a post of many seats has one of them
			seats++
			held := in & b.exists(h)
			s.den.add(held, weight)
			s.num.add(held&^b.lost[b.s.Tie(h).From], weight)
		}
	}
	b.control(body, projection.Staffing, projection.Portfolio, projection.DeFacto, projection.NoForm)
	b.sway(body)
	return b.covered(body, seats)
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
	s := &b.scored
	for _, t := range b.s.In(graph.Controls, body) {
		tie := b.s.Tie(t)
		for _, f := range forms {
			if tie.Form == f {
				s.said |= b.exists(t)
				s.claims.lose(b.leaves(t), b.m.held(tie))
				break
			}
		}
	}
}

// sway takes off what follows influence or loyalty out of a body.
func (b *block) sway(body int32) {
	s := &b.scored
	for _, t := range b.s.In(graph.Influences, body) {
		tie := b.s.Tie(t)
		s.said |= b.exists(t)
		switch b.s.Kind(tie.From) {
		case graph.Group:
			s.claims.lose(b.leaves(t), b.m.swayed(tie))
		case graph.Person:
			s.claims.lose(b.exists(t)&b.lost[tie.From], b.m.swayed(tie))
		default:
			if b.m.p.Contagion {
				s.claims.lose(b.exists(t)&b.broken[tie.From], b.m.swayed(tie))
			}
		}
	}
	lo, hi := b.s.Out(graph.LoyalTo, body)
	for t := lo; t < hi; t++ {
		tie := b.s.Tie(t)
		s.said |= b.exists(t)
		s.claims.lose(b.exists(t)&(b.lost[tie.To]|b.rallied[tie.To]), b.m.swayed(tie))
	}
}

// command: weight of staying staff with a line to an apex, over the same
// before the purge.
func (b *block) command(body int32) int64 {
	s := &b.scored
	seats := int64(0)
	for _, t := range b.s.In(graph.PostIn, body) {
		post := b.s.Tie(t).From
		if len(b.s.In(graph.Holds, post)) == 0 || !b.lines.part(b, post) {
			continue
		}
		seats++
		in, weight, i := b.exists(t), int64(b.s.Seat(post).Weight), post-b.lines.g.first
		s.den.add(in&b.lines.before[i], weight)
		s.num.add(in&b.lines.after[i], weight)
	}
	b.control(body, projection.Command, projection.DeFacto, projection.NoForm)
	return b.covered(body, seats)
}

// force: strength that stays, over the strength of the units that are part of
// the body's command.
func (b *block) force(body int32) int64 {
	s := &b.scored
	strength := int64(0)
	for _, t := range b.s.In(graph.PartOf, body) {
		tie := b.s.Tie(t)
		if tie.Class != projection.CommandClass || b.s.Kind(tie.From) != graph.Institution || b.s.Body(tie.From).Placeholder {
			continue
		}
		unit, in := tie.From, b.exists(t)
		heads := b.m.headcount[unit-b.m.firstBody]
		strength += heads
		s.unit.reset()
		for _, c := range b.s.In(graph.Controls, unit) {
			s.unit.lose(b.leaves(c), b.m.held(b.s.Tie(c)))
		}
		if b.m.p.Contagion {
			s.unit.lose(b.broken[unit], million)
		}
		s.den.add(in, heads*million)
		s.num.add(in&^s.unit.less, heads*million)
		each(in&s.unit.less, func(w int) { s.num.add(1<<w, heads*s.unit.at(w)) })
	}
	if known := b.s.Body(body).Strength; known > 0 {
		return min(million, strength*million/int64(known))
	}
	return million
}

// funding: shares of the streams that pay for the body and are not held by a
// leaving group, over all shares.
func (b *block) funding(body int32) int64 {
	s := &b.scored
	total := int64(0)
	for _, t := range b.s.In(graph.Funds, body) {
		tie := b.s.Tie(t)
		in, part := b.exists(t), portion(tie)
		total += part
		s.unit.reset()
		for _, c := range b.s.In(graph.Controls, tie.From) {
			s.unit.lose(b.leaves(c), b.m.held(b.s.Tie(c)))
		}
		s.den.add(in, part*million)
		s.num.add(in&^s.unit.less, part*million)
		each(in&s.unit.less, func(w int) { s.num.add(1<<w, part*s.unit.at(w)) })
	}
	return min(million, total)
}

// provision: the share of the body's work that does not need a fractured
// provider. Shares are of the body's work: a sole recorded provider of a fifth
// of it takes a fifth, not all. Only shares that sum to more than the whole are
// scaled.
func (b *block) provision(body int32) int64 {
	s := &b.scored
	total := int64(0)
	need := func(t, provider int32, part int64) {
		in := b.exists(t)
		total += part
		s.den.add(in, part)
		gone := uint64(0)
		if b.m.p.Contagion {
			gone = in & b.broken[provider]
		}
		s.num.add(in&^gone, part)
	}
	lo, hi := b.s.Out(graph.DependsOn, body)
	for t := lo; t < hi; t++ {
		need(t, b.s.Tie(t).To, portion(b.s.Tie(t)))
	}
	parents := b.parents(body)
	for _, t := range parents {
		need(t, b.s.Tie(t).To, share(b.m.p.ParentShare)/int64(len(parents)))
	}
	// The rest of the work needs no recorded provider: it counts as kept.
	for w := range worlds {
		if d := s.den.at(w); d > 0 && d < million {
			s.num.add(1<<w, million-d)
			s.den.add(1<<w, million-d)
		}
	}
	return min(million, total)
}

// parents returns the ties to the institutions that the body is part of.
func (b *block) parents(body int32) []int32 {
	var ties []int32
	lo, hi := b.s.Out(graph.PartOf, body)
	for t := lo; t < hi; t++ {
		if tie := b.s.Tie(t); b.s.Kind(tie.To) == graph.Institution && tie.Class != projection.InformalClass {
			ties = append(ties, t)
		}
	}
	return ties
}
