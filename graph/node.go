package graph

import "slices"

// ID identifies a node or a tie. Node ids are unique over all kinds and stable
// across loads; tie ids are derived from what the tie claims (see TieID).
type ID string

// Citation points from a claim to the place in a source that it rests on. A source
// that somebody has deleted is cited on: no store has a node of its id then.
type Citation struct {
	Source ID     `json:"source"`
	Page   string `json:"page,omitempty"`
	Quote  string `json:"quote,omitempty"`
}

// Node is one person, body, post, place, stream, event or source.
type Node struct {
	ID   ID
	Kind Kind
	// Names has the primary name first. It is never empty in a valid node.
	Names []Name
	// Types is a set: a body may be armed group and party.
	Types []string
	Props Props
	// Aliases are other identifiers of the same thing, "scheme:value".
	Aliases   []string
	Citations []Citation
	Marking   Marking
	// Load is the load that first brought the node.
	Load ID
}

// Name returns the primary name.
func (n Node) Name() string {
	if len(n.Names) == 0 {
		return string(n.ID)
	}
	return n.Names[0].Text
}

// Is reports whether the node has a type.
func (n Node) Is(typ string) bool { return slices.Contains(n.Types, typ) }

// MergeNode returns what a store keeps when incoming arrives for a node it
// already has: names, types, aliases and citations are united in order, a
// property present in incoming replaces the old values, an absent one leaves
// them, the stricter marking and the first load stay.
func MergeNode(old, incoming Node) Node {
	out := old
	out.Names = union(old.Names, incoming.Names)
	out.Types = union(old.Types, incoming.Types)
	out.Aliases = union(old.Aliases, incoming.Aliases)
	out.Citations = union(old.Citations, incoming.Citations)
	out.Props = nil
	for _, p := range []Props{old.Props, incoming.Props} {
		for name, values := range p {
			if len(values) > 0 {
				out.Props = out.Props.Set(name, values...)
			}
		}
	}
	out.Marking = max(old.Marking, incoming.Marking)
	return out
}

// union keeps the order of first appearance.
func union[T comparable](a, b []T) []T {
	out := slices.Clone(a)
	for _, v := range b {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
