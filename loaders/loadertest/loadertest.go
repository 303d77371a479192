// Package loadertest is the suite that every format passes: a reload changes
// nothing, nothing is dropped silently, a dry run applies nothing and foretells
// the load, a stopped load goes on when run again, the size of the batches does
// not matter, and a file cut anywhere is reported and never panics.
package loadertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"entangle/graph"
	"entangle/graph/sqlitestore"
	"entangle/loaders"
)

// Case is what a format brings to the suite.
type Case struct {
	Format loaders.Format
	// Inputs are a sample of the format. It should have good rows and rows that
	// are repaired and rejected.
	Inputs []loaders.Input
	// Rows is how many rows the sample has, counted by other means.
	Rows int
	// CutEvery is the step in bytes between the places where files are cut; 0 is 7.
	CutEvery int
	// Open opens an empty store; nil is Memory, which cut files go to always.
	Open func(t *testing.T) loaders.Store
}

func (c Case) store(t *testing.T) loaders.Store {
	t.Helper()
	if c.Open == nil {
		return NewMemory()
	}
	return c.Open(t)
}

func (c Case) run(t *testing.T, store loaders.Store, opt loaders.Options) *loaders.Report {
	t.Helper()
	return c.load(t, store, c.Inputs, opt)
}

func (c Case) load(t *testing.T, store loaders.Store, inputs []loaders.Input, opt loaders.Options) *loaders.Report {
	t.Helper()
	rep, err := loaders.Run(t.Context(), store, loaders.NewRegistry(c.Format), inputs, opt)
	if err != nil {
		t.Fatalf("Run: %v", err)
	}
	CheckReport(t, rep)
	return rep
}

// Embedded opens an empty embedded store, for Case.Open too: what ships.
func Embedded(t *testing.T) loaders.Store {
	t.Helper()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// Run runs the suite.
func Run(t *testing.T, c Case) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Case){
		"the whole sample": testSample, "a reload changes nothing": testReload, "dry run": testDryRun, "batch sizes": testBatchSizes,
		"detected from content": testDetect, "stopped and run again": testStop, "cut anywhere": testCut,
	} {
		t.Run(name, func(t *testing.T) { test(t, c) })
	}
}

// CheckReport fails the test where the report's counts do not add up.
func CheckReport(t *testing.T, rep *loaders.Report) {
	t.Helper()
	for _, f := range rep.Files {
		tallies := map[string]loaders.Tally{"rows": f.Rows}
		for _, col := range f.Collections {
			tallies[col.Name] = col.Tally
		}
		for what, n := range tallies {
			if n.In != n.Accepted+n.Repaired+n.Rejected {
				t.Errorf("%s: %s in is not accepted + repaired + rejected: %+v", f.Name, what, n)
			}
		}
		rejects, repairs := 0, 0
		for _, n := range f.RejectCounts {
			rejects += n.Count
		}
		for _, n := range f.RepairCounts {
			repairs += n.Count
		}
		if rejects < f.Rows.Rejected || (f.Rows.Rejected == 0) != (rejects == 0) {
			t.Errorf("%s: %d rows rejected, %d rejects told", f.Name, f.Rows.Rejected, rejects)
		}
		if repairs < f.Rows.Repaired {
			t.Errorf("%s: %d rows repaired, %d repairs told", f.Name, f.Rows.Repaired, repairs)
		}
		for _, rej := range f.Rejects {
			if rej.Reason == "" || rej.File != f.Name || rej.Code == "" {
				t.Errorf("a reject without reason, code or file: %+v", rej)
			}
		}
	}
}

