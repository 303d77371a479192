package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
)

// Compare plays random stories to two stores: what they say they did, their
// errors and every answer under the story's clearance are equal. open returns two
// empty stores, which Compare closes; also, where not nil, gets a view of each at
// the end of a story for checks of its own. The stories are the same in every run.
func Compare(t *testing.T, stories int, open func(t *testing.T) (a, b graph.Store), also func(t *testing.T, a, b graph.View)) {
	t.Helper()
	for seed := range stories {
		tale := rapid.Custom(randomStory).Example(1000 + seed)
		a, b := open(t)
		about := NewModel()
		for i, batch := range tale.Batches {
			gotA, errA := a.Apply(t.Context(), batch)
			gotB, errB := b.Apply(t.Context(), batch)
			if (errA == nil) != (errB == nil) || errA != nil && errA.Error() != errB.Error() {
				t.Fatalf("story %d, batch %d: errors differ:\n%v\n%v", seed, i, errA, errB)
			}
			gotA.Version, gotB.Version = "", ""
			if diff := cmp.Diff(gotA, gotB); diff != "" {
				t.Fatalf("story %d, batch %d (-first +second):\n%s", seed, i, diff)
			}
			if _, err := about.Apply(t.Context(), batch); (err == nil) != (errA == nil) {
				t.Fatalf("story %d, batch %d: error %v, want %v", seed, i, errA, err)
			}
		}
		compareStores(t, a, b, about, tale.Clearance, also)
	}
}

func compareStores(t *testing.T, a, b graph.Store, about *Model, clearance graph.Marking, also func(t *testing.T, a, b graph.View)) {
	t.Helper()
	viewA, viewB := must[graph.View](t)(a.View(t.Context(), clearance)), must[graph.View](t)(b.View(t.Context(), clearance))
	if diff := diffAnswers(interview(t.Context(), viewB, about), interview(t.Context(), viewA, about)); diff != "" {
		t.Fatalf("answers differ: %s", diff)
	}
	if also != nil {
		also(t, viewA, viewB)
	}
	for _, closing := range []func() error{viewA.Close, viewB.Close, a.Close, b.Close} {
		if err := closing(); err != nil {
			t.Error(err)
		}
	}
}
