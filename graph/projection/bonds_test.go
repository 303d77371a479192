package projection_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
)

// bondText is a bond as text, with all that it says.
func bondText(s *projection.Snapshot, b projection.Bond) string {
	out := fmt.Sprintf("%s to %s forth %t weight %d key %x alone %t", s.TieID(b.Tie), s.ID(b.Other), b.Forth(), b.Weight(), b.Key, b.Alone())
	if b.Alone() {
		out += fmt.Sprint(" p ", b.Probability())
	}
	return out
}

// seen is the bond that a scan makes of a tie, seen from one of its ends.
func seen(s *projection.Snapshot, t int32, from int32) string {
	tie := s.Tie(t)
	other, forth := tie.To, true
	if other == from {
		other, forth = tie.From, false
	}
	out := fmt.Sprintf("%s to %s forth %t weight %d key %x alone %t", s.TieID(t), s.ID(other), forth, tie.Weight, tie.Key, tie.Conflict == 0 && tie.Probability > 0)
	if tie.Conflict == 0 && tie.Probability > 0 {
		out += fmt.Sprint(" p ", tie.Probability)
	}
	return out
}

// TestBondsAreThoseOfAScan: the bonds of a person and the members of a group are those
// ties that a scan finds, in their order, and each says what its tie says; a pull is a
// bond from its other end.
func TestBondsAreThoseOfAScan(t *testing.T) {
	bearers, pulled := 0, 0
	check := func(rt *rapid.T) {
		b := batches.Draw(rt, "batch")
		for i := range b.Ties {
			if rapid.Bool().Draw(rt, "weighed") {
				b.Ties[i].Weight = graph.KnownShare(rapid.SampledFrom([]float64{0, 1.0 / 3, 0.55, 1}).Draw(rt, "weight"))
			}
		}
		s := build(t, b, allOptions.Draw(rt, "options"))
		bonds, pulls := s.Bonds(), s.Pulls()
		every := []int32{-1, s.Len()} // what is no person is passed over
		for node := range s.Len() {
			every = append(every, node)
		}
		bonds.Fetch(every)
		lo, hi := s.Range(graph.Person)
		var all int
		pull := map[string][]string{}
		for person := lo; person < hi; person++ {
			var want, got []string
			for _, typ := range []graph.TieType{graph.LoyalTo, graph.KinOf, graph.AssociateOf} {
				if typ != graph.LoyalTo {
					for _, tie := range s.Out(typ, person) {
						want = append(want, seen(s, tie, person))
					}
				}
				for _, tie := range s.In(typ, person) {
					want = append(want, seen(s, tie, person))
				}
			}
			if first, end := bonds.Span(person); first != all || end != all+len(bonds.Of(person)) {
				rt.Fatalf("the bonds of %s are %d to %d, %d come before", s.ID(person), first, end, all)
			}
			for _, bond := range bonds.Of(person) {
				all++
				got = append(got, bondText(s, bond))
				other := string(s.ID(bond.Other))
				pull[other] = append(pull[other], string(s.ID(person))+" "+bondText(s, bond))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("bonds of %s (-scan +list):\n%s", s.ID(person), diff)
			}
			bears := false
			for tie := range s.Ties() {
				at := s.Tie(tie)
				bears = bears || at.From == person && (at.Type == graph.Holds || at.Type == graph.Influences) ||
					at.To == person && at.Type == graph.LoyalTo && s.Kind(at.From) == graph.Institution
			}
			if bonds.Bears(person) != bears {
				rt.Fatalf("%s bears something: %t", s.ID(person), !bears)
			}
			if bears {
				bearers++
			}
		}
		if bonds.Len() != all {
			rt.Fatalf("%d bonds, counted %d", bonds.Len(), all)
		}
		lo, hi = s.Range(graph.Group)
		for group := lo; group < hi; group++ {
			var want, got []string
			for _, tie := range s.In(graph.MemberOf, group) {
				want = append(want, seen(s, tie, group))
			}
			for _, bond := range bonds.Members(group) {
				got = append(got, bondText(s, bond))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("members of %s (-scan +list):\n%s", s.ID(group), diff)
			}
		}
		total := 0
		for node := range pulls.Nodes() {
			if first := pulls.First(node); first != total {
				rt.Fatalf("the pulls of %s begin at %d, %d come before", s.ID(node), first, total)
			}
			var got []string
			for i, bond := range pulls.Of(node) {
				total++
				got = append(got, string(s.ID(pulls.From(node)[i]))+" "+bondText(s, bond))
			}
			if diff := cmp.Diff(pull[string(s.ID(node))], got); diff != "" {
				rt.Fatalf("pulls of %s (-bonds +list):\n%s", s.ID(node), diff)
			}
		}
		if pulls.Len() != total {
			rt.Fatalf("%d pulls, counted %d", pulls.Len(), total)
		}
		pulled += total
	}
	for try := 0; try < 20 && (bearers == 0 || pulled == 0); try++ { // few draws may show nothing
		rapid.Check(t, check)
	}
	if bearers == 0 || pulled == 0 {
		t.Errorf("%d persons bear something and %d are pulled: the drawing shows nothing", bearers, pulled)
	}
}

