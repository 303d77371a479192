package loaders_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/loadertest"
)

// scripted is a format whose records are given, whatever is in the file.
type scripted []loaders.Record

func (scripted) Properties() loaders.Properties { return loaders.Properties{Name: "scripted"} }

func (scripted) Detect([]byte) loaders.Match { return loaders.Match{Score: 1, Part: "scripted"} }

func (s scripted) Read(context.Context, loaders.Content) iter.Seq2[loaders.Record, error] {
	return func(yield func(loaders.Record, error) bool) {
		for i, rec := range s {
			rec.Row, rec.Line = i+1, i+2
			rec.Nodes, rec.Ties = slices.Clone(rec.Nodes), slices.Clone(rec.Ties) // the run may keep them
			if !yield(rec, nil) {
				return
			}
		}
	}
}

func (s scripted) load(t *testing.T, store loaders.Store, opt loaders.Options) *loaders.Report {
	t.Helper()
	rep, err := loaders.Run(t.Context(), store, loaders.NewRegistry(s), []loaders.Input{csvFile("s", "x")}, opt)
	if err != nil {
		t.Fatal(err)
	}
	loadertest.CheckReport(t, rep)
	return rep
}

func person(id string) graph.Node {
	return graph.Node{ID: graph.ID(id), Kind: graph.Person, Names: []graph.Name{loaders.NameOf(id, graph.PrimaryName)}}
}

func kin(from, to string) loaders.Tie {
	return loaders.Tie{Tie: graph.Tie{Type: graph.KinOf, From: graph.ID(from), To: graph.ID(to)}, FromField: "one", ToField: "other"}
}

// asked is a store that keeps what it is given and asked for.
type asked struct {
	loaders.Store
	batches []graph.Batch
	ids     []graph.ID
}

func (s *asked) Apply(ctx context.Context, b graph.Batch) (graph.Applied, error) {
	s.batches = append(s.batches, b)
	return s.Store.Apply(ctx, b)
}

func (s *asked) View(ctx context.Context, m graph.Marking) (graph.View, error) {
	v, err := s.Store.View(ctx, m)
	return askedView{v, s}, err
}

type askedView struct {
	graph.View
	store *asked
}

func (v askedView) NodesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Node, error) {
	v.store.ids = append(v.store.ids, ids...)
	return v.View.NodesByID(ctx, ids)
}

// TestStubsStandIn: a stub is made where nobody has its node, and changes none: neither
// one of an earlier load, nor of an earlier batch or record of this load, nor of this record.
func TestStubsStandIn(t *testing.T) {
	stub := person("x")
	stub.Names[0].Text = "a stub"
	for _, size := range []int{1, 100} {
		for name, tt := range map[string]struct {
			before, records scripted
			want            string
			nodes           loaders.Changes
		}{
			"nobody has it":       {nil, scripted{{Nodes: []graph.Node{person("a")}, Stubs: []graph.Node{stub}}, {Nodes: []graph.Node{person("b")}, Stubs: []graph.Node{stub}}}, "a stub", loaders.Changes{Created: 3}},
			"an earlier load":     {scripted{{Nodes: []graph.Node{person("x")}}}, scripted{{Nodes: []graph.Node{person("a")}, Stubs: []graph.Node{stub}}}, "x", loaders.Changes{Created: 1}},
			"an earlier record":   {nil, scripted{{Nodes: []graph.Node{person("x")}}, {Nodes: []graph.Node{person("a")}, Stubs: []graph.Node{stub}}}, "x", loaders.Changes{Created: 2}},
			"the record itself":   {nil, scripted{{Nodes: []graph.Node{person("x")}, Stubs: []graph.Node{stub}}}, "x", loaders.Changes{Created: 1}},
			"the same stub again": {scripted{{Stubs: []graph.Node{stub}}}, scripted{{Nodes: []graph.Node{person("a")}, Stubs: []graph.Node{stub}}}, "a stub", loaders.Changes{Created: 1}},
		} {
			store := loadertest.NewMemory()
			if tt.before != nil {
				tt.before.load(t, store, loaders.Options{})
			}
			opt := loaders.Options{BatchSize: size, DryRun: true}
			dry := tt.records.load(t, store, opt)
			opt.DryRun = false
			rep := tt.records.load(t, store, opt)
			nodes, _ := loadertest.Dump(t, store)
			i := slices.IndexFunc(nodes, func(n graph.Node) bool { return n.ID == "x" })
			if len(nodes[i].Names) != 1 || nodes[i].Name() != tt.want || rep.Nodes != tt.nodes || dry.Nodes != tt.nodes {
				t.Errorf("%s, batches of %d: names %v, nodes %v, foretold %v; want %s, %v", name, size, nodes[i].Names, rep.Nodes, dry.Nodes, tt.want, tt.nodes)
			}
		}
	}
}

