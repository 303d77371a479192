// A strike that is limited: to some institutions, to posts of some weight or to both.
//
// Invariant: who is struck so is not lost. What is taken hangs on the claims of a world alone, and
// is a part of what a whole strike takes.
// Source: docs/model.md, A limited strike.
// Cost: O(ties of the groups struck, of their members and of what is within) a purge and block.

package worlds

import (
	"maps"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// strikeLimits say what a strike is limited to; nil where it is whole.
type strikeLimits struct {
	within []int32 // institutions; nil: everywhere
	weight int32   // the least that a post weighs
}

// limitsOf are those of parameters that were verified, nil where nothing is limited.
func limitsOf(m *Model) *strikeLimits {
	p := &m.Params
	if len(p.Within) == 0 && p.FromWeight == 0 {
		return nil
	}
	l := &strikeLimits{weight: int32(share(p.FromWeight))}
	for _, id := range p.Within {
		if node, ok := m.Snapshot.Index(id); ok && m.Snapshot.Kind(node) == graph.Institution {
			l.within = append(l.within, node)
		}
	}
	return l
}

// limited is what a limited strike came to in the worlds of a block.
type limited struct {
	groups  map[int32]uint64 // struck so, and provoked
	members map[int32]uint64 // who loses posts
	scope   map[int32]uint64 // institutions within and their parts
}

// strikeWithin strikes groups, given by their nodes, within the limits of the model.
func (b *block) strikeWithin(targets []int32) {
	l := &limited{groups: map[int32]uint64{}, members: map[int32]uint64{}, scope: map[int32]uint64{}}
	b.limited = l
	spread := func(of map[int32]uint64, from []int32, types []graph.TieType, fits func(t int32) bool) {
		for _, node := range from {
			of[node] = allLanes
		}
		for queue := slices.Clone(from); len(queue) > 0; queue = queue[1:] {
			for _, typ := range types {
				for _, t := range b.snap.In(typ, queue[0]) {
					part := b.snap.Tie(t).From
					if !fits(t) {
						continue
					}
					if more := of[queue[0]] & b.exists(t) &^ of[part]; more != 0 {
						of[part] |= more
						queue = append(queue, part)
						if b.trace != nil && more&b.trace.world != 0 && b.snap.Kind(part) == graph.Group {
							b.trace.within[part] = cause{tie: t, from: queue[0]}
						}
					}
				}
			}
		}
	}
	p := &b.m.Params
	var types []graph.TieType
	if p.SubGroups {
		types = append(types, graph.PartOf)
	}
	if p.Wings {
		types = append(types, graph.WingOf)
	}
	spread(l.groups, targets, types, func(int32) bool { return true })
	spread(l.scope, b.m.limits.within, []graph.TieType{graph.PartOf}, b.isPart)
	for _, group := range b.struckWithin() {
		mask := l.groups[group]
		for _, typ := range []graph.TieType{graph.MemberOf, graph.LoyalTo} {
			if typ == graph.LoyalTo && !p.Followers {
				continue
			}
			for _, t := range b.snap.In(typ, group) {
				if person := b.snap.Tie(t).From; b.snap.Kind(person) == graph.Person {
					l.members[person] |= mask & b.exists(t)
				}
			}
		}
		b.invalidateByGroup(group, mask)
	}
	for _, person := range slices.Sorted(maps.Keys(l.members)) {
		for _, held := range b.m.desks.heldBy(person) {
			mask := b.expelled(person, held.desk)
			if mask == 0 {
				continue
			}
			b.vacate(held.desk)
			for _, body := range b.m.desks.bodiesOf(held.desk) {
				b.invalidate(body, b.m.rules.posts, mask)
			}
		}
	}
}

// expelled returns the worlds in which a person loses a desk to a limited strike.
func (b *block) expelled(person, desk int32) uint64 {
	if b.limited == nil {
		return 0
	}
	mask := b.limited.members[person]
	if mask == 0 || b.m.desks.rows[desk].weight < b.m.limits.weight {
		return 0
	}
	if b.m.limits.within == nil {
		return mask
	}
	in := uint64(0)
	for _, t := range b.snap.Out(graph.PostIn, b.m.desks.rows[desk].post) {
		if scope := b.limited.scope[b.snap.Tie(t).To]; scope&mask != 0 {
			in |= scope & b.exists(t)
		}
	}
	return mask & in
}

// takenWithin returns the worlds in which a limited strike takes what a group holds or sways.
func (b *block) takenWithin(group, held int32) uint64 {
	if b.limited == nil {
		return 0
	}
	mask := b.limited.groups[group]
	if b.m.limits.within != nil {
		mask &= b.limited.scope[held]
	}
	return mask
}

// isPart says that a PART_OF claim makes an institution a part of what is within.
func (b *block) isPart(t int32) bool {
	tie := b.snap.Tie(t)
	return b.snap.Kind(tie.From) == graph.Institution && tie.Class != projection.InformalClass
}

// struckWithin lists the groups that were struck within limits, in the order of their nodes.
func (b *block) struckWithin() []int32 {
	if b.limited == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(b.limited.groups))
}

// provokedWithin returns the worlds in which a group was struck within limits.
func (b *block) provokedWithin(group int32) uint64 {
	if b.limited == nil {
		return 0
	}
	return b.limited.groups[group]
}