// TestWithoutIsThePictureLess: what is dropped is gone, all else is as it was.
func TestWithoutIsThePictureLess(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := batches.Draw(rt, "batch")
		for i, n := range b.Nodes {
			if n.Kind == graph.Person && i%2 == 0 {
				b.Nodes[i].Props = graph.Props{"died": {"2012"}}
			}
		}
		s := build(t, b, allOptions.Draw(rt, "options"))
		typ := rapid.SampledFrom(graph.TieTypes()).Draw(rt, "dropped").Type
		less := s.Without(func(tie *projection.Tie) bool { return tie.Type == typ })
		var want, got []string
		possible, defaulted := 0, 0
		for tie := range s.Ties() {
			if at := s.Tie(tie); at.Type != typ {
				want = append(want, fmt.Sprintf("%s %+v", s.TieID(tie), *at))
				if at.Possible {
					possible++
				}
				if at.Defaulted {
					defaulted++
				}
			}
		}
		for tie := range less.Ties() {
			got = append(got, fmt.Sprintf("%s %+v", less.TieID(tie), *less.Tie(tie)))
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("ties (-want +got):\n%s", diff)
		}
		if less.PossibleTies() != possible || less.Defaulted() != defaulted || less.OmittedTies() != s.OmittedTies() || less.ConflictSets() != s.ConflictSets() ||
			less.Len() != s.Len() || less.Version() != s.Version() || less.Options() != s.Options() || less.Clearance() != s.Clearance() {
			rt.Fatalf("%d possible, %d defaulted, %d omitted, %d sets; want %d, %d, %d, %d", less.PossibleTies(), less.Defaulted(), less.OmittedTies(), less.ConflictSets(),
				possible, defaulted, s.OmittedTies(), s.ConflictSets())
		}
		if (less.Hash() == s.Hash()) != (less.Ties() == s.Ties()) {
			rt.Fatalf("%d ties of %d: hashes %s and %s", less.Ties(), s.Ties(), less.Hash(), s.Hash())
		}
		for node := range s.Len() {
			a, gone := s.Absence(node)
			x, still := less.Absence(node)
			if a != x || gone != still || less.There(node) == gone || less.ID(node) != s.ID(node) || less.Name(node) != s.Name(node) || !slices.Equal(less.Types(node), s.Types(node)) {
				rt.Fatalf("%s is another without %s", s.ID(node), typ)
			}
			for _, row := range graph.TieTypes() {
				got, want := len(less.Out(row.Type, node)), len(s.Out(row.Type, node))
				if row.Type == typ {
					want = 0
				}
				if got != want {
					rt.Fatalf("%d ties %s leave %s, want %d", got, row.Name, s.ID(node), want)
				}
			}
		}
	})
}
