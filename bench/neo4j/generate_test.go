package main

import (
	"bytes"
	"encoding/csv"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph/sqlitestore"
	"entangle/loaders"
	"entangle/loaders/all"
)

func TestShapeKeepsItsProportions(t *testing.T) {
	for _, persons := range []int{100, 1_000, 100_000} {
		s := shapeOf(persons)
		ties := s.memberships + s.holds + s.institutions*(2*s.postsEach-1)
		if ties != persons*7/2 || s.holds <= s.institutions*s.postsEach {
			t.Errorf("%d persons: %+v has %d ties, want %d and more holders than posts", persons, s, ties, persons*7/2)
		}
	}
}

func TestGenerateIsDeterministic(t *testing.T) {
	var texts [3]string
	for i, seed := range []uint64{1, 1, 2} {
		var nodes, ties bytes.Buffer
		if _, _, err := generate(shapeOf(400), seed, &nodes, &ties); err != nil {
			t.Fatal(err)
		}
		texts[i] = nodes.String() + ties.String()
	}
	if texts[0] != texts[1] {
		t.Error("one seed gives two graphs")
	}
	if texts[0] == texts[2] {
		t.Error("two seeds give one graph")
	}
}

// TestFirstMembersAreClear: no two members of a group began on one day, and
// nobody is a member twice.
func TestFirstMembersAreClear(t *testing.T) {
	var nodes, ties bytes.Buffer
	if _, _, err := generate(shapeOf(1_000), 1, &nodes, &ties); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&ties).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[2]string]bool{}
	for _, row := range rows {
		if row[3] != "MEMBER_OF" {
			continue
		}
		for _, key := range [][2]string{{row[2], row[4]}, {row[2], row[1]}} {
			if seen[key] {
				t.Fatalf("group and day or member twice: %v", key)
			}
			seen[key] = true
		}
	}
	if len(seen) != 2*1_500 {
		t.Errorf("%d memberships, want 1500", len(seen)/2)
	}
}

func TestEverythingLoads(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	if err := run(t.Context(), []string{"generate", "-persons", "200", dir}, &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("324 nodes and 700 ties in "+dir+"\n", out.String()); diff != "" {
		t.Error(diff)
	}
	s, err := sqlitestore.Open(t.Context(), filepath.Join(dir, "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	report, err := loaders.Run(t.Context(), s, all.Registry(), []loaders.Input{loaders.Path(filepath.Join(dir, "nodes.csv")), loaders.Path(filepath.Join(dir, "ties.csv"))}, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if rows := report.Rows(); rows.Accepted != 1024 || rows.In != 1024 {
		t.Errorf("%+v, want 1024 rows and all accepted", rows)
	}
}
