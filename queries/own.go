// Which institutions are the targets' own, and how the fractures of theirs and of the state's are
// counted apart.
//
// Invariant: what is own is read from the picture and is the same in every world. In a question
// that ranges over sets of targets it is the same for every set, so that what a set breaks of the
// state grows with the set.
// Source: docs/model.md, Own and collateral.
// Cost: O(institutions + claims of the targets and what they reach + arcs of command below).

package queries

import (
	"math"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/worlds"
)

// ownBodies adds to own, by number among institutions, those that are the targets' own.
//
// A holder is a target, or a group that subGroups and wings reach from it, or enrolled from an
// institution that is disbanded, by claims that are as sure as [surely] wants. An institution is own where a holder CONTROLS it so surely, by a
// stated weight above ownShare, in any form but a portfolio: a party that has a ministry
// shares in the state and does not own it. An institution that is PART_OF an own one by class
// command, of whatever confidence, is own too, and so on downwards. Each claim counts by
// itself: two weak ones to the same institution do not add up.
func ownBodies(s *projection.Snapshot, p *worlds.Params, targets []int32, own []bool) {
	share := int32(math.Round(p.OwnShare * projection.Million))
	var open []int32
	add := func(node int32) {
		if s.Kind(node) != graph.Institution {
			return
		}
		if body := numberOf(s, node); !own[body] {
			own[body] = true
			open = append(open, node)
		}
	}
	for _, holder := range struckWith(s, p, targets) {
		for _, t := range s.Out(graph.Controls, holder) {
			if tie := s.Tie(t); surely(tie) && tie.Weight > share && tie.Form != projection.Portfolio {
				add(tie.To)
			}
		}
	}
	for len(open) > 0 {
		body := open[len(open)-1]
		open = open[:len(open)-1]
		for _, t := range s.In(graph.PartOf, body) {
			if tie := s.Tie(t); tie.Class == projection.CommandClass {
				add(tie.From)
			}
		}
	}
}

// struckWith are the targets and the groups that are struck with them, as surely as counts.
func struckWith(s *projection.Snapshot, p *worlds.Params, targets []int32) []int32 {
	var types []graph.TieType
	if p.SubGroups {
		types = append(types, graph.PartOf)
	}
	if p.Wings {
		types = append(types, graph.WingOf)
	}
	list, met := slices.Clone(targets), map[int32]bool{}
	for _, target := range targets {
		met[target] = true
	}
	for i := 0; i < len(list); i++ { // it grows while it is read
		up := types
		switch s.Kind(list[i]) {
		case graph.Group:
		case graph.Institution: // a target
			if up = nil; p.Enrolled {
				up = []graph.TieType{graph.PartOf}
			}
		default:
			continue
		}
		for _, typ := range up {
			for _, t := range s.In(typ, list[i]) {
				if tie := s.Tie(t); surely(tie) && s.Kind(tie.From) == graph.Group && !met[tie.From] {
					met[tie.From] = true
					list = append(list, tie.From)
				}
			}
		}
	}
	return list
}

// surely reports whether a claim is sure enough to say whose an institution is: its
// confidence, as it is stated or follows from a grade and not the default, is 0.5 or more. How
// old its evidence is does not count: what was a group's own does not become the state's
// because nobody wrote of it since.
func surely(tie *projection.Tie) bool {
	return !tie.Defaulted && tie.Stated >= projection.Certain/2
}

// ledger says what the fracture of each institution weighs, and which are counted as the
// targets' own.
type ledger struct {
	// state weighs what is not the targets' own, theirs what is: an institution has a weight in
	// one of the two at most.
	state, theirs worlds.Damage
	isOwn         []bool // by number among institutions
	owned         []Ref  // those, by id
}

// ledgerOf makes the ledger of a question in which each institution counts 1. Candidates are
// all targets that any set of the question has.
func ledgerOf(s *projection.Snapshot, p *worlds.Params, candidates []int32) ledger {
	own := make([]bool, bodies(s))
	ownBodies(s, p, candidates, own)
	return newLedger(s, own, candidates, func(int32) int64 { return 1 })
}

// ledgerOfEither is that of two purges that are compared: what either owns under its own
// parameters is own in both.
func ledgerOfEither(s *projection.Snapshot, cases []*worlds.Model, targets [][]int32) ledger {
	own := make([]bool, bodies(s))
	for i, m := range cases {
		ownBodies(s, &m.Params, targets[i], own)
	}
	return newLedger(s, own, slices.Concat(targets...), func(int32) int64 { return 1 })
}

// newLedger makes a ledger of what weigh says of institutions, by their nodes. A placeholder
// never fractures, so that it is nobody's own. A candidate that is an institution itself is in
// neither count: that it goes is what is wanted, and no damage.
func newLedger(s *projection.Snapshot, own []bool, candidates []int32, weigh func(node int32) int64) ledger {
	l := ledger{state: make(worlds.Damage, len(own)), theirs: make(worlds.Damage, len(own)), isOwn: make([]bool, len(own))}
	for i := range own {
		body := int32(i)
		node := bodyOf(s, body)
		switch {
		case slices.Contains(candidates, node):
		case own[body] && !s.Body(node).Placeholder:
			l.isOwn[body] = true
			l.owned = append(l.owned, s.Ref(node))
			l.theirs[body] = weigh(node)
		default:
			l.state[body] = weigh(node)
		}
	}
	return l
}

// someOwn reports whether anything is counted as the targets' own.
func (l *ledger) someOwn() bool { return len(l.owned) > 0 }

// owns reports whether an institution, by its id, is counted as the targets' own.
func (l *ledger) owns(s *projection.Snapshot, id graph.ID) bool {
	node, ok := s.Index(id)
	return ok && s.Kind(node) == graph.Institution && l.isOwn[numberOf(s, node)]
}

// ownLast puts the targets' own behind the others and keeps the order of both, so that a list
// that is cut shows what breaks of the state.
func ownLast[T any](list []T, own func(T) bool) {
	slices.SortStableFunc(list, func(a, b T) int {
		switch {
		case own(a) == own(b):
			return 0
		case own(b):
			return -1
		}
		return 1
	})
}

// markOwn marks the institutions that are counted as the targets' own.
func (r *PurgeReport) markOwn(s *projection.Snapshot, l *ledger) {
	for i := range r.Institutions {
		r.Institutions[i].Own = l.owns(s, r.Institutions[i].ID)
	}
	own := func(o Outcome) bool { return o.Own }
	ownLast(r.Institutions[:r.Touched], own)
	ownLast(r.Institutions[r.Touched:], own)
}