// TestBatchesAreBounded: what waited for one node and is let go at once goes to the store
// in batches of twice their size at the most, nodes before the ties that need them.
func TestBatchesAreBounded(t *testing.T) {
	const size, people = 8, 30
	var records scripted
	for i := range people {
		id := fmt.Sprint("p", i)
		records = append(records, loaders.Record{Nodes: []graph.Node{person(id)}, Ties: []loaders.Tie{kin(id, "late")}})
	}
	records = append(records, loaders.Record{Nodes: []graph.Node{person("late")}})
	store := &asked{Store: loadertest.NewMemory()}
	rep := records.load(t, store, loaders.Options{BatchSize: size})
	if rep.Nodes.Created != people+1 || rep.Ties.Created != people {
		t.Errorf("nodes %v, ties %v", rep.Nodes, rep.Ties)
	}
	for i, b := range store.batches {
		if n := len(b.Nodes) + len(b.Ties); n > 2*size || n == 0 {
			t.Errorf("batch %d has %d nodes and %d ties", i, len(b.Nodes), len(b.Ties))
		}
	}
	// As many as fit go at once.
	store = &asked{Store: loadertest.NewMemory()}
	few := append(slices.Clone(records[:7]), records[people]) // 8 nodes, 7 ties
	few.load(t, store, loaders.Options{BatchSize: 7})
	if n := len(store.batches); n != 2 { // the node that was waited for, and what waited
		t.Errorf("%d batches", n)
	}
}

