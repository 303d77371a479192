package structure_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/queries/structure"
)

// sets turns "a b, c d" into sorted sets of ids.
func sets(t *testing.T, ids map[string]int32, names string) [][]int32 {
	t.Helper()
	var list [][]int32
	for set := range strings.SplitSeq(names, ",") {
		nodes := pick(t, ids, set)
		slices.Sort(nodes)
		list = append(list, nodes)
	}
	slices.SortFunc(list, slices.Compare[[]int32])
	return list
}

// TestKeySetsOfKnownNetworks: the optima by pyntacle's brute force (Borgatti's Fig. 8 at
// k = 2) and by exhaustive search with networkx 3.6.1 (the others).
func TestKeySetsOfKnownNetworks(t *testing.T) {
	for _, tt := range []struct {
		network  string
		k        int
		measure  structure.Measure
		best     float64
		decimals int
		sets     string // all, or some if it ends in " …"
	}{
		{"figure 8", 1, structure.ByF, .47312, 5, "HA"},
		{"figure 8", 2, structure.ByF, .70575, 5, "HA HB, HB WD"},
		{"figure 8", 2, structure.ByDistanceF, .81506, 5, "HB WD"},
		{"figure 8", 3, structure.ByF, .75123, 5, "WD BM HB, HA PH HB"},
		{"karate", 1, structure.ByF, .316288, 6, "0"},
		{"karate", 2, structure.ByF, .423387, 6, "0 1"},
		{"karate", 3, structure.ByF, .569892, 6, "0 32 33"},
		{"kite", 1, structure.ByF, .388889, 6, "7"},
		{"kite", 2, structure.ByF, .535714, 6, "5 6"},
		{"Florentine families", 1, structure.ByF, .384615, 6, "Medici"},
		{"Florentine families", 2, structure.ByF, .705128, 6, ""},
		{"Florentine families", 3, structure.ByF, .863636, 6, ""},
		{"Les Miserables", 1, structure.ByF, .342105, 6, "10"},
	} {
		g, ids := named(t, tt.network)
		got, err := structure.KeySets(t.Context(), g, structure.KeySetOptions{K: tt.k, Measure: tt.measure})
		if err != nil {
			t.Fatal(err)
		}
		near(t, tt.network, got.After.Residual, tt.best, tt.decimals)
		if got.Optimality != structure.Exact || got.More {
			t.Errorf("%s, k=%d: %v, more %t", tt.network, tt.k, got.Optimality, got.More)
		}
		if tt.sets == "" {
			continue
		}
		if diff := cmp.Diff(sets(t, ids, tt.sets), got.Sets); diff != "" {
			t.Errorf("%s, k=%d: sets (-want +got):\n%s", tt.network, tt.k, diff)
		}
	}
}

// TestHeuristicKeySetsReachTheOptimum of the known networks: by the pairs alone, as
// MaxTraversals 1 leaves no room to compare every set.
func TestHeuristicKeySetsReachTheOptimum(t *testing.T) {
	for _, tt := range []struct {
		network string
		k       int
		measure structure.Measure
	}{
		{"figure 8", 3, structure.ByF},
		{"figure 8", 4, structure.ByF},
		{"karate", 3, structure.ByF},
		{"karate", 4, structure.ByF},
		{"Florentine families", 3, structure.ByF},
		{"Les Miserables", 3, structure.ByF},
		{"figure 8", 2, structure.ByDistanceF},
		{"kite", 3, structure.ByDistanceF},
	} {
		g, _ := named(t, tt.network)
		exact, err := structure.KeySets(t.Context(), g, structure.KeySetOptions{K: tt.k, Measure: tt.measure})
		if err != nil {
			t.Fatal(err)
		}
		opt := structure.KeySetOptions{K: tt.k, Measure: tt.measure, MaxTraversals: 1}
		got, err := structure.KeySets(t.Context(), g, opt)
		if err != nil {
			t.Fatal(err)
		}
		if exact.Optimality != structure.Exact || got.Optimality != structure.Heuristic {
			t.Errorf("%s, k=%d: %v and %v", tt.network, tt.k, exact.Optimality, got.Optimality)
		}
		if got.After != exact.After || got.Before != exact.Before {
			t.Errorf("%s, k=%d: found %v, the optimum is %v", tt.network, tt.k, got.After, exact.After)
		}
		for _, set := range got.Sets {
			if !exact.More && !slices.ContainsFunc(exact.Sets, func(s []int32) bool { return slices.Equal(s, set) }) {
				t.Errorf("%s, k=%d: %v is not among the best sets %v", tt.network, tt.k, set, exact.Sets)
			}
		}
		again, err := structure.KeySets(t.Context(), g, opt)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Errorf("%s, k=%d: searched twice:\n%s", tt.network, tt.k, diff)
		}
	}
}