func testSample(t *testing.T, c Case) {
	t.Helper()
	rep := c.run(t, c.store(t), loaders.Options{})
	rows := rep.Rows()
	if rows.In != c.Rows {
		t.Errorf("%d rows in, the sample has %d", rows.In, c.Rows)
	}
	if rows.Accepted == 0 || rows.Rejected == 0 || rows.Repaired == 0 {
		t.Errorf("a sample has rows that are accepted, repaired and rejected, this one: %+v", rows)
	}
	if rep.Nodes.Created == 0 || rep.Ties.Created == 0 {
		t.Errorf("the sample made nodes %v, ties %v", rep.Nodes, rep.Ties)
	}
	for _, f := range rep.Files {
		for _, rej := range f.Rejects {
			if rej.Line == 0 {
				t.Errorf("a reject without a line: %s", rej)
			}
		}
	}
}

func testReload(t *testing.T, c Case) {
	t.Helper()
	store := c.store(t)
	first := c.run(t, store, loaders.Options{})
	again := c.run(t, store, loaders.Options{})
	if again.Changed() {
		t.Errorf("the reload changed nodes %v, ties %v", again.Nodes, again.Ties)
	}
	if again.Version != first.Version {
		t.Errorf("the reload went from version %s to %s", first.Version, again.Version)
	}
	if a, b := first.Rows(), again.Rows(); a != b {
		t.Errorf("rows of the load %+v, of the reload %+v", a, b)
	}
	if again.Ties.Same != first.Ties.Created {
		t.Errorf("%d ties created, %d the same on reload", first.Ties.Created, again.Ties.Same)
	}
}

func testDryRun(t *testing.T, c Case) {
	t.Helper()
	store := c.store(t)
	dry := c.run(t, store, loaders.Options{DryRun: true})
	if nodes, ties := Dump(t, store); len(nodes)+len(ties) != 0 {
		t.Fatalf("the dry run left %d nodes and %d ties", len(nodes), len(ties))
	}
	wet := c.run(t, store, loaders.Options{})
	if dry.Rows() != wet.Rows() || dry.Nodes != wet.Nodes || dry.Ties != wet.Ties {
		t.Errorf("the dry run foretold %+v, nodes %v, ties %v; the load gave %+v, %v, %v",
			dry.Rows(), dry.Nodes, dry.Ties, wet.Rows(), wet.Nodes, wet.Ties)
	}
}

func testBatchSizes(t *testing.T, c Case) {
	t.Helper()
	var want [2]any
	for _, size := range []int{5000, 1, 2, 3, 7} {
		store := c.store(t)
		rep := c.run(t, store, loaders.Options{BatchSize: size})
		nodes, ties := Dump(t, store)
		got := [2]any{nodes, ties}
		if want[0] == nil {
			want = got
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("batches of %d give another graph", size)
		}
		if rep.Rows().In != c.Rows {
			t.Errorf("batches of %d: %+v", size, rep.Rows())
		}
		if rep := c.run(t, store, loaders.Options{BatchSize: size}); rep.Changed() {
			t.Errorf("batches of %d: the reload changed nodes %v, ties %v", size, rep.Nodes, rep.Ties)
		}
	}
}

func testDetect(t *testing.T, c Case) {
	t.Helper()
	for _, in := range c.Inputs {
		data := Read(t, in)
		if m := c.Format.Detect(data[:min(len(data), 64<<10)]); m.Score <= 0 || m.Part == "" {
			t.Errorf("%s is not recognised: %+v", in.Name, m)
		}
	}
	for _, head := range []string{"", "{", "[", "<xml/>", "id,name\n1,x\n", "{\"a\":1}", "\x00\x00", "version https://git-lfs"} {
		if m := c.Format.Detect([]byte(head)); m.Score != 0 {
			t.Errorf("%q is taken for the format: %+v", head, m)
		}
	}
}

// watched counts the batches that a store is given, and calls before with the
// number of each.
type watched struct {
	loaders.Store
	applies int
	before  func(n int)
}

func (w *watched) Apply(ctx context.Context, b graph.Batch) (graph.Applied, error) {
	w.applies++
	if w.before != nil {
		w.before(w.applies)
	}
	return w.Store.Apply(ctx, b)
}

