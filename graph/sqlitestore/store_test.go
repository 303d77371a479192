package sqlitestore_test

import (
	"path/filepath"
	"testing"

	"entangle/graph"
	"entangle/graph/sqlitestore"
	"entangle/graph/storetest"
)

// reopening is a store that the suite can close and open again.
type reopening struct {
	*sqlitestore.Store
	path string
}

func (r reopening) Reopen(t *testing.T) graph.Store {
	t.Helper()
	if err := r.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	return reopening{open(t, r.path), r.path}
}

func open(tb testing.TB, path string, opts ...sqlitestore.Option) *sqlitestore.Store {
	tb.Helper()
	s, err := sqlitestore.Open(tb.Context(), path, opts...)
	if err != nil {
		tb.Fatalf("open: %v", err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) graph.Store {
		t.Helper()
		path := filepath.Join(t.TempDir(), "graph.db")
		return reopening{open(t, path), path}
	})
}
