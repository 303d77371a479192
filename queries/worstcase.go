package queries

import (
	"context"
	"fmt"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/structure"
)

// WorstCaseInput asks what the same number of losses could have done.
type WorstCaseInput struct {
	// Targets are groups, persons or posts.
	Targets []graph.ID
	// Params say what the purge reaches; the rest of them changes nothing here.
	Params Params
}

// WorstCaseReport is the answer: a reference, not a forecast. It is about the network
// of persons, groups, posts and institutions and not about the model of a purge.
type WorstCaseReport struct {
	Targets []Ref
	// Purged are the persons and groups that the purge strikes by any claim that
	// stands, however unsure, by kind and id.
	Purged []Ref
	// Worst are as many persons and groups, or fewer where no more are needed to take
	// the network apart, in the order of their removal.
	Worst []Ref
	// Before, AfterPurge and AfterWorst are the network in each case.
	Before, AfterPurge, AfterWorst NetworkState
	// Optimality is HEURISTIC: CoreHD does not say that nothing is worse.
	Optimality Optimality
	Basis      RecordBasis
}

// WorstCase answers what the worst is that as many losses could have done to the
// network: the persons and groups that CoreHD would remove (Zdeborová, Zhang, Zhou
// 2016, see structure.CoreHD), against those that the purge strikes. It fails with
// ErrInput or ErrUnknown for targets that cannot be struck and with ctx.Err() when the
// context ends.
func WorstCase(ctx context.Context, s *projection.Snapshot, in WorstCaseInput) (*WorstCaseReport, error) {
	if err := in.Params.verify(s); err != nil {
		return nil, err
	}
	targets, err := targetsOf(s, in.Targets)
	if err != nil {
		return nil, err
	}
	r := &WorstCaseReport{
		Targets: refsOf(s, targets), Optimality: HeuristicSearch, Basis: recordBasis(s, &in.Params),
	}
	n, err := newNetwork(s)
	if err != nil {
		return nil, err
	}
	struck := newModel(s, in.Params, targets).struck()
	r.Purged = refsOf(s, struck)
	worst, err := structure.CoreHD(ctx, n.g, structure.DismantleOptions{Largest: 1, K: len(struck), Absent: n.absent, Candidates: n.candidates})
	if err != nil {
		return nil, fmt.Errorf("queries: the worst case: %w", err)
	}
	r.Worst = refsOf(s, worst.Removed)
	if r.Before, r.AfterPurge, err = n.without(ctx, struck, inPassing); err != nil {
		return nil, err
	}
	_, r.AfterWorst, err = n.without(ctx, worst.Removed, inPassing)
	return r, err
}

// struck lists the persons and groups that the purge strikes in wave 0 by any claim,
// those that are there on the day.
func (m *model) struck() []int32 {
	b := newBlock(m)
	b.everything = true
	b.reset(&listing{chances: map[coinKey]uint64{}})
	b.strike()
	var out []int32
	for node := range m.s.Len() {
		if b.lost(node) != 0 && m.s.There(node) {
			out = append(out, node)
		}
	}
	return out
}
