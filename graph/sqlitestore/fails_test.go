package sqlitestore_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/sqlitestore"
	"entangle/graph/storetest"
)

// TestFull: a batch for which there is no room is refused whole, the view and the
// version stay, and what fits is taken after it. With room the same batch goes in.
func TestFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	s := open(t, path, sqlitestore.WithMaxSize(512<<10))
	if _, err := s.Apply(t.Context(), storetest.Fixture()); err != nil {
		t.Fatal(err)
	}
	before, err := s.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	large := childBatch(0)
	for i := range 3000 {
		large.Nodes = append(large.Nodes, graph.Node{ID: graph.ID(fmt.Sprint("crowd-", i)), Kind: graph.Person, Names: []graph.Name{{Text: strings.Repeat("Long", 50)}}})
	}
	for range 2 {
		a, err := s.Apply(t.Context(), large)
		if err == nil || !strings.Contains(err.Error(), "the disk is full") || !strings.Contains(err.Error(), path) || a != (graph.Applied{}) {
			t.Fatalf("%+v, %v; want the disk is full, naming %s", a, err, path)
		}
		if now, err := s.Version(t.Context()); err != nil || now != before {
			t.Errorf("version %q (%v), before %q", now, err, before)
		}
	}
	if whole := wholeBatches(t, s); whole != 0 {
		t.Errorf("%d batches", whole)
	}
	small := graph.Batch{Nodes: []graph.Node{{ID: "one", Kind: graph.Person, Names: []graph.Name{{Text: "One"}}}}}
	if a, err := s.Apply(t.Context(), small); err != nil || a.NodesCreated != 1 {
		t.Errorf("what fits: %+v, %v", a, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	roomy := open(t, path)
	if a, err := roomy.Apply(t.Context(), large); err != nil || a.NodesCreated != len(large.Nodes) || a.TiesCreated != len(large.Ties) {
		t.Errorf("with room: %+v, %v", a, err)
	}
	if _, err := sqlitestore.Open(t.Context(), path, sqlitestore.WithMaxSize(0)); err == nil {
		t.Error("a file of no size was taken")
	}
}

// spoilt is a store in which the rows from the n-th on, in the order of ids, cannot be
// read: their lists are none.
func spoilt(t *testing.T, table, column string, from int) graph.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "graph.db")
	s := open(t, path)
	if _, err := s.Apply(t.Context(), childBatch(0)); err != nil {
		t.Fatal(err)
	}
	run(t, raw(t, path), fmt.Sprintf("UPDATE %s SET %s = '[broken' WHERE id IN (SELECT id FROM %s ORDER BY id LIMIT -1 OFFSET %d)", table, column, table, from))
	return s
}

// TestRowFails: a stream that meets a row that it cannot read gives those before it and
// an error that names the row; nobody is given a part for the whole.
func TestRowFails(t *testing.T) {
	for _, from := range []int{0, 1, 63, 64, 65, childPeople - 1} {
		for _, column := range []string{"names", "types", "aliases", "props", "citations"} {
			v, err := spoilt(t, "node", column, from).View(t.Context(), graph.Red)
			if err != nil {
				t.Fatal(err)
			}
			var failed error
			given := 0
			for _, err := range v.Nodes(t.Context(), graph.NodeQuery{}) {
				if failed = err; err == nil {
					given++
				}
			}
			if failed == nil || !strings.Contains(failed.Error(), "node ") || given != from {
				t.Errorf("%s broken from row %d on: %d nodes, error %v", column, from, given, failed)
			}
			if err := v.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	for _, from := range []int{0, 70} {
		for _, column := range []string{"props", "citations", "span", "seen", "grade"} {
			v, err := spoilt(t, "tie", column, from).View(t.Context(), graph.Red)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = v.Close() })
			var failed error
			given := 0
			for _, err := range v.Ties(t.Context(), graph.TieQuery{}) {
				if failed = err; err == nil {
					given++
				}
			}
			if failed == nil || !strings.Contains(failed.Error(), "tie ") || given != from {
				t.Errorf("%s broken from row %d on: %d ties, error %v", column, from, given, failed)
			}
			pages, err := v.Adjacent(t.Context(), graph.AdjacentQuery{Nodes: []graph.ID{"group-0"}, Type: graph.MemberOf, Dir: graph.Back})
			if err == nil || pages != nil {
				t.Errorf("%s: %d pages, error %v", column, len(pages), err)
			}
		}
	}
}

// TestLookUpFails: a row that cannot be read is no row that is not there.
func TestLookUpFails(t *testing.T) {
	s := spoilt(t, "node", "names", 0)
	v, err := s.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if found, err := v.NodesByID(t.Context(), []graph.ID{"group-0"}); err == nil || found != nil {
		t.Errorf("%v, %v", found, err)
	}
	a, err := s.Apply(t.Context(), childBatch(0)) // it merges with what is there
	if err == nil || errors.Is(err, graph.ErrInvalid) || a != (graph.Applied{}) {
		t.Errorf("applied %+v, %v", a, err)
	}
	ties := spoilt(t, "tie", "citations", 0)
	if a, err := ties.Apply(t.Context(), childBatch(0)); err == nil || a != (graph.Applied{}) {
		t.Errorf("applied over broken ties %+v, %v", a, err)
	}
}
