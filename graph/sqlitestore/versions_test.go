package sqlitestore_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/sqlitestore"
)

// TestHiddenCommit: another store on the same file commits what a low clearance does not see.
// Its version stays, what it has read is kept, and a source that is new and hidden does not show
// in citations, however they are read.
func TestHiddenCommit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	ours, theirs := open(t, path), open(t, path)
	defer func() { _ = ours.Close() }()
	defer func() { _ = theirs.Close() }()
	person := graph.Node{ID: "p", Kind: graph.Person, Names: []graph.Name{{Text: "P"}}}
	load := graph.Load{ID: "l", Dataset: "d"}
	if _, err := theirs.Apply(t.Context(), graph.Batch{Load: load, Nodes: []graph.Node{person}}); err != nil {
		t.Fatal(err)
	}
	type seen struct {
		Version graph.Version
		ByID    map[graph.ID]graph.Node
		Listed  []graph.Node
	}
	read := func(clearance graph.Marking) (s seen) {
		t.Helper()
		v, err := ours.View(t.Context(), clearance)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = v.Close() }()
		s.Version = v.Version()
		if s.ByID, err = v.NodesByID(t.Context(), []graph.ID{"p"}); err != nil {
			t.Fatal(err)
		}
		for n, err := range v.Nodes(t.Context(), graph.NodeQuery{Kinds: []graph.Kind{graph.Person}}) {
			if err != nil {
				t.Fatal(err)
			}
			s.Listed = append(s.Listed, n)
		}
		return s
	}
	low, high := read(graph.Green), read(graph.Amber)
	person.Citations = []graph.Citation{{Source: "s"}}
	source := graph.Node{ID: "s", Kind: graph.Source, Names: []graph.Name{{Text: "S"}}, Marking: graph.Amber}
	if _, err := theirs.Apply(t.Context(), graph.Batch{Load: load, Nodes: []graph.Node{source, person}}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(low, read(graph.Green)); diff != "" {
		t.Errorf("a low reading changed (-before +after):\n%s", diff)
	}
	now := read(graph.Amber)
	if now.Version == high.Version || len(now.ByID["p"].Citations) != 1 || len(now.Listed[0].Citations) != 1 {
		t.Errorf("a high reading is %+v, was %+v", now, high)
	}
}

// TestFileWithoutVersions: a file of the first form is brought up to date, each clearance with a
// version of its own that stays.
func TestFileWithoutVersions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	s := open(t, path)
	if _, err := s.Apply(t.Context(), childBatch(0)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	c := raw(t, path)
	run(t, c, "DROP TABLE observed")
	run(t, c, "PRAGMA user_version = 1")
	versions := func(s *sqlitestore.Store) (list []graph.Version) {
		t.Helper()
		for clearance := graph.Clear; clearance <= graph.Red; clearance++ {
			v, err := s.View(t.Context(), clearance)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, v.Version())
			if err := v.Close(); err != nil {
				t.Error(err)
			}
		}
		return list
	}
	s = open(t, path)
	first := versions(s)
	distinct := map[graph.Version]bool{}
	for _, v := range first {
		if distinct[v] = true; len(v) != 32 {
			t.Errorf("version %q, want 32 digits", v)
		}
	}
	if len(distinct) != len(graph.Markings()) {
		t.Errorf("versions %q, want each another", first)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	defer func() { _ = s.Close() }()
	if diff := cmp.Diff(first, versions(s)); diff != "" {
		t.Errorf("reopened (-first +again):\n%s", diff)
	}
}
