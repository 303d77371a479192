package queries_test

import (
	"os"
	"path/filepath"
	"testing"

	"entangle/graph"
	"entangle/graph/sqlitestore"
	"entangle/queries/querytest"
)

// TestText runs the cases of testdata, which are written to be read, on the bare
// projection and through the embedded store. graph/neo4jstore runs them on Neo4j.
func TestText(t *testing.T) {
	t.Parallel()
	for name, place := range map[string]querytest.Place{"bare": querytest.Bare, "sqlite": querytest.InStore(openSQLite)} {
		t.Run(name, func(t *testing.T) { querytest.Run(t, os.DirFS("testdata"), place) })
	}
}

func openSQLite(tb testing.TB) graph.Store {
	tb.Helper()
	s, err := sqlitestore.Open(tb.Context(), filepath.Join(tb.TempDir(), "case.db"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}
