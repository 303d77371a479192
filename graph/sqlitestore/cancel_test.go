package sqlitestore_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"entangle/graph/sqlitestore"
	"entangle/graph/storetest"
)

// TestWriterSurvivesImpatience: whenever the context of a write ends, also while its
// transaction begins, the next write finds the store as if nothing had been asked.
func TestWriterSurvivesImpatience(t *testing.T) {
	t.Parallel()
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	batch := storetest.Fixture()
	ended := 0
	for i := range 300 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i%60)*time.Microsecond)
		if _, err := s.Apply(ctx, batch); err != nil {
			ended++
		}
		cancel()
		if _, err := s.Apply(t.Context(), batch); err != nil {
			t.Fatalf("after a write whose context ended in %d µs: %v", i%60, err)
		}
	}
	if ended == 0 {
		t.Error("no write was given up")
	}
}
