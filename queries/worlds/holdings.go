// What groups hold of the supports of an institution, in expectation over the confidence of ties.
//
// Invariant: what a group holds of a support is what the purge of it takes by what it holds
// alone, where nobody responds; TestExposureIsWhatAPurgeTakes says where the two differ.
// Source: docs/questions.md, Exposure.
// Cost: O(ties of the institution and of those who hold it), and exponential in the sets of
// alternatives that several of them share, of which at most maxTangled are gone through.

package worlds

import (
	"cmp"
	"maps"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// exposer works out what groups hold of an institution.
type exposer struct {
	m *Model
	s *projection.Snapshot
}

// holding is what a group has of one support of an institution.
type holding struct {
	records, claims float64
	// spoken is the share by records in worlds where an aggregate claim about the body
	// stands too.
	spoken float64
	ways   []way
}

type way struct {
	share, spoken float64 // spoken: as of a holding, 0 of a claim
	counts        float64 // of a claim: the part of share that counts, see run
	record        bool
	lost          int32
	from          int32
	ties          []int32
}

type holdings map[int32]*[SupportCount]holding

func (h holdings) of(group int32, sup Support) *holding {
	if h[group] == nil {
		h[group] = &[SupportCount]holding{}
	}
	return &h[group][sup]
}

func (x exposer) confidence(t int32) float64 { return x.s.Chance(t) }

// surest is the likeliest of parallel claims, which is the one shown.
func (x exposer) surest(ties []int32) int32 {
	return slices.MaxFunc(ties, func(a, b int32) int {
		return cmp.Or(cmp.Compare(x.s.Tie(a).Probability, x.s.Tie(b).Probability), -cmp.Compare(a, b))
	})
}

// each calls f with every run of parallel claims of a list.
func (x exposer) each(ties []int32, f func(ties []int32)) {
	for len(ties) > 0 {
		run := x.s.Parallel(ties)
		f(run)
		ties = ties[len(run):]
	}
}

// seats counts the posts that members hold, of those that count for a support;
// it returns what part of the leading posts these are, 0 where the records do not speak.
func (x exposer) seats(body int32, sup Support, h holdings, counts func(post int32) bool) (covered float64) {
	known := 0.0 // seats on record, as many as somebody holds on average
	total, said := 0.0, x.said(body, sup)
	x.each(x.s.In(graph.PostIn, body), func(in []int32) {
		post := x.s.Tie(in[0]).From
		if !counts(post) {
			return
		}
		weight, there := float64(x.s.Seat(post).Weight), x.odds(in, entire)
		holders := x.incumbents(post)
		if x.s.Seat(post).Seats > 1 { // each a seat of his or her own
			for i := range holders {
				held := expected(allOf, there, holders[i].holds)
				known += held
				total += weight * held
				x.vacated(h, sup, office{weight, in, there, said, holders[i : i+1]})
			}
			return
		}
		var anybody oddsOf
		for _, i := range holders {
			anybody = append(anybody, i.holds...)
		}
		held := expected(allOf, there, anybody)
		known += held
		total += weight * held
		x.vacated(h, sup, office{weight, in, there, said, holders})
	})
	covered = min(1, known/float64(x.m.leadingPosts(body)))
	if total == 0 || covered < x.m.Params.MinCoverage {
		for _, supports := range h {
			supports[sup] = holding{}
		}
		return 0
	}
	h.scale(sup, total)
	return covered
}

// incumbent is who may hold a post, with the groups that he or she may belong to.
type incumbent struct {
	person int32
	ties   []int32
	holds  oddsOf
	member map[int32][]int32 // by group
}

// incumbents are the holders of a post.
func (x exposer) incumbents(post int32) (list []incumbent) {
	x.each(x.s.In(graph.Holds, post), func(ties []int32) {
		i := incumbent{person: x.s.Tie(ties[0]).From, ties: ties, holds: x.odds(ties, entire)}
		i.member = x.memberships(i.person)
		list = append(list, i)
	})
	return list
}

// memberships are those of a person, by group.
func (x exposer) memberships(person int32) map[int32][]int32 {
	of := map[int32][]int32{}
	x.each(x.s.Out(graph.MemberOf, person), func(ties []int32) { of[x.s.Tie(ties[0]).To] = slices.Clone(ties) })
	return of
}

// office is a post of an institution, or one of its like seats.
type office struct {
	weight  float64
	in      []int32
	there   oddsOf
	said    oddsOf // of the institution
	holders []incumbent
}

// vacated counts the post for each group to which all its holders belong. A holder who
// does not belong to the group stays and keeps the post.
func (x exposer) vacated(h holdings, sup Support, o office) {
	groups := map[int32]bool{}
	for _, i := range o.holders {
		for group := range i.member {
			groups[group] = true
		}
	}
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		lists := []oddsOf{o.there}
		for _, i := range o.holders {
			lists = append(lists, i.holds, x.odds(i.member[group], entire))
		}
		spoken := append(slices.Clone(lists), o.said)
		hd := h.of(group, sup)
		hd.records += o.weight * expected(vacates(-1, false), lists...)
		hd.spoken += o.weight * expected(vacates(-1, true), spoken...)
		for n, i := range o.holders {
			member := i.member[group]
			if member == nil {
				continue
			}
			hd.ways = append(hd.ways, way{
				share: o.weight * expected(vacates(n, false), lists...), spoken: o.weight * expected(vacates(n, true), spoken...),
				record: true, lost: i.person, from: group, ties: []int32{x.surest(member), x.surest(i.ties), x.surest(o.in)},
			})
		}
	}
}

