package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/structure"
	"entangle/queries/structure/networks"
	"entangle/queries/worlds"
)

// The answers about cascades, by the waves of a purge.
type (
	// contagion: a node falls when as many of its neighbours have as Thresholds says.
	contagion struct {
		Network    networkData
		Thresholds []int
		First      []int32
	}
	fallen struct{ Nodes []int32 }
	// spread: who falls takes each neighbour along with chance P, once.
	spread struct {
		Network networkData
		P       float64
		First   int32
	}
	reached struct{ Mean float64 }
)

var day = projection.Options{AsOf: graph.DayOf(2020, 1, 1)}

// state is put together node by node.
type state struct{ graph.Batch }

func (s *state) node(kind graph.Kind, id graph.ID, types ...string) {
	s.Nodes = append(s.Nodes, graph.Node{ID: id, Kind: kind, Names: []graph.Name{{Text: string(id)}}, Types: types})
}

func (s *state) tie(typ graph.TieType, from, to graph.ID, confidence float64) {
	t := graph.Tie{
		ID: graph.ID(fmt.Sprintf("t%d", len(s.Ties))), Type: typ, From: from, To: to,
		Confidence: graph.Stated(confidence), Weight: graph.KnownShare(1),
	}
	if typ == graph.Controls {
		t.Props = graph.Props{"form": {"staffing"}}
	}
	s.Ties = append(s.Ties, t)
}

func (s *state) picture(_ context.Context) (*projection.Snapshot, error) {
	return projection.FromBatch(s.Batch, day) //nolint:contextcheck // a few nodes: it takes no time
}

func nodeID(v int32) graph.ID { return graph.ID(fmt.Sprintf("n%d", v)) }

// randomTies is a network of n nodes and at most m ties.
func randomTies(r *rand.Rand, n, m int) (networkData, error) {
	var ties [][2]int32
	for range m {
		ties = append(ties, [2]int32{r.Int32N(int32(n)), r.Int32N(int32(n))})
	}
	g, err := structure.New(n, ties, structure.Undirected)
	data := networkData{Random: true, Nodes: n, Edges: [][2]int32{}}
	if err != nil {
		return data, err
	}
	for v := range int32(n) {
		for _, w := range g.Neighbours(v) {
			if v < w {
				data.Edges = append(data.Edges, [2]int32{v, w})
			}
		}
	}
	return data, nil
}

func ofCascades(ctx context.Context, d *document, graphs int) error {
	r := rand.New(rand.NewPCG(d.Seed, 3)) //nolint:gosec // repeatable by design, no secret
	for range graphs {
		data, err := randomTies(r, 5+r.IntN(60), 10+r.IntN(150))
		if err != nil {
			return err
		}
		c := contagion{Network: data}
		for range data.Nodes {
			c.Thresholds = append(c.Thresholds, 1+r.IntN(3))
		}
		for _, v := range r.Perm(data.Nodes)[:1+r.IntN(3)] {
			c.First = append(c.First, int32(v))
		}
		nodes, err := c.ask(ctx)
		if err != nil {
			return err
		}
		if err := add(d, "threshold cascade", "", c, fallen{nodes}); err != nil {
			return err
		}
	}
	for _, nw := range networks.All() {
		switch nw.Name {
		case "path", "ring", "star", "bow tie": // with few enough ties for an exact answer
		default:
			continue
		}
		edges, _ := nw.Edges()
		s := spread{Network: networkData{Name: nw.Name, Nodes: nw.Nodes, Edges: edges}, P: 0.3}
		mean, err := s.ask(ctx)
		if err != nil {
			return err
		}
		if err := add(d, "independent cascade", "", s, reached{mean}); err != nil {
			return err
		}
	}
	return nil
}

// ask makes institutions that depend on their neighbours in equal parts. Of m neighbours
// out of k, (k − m)/k is left, which is under (k − θ + ½)/k if and only if m ≥ θ.
func (c contagion) ask(ctx context.Context) ([]int32, error) {
	s, degree := &state{}, make([]int, c.Network.Nodes)
	p := worlds.DefaultParams()
	p.MaxWaves = 127
	p.Requirements.ByInstitution = map[graph.ID]worlds.Needs{}
	s.node(graph.Group, "first")
	for _, e := range c.Network.Edges {
		s.tie(graph.DependsOn, nodeID(e[0]), nodeID(e[1]), 1)
		s.tie(graph.DependsOn, nodeID(e[1]), nodeID(e[0]), 1)
		degree[e[0]]++
		degree[e[1]]++
	}
	for v, theta := range c.Thresholds {
		id := nodeID(int32(v))
		s.node(graph.Institution, id)
		need := 0.0 // never
		if k := float64(degree[v]); degree[v] >= theta {
			need = (k - float64(theta) + 0.5) / k
		}
		p.Requirements.ByInstitution[id] = worlds.Needs{worlds.Provision: {Need: need}}
	}
	for _, v := range c.First {
		s.tie(graph.Controls, "first", nodeID(v), 1)
	}
	picture, err := s.picture(ctx)
	if err != nil {
		return nil, err
	}
	r, err := queries.Purge(ctx, picture, queries.PurgeInput{Targets: []graph.ID{"first"}, Params: p, Draw: worlds.Draw{Method: worlds.Exact}})
	if err != nil {
		return nil, err
	}
	fell := map[graph.ID]bool{}
	for _, o := range r.Institutions {
		fell[o.ID] = o.Fractured.P == 1
	}
	nodes := []int32{}
	for v := range int32(c.Network.Nodes) {
		if fell[nodeID(v)] {
			nodes = append(nodes, v)
		}
	}
	return nodes, nil
}

// ask makes kin of whom each takes the other along.
func (s spread) ask(ctx context.Context) (float64, error) {
	kin := &state{}
	for v := range int32(s.Network.Nodes) {
		kin.node(graph.Person, nodeID(v))
	}
	for _, e := range s.Network.Edges {
		kin.tie(graph.KinOf, nodeID(e[0]), nodeID(e[1]), 1)
	}
	picture, err := kin.picture(ctx)
	if err != nil {
		return 0, err
	}
	p := worlds.DefaultParams()
	p.Loyalty = s.P
	r, err := queries.Purge(ctx, picture, queries.PurgeInput{Targets: []graph.ID{nodeID(s.First)}, Params: p, Draw: worlds.Draw{Method: worlds.Exact}})
	if err != nil {
		return 0, err
	}
	mean := 0.0
	for _, l := range r.Lost {
		mean += l.Chance.P
	}
	return mean, nil
}
