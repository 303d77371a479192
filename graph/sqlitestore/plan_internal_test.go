package sqlitestore

import (
	"context"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/fold"
)

func openStore(t *testing.T, opts ...Option) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// pragma reads a setting of a connection as text.
func pragma(t *testing.T, c *conn, name string) (value string) {
	t.Helper()
	err := c.query(t.Context(), "PRAGMA "+name, nil, func(row []driver.Value) error {
		value = fmt.Sprint(row[0])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// TestSettings: what a connection was told is what it does. synchronous 2 is FULL: a
// load that was reported done is on the disk.
func TestSettings(t *testing.T) {
	s := openStore(t, WithMaxSize(1<<20+1))
	reader, err := s.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.give(reader) }()
	for _, tt := range []struct {
		conn       *conn
		name, want string
	}{
		{s.writer, "journal_mode", "wal"},
		{s.writer, "synchronous", "2"},
		{s.writer, "query_only", "0"},
		{s.writer, "page_size", strconv.Itoa(pageSize)},
		{s.writer, "max_page_count", "257"}, // 1 MiB and a byte, in pages of 4 KiB
		{s.writer, "application_id", strconv.Itoa(applicationID)},
		{s.writer, "user_version", "2"},
		{reader, "query_only", "1"},
		{reader, "journal_mode", "wal"},
		{reader, "busy_timeout", "5000"},
	} {
		if got := pragma(t, tt.conn, tt.name); got != tt.want {
			t.Errorf("%s is %s, want %s", tt.name, got, tt.want)
		}
	}
}

// plan is how SQLite goes about a statement, a step a line.
func plan(t *testing.T, c *conn, query string, args []driver.Value) string {
	t.Helper()
	var steps []string
	err := c.query(context.Background(), "EXPLAIN QUERY PLAN "+query, args, func(row []driver.Value) error {
		steps = append(steps, text(row[3]))
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return strings.Join(steps, "\n")
}

// TestPlans: look-ups go by an index, so that what they take does not grow with the
// store. A scan of json_each goes over what was asked for.
func TestPlans(t *testing.T) {
	s := openStore(t)
	v := &view{store: s, clearance: graph.Red, decoder: newDecoder(s.labels, &state{loads: map[int64]graph.ID{}})}
	search := func(text string) (string, []driver.Value) {
		b := &builder{clearance: graph.Red}
		return searchText(b, graph.SearchQuery{Text: text}, fold.Key(text)), b.args
	}
	nodes := func(q graph.NodeQuery) (string, []driver.Value) {
		b := &builder{clearance: graph.Red}
		where, err := v.nodeWhere(b, q)
		if err != nil {
			t.Fatal(err)
		}
		return "SELECT " + nodeColumns + " FROM node n WHERE " + where + " ORDER BY n.name_key, n.id LIMIT 10", b.args
	}
	for name, tt := range map[string]struct {
		statement func() (string, []driver.Value)
		goes      []string
	}{
		"a name": {
			func() (string, []driver.Value) { return search("Badr Brigade") },
			[]string{"SCAN p VIRTUAL TABLE INDEX", "SEARCH m USING INTEGER PRIMARY KEY", "SEARCH n USING PRIMARY KEY"},
		},
		"a name that matches": {func() (string, []driver.Value) {
			return nodes(graph.NodeQuery{Where: graph.Cond{Op: graph.Matches, Field: "name", Values: []string{"Brigade"}}})
		}, []string{"SEARCH n USING PRIMARY KEY", "SEARCH m USING INTEGER PRIMARY KEY", "SCAN name_piece VIRTUAL TABLE INDEX"}},
		"the people by name": {func() (string, []driver.Value) { return nodes(graph.NodeQuery{Kinds: []graph.Kind{graph.Person}}) }, []string{"SEARCH n USING INDEX node_kind_name (kind=?)"}},
		"everybody by name":  {func() (string, []driver.Value) { return nodes(graph.NodeQuery{}) }, []string{"SCAN n USING INDEX node_name"}},
		"references":         {func() (string, []driver.Value) { return nodesByRef, []driver.Value{`["a"]`, int64(4)} }, []string{"SEARCH n USING PRIMARY KEY", "SEARCH a USING PRIMARY KEY (alias=?)"}},
		"nodes by id":        {func() (string, []driver.Value) { return nodesByID, []driver.Value{`["a"]`, int64(4)} }, []string{"SCAN k VIRTUAL TABLE", "SEARCH n USING PRIMARY KEY"}},
		"ties by id":         {func() (string, []driver.Value) { return tiesByID, []driver.Value{`["a"]`, int64(4)} }, []string{"SCAN k VIRTUAL TABLE", "SEARCH t USING INDEX"}},
	} {
		t.Run(name, func(t *testing.T) {
			query, args := tt.statement()
			got := plan(t, s.writer, query, args)
			for _, want := range tt.goes {
				if !strings.Contains(got, want) {
					t.Errorf("no step %q in\n%s", want, got)
				}
			}
			for step := range strings.Lines(got) {
				step = strings.TrimSpace(step)
				if slices.Contains([]string{"SCAN n", "SCAN m", "SCAN a", "SCAN t"}, step) {
					t.Errorf("goes over everything: %s", step)
				}
				if strings.HasSuffix(name, "by name") && strings.Contains(step, "TEMP B-TREE") {
					t.Errorf("sorts what the index has in order: %s", step)
				}
			}
		})
	}
}