// vacates is the probability that a post loses its holders to a group: of lists that tell
// that it is there, then of each holder that he or she holds it and belongs to the group,
// and, where it is asked, last that a claim is made. Where by is 0 or more that holder is
// among those whom the group takes.
func vacates(by int, spoken bool) func(lists []oddsOf) float64 {
	return func(lists []oddsOf) float64 {
		p := lists[0].sure()
		if spoken {
			p *= lists[len(lists)-1].sure()
			lists = lists[:len(lists)-1]
		}
		gone, empty := 1.0, 1.0
		for n, pairs := 0, lists[1:]; len(pairs) > 0; n, pairs = n+1, pairs[2:] {
			holds, member := pairs[0].sure(), pairs[1].sure()
			if n == by {
				gone, empty = gone*holds*member, 0
				continue
			}
			gone *= 1 - holds*(1-member)
			empty *= 1 - holds
		}
		return p * (gone - empty)
	}
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
		ties = slices.Concat(ties, x.s.In(graph.Influences, body), x.s.Out(graph.LoyalTo, body))
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
	case projection.DeFacto, projection.NoForm, projection.Diverts:
	}
	return sup == Staff || sup == Command
}

// claimant is a node with aggregate claims about a body. The largest of its claims counts,
// whatever their types.
type claimant struct {
	holder int32
	list   oddsOf
	runs   []run
}

// run are parallel claims of one type with the largest share expected of them, and the part
// of it that counts: that of the worlds in which no larger claim of the claimant stands.
type run struct {
	share, counts float64
	ties          []int32
}

// counted notes what part of each run counts. The parts add up to what the claimant holds.
func (c *claimant) counted() {
	var of []*run // by claim
	for i := range c.runs {
		for range c.runs[i].ties {
			of = append(of, &c.runs[i])
		}
	}
	c.list.counting(func(claim int, part float64) { of[claim].counts += part })
}

// claimants are the nodes with claims about a support of a body. An institution leaves with
// no group.
func (x exposer) claimants(body int32, sup Support) (list []*claimant) {
	add := func(holder int32, ties []int32, claims oddsOf) {
		if len(ties) == 0 || x.s.Kind(holder) == graph.Institution {
			return
		}
		n := slices.IndexFunc(list, func(c *claimant) bool { return c.holder == holder })
		if n < 0 {
			n = len(list)
			list = append(list, &claimant{holder: holder})
		}
		list[n].list = append(list[n].list, claims...)
		list[n].runs = append(list[n].runs, run{share: claims.largest(), ties: slices.Clone(ties)})
	}
	x.each(x.s.In(graph.Controls, body), func(ties []int32) {
		of := slices.DeleteFunc(slices.Clone(ties), func(t int32) bool { return !speaksOf(sup, x.s.Tie(t).Form) })
		add(x.s.Tie(ties[0]).From, of, x.odds(of, x.m.held))
	})
	if sup != Staff {
		return list
	}
	x.each(x.s.In(graph.Influences, body), func(ties []int32) { add(x.s.Tie(ties[0]).From, ties, x.sways(ties)) })
	x.each(x.s.Out(graph.LoyalTo, body), func(ties []int32) { add(x.s.Tie(ties[0]).To, ties, x.sways(ties)) })
	return list
}

