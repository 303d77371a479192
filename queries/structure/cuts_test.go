package structure_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/queries/structure"
)

// TestCutsOfKnownNetworks: the articulation points and bridges that networkx 3.6.1 and
// igraph 1.0.0 both find; single is the largest F that one loss leaves, and whose.
func TestCutsOfKnownNetworks(t *testing.T) {
	for _, tt := range []struct {
		network, articulation string
		bridges               int
		single                string
		f                     float64
	}{
		{"karate", "0", 1, "0", .316288},
		{"kite", "7 8", 2, "7", .388889},
		{"Florentine families", "Albizzi Guadagni Medici Salviati", 5, "Medici", .384615},
		{"Les Miserables", "1 10 25 28 46 48 51 57", 18, "10", .342105},
		{"figure 8", "BM BS2 BS3 BW CD DI HA HB NP SR WD", 11, "HA", .473118},
	} {
		g, ids := named(t, tt.network)
		c, err := structure.CutsOf(t.Context(), g, structure.Mask{})
		if err != nil {
			t.Fatal(err)
		}
		want := pick(t, ids, tt.articulation)
		slices.Sort(want)
		if !slices.Equal(c.Articulation, want) || len(c.Bridges) != tt.bridges {
			t.Errorf("%s: articulation points %v and %d bridges, want %v and %d", tt.network, c.Articulation, len(c.Bridges), want, tt.bridges)
		}
		best, largest := int32(-1), -1.0
		for v := range int32(g.Nodes()) {
			f, err := c.Without(v)
			if err != nil {
				t.Fatal(err)
			}
			if f.Residual > largest {
				best, largest = v, f.Residual
			}
		}
		near(t, tt.network+" single loss", largest, tt.f, 6)
		if best != ids[tt.single] {
			t.Errorf("%s: largest F without %d, want %s", tt.network, best, tt.single)
		}
	}
	g, _ := named(t, "karate")
	c, err := structure.CutsOf(t.Context(), g, structure.Mask{})
	if err != nil {
		t.Fatal(err)
	}
	if want := [][2]int32{{0, 11}}; !slices.Equal(c.Bridges, want) {
		t.Errorf("karate bridges %v, want %v", c.Bridges, want)
	}
	if want := []int32{27, 5, 1}; !slices.Equal(c.Pieces(0), want) || c.Pieces(1) != nil {
		t.Errorf("karate without 0 is in pieces of %v, want %v", c.Pieces(0), want)
	}
}

// checkCuts compares with removal one by one: the figures to the bit.
func checkCuts(t tb, g *structure.Graph, removed structure.Mask) {
	t.Helper()
	c, err := structure.CutsOf(t.Context(), g, removed)
	if err != nil {
		t.Fatal(err)
	}
	before, err := structure.ComponentsOf(t.Context(), g, removed)
	if err != nil {
		t.Fatal(err)
	}
	var articulation []int32
	for v := range int32(g.Nodes()) {
		with := removed.Clone()
		if with.Count() == 0 {
			with, _ = structure.NewMask(g.Nodes())
		}
		if err := with.Remove(v); err != nil {
			t.Fatal(err)
		}
		want, err := structure.FragmentationOf(t.Context(), g, with)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.Without(v); err != nil || got != want.F {
			t.Fatalf("without %d: F %+v (%v), one by one %+v", v, got, err, want.F)
		}
		if removed.Has(v) || len(want.Sizes) <= len(before.Sizes) {
			if c.Pieces(v) != nil {
				t.Fatalf("%d parts nothing into %v", v, c.Pieces(v))
			}
			continue
		}
		articulation = append(articulation, v)
		// All components, the one of v less v replaced by its pieces.
		sizes := slices.Clone(before.Sizes)
		i := slices.Index(sizes, before.Sizes[before.Label[v]])
		sizes = append(slices.Delete(sizes, i, i+1), c.Pieces(v)...)
		slices.SortFunc(sizes, func(a, b int32) int { return int(b - a) })
		if !slices.Equal(sizes, want.Sizes) {
			t.Fatalf("without %d: components %v, one by one %v", v, sizes, want.Sizes)
		}
	}
	if !slices.Equal(c.Articulation, articulation) {
		t.Fatalf("articulation points %v, one by one %v", c.Articulation, articulation)
	}
	if diff := cmp.Diff(bridges(t, g, removed, len(before.Sizes)), c.Bridges); diff != "" {
		t.Fatalf("bridges (-one by one +ours):\n%s", diff)
	}
}

// bridges takes out each tie in turn.
func bridges(t tb, g *structure.Graph, removed structure.Mask, components int) [][2]int32 {
	t.Helper()
	var list [][2]int32
	all := edges(g)
	for i, e := range all {
		if removed.Has(e[0]) || removed.Has(e[1]) {
			continue
		}
		less, err := structure.New(g.Nodes(), slices.Delete(slices.Clone(all), i, i+1), structure.Undirected)
		if err != nil {
			t.Fatal(err)
		}
		after, err := structure.ComponentsOf(t.Context(), less, removed)
		if err != nil {
			t.Fatal(err)
		}
		if len(after.Sizes) > components {
			list = append(list, e)
		}
	}
	return list
}

func TestCutsAgreeWithRemovalOneByOne(t *testing.T) {
	each(t, func(t *testing.T, g *structure.Graph) {
		t.Helper()
		checkCuts(t, g, structure.Mask{})
		if g.Nodes() > 5 {
			checkCuts(t, g, mask(t, g, 0, 5))
		}
	}, structure.Undirected)
}

func TestCutsOfRandomGraphsAgreeWithRemovalOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, removed := drawGraph(t, structure.Undirected)
		checkCuts(t, g, removed)
	})
}

func TestCutsRefuseNodesOutside(t *testing.T) {
	g, _ := named(t, "path")
	c, err := structure.CutsOf(t.Context(), g, structure.Mask{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []int32{-1, 6} {
		if _, err := c.Without(v); !errors.Is(err, structure.ErrNode) || c.Pieces(v) != nil {
			t.Errorf("Without(%d): error %v, want ErrNode", v, err)
		}
	}
}

// TestCutsOfALongLine: a line of 200,000 nodes would overflow a recursive search.
func TestCutsOfALongLine(t *testing.T) {
	const n = 200_000
	ties := make([][2]int32, n-1)
	for i := range ties {
		ties[i] = [2]int32{int32(i), int32(i + 1)}
	}
	g, err := structure.New(n, ties, structure.Undirected)
	if err != nil {
		t.Fatal(err)
	}
	c, err := structure.CutsOf(t.Context(), g, structure.Mask{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Articulation) != n-2 || len(c.Bridges) != n-1 {
		t.Errorf("%d articulation points and %d bridges, want %d and %d", len(c.Articulation), len(c.Bridges), n-2, n-1)
	}
	if want := []int32{n/2 + 1, n/2 - 2}; !slices.Equal(c.Pieces(n/2-2), want) {
		t.Errorf("cut in the middle: %v, want %v", c.Pieces(n/2-2), want)
	}
}
