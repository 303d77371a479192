package structure_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entangle/queries/structure"
)

// TestFragmentationOfKnownNetworks holds F and DF (residual) to published figures. The
// sources: pyntacle's expected test outputs, which for DF agree with R's keyplayer and
// with one less the global efficiency of networkx; "own" figures were computed with
// networkx 3.6.1 from the definitions.
func TestFragmentationOfKnownNetworks(t *testing.T) {
	const unknown = -1
	for _, tt := range []struct {
		network, removed string
		f, df            float64
		decimals         int
		source           string
	}{
		{"two cliques", "", .5555556, .5555556, 7, "Borgatti 2006, Fig. 5a"},
		{"two lines", "", .5555556, .7148148, 7, "Borgatti 2006, Fig. 5b; own"},
		{"figure 1", "", 0, .39286, 5, "pyntacle"},
		{"figure 1", "A B", 1, 1, 5, "pyntacle"},
		{"figure 8", "", 0, .64755, 5, "pyntacle"},
		{"figure 8", "HA", .47312, unknown, 5, "own"},
		{"figure 8", "HA HB", .70575, unknown, 5, "pyntacle"},
		{"figure 8", "HB WD", .70575, .81506, 5, "pyntacle; DF also R keyplayer"},
		{"figure 8", "HS HA GM", .44335, .74676, 5, "pyntacle; DF also R keyplayer"},
		{"figure 8", "WD BM HB", .75123, unknown, 5, "own"},
		{"figure 8", "HA PH HB", .75123, unknown, 5, "own"},
		{"karate", "", 0, .507992, 6, "own"},
		{"karate", "0", .316288, unknown, 6, "own"},
		{"karate", "0 1", .423387, unknown, 6, "own"},
		{"karate", "0 32 33", .569892, unknown, 6, "own"},
		{"kite", "7", .388889, unknown, 6, "own"},
		{"kite", "5 6", .535714, unknown, 6, "own"},
		{"Les Miserables", "10", .342105, unknown, 6, "own"},
	} {
		g, ids := named(t, tt.network)
		m := mask(t, g, pick(t, ids, tt.removed)...)
		got, err := structure.FragmentationOf(t.Context(), g, m)
		if err != nil {
			t.Fatal(err)
		}
		near(t, tt.network+" F without "+tt.removed, got.F.Residual, tt.f, tt.decimals)
		df, err := structure.DistanceF(t.Context(), g, m)
		if err != nil {
			t.Fatal(err)
		}
		if tt.df != unknown {
			near(t, tt.network+" DF without "+tt.removed, df.Residual, tt.df, tt.decimals)
		}
	}
}

// TestRemovalTellsBothDenominators: Borgatti's Fig. 8 without HA and HB, whose F is
// .70575 for what is left and .74194 against all 32 (own, from the definition).
func TestRemovalTellsBothDenominators(t *testing.T) {
	g, ids := named(t, "figure 8")
	got, err := structure.Removal(t.Context(), g, structure.Mask{}, mask(t, g, pick(t, ids, "HA HB")...))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "before", got.Before.F.Residual, 0, 5)
	near(t, "residual", got.After.F.Residual, .70575, 5)
	near(t, "original", got.After.F.Original, .74194, 5)
	if got.After.F.By(structure.Residual) != got.After.F.Residual || got.After.F.By(structure.Original) != got.After.F.Original ||
		!math.IsNaN(got.After.F.By(2)) {
		t.Error("By does not name the figures")
	}
	if want := []int32{11, 10, 8, 1}; !slices.Equal(got.After.Sizes, want) || got.After.Nodes != 30 {
		t.Errorf("%d nodes in components %v, want 30 in %v", got.After.Nodes, got.After.Sizes, want)
	}
}

// TestRemovalCountsAbsentNodesOut: who was not there before is no isolate after.
func TestRemovalCountsAbsentNodesOut(t *testing.T) {
	g, _ := named(t, "path")
	absent, removed := mask(t, g, 5), mask(t, g, 2, 5)
	got, err := structure.Removal(t.Context(), g, absent, removed)
	if err != nil {
		t.Fatal(err)
	}
	// Five nodes, then {0 1} and {3 4}: four ordered pairs of 12 residual, 20 original.
	if got.Before.Nodes != 5 || got.Before.F != (structure.Share{}) {
		t.Errorf("before: %+v", got.Before)
	}
	near(t, "residual", got.After.F.Residual, 1-4./12, 12)
	near(t, "original", got.After.F.Original, 1-4./20, 12)
	if absent.Has(2) || removed.Count() != 2 {
		t.Error("a mask was written to")
	}
}

