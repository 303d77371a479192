package sqlitestore_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/sqlitestore"
	"entangle/graph/storetest"
)

// TestForeignFileStays: a file of another program is refused before anything is set in it:
// it keeps its bytes, its mode, and has no companions.
func TestForeignFileStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.db")
	db := raw(t, path)
	run(t, db, "CREATE TABLE song (title)")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sqlitestore.Open(t.Context(), path); !errors.Is(err, sqlitestore.ErrForeign) {
		t.Fatalf("opened: %v", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("%d bytes became %d (%v), or others", len(before), len(after), err)
	}
	if files, err := filepath.Glob(path + "*"); err != nil || len(files) != 1 {
		t.Errorf("files %v, %v", files, err)
	}
}

// TestNoRoomForTables: a new file for whose tables there is no room is no store, and says
// so; with room it becomes one.
func TestNoRoomForTables(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	for _, bytes := range []int64{1, 4096, 4097, 5 * 4096} {
		s, err := sqlitestore.Open(t.Context(), path, sqlitestore.WithMaxSize(bytes))
		if err == nil {
			_ = s.Close()
			t.Fatalf("opened with %d bytes", bytes)
		}
		if !strings.Contains(err.Error(), "the disk is full") || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "migrations/") {
			t.Errorf("%d bytes: %v", bytes, err)
		}
	}
	s := open(t, path)
	if a, err := s.Apply(t.Context(), storetest.Fixture()); err != nil || !a.Changed() {
		t.Errorf("with room: %+v, %v", a, err)
	}
}

// descriptors lists which files of a folder this process has open.
func descriptors(t *testing.T, dir string) (open []string) {
	t.Helper()
	links, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if name, err := os.Readlink("/proc/self/fd/" + link.Name()); err == nil && strings.HasPrefix(name, dir) {
			open = append(open, filepath.Base(name))
		}
	}
	slices.Sort(open)
	return open
}

// TestCloseFreesTheFile: of what was read and written nothing stays open, and nothing of
// a file that could not be opened, or of connections past those that are kept.
func TestCloseFreesTheFile(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Log("which files are open is told on Linux alone")
		return
	}
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "graph.db"), sqlitestore.WithIdleConns(1))
	if _, err := s.Apply(t.Context(), storetest.Fixture()); err != nil {
		t.Fatal(err)
	}
	var views []graph.View
	for range 4 {
		v, err := s.View(t.Context(), graph.Red)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.Counts(t.Context()); err != nil {
			t.Fatal(err)
		}
		views = append(views, v)
	}
	if n := len(descriptors(t, dir)); n < 5 {
		t.Errorf("a writer and four views have %d files open", n)
	}
	for _, v := range views {
		if err := v.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	run(t, raw(t, filepath.Join(dir, "other.db")), "CREATE TABLE song (title)")
	for range 3 {
		if _, err := sqlitestore.Open(t.Context(), filepath.Join(dir, "other.db")); err == nil {
			t.Error("opened")
		}
	}
	if left := slices.DeleteFunc(descriptors(t, dir), func(name string) bool { return name == "other.db" }); len(left) > 0 {
		t.Errorf("open after the end: %v", left)
	}
	if n := len(descriptors(t, dir)); n > 1 { // that of the test itself
		t.Errorf("a refused file is open %d times", n)
	}
}
