package queries

import (
	"entangle/graph"
	"entangle/graph/projection"
)

// ownBodies are, by node, the institutions that are the targets' own: those that a target
// itself holds, and their parts.
//
// An institution is held by a claim CONTROLS of a target with a confidence of 0.5 or
// more that is stated, whatever its age, and not the default, and a stated weight above 0.5, in any form but a
// portfolio: a party that has a ministry shares in the state and does not own it. A part
// is an institution that is PART_OF an own one by class command, of whatever confidence,
// and so on downwards. Groups that the purge reaches from its targets do not count. Each
// claim counts by itself: two weak ones to the same institution do not add up.
//
// This is a reading of the record for whoever reads the answer, and changes no number of
// it. The search goes down each arc of command once: O(claims of the targets + arcs).
func ownBodies(s *projection.Snapshot, targets []int32) []bool {
	own := make([]bool, s.Len())
	var open []int32
	add := func(body int32) {
		if s.Kind(body) == graph.Institution && !own[body] {
			own[body] = true
			open = append(open, body)
		}
	}
	for _, target := range targets {
		for _, t := range s.Out(graph.Controls, target) {
			if tie := s.Tie(t); owns(tie) {
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
	return own
}

// owns reports whether a CONTROLS claim makes an institution the holder's own.
func owns(tie *projection.Tie) bool {
	return !tie.Defaulted && tie.Stated >= projection.Certain/2 && tie.Weight > projection.Million/2 && tie.Form != projection.Portfolio
}

// markOwn marks the outcomes of the targets' own institutions.
func markOwn(s *projection.Snapshot, targets []int32, outcomes []Outcome) {
	own := ownBodies(s, targets)
	for i := range outcomes {
		node, ok := s.Index(outcomes[i].ID)
		outcomes[i].Own = ok && own[node]
	}
}