func TestFragmentationWithoutPairs(t *testing.T) {
	for _, tt := range []struct {
		network string
		removed []int32
		want    structure.Share
	}{
		{"empty", nil, structure.Share{Residual: 1, Original: 1}},
		{"one node", nil, structure.Share{Residual: 1, Original: 1}},
		{"one node", []int32{0}, structure.Share{Residual: 1, Original: 1}},
		{"one tie", nil, structure.Share{}},
		{"one tie", []int32{1}, structure.Share{Residual: 1, Original: 1}},
		{"one tie", []int32{0, 1}, structure.Share{Residual: 1, Original: 1}},
		{"two apart", nil, structure.Share{Residual: 1, Original: 1}},
	} {
		g, _ := named(t, tt.network)
		m := mask(t, g, tt.removed...)
		f, err := structure.FragmentationOf(t.Context(), g, m)
		if err != nil {
			t.Fatal(err)
		}
		df, err := structure.DistanceF(t.Context(), g, m)
		if err != nil {
			t.Fatal(err)
		}
		if f.F != tt.want || df != tt.want {
			t.Errorf("%s without %v: F %+v, DF %+v, want %+v", tt.network, tt.removed, f.F, df, tt.want)
		}
	}
}

// distances is Floyd and Warshall's on what the mask leaves.
func distances(g *structure.Graph, removed structure.Mask) [][]float64 {
	n := g.Nodes()
	d := make([][]float64, n)
	for v := range d {
		d[v] = make([]float64, n)
		for w := range d[v] {
			if v != w {
				d[v][w] = math.Inf(1)
			}
		}
		for _, w := range g.Neighbours(int32(v)) {
			if !removed.Has(int32(v)) && !removed.Has(w) {
				d[v][w] = 1
			}
		}
	}
	for k := range n {
		for v := range n {
			for w := range n {
				d[v][w] = min(d[v][w], d[v][k]+d[k][w])
			}
		}
	}
	return d
}

func TestDistanceFAgreesWithFloydWarshall(t *testing.T) {
	for _, kind := range []structure.Direction{structure.Undirected, structure.Directed} {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				g, removed := drawGraph(t, kind)
				left, sum := g.Nodes()-removed.Count(), 0.0
				for v, row := range distances(g, removed) {
					for w, d := range row {
						if v != w {
							sum += 1 / d
						}
					}
				}
				got, err := structure.DistanceF(t.Context(), g, removed)
				if err != nil {
					t.Fatal(err)
				}
				if left > 1 && math.Abs(got.Residual-(1-sum/float64(left*(left-1)))) > 1e-12 {
					t.Fatalf("DF %v, the distances give %v", got.Residual, 1-sum/float64(left*(left-1)))
				}
			})
		})
	}
}

func TestDistanceFSampled(t *testing.T) {
	g, _ := named(t, "Les Miserables")
	m := mask(t, g, 10, 27)
	exact, err := structure.DistanceF(t.Context(), g, m)
	if err != nil {
		t.Fatal(err)
	}
	sampled := func(sources int, seed uint64) structure.SampledShare {
		est, err := structure.DistanceFSampled(t.Context(), g, m, sources, seed)
		if err != nil {
			t.Fatal(err)
		}
		return est
	}
	if all := sampled(1000, 1); math.Abs(all.Share.Residual-exact.Residual) > 1e-12 || all.SE != (structure.Share{}) || all.Sources != 75 {
		t.Errorf("every source: %+v, want %+v without error", all, exact)
	}
	if sampled(20, 7) != sampled(20, 7) {
		t.Error("one seed, two estimates")
	}
	// 400 estimates: nearly all within three standard errors, and their mean near the truth.
	const draws = 400
	var sum float64
	within := 0
	for seed := range uint64(draws) {
		est := sampled(20, seed)
		sum += est.Share.Original
		if math.Abs(est.Share.Original-exact.Original) <= 3*est.SE.Original {
			within++
		}
	}
	if within < draws*97/100 {
		t.Errorf("%d of %d estimates within three standard errors", within, draws)
	}
	if math.Abs(sum/draws-exact.Original) > .002 {
		t.Errorf("mean of the estimates %v, want %v", sum/draws, exact.Original)
	}
	if _, err := structure.DistanceFSampled(t.Context(), g, m, 1, 1); !errors.Is(err, structure.ErrOption) {
		t.Errorf("one source: error %v, want ErrOption", err)
	}
}
