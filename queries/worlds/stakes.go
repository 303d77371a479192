// What a purge takes from the groups that it is aimed at.
//
// Invariant: of each thing what is lost is in every world at most what there was.
// Source: docs/model.md, What the targets lose.
// Cost: O(ties of the groups and of their members) a block; O(different numbers) memory a worker.

package worlds

import (
	"context"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
)

// Stake is what one group has, and what a purge takes of it.
type Stake struct {
	projection.Ref
	// Members are persons on record as such, Posts those that they hold. Strength is that of
	// the institutions that the group CONTROLS by command, in fact or in a form that is not
	// stated, in persons, by its share of each. Streams are
	// the revenue streams that it CONTROLS, by its share of each, and those that FUNDS leads
	// from, whole.
	// What it has nothing of on record is nil.
	Members, Posts, Strength, Streams *Loss
	// Diverted is the part of Streams that it diverts. What of it is lost, and not cut, can come
	// back to those whom the streams are due to. That is a gain of the purge, which no figure
	// of an institution has.
	Diverted *Loss
}

// Loss is a mean over the worlds: what there is before a purge and what of it is lost.
type Loss struct{ Before, Lost estimate.Amount }

// stakes says of which groups what is lost is counted.
type stakes struct{ groups []int32 }

// stakesOf are those of the groups that purges concern: targets, groups that CONTROL a stream that
// is cut, and groups that are PART_OF an institution that is disbanded.
func stakesOf(cases []*Model) stakes {
	var groups []int32
	for _, m := range cases {
		s := m.Snapshot
		add := func(node int32) {
			if s.Kind(node) == graph.Group {
				groups = append(groups, node)
			}
		}
		for _, target := range m.targets {
			node, ok := target.(Node)
			if !ok {
				continue
			}
			switch s.Kind(int32(node)) {
			case graph.RevenueStream:
				for _, t := range s.In(graph.Controls, int32(node)) {
					add(s.Tie(t).From)
				}
			case graph.Institution:
				for _, t := range s.In(graph.PartOf, int32(node)) {
					add(s.Tie(t).From)
				}
			default:
				add(int32(node))
			}
		}
	}
	slices.Sort(groups)
	return stakes{groups: slices.Compact(groups)}
}

// The things that a stake is of, and the unit of which each is a whole number.
const (
	stakeMembers = iota
	stakePosts
	stakeStrength
	stakeStreams  // in thousandths
	stakeDiverted // the same
	stakeCount
)

// stakeTally adds up the stakes of the worlds of one purge.
type stakeTally struct {
	stakes stakes
	// of is by group and thing: the weight of the worlds by the number there is, and by
	// the number lost.
	of [][stakeCount][2]map[int64]float64
}

// tally returns an empty tally.
func (k stakes) tally() *stakeTally {
	t := &stakeTally{stakes: k, of: make([][stakeCount][2]map[int64]float64, len(k.groups))}
	for g := range t.of {
		for thing := range t.of[g] {
			t.of[g][thing] = [2]map[int64]float64{{}, {}}
		}
	}
	return t
}

// add counts the worlds of a block.
func (t *stakeTally) add(s *Seen) {
	for g, group := range t.stakes.groups {
		var sums [stakeCount][2]sum
		s.stake(group, func(thing int, had, lost uint64, number int64) {
			sums[thing][0].add(had, number)
			sums[thing][1].add(had&lost, number)
		})
		for lane, weight := range s.Worlds(allLanes) {
			for thing := range sums {
				for side := range sums[thing] {
					t.of[g][thing][side][sums[thing][side].at(lane)] += weight
				}
			}
		}
	}
}

// stake calls f with each thing that a group has: in which worlds it has it, in which of them it
// is lost, and how much of it there is.
func (s *Seen) stake(group int32, f func(thing int, had, lost uint64, number int64)) {
	b := s.block
	s.members(group, f)
	for ties := b.snap.Out(graph.Controls, group); len(ties) > 0; {
		same := b.snap.Parallel(ties)
		ties = ties[len(same):]
		held := b.snap.Tie(same[0]).To
		thing, size := stakeStreams, int64(1000)
		switch b.snap.Kind(held) {
		case graph.RevenueStream:
		case graph.Institution:
			thing, size = stakeStrength, b.m.heads(held)
			same = slices.DeleteFunc(slices.Clone(same), func(t int32) bool { return !speaksOf(Command, b.snap.Tie(t).Form) })
		default:
			continue
		}
		var claims, diverts []claimed
		for _, t := range same {
			c := claimed{mask: b.exists(t), share: b.m.held(b.snap.Tie(t))}
			claims = append(claims, c)
			if b.snap.Tie(t).Form == projection.Diverts {
				diverts = append(diverts, c)
			}
		}
		part := func(share int64) int64 { return (share*size + Million/2) / Million }
		strongest(claims, func(mask uint64, share int64) {
			f(thing, mask, b.lost(group)|b.lost(held)|b.takenWithin(group, held), part(share))
		})
		strongest(diverts, func(mask uint64, share int64) {
			f(stakeDiverted, mask, (b.lost(group)|b.takenWithin(group, held))&^b.lost(held), part(share))
		})
	}
	for ties := b.snap.In(graph.Funds, group); len(ties) > 0; {
		same := b.snap.Parallel(ties)
		ties = ties[len(same):]
		stream := b.snap.Tie(same[0]).From
		had := s.anywhere(same)
		for _, t := range b.snap.Out(graph.Controls, group) {
			if b.snap.Tie(t).To == stream {
				had &^= b.exists(t) // counted by its share
			}
		}
		f(stakeStreams, had, b.lost(group)|b.lost(stream)|b.takenWithin(group, stream), 1000)
	}
}

