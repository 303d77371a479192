package loaders_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/sqlitestore"
	"entangle/graph/storetest"
	"entangle/loaders"
	"entangle/loaders/loadertest"
)

var errFire = errors.New("the disk is on fire")

// burning is an input that fails behind some bytes, at the readings that are named, from
// 0; a reader that failed goes on as if nothing had been where forgets is set.
func burning(in loaders.Input, behind int64, forgets bool, readings ...int) loaders.Input {
	n := -1
	return loaders.Input{Name: in.Name, Size: in.Size, Open: func() (io.ReadCloser, error) {
		whole, err := in.Open()
		if n++; err != nil || len(readings) > 0 && !slices.Contains(readings, n) {
			return whole, err
		}
		return &fire{ReadCloser: whole, left: behind, forgets: forgets}, nil
	}}
}

type fire struct {
	io.ReadCloser
	left    int64
	forgets bool
	burnt   bool
}

func (f *fire) Read(p []byte) (int, error) {
	if f.burnt && f.forgets {
		return f.ReadCloser.Read(p)
	}
	if f.left == 0 {
		f.burnt = true
		return 0, errFire
	}
	n, err := f.ReadCloser.Read(p[:min(int64(len(p)), f.left)])
	f.left -= int64(n)
	return n, err
}

func samples(t *testing.T) map[string]loaders.Input {
	t.Helper()
	return map[string]loaders.Input{
		"native nodes": loadertest.File(t, "native/testdata/nodes.csv"), "native ties": loadertest.File(t, "native/testdata/ties.csv"),
		"popolo": loadertest.File(t, "popolo/testdata/qasr.json"), "sfm": loadertest.File(t, "sfm/testdata/units.csv"),
		"gzip": loaders.Bytes("nodes.csv.gz", zipped(t, string(loadertest.Read(t, loadertest.File(t, "native/testdata/nodes.csv"))))),
	}
}

// A file that cannot be read to its end is told of, wherever it breaks off and at
// whichever of its readings; what came before is loaded, and so is the next file.
func TestReadingFails(t *testing.T) {
	good := csvFile("good.csv", nodeHead+"a,Group,A,,\n")
	for name, in := range samples(t) {
		t.Run(name, func(t *testing.T) {
			sound := run(t, loadertest.NewMemory(), loaders.Options{}, in)
			for behind := int64(0); behind < in.Size; behind += 1 + in.Size/23 {
				for _, readings := range [][]int{nil, {0}, {1}} {
					for _, forgets := range []bool{false, true} {
						store := loadertest.NewMemory()
						rep := run(t, store, loaders.Options{}, burning(in, behind, forgets, readings...), good)
						checkBurnt(t, fmt.Sprintf("behind %d bytes at readings %v, forgetting %t", behind, readings, forgets), rep, sound.Rows().In)
						if nodes, _ := loadertest.Dump(t, store); !slices.ContainsFunc(nodes, func(n graph.Node) bool { return n.ID == "a" }) {
							t.Fatalf("behind %d bytes at readings %v: the next file is not loaded", behind, readings)
						}
					}
				}
			}
		})
	}
	// A document of several readings tells of the one that failed.
	for reading := 1; reading <= 3; reading++ {
		rep := run(t, loadertest.NewMemory(), loaders.Options{}, burning(samples(t)["popolo"], 400, true, reading), good)
		checkBurnt(t, fmt.Sprintf("popolo, reading %d", reading), rep, 29)
	}
}

func checkBurnt(t *testing.T, where string, rep *loaders.Report, rows int) {
	t.Helper()
	f, told := rep.Files[0], 0
	for _, rej := range f.Rejects {
		if rej.Code == loaders.CodeFile && strings.Contains(rej.Reason, errFire.Error()) {
			told++
		}
	}
	if told != 1 || f.Rows.In > rows+1 {
		t.Fatalf("%s: the failure is told %d times, %d rows in of %d: %v", where, told, f.Rows.In, rows, f.Rejects)
	}
}

func TestReadingFailsWithItsLine(t *testing.T) {
	in := csvFile("n.csv", nodeHead+"a,Group,A,,\nb,Group,B,,\nc,Group,C,,\n")
	rep := run(t, loadertest.NewMemory(), loaders.Options{}, burning(in, int64(len(nodeHead))+15, false, 1))
	want := "n.csv:3: reading failed: the disk is on fire; what came before is loaded"
	if got := rep.Files[0].Rejects; len(got) != 1 || got[0].String() != want || rep.Nodes.Created != 1 {
		t.Errorf("%v, nodes %v; want %q", got, rep.Nodes, want)
	}
}

