package structure_test

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entangle/queries/structure"
)

// TestNumberingDoesNotMatter: a graph whose nodes are numbered anew has the same
// figures on the renumbered nodes; those that count things to the bit.
func TestNumberingDoesNotMatter(t *testing.T) {
	for _, kind := range []structure.Direction{structure.Undirected, structure.Directed} {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				g, removed := drawGraph(t, kind)
				n := g.Nodes()
				to := make([]int32, n)
				for v := range to {
					to[v] = int32(v)
				}
				to = rapid.Permutation(to).Draw(t, "to")
				ties := edges(g)
				for i, e := range ties {
					ties[i] = [2]int32{to[e[0]], to[e[1]]}
				}
				h, err := structure.New(n, ties, kind)
				if err != nil {
					t.Fatal(err)
				}
				gone, _ := structure.NewMask(n)
				for v := range removed.All() {
					if err := gone.Remove(to[v]); err != nil {
						t.Fatal(err)
					}
				}
				sameFragmentation(t, g, h, removed, gone)
				sameCentrality(t, g, h, removed, gone, to)
				sameDominators(t, g, h, removed, gone, to)
				if kind == structure.Undirected {
					sameCuts(t, g, h, removed, gone, to)
					sameKeySets(t, g, h, removed, gone, to)
				}
			})
		})
	}
}

// must returns a function that fails the test on an error and else passes the value on.
func must[T any](t tb) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func sameFragmentation(t tb, g, h *structure.Graph, removed, gone structure.Mask) {
	t.Helper()
	ctx := t.Context()
	a := must[structure.Fragmentation](t)(structure.FragmentationOf(ctx, g, removed))
	b := must[structure.Fragmentation](t)(structure.FragmentationOf(ctx, h, gone))
	if a.F != b.F || a.Nodes != b.Nodes || !slices.Equal(a.Sizes, b.Sizes) {
		t.Fatalf("fragmentation %+v and %+v", a, b)
	}
	c := must[structure.Share](t)(structure.DistanceF(ctx, g, removed))
	d := must[structure.Share](t)(structure.DistanceF(ctx, h, gone))
	if c != d {
		t.Fatalf("distance fragmentation %+v and %+v", c, d)
	}
}

func sameCentrality(t tb, g, h *structure.Graph, removed, gone structure.Mask, to []int32) {
	t.Helper()
	ctx := t.Context()
	a := must[[]float64](t)(structure.Betweenness(ctx, g, removed))
	b := must[[]float64](t)(structure.Betweenness(ctx, h, gone))
	c := must[[]float64](t)(structure.Closeness(ctx, g, removed))
	d := must[[]float64](t)(structure.Closeness(ctx, h, gone))
	for v := range a {
		if math.Abs(a[v]-b[to[v]]) > 1e-9 || c[v] != d[to[v]] {
			t.Fatalf("node %d, now %d: betweenness %v and %v, closeness %v and %v", v, to[v], a[v], b[to[v]], c[v], d[to[v]])
		}
	}
}

func sameDominators(t tb, g, h *structure.Graph, removed, gone structure.Mask, to []int32) {
	t.Helper()
	ctx := t.Context()
	top := must[[]int32](t)(structure.Apexes(ctx, g, removed))
	if moved := must[[]int32](t)(structure.Apexes(ctx, h, gone)); !slices.Equal(renumbered(top, to), moved) {
		t.Fatalf("apexes %v, now %v", top, moved)
	}
	apexes, moved := []int32{0, int32(g.Nodes()) / 2}, []int32{to[0], to[g.Nodes()/2]}
	a := must[*structure.Dominators](t)(structure.DominatorsOf(ctx, g, apexes, removed))
	b := must[*structure.Dominators](t)(structure.DominatorsOf(ctx, h, moved, gone))
	for v, above := range a.Idom {
		if above >= 0 {
			above = to[above]
		}
		if b.Idom[to[v]] != above || a.Cut[v] != b.Cut[to[v]] {
			t.Fatalf("node %d, now %d: dominated by %d and %d", v, to[v], above, b.Idom[to[v]])
		}
		if removed.Has(int32(v)) {
			continue
		}
		c := must[structure.NodeCut](t)(structure.Redundancy(ctx, g, apexes, int32(v), removed))
		d := must[structure.NodeCut](t)(structure.Redundancy(ctx, h, moved, to[v], gone))
		if c.Lines != d.Lines || !slices.Equal(renumbered(c.Nodes, to), d.Nodes) {
			t.Fatalf("node %d, now %d: cuts %+v and %+v", v, to[v], c, d)
		}
	}
}

func sameCuts(t tb, g, h *structure.Graph, removed, gone structure.Mask, to []int32) {
	t.Helper()
	ctx := t.Context()
	a := must[*structure.Cuts](t)(structure.CutsOf(ctx, g, removed))
	b := must[*structure.Cuts](t)(structure.CutsOf(ctx, h, gone))
	if !slices.Equal(renumbered(a.Articulation, to), b.Articulation) || len(a.Bridges) != len(b.Bridges) {
		t.Fatalf("articulation points %v and %v", a.Articulation, b.Articulation)
	}
	c := must[[]structure.Brokerage](t)(structure.BrokerageOf(ctx, g, removed))
	d := must[[]structure.Brokerage](t)(structure.BrokerageOf(ctx, h, gone))
	for v := range int32(g.Nodes()) {
		if !slices.Equal(a.Pieces(v), b.Pieces(to[v])) {
			t.Fatalf("node %d, now %d: pieces %v and %v", v, to[v], a.Pieces(v), b.Pieces(to[v]))
		}
		if x, y := c[v], d[to[v]]; math.Abs(x.Constraint-y.Constraint) > 1e-12 || math.Abs(x.EffectiveSize-y.EffectiveSize) > 1e-12 {
			t.Fatalf("node %d, now %d: brokerage %+v and %+v", v, to[v], x, y)
		}
	}
}

func sameKeySets(t tb, g, h *structure.Graph, removed, gone structure.Mask, to []int32) {
	t.Helper()
	if g.Nodes()-removed.Count() < 2 {
		return
	}
	a := must[structure.KeySet](t)(structure.KeySets(t.Context(), g, structure.KeySetOptions{K: 2, Absent: removed}))
	b := must[structure.KeySet](t)(structure.KeySets(t.Context(), h, structure.KeySetOptions{K: 2, Absent: gone}))
	for i, set := range a.Sets {
		a.Sets[i] = renumbered(set, to)
	}
	slices.SortFunc(a.Sets, slices.Compare[[]int32])
	same := slices.EqualFunc(a.Sets, b.Sets, slices.Equal)
	if a.After != b.After || a.More != b.More || !same && !a.More {
		t.Fatalf("key sets %+v and %+v", a, b)
	}
}

// renumbered returns the nodes under their new numbers, ascending.
func renumbered(nodes, to []int32) []int32 {
	moved := make([]int32, len(nodes))
	for i, v := range nodes {
		moved[i] = to[v]
	}
	slices.SortFunc(moved, cmp.Compare[int32])
	return moved
}
