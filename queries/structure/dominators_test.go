package structure_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entangle/queries/structure"
)

// TestDominatorsOfKnownNetworks: networkx, igraph and rustworkx agree on "command", and
// on "two apexes" with a node added above them.
func TestDominatorsOfKnownNetworks(t *testing.T) {
	for _, tt := range []struct {
		network, apexes string
		above           map[string]string // "" for the super-root
		goes, cut       string
	}{
		{
			"command", "apex",
			map[string]string{"apex": "", "a": "apex", "b": "apex", "d": "apex", "e": "d", "f": "d", "c": "a", "g": "c"},
			"a", "a c g",
		},
		{
			"two apexes", "pm iran",
			map[string]string{"pm": "", "iran": "", "kh": "iran", "moi": "", "fed": "moi"},
			"iran", "iran kh",
		},
	} {
		g, ids := named(t, tt.network)
		d, err := structure.DominatorsOf(t.Context(), g, pick(t, ids, tt.apexes), structure.Mask{})
		if err != nil {
			t.Fatal(err)
		}
		for node, above := range tt.above {
			want := structure.Root
			if above != "" {
				want = ids[above]
			}
			if got := d.Idom[ids[node]]; got != want {
				t.Errorf("%s: %s is dominated by %d, want %d (%q)", tt.network, node, got, want, above)
			}
		}
		got, want := slices.Sorted(slices.Values(d.CutOff(ids[tt.goes]))), pick(t, ids, tt.cut)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s without %s: cut off %v, want %v", tt.network, tt.goes, got, want)
		}
		sources, err := structure.Sources(g, structure.Mask{})
		if err != nil {
			t.Fatal(err)
		}
		apexes := pick(t, ids, tt.apexes)
		slices.Sort(apexes)
		if !slices.Equal(sources, apexes) {
			t.Errorf("%s: nobody above %v, want %v", tt.network, sources, apexes)
		}
	}
}

// reach returns the nodes that a line from an apex leads to.
func reach(g *structure.Graph, apexes []int32, removed structure.Mask) []bool {
	seen := make([]bool, g.Nodes())
	queue := slices.Clone(apexes)
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		if seen[v] || removed.Has(v) {
			continue
		}
		seen[v] = true
		queue = append(queue, g.Neighbours(v)...)
	}
	return seen
}

// checkDominators compares with taking out each node in turn.
func checkDominators(t tb, g *structure.Graph, apexes []int32, removed structure.Mask) {
	t.Helper()
	d, err := structure.DominatorsOf(t.Context(), g, apexes, removed)
	if err != nil {
		t.Fatal(err)
	}
	whole := reach(g, apexes, removed)
	strict := make([][]int32, g.Nodes()) // dominators of each node but itself
	for u := range int32(g.Nodes()) {
		with, err := structure.NewMask(g.Nodes(), slices.AppendSeq([]int32{u}, removed.All())...)
		if err != nil {
			t.Fatal(err)
		}
		var lost []int32
		for v, still := range reach(g, apexes, with) {
			cut := whole[v] && !still && whole[u]
			if cut {
				lost = append(lost, int32(v))
				if int32(v) != u {
					strict[v] = append(strict[v], u)
				}
			}
			if d.Dominates(u, int32(v)) != cut {
				t.Fatalf("Dominates(%d, %d) = %t", u, v, !cut)
			}
		}
		got := slices.Sorted(slices.Values(d.CutOff(u)))
		if !slices.Equal(got, lost) || int(d.Cut[u]) != len(lost) {
			t.Fatalf("without %d: %d nodes cut off, %v; by removal %v", u, d.Cut[u], got, lost)
		}
		if len(lost) > 0 && d.CutOff(u)[0] != u {
			t.Fatalf("without %d: cut off %v, not the node first", u, d.CutOff(u))
		}
	}
	for v, above := range d.Idom {
		switch {
		case !whole[v]:
			if above != structure.Unreachable {
				t.Fatalf("idom(%d) = %d, but nothing reaches it", v, above)
			}
		case len(strict[v]) == 0:
			if above != structure.Root {
				t.Fatalf("idom(%d) = %d, but no node dominates it", v, above)
			}
		default: // the nearest is dominated by all the others
			if !slices.Contains(strict[v], above) || len(strict[above]) != len(strict[v])-1 {
				t.Fatalf("idom(%d) = %d of the dominators %v", v, above, strict[v])
			}
		}
	}
}

func TestDominatorsAgreeWithRemovalOneByOne(t *testing.T) {
	each(t, func(t *testing.T, g *structure.Graph) {
		t.Helper()
		checkDominators(t, g, nil, structure.Mask{})
		for v := range int32(g.Nodes()) {
			checkDominators(t, g, []int32{v}, structure.Mask{})
			checkDominators(t, g, []int32{v, int32(g.Nodes()) - 1, v}, mask(t, g, int32(g.Nodes())/2))
		}
	})
}

// TestDominatorsOfTangledCommand: random graphs with cycles, several apexes (also ones
// below others) and parts that no apex reaches.
func TestDominatorsOfTangledCommand(t *testing.T) {
	for _, kind := range []structure.Direction{structure.Directed, structure.Undirected} {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				g, removed := drawGraph(t, kind)
				node := rapid.Int32Range(0, int32(g.Nodes()-1))
				checkDominators(t, g, rapid.SliceOfN(node, 0, 4).Draw(t, "apexes"), removed)
			})
		})
	}
}

func TestDominatorsRefuseApexesOutside(t *testing.T) {
	g, _ := named(t, "command")
	for _, apex := range []int32{-1, 8} {
		if _, err := structure.DominatorsOf(t.Context(), g, []int32{0, apex}, structure.Mask{}); !errors.Is(err, structure.ErrNode) {
			t.Errorf("apex %d: error %v, want ErrNode", apex, err)
		}
	}
	d, err := structure.DominatorsOf(t.Context(), g, []int32{0}, structure.Mask{})
	if err != nil {
		t.Fatal(err)
	}
	if d.CutOff(-1) != nil || d.CutOff(8) != nil || d.Dominates(-1, 0) || d.Dominates(0, 8) {
		t.Error("nodes outside the graph are dominated")
	}
}
