package native_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"testing"

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
	later := m.readings > 2 // one for the sources and one for the rest
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
	later := m.readings > 5
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
