// The waves of a purge: who is struck, who rallies, defects or walks out, and what is
// assessed anew.
//
// Invariant: a wave responds only to what changed in the wave before, and to all of that, so that
// each node is responded to once in a world.
// Source: independent cascades by live edges: Kempe, Kleinberg, Tardos 2003, KDD, 137.
// Cost: O(ties of the nodes that changed) a wave.

package worlds

import (
	"math/bits"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// strike is wave 0: the targets and what the purge reaches are struck, and
// everyone who stands in them is lost.
func (b *block) strike() {
	for _, target := range b.m.targets {
		target.strike(b)
	}
	if b.m.limits != nil {
		b.strikeWithin(b.m.groupTargets())
	}
	if b.m.Params.Associates {
		for _, target := range b.m.targets {
			if person := target.person(b); person != none {
				b.pairs(graph.AssociateOf, person, func(t, other int32, _ bool) {
					b.lose(other, b.exists(t), cause{tie: t, from: person})
				})
			}
		}
	}
	// The queue grows while it is read, by sub-groups of sub-groups. A group whose mask
	// grows after it was read is queued once more: this is a closure.
	for queue := b.groupsPending(); len(queue) > 0; queue = queue[1:] {
		b.reach(queue[0], &queue)
	}
	for _, node := range slices.Clone(b.pending) {
		if b.snap.Kind(node) == graph.Group {
			b.strikeMembers(node)
		}
	}
}

// disband lets the posts of an institution that is disbanded cease and, if so asked, strikes the
// groups that are enrolled in it.
func (b *block) disband(body int32) {
	for i := range b.m.desks.seatsIn(body - b.m.firstBody) {
		b.vacate(i.desk)
	}
	if !b.m.Params.Enrolled {
		return
	}
	for _, t := range b.snap.In(graph.PartOf, body) {
		if group := b.snap.Tie(t).From; b.snap.Kind(group) == graph.Group {
			b.lose(group, b.exists(t), cause{tie: t, from: body})
		}
	}
}

// groupsPending lists the groups that were struck so far.
func (b *block) groupsPending() []int32 {
	var groups []int32
	for _, node := range b.pending {
		if b.snap.Kind(node) == graph.Group {
			groups = append(groups, node)
		}
	}
	return groups
}

// reach strikes what is part or wing of a struck group, and queues it.
func (b *block) reach(group int32, queue *[]int32) {
	struck := b.lost(group)
	spread := func(typ graph.TieType) {
		for _, t := range b.snap.In(typ, group) {
			part := b.snap.Tie(t).From
			before := b.lost(part)
			b.lose(part, struck&b.exists(t), cause{tie: t, from: group})
			if b.lost(part) != before {
				*queue = append(*queue, part)
			}
		}
	}
	if b.m.Params.SubGroups {
		spread(graph.PartOf)
	}
	if b.m.Params.Wings {
		spread(graph.WingOf)
	}
}

// strikeMembers lets the members of a struck group be lost and, if so asked, its followers.
func (b *block) strikeMembers(group int32) {
	types := []graph.TieType{graph.MemberOf}
	if b.m.Params.Followers {
		types = append(types, graph.LoyalTo)
	}
	for _, typ := range types {
		for _, t := range b.snap.In(typ, group) {
			if person := b.snap.Tie(t).From; b.snap.Kind(person) == graph.Person {
				b.lose(person, b.lost(group)&b.exists(t), cause{tie: t, from: group})
			}
		}
	}
}

// respond plays one later wave: others respond to what changed in the wave before.
func (b *block) respond() {
	b.beginWave()
	if b.wave == 1 {
		for _, group := range b.struckWithin() {
			b.rallyAround(group, b.provokedWithin(group))
		}
	}
	crowd := b.crowded()
	for news := range slices.Chunk(b.news, ahead) {
		if b.ended() {
			return
		}
		if !crowd {
			b.fetch(news)
		}
		for _, node := range news {
			state := &b.nodes[node]
			mask := state.changed[b.parity^1]
			state.changed[b.parity^1] = 0
			switch b.snap.Kind(node) {
			case graph.Group:
				b.rallyAround(node, mask)
			case graph.Person:
				if crowd {
					b.pulls.news[node] = mask
				} else {
					b.defectFrom(node, mask)
				}
			case graph.RevenueStream:
				b.provoke(node, mask)
			default: // nobody responds to an institution; judge assesses what builds on it
			}
		}
	}
	b.carryOut()
	if crowd {
		b.pull()
	}
}

// ahead is how many nodes are fetched at a time. Nodes are met in no order, so that nearly
// each is a miss of the cache. Loads that wait for nothing else overlap; loads between
// which a branch is decided do not.
const ahead = 64

// fetch reads the states of nodes and the bonds of those that are persons, or their coins where
// they were drawn for another purge.
func (b *block) fetch(nodes []int32) {
	for _, node := range nodes {
		b.fetched |= b.nodes[node].lost
	}
	if !b.repeated || b.drawn == nil {
		b.fetched |= b.bonds.Fetch(nodes)
		return
	}
	for _, node := range nodes {
		if int(node) < len(b.bondStamp) {
			if first, end := b.bonds.Span(node); first < end {
				b.fetched |= b.drawn[first].coin | b.drawn[end-1].coin
			}
		}
	}
}

// drawnBond is a bond with its coin in every world of the block.
type drawnBond struct {
	coin       uint64
	tie, other int32
}

// responseQueue holds responses whose coins fell and which were not yet carried out.
type responseQueue struct {
	list [ahead]response
	n    int
}

// response says that a person leaves, or a group rallies, in the worlds of a mask.
type response struct {
	mask uint64
	node int32
	why  cause
}

// queueResponse queues that a person leaves, or a group rallies, in the worlds of a mask.
func (b *block) queueResponse(node int32, mask uint64, why cause) {
	if b.responses.n == ahead {
		b.carryOut()
	}
	b.responses.list[b.responses.n] = response{mask, node, why}
	b.responses.n++
}

// carryOut carries out the responses queued, in their order.
func (b *block) carryOut() {
	list := b.responses.list[:b.responses.n]
	b.responses.n = 0
	for i := range list {
		b.fetched |= b.nodes[list[i].node].lost
	}
	for i := range list {
		d := &list[i]
		switch b.snap.Kind(d.node) {
		case graph.Person:
			b.lose(d.node, d.mask, d.why)
		case graph.Group:
			b.rally(d.node, d.mask, d.why)
		default: // what an institution loses by its loyalty is counted in its STAFF
		}
	}
}

// rallyAround lets allies join a group that was struck or joined itself, and
// the members of one that joined walk out.
func (b *block) rallyAround(group int32, mask uint64) {
	p := &b.m.Params
	if p.Rally {
		b.pairs(graph.AlliedWith, group, func(t, ally int32, forth bool) {
			why := rallyBack
			if forth {
				why = rallyForth
			}
			among := mask
			if !b.everything {
				among &= b.free(ally)
			}
			if among != 0 {
				b.queueResponse(ally, b.happens(among, t, why, chance(p.Solidarity*b.m.weight(b.snap.Tie(t)))), cause{tie: t, from: group})
			}
		})
	}
	if joined := mask & b.rallied(group); joined != 0 {
		members := b.bonds.Members(group)
		for i := range members {
			member := &members[i]
			if out := b.happensAlong(joined, member, walkout, chance(p.Walkout)); out != 0 {
				b.queueResponse(member.Other, out, cause{tie: member.Tie, from: group})
			}
		}
	}
	if struck := mask & (b.lost(group) | b.provokedWithin(group)); p.Defection && struck != 0 {
		b.follow(group, struck)
	}
}

// provoke lets the holders of a stream that was cut rally: each with CutProvokes of its share.
func (b *block) provoke(stream int32, mask uint64) {
	p := &b.m.Params
	if !p.Rally || p.CutProvokes == 0 {
		return
	}
	for _, t := range b.snap.In(graph.Controls, stream) {
		tie := b.snap.Tie(t)
		if b.snap.Kind(tie.From) == graph.Group {
			share := float64(b.m.held(tie)) / Million
			b.queueResponse(tie.From, b.happens(mask, t, provoked, chance(p.CutProvokes*share)), cause{tie: t, from: stream})
		}
	}
}

// defectFrom lets those tied to a lost person leave: of those loyal to the person persons are
// lost and groups rally; kin and associates are lost.
func (b *block) defectFrom(person int32, mask uint64) {
	if !b.m.Params.Defection {
		return
	}
	if drawn := b.drawnOf(person, mask); drawn != nil {
		for i := range drawn {
			if leaving := mask & drawn[i].coin; leaving != 0 {
				b.queueResponse(drawn[i].other, leaving, cause{tie: drawn[i].tie, from: person})
			}
		}
		return
	}
	bonds := b.bonds.Of(person)
	for i := range bonds {
		// The coins come first: most do not fall, and then the node at the other end need
		// not be read.
		if leaving := b.defects(mask, &bonds[i]); leaving != 0 {
			b.queueResponse(bonds[i].Other, leaving, cause{tie: bonds[i].Tie, from: person})
		}
	}
}

// drawnOf returns a person's bonds with their coins in every world of the block. It returns nil
// where it costs less to draw them for some worlds: where the person is lost in a few worlds
// at a time, most digits of a coin need not be drawn.
func (b *block) drawnOf(person int32, mask uint64) []drawnBond {
	const many = 8
	if !b.samples {
		return nil
	}
	if b.bondStamp[person] != b.coinStamp && bits.OnesCount64(mask) < many && !b.repeated {
		return nil
	}
	if b.drawn == nil {
		b.drawn = make([]drawnBond, b.bonds.Len())
	}
	first, end := b.bonds.Span(person)
	drawn := b.drawn[first:end]
	if b.bondStamp[person] != b.coinStamp {
		b.bondStamp[person] = b.coinStamp
		for i, bonds := 0, b.bonds.Of(person); i < len(bonds); i++ {
			drawn[i] = drawnBond{b.defects(allLanes, &bonds[i]), bonds[i].Tie, bonds[i].Other}
		}
	}
	return drawn
}

// defects returns the worlds among those of a mask in which the other end of a bond leaves
// after the loss of a person.
func (b *block) defects(mask uint64, bond *projection.Bond) uint64 {
	why := defectBack
	if bond.Forth() {
		why = defectForth
	}
	return b.happensAlong(mask, bond, why, chance(b.m.Params.Loyalty*b.m.weighted(bond.Weight())))
}

// happensAlong is happens for a bond: it returns the worlds among those of a mask in which the
// claim stands and the response along it comes.
func (b *block) happensAlong(mask uint64, bond *projection.Bond, why purpose, chance uint64) uint64 {
	if !b.samples || b.m.latents != nil || !bond.Alone() {
		return b.happens(mask, bond.Tie, why, chance)
	}
	return b.sample.among(b.sample.among(mask, bond.Key, why, chance), bond.Key, existence, bond.Probability())
}

// follow lets those LOYAL_TO a group leave with it: a person is lost, a group
// rallies.
func (b *block) follow(leader int32, mask uint64) {
	for _, t := range b.snap.In(graph.LoyalTo, leader) {
		tie := b.snap.Tie(t)
		leaving := b.happens(mask, t, defectBack, chance(b.m.Params.Loyalty*b.m.weight(tie)))
		b.queueResponse(tie.From, leaving, cause{tie: t, from: leader})
	}
}

// pairs calls f for every tie of a symmetric type at a node, with the node at
// the other end and whether it is the tie's to-end.
func (b *block) pairs(typ graph.TieType, node int32, f func(t, other int32, forth bool)) {
	for _, t := range b.snap.Out(typ, node) {
		f(t, b.snap.Tie(t).To, true)
	}
	for _, t := range b.snap.In(typ, node) {
		f(t, b.snap.Tie(t).From, false)
	}
}

// judge ends a wave: institutions touched by its losses, and by what broke in the wave before,
// are assessed anew, and then marked where they break.
func (b *block) judge() {
	b.inOrder(b.pending)
	for _, node := range b.pending {
		changed := b.nodes[node].changed[b.parity]
		switch b.snap.Kind(node) {
		case graph.Person:
			b.invalidateByPerson(node, changed)
		case graph.Group:
			b.invalidateByGroup(node, changed)
		case graph.RevenueStream:
			b.befall(b.m.rules.itself[graph.RevenueStream], node, changed)
		case graph.Institution:
			b.invalidateByDisbanding(node, changed)
		default:
		}
	}
	for _, node := range b.scored.fallen {
		b.invalidateByBody(node, b.scored.of[node-b.m.firstBody].fell)
	}
	b.scored.fallen = b.scored.fallen[:0]
	b.lines.update(b)
	b.inOrder(b.dirty)
	dirty := b.dirty
	for n, body := range dirty {
		if n%ahead == 0 && b.ended() {
			break
		}
		i := body - b.m.firstBody
		todo := b.rechecks[i]
		b.rechecks[i] = recheck{}
		b.assess(body, todo)
	}
	b.dirty = b.dirty[:0]
	for _, body := range dirty {
		b.fracture(body)
	}
}
