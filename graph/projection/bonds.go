package projection

import (
	"iter"

	"entangle/graph"
)

// Bond is one tie along which the loss of a person may draw another after it, as
// the person who is lost sees it: KIN_OF and ASSOCIATE_OF from either end, LOYAL_TO
// from the one who is followed.
type Bond struct {
	// Key and Weight are those of the tie.
	Key    uint64
	Weight int32
	// Tie, and the node at its other end.
	Tie, Other int32
	Type       graph.TieType
	// Forth: the other end is the tie's to-end.
	Forth bool
}

// Bonds are the bonds of all persons, one person's after the other's: whoever
// follows them reads memory in order instead of the lists of three types.
type Bonds struct {
	first int32 // the first person
	off   []int32
	list  []Bond
	// bears has a bit for each person on whom something of an institution rests.
	bears []uint64
}

// Bonds returns the bonds of the persons. They are laid out when they are first
// asked for, in O(persons + bonds), 24 bytes a bond.
func (s *Snapshot) Bonds() *Bonds {
	s.bondsOnce.Do(func() { s.bonds = newBonds(s) })
	return s.bonds
}

// Of returns the bonds of a person: those who are loyal to it, then its kin, then its
// associates, the ties that leave it before those that arrive.
func (b *Bonds) Of(person int32) []Bond {
	i := person - b.first
	return b.list[b.off[i]:b.off[i+1]]
}

// Bears reports whether a person holds a post, has influence on somebody or is one
// to whom an institution is loyal.
func (b *Bonds) Bears(person int32) bool {
	i := person - b.first
	return b.bears[i/64]>>(i%64)&1 == 1
}

func newBonds(s *Snapshot) *Bonds {
	lo, hi := s.Range(graph.Person)
	b := &Bonds{first: lo, off: make([]int32, hi-lo+1), bears: make([]uint64, (hi-lo+63)/64)}
	count := int32(0)
	for person := lo; person < hi; person++ {
		for range s.bondsOf(person) {
			count++
		}
		b.off[person-lo+1] = count
		if s.bears(person) {
			i := person - lo
			b.bears[i/64] |= 1 << (i % 64)
		}
	}
	b.list = make([]Bond, 0, count)
	for person := lo; person < hi; person++ {
		for t, bond := range s.bondsOf(person) {
			tie := s.Tie(t)
			bond.Tie, bond.Key, bond.Weight, bond.Type = t, tie.Key, tie.Weight, tie.Type
			b.list = append(b.list, bond)
		}
	}
	return b
}

// bondsOf yields the ties that are bonds of a person, with what the person's end
// tells of each.
func (s *Snapshot) bondsOf(person int32) iter.Seq2[int32, Bond] {
	return func(yield func(int32, Bond) bool) {
		arriving := func(typ graph.TieType) bool {
			for _, t := range s.In(typ, person) {
				if !yield(t, Bond{Other: s.Tie(t).From}) {
					return false
				}
			}
			return true
		}
		if !arriving(graph.LoyalTo) {
			return
		}
		for _, typ := range []graph.TieType{graph.KinOf, graph.AssociateOf} {
			lo, hi := s.Out(typ, person)
			for t := lo; t < hi; t++ {
				if !yield(t, Bond{Other: s.Tie(t).To, Forth: true}) {
					return
				}
			}
			if !arriving(typ) {
				return
			}
		}
	}
}

func (s *Snapshot) bears(person int32) bool {
	for _, typ := range []graph.TieType{graph.Holds, graph.Influences} {
		if lo, hi := s.Out(typ, person); hi > lo {
			return true
		}
	}
	for _, t := range s.In(graph.LoyalTo, person) {
		if s.Kind(s.Tie(t).From) == graph.Institution {
			return true
		}
	}
	return false
}
