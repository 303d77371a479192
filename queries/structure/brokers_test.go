package structure_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"entangle/queries/structure"
)

// TestBrokerageOfKnownNetworks: constraint by networkx 3.6.1 and igraph 1.0.0 alike,
// effective size by networkx; the star in closed form, constraint 1/k.
func TestBrokerageOfKnownNetworks(t *testing.T) {
	for _, tt := range []struct {
		network, node   string
		constraint, eff float64
	}{
		{"karate", "0", .1554, 13.7500},
		{"star", "0", .2, 5},
		{"star", "1", 1, 1},
	} {
		g, ids := named(t, tt.network)
		b, err := structure.BrokerageOf(t.Context(), g, structure.Mask{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, tt.network+" constraint of "+tt.node, b[ids[tt.node]].Constraint, tt.constraint, 4)
		near(t, tt.network+" effective size of "+tt.node, b[ids[tt.node]].EffectiveSize, tt.eff, 4)
	}
}

// checkBrokerage computes Burt's formulas as they stand, from the matrix of shares.
func checkBrokerage(t tb, g *structure.Graph, removed structure.Mask) {
	t.Helper()
	brokers, err := structure.BrokerageOf(t.Context(), g, removed)
	if err != nil {
		t.Fatal(err)
	}
	n := g.Nodes()
	tie := func(v, w int) bool {
		return g.HasTie(int32(v), int32(w)) && !removed.Has(int32(v)) && !removed.Has(int32(w))
	}
	share := make([][]float64, n)
	degree := make([]float64, n)
	for v := range n {
		share[v] = make([]float64, n)
		for w := range n {
			if tie(v, w) {
				degree[v]++
			}
		}
		for w := range n {
			if tie(v, w) {
				share[v][w] = 1 / degree[v]
			}
		}
	}
	for i, b := range brokers {
		var want structure.Brokerage
		want.Degree = int32(degree[i])
		for j := range n {
			if !tie(i, j) {
				continue
			}
			invested, redundant := share[i][j], 0.0
			for q := range n {
				invested += share[i][q] * share[q][j]
				if tie(q, j) { // Burt's m_jq, the tie as a part of j's strongest, is 1
					redundant += share[i][q]
				}
			}
			want.Constraint += invested * invested
			want.EffectiveSize += 1 - redundant
		}
		if b.Degree != want.Degree || math.Abs(b.Constraint-want.Constraint) > 1e-12 || math.Abs(b.EffectiveSize-want.EffectiveSize) > 1e-12 {
			t.Fatalf("node %d: %+v, the formulas give %+v", i, b, want)
		}
		if eff := b.Efficiency(); degree[i] > 0 && math.Abs(eff-want.EffectiveSize/degree[i]) > 1e-12 || degree[i] == 0 && eff != 0 {
			t.Fatalf("node %d: efficiency %v", i, eff)
		}
	}
}

func TestBrokerageAgreesWithTheFormulas(t *testing.T) {
	each(t, func(t *testing.T, g *structure.Graph) {
		t.Helper()
		checkBrokerage(t, g, structure.Mask{})
		if g.Nodes() > 3 {
			checkBrokerage(t, g, mask(t, g, 2, 3))
		}
	}, structure.Undirected)
	var wheel [][2]int32 // a hub with far more ties than those around it
	for v := range int32(40) {
		wheel = append(wheel, [2]int32{40, v}, [2]int32{v, (v + 1) % 40})
	}
	g, err := structure.New(41, wheel, structure.Undirected)
	if err != nil {
		t.Fatal(err)
	}
	checkBrokerage(t, g, structure.Mask{})
	checkBrokerage(t, g, mask(t, g, 0, 7, 8))
	rapid.Check(t, func(t *rapid.T) {
		g, removed := drawGraph(t, structure.Undirected)
		checkBrokerage(t, g, removed)
	})
}
