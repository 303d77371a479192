// The supports as rows of a table: how each is worked out, what took it, and what bears on it.
//
// Invariant: whatever may change what an institution retains of a support is among what bears on
// it, so that a support that is not assessed anew in a wave retains what it did.
// Source: docs/model.md, What an institution stands on.
// Cost: O(ties of what was lost) a wave.

package worlds

import (
	"slices"

	"entangle/graph"
)

// supportRow is one support. Another support is another row: its number in params.go, its type
// here, its arithmetic in retained.go and its reasons in reasons.go.
type supportRow interface {
	name() string
	// work adds up what there was of the support in each world, and what stays.
	work(b *block, body int32)
	// took lists what took the support in one world; records is the part of it that rests on
	// records.
	took(r reasons, body int32, records float64) []contribution
	// posts says that it rests on who holds the institution's posts.
	posts() bool
	// bears lists what else bears on it.
	bears() []bearing
}

var supportTable = [SupportCount]supportRow{Staff: staff{}, Command: command{}, Force: force{}, Funding: funding{}, Provision: provision{}}

// bearing is a way in which what befalls a node bears on a support: of is what is lost, struck,
// rallied or broken. Where held is a kind, what bears on the support is a thing of that kind
// that the node CONTROLS. The tie leads from what bears to the institution or, back, from the
// institution to it; where there is no tie the institution itself is what is held.
type bearing struct {
	of, held graph.Kind
	tie      graph.TieType
	back     bool
}

type (
	staff     struct{}
	command   struct{}
	force     struct{}
	funding   struct{}
	provision struct{}
)

func (staff) name() string     { return "STAFF" }
func (command) name() string   { return "COMMAND" }
func (force) name() string     { return "FORCE" }
func (funding) name() string   { return "FUNDING" }
func (provision) name() string { return "PROVISION" }

func (staff) work(b *block, body int32)     { b.staff(body) }
func (command) work(b *block, body int32)   { b.command(body) }
func (force) work(b *block, body int32)     { b.force(body) }
func (funding) work(b *block, body int32)   { b.funding(body) }
func (provision) work(b *block, body int32) { b.provision(body) }

func (staff) took(r reasons, body int32, records float64) []contribution {
	return slices.Concat(r.seats(body, Staff, records), onceEach(slices.Concat(r.controls(body, Staff, 1-records), r.sways(body, 1-records))))
}

func (command) took(r reasons, body int32, records float64) []contribution {
	return slices.Concat(r.seats(body, Command, records), r.controls(body, Command, 1-records))
}

func (force) took(r reasons, body int32, _ float64) []contribution     { return r.units(body) }
func (funding) took(r reasons, body int32, _ float64) []contribution   { return r.streams(body) }
func (provision) took(r reasons, body int32, _ float64) []contribution { return r.providers(body) }

func (staff) posts() bool     { return true }
func (command) posts() bool   { return true }
func (force) posts() bool     { return false }
func (funding) posts() bool   { return false }
func (provision) posts() bool { return false }

func (staff) bears() []bearing {
	return []bearing{
		{of: graph.Person, tie: graph.Influences},
		{of: graph.Person, tie: graph.LoyalTo, back: true},
		{of: graph.Group, held: graph.Institution},
		{of: graph.Group, tie: graph.Influences},
		{of: graph.Group, tie: graph.LoyalTo, back: true},
		{of: graph.Institution, tie: graph.Influences},
	}
}

func (command) bears() []bearing { return []bearing{{of: graph.Group, held: graph.Institution}} }

func (force) bears() []bearing {
	return []bearing{
		{of: graph.Group, held: graph.Institution, tie: graph.PartOf},
		{of: graph.Institution, tie: graph.PartOf},
	}
}

func (funding) bears() []bearing {
	return []bearing{
		{of: graph.Group, held: graph.RevenueStream, tie: graph.Funds},
		{of: graph.RevenueStream, tie: graph.Funds},
	}
}

