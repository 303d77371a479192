package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"entangle/queries/structure"
	"entangle/queries/structure/networks"
)

// The answers about graphs. Node -1 in a tree of dominators is the super-root, -2 says
// that no line leads there.
type (
	removal       struct{ Removed []int32 }
	pair          struct{ S, T int32 }
	chain         struct{ Apexes []int32 }
	nothing       struct{}
	fragmentation struct {
		F, DF float64 // among the nodes that are left
		Sizes []int32 // of the components, the largest first
	}
	cuts struct {
		Articulation []int32
		Bridges      [][2]int32
	}
	brokerage struct {
		Degree                    []int32
		Constraint, EffectiveSize []float64 // of nodes with a degree; else 0
	}
	dominators struct{ Idom, Cut []int32 }
	nodeCut    struct {
		Nodes      []int32
		Lines      int
		Uncuttable bool
	}
)

// ofNetworks asks for the measures of the named networks and of random ones.
func ofNetworks(ctx context.Context, d *document, graphs int) error {
	r := rand.New(rand.NewPCG(d.Seed, 1)) //nolint:gosec // repeatable by design, no secret
	for _, nw := range networks.All() {
		g, _, err := nw.Graph()
		if err != nil {
			return err
		}
		if g.Nodes() < 2 {
			continue // libraries refuse or leave open what an empty network measures
		}
		if err := measured(ctx, d, g, nw.Name, false, r); err != nil {
			return err
		}
	}
	for i := range graphs {
		for _, kind := range []structure.Direction{structure.Undirected, structure.Directed} {
			n := 3 + r.IntN(30)
			var ties [][2]int32
			for range r.IntN(3 * n) {
				ties = append(ties, [2]int32{r.Int32N(int32(n)), r.Int32N(int32(n))})
			}
			g, err := structure.New(n, ties, kind)
			if err != nil {
				return err
			}
			if err := measured(ctx, d, g, fmt.Sprintf("%s %d", kind, i), true, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// measured asks for every measure of one network.
func measured(ctx context.Context, d *document, g *structure.Graph, name string, random bool, r *rand.Rand) error {
	data := networkData{Name: name, Random: random, Directed: g.Direction() == structure.Directed, Nodes: g.Nodes(), Edges: [][2]int32{}}
	for v := range int32(g.Nodes()) {
		for _, w := range g.Neighbours(v) {
			if data.Directed || v < w {
				data.Edges = append(data.Edges, [2]int32{v, w})
			}
		}
	}
	d.Networks = append(d.Networks, data)
	for _, measure := range []func(context.Context, *document, *structure.Graph, string, *rand.Rand) error{
		fragmented, central, cut, brokered, dominated, parted,
	} {
		if err := measure(ctx, d, g, name, r); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func fragmented(ctx context.Context, d *document, g *structure.Graph, name string, r *rand.Rand) error {
	for _, k := range []int{0, 1, 3} {
		if k > g.Nodes()-2 {
			continue
		}
		gone := []int32{}
		for _, v := range r.Perm(g.Nodes())[:k] {
			gone = append(gone, int32(v))
		}
		m, err := structure.NewMask(g.Nodes(), gone...)
		if err != nil {
			return err
		}
		f, err := structure.FragmentationOf(ctx, g, m)
		if err != nil {
			return err
		}
		df, err := structure.DistanceF(ctx, g, m)
		if err != nil {
			return err
		}
		if err := add(d, "fragmentation", name, removal{gone}, fragmentation{f.F.Residual, df.Residual, f.Sizes}); err != nil {
			return err
		}
	}
	return nil
}

func central(ctx context.Context, d *document, g *structure.Graph, name string, _ *rand.Rand) error {
	between, err := structure.Betweenness(ctx, g, structure.Mask{})
	if err != nil {
		return err
	}
	near, err := structure.Closeness(ctx, g, structure.Mask{})
	if err != nil {
		return err
	}
	if err := add(d, "betweenness", name, nothing{}, between); err != nil {
		return err
	}
	return add(d, "closeness", name, nothing{}, near)
}

func cut(ctx context.Context, d *document, g *structure.Graph, name string, _ *rand.Rand) error {
	if g.Direction() == structure.Directed {
		return nil
	}
	c, err := structure.CutsOf(ctx, g, structure.Mask{})
	if err != nil {
		return err
	}
	return add(d, "cuts", name, nothing{}, cuts{c.Articulation, c.Bridges})
}

func brokered(ctx context.Context, d *document, g *structure.Graph, name string, _ *rand.Rand) error {
	if g.Direction() == structure.Directed {
		return nil
	}
	all, err := structure.BrokerageOf(ctx, g, structure.Mask{})
	if err != nil {
		return err
	}
	var b brokerage
	for _, v := range all {
		b.Degree = append(b.Degree, v.Degree)
		b.Constraint = append(b.Constraint, v.Constraint)
		b.EffectiveSize = append(b.EffectiveSize, v.EffectiveSize)
	}
	return add(d, "brokerage", name, nothing{}, b)
}

func dominated(ctx context.Context, d *document, g *structure.Graph, name string, _ *rand.Rand) error {
	if g.Direction() == structure.Undirected {
		return nil
	}
	apexes, err := structure.Apexes(ctx, g, structure.Mask{})
	if err != nil {
		return err
	}
	for _, above := range [][]int32{apexes, {0}, {0, 1}} { // some leave nodes that no line reaches
		tree, err := structure.DominatorsOf(ctx, g, above, structure.Mask{})
		if err != nil {
			return err
		}
		if err := add(d, "dominators", name, chain{above}, dominators{tree.Idom, tree.Cut}); err != nil {
			return err
		}
	}
	return add(d, "apexes", name, nothing{}, apexes)
}

// parted asks for cuts between some pairs, neighbours among them.
func parted(ctx context.Context, d *document, g *structure.Graph, name string, r *rand.Rand) error {
	for range 6 {
		order := r.Perm(g.Nodes())
		p := pair{int32(order[0]), int32(order[1])}
		if near := g.Neighbours(p.S); len(near) > 0 && r.IntN(3) == 0 {
			p.T = near[r.IntN(len(near))]
		}
		c, err := structure.MinNodeCut(ctx, g, p.S, p.T, structure.Mask{})
		if err != nil {
			return err
		}
		if err := add(d, "node cut", name, p, nodeCut{append([]int32{}, c.Nodes...), c.Lines, c.Uncuttable}); err != nil {
			return err
		}
	}
	return nil
}
