package projection

import "entangle/graph"

// Pulls are the bonds of all persons by the node at their other end: whoever asks whom
// a node may follow reads memory in order.
type Pulls struct {
	off  []int32
	from []int32 // the persons, by themselves: they are read far more often than the bonds
	list []Bond
}

// Pulls returns the bonds of persons from their other end, of persons and groups. They
// are laid out when they are first asked for, in O(nodes + bonds), 28 bytes a bond.
func (s *Snapshot) Pulls() *Pulls {
	s.pullsOnce.Do(func() { s.pulls = newPulls(s) })
	return s.pulls
}

// Nodes is the number of nodes there are pulls of: nodes from that number on have none.
func (p *Pulls) Nodes() int32 { return int32(len(p.off) - 1) }

// Of returns the bonds that may draw a node after a person, as they are seen from that
// person.
func (p *Pulls) Of(node int32) []Bond { return p.list[p.off[node]:p.off[node+1]] }

// From returns the persons whom a node may follow, one for each of its bonds.
func (p *Pulls) From(node int32) []int32 { return p.from[p.off[node]:p.off[node+1]] }

// Len returns the number of pulls of all nodes.
func (p *Pulls) Len() int { return len(p.list) }

// First returns the number of the first pull of a node among those of all.
func (p *Pulls) First(node int32) int { return int(p.off[node]) }

func newPulls(s *Snapshot) *Pulls {
	bonds := s.Bonds()
	_, nodes := s.Range(graph.Group)
	p := &Pulls{off: make([]int32, nodes+1)}
	for i := range bonds.list {
		if other := bonds.list[i].Other; other < nodes {
			p.off[other+1]++
		}
	}
	for node := range nodes {
		p.off[node+1] += p.off[node]
	}
	p.list, p.from = make([]Bond, p.off[nodes]), make([]int32, p.off[nodes])
	next := make([]int32, nodes)
	copy(next, p.off)
	lo, hi := s.Range(graph.Person)
	for person := lo; person < hi; person++ {
		for _, bond := range bonds.Of(person) {
			if other := bond.Other; other < nodes {
				at := next[other]
				next[other]++
				p.list[at], p.from[at] = bond, person
			}
		}
	}
	return p
}
