package structure_test

import (
	"slices"
	"testing"

	"entangle/queries/structure"
)

// overload takes a node from the network and, round after round, all whose load is more
// than 1 + spare times what it was in the whole network, load being betweenness without
// the ends of paths (Motter and Lai, Phys. Rev. E 66, 065102, 2002).
func overload(t *testing.T, g *structure.Graph, first int32, spare float64) (left, largest int) {
	t.Helper()
	bear, err := structure.Betweenness(t.Context(), g, structure.Mask{})
	if err != nil {
		t.Fatal(err)
	}
	gone := mask(t, g, first)
	for again := true; again; {
		load, err := structure.Betweenness(t.Context(), g, gone)
		if err != nil {
			t.Fatal(err)
		}
		again = false
		for v := range int32(g.Nodes()) {
			// Loads are sums of fractions: equal ones may differ in the last bits.
			if !gone.Has(v) && load[v] > (1+spare)*bear[v]+1e-9 {
				again = true
				if err := gone.Remove(v); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	f, err := structure.FragmentationOf(t.Context(), g, gone)
	if err != nil {
		t.Fatal(err)
	}
	return f.Nodes, int(f.Sizes[0])
}

// TestOverloadOfTheKarateClub: without node 33 as graph-tiger 0.8.0 has it
// (Cascading, motter_lai) and a simulation of our own in Python; without node 0 as the
// latter has it.
func TestOverloadOfTheKarateClub(t *testing.T) {
	const unknown = -1
	g, _ := named(t, "karate")
	for _, tt := range []struct {
		first         int32
		spare         float64
		left, largest int
	}{
		{33, 0.1, 24, 15},
		{33, 0.5, 28, 19},
		{33, 1, 28, 21},
		{33, 2, 32, 31},
		{0, 0, unknown, 15},
		{0, 0.1, unknown, 16},
		{0, 0.2, unknown, 16},
		{0, 0.5, unknown, 17},
		{0, 1, unknown, 19},
		{0, 2, unknown, 24},
	} {
		left, largest := overload(t, g, tt.first, tt.spare)
		if largest != tt.largest || tt.left != unknown && left != tt.left {
			t.Errorf("without %d, %g to spare: %d left, %d of them together; want %d and %d", tt.first, tt.spare, left, largest, tt.left, tt.largest)
		}
	}
}

// TestSharesOfFragmentation: Shapley's shares (1953) of six members in the fragmentation
// that their loss leaves, over all 64 sets: five of them do nothing alone, and the shares
// sum to what all do. The figures are from an enumeration with networkx 3.6.1.
func TestSharesOfFragmentation(t *testing.T) {
	g, _ := named(t, "karate")
	members := []int32{0, 1, 2, 32, 33, 31}
	want := []float64{.35656, .06355, .09490, .13886, .23353, .02795}
	k := len(members)
	f := make([]float64, 1<<k)
	for set := range f {
		var gone []int32
		for i, v := range members {
			if set>>i&1 == 1 {
				gone = append(gone, v)
			}
		}
		got, err := structure.FragmentationOf(t.Context(), g, mask(t, g, gone...))
		if err != nil {
			t.Fatal(err)
		}
		f[set] = got.F.Residual
	}
	factorial := []float64{1, 1, 2, 6, 24, 120, 720}
	sum := 0.0
	for i := range members {
		share := 0.0
		for set := range f {
			if set>>i&1 == 1 {
				continue
			}
			size := 0
			for j := range k {
				size += set >> j & 1
			}
			share += factorial[size] * factorial[k-size-1] / factorial[k] * (f[set|1<<i] - f[set])
		}
		near(t, "share", share, want[i], 5)
		sum += share
		if alone := f[1<<i]; (alone > 1e-12) != (members[i] == 0) {
			t.Errorf("%d alone does %g", members[i], alone)
		}
	}
	near(t, "sum of the shares", sum, .915344, 6)
	near(t, "all together", f[1<<k-1], .915344, 6)
	if slices.Max(f) > 1 {
		t.Errorf("a fragmentation of %g", slices.Max(f))
	}
}
