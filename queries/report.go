package queries

import (
	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/worlds"
)

// What a picture has, or the kernel works out, is a part of answers as it is.
type (
	// Ref names a node.
	Ref = projection.Ref
	// Outcome is what befalls one institution.
	Outcome = worlds.Outcome
	// SupportOutcome is how one support of it fares.
	SupportOutcome = worlds.SupportOutcome
	// WaveOutcome says in which wave it fractures.
	WaveOutcome = worlds.WaveOutcome
	// Likely is a node with the probability that something befalls it.
	Likely = worlds.Likely
	// Foothold says what of one institution can be relied on.
	Foothold = worlds.Foothold
	// Stake is what a purge takes from one group.
	Stake = worlds.Stake
	// Loss is what there is and what of it is lost.
	Loss = worlds.Loss
	// Witness explains what happens to an institution in one world.
	Witness = worlds.Witness
	// FailedSupport is a support that falls short there.
	FailedSupport = worlds.FailedSupport
	// Cause is one loss behind that.
	Cause = worlds.Cause
	// Step is one tie of a path.
	Step = worlds.Step
	// Exposure is the share of one institution that is in one group's hands.
	Exposure = worlds.Exposure
	// ExposedShare is that of one support.
	ExposedShare = worlds.ExposedShare
	// Hold is one way in which a group holds a part of an institution.
	Hold = worlds.Hold
	// HeldShare is the share of a support that a group holds by one way.
	HeldShare = worlds.HeldShare
)

// namedRefs names the nodes of a question that the snapshot has, each once, nil for
// none.
func namedRefs(s *projection.Snapshot, ids []graph.ID) []Ref {
	nodes := indexed(s, ids)
	if nodes == nil {
		return nil
	}
	return refsOf(s, nodes)
}

// refsOf names the targets of a model.
func refsOf(s *projection.Snapshot, nodes []int32) []Ref {
	refs := make([]Ref, len(nodes))
	for i, node := range nodes {
		refs[i] = s.Ref(node)
	}
	return refs
}

// PurgeReport is the answer. Every probability in it is conditional on the
// model and parameters it names; intervals cover sampling error only.
type PurgeReport struct {
	Targets []Ref
	Basis   Basis
	// OwnInstitutions are those that are counted as the targets' own, by id. Of what fractures
	// Fractured and None count the others, and OwnFractured these.
	OwnInstitutions []Ref
	// Purged is what the purge does. Of its institutions those that some world touches come
	// before the others; among either the targets' own come last.
	worlds.Purged
	// Network is nil where it was not asked for.
	Network *NetworkChange `json:",omitempty"`
	// Defaults is nil where it was not asked for.
	Defaults *Defaults `json:",omitempty"`
}

// bodyOf is the node of an institution, by its number among institutions.
func bodyOf(s *projection.Snapshot, body int32) int32 {
	lo, _ := s.Range(graph.Institution)
	return lo + body
}

// numberOf is the number among institutions of one that is given by its node.
func numberOf(s *projection.Snapshot, node int32) int32 { return node - bodyOf(s, 0) }

// bodyRef names an institution, by its number among institutions.
func bodyRef(s *projection.Snapshot, body int32) Ref { return s.Ref(bodyOf(s, body)) }
