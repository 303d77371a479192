package projection

import (
	"runtime"
	"sync"

	"entangle/graph"
)

// Bond is one tie along which what happens to a node may draw another after it, seen
// from that node. It holds all that drawing takes, in 24 bytes: ties lie in the order of
// one end, and whoever comes from the other would meet each in another part of memory.
type Bond struct {
	// Key is that of the tie.
	Key uint64
	// Tie, and the node at its other end.
	Tie, Other int32
	// about: the weight and one, forth, alone; odds: the probability less one.
	about, odds uint32
}

const (
	bondForth  = 1 << 31
	bondAlone  = 1 << 30
	bondWeight = bondAlone - 1
)

func newBond(t int32, tie *Tie, other int32) Bond {
	b := Bond{Key: tie.Key, Tie: t, Other: other, about: uint32(tie.Weight + 1), odds: uint32(tie.Probability - 1)}
	if other == tie.To {
		b.about |= bondForth
	}
	if tie.Conflict == 0 && tie.Probability > 0 {
		b.about |= bondAlone
	}
	return b
}

// Weight is that of the tie, in parts per million, Unknown where not stated.
func (b *Bond) Weight() int32 { return int32(b.about&bondWeight) - 1 }

// Forth reports whether the other end is the tie's to-end.
func (b *Bond) Forth() bool { return b.about&bondForth != 0 }

// Alone reports whether the claim belongs to no set of alternatives and may hold: the
// case in which Probability says all of it.
func (b *Bond) Alone() bool { return b.about&bondAlone != 0 }

// Probability is that of a tie that stands alone.
func (b *Bond) Probability() uint64 { return uint64(b.odds) + 1 }

// Bonds are the bonds of all persons and groups, those of one node after those of
// another: whoever follows them reads memory in order.
type Bonds struct {
	first int32 // the first person
	off   []int32
	list  []Bond
	// firstGroup and its members.
	firstGroup int32
	memberOff  []int32
	members    []Bond
	// bears has a bit for each person on whom something of an institution rests.
	bears []uint64
}

// Bonds returns the bonds of the persons. They are laid out when they are first
// asked for, on all processors, in O(persons + bonds), 24 bytes a bond.
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

// Fetch reads where the bonds of nodes begin, of those that are persons, and returns
// nothing of meaning: whoever is about to go through them finds them in the cache.
func (b *Bonds) Fetch(nodes []int32) (nothing uint64) {
	for _, node := range nodes {
		if i := node - b.first; i >= 0 && int(i) < len(b.off)-1 && b.off[i] < b.off[i+1] {
			nothing |= b.list[b.off[i]].Key | b.list[b.off[i+1]-1].Key
		}
	}
	return nothing
}

// Bears reports whether a person holds a post, has influence on somebody or is one
// to whom an institution is loyal.
func (b *Bonds) Bears(person int32) bool {
	i := person - b.first
	return b.bears[i/64]>>(i%64)&1 == 1
}

// Len returns the number of bonds of all persons.
func (b *Bonds) Len() int { return len(b.list) }

// Span returns the number of the first bond of a person among those of all, and the one past
// the last.
func (b *Bonds) Span(person int32) (first, end int) {
	i := person - b.first
	return int(b.off[i]), int(b.off[i+1])
}

// Members returns the bonds of a group to its members: the MEMBER_OF ties that arrive.
func (b *Bonds) Members(group int32) []Bond {
	i := group - b.firstGroup
	return b.members[b.memberOff[i]:b.memberOff[i+1]]
}

func newBonds(s *Snapshot) *Bonds {
	lo, hi := s.Range(graph.Person)
	b := &Bonds{first: lo, bears: make([]uint64, (hi-lo+63)/64)}
	b.off, b.list = rows(lo, hi, s.bondCount, s.bondsOf)
	inParts(lo, hi, func(person int32) {
		if s.bears(person) {
			i := person - lo
			b.bears[i/64] |= 1 << (i % 64)
		}
	})
	b.firstGroup, hi = s.Range(graph.Group)
	b.memberOff, b.members = rows(b.firstGroup, hi,
		func(group int32) int { return len(s.In(graph.MemberOf, group)) },
		func(group int32, f func(Bond)) { s.arriving(graph.MemberOf, group, f) })
	return b
}

// rows lists what each calls back with for every node of a range, count times.
func rows(lo, hi int32, count func(node int32) int, each func(node int32, f func(Bond))) (off []int32, list []Bond) {
	off = make([]int32, hi-lo+1)
	for node := lo; node < hi; node++ {
		off[node-lo+1] = off[node-lo] + int32(count(node))
	}
	list = make([]Bond, off[hi-lo])
	inParts(lo, hi, func(node int32) {
		at := off[node-lo]
		each(node, func(b Bond) {
			list[at] = b
			at++
		})
	})
	return off, list
}

// inParts calls f for every node of a range, on all processors. 64 nodes that begin at a
// multiple of 64 from the first are one goroutine's.
func inParts(lo, hi int32, f func(node int32)) {
	parts := int32(runtime.GOMAXPROCS(0))
	each := ((hi-lo)/parts/64 + 1) * 64
	var wg sync.WaitGroup
	for first := lo; first < hi; first += each {
		wg.Go(func() {
			for node := first; node < min(first+each, hi); node++ {
				f(node)
			}
		})
	}
	wg.Wait()
}

// bondCount is the number of bonds of a person.
func (s *Snapshot) bondCount(person int32) int {
	n := len(s.In(graph.LoyalTo, person))
	for _, typ := range []graph.TieType{graph.KinOf, graph.AssociateOf} {
		n += len(s.Out(typ, person)) + len(s.In(typ, person))
	}
	return n
}

// bondsOf calls f with the bonds of a person.
func (s *Snapshot) bondsOf(person int32, f func(Bond)) {
	s.arriving(graph.LoyalTo, person, f)
	for _, typ := range []graph.TieType{graph.KinOf, graph.AssociateOf} {
		for _, t := range s.Out(typ, person) {
			f(newBond(t, s.Tie(t), s.Tie(t).To))
		}
		s.arriving(typ, person, f)
	}
}

func (s *Snapshot) arriving(typ graph.TieType, node int32, f func(Bond)) {
	for _, t := range s.In(typ, node) {
		f(newBond(t, s.Tie(t), s.Tie(t).From))
	}
}

func (s *Snapshot) bears(person int32) bool {
	for _, typ := range []graph.TieType{graph.Holds, graph.Influences} {
		if len(s.Out(typ, person)) > 0 {
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
