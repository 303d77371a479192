package neo4jstore_test

import (
	"testing"

	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/storetest"
)

// underTest can be closed and opened again.
type underTest struct{ *neo4jstore.Store }

func (u underTest) Reopen(t *testing.T) graph.Store {
	t.Helper()
	if err := u.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := neo4jstore.Open(t.Context(), shared)
	if err != nil {
		t.Fatal(err)
	}
	return underTest{s}
}

// TestStore is the contract. It is the last to have the shared server, and runs
// beside those that have one of their own: most of their time they wait for it.
func TestStore(t *testing.T) {
	needServer(t)
	t.Parallel()
	empty := func(t *testing.T) graph.Store {
		t.Helper()
		return underTest{open(t)}
	}
	storetest.Run(t, empty,
		storetest.Exception{Category: "isolation", Reason: "Neo4j isolates transactions as read committed: a view may see what is committed while it is open"})
}
