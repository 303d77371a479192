package queries

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/structure"
	"entangle/queries/worlds"
)

// WorstCaseInput asks what the worst is that as many losses could do.
type WorstCaseInput struct {
	// Targets are groups, persons or posts.
	Targets []graph.ID
	// Params say whom the purge reaches; all other parameters change nothing here.
	Params worlds.Params
}

// WorstCaseReport is the answer: a reference, not a forecast. It is about the network
// of persons, groups, posts and institutions and not about the model of a purge.
type WorstCaseReport struct {
	Targets []Ref
	// Purged are the persons and groups that the purge strikes by any claim that
	// stands, however unsure, by kind and id.
	Purged []Ref
	// Worst are as many persons and groups, or fewer where no more are needed to take
	// the network apart, those with the most ties first.
	Worst []Ref
	// Before, AfterPurge and AfterWorst are the network in each case.
	Before, AfterPurge, AfterWorst NetworkState
	// Optimality is EXACT if every set of as many was compared by F. Otherwise there may be
	// worse.
	Optimality Optimality
	Basis      RecordBasis
}

// WorstCase answers what the worst is that as many losses as the purge strikes could do to
// the network. It takes the persons and groups that CoreHD would remove (Zdeborová, Zhang,
// Zhou 2016, see structure.CoreHD). Where the network is small enough it also searches by F
// (Borgatti 2006, see structure.KeySets), and takes the result of that search if it is
// worse. It fails with ErrInput or ErrUnknown for targets that cannot be struck and with
// ctx.Err() when the context ends.
func WorstCase(ctx context.Context, s *projection.Snapshot, in WorstCaseInput) (*WorstCaseReport, error) {
	if err := in.Params.Verify(s); err != nil {
		return nil, err
	}
	targets, err := targetsOf(s, in.Targets)
	if err != nil {
		return nil, err
	}
	for _, target := range targets {
		if k := s.Kind(target); k == graph.RevenueStream || k == graph.Institution {
			return nil, fmt.Errorf("%w: target %q is a %s; the worst case compares losses of persons and groups", worlds.ErrInput, s.ID(target), k)
		}
	}
	r := &WorstCaseReport{
		Targets: refsOf(s, targets), Optimality: HeuristicSearch, Basis: recordBasis(s, &in.Params),
	}
	r.Basis.strikes(s, in.Targets)
	n, err := newNetwork(s)
	if err != nil {
		return nil, err
	}
	struck := worlds.NewModel(s, in.Params, aimed(targets)...).Struck()
	r.Purged = refsOf(s, struck)
	var worst []int32
	if worst, r.Optimality, err = n.worst(ctx, len(struck)); err != nil {
		return nil, fmt.Errorf("queries: the worst case: %w", err)
	}
	r.Worst = refsOf(s, worst)
	if r.Before, r.AfterPurge, err = n.without(ctx, struck, inPassing); err != nil {
		return nil, err
	}
	_, r.AfterWorst, err = n.without(ctx, worst, inPassing)
	return r, err
}

// searched bounds the effort of the search by F, in nodes and ties visited: about a second.
const searched = 100_000_000

// worst returns up to k persons and groups whose loss separates the network, those with the
// most ties first, and whether another set of k might do more damage.
func (n *network) worst(ctx context.Context, k int) ([]int32, Optimality, error) {
	if k == 0 {
		return nil, ExactSearch, nil
	}
	core, err := structure.CoreHD(ctx, n.g, structure.DismantleOptions{Largest: 1, K: k, Absent: n.absent, Candidates: n.candidates})
	if err != nil {
		return nil, "", err
	}
	set, optimality := core.Removed, HeuristicSearch
	// The search takes some of those traversals for each of its seeds.
	if traversals := searched / int64(n.g.Nodes()+n.g.Ties()); traversals >= int64(len(n.candidates)+500*k) {
		keys, err := structure.KeySets(ctx, n.g, structure.KeySetOptions{K: k, Absent: n.absent, Candidates: n.candidates, MaxTraversals: traversals})
		if err != nil {
			return nil, "", err
		}
		if keys.Optimality == structure.Exact {
			optimality = ExactSearch
		}
		_, after, err := n.without(ctx, set, 0)
		if err != nil {
			return nil, "", err
		}
		if estimate.Round(keys.After.Original) > after.Original {
			set = keys.Sets[0]
		}
	}
	set = slices.Clone(set)
	slices.SortStableFunc(set, func(a, b int32) int { return cmp.Compare(len(n.g.Neighbours(b)), len(n.g.Neighbours(a))) })
	return set, optimality, nil
}
