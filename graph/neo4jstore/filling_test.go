package neo4jstore_test

import (
	"testing"

	"entangle/graph"
	"entangle/graph/neo4jstore"
)

// hasNames reports whether the index of names is there and ready.
func hasNames(t *testing.T) bool {
	t.Helper()
	rows := admin(t, shared, "SHOW INDEXES YIELD name, state WHERE name = 'entangle_names' AND state = 'ONLINE' RETURN count(*)", nil)
	return rows[0].Values[0] == int64(1)
}

// filling opens a store for a load on a database that nobody has used.
func filling(t *testing.T) *neo4jstore.Store {
	t.Helper()
	needServer(t)
	wipe(t, shared)
	admin(t, shared, "MATCH (m:EntangleMeta) DELETE m", nil)
	admin(t, shared, "DROP INDEX entangle_names IF EXISTS", nil)
	return opened(t, true)
}

func opened(t *testing.T, filling bool) *neo4jstore.Store {
	t.Helper()
	c := shared
	c.Filling = filling
	s, err := neo4jstore.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestFilling: the index of names is made behind a first load, whoever ends it.
func TestFilling(t *testing.T) {
	found := func(t *testing.T, s graph.Store) {
		t.Helper()
		hits, err := mustView(t, s, graph.Clear).Search(t.Context(), graph.SearchQuery{Text: "person number 7"})
		if err != nil || len(hits) != 1 || hits[0].Node != "p-7" {
			t.Errorf("search: %v, %v", hits, err)
		}
	}
	for name, end := range map[string]func(t *testing.T, s *neo4jstore.Store){
		"by the end of the load": func(t *testing.T, s *neo4jstore.Store) {
			t.Helper()
			if err := s.Finish(t.Context()); err != nil {
				t.Fatal(err)
			}
		},
		"by the first search": func(t *testing.T, s *neo4jstore.Store) {
			t.Helper()
			found(t, s)
		},
		"by whoever comes next": func(t *testing.T, _ *neo4jstore.Store) {
			t.Helper()
			opened(t, false)
		},
		"by the load that goes on": func(t *testing.T, _ *neo4jstore.Store) {
			t.Helper()
			if a := apply(t, opened(t, true), people(0, 10)); a.Changed() {
				t.Errorf("applied again: %+v", a)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := filling(t)
			apply(t, s, people(0, 10))
			if hasNames(t) {
				t.Error("the index of names was there before the load")
			}
			end(t, s)
			if !hasNames(t) {
				t.Error("no index of names")
			}
			found(t, s)
			if err := s.Finish(t.Context()); err != nil {
				t.Error(err)
			}
			if rows := admin(t, shared, "MATCH (m:EntangleMeta) RETURN m.unfinished", nil); rows[0].Values[0] != nil {
				t.Error("the schema is still marked as unfinished")
			}
		})
	}
}
