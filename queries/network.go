package queries

import (
	"context"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/structure"
	"entangle/queries/worlds"
)

// NetworkState says how fragmented a network is.
type NetworkState struct {
	// Nodes and Components that are left, and the nodes of the Largest component.
	Nodes, Components, Largest int
	// Residual is Borgatti's F among the nodes that are left, Original over all nodes that
	// there were; see structure.F.
	Residual, Original float64
	// Distance is his DF.
	Distance DistanceState
}

// DistanceState is Borgatti's distance-weighted fragmentation DF, under the same two
// denominators as F; see structure.DistanceF.
type DistanceState struct {
	// Exact where distances were counted from every node; else Student's t over the
	// nodes that were drawn.
	Residual, Original estimate.Amount
	// Sources is the number of nodes from which distances were counted, each by a search; 0
	// where DF was not computed.
	Sources int
	// Seed of the draw, 0 where they were counted from every node.
	Seed uint64
}

// NetworkChange is the bare network before a purge and without those it strikes, for
// comparison with the literature on key players. It is about the record as a plain graph,
// in which every claim that stands counts as certain, and not about the model.
type NetworkChange struct {
	// Removed is the number of persons and groups that the purge strikes by any claim,
	// however unsure.
	Removed       int
	Before, After NetworkState
}

// changeOf measures the network with and without those that the purge strikes.
func changeOf(ctx context.Context, m *worlds.Model, effort int64) (*NetworkChange, error) {
	n, err := newNetwork(m.Snapshot)
	if err != nil {
		return nil, err
	}
	struck := m.Struck()
	c := &NetworkChange{Removed: len(struck)}
	c.Before, c.After, err = n.without(ctx, struck, effort)
	return c, err
}

// The effort of DF, in nodes and ties visited. The first bound is for DF that nobody asked
// for, and takes a moment. Under the second bound DF that was asked for is computed from as
// many nodes as it allows.
const (
	inPassing = 20_000_000
	asked     = 100_000_000
	// leastSources are those of the largest networks.
	leastSources = 64
	distanceSeed = 1
)

// apart are the types of tie that do not connect: rivalry and splits.
var apart = map[graph.TieType]bool{graph.RivalOf: true, graph.SplitFrom: true}

// network is the picture as a plain graph, without directions, dates and confidence.
type network struct {
	g *structure.Graph
	// absent are nodes of other kinds, and those that were not there on the day; candidates those that a purge can strike.
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
		kind := s.Kind(node)
		switch {
		case !s.There(node) || !slices.Contains([]graph.Kind{graph.Person, graph.Group, graph.Post, graph.Institution}, kind):
			if err := n.absent.Remove(node); err != nil {
				return nil, err
			}
		case kind == graph.Person || kind == graph.Group:
			n.candidates = append(n.candidates, node)
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
func (n *network) without(ctx context.Context, gone []int32, effort int64) (before, after NetworkState, err error) {
	removed, err := structure.NewMask(n.g.Nodes(), gone...)
	if err != nil {
		return before, after, err
	}
	c, err := structure.Removal(ctx, n.g, n.absent, removed)
	if err != nil {
		return before, after, err
	}
	before, after = networkState(c.Before), networkState(c.After)
	if before.Distance, err = n.distance(ctx, n.absent, before.Nodes, before.Nodes, effort); err != nil {
		return before, after, err
	}
	both := n.absent.Clone()
	for _, node := range gone {
		if err := both.Remove(node); err != nil {
			return before, after, err
		}
	}
	after.Distance, err = n.distance(ctx, both, after.Nodes, before.Nodes, effort)
	return before, after, err
}

// distance computes DF: from every node where the effort allows it, from some nodes where
// it was asked for, otherwise not at all. Original is the number of nodes there were.
func (n *network) distance(ctx context.Context, removed structure.Mask, left, original int, effort int64) (d DistanceState, err error) {
	each := int64(n.g.Nodes()) + 2*int64(n.g.Ties())
	// There all nodes of the picture count as original. Here only those of the network do.
	of := func(residual float64) float64 {
		if original < 2 {
			return residual
		}
		return float64(left) * float64(left-1) / (float64(original) * float64(original-1)) * residual
	}
	switch {
	case int64(left)*each <= effort:
		share, err := structure.DistanceF(ctx, n.g, removed)
		if err != nil {
			return d, err
		}
		d = DistanceState{Residual: estimate.Exact(share.Residual), Original: estimate.Exact(1 - of(1-share.Residual)), Sources: max(left, 1)}
	case effort >= asked:
		share, err := structure.DistanceFSampled(ctx, n.g, removed, int(max(effort/each, leastSources)), distanceSeed)
		if err != nil {
			return d, err
		}
		about := func(value, se float64) estimate.Amount {
			half := estimate.Student95(float64(share.Sources-1)) * se
			return estimate.Amount{Value: value, SE: se, Low: max(0, value-half), High: min(1, value+half)}.Rounded()
		}
		d = DistanceState{
			Residual: about(share.Share.Residual, share.SE.Residual), Original: about(1-of(1-share.Share.Residual), of(share.SE.Residual)),
			Sources: share.Sources, Seed: distanceSeed,
		}
	}
	return d, nil
}

func networkState(f structure.Fragmentation) NetworkState {
	s := NetworkState{Nodes: f.Nodes, Components: len(f.Sizes), Residual: estimate.Round(f.F.Residual), Original: estimate.Round(f.F.Original)}
	if len(f.Sizes) > 0 {
		s.Largest = int(f.Sizes[0])
	}
	return s
}
