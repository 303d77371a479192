package structure_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"entangle/queries/structure"
)

// large is a uniform random graph of a million nodes and five million ties and its
// nodes by degree, largest first. Built when the first benchmark asks for it.
var large = sync.OnceValues(func() (*structure.Graph, []int32) {
	const n, m = 1_000_000, 5_000_000
	draw := rand.New(rand.NewPCG(1, 2))
	ties := make([][2]int32, m)
	for i := range ties {
		ties[i] = [2]int32{draw.Int32N(n), draw.Int32N(n)}
	}
	g, err := structure.New(n, ties, structure.Undirected)
	if err != nil {
		panic(err) // sizes are constants in range
	}
	nodes := make([]int32, n)
	for v := range nodes {
		nodes[v] = int32(v)
	}
	slices.SortStableFunc(nodes, func(a, b int32) int { return len(g.Neighbours(b)) - len(g.Neighbours(a)) })
	return g, nodes
})

// removals are the what-ifs: nothing, the top 1% and the top 20% by degree. Measured on
// one core of a shared AMD EPYC with Go 1.26.8: components in 45 to 70 ms each, cuts in
// about 1 s, dominators in 2.7 to 4.7 s.
var removals = map[string]int{"none": 0, "top 1%": 10_000, "top 20%": 200_000}

func benchmark(b *testing.B, run func(b *testing.B, g *structure.Graph, removed structure.Mask)) {
	b.Helper()
	for _, name := range []string{"none", "top 1%", "top 20%"} {
		b.Run(name, func(b *testing.B) {
			g, nodes := large()
			removed := mask(b, g, nodes[:removals[name]]...)
			b.ReportAllocs()
			for b.Loop() {
				run(b, g, removed)
			}
		})
	}
}

func BenchmarkComponents(b *testing.B) {
	benchmark(b, func(b *testing.B, g *structure.Graph, removed structure.Mask) {
		b.Helper()
		if _, err := structure.ComponentsOf(b.Context(), g, removed); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkFragmentation(b *testing.B) {
	benchmark(b, func(b *testing.B, g *structure.Graph, removed structure.Mask) {
		b.Helper()
		if _, err := structure.FragmentationOf(b.Context(), g, removed); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkCuts(b *testing.B) {
	benchmark(b, func(b *testing.B, g *structure.Graph, removed structure.Mask) {
		b.Helper()
		if _, err := structure.CutsOf(b.Context(), g, removed); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkDominators(b *testing.B) {
	benchmark(b, func(b *testing.B, g *structure.Graph, removed structure.Mask) {
		b.Helper()
		if _, err := structure.DominatorsOf(b.Context(), g, []int32{0, 1, 2}, removed); err != nil {
			b.Fatal(err)
		}
	})
}