func (provision) bears() []bearing {
	return []bearing{
		{of: graph.Institution, tie: graph.PartOf, back: true},
		{of: graph.Institution, tie: graph.DependsOn, back: true},
	}
}

// rule says which supports a tie makes worth assessing anew at its other end.
type rule struct {
	tie  graph.TieType
	back bool
	on   supports
}

// rules are the rules of the table by what befell whom: a node itself, by its kind, and what
// is held, by its kind.
type rules struct {
	itself, held [kinds][]rule
	posts        supports // those that rest on posts
}

// kinds is more than there are kinds of node.
const kinds = 16

// rulesOf makes rules of the table. Bearings of several supports by the same tie are one rule.
func rulesOf(table []supportRow) (out rules) {
	for i, row := range table {
		sup := Support(i)
		if row.posts() {
			out.posts |= only(sup)
		}
		for _, by := range row.bears() {
			list := &out.itself[by.of]
			if by.held != 0 {
				list = &out.held[by.held]
			}
			at := slices.IndexFunc(*list, func(r rule) bool { return r.tie == by.tie && r.back == by.back })
			if at < 0 {
				at = len(*list)
				*list = append(*list, rule{tie: by.tie, back: by.back})
			}
			(*list)[at].on |= only(sup)
		}
	}
	return out
}

// befall invalidates what bears on something that befell a node, in the worlds of a mask.
func (b *block) befall(list []rule, node int32, mask uint64) {
	for _, r := range list {
		switch {
		case r.tie == 0:
			b.invalidate(node, r.on, mask)
		case r.back:
			for _, t := range b.snap.In(r.tie, node) {
				b.invalidateBody(b.snap.Tie(t).From, r.on, mask)
			}
		default:
			for _, t := range b.snap.Out(r.tie, node) {
				b.invalidateBody(b.snap.Tie(t).To, r.on, mask)
			}
		}
	}
}

func (b *block) invalidateBody(node int32, set supports, mask uint64) {
	if b.snap.Kind(node) == graph.Institution {
		b.invalidate(node, set, mask)
	}
}

// invalidateByPerson invalidates what a person, lost in the worlds of a mask, bears on.
func (b *block) invalidateByPerson(person int32, mask uint64) {
	if !b.bonds.Bears(person) {
		return
	}
	posts := b.m.rules.posts
	for _, held := range b.m.desks.heldBy(person) {
		lost, set := mask, posts
		if b.samples {
			b.desk(held.desk) // tosses who holds it
			if lost &= b.holds[held.holder]; lost == 0 {
				continue
			}
			if b.m.desks.rows[held.desk].number == 1 {
				set &^= only(Command) // the line of a post is lost with its last holder: lineState sees to it
			}
		}
		b.vacate(held.desk)
		for _, body := range b.m.desks.bodiesOf(held.desk) {
			b.invalidate(body, set, lost)
		}
	}
	b.befall(b.m.rules.itself[graph.Person], person, mask)
}

// invalidateByGroup invalidates what a group, struck or rallied, holds or sways.
func (b *block) invalidateByGroup(group int32, mask uint64) {
	for _, t := range b.snap.Out(graph.Controls, group) {
		held := b.snap.Tie(t).To
		b.befall(b.m.rules.held[b.snap.Kind(held)], held, mask)
	}
	b.befall(b.m.rules.itself[graph.Group], group, mask)
}

// invalidateByDisbanding invalidates what builds on an institution that was disbanded, and what
// its posts bear on.
func (b *block) invalidateByDisbanding(body int32, mask uint64) {
	b.befall(b.m.rules.itself[graph.Institution], body, mask)
	for i := range b.m.desks.seatsIn(body - b.m.firstBody) {
		for _, other := range b.m.desks.bodiesOf(i.desk) {
			b.invalidate(other, b.m.rules.posts, mask)
		}
	}
}

// invalidateByBody invalidates what builds on an institution that broke.
func (b *block) invalidateByBody(body int32, mask uint64) {
	if b.m.Params.Contagion {
		b.befall(b.m.rules.itself[graph.Institution], body, mask)
	}
}
