package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
)

// TestTexts: lists and maps come back as they went in, whatever is in them, and what is
// cut or has anything behind it is an error, never a shorter list.
func TestTexts(t *testing.T) {
	word := rapid.OneOf(rapid.SampledFrom([]string{"", `"`, `\`, `\u`, "\x00", "\x1f", "a\nb", "بدر", "[", "]", ",", `\"`}), rapid.String())
	rapid.Check(t, func(rt *rapid.T) {
		list := rapid.SliceOfN(word, 0, 4).Draw(rt, "list")
		written := string(appendList(nil, list))
		got, err := readList(written)
		if err != nil || !slices.Equal(got, list) {
			rt.Fatalf("%q: %q, %v", written, got, err)
		}
		for cut := 1; cut < len(written); cut++ {
			if got, err := readList(written[:cut]); err == nil {
				rt.Fatalf("%q of %q: %q", written[:cut], written, got)
			}
		}
		if got, err := readList(written + "x"); err == nil {
			rt.Fatalf("more than %q: %q", written, got)
		}
		object := "{" + string(appendQuoted(nil, "name")) + ":" + written + "," + string(appendQuoted(nil, "other")) + ":[]}"
		names := map[string][]string{}
		if err := readMap(object, func(name string, values []string) { names[name] = values }); err != nil || len(names) != 2 || !slices.Equal(names["name"], list) || len(names["other"]) > 0 {
			rt.Fatalf("%q: %q, %v", object, names, err)
		}
		for cut := range len(object) {
			if err := readMap(object[:cut], func(string, []string) {}); err == nil {
				rt.Fatalf("%q of %q is read", object[:cut], object)
			}
		}
		r := reader{s: "[" + written + "," + written + "]"}
		rows := 0
		if err := r.lists(func(row []string) { rows++ }); err != nil || rows != 2 {
			rt.Fatalf("%q: %d rows, %v", r.s, rows, err)
		}
	})
	for _, bad := range []string{`["a" "b"]`, `["a",]`, `[,"a"]`, `[a]`, `["\u00zz"]`, `["\u0100"]`, `["\u00`, `{"a":["b"]"c":[]}`, `{"a"["b"]}`, `[["a"]["b"]]`, "{}"} {
		if got, err := readList(bad); err == nil {
			t.Errorf("%s is read as %q", bad, got)
		}
		r := reader{s: bad}
		if err := r.lists(func([]string) {}); err == nil {
			t.Errorf("%s is read as lists", bad)
		}
		if err := readMap(bad, func(string, []string) {}); err == nil && bad != "{}" {
			t.Errorf("%s is read as a map", bad)
		}
	}
}

// TestOrderKey: integers of the same order as the numbers, and zero has one.
func TestOrderKey(t *testing.T) {
	numbers := []float64{math.Inf(-1), -math.MaxFloat64, -180, -1.5, -1, -1.0 / 3, -5e-324, 0, 5e-324, 1.0 / 3, 0.55, 1, 1.5, 90, math.MaxFloat64, math.Inf(1)}
	for i := 1; i < len(numbers); i++ {
		if orderKey(numbers[i-1]) >= orderKey(numbers[i]) {
			t.Errorf("the key of %v is not below that of %v", numbers[i-1], numbers[i])
		}
	}
	if orderKey(math.Copysign(0, -1)) != orderKey(0) {
		t.Error("minus zero is not zero")
	}
}

// TestTrimmed: empty fields at the end are left out, those before another are kept.
func TestTrimmed(t *testing.T) {
	for _, tt := range [][2][]string{{{"a", "", ""}, {"a"}}, {{"a", "", "c"}, {"a", "", "c"}}, {{"", ""}, {""}}, {{"a", "b", ""}, {"a", "b"}}} {
		if diff := cmp.Diff(tt[1], trimmed(tt[0]...)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt[0], diff)
		}
	}
}

// TestConnectionsAreBounded: of statements and of idle connections as many are kept as may
// be, and the next view takes one of those.
func TestConnectionsAreBounded(t *testing.T) {
	s := openStore(t, WithIdleConns(2))
	var views []graph.View
	for range 4 {
		v, err := s.View(t.Context(), graph.Red)
		if err != nil {
			t.Fatal(err)
		}
		views = append(views, v)
	}
	for _, v := range views {
		if err := errors.Join(v.Close(), v.Close()); err != nil { // the second does nothing
			t.Fatal(err)
		}
	}
	if len(s.idle) != 2 || len(s.views) != 0 {
		t.Errorf("%d connections are kept, %d views are open", len(s.idle), len(s.views))
	}
	last := s.idle[1]
	v, err := s.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	if v.(*view).conn != last || len(s.idle) != 1 {
		t.Error("the view has a connection of its own")
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	for i := range 3 * maxStmts {
		if n, err := s.writer.one(t.Context(), fmt.Sprintf("SELECT %d", i)); err != nil || n != int64(i) || len(s.writer.stmts) > maxStmts {
			t.Fatalf("%d of %d statements: %d, %v", len(s.writer.stmts), maxStmts, n, err)
		}
	}
}

// TestErrorsOfTheFile: what SQLite says of a file is told with its path and what to do.
func TestErrorsOfTheFile(t *testing.T) {
	s := openStore(t)
	reader, err := openConn(s.path, "ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.close() }()
	err = reader.exec(t.Context(), "CREATE TABLE x (y)")
	if err == nil || !strings.Contains(err.Error(), s.path+" cannot be written: check the permissions") {
		t.Errorf("written through a connection that only reads: %v", err)
	}
	if err := reader.exec(t.Context(), "SELECT nonsense"); err == nil || !strings.Contains(err.Error(), "database "+s.path) {
		t.Errorf("a statement that is none: %v", err)
	}
	if c, err := openConn(filepath.Join(t.TempDir(), "not", "there"), "rw"); err == nil {
		err = c.exec(t.Context(), "SELECT count(*) FROM sqlite_schema")
		_ = c.close()
		if err == nil {
			t.Error("a file in no folder was opened")
		}
	}
}

// TestPatience: what fails because another process holds the file is done again until it
// goes, the wait is over or the caller has had enough; what fails otherwise is not.
func TestPatience(t *testing.T) {
	s := openStore(t, WithWait(time.Minute))
	busy := fmt.Errorf("busy: %w", graph.ErrUnavailable)
	tries := 0
	if err := s.patiently(t.Context(), func() error {
		if tries++; tries < 3 {
			return busy
		}
		return nil
	}); err != nil || tries != 3 {
		t.Errorf("free at the third try: %v after %d", err, tries)
	}
	broken := errors.New("broken")
	tries = 0
	if err := s.patiently(t.Context(), func() error { tries++; return broken }); !errors.Is(err, broken) || tries != 1 {
		t.Errorf("broken: %v after %d tries", err, tries)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if err := s.patiently(ctx, func() error { cancel(); return busy }); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	s.settings.wait = time.Millisecond
	if err := s.patiently(t.Context(), func() error { return busy }); !errors.Is(err, graph.ErrUnavailable) {
		t.Errorf("waited in vain: %v", err)
	}
}

// TestReadingIsOneState: reads that belong together see one state whatever is committed
// between them, and the connection is free behind them.
func TestReadingIsOneState(t *testing.T) {
	s := openStore(t)
	other, err := Open(t.Context(), s.path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	c, err := s.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.give(c) }()
	count := func(ctx context.Context) (int64, error) { return c.one(ctx, "SELECT count(*) FROM node") }
	batch := graph.Batch{Nodes: []graph.Node{{ID: "a", Kind: graph.Group, Names: []graph.Name{{Text: "A"}}}}}
	err = c.reading(t.Context(), func(ctx context.Context) error {
		before, err := count(ctx)
		if err != nil {
			return err
		}
		if _, err := other.Apply(ctx, batch); err != nil {
			return err
		}
		after, err := count(ctx)
		if before != 0 || after != 0 {
			t.Errorf("%d nodes, then %d", before, after)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := count(t.Context()); n != 1 || err != nil {
		t.Errorf("behind it: %d nodes, %v", n, err)
	}
	broken := errors.New("broken")
	if err := c.reading(t.Context(), func(context.Context) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("a read that fails: %v", err)
	}
	if err := c.reading(t.Context(), func(context.Context) error { return nil }); err != nil {
		t.Errorf("behind one that failed: %v", err)
	}
}

// TestIdleConnections: of the connections of closed views eight are kept, or as many as was
// said.
func TestIdleConnections(t *testing.T) {
	for want, opts := range map[int][]Option{8: nil, 0: {WithIdleConns(0)}, 2: {WithIdleConns(2)}} {
		s, err := Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), opts...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		var views []graph.View
		for range 10 {
			v, err := s.View(t.Context(), graph.Red)
			if err != nil {
				t.Fatal(err)
			}
			views = append(views, v)
		}
		for _, v := range views {
			if err := v.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(s.idle); n != want {
			t.Errorf("%d connections are kept, want %d", n, want)
		}
	}
}