// anywhere returns the worlds in which some of the claims stands.
func (s *Seen) anywhere(ties []int32) (mask uint64) {
	for _, t := range ties {
		mask |= s.exists(t)
	}
	return mask
}

// members tells of the members of a group and of the posts that they hold.
func (s *Seen) members(group int32, f func(thing int, had, lost uint64, number int64)) {
	b := s.block
	for ties := b.snap.In(graph.MemberOf, group); len(ties) > 0; {
		same := b.snap.Parallel(ties)
		ties = ties[len(same):]
		person := b.snap.Tie(same[0]).From
		if b.snap.Kind(person) != graph.Person {
			continue
		}
		belongs := s.anywhere(same)
		f(stakeMembers, belongs, b.lost(person), 1)
		for holds := b.snap.Out(graph.Holds, person); len(holds) > 0; {
			parallel := b.snap.Parallel(holds)
			holds = holds[len(parallel):]
			post := b.snap.Tie(parallel[0]).To
			desk := b.m.desks.deskOf(post)
			f(stakePosts, belongs&s.anywhere(parallel), b.lost(person)|b.ceased(desk)|b.expelled(person, desk), 1)
		}
	}
}

// merge adds what another worker counted.
func (t *stakeTally) merge(o *stakeTally) {
	for g := range o.of {
		for thing := range o.of[g] {
			for side := range o.of[g][thing] {
				for number, weight := range o.of[g][thing][side] {
					t.of[g][thing][side][number] += weight
				}
			}
		}
	}
}

// lost tells what purges take of their stakes, by case and id. What groups have hangs on coins that
// matter to no purge. So where every world was gone through the stakes are worked out in
// worlds of their own, all of them or a sample of the draw.
func (c *crew[W]) lost(ctx context.Context, d *Draw, p *Purges) ([][]Stake, error) {
	counted, exact := c.stakes, c.plan.exact
	if exact {
		own, apart := *d, *p
		own.Method, own.Progress, apart.Stakes, apart.always = Auto, nil, true, true
		nothing := func(struct{}, *Seen) {}
		went, err := throughWorlds(&own, p.space(), func(plan *plan) (*crew[struct{}], error) {
			return simulate(ctx, plan, &apart, func() struct{} { return struct{}{} }, nothing)
		})
		if err != nil {
			return nil, err
		}
		counted, exact = went.stakes, went.plan.exact
	}
	var out [][]Stake
	for i, m := range p.Cases {
		out = append(out, counted[i].report(m, exact))
	}
	return out, nil
}

func (t *stakeTally) report(m *Model, exact bool) (list []Stake) {
	if len(t.stakes.groups) == 0 {
		return nil
	}
	s, all := m.Snapshot, m.allThatIs()
	for g, group := range t.stakes.groups {
		var most [stakeCount]int64 // in some world
		all.stake(group, func(thing int, had, _ uint64, number int64) {
			if had != 0 {
				most[thing] += number
			}
		})
		loss := func(thing int, unit float64) *Loss {
			if most[thing] == 0 {
				return nil
			}
			of := t.of[g][thing]
			return &Loss{Before: meanOf(of[0], exact, unit, most[thing]), Lost: meanOf(of[1], exact, unit, most[thing])}
		}
		list = append(list, Stake{
			Ref: s.Ref(group), Members: loss(stakeMembers, 1), Posts: loss(stakePosts, 1),
			Strength: loss(stakeStrength, 1), Streams: loss(stakeStreams, 1000), Diverted: loss(stakeDiverted, 1000),
		})
	}
	return list
}

// allThatIs is a block in which every claim stands and nothing is struck.
func (m *Model) allThatIs() *Seen {
	b := newBlock(m)
	b.everything = true
	b.reset(falling{})
	return &Seen{block: b, weights: &laneWeights{lanes: allLanes}}
}

// meanOf is the mean of a whole number over the worlds, in a unit of so many; most is the largest
// that it can be.
func meanOf(numbers map[int64]float64, exact bool, unit float64, most int64) estimate.Amount {
	var m estimate.Moments
	for number, weight := range InOrder(numbers) {
		m.Add(float64(number)/unit, weight)
	}
	return m.Amount(exact, 0, float64(most)/unit)
}
