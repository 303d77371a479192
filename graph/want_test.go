package graph_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

// TestFieldsOf: every part of a node and a tie can be wanted, properties by their names;
// what is none is left out, and what is named twice is named once.
func TestFieldsOf(t *testing.T) {
	t.Parallel()
	node := []string{"name", "names", "types", "aliases", "marking", "load", "citations"}
	for _, s := range graph.PropsOf(nil) {
		node = append(node, s.Name)
	}
	tie := []string{"span", "confidence", "weight", "grade", "marking", "status", "conflictSet", "derived", "note", "load", "citations"}
	for _, s := range graph.TiePropsOf(nil) {
		tie = append(tie, s.Name)
	}
	for _, tt := range []struct {
		tie   bool
		names []string
	}{{false, node}, {true, tie}} {
		for _, name := range tt.names {
			if diff := cmp.Diff(graph.Fields{name}, graph.FieldsOf(tt.tie, name)); diff != "" {
				t.Errorf("of a tie: %t, %s (-want +got):\n%s", tt.tie, name, diff)
			}
		}
	}
	if diff := cmp.Diff(graph.Fields{"born", "name"}, graph.FieldsOf(false, "name", "span", "born", "name", "id", "shoes")); diff != "" {
		t.Errorf("of a node (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(graph.Fields{"note", "span"}, graph.FieldsOf(true, "span", "name", "note")); diff != "" {
		t.Errorf("of a tie (-want +got):\n%s", diff)
	}
}

// plainReader answers one look-up; it can do no more than it must.
type plainReader struct {
	graph.View
	err error
}

func (r plainReader) NodesByID(context.Context, []graph.ID) (map[graph.ID]graph.Node, error) {
	if r.err != nil {
		return nil, r.err
	}
	return map[graph.ID]graph.Node{"a": {ID: "a", Kind: graph.Group}, "b": {ID: "b"}}, nil
}

// ableReader can read a part, shares what it has and reports whether it has moved.
type ableReader struct {
	plainReader
	moved bool
}

func (ableReader) NodesWanted(_ context.Context, _ []graph.ID, w *graph.Want) (map[graph.ID]*graph.Node, error) {
	return map[graph.ID]*graph.Node{graph.ID(w.Node[0]): {}}, nil
}
func (r ableReader) Shared() graph.Reader { return r.plainReader }
func (ableReader) Isolation() string      { return "read committed" }
func (r ableReader) Moved() bool          { return r.moved }

// TestWhatAReaderMayDo: a reader that can more is asked for it, another for what all can.
func TestWhatAReaderMayDo(t *testing.T) {
	t.Parallel()
	want := &graph.Want{Node: graph.FieldsOf(false, "name")}
	found, err := graph.NodesWanted(t.Context(), plainReader{}, []graph.ID{"a", "b"}, want)
	if err != nil || len(found) != 2 || found["a"].Kind != graph.Group || found["b"].ID != "b" {
		t.Errorf("of one that reads whole nodes: %v, %v", found, err)
	}
	broken := errors.New("broken")
	if found, err := graph.NodesWanted(t.Context(), plainReader{err: broken}, nil, want); !errors.Is(err, broken) || len(found) > 0 {
		t.Errorf("of one that fails: %v, %v", found, err)
	}
	if found, err := graph.NodesWanted(t.Context(), ableReader{}, nil, want); err != nil || found["name"] == nil {
		t.Errorf("of one that reads parts: %v, %v", found, err)
	}
	if _, able := graph.Shared(ableReader{}).(plainReader); !able {
		t.Error("one that shares is not asked for its shared reader")
	}
	if v, plain := graph.Shared(plainReader{}).(plainReader); !plain {
		t.Errorf("one that does not share: %v", v)
	}
	for r, moved := range map[any]bool{plainReader{}: false, ableReader{}: false, ableReader{moved: true}: true} {
		if graph.Moved(r) != moved {
			t.Errorf("%+v has moved: %t", r, !moved)
		}
	}
}

// pagingReader answers with pages, by id or, where it is able, in their places.
type pagingReader struct {
	graph.View
	err error
}

func (r pagingReader) Adjacent(context.Context, graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	return map[graph.ID]graph.AdjacentPage{"a": {More: true}, "b": {Ties: []graph.Tie{{ID: "t"}}}}, r.err
}

type placingReader struct{ pagingReader }

func (placingReader) AdjacentTo(_ context.Context, q graph.AdjacentQuery, pages []graph.AdjacentPage) error {
	for i, id := range q.Nodes {
		pages[i].Ties = []graph.Tie{{ID: "placed " + id}}
	}
	return nil
}

// TestAdjacentTo: every node has its page in its place, whoever reads.
func TestAdjacentTo(t *testing.T) {
	t.Parallel()
	query := graph.AdjacentQuery{Nodes: []graph.ID{"b", "none", "a", "b"}}
	tied := func(id graph.ID) graph.AdjacentPage { return graph.AdjacentPage{Ties: []graph.Tie{{ID: id}}} }
	for name, tt := range map[string]struct {
		reader graph.Reader
		want   []graph.AdjacentPage
	}{
		"by id":     {pagingReader{}, []graph.AdjacentPage{tied("t"), {}, {More: true}, tied("t")}},
		"in places": {placingReader{}, []graph.AdjacentPage{tied("placed b"), tied("placed none"), tied("placed a"), tied("placed b")}},
	} {
		pages := make([]graph.AdjacentPage, len(query.Nodes))
		if err := graph.AdjacentTo(t.Context(), tt.reader, query, pages); err != nil {
			t.Error(name, err)
		}
		if diff := cmp.Diff(tt.want, pages); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	broken := errors.New("broken")
	if err := graph.AdjacentTo(t.Context(), pagingReader{err: broken}, query, make([]graph.AdjacentPage, 4)); !errors.Is(err, broken) {
		t.Errorf("of one that fails: %v", err)
	}
}
