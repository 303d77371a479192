package queries

import (
	"math"
	"math/bits"
)

// score is how an institution stands in each world of a block.
type score struct {
	body    int32
	weighed bool
	support [supportCount]footing
	// kept: what is retained where a support is not whole, in parts per million.
	kept [supportCount][worlds]int32
	// touched, fractured, collapsed: the worlds in which it is at least that.
	touched, fractured, collapsed uint64
	// fell: the worlds in which it fractured in this wave.
	fell uint64
	// wave in which it fractured, where it did.
	wave [worlds]uint16
}

// footing is how a support of an institution stands: where it has data, where it is
// less than whole, under its need, under its floor.
type footing struct {
	known, less, under, floored uint64
	// recorded, claimed: where records and where aggregate claims speak; coverage is
	// the part of records where both do, in parts per million.
	recorded, claimed uint64
	coverage          int64
}

// whole is the same support where nothing is lost.
func (st *footing) whole() footing {
	return footing{known: st.known, recorded: st.recorded, claimed: st.claimed, coverage: st.coverage}
}

// clear makes it a score of which nothing is known; lanes that nothing speaks of stay.
func (sc *score) clear() {
	sc.weighed, sc.support = false, [supportCount]footing{}
	sc.touched, sc.fractured, sc.collapsed, sc.fell = 0, 0, 0, 0
}

// retained is what stays of a support in a world where it has data, in parts per
// million.
func (sc *score) retained(sup Support, world int) int64 {
	if sc.support[sup].less>>world&1 == 0 {
		return million
	}
	return int64(sc.kept[sup][world])
}

// part is how much of what is retained in a world rests on records, in parts per
// million.
func (st *footing) part(world int) int64 {
	switch {
	case st.recorded>>world&1 == 0:
		return 0
	case st.claimed>>world&1 == 0:
		return million
	}
	return st.coverage
}

// scores are the institutions looked at in a block.
type scores struct {
	of     []score  // by institution
	list   []*score // those looked at
	fallen []int32  // institutions that fractured in the last wave
	// touched lists the nodes whose masks are to be cleared.
	touched []int32

	// num over den is what stays by the records; a den under the floor is filled up
	// with what needs no record and stays.
	num, den sum
	floor    int64
	claims   rest
	unit     rest
	said     uint64
	shares   []claimed

	// whole, by institution: how its supports stand where nothing is lost, worked out by
	// the coins of that number. Most of what a purge touches it touches in few supports.
	whole []grounds
}

// grounds are the supports of an institution where nothing is lost.
type grounds struct {
	coins   uint32
	support [supportCount]footing
}

func newScores(bodies int32) scores {
	s := scores{of: make([]score, bodies), whole: make([]grounds, bodies)}
	for i := range s.of {
		s.of[i].body = int32(i)
	}
	return s
}

func (s *scores) clear() {
	for _, sc := range s.list {
		sc.clear()
	}
	s.list, s.fallen = s.list[:0], s.fallen[:0]
}

// weigh works out what an institution retains of some of its supports in some worlds;
// of all in all when it is first looked at. What broke in this wave is not seen until
// the next.
func (b *block) weigh(body int32, look again) {
	if b.s.Body(body).Placeholder {
		return
	}
	sc := &b.scored.of[body-b.m.firstBody]
	whole := &b.scored.whole[sc.body]
	met := whole.coins == b.coinStamp
	if !sc.weighed {
		sc.weighed = true
		b.scored.list = append(b.scored.list, sc)
		if met {
			sc.support = whole.support
		} else {
			look = again{all, everySupport}
		}
	}
	for sup := range supportCount {
		if look.supports>>sup&1 == 0 {
			continue
		}
		s := &b.scored
		s.num.reset()
		s.den.reset()
		s.claims.reset()
		s.said, s.floor = 0, 0
		var coverage int64
		switch sup {
		case Staff:
			coverage = b.staff(body)
		case Command:
			coverage = b.command(body)
		case Force:
			coverage = b.force(body)
		case Funding:
			coverage = b.funding(body)
		default:
			coverage = b.provision(body)
		}
		b.mix(sc, sup, coverage, look.worlds)
	}
	if !met {
		whole.coins = b.coinStamp
		for sup := range sc.support {
			whole.support[sup] = sc.support[sup].whole()
		}
	}
	b.classify(sc)
}

// mix joins what records and aggregate claims say. Records speak for the
// covered part, claims for the rest; where only one of them speaks it speaks
// for all, and the answer tells its coverage. Only those of the worlds in which something
// is lost are gone through one by one.
func (b *block) mix(sc *score, sup Support, coverage int64, look uint64) {
	s, needs := &b.scored, b.m.needs[sc.body][sup]
	st := footing{recorded: s.den.some(), claimed: s.said, coverage: coverage}
	st.known = st.recorded | st.claimed
	st.less = s.num.differs(&s.den, st.recorded&look)
	st.less |= st.claimed & s.claims.less
	was := &sc.support[sup]
	st.less = st.less&look | was.less&^look
	st.under, st.floored = was.under&^look, was.floored&^look
	each(st.less&look, func(w int) {
		kept := s.claims.at(w)
		if part := st.part(w); part > 0 || st.recorded>>w&1 == 1 {
			num, den := s.num.at(w), s.den.at(w)
			if short := s.floor - den; short > 0 {
				num, den = num+short, den+short
			}
			kept = mixed(num, den, part, kept)
		}
		if bit := uint64(1) << w; kept >= million {
			st.less &^= bit
		} else {
			sc.kept[sup][w] = int32(kept)
			if kept < needs.need {
				st.under |= bit
			}
			if kept < needs.floor {
				st.floored |= bit
			}
		}
	})
	sc.support[sup] = st
}

// mixed is part·num/den + (1 − part)·claims in parts per million, for
// 0 ≤ num ≤ den. It is rounded down once, at the end, so that what is retained
// to the last millionth meets its requirement.
func mixed(num, den, part, claims int64) int64 {
	if num == den && claims == million {
		return million
	}
	if part == million && num < math.MaxInt64/million {
		return num * million / den
	}
	hi, lo := bits.Mul64(uint64(num), uint64(part*million))
	claimedHi, claimedLo := bits.Mul64(uint64(den), uint64((million-part)*claims))
	lo, carry := bits.Add64(lo, claimedLo, 0)
	hi, _ = bits.Add64(hi, claimedHi, carry)
	q, _ := bits.Div64(hi, lo, uint64(den)) // at most 10¹²
	return int64(q / million)
}

// classify tells by what is short of its requirement, in whole parts per million, how
// the institution stands.
func (b *block) classify(sc *score) {
	sc.touched, sc.collapsed = 0, 0
	fractured, twice := uint64(0), uint64(0)
	for sup := range sc.support {
		st := &sc.support[sup]
		sc.touched |= st.less
		sc.collapsed |= st.floored
		twice |= fractured & st.under
		fractured |= st.under
	}
	if b.everything {
		fractured = all
	}
	sc.collapsed |= twice
	sc.fell = fractured &^ sc.fractured
}

// fell marks what weigh found broken, after all of a wave are weighed.
func (b *block) fell(body int32) {
	sc := &b.scored.of[body-b.m.firstBody]
	if sc.fell == 0 {
		return
	}
	sc.fractured |= sc.fell
	each(sc.fell, func(w int) { sc.wave[w] = uint16(b.wave) })
	b.scored.fallen = append(b.scored.fallen, body)
	state := &b.nodes[body]
	b.touch(body, state)
	state.joined |= sc.fell
	b.note(body, sc.fell, cause{tie: none, from: none})
}