// memory is the store of the suite with the rest of the interface, which no load uses.
type memory struct{ *loadertest.Memory }

func (memory) Version(context.Context) (graph.Version, error) { return "", nil }
func (memory) Close() error                                   { return nil }

// Whichever call of the store fails, the run says so, its counts are those of the store,
// and the same run again makes the graph whole.
func TestStoreFailsAnywhere(t *testing.T) {
	inputs := []loaders.Input{samples(t)["native ties"], samples(t)["native nodes"], samples(t)["popolo"]}
	opt := loaders.Options{BatchSize: 6}
	whole := loadertest.NewMemory()
	run(t, whole, opt, inputs...)
	wantNodes, wantTies := loadertest.Dump(t, whole)
	for _, dry := range []bool{false, true} {
		opt.DryRun = dry
		calls := 0
		for ; ; calls++ {
			store := loadertest.NewMemory()
			brittle := storetest.NewFailing(memory{store}, calls)
			rep, err := loaders.Run(t.Context(), brittle, registry(), inputs, opt)
			if !brittle.Failed() { // more calls were allowed than the run needs
				if err != nil {
					t.Fatalf("after %d calls: %v", calls, err)
				}
				break
			}
			if !errors.Is(err, storetest.ErrFailing) || rep == nil || !strings.Contains(rep.Stopped, storetest.ErrFailing.Error()) {
				t.Fatalf("call %d failed: %v, report %+v", calls, err, rep)
			}
			loadertest.CheckReport(t, rep)
			nodes, ties := loadertest.Dump(t, store)
			if dry {
				if len(nodes)+len(ties) > 0 {
					t.Fatalf("call %d failed: a dry run left %d nodes and %d ties", calls, len(nodes), len(ties))
				}
				continue
			}
			if len(nodes) != rep.Nodes.Created || len(ties) != rep.Ties.Created {
				t.Fatalf("call %d failed: the store has %d nodes and %d ties, the report says %v and %v", calls, len(nodes), len(ties), rep.Nodes, rep.Ties)
			}
			run(t, store, opt, inputs...)
			if nodes, ties := loadertest.Dump(t, store); !reflect.DeepEqual(nodes, wantNodes) || !reflect.DeepEqual(ties, wantTies) {
				t.Fatalf("call %d failed, and the run again: another graph than in one go", calls)
			}
		}
		if calls < 10 {
			t.Errorf("dry run %t: %d calls of the store are too few to tell", dry, calls)
		}
	}
}

// A disk that fills up ends the load: what the report tells as loaded is there, and with
// room the same load goes on to the end.
func TestDiskFull(t *testing.T) {
	var text strings.Builder
	text.WriteString(nodeHead)
	const people = 4000
	for i := range people {
		fmt.Fprintf(&text, "p%d,Person,Somebody of a long name %d,,\n", i, i)
	}
	in := csvFile("n.csv", text.String())
	path := filepath.Join(t.TempDir(), "graph.db")
	open := func(opts ...sqlitestore.Option) *sqlitestore.Store {
		s, err := sqlitestore.Open(t.Context(), path, opts...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	small := open(sqlitestore.WithMaxSize(800 << 10))
	rep, err := loaders.Run(t.Context(), small, registry(), []loaders.Input{in}, loaders.Options{BatchSize: 200})
	if err == nil || !strings.Contains(err.Error(), "the disk is full") || !strings.Contains(err.Error(), path) {
		t.Fatalf("%v, want the disk is full, with the path", err)
	}
	loadertest.CheckReport(t, rep)
	if n := rep.Nodes.Created; n == 0 || n >= people || !strings.Contains(rep.Stopped, "the disk is full") || rep.Files[0].NotApplied == 0 {
		t.Errorf("created %d, not applied %d, stopped %q", n, rep.Files[0].NotApplied, rep.Stopped)
	}
	if nodes, _ := loadertest.Dump(t, small); len(nodes) != rep.Nodes.Created {
		t.Errorf("%d nodes are there, the report says %d", len(nodes), rep.Nodes.Created)
	}
	if err := small.Close(); err != nil {
		t.Fatal(err)
	}
	large := open()
	defer large.Close()
	again := run(t, large, loaders.Options{}, in)
	if got := again.Nodes; got.Created != people-rep.Nodes.Created || got.Same != rep.Nodes.Created {
		t.Errorf("with room again: %v, before %v", got, rep.Nodes)
	}
}
