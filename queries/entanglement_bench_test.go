package queries_test

import (
	"fmt"
	"testing"

	"entangle/queries"
	"entangle/queries/worlds"
)

// BenchmarkEntanglement purges each of sixty groups in a state of 100,000 persons in
// the same worlds, on all processors. ns/world is for a world of one group.
func BenchmarkEntanglement(b *testing.B) {
	s := state(b, largeState)
	for _, samples := range []int{128, queries.ManySamples} {
		b.Run(fmt.Sprintf("worlds=%d", samples), func(b *testing.B) {
			groups := 1
			for b.Loop() {
				r, err := queries.EntanglementOf(b.Context(), s, queries.EntanglementInput{
					Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: worlds.Sampled, Samples: samples, Seed: 1},
				})
				if err != nil {
					b.Fatal(err)
				}
				groups = len(r.Groups)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*samples*groups), "ns/world")
		})
	}
}
