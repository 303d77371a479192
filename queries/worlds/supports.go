// How an institution stands: what it retains, held against what it needs.
//
// Invariant: within a play an institution that fractured stays so. What broke in a wave is not
// felt before the next: all of a wave are assessed before one of them is marked.
// Source: thresholds: Granovetter 1978, Am. J. Sociol. 83:1420; Watts 2002, PNAS 99:5766.
// Cost: a support takes O(its ties), and O(1) for each world in which something of it is lost.

package worlds

import (
	"math/big"
	"math/bits"
)

// score is how an institution stands in each world of a block: intact, touched, fractured or
// collapsed.
type score struct {
	body     int32
	assessed bool
	coins    uint32 // stamp of those by which it is known how it stands where nothing is lost
	// touched, fractured, collapsed: the worlds in which it is at least that.
	touched, fractured, collapsed uint64
	// fell: the worlds in which it fractured in this wave.
	fell    uint64
	support [SupportCount]footing
	// kept: what is retained where a support is not whole, in parts per million.
	kept [SupportCount][BlockSize]int32
	// records: what part of it rests on records where claims speak too, in parts per
	// million, of the supports that rest on posts.
	records [Command + 1][BlockSize]int32
	// wave in which it fractured, where it did.
	wave [BlockSize]uint16
}

// footing is how a support of an institution stands: where it has data, where it is
// less than whole, under its need, under its floor.
type footing struct {
	known, less, under, floored uint64
	// recorded, claimed: where records and where aggregate claims speak.
	recorded, claimed uint64
}

// whole is the footing of the same support where nothing is lost.
func (st *footing) whole() footing {
	return footing{known: st.known, recorded: st.recorded, claimed: st.claimed}
}

// clear makes it the score of an institution that was not assessed. Lanes are left as they
// are: no mask speaks of them.
func (sc *score) clear() {
	sc.assessed, sc.support = false, [SupportCount]footing{}
	sc.touched, sc.fractured, sc.collapsed, sc.fell = 0, 0, 0, 0
}

// retained is what stays of a support in a world where it has data, in parts per
// million.
func (sc *score) retained(sup Support, world int) int64 {
	if sc.support[sup].less>>world&1 == 0 {
		return Million
	}
	return int64(sc.kept[sup][world])
}

// part is how much of what is retained in a world rests on records, in parts per
// million.
func (sc *score) part(sup Support, world int) int64 {
	switch st := &sc.support[sup]; {
	case st.recorded>>world&1 == 0:
		return 0
	case st.claimed>>world&1 == 0:
		return Million
	}
	return int64(sc.records[sup][world])
}

// scores are the institutions assessed in a block, with what assess works with.
type scores struct {
	of     []score  // by institution
	list   []*score // those assessed
	fallen []int32  // institutions that fractured in the last wave
	// touched lists the nodes whose masks are to be cleared.
	touched []int32

	// num over den is what stays by the records; beside is, by lane, the part of a unit by
	// which what stays is more than num. Where den is under the floor both are raised as if
	// the rest stayed. count is the number of seats on record, of the leading ones.
	num, den, count sum
	beside          map[int]*big.Rat
	floor           int64
	leading         int64
	claims          rest
	unit            rest
	diverted        rest
	said            uint64
	// among are the worlds that are assessed: in others nothing of the above has a meaning.
	// first says that the institution is assessed for the first time by its coins.
	among         uint64
	first         bool
	shares        []claimed
	above, broken sum // parents of a body, and those that broke

	// whole is, by institution, how its supports stand where nothing is lost. Most
	// institutions that a purge touches it touches in few supports: the others need not be
	// worked out for each purge.
	whole [][SupportCount]footing
}

