package queries_test

import (
	"slices"
	"testing"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
)

// TestFewWorldsListAllThatMayBreak: of one world the answer tells of every institution
// that some of many worlds touch, however many coins lead there.
func TestFewWorldsListAllThatMayBreak(t *testing.T) {
	t.Parallel()
	s := state(t, stateSize{persons: 20_000, institutions: 400, groups: 60})
	ask := func(samples int) *queries.PurgeReport {
		r, err := queries.Purge(t.Context(), s, queries.PurgeInput{
			Targets: []graph.ID{"g50"}, Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: worlds.Sampled, Samples: samples, Seed: 3},
		})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	few, many := ask(1), ask(512)
	if few.Touched == many.Touched {
		t.Fatalf("one world touches all %d that many do", many.Touched)
	}
	for _, o := range many.Institutions[:many.Touched] {
		if !slices.ContainsFunc(few.Institutions, func(of queries.Outcome) bool { return of.ID == o.ID }) {
			t.Fatalf("%s is touched in some of 512 worlds and not told of with one: %d are, of %d", o.ID, len(few.Institutions), many.Touched)
		}
	}
}