// checkKeySets compares with measuring each set on its own.
func checkKeySets(t tb, g *structure.Graph, opt structure.KeySetOptions) {
	t.Helper()
	candidates := opt.Candidates
	if candidates == nil {
		for v := range int32(g.Nodes()) {
			if !opt.Absent.Has(v) {
				candidates = append(candidates, v)
			}
		}
	}
	best := -1.0
	var want [][]int32
	var try func(set []int32, from int)
	try = func(set []int32, from int) {
		if len(set) == opt.K {
			f := measured(t, g, opt, set).Residual
			switch {
			case f > best+1e-12:
				best, want = f, [][]int32{slices.Clone(set)}
			case f > best-1e-12:
				want = append(want, slices.Clone(set))
			}
			return
		}
		for i := from; i < len(candidates); i++ {
			try(append(set, candidates[i]), i+1)
		}
	}
	try(nil, 0)
	got, err := structure.KeySets(t.Context(), g, opt)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(got.After.Residual-best) > 1e-12 || got.Optimality != structure.Exact {
		t.Fatalf("best %v (%v), set by set %v", got.After.Residual, got.Optimality, best)
	}
	if got.More != (len(want) > 100) {
		t.Fatalf("more %t of %d sets", got.More, len(want))
	}
	if diff := cmp.Diff(want, got.Sets); diff != "" && !got.More {
		t.Fatalf("sets (-set by set +got):\n%s", diff)
	}
	if after := measured(t, g, opt, got.Sets[0]); !alike(after, got.After) {
		t.Fatalf("After %v, measured %v", got.After, after)
	}
	if before := measured(t, g, opt, nil); !alike(before, got.Before) {
		t.Fatalf("Before %v, measured %v", got.Before, before)
	}
}

func alike(a, b structure.Share) bool {
	return math.Abs(a.Residual-b.Residual) < 1e-12 && math.Abs(a.Original-b.Original) < 1e-12
}

// measured is the fragmentation that the loss of a set leaves.
func measured(t tb, g *structure.Graph, opt structure.KeySetOptions, set []int32) structure.Share {
	t.Helper()
	gone, err := structure.NewMask(g.Nodes(), slices.AppendSeq(slices.Clone(set), opt.Absent.All())...)
	if err != nil {
		t.Fatal(err)
	}
	if opt.Measure == structure.ByF {
		c, err := structure.Removal(t.Context(), g, opt.Absent, gone)
		if err != nil {
			t.Fatal(err)
		}
		return c.After.F
	}
	df, err := structure.DistanceF(t.Context(), g, gone)
	if err != nil {
		t.Fatal(err)
	}
	// DistanceF is against all nodes, absent ones too.
	all, there := float64(g.Nodes()), float64(g.Nodes()-opt.Absent.Count())
	if there > 1 {
		df.Original = 1 - (1-df.Original)*all*(all-1)/(there*(there-1))
	} else {
		df.Original = 1
	}
	return df
}

func TestKeySetsAgreeWithMeasuringEachSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := structure.Undirected
		measure := rapid.SampledFrom([]structure.Measure{structure.ByF, structure.ByDistanceF}).Draw(t, "measure")
		if measure == structure.ByDistanceF {
			kind = structure.Directed
		}
		g, absent := drawGraph(t, kind)
		left := g.Nodes() - absent.Count()
		if left == 0 {
			return
		}
		k := rapid.IntRange(1, min(left, 4)).Draw(t, "k")
		checkKeySets(t, g, structure.KeySetOptions{K: k, Measure: measure, Absent: absent})
	})
}

func TestKeySetsKeepToTheCandidates(t *testing.T) {
	g, ids := named(t, "figure 8")
	candidates := pick(t, ids, "BM HB WD HB GM")
	got, err := structure.KeySets(t.Context(), g, structure.KeySetOptions{K: 2, Candidates: candidates, Absent: mask(t, g, ids["HA"])})
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range got.Sets {
		for _, v := range set {
			if !slices.Contains(candidates, v) {
				t.Errorf("%d is no candidate", v)
			}
		}
	}
	if got.Traversals > 5 {
		t.Errorf("%d traversals for four candidates", got.Traversals)
	}
}

