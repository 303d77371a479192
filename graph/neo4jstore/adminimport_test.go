package neo4jstore_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/projection"
	"entangle/graph/sqlitestore"
	"entangle/graph/storecopy"
	"entangle/graph/storetest"
	"entangle/loaders"
	"entangle/loaders/all"
)

// embedded is a store in a file, with the batches.
func embedded(t *testing.T, batches ...graph.Batch) graph.Store {
	t.Helper()
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for _, b := range batches {
		if _, err := s.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// awkward is what a format of text gets wrong: quotes, delimiters, newlines,
// empty elements of lists, names beyond what an index takes, text that looks
// like another type.
func awkward() graph.Batch {
	names := []graph.Name{
		{Text: `Quoted "by" it's, all; of|it`, Kind: graph.PrimaryName},
		{Text: "line\nbreak\r\nand\ttab", Lang: "ar", Kind: graph.AliasName},
		{Text: `back\slash\n`, Script: "Latn", Kind: graph.AliasName},
		{Text: "…", Kind: graph.AliasName}, // folds to nothing
		{Text: " spaces ", Lang: "en", Kind: graph.AliasName},
	}
	b := graph.Batch{Load: graph.Load{ID: "person/awkward", Dataset: "", Format: "native"}}
	b.Nodes = []graph.Node{
		{ID: "person/awkward", Kind: graph.Person, Names: names, Aliases: []string{"x:1;2", "y:,"}, Props: graph.Props{"summary": {"=1+1\n\"x\""}, "born": {"1970?"}}},
		{ID: "person/true", Kind: graph.Person, Names: []graph.Name{{Text: "true", Kind: graph.PrimaryName}, {Text: "17", Kind: graph.AliasName}}},
		{ID: "person/…", Kind: graph.Person, Names: []graph.Name{{Text: "…", Kind: graph.PrimaryName}}},
		{ID: "group/long", Kind: graph.Group, Names: longNames()},
		{ID: "source/a", Kind: graph.Source, Names: []graph.Name{{Text: "A", Kind: graph.PrimaryName}}},
		{ID: "source/b", Kind: graph.Source, Names: []graph.Name{{Text: "B", Kind: graph.PrimaryName}}, Marking: graph.Amber},
	}
	b.Ties = []graph.Tie{{
		Type: graph.MemberOf, From: "person/awkward", To: "group/long", Weight: graph.KnownShare(0), Note: "\"\"", Status: graph.Rejected,
		Citations: []graph.Citation{{Source: "source/a"}, {Source: "source/b", Quote: "a; b\nc"}, {Source: "source/deleted", Page: "9"}},
	}}
	b.Nodes[0].Citations, b.Gone = []graph.Citation{{Source: "source/deleted"}}, []graph.ID{"source/deleted"}
	return b
}

// loadSample loads the sample of Iraq.
func loadSample(t *testing.T, s graph.Store) {
	t.Helper()
	report, err := loaders.Run(t.Context(), s, all.Registry(), []loaders.Input{loaders.Path("../../data/iraq/nodes.csv"), loaders.Path("../../data/iraq/ties.csv")}, loaders.Options{Dataset: "iraq"})
	if err != nil {
		t.Fatal(err)
	}
	if rows := report.Rows(); rows.Rejected > 0 {
		t.Fatalf("%+v", rows)
	}
}

func writeAdmin(t *testing.T, s graph.Store, dir string) (neo4jstore.AdminImport, error) {
	t.Helper()
	v, err := s.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	return neo4jstore.WriteAdminImport(t.Context(), v, dir)
}

// TestAdminImport gives the files to neo4j-admin, starts a server on what it
// made, and finds there what the source has; opening it writes nothing but the
// schema.
func TestAdminImport(t *testing.T) {
	needServer(t)
	t.Parallel() // it has a server of its own
	source := embedded(t, storetest.Fixture(), awkward())
	loadSample(t, source)
	dir, home := filepath.Join(t.TempDir(), "import"), t.TempDir()
	wrote, err := writeAdmin(t, source, dir)
	if err != nil {
		t.Fatal(err)
	}
	path, err := filepath.Abs("../../scripts/neo4j")
	if err != nil {
		t.Fatal(err)
	}
	importer := exec.CommandContext(t.Context(), path, "admin", home, "database", "import", "full", "neo4j", "@"+wrote.Arguments)
	importer.Dir = dir
	if out, err := importer.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	uri, err := script([]string{"NEO4J_AUTH=none"}, "start", home)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := script(nil, "stop", home); err != nil {
			t.Error(err)
		}
	})
	var mu sync.Mutex
	var sent []string
	s, err := neo4jstore.Open(t.Context(), neo4jstore.Config{URI: uri, OnStatement: func(name, _ string) {
		mu.Lock()
		defer mu.Unlock()
		sent = append(sent, name)
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, name := range sent {
		if strings.HasPrefix(name, "update") || strings.HasPrefix(name, "create") || name == "label_long" {
			t.Errorf("opening the imported database sent %s", name)
		}
	}
	if problems, err := s.Problems(t.Context(), graph.ProblemQuery{}); err != nil || len(problems.Page) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	content := equal(t, source, s)
	if content.Nodes != wrote.Nodes || content.Ties != wrote.Ties || content.Nodes < 670 || content.Ties < 880 {
		t.Errorf("the store has %+v, %+v were written", content, wrote)
	}
	if a, b := snapshot(t, source), snapshot(t, s); a != b {
		t.Errorf("projections %s and %s", a, b)
	}
	for _, text := range []string{"long name", "badr"} {
		hits := find(t, s, text)
		if diff := cmp.Diff(find(t, source, text), hits); diff != "" || len(hits) == 0 {
			t.Errorf("search for %s: %s", text, diff)
		}
	}
}

// equal compares two stores.
func equal(t *testing.T, a, b graph.Store) storecopy.Content {
	t.Helper()
	x, err := a.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	y, err := b.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	c, err := storecopy.Compare(t.Context(), x, y, storecopy.Options{})
	if err != nil {
		t.Error(err)
	}
	return c
}

func snapshot(t *testing.T, s graph.Store) string {
	t.Helper()
	v, err := s.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	p, err := projection.Build(t.Context(), v, projection.Options{AsOf: graph.DayOf(2020, 8, 24)})
	if err != nil {
		t.Fatal(err)
	}
	return p.Hash()
}

func find(t *testing.T, s graph.Store, text string) []graph.Hit {
	t.Helper()
	v, err := s.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	hits, err := v.Search(t.Context(), graph.SearchQuery{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

// TestAdminImportLeavesNothingHalf: what cannot be written is named, and no file
// stays.
func TestAdminImportLeavesNothingHalf(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "import")
	// An element of a list with the one letter that stands between elements.
	s := embedded(t, graph.Batch{Nodes: []graph.Node{{ID: "n", Kind: graph.Person, Names: []graph.Name{{Text: "N", Kind: graph.PrimaryName}}, Types: []string{"a\x1fb"}}}})
	if _, err := writeAdmin(t, s, dir); !errors.Is(err, graph.ErrInvalid) || !strings.Contains(err.Error(), `node "n": types: `) {
		t.Errorf("%v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v %v", left, err)
	}
	fine := embedded(t, storetest.Fixture())
	if _, err := writeAdmin(t, fine, dir); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writeAdmin(t, fine, dir); err == nil || !strings.Contains(err.Error(), "is there already: name another folder") {
		t.Errorf("a second time: %v", err)
	}
	if after, err := os.ReadDir(dir); err != nil || len(after) != len(before) {
		t.Errorf("%d files, %d before, %v", len(after), len(before), err)
	}
}

// TestCopy brings data over and back, by way of a copy that loses its store.
func TestCopy(t *testing.T) {
	source := embedded(t, storetest.Fixture(), awkward())
	server := open(t)
	for batches := range 3 {
		_, err := storecopy.Copy(t.Context(), source, &failing{server, batches}, storecopy.Options{BatchSize: 20})
		if !errors.Is(err, graph.ErrUnavailable) {
			t.Fatalf("after %d batches: %v", batches, err)
		}
	}
	there, err := storecopy.Copy(t.Context(), source, server, storecopy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	back := embedded(t)
	again, err := storecopy.Copy(t.Context(), server, back, storecopy.Options{BatchSize: 7})
	if err != nil {
		t.Fatal(err)
	}
	if there.Content != again.Content || there.Applied.NodesSame == 0 || again.Applied.NodesSame > 0 {
		t.Errorf("there %+v, and back %+v", there, again)
	}
	if a, b := snapshot(t, source), snapshot(t, server); a != b {
		t.Errorf("projections %s and %s", a, b)
	}
}

// failing is a store that is lost after some batches.
type failing struct {
	graph.Store
	left int
}

func (f *failing) Apply(ctx context.Context, b graph.Batch) (graph.Applied, error) {
	if f.left--; f.left < 0 {
		return graph.Applied{}, graph.ErrUnavailable
	}
	return f.Store.Apply(ctx, b)
}
