package structure_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entangle/queries/structure"
)

// TestApexesOfKnownNetworks: sources, the top cycle of "there and back", and of "tangle"
// its two apexes and its island.
func TestApexesOfKnownNetworks(t *testing.T) {
	for network, want := range map[string]string{
		"command": "apex", "two apexes": "pm iran", "there and back": "0 1", "tangle": "0 6 7 8", "path": "0 1 2 3 4 5",
	} {
		g, ids := named(t, network)
		apexes, err := structure.Apexes(t.Context(), g, structure.Mask{})
		if err != nil {
			t.Fatal(err)
		}
		nodes := pick(t, ids, want)
		slices.Sort(nodes)
		if !slices.Equal(apexes, nodes) {
			t.Errorf("%s: apexes %v, want %v", network, apexes, nodes)
		}
	}
}

// TestApexesAgreeWithReach: a node is an apex if and only if it reaches all that reach it,
// and no node is without an apex above it.
func TestApexesAgreeWithReach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, removed := drawGraph(t, structure.Directed)
		apexes, err := structure.Apexes(t.Context(), g, removed)
		if err != nil {
			t.Fatal(err)
		}
		var want []int32
		n := int32(g.Nodes())
		for v := range n {
			if removed.Has(v) {
				continue
			}
			below, apex := reach(g, []int32{v}, removed), true
			for u := range n {
				if !removed.Has(u) && !below[u] && reach(g, []int32{u}, removed)[v] {
					apex = false
				}
			}
			if apex {
				want = append(want, v)
			}
		}
		if !slices.Equal(apexes, want) {
			t.Fatalf("apexes %v, want %v", apexes, want)
		}
		for v, reached := range reach(g, apexes, removed) {
			if !reached && !removed.Has(int32(v)) {
				t.Fatalf("nobody above %d", v)
			}
		}
	})
}
