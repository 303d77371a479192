package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
)

// The answers about ties that may not stand.
type (
	// doubtful is a network whose ties stand with the chances of Confidence.
	doubtful struct {
		Network    networkData
		Confidence []float64
		S, T       int32
	}
	connected struct{ P float64 }
)

// ofConnections asks how likely two persons are connected: the bridge network, and others.
func ofConnections(ctx context.Context, d *document, graphs int) error {
	r := rand.New(rand.NewPCG(d.Seed, 4)) //nolint:gosec // repeatable by design, no secret
	five := networkData{Name: "bridge of five ties", Nodes: 4, Edges: [][2]int32{{0, 1}, {0, 2}, {1, 2}, {1, 3}, {2, 3}}}
	var all []doubtful
	for _, p := range []float64{0.1, 0.5, 0.9} {
		all = append(all, doubtful{Network: five, T: 3, Confidence: []float64{p, p, p, p, p}})
	}
	for range graphs {
		data, err := randomTies(r, 4+r.IntN(4), 10)
		if err != nil {
			return err
		}
		c := doubtful{Network: data, T: int32(data.Nodes - 1)}
		for range data.Edges {
			c.Confidence = append(c.Confidence, float64(1+r.IntN(99))/100)
		}
		all = append(all, c)
	}
	for _, c := range all {
		s := &state{}
		for v := range int32(c.Network.Nodes) {
			s.node(graph.Person, nodeID(v))
		}
		for i, e := range c.Network.Edges {
			s.tie(graph.AssociateOf, nodeID(e[0]), nodeID(e[1]), c.Confidence[i])
		}
		picture, err := s.picture(ctx)
		if err != nil {
			return err
		}
		r, err := queries.PathsBetween(ctx, picture, queries.PathsInput{From: nodeID(c.S), To: nodeID(c.T), Draw: worlds.Draw{Method: worlds.Exact}})
		if err != nil {
			return err
		}
		if err := add(d, "reliability", "", c, connected{r.Connected.P}); err != nil {
			return err
		}
	}
	return nil
}

// The answers about closures: which groups to take at what price of a broken body.
type (
	closure struct {
		Benefit []float64
		Weight  []float64
		Hits    [][2]int32 // group, institution
		Prices  []float64
	}
	// worth is the best benefit less price × weight at each price.
	worth struct{ Values []float64 }
)

func ofClosures(ctx context.Context, d *document, graphs int) error {
	r := rand.New(rand.NewPCG(d.Seed, 5)) //nolint:gosec // repeatable by design, no secret
	for range min(graphs, 20) {
		c := closure{Prices: []float64{0.125, 0.25, 0.5, 1, 2, 4}}
		for range 2 + r.IntN(5) {
			c.Benefit = append(c.Benefit, float64(1+r.IntN(12))/4)
		}
		for range 1 + r.IntN(6) {
			c.Weight = append(c.Weight, float64(1+r.IntN(8))/4)
		}
		for g := range c.Benefit {
			for i := range c.Weight {
				if r.IntN(3) == 0 {
					c.Hits = append(c.Hits, [2]int32{int32(g), int32(i)})
				}
			}
		}
		w, err := c.ask(ctx)
		if err != nil {
			return err
		}
		if err := add(d, "minimum cut", "", c, w); err != nil {
			return err
		}
	}
	return nil
}

// ask takes the frontier under the ANY rule, whose points are minimum cuts.
func (c closure) ask(ctx context.Context) (worth, error) {
	s, in := &state{}, queries.DefaultFrontier()
	in.Benefit, in.Weights.ByInstitution, in.Method = map[graph.ID]float64{}, map[graph.ID]float64{}, worlds.Exact
	group := func(g int32) graph.ID { return graph.ID(fmt.Sprintf("g%d", g)) }
	for g, b := range c.Benefit {
		id := group(int32(g))
		s.node(graph.Group, id, "armed_group")
		in.Groups, in.Benefit[id] = append(in.Groups, id), b
	}
	for i, w := range c.Weight {
		id := nodeID(int32(i))
		s.node(graph.Institution, id)
		in.Weights.ByInstitution[id] = w
	}
	for _, h := range c.Hits {
		s.tie(graph.Controls, group(h[0]), nodeID(h[1]), 1)
	}
	picture, err := s.picture(ctx)
	if err != nil {
		return worth{}, err
	}
	r, err := queries.Frontier(ctx, picture, in)
	if err != nil {
		return worth{}, err
	}
	w := worth{Values: make([]float64, len(c.Prices))}
	for i, price := range c.Prices {
		for _, p := range r.Any {
			w.Values[i] = math.Max(w.Values[i], p.Benefit-price*p.Any)
		}
	}
	return w, nil
}