// TestKnownNodesAreNotAskedFor: of what a run brought itself it asks the store nothing.
func TestKnownNodesAreNotAskedFor(t *testing.T) {
	store := &asked{Store: loadertest.NewMemory()}
	scripted{
		{Nodes: []graph.Node{person("a")}},
		{Nodes: []graph.Node{person("b")}},
		{Ties: []loaders.Tie{kin("a", "b")}},
		{Nodes: []graph.Node{person("c")}, Ties: []loaders.Tie{kin("c", "a")}},
		{Ties: []loaders.Tie{kin("a", "d")}},
	}.load(t, store, loaders.Options{BatchSize: 1})
	slices.Sort(store.ids)
	// d three times: when it was read, at the end of the file, and of the run.
	if diff := cmp.Diff([]graph.ID{"a", "b", "c", "d", "d", "d"}, store.ids); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

// TestPlacesOfTieProblems: what validation finds in a tie is placed in the columns that
// the record names for its ends, and where no column is known the value is told.
func TestPlacesOfTieProblems(t *testing.T) {
	locate := func(field string) loaders.Place { return loaders.Place{Line: 9, Field: "<" + field + ">"} }
	long := kin("a", "b")
	long.Weight = graph.KnownShare(7)
	turned, loop, unnamed := kin("b", "b"), kin("a", "a"), loaders.Tie{Tie: graph.Tie{Type: graph.KinOf, From: "a", To: "a"}}
	turned.Type, turned.To = graph.MemberOf, "g"
	turned.Confidence = graph.Stated(2)
	g := graph.Node{ID: "g", Kind: graph.Group, Names: []graph.Name{loaders.NameOf("g", graph.PrimaryName)}}
	rep := scripted{
		{Nodes: []graph.Node{person("a"), person("b"), g}},
		{Ties: []loaders.Tie{long}, Locate: locate},
		{Ties: []loaders.Tie{turned}, Locate: locate},
		{Ties: []loaders.Tie{loop}, Locate: locate},
		{Ties: []loaders.Tie{unnamed}, Locate: locate},
		{Ties: []loaders.Tie{loop}},
		{Ties: []loaders.Tie{kin("c", "d")}, Locate: locate},
		{Ties: []loaders.Tie{kin("c", "d")}},
	}.load(t, loadertest.NewMemory(), loaders.Options{})
	var got []string
	for _, rej := range rep.Files[0].Rejects {
		got = append(got, rej.String())
	}
	slices.Sort(got)
	want := []string{
		`s:7: other "a": a tie cannot join a node to itself`,
		`s:9: <confidence> "2": outside 0 to 1`,
		`s:9: <one> "c": no such node in this load or in the store`,
		`s:9: <other> "a": a tie cannot join a node to itself`,
		`s:9: <other> "d": no such node in this load or in the store`,
		`s:9: <to> "a": a tie cannot join a node to itself`,
		`s:9: <weight> "7": outside 0 to 1`,
		`s:9: one "c": no such node in this load or in the store`,
		`s:9: other "d": no such node in this load or in the store`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}

// TestNegativeOptions are as those left out.
func TestNegativeOptions(t *testing.T) {
	var nodes strings.Builder
	nodes.WriteString(nodeHead)
	for i := range 300 {
		fmt.Fprintf(&nodes, "p%d,Person,P,,\n", i)
	}
	inputs := []loaders.Input{
		csvFile("t.csv", tieHead+"p1,p2,KIN_OF,\np1,nowhere,KIN_OF,\n"), loaders.Bytes("n.csv.gz", zipped(t, nodes.String())), csvFile("b.csv", nodeHead+"x,Dragon,X,,\n"),
	}
	want := run(t, loadertest.NewMemory(), loaders.Options{}, inputs...)
	got := run(t, loadertest.NewMemory(), loaders.Options{BatchSize: -2, MaxHeld: -2, KeepDetails: -2, MaxBytes: -2, MaxRatio: -2}, inputs...)
	if diff := cmp.Diff(want, got); diff != "" || want.Ties.Created != 1 || want.Nodes.Created != 300 || len(want.Files[2].Rejects) != 1 {
		t.Errorf("nodes %v, ties %v (-left out +negative):\n%s", want.Nodes, want.Ties, diff)
	}
}

// TestBrokenFromTheStart: gzip data of which nothing can be read is told at line 1.
func TestBrokenFromTheStart(t *testing.T) {
	data := zipped(t, nodeHead)
	rep := run(t, loadertest.NewMemory(), loaders.Options{}, loaders.Bytes("n.csv.gz", data[:10]))
	if got := rep.Files[0].Rejects; len(got) != 1 || got[0].Line != 1 || !strings.Contains(got[0].Reason, "broken gzip data") {
		t.Errorf("%v", got)
	}
}

// steps are the calls of a progress.
type steps []string

func (s *steps) File(name string, bytes int64) { *s = append(*s, fmt.Sprint(name, " of ", bytes)) }
func (s *steps) Add(bytes int64, rows int)     { *s = append(*s, fmt.Sprint(bytes, " ", rows)) }

// TestProgressTellsSteps: no call tells nothing, and the sizes of files are told.
func TestProgressTellsSteps(t *testing.T) {
	var s steps
	text := nodeHead + "a,Person,A,,\nb,Person,B,,\n"
	run(t, loadertest.NewMemory(), loaders.Options{Progress: &s}, csvFile("n.csv", text), csvFile("m.csv", text))
	size := strconv.Itoa(len(text))
	want := steps{"n.csv of " + size, size + " 0", "0 1", "0 1", "m.csv of " + size, size + " 0", "0 1", "0 1"}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
