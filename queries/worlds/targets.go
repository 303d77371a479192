// What a purge strikes in wave 0.
//
// Invariant: what a target strikes hangs on the claims of a world alone, not on the other
// targets, so that the losses of a set are the union of those of its members.
// Source: docs/model.md, Wave 0.
// Cost: O(ties of the target).

package worlds

import "entangle/graph"

// Target is one thing that a purge strikes. It is a sum type, of which [Node] is the one case.
type Target interface {
	// strike loses what the target itself stands for.
	strike(b *block)
	// person is the person that the target is, none where it is no person.
	person(b *block) int32
}

// Node strikes a node of the snapshot: a group, a person, or a post, which stands for those
// who hold it on the day. A revenue stream is cut: it pays nobody. An institution is disbanded:
// it and its posts are gone, their holders are not.
type Node int32

func (n Node) strike(b *block) {
	node := int32(n)
	if b.snap.Kind(node) == graph.Group && b.m.limits != nil {
		return // strikeWithin strikes it
	}
	if b.snap.Kind(node) != graph.Post {
		b.lose(node, allLanes, cause{tie: none, from: none})
	}
	switch b.snap.Kind(node) {
	case graph.Post:
		for _, t := range b.snap.In(graph.Holds, node) {
			b.lose(b.snap.Tie(t).From, b.exists(t), cause{tie: t, from: node})
		}
	case graph.Institution:
		b.disband(node)
	default: // what is lost with it follows from its ties
	}
}

func (n Node) person(b *block) int32 {
	if b.snap.Kind(int32(n)) == graph.Person {
		return int32(n)
	}
	return none
}