func newScores(bodies int32) scores {
	s := scores{of: make([]score, bodies), whole: make([][SupportCount]footing, bodies)}
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

// assess works out what an institution retains of some of its supports in some worlds, and
// of all supports in all worlds when it is first assessed. What broke in this wave is not
// felt until the next.
func (b *block) assess(body int32, todo recheck) {
	if b.snap.Body(body).Placeholder || b.m.disbands && b.lost(body) == allLanes {
		return
	}
	sc := &b.scored.of[body-b.m.firstBody]
	met := sc.coins == b.coinStamp
	if !sc.assessed {
		sc.assessed = true
		b.scored.list = append(b.scored.list, sc)
		if met {
			sc.support = b.scored.whole[sc.body]
		} else {
			todo = recheck{allLanes, everySupport}
		}
	}
	b.scored.among, b.scored.first = todo.worlds, !met
	for sup := range SupportCount {
		if todo.supports>>sup&1 == 0 {
			continue
		}
		b.scored.reset(sc.support[sup].claimed)
		supportTable[sup].work(b, body)
		b.combine(sc, sup)
	}
	if !met {
		sc.coins = b.coinStamp
		for sup := range sc.support {
			b.scored.whole[sc.body][sup] = sc.support[sup].whole()
		}
	}
	b.classify(sc)
}

// reset clears what was worked out of the support before. Said are the worlds in which claims
// speak, as far as that is known.
func (s *scores) reset(said uint64) {
	s.num.reset()
	s.den.reset()
	s.num.not, s.den.not = ^s.among, ^s.among
	s.count.reset()
	s.count.unit = 1
	s.claims.reset()
	clear(s.beside)
	s.said, s.floor, s.leading = said, 0, 0
}

// stay adds a part of something to what stays by the records in the worlds of a mask.
func (s *scores) stay(mask uint64, of int64, part fraction) {
	hi, lo := bits.Mul64(uint64(of), part.num)
	q, r := bits.Div64(hi, lo, part.den) // num ≤ den: at most of
	s.num.add(mask, int64(q))
	if r == 0 {
		return
	}
	each(mask, func(w int) { s.besides(w, fraction{r, part.den}.rat()) })
}

// stayExactly is stay in one world, for a part whose terms may be of any size.
func (s *scores) stayExactly(world int, of int64, part *big.Rat) {
	part.Mul(part, new(big.Rat).SetInt64(of))
	whole := new(big.Int).Quo(part.Num(), part.Denom())
	s.num.add(1<<world, whole.Int64())
	s.besides(world, part.Sub(part, new(big.Rat).SetInt(whole)))
}

// besides adds a part of a unit in one world.
func (s *scores) besides(world int, part *big.Rat) {
	if s.beside == nil {
		s.beside = map[int]*big.Rat{}
	}
	if was := s.beside[world]; was != nil {
		part.Add(part, was)
	}
	s.beside[world] = part
}

// combine makes a figure of what records and aggregate claims say. Records speak for the part
// of the body that they cover, claims for the rest. Where only one of them speaks it speaks
// for all, and the answer says how much is covered. Only worlds in which something is lost
// are gone through one by one.
func (b *block) combine(sc *score, sup Support) {
	s, needs, among := &b.scored, b.needs[sc.body][sup], b.scored.among
	st := sc.support[sup]
	if s.first {
		st.recorded, st.claimed = s.den.some(), s.said
		st.known = st.recorded | st.claimed
	}
	less := s.num.differs(&s.den, st.recorded&among) | st.claimed&s.claims.less
	st.less = less&among | st.less&^among
	st.under, st.floored = st.under&^among, st.floored&^among
	if s.first && s.leading > 0 {
		each(st.recorded&st.claimed, func(w int) { sc.records[sup][w] = int32(s.covered(w).parts()) })
	}
	among &= st.less
	if b.everything {
		among = 0 // it breaks whatever it retains
	}
	keep := func(w int, kept int64) {
		if bit := uint64(1) << w; kept >= Million {
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
	}
	plain := among &^ st.claimed
	if len(s.beside) > 0 {
		plain = 0
	}
	each(plain, func(w int) { keep(w, s.byRecords(w).parts()) })
	each(among&^plain, func(w int) { keep(w, s.retained(&st, w)) })
	sc.support[sup] = st
}

// covered is the part of a body's leading seats that is on record in a world.
func (s *scores) covered(world int) fraction {
	return fraction{uint64(min(s.count.at(world), s.leading)), uint64(s.leading)}
}

// byRecords is what is kept in a world by the records alone, but for what is beside.
func (s *scores) byRecords(world int) fraction {
	num, den := s.num.at(world), s.den.at(world)
	short := max(0, s.floor-den)
	return fraction{uint64(num + short), uint64(den + short)}
}

// retained is what is kept in a world, in parts per million. It is rounded down once, so
// that what is kept to the last millionth meets its requirement.
func (s *scores) retained(st *footing, world int) int64 {
	recorded, claimed := st.recorded>>world&1 == 1, st.claimed>>world&1 == 1
	records, beside := s.byRecords(world), s.beside[world]
	if !claimed && beside == nil {
		return records.parts()
	}
	claims, ok := s.claims.at(world)
	if ok && !recorded {
		return claims.parts()
	}
	if ok && beside == nil {
		if kept, ok := mixed(s.covered(world), records, claims); ok {
			return kept.parts()
		}
	}
	return s.exactly(recorded, claimed, world, records)
}

// exactly is retained where terms are too large for 64 bits, or part of a unit stays.
func (s *scores) exactly(recorded, claimed bool, world int, records fraction) int64 {
	kept := new(big.Rat)
	if recorded {
		kept.SetInt64(int64(records.num))
		if beside := s.beside[world]; beside != nil {
			kept.Add(kept, beside)
		}
		kept.Quo(kept, new(big.Rat).SetInt64(int64(records.den)))
	}
	if !claimed {
		return partsOf(kept)
	}
	claims := s.claims.exactly(world)
	if !recorded {
		return partsOf(claims)
	}
	part := s.covered(world).rat()
	kept.Mul(kept, part)
	claims.Mul(claims, part.Sub(big.NewRat(1, 1), part))
	return partsOf(kept.Add(kept, claims))
}

// classify says how an institution stands: it is touched where a support is not whole,
// fractured where one is under its need, collapsed where one is under its floor or two are
// under their needs.
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
		fractured = allLanes
	}
	sc.collapsed |= twice
	sc.fell = fractured &^ sc.fractured
}

// fracture marks an institution in the worlds in which assess found that it breaks. It is
// called when all institutions of a wave are assessed.
func (b *block) fracture(body int32) {
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
