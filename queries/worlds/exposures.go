// The parts of institutions that groups hold, with the ways in which they do.
//
// Invariant: a share joins records and claims as a purge does; a way is listed once, with every
// support of which it holds a share.
// Source: docs/questions.md, Exposure.
// Cost: that of holdings.go, and O(n log n) for n ways.

package worlds

import (
	"cmp"
	"slices"

	"entangle/graph/projection"
	"entangle/queries/estimate"
)

// Exposure is the share of one institution that is in one group's hands. Shares are
// expectations over the confidence of the ties: a post that a member holds with confidence
// 0.8 counts 0.8 of its weight. No purge is simulated and nobody responds.
type Exposure struct {
	Institution, Group projection.Ref
	// Shares by support; supports of which the group has nothing are left out.
	Shares []ExposedShare
	// Largest of the shares.
	Largest float64
	// Evidence are the ways in which the group holds its part, those with the largest share
	// first, each once.
	Evidence []Hold
	// More is the number of further ways.
	More int
}

// ExposedShare is the expected share of a support in a group's hands.
type ExposedShare struct {
	Support Support
	// Share joins Records and Claims as a purge does: by the coverage in worlds where a
	// claim stands; otherwise the records speak for the whole institution.
	Share float64
	// Records is the share of the posts on record. Claims is the share that aggregate claims
	// state for the rest.
	Records, Claims float64
}

// Hold is one way in which a group holds a part of an institution.
type Hold struct {
	// Supports of which it holds a share by this way, the largest first, then in the
	// order of the supports.
	Supports []HeldShare
	// Share is the largest of theirs.
	Share float64
	// Lost is whose hold it is: the group, its member, or a unit or stream.
	Lost projection.Ref
	// Path leads from the group to the institution, tie by tie.
	Path []Step
}

// HeldShare is the expected share of a support that a group holds by one way.
type HeldShare struct {
	Support Support
	Share   float64
	// Counts is the part of Share that counts. Of several claims of one holder the largest
	// does: Counts is less than Share where a larger one may stand, and the Counts of one
	// holder's claims add up to what they hold together. Of other ways it is Share.
	Counts float64
}

// Exposures lists what groups hold of an institution, given by its node, in no order: of all
// groups where groups is nil. Those of a smaller largest share than least are left out.
// Evidence is the number of ways that are listed of each.
func (m *Model) Exposures(body int32, groups map[int32]bool, least float64, evidence int) []Exposure {
	x := exposer{m: m, s: m.Snapshot}
	h := holdings{}
	covered := map[Support]float64{
		Staff:   x.seats(body, Staff, h, func(int32) bool { return true }),
		Command: x.seats(body, Command, h, x.m.inLines),
	}
	x.claims(body, Staff, h)
	x.claims(body, Command, h)
	x.force(body, h)
	x.funding(body, h)
	var out []Exposure
	for group, supports := range h {
		if groups != nil && !groups[group] {
			continue
		}
		e := Exposure{Institution: x.s.Ref(body), Group: x.s.Ref(group)}
		var ways ways
		for sup := range supports {
			hold := &supports[sup]
			// The part of the institution that claims speak for in worlds where one stands.
			// Records speak for the rest there.
			claims := 1 - covered[Support(sup)]
			share := estimate.Round(min(1, hold.records-claims*hold.spoken+claims*hold.claims))
			if share <= 0 {
				continue
			}
			e.Shares = append(e.Shares, ExposedShare{Support: Support(sup), Share: share, Records: estimate.Round(hold.records), Claims: estimate.Round(hold.claims)})
			e.Largest = max(e.Largest, share)
			for _, w := range hold.ways {
				part, counts := claims*w.share, claims*w.counts
				if w.record {
					part = w.share - claims*w.spoken
					counts = part
				}
				ways.add(x.s, w, HeldShare{Support(sup), estimate.Round(part), estimate.Round(counts)})
			}
		}
		if e.Largest == 0 || e.Largest < least {
			continue
		}
		e.Evidence, e.More = ways.heaviest(evidence)
		out = append(out, e)
	}
	return out
}

// ways are ways of a group into an institution.
type ways []Hold

// add adds what a way holds of a support; a way that is in the list already gets the
// support as well.
func (list *ways) add(s *projection.Snapshot, w way, share HeldShare) {
	path := Steps(s, w.from, w.ties...)
	at := slices.IndexFunc(*list, func(h Hold) bool { return h.Lost.ID == s.ID(w.lost) && slices.Equal(h.Path, path) })
	if at < 0 {
		at = len(*list)
		*list = append(*list, Hold{Lost: s.Ref(w.lost), Path: path})
	}
	h := &(*list)[at]
	h.Supports = append(h.Supports, share)
	h.Share = max(h.Share, share.Share)
}

// heaviest returns the heaviest ways, and the number of the others.
func (list *ways) heaviest(limit int) (kept []Hold, more int) {
	for _, h := range *list {
		slices.SortStableFunc(h.Supports, func(a, b HeldShare) int { return -cmp.Compare(a.Share, b.Share) })
	}
	slices.SortStableFunc(*list, func(a, b Hold) int {
		return cmp.Or(-cmp.Compare(a.Share, b.Share), cmp.Compare(a.Lost.ID, b.Lost.ID), slices.CompareFunc(a.Path, b.Path, func(p, q Step) int { return cmp.Compare(p.Tie, q.Tie) }))
	})
	kept = (*list)[:min(limit, len(*list))]
	return kept, len(*list) - len(kept)
}
