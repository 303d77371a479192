package structure_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/graph/topo"
	"pgregory.net/rapid"

	"entangle/queries/structure"
)

// dismantled runs CoreHD and checks what holds for every graph: the first removals leave no
// cycle, and all of them no component above the bound.
func dismantled(t tb, g *structure.Graph, o structure.DismantleOptions) structure.Dismantling {
	t.Helper()
	d := must[structure.Dismantling](t)(structure.CoreHD(t.Context(), g, o))
	if d.Decycled > d.Broken || d.Broken-d.Reinserted != len(d.Removed) {
		t.Fatalf("counts do not add up: %+v", d)
	}
	gone := o.Absent.Clone()
	if gone.Count() == 0 {
		gone = mask(t, g)
	}
	for _, v := range d.Removed {
		if gone.Has(v) {
			t.Fatalf("%d is removed twice or was absent", v)
		}
		if err := gone.Remove(v); err != nil {
			t.Fatal(err)
		}
	}
	left := must[structure.Components](t)(structure.ComponentsOf(t.Context(), g, gone))
	largest := 0
	if len(left.Sizes) > 0 {
		largest = int(left.Sizes[0])
	}
	if d.Left != largest {
		t.Fatalf("said to leave %d nodes together, leaves %d", d.Left, largest)
	}
	return d
}

// acyclic reports whether what the mask leaves has no cycle.
func acyclic(g *structure.Graph, removed structure.Mask) bool {
	return len(topo.UndirectedCyclesIn(gonumUndirected(g, removed))) == 0
}

func TestCoreHDOfKnownNetworks(t *testing.T) {
	for _, c := range []struct {
		name     string
		largest  int
		decycled int
		removed  int
	}{
		{"path", 1, 0, 3},    // of six in a row every second: 1, 3 and 4 or 5, by halves
		{"path", 2, 0, 2},    // the halves of 2 and 3 nodes, then that of 3
		{"ring", 5, 1, 1},    // one opens it
		{"ring", 2, 1, 2},    // and one more halves the five that are left
		{"star", 1, 0, 1},    // the centre
		{"bow tie", 2, 1, 1}, // the knot is on both cycles and has the most ties
		{"two cliques", 1, 6, 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, _ := named(t, c.name)
			d := dismantled(t, g, structure.DismantleOptions{Largest: c.largest})
			if d.Decycled != c.decycled || len(d.Removed) != c.removed || d.Left > c.largest {
				t.Errorf("%+v, want %d to decycle and %d in all", d, c.decycled, c.removed)
			}
		})
	}
}

func TestCoreHDTakesAnyNetworkApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, absent := drawGraph(t, structure.Undirected)
		largest := rapid.IntRange(1, 4).Draw(t, "largest")
		d := dismantled(t, g, structure.DismantleOptions{Largest: largest, Absent: absent})
		if d.Left > largest {
			t.Fatalf("leaves %d nodes together, %d are let be", d.Left, largest)
		}
		// Without reinsertion the first removals are those of the search in full.
		first := dismantled(t, g, structure.DismantleOptions{Largest: largest, Absent: absent, K: max(d.Decycled, 1)})
		gone := absent.Clone()
		for _, v := range first.Removed[:min(d.Decycled, len(first.Removed))] {
			if err := gone.Remove(v); err != nil {
				t.Fatal(err)
			}
		}
		if !acyclic(g, gone) {
			t.Fatalf("a cycle is left without %v", first.Removed)
		}
		if d.Decycled > 0 {
			if err := gone.Restore(first.Removed[d.Decycled-1]); err != nil {
				t.Fatal(err)
			}
			if acyclic(g, gone) {
				t.Fatalf("%d removals left no cycle already", d.Decycled-1)
			}
		}
	})
}

func TestCoreHDKeepsToTheCandidates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, _ := drawGraph(t, structure.Undirected)
		var may []int32
		for v := range int32(g.Nodes()) {
			if rapid.Bool().Draw(t, "may") {
				may = append(may, v)
			}
		}
		if may == nil {
			may = []int32{}
		}
		d := dismantled(t, g, structure.DismantleOptions{Largest: 1, Candidates: may})
		for _, v := range d.Removed {
			if !slices.Contains(may, v) {
				t.Fatalf("%d is no candidate of %v", v, may)
			}
		}
	})
}

// TestCoreHDOfARandomNetwork: of a random network of 78,125 nodes with mean degree 3.5, a
// share of 0.1834 decycles it, 0.1842 breaks it into components of at most 1,000, and 0.1839
// are left after the reinsertion: measured once with an implementation in Python on one such
// network. The share scatters from network to network by about √(0.18·0.82/78,125) = 0.0014.
func TestCoreHDOfARandomNetwork(t *testing.T) {
	t.Parallel()
	const n, wanted = 78_125, 136_719 // half the sum of the degrees
	r := rand.New(rand.NewPCG(3, 5))
	var ties [][2]int32
	for range wanted {
		ties = append(ties, [2]int32{r.Int32N(n), r.Int32N(n)})
	}
	g, err := structure.New(n, ties, structure.Undirected)
	if err != nil {
		t.Fatal(err)
	}
	d := dismantled(t, g, structure.DismantleOptions{Largest: 1000})
	for _, c := range []struct {
		after string
		got   int
		want  float64
	}{{"decycling", d.Decycled, 0.1834}, {"tree-breaking", d.Broken, 0.1842}, {"reinsertion", len(d.Removed), 0.1839}} {
		if got := float64(c.got) / n; math.Abs(got-c.want) > 0.003 {
			t.Errorf("share after %s %.4f, known %.4f", c.after, got, c.want)
		}
	}
	if d.Left > 1000 || d.Reinserted == 0 {
		t.Errorf("%d nodes are left together, %d of the removed were put back", d.Left, d.Reinserted)
	}
	t.Logf("%d decycle, %d break, %d put back", d.Decycled, d.Broken, d.Reinserted)
}
