package queries_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// TestPulledAsPushed: whether those who leave are found from those who were lost or from
// those who may follow, the answer is the same.
func TestPulledAsPushed(t *testing.T) {
	t.Parallel()
	same := func(s *projection.Snapshot, in queries.PurgeInput) (lost int) {
		t.Helper()
		in.Method = worlds.Sampled
		pulled, pushed, err := queries.PulledAndPushed(t.Context(), s, in)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(pushed, pulled); diff != "" {
			t.Fatalf("pulled is not what pushed is:\n%s", diff)
		}
		return len(pushed.Lost)
	}
	drawn := 0
	for seed := range 400 {
		c := purgeCases.Example(seed)
		c.params.MaxWaves = 64
		s, err := projection.FromBatch(c.batch, someDay)
		if err != nil {
			t.Fatal(err)
		}
		drawn += same(s, queries.PurgeInput{Targets: c.targets, Params: c.params, Draw: worlds.Draw{Samples: 300, Seed: uint64(seed), Workers: 2}})
	}
	if drawn < 400 {
		t.Errorf("%d persons lost in all cases together: nothing was shown", drawn)
	}
	params := worlds.DefaultParams()
	params.SourceCorrelation = 0.5
	same(state(t, stateSize{persons: 2000, institutions: 60, groups: 8}),
		queries.PurgeInput{Targets: []graph.ID{"g3", "p17"}, Params: params, Draw: worlds.Draw{Samples: 200, Seed: 5}})
}
