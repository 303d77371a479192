package neo4jstore_test

import (
	"os"
	"testing"

	"entangle/graph"
	"entangle/queries/querytest"
)

// TestCases runs the text cases of the questions through a Neo4j: what they expect is
// what they expect of the embedded store and of no store at all.
func TestCases(t *testing.T) {
	needServer(t)
	querytest.Run(t, os.DirFS("../../queries/testdata"), querytest.InStore(func(tb testing.TB) graph.Store {
		tb.Helper()
		return open(tb)
	}))
}