// TestKeySetsTellSomeOfMany: every pair of a clique is as good as any other.
func TestKeySetsTellSomeOfMany(t *testing.T) {
	var ties [][2]int32
	for v := range int32(16) {
		for w := range v {
			ties = append(ties, [2]int32{w, v})
		}
	}
	g, err := structure.New(16, ties, structure.Undirected)
	if err != nil {
		t.Fatal(err)
	}
	got, err := structure.KeySets(t.Context(), g, structure.KeySetOptions{K: 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Sets) != 100 || !got.More || got.After.Residual != 0 {
		t.Errorf("%d sets of 120, more %t, F %v", len(got.Sets), got.More, got.After)
	}
}

// TestRandomStarts find nothing worse, and the same again from the same seed.
func TestRandomStarts(t *testing.T) {
	g, _ := named(t, "Les Miserables")
	search := func(starts int, seed uint64) structure.KeySet {
		s, err := structure.KeySets(t.Context(), g, structure.KeySetOptions{K: 5, MaxTraversals: 1, Starts: starts, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	none, some := search(0, 1), search(8, 1)
	if some.After.Residual < none.After.Residual || some.Traversals <= none.Traversals {
		t.Errorf("with random starts %v, without %v", some, none)
	}
	if diff := cmp.Diff(some, search(8, 1)); diff != "" {
		t.Errorf("one seed, two answers:\n%s", diff)
	}
}

func TestKeySetsRefuse(t *testing.T) {
	g, _ := named(t, "karate")
	absent := mask(t, g, 3)
	for name, tt := range map[string]struct {
		opt  structure.KeySetOptions
		want error
	}{
		"no nodes":            {structure.KeySetOptions{}, structure.ErrOption},
		"too many nodes":      {structure.KeySetOptions{K: 34, Absent: absent}, structure.ErrOption},
		"candidates for less": {structure.KeySetOptions{K: 2, Candidates: []int32{1, 1}}, structure.ErrOption},
		"no candidates":       {structure.KeySetOptions{K: 1, Candidates: []int32{}}, structure.ErrOption},
		"candidate outside":   {structure.KeySetOptions{K: 1, Candidates: []int32{34}}, structure.ErrNode},
		"candidate absent":    {structure.KeySetOptions{K: 1, Candidates: []int32{3}, Absent: absent}, structure.ErrNode},
		"negative bound":      {structure.KeySetOptions{K: 1, MaxTraversals: -1}, structure.ErrOption},
		"negative starts":     {structure.KeySetOptions{K: 1, Starts: -1}, structure.ErrOption},
		"no such measure":     {structure.KeySetOptions{K: 1, Measure: 2}, structure.ErrOption},
	} {
		if _, err := structure.KeySets(t.Context(), g, tt.opt); !errors.Is(err, tt.want) {
			t.Errorf("%s: error %v, want %v", name, err, tt.want)
		}
	}
}

// TestHeuristicKeySetsOfRandomNetworks: half of the ties lead to one of six hubs. The
// search found the best three in 98 of 100 of these, and never less than 0.04 below;
// the limits here leave room for a change in the order of search.
func TestHeuristicKeySetsOfRandomNetworks(t *testing.T) {
	const n, graphs = 30, 100
	missed := 0
	for seed := range uint64(graphs) {
		draw := rand.New(rand.NewPCG(seed, 3))
		ties := make([][2]int32, 35+seed%20)
		for i := range ties {
			heads := int32(n)
			if i%2 == 0 {
				heads = 6
			}
			ties[i] = [2]int32{draw.Int32N(n), draw.Int32N(heads)}
		}
		g, err := structure.New(n, ties, structure.Undirected)
		if err != nil {
			t.Fatal(err)
		}
		exact := must[structure.KeySet](t)(structure.KeySets(t.Context(), g, structure.KeySetOptions{K: 3}))
		found := must[structure.KeySet](t)(structure.KeySets(t.Context(), g, structure.KeySetOptions{K: 3, MaxTraversals: 1}))
		if found.After != exact.After {
			missed++
		}
		if short := exact.After.Residual - found.After.Residual; short < 0 || short > .1 {
			t.Errorf("seed %d: found %v, the optimum is %v", seed, found.After, exact.After)
		}
	}
	if missed > graphs/20 {
		t.Errorf("missed the optimum in %d of %d", missed, graphs)
	}
	t.Logf("missed %d of %d", missed, graphs)
}
