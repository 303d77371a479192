package native_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/storetest"
	"entangle/loaders"
	"entangle/loaders/loadertest"
	"entangle/loaders/native"
)

// bounded is a writer that is full after some bytes.
type bounded struct{ left int }

var errFull = errors.New("no space left on device")

func (b *bounded) Write(p []byte) (int, error) {
	if len(p) > b.left {
		n := b.left
		b.left = 0
		return n, errFull
	}
	b.left -= len(p)
	return len(p), nil
}

func sampleView(t *testing.T) (graph.Store, graph.View) {
	t.Helper()
	store := loadertest.Embedded(t).(graph.Store)
	load(t, store, loadertest.File(t, "testdata/nodes.csv"), loadertest.File(t, "testdata/ties.csv"))
	v, err := store.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return store, v
}

// TestWriteFails: whichever row cannot be read and whichever byte cannot be written, the
// error says so.
func TestWriteFails(t *testing.T) {
	store, v := sampleView(t)
	calls := 0
	for ; ; calls++ {
		failing := storetest.NewFailing(store, 1+calls) // the first opens the view
		view, err := failing.View(t.Context(), graph.Red)
		if err != nil {
			t.Fatal(err)
		}
		err = native.Write(t.Context(), view, io.Discard, io.Discard)
		_ = view.Close()
		if !failing.Failed() {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		if !errors.Is(err, storetest.ErrFailing) {
			t.Fatalf("row %d failed: %v", calls, err)
		}
	}
	if calls < 20 { // each node and tie twice
		t.Errorf("%d rows are too few to tell", calls)
	}
	nodes, ties := export(t, store)
	for n := 0; n < len(nodes); n += 1 + len(nodes)/200 {
		if err := native.Write(t.Context(), v, &bounded{n}, io.Discard); !errors.Is(err, errFull) {
			t.Fatalf("nodes of %d bytes with room for %d: %v", len(nodes), n, err)
		}
	}
	for n := 0; n < len(ties); n += 1 + len(ties)/200 {
		if err := native.Write(t.Context(), v, io.Discard, &bounded{n}); !errors.Is(err, errFull) {
			t.Fatalf("ties of %d bytes with room for %d: %v", len(ties), n, err)
		}
	}
}

// TestColumnsThatNobodyUses are not written.
func TestColumnsThatNobodyUses(t *testing.T) {
	store := loadertest.NewMemory()
	load(t, store, csvFile("n.csv", ":ID,:LABEL,name,sources:string[]\ns,Source,S,\nt,Source,T,\ng,Group,G,s;t\n"))
	if nodes, ties := export(t, store); nodes != ":ID,:LABEL,name,names:string[],sources:string[]\ns,Source,S,primary::Latn:S,\nt,Source,T,primary::Latn:T,\ng,Group,G,primary::Latn:G,s;t\n" ||
		ties != ":START_ID,:END_ID,:TYPE\n" {
		t.Errorf("%q\n%q", nodes, ties)
	}
}

// moving is a view that sees what is committed meanwhile: nodes or ties have a column more
// when they are read again.
type moving struct {
	graph.View
	node, tie bool
	readings  int
	moved     bool
}

func (m *moving) Isolation() string { return "read committed" }
func (m *moving) Moved() bool       { return m.moved }

func (m *moving) Nodes(ctx context.Context, q graph.NodeQuery) iter.Seq2[graph.Node, error] {
	m.readings++
	later := m.readings > 3 // one for the ids of sources, one for the sources and one for the rest
	return func(yield func(graph.Node, error) bool) {
		for n, err := range m.View.Nodes(ctx, q) {
			if m.node && later && n.Kind == graph.Group {
				n.Props = n.Props.Set("summary", "more")
			}
			if !yield(n, err) {
				return
			}
		}
	}
}

func (m *moving) Ties(ctx context.Context, q graph.TieQuery) iter.Seq2[graph.Tie, error] {
	m.readings++
	later := m.readings > 6
	return func(yield func(graph.Tie, error) bool) {
		for tie, err := range m.View.Ties(ctx, q) {
			if m.tie && later {
				tie.ConflictSet = "more"
			}
			if !yield(tie, err) {
				return
			}
		}
	}
}

// TestWriteOfAMovingStore: files of no one state are not told as written, and no column
// is left out in silence.
func TestWriteOfAMovingStore(t *testing.T) {
	var store loaders.Store = loadertest.NewMemory()
	load(t, store, csvFile("n.csv", nodeHead+"g,Group,G,,,,,\nh,Group,H,,,,,\n"), csvFile("t.csv", tieHead+"g,h,ALLIED_WITH,,,,,,\n"))
	v, err := store.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]*moving{
		"still": {View: v}, "nodes": {View: v, node: true}, "ties": {View: v, tie: true}, "told at the end": {View: v, moved: true},
	} {
		err := native.Write(t.Context(), m, &bytes.Buffer{}, &bytes.Buffer{})
		if moves := name != "still"; errors.Is(err, graph.ErrMoved) != moves || !moves && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestGone: what cites deleted sources is exported and loaded with all its citations, in
// whatever batches and also where the file has no more to say of a source; a row that does
// not say that its source was deleted is refused, and a source that is back is cited again.
func TestGone(t *testing.T) {
	files := []loaders.Input{
		csvFile("n.csv", ":ID,:LABEL,name,ids:string[],sources:string[],pages:string[],gone:string[]\n"+
			"s,Source,S,,gone,1,gone\nt,Source,T,lost,,,\ng,Group,G,,gone;s;lost,2;;3,lost;gone\np,Person,P,,s,,\n"),
		csvFile("t.csv", ":START_ID,:END_ID,:TYPE,sources:string[],gone:string[]\np,g,MEMBER_OF,lost,lost\n"),
	}
	for _, size := range []int{1, 2, 100} {
		from, to := loadertest.Embedded(t), loadertest.Embedded(t)
		run := func(store loaders.Store, inputs ...loaders.Input) *loaders.Report {
			t.Helper()
			rep, err := loaders.Run(t.Context(), store, loaders.NewRegistry(native.Format{}), inputs, loaders.Options{BatchSize: size})
			if err != nil {
				t.Fatal(err)
			}
			return rep
		}
		if rows := run(from, files...).Rows(); rows.Accepted != 5 {
			t.Fatalf("batches of %d: %+v", size, rows)
		}
		wantNodes, wantTies := loadertest.Dump(t, from)
		cites := func(i int) []graph.Citation { return wantNodes[i].Citations }
		if diff := cmp.Diff([][]graph.Citation{{{Source: "gone", Page: "2"}, {Source: "s"}, {Source: "lost", Page: "3"}}, {{Source: "gone", Page: "1"}}, {{Source: "lost"}}}, [][]graph.Citation{cites(0), cites(2), wantTies[0].Citations}); diff != "" {
			t.Errorf("batches of %d (-want +got):\n%s", size, diff)
		}
		nodes, ties := export(t, from)
		if rows := run(to, csvFile("n.csv", nodes), csvFile("t.csv", ties)).Rows(); rows.Accepted != 5 {
			t.Fatalf("batches of %d: %+v of\n%s\n%s", size, rows, nodes, ties)
		}
		gotNodes, gotTies := loadertest.Dump(t, to)
		if diff := cmp.Diff(wantNodes, gotNodes); diff != "" {
			t.Errorf("batches of %d: nodes (-want +got):\n%s", size, diff)
		}
		if diff := cmp.Diff(wantTies, gotTies); diff != "" {
			t.Errorf("batches of %d: ties (-want +got):\n%s", size, diff)
		}
		if rep := run(to, csvFile("n.csv", nodes), csvFile("t.csv", ties)); rep.Nodes.Same != 4 || rep.Ties.Same != 1 {
			t.Errorf("batches of %d: again %v, %v", size, rep.Nodes, rep.Ties)
		}
		// Two rows of a node that the store has: what it cites stays.
		more := run(to, csvFile("m.csv", ":ID,:LABEL,name,types:string[],sources:string[]\ng,Group,G,party,\nq,Person,Q,,\ng,Group,G,tribe,\nr,Person,R,,gone\n"))
		if rows := more.Rows(); rows.Accepted != 3 || len(more.Files[0].Rejects) != 1 || more.Files[0].Rejects[0].Line != 5 || more.Files[0].Rejects[0].Value != "gone" {
			t.Errorf("batches of %d: %+v, %v", size, rows, more.Files[0].Rejects)
		}
		run(to, csvFile("s.csv", ":ID,:LABEL,name\ngone,Source,Back\n"))
		nodes, _ = export(t, to)
		if !strings.Contains(nodes, "g,Group,") || strings.Contains(nodes, "gone;lost") || strings.Contains(nodes, "lost;gone") {
			t.Errorf("batches of %d: a source that is back\n%s", size, nodes)
		}
	}
}
