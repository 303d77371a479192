package queries_test

import (
	"testing"

	"entangle/queries"
)

// BenchmarkEntanglement purges each of sixty groups in a state of 100,000 persons in
// the same 1,024 worlds, on all processors.
func BenchmarkEntanglement(b *testing.B) {
	s := state(b, largeState)
	b.Logf("%d nodes, %d ties", s.Len(), s.Ties())
	for b.Loop() {
		r, err := queries.EntanglementOf(b.Context(), s, queries.EntanglementInput{Params: queries.DefaultParams(), Draw: queries.Draw{Method: queries.Sampled, Seed: 1}})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(r.Pairs)), "pairs")
	}
}
