package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
)

// story is a random life of a store: batches, some of them wrong, and the
// clearance it is read under at the end.
type story struct {
	Batches   []graph.Batch
	Clearance graph.Marking
}

func randomStory(t *rapid.T) story {
	s := story{Batches: []graph.Batch{wholeBatch(t)}, Clearance: pick(t, "clearance", clearances)}
	for range rapid.IntRange(2, 6).Draw(t, "batches") {
		s.Batches = append(s.Batches, someBatch(t))
	}
	return s
}

// TestModelRandom plays random stories to the store and to the model: what they
// say they did, the errors, and every answer afterwards are equal. The stories
// are the same in every run.
func (suite) TestModelRandom(t *testing.T, c *Case) {
	for seed := range 16 {
		tale := rapid.Custom(randomStory).Example(seed)
		s, m := c.Fresh(t), NewModel()
		for _, b := range tale.Batches {
			applyBoth(t, s, m, b)
		}
		v := must[graph.View](t)(s.View(t.Context(), tale.Clearance))
		got := interview(t.Context(), v, m)
		_ = v.Close()
		if diff := diffAnswers(got, interview(t.Context(), mustView(t, m, tale.Clearance), m)); diff != "" {
			t.Fatalf("story %d: %s", seed, diff)
		}
	}
}

func applyBoth(t *testing.T, s graph.Store, m *Model, b graph.Batch) {
	t.Helper()
	before, err := s.Version(t.Context())
	if err != nil {
		t.Fatalf("version: %v", err)
	}
	want, wantErr := m.Apply(t.Context(), b)
	got, err := s.Apply(t.Context(), b)
	if (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
		t.Fatalf("apply: %v, want %v", err, wantErr)
	}
	if err != nil {
		return
	}
	if (got.Version != before) != got.Changed() {
		t.Fatalf("version %q, before %q, applied %+v", got.Version, before, got)
	}
	got.Version, want.Version = "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("applied (-want +got):\n%s", diff)
	}
}
