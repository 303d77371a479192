package sqlitestore_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"entangle/graph"
	"entangle/graph/sqlitestore"
	"entangle/graph/storetest"
)

// raw opens the file as any SQLite tool would.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func run(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// lock holds the write lock of the file until the function it returns is called.
func lock(t *testing.T, path string) func() {
	t.Helper()
	db := raw(t, path)
	db.SetMaxOpenConns(1)
	run(t, db, "BEGIN IMMEDIATE")
	return func() { run(t, db, "ROLLBACK") }
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(at("text"), []byte(strings.Repeat("no database, but long enough to be one. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, raw(t, at("other.db")), "CREATE TABLE song (title)")
	if err := open(t, at("newer.db")).Close(); err != nil {
		t.Fatal(err)
	}
	run(t, raw(t, at("newer.db")), "PRAGMA user_version = 1000")
	for _, test := range []struct {
		path, want string
		is         error
	}{
		{at("missing/graph.db"), "folder that exists", nil},
		{dir, "cannot be opened", nil},
		{at("text"), "no database of entangle", nil},
		{at("other.db"), "name another file", sqlitestore.ErrForeign},
		{at("newer.db"), "its form is 1000, this program knows up to 2", sqlitestore.ErrForeign},
	} {
		s, err := sqlitestore.Open(t.Context(), test.path)
		if err == nil {
			_ = s.Close()
			t.Errorf("%s: opened", test.path)
			continue
		}
		if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), test.path) || test.is != nil && !errors.Is(err, test.is) {
			t.Errorf("error %q, want %q, the path and %v", err, test.want, test.is)
		}
	}
	var songs int
	if err := raw(t, at("other.db")).QueryRowContext(t.Context(), "SELECT count(*) FROM sqlite_schema").Scan(&songs); err != nil || songs != 1 {
		t.Errorf("a foreign file was changed: %d tables, %v", songs, err)
	}
	if _, err := sqlitestore.Open(t.Context(), at("x.db"), sqlitestore.WithWait(-time.Second)); err == nil {
		t.Error("a negative wait was taken")
	}
	if _, err := sqlitestore.Open(t.Context(), at("x.db"), sqlitestore.WithIdleConns(-1)); err == nil {
		t.Error("a negative number of connections was taken")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sqlitestore.Open(ctx, at("x.db")); !errors.Is(err, context.Canceled) {
		t.Errorf("open with a cancelled context: %v", err)
	}
}

// TestOpenOddNames: a path is a path, whatever a URI would make of it.
func TestOpenOddNames(t *testing.T) {
	for _, name := range []string{"a b.db", "what?.db", "50%25.db", "#1.db", "دفتر.db", "file:x.db", "a&mode=memory.db"} {
		path := filepath.Join(t.TempDir(), name)
		s := open(t, path)
		if _, err := s.Apply(t.Context(), storetest.Fixture()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: close: %v", name, err)
		}
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("%s: no file of that name: %v", name, err)
		}
	}
}

// TestOpenTogether: many open a new file at once; it is made once.
func TestOpenTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	versions := make([]graph.Version, 6)
	var wg sync.WaitGroup
	for i := range versions {
		wg.Go(func() {
			s, err := sqlitestore.Open(t.Context(), path)
			if err != nil {
				t.Errorf("open: %v", err)
				return
			}
			defer func() { _ = s.Close() }()
			if versions[i], err = s.Version(t.Context()); err != nil {
				t.Errorf("version: %v", err)
			}
		})
	}
	wg.Wait()
	for _, v := range versions[1:] {
		if v != versions[0] || v == "" {
			t.Errorf("versions differ: %q", versions)
			break
		}
	}
	other := open(t, filepath.Join(t.TempDir(), "graph.db"))
	if v, err := other.Version(t.Context()); err != nil || v == versions[0] {
		t.Errorf("another file has the same version %q (%v)", v, err)
	}
}

// TestUnknownLabel: a row that a newer program wrote is an error, not rubbish.
func TestUnknownLabel(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	s := open(t, path)
	if _, err := s.Apply(t.Context(), storetest.Fixture()); err != nil {
		t.Fatal(err)
	}
	run(t, raw(t, path), "UPDATE node SET kind = 'Spirit' WHERE id = 'p-adan'")
	v, err := s.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = v.Close() }()
	if _, err := v.NodesByID(t.Context(), []graph.ID{"p-adan"}); !errors.Is(err, graph.ErrVocabulary) || !strings.Contains(err.Error(), "Spirit") {
		t.Errorf("error %v, want ErrVocabulary naming Spirit", err)
	}
}

// TestLargeConditions: long and deep conditions run or are refused, they do not
// fail inside SQL.
func TestLargeConditions(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "graph.db"))
	if _, err := s.Apply(t.Context(), storetest.Fixture()); err != nil {
		t.Fatal(err)
	}
	v, err := s.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = v.Close() }()
	leaf := graph.Cond{Op: graph.Contains, Field: "name", Values: []string{"Reed"}}
	long, in := graph.Cond{Op: graph.Or}, graph.Cond{Op: graph.In, Field: "id"}
	for range 3000 {
		long.Conds = append(long.Conds, leaf)
		in.Values = append(in.Values, "g-reed", "g-salt")
	}
	nots := func(n int) graph.Cond {
		c := leaf
		for range n {
			c = graph.Cond{Op: graph.Not, Conds: []graph.Cond{c}}
		}
		return c
	}
	for name, test := range map[string]struct {
		cond graph.Cond
		want int
		err  error
	}{
		"long": {long, 2, nil}, "in": {in, 2, nil}, "deep": {nots(40), 2, nil}, "too deep": {nots(60), 0, graph.ErrQuery},
	} {
		n, err := v.CountNodes(t.Context(), graph.NodeQuery{Where: test.cond})
		if !errors.Is(err, test.err) || n != test.want {
			t.Errorf("%s: %d nodes, %v; want %d, %v", name, n, err, test.want, test.err)
		}
	}
}
