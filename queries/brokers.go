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

// BrokersInput asks who is a single point of failure: whose loss alone separates the
// network, or cuts units off from everybody above them.
type BrokersInput struct {
	// Nodes are persons, groups, posts or institutions to list even if little depends on
	// them; empty for all on which something depends.
	Nodes []graph.ID
	// StateOnly leaves out the lines of command that run through groups.
	StateOnly bool
	// First is the largest number of rows of each list, Evidence that of nodes and ties for
	// each row.
	First, Evidence int
}

// BrokersReport is the answer. It is about the record as a plain network, in which every
// claim that stands counts as certain, and not about the model of a purge. The counts are
// those of the whole lists.
type BrokersReport struct {
	// Network is the undirected network of persons, groups, posts and institutions. Bridges
	// is the number of its bridges: ties whose loss separates it.
	Network NetworkState
	Bridges int
	// Points are the articulation points of the network, those that cut most off first,
	// then by kind and id.
	Points     []CutPoint
	PointCount int
	// Brokers are those with the largest effective size, then the least constraint.
	Brokers     []Broker
	BrokerCount int
	// Units is command over institutions, Posts that of post over post.
	Units, Posts Chain
	// Lines are the institutions that somebody commands, those with the fewest lines first,
	// then those with the most below them, then by id. OneLine of LineCount have only one
	// line.
	Lines              []CommandLines
	LineCount, OneLine int

	// Nodes that were asked about, nil for all, and StateOnly are those of the question.
	Nodes     []Ref
	StateOnly bool
	Basis     RecordBasis
	// Optimality is EXACT: these are counts, not estimates.
	Optimality Optimality
}

// CutPoint is a node and what its loss does to the network.
type CutPoint struct {
	Node Ref
	// Pieces are the sizes, the largest first, of what its component falls into; CutOff
	// the nodes in all but the largest.
	Pieces []int
	CutOff int
	// Residual is Borgatti's F among the nodes that are left.
	Residual float64
	// Gone are the first of those cut off, by kind and id. Ties join them to the node, the
	// surest first.
	Gone []Ref
	Ties []Step
}

// Broker is a node with Burt's measures of its contacts; see structure.Brokerage.
type Broker struct {
	Node                                  Ref
	Degree                                int
	EffectiveSize, Efficiency, Constraint float64
}

// Brokers answers who is a single point of failure on the day of the picture: articulation
// points and Burt's measures of the bare network, dominators of the chains of command under
// a super-root over all apexes, and the lines of each institution to an apex. It fails with
// ErrInput or ErrUnknown for nodes of other kinds and for negative limits, and with
// ctx.Err() when the context ends. The cost is linear in the ties, except for Burt's
// measures (Σ degree²) and the lines (one maximum flow for each institution that has
// several).
func Brokers(ctx context.Context, s *projection.Snapshot, in BrokersInput) (*BrokersReport, error) {
	if in.First < 0 || in.Evidence < 0 {
		return nil, fmt.Errorf("%w: first %d, evidence %d: 0 or more", worlds.ErrInput, in.First, in.Evidence)
	}
	n, err := newNetwork(s)
	if err != nil {
		return nil, err
	}
	q := broking{s: s, in: in, n: n}
	if q.named, err = n.named(s, in.Nodes); err != nil {
		return nil, err
	}
	r := &BrokersReport{Nodes: namedRefs(s, in.Nodes), StateOnly: in.StateOnly, Basis: recordBasis(s, nil), Optimality: ExactSearch}
	r.Basis.concerns(s, false, in.Nodes...)
	if err := q.cuts(ctx, r); err != nil {
		return nil, err
	}
	if err := q.brokers(ctx, r); err != nil {
		return nil, err
	}
	if err := q.command(ctx, r); err != nil {
		return nil, err
	}
	return r, ctx.Err()
}

// named are the nodes that were asked about, nil for all. Those that were not there are
// false: no list has them.
func (n *network) named(s *projection.Snapshot, ids []graph.ID) (map[int32]bool, error) {
	var named map[int32]bool
	for _, id := range ids {
		node, ok := s.Index(id)
		if !ok {
			return nil, fmt.Errorf("%w: %q", worlds.ErrUnknown, id)
		}
		switch s.Kind(node) {
		case graph.Person, graph.Group, graph.Post, graph.Institution:
		default:
			return nil, fmt.Errorf("%w: %q is a %s; asked about are persons, groups, posts and institutions", worlds.ErrInput, id, s.Kind(node))
		}
		if named == nil {
			named = map[int32]bool{}
		}
		named[node] = s.There(node)
	}
	return named, nil
}

// broking is the state of one question while it is answered.
type broking struct {
	s     *projection.Snapshot
	in    BrokersInput
	n     *network
	named map[int32]bool // nil for all
}

// top is how many rows of a list of that length are shown.
func (q *broking) top(count int) int { return min(q.in.First, count) }

// chosen are the nodes that a list shows: those named, otherwise those that matter.
func (q *broking) chosen(count int32, matters func(int32) bool) []int32 {
	var out []int32
	for v := range count {
		if q.named[v] || q.named == nil && matters(v) {
			out = append(out, v)
		}
	}
	return out
}