// testStop cancels the load at each of its batches and runs it again.
func testStop(t *testing.T, c Case) {
	t.Helper()
	opt := loaders.Options{BatchSize: 5}
	whole := &watched{Store: c.store(t)}
	c.run(t, whole, opt)
	wantNodes, wantTies := Dump(t, whole)
	for stop := 1; stop <= whole.applies; stop++ {
		ctx, cancel := context.WithCancel(t.Context())
		store := &watched{Store: c.store(t), before: func(n int) {
			if n == stop {
				cancel()
			}
		}}
		rep, err := loaders.Run(ctx, store, loaders.NewRegistry(c.Format), c.Inputs, opt)
		cancel()
		if !errors.Is(err, context.Canceled) || rep == nil || rep.Stopped == "" {
			t.Fatalf("stopped at batch %d: error %v, report %+v", stop, err, rep)
		}
		CheckReport(t, rep)
		if nodes, ties := Dump(t, store); len(nodes) != rep.Nodes.Created || len(ties) != rep.Ties.Created {
			t.Fatalf("stopped at batch %d: the store has %d nodes and %d ties, the report says %v and %v", stop, len(nodes), len(ties), rep.Nodes, rep.Ties)
		}
		store.before = nil
		c.run(t, store, opt)
		if nodes, ties := Dump(t, store); !reflect.DeepEqual(nodes, wantNodes) || !reflect.DeepEqual(ties, wantTies) {
			t.Errorf("stopped at batch %d and run again: another graph than in one go", stop)
		}
	}
}

func testCut(t *testing.T, c Case) {
	t.Helper()
	step := c.CutEvery
	if step == 0 {
		step = 7
	}
	for i, in := range c.Inputs {
		data := Read(t, in)
		for cut := 0; cut < len(data); cut += step {
			inputs := append([]loaders.Input{}, c.Inputs...)
			inputs[i] = loaders.Bytes(in.Name, data[:cut])
			rep := c.load(t, NewMemory(), inputs, loaders.Options{})
			if cut == 0 && rep.Rows().Rejected == 0 {
				t.Errorf("%s: an empty file is not rejected", in.Name)
			}
		}
	}
}

// CheckBytes loads bytes by a format and fails where the report does not add
// up, or where a reload of the same bytes changes the store. It is the body of
// fuzz targets.
func CheckBytes(t *testing.T, format loaders.Format, name string, data []byte) {
	t.Helper()
	c := Case{Format: format, Inputs: []loaders.Input{loaders.Bytes(name, data)}}
	store := NewMemory()
	format.Detect(data)
	c.run(t, store, loaders.Options{Format: format.Properties().Name})
	if rep := c.run(t, store, loaders.Options{Format: format.Properties().Name, BatchSize: 1}); rep.Changed() {
		t.Errorf("the reload changed nodes %v, ties %v", rep.Nodes, rep.Ties)
	}
}

// Dump returns all that a store has, in a form that compares: by id, without
// loads.
func Dump(t *testing.T, store loaders.Store) (nodes []graph.Node, ties []graph.Tie) {
	t.Helper()
	view, err := store.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	for n, err := range view.Nodes(t.Context(), graph.NodeQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		nodes = append(nodes, Plain(n))
	}
	every := graph.TieQuery{Where: graph.TieWhere{Statuses: []graph.Status{graph.Accepted, graph.Conflict, graph.Rejected}}}
	for tie, err := range view.Ties(t.Context(), every) {
		if err != nil {
			t.Fatal(err)
		}
		ties = append(ties, PlainTie(tie))
	}
	return nodes, ties
}

// File reads a file into an input.
func File(tb testing.TB, path string) loaders.Input {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return loaders.Bytes(filepath.Base(path), data)
}

// Read returns the bytes of an input.
func Read(tb testing.TB, in loaders.Input) []byte {
	tb.Helper()
	r, err := in.Open()
	if err != nil {
		tb.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		tb.Fatal(fmt.Errorf("%s: %w", in.Name, err))
	}
	return data
}
