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
	Version                        graph.Version
	Hash                           string
	AsOf                           graph.Day
	Gap                            graph.GapPolicy
}

// NetworkState says how far a network has come apart.
type NetworkState struct {
	// Nodes and Components that are left, and the nodes of the Largest component.
	Nodes, Components, Largest int
	// Residual is Borgatti's F among the nodes that are left, Original against those
	// there were; see structure.F.
	Residual, Original float64
}

// apart are the types of tie that hold nothing together.
var apart = map[graph.TieType]bool{graph.RivalOf: true, graph.SplitFrom: true}

// WorstCase answers what the worst is that as many losses could have done to the
// network: the persons and groups that CoreHD would remove (Zdeborová, Zhang, Zhou
// 2016, see structure.CoreHD), against those that the purge strikes. It fails with
// ErrInput or ErrUnknown for targets that cannot be struck and with ctx.Err() when the
// context ends.
func WorstCase(ctx context.Context, s *projection.Snapshot, in WorstCaseInput) (*WorstCaseReport, error) {
	if err := in.Params.verify(); err != nil {
		return nil, err
	}
	targets, err := targetsOf(s, in.Targets)
	if err != nil {
		return nil, err
	}
	r := &WorstCaseReport{
		Targets: refsOf(s, targets), Version: s.Version(), Hash: s.Hash(), AsOf: s.Options().AsOf, Gap: s.Options().Gap,
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
	if r.Before, r.AfterPurge, err = n.without(ctx, struck); err != nil {
		return nil, err
	}
	_, r.AfterWorst, err = n.without(ctx, worst.Removed)
	return r, err
}

// struck lists the persons and groups that the purge strikes in wave 0 by any claim.
func (m *model) struck() []int32 {
	b := newBlock(m)
	b.everything = true
	b.reset(&listing{chances: map[coinKey]uint64{}})
	b.strike()
	var out []int32
	for node := range m.s.Len() {
		if b.lost[node] != 0 {
			out = append(out, node)
		}
	}
	return out
}

// network is the picture as a plain graph, without directions, dates and confidence.
type network struct {
	g *structure.Graph
	// absent are nodes of other kinds; candidates those that a purge can strike.
	absent     structure.Mask
	candidates []int32
}

func newNetwork(s *projection.Snapshot) (*network, error) {
	n := &network{}
	var err error
	if n.absent, err = structure.NewMask(int(s.Len())); err != nil {
		return nil, err
	}
	for node := range s.Len() {
		switch s.Kind(node) {
		case graph.Person, graph.Group:
			n.candidates = append(n.candidates, node)
		case graph.Post, graph.Institution:
		default:
			if err := n.absent.Remove(node); err != nil {
				return nil, err
			}
		}
	}
	var ties [][2]int32
	for t := range s.Ties() {
		if tie := s.Tie(t); !apart[tie.Type] && tie.Probability > 0 {
			ties = append(ties, [2]int32{tie.From, tie.To})
		}
	}
	n.g, err = structure.New(int(s.Len()), ties, structure.Undirected)
	return n, err
}

// without measures the network before and after some nodes are gone.
func (n *network) without(ctx context.Context, gone []int32) (before, after NetworkState, err error) {
	removed, err := structure.NewMask(n.g.Nodes(), gone...)
	if err != nil {
		return before, after, err
	}
	c, err := structure.Removal(ctx, n.g, n.absent, removed)
	return networkState(c.Before), networkState(c.After), err
}

func networkState(f structure.Fragmentation) NetworkState {
	s := NetworkState{Nodes: f.Nodes, Components: len(f.Sizes), Residual: rounded(f.F.Residual), Original: rounded(f.F.Original)}
	if len(f.Sizes) > 0 {
		s.Largest = int(f.Sizes[0])
	}
	return s
}