// sways are the odds of claims of influence or loyalty.
func (x exposer) sways(ties []int32) oddsOf {
	list := x.odds(ties, x.m.swayed)
	for i := range list {
		list[i].share /= projection.Million
	}
	return list
}

// claims counts what leaves a body with each group by aggregate claims: its own, and those
// of persons who belong to it.
func (x exposer) claims(body int32, sup Support, h holdings) {
	lists := map[int32][]oddsOf{} // by group: pairs of that a claimant leaves with it, and what is claimed
	certain := oddsOf{{p: 1, share: 1}}
	for _, c := range x.claimants(body, sup) {
		c.counted()
		if x.s.Kind(c.holder) == graph.Group {
			lists[c.holder] = append(lists[c.holder], certain, c.list)
			for _, r := range c.runs {
				hd := h.of(c.holder, sup)
				hd.ways = append(hd.ways, way{share: r.share, counts: r.counts, lost: c.holder, from: c.holder, ties: []int32{x.surest(r.ties)}})
			}
			continue
		}
		of := x.memberships(c.holder)
		for _, group := range slices.Sorted(maps.Keys(of)) {
			member := x.odds(of[group], entire)
			sure := member.sure()
			lists[group] = append(lists[group], member, c.list)
			for _, r := range c.runs {
				hd := h.of(group, sup)
				hd.ways = append(hd.ways, way{share: sure * r.share, counts: sure * r.counts, lost: c.holder, from: group, ties: []int32{x.surest(of[group]), x.surest(r.ties)}})
			}
		}
	}
	for group, pairs := range lists {
		h.of(group, sup).claims = expected(leaves, pairs...)
	}
}

func (x exposer) force(body int32, h holdings) {
	total := 0.0
	x.each(x.s.In(graph.PartOf, body), func(ties []int32) {
		unit := x.s.Tie(ties[0]).From
		ties = slices.DeleteFunc(slices.Clone(ties), func(t int32) bool { return x.s.Tie(t).Class != projection.CommandClass })
		if len(ties) == 0 || x.s.Kind(unit) != graph.Institution || x.s.Body(unit).Placeholder {
			return
		}
		part, heads := x.odds(ties, entire), float64(x.m.heads(unit))
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
		part, stream := x.odds(ties, portion), x.s.Tie(ties[0]).From
		arrives := x.arrives(stream)
		total += arrives * part.largest()
		x.held(Funding, stream, arrives, part, x.surest(ties), h)
	})
	if total > 0 {
		h.scale(Funding, total)
	}
}

// arrives is the part of a stream that nobody diverts, on average.
func (x exposer) arrives(stream int32) float64 {
	part := 1.0
	x.each(x.s.In(graph.Controls, stream), func(ties []int32) {
		part *= 1 - x.odds(diverting(x.s, ties, true), x.m.held).largest()
	})
	return part
}

// diverting are those of the ties by which a stream is diverted, or the others.
func diverting(s *projection.Snapshot, ties []int32, does bool) []int32 {
	return slices.DeleteFunc(slices.Clone(ties), func(t int32) bool { return (s.Tie(t).Form == projection.Diverts) != does })
}

// held counts what groups hold of a unit or stream, of which the institution has a
// part of its size.
func (x exposer) held(sup Support, node int32, size float64, part oddsOf, t int32, h holdings) {
	x.each(x.s.In(graph.Controls, node), func(ties []int32) {
		group := x.s.Tie(ties[0]).From
		if ties = diverting(x.s, ties, false); len(ties) == 0 {
			return // what it diverts the body does not have
		}
		share := size * expected(heldOf, part, x.odds(ties, x.m.held))
		hd := h.of(group, sup)
		hd.records += share
		hd.ways = append(hd.ways, way{share: share, record: true, lost: node, from: group, ties: []int32{x.surest(ties), t}})
	})
}