func (q *broking) cuts(ctx context.Context, r *BrokersReport) error {
	c, err := structure.CutsOf(ctx, q.n.g, q.n.absent)
	if err != nil {
		return err
	}
	f, err := structure.Removal(ctx, q.n.g, q.n.absent, structure.Mask{})
	if err != nil {
		return err
	}
	r.Network, r.Bridges = networkState(f.Before), len(c.Bridges)
	off := func(v int32) (sum int) {
		for i, size := range c.Pieces(v) {
			if i > 0 {
				sum += int(size)
			}
		}
		return sum
	}
	points := q.chosen(q.s.Len(), func(v int32) bool { return off(v) > 0 })
	slices.SortStableFunc(points, func(a, b int32) int { return cmp.Compare(off(b), off(a)) })
	r.PointCount = len(points)
	for _, v := range points[:q.top(len(points))] {
		after, err := c.Without(v)
		if err != nil {
			return err
		}
		p := CutPoint{Node: q.s.Ref(v), CutOff: off(v), Residual: estimate.Round(after.Residual)}
		for _, size := range c.Pieces(v) {
			p.Pieces = append(p.Pieces, int(size))
		}
		if p.CutOff > 0 && q.in.Evidence > 0 {
			if err := q.parted(ctx, v, &p); err != nil {
				return err
			}
		}
		r.Points = append(r.Points, p)
	}
	return nil
}

// parted lists the nodes that are separated without v, and the ties that joined them to it.
func (q *broking) parted(ctx context.Context, v int32, p *CutPoint) error {
	without := q.n.absent.Clone()
	if err := without.Remove(v); err != nil {
		return err
	}
	c, err := structure.ComponentsOf(ctx, q.n.g, without)
	if err != nil {
		return err
	}
	// Components are numbered by size, so the least label is the largest piece, which does
	// not count as cut off.
	stays, hung := int32(len(c.Sizes)), map[int32]bool{}
	for _, w := range q.n.g.Neighbours(v) {
		if label := c.Label[w]; label >= 0 {
			hung[label] = true
			stays = min(stays, label)
		}
	}
	delete(hung, stays)
	for w, label := range c.Label {
		if label >= 0 && hung[label] && len(p.Gone) < q.in.Evidence {
			p.Gone = append(p.Gone, q.s.Ref(int32(w)))
		}
	}
	p.Ties = q.evidence(v, surest(q.s, v, func(w int32) bool { return c.Label[w] >= 0 && hung[c.Label[w]] }))
	return nil
}

// evidence writes ties of a node as steps from it, the surest first.
func (q *broking) evidence(v int32, ties []int32) []Step {
	slices.SortFunc(ties, func(a, b int32) int {
		return cmp.Or(cmp.Compare(q.s.Tie(b).Probability, q.s.Tie(a).Probability), cmp.Compare(a, b))
	})
	var out []Step
	for _, t := range ties[:min(q.in.Evidence, len(ties))] {
		out = append(out, worlds.Steps(q.s, v, t)...)
	}
	return out
}

// surest returns for each wanted neighbour of a node in the bare network the surest tie
// that joins the two.
func surest(s *projection.Snapshot, node int32, wanted func(int32) bool) []int32 {
	best := map[int32]int32{}
	note := func(t, to int32) {
		tie := s.Tie(t)
		if apart[tie.Type] || tie.Probability == 0 || to == node || !wanted(to) {
			return
		}
		if old, ok := best[to]; !ok || s.Tie(old).Probability < tie.Probability {
			best[to] = t
		}
	}
	for _, row := range graph.TieTypes() {
		for _, t := range s.Out(row.Type, node) {
			note(t, s.Tie(t).To)
		}
		for _, t := range s.In(row.Type, node) {
			note(t, s.Tie(t).From)
		}
	}
	var out []int32
	for _, t := range best {
		out = append(out, t)
	}
	return out
}

func (q *broking) brokers(ctx context.Context, r *BrokersReport) error {
	all, err := structure.BrokerageOf(ctx, q.n.g, q.n.absent)
	if err != nil {
		return err
	}
	// Figures of equal nodes may differ in the last bit, so the rounded figures of the
	// answer are compared.
	size := func(v int32) float64 { return estimate.Round(all[v].EffectiveSize) }
	tied := func(v int32) float64 { return estimate.Round(all[v].Constraint) }
	nodes := q.chosen(q.s.Len(), func(v int32) bool { return all[v].Degree > 1 })
	slices.SortStableFunc(nodes, func(a, b int32) int { return cmp.Or(cmp.Compare(size(b), size(a)), cmp.Compare(tied(a), tied(b))) })
	r.BrokerCount = len(nodes)
	for _, v := range nodes[:q.top(len(nodes))] {
		r.Brokers = append(r.Brokers, Broker{
			Node: q.s.Ref(v), Degree: int(all[v].Degree),
			EffectiveSize: size(v), Efficiency: estimate.Round(all[v].Efficiency()), Constraint: tied(v),
		})
	}
	return nil
}
