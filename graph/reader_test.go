package graph_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

// plainView is a view without any of the methods that a view may have besides.
type plainView struct {
	graph.View
	nodes map[graph.ID]graph.Node
	err   error
}

func (v plainView) NodesByID(context.Context, []graph.ID) (map[graph.ID]graph.Node, error) {
	return v.nodes, v.err
}

// richView has them all.
type richView struct {
	plainView
	moved  bool
	shared graph.Reader
}

func (v richView) Isolation() string    { return "read committed" }
func (v richView) Moved() bool          { return v.moved }
func (v richView) Shared() graph.Reader { return v.shared }

func (v richView) NodesWanted(_ context.Context, ids []graph.ID, w *graph.Want) (map[graph.ID]*graph.Node, error) {
	return map[graph.ID]*graph.Node{ids[0]: {ID: ids[0], Load: graph.ID(w.Node[0])}}, v.err
}

// TestWhatAViewMayHaveBesides is asked of those that have it; of the others nothing is expected.
func TestWhatAViewMayHaveBesides(t *testing.T) {
	t.Parallel()
	errRead := errors.New("unreadable")
	plain := plainView{nodes: map[graph.ID]graph.Node{"a": {ID: "a"}, "b": {ID: "b"}}}
	other := plainView{nodes: map[graph.ID]graph.Node{}}
	if graph.Moved(plain) || graph.Moved(richView{}) || !graph.Moved(richView{moved: true}) {
		t.Error("Moved is not what the view says")
	}
	if got, ok := graph.Shared(plain).(plainView); !ok || len(got.nodes) != 2 {
		t.Error("a view that shares nothing is not its own reader")
	}
	if got, ok := graph.Shared(richView{shared: other}).(plainView); !ok || len(got.nodes) != 0 {
		t.Error("Shared is not what the view says")
	}
	got, err := graph.NodesWanted(t.Context(), plain, []graph.ID{"a", "b"}, nil)
	want := map[graph.ID]*graph.Node{"a": {ID: "a"}, "b": {ID: "b"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, -want +got:\n%s", err, diff)
	}
	plain.err = errRead
	if _, err := graph.NodesWanted(t.Context(), plain, nil, nil); !errors.Is(err, errRead) {
		t.Errorf("error %v, want that of the reader", err)
	}
	got, err = graph.NodesWanted(t.Context(), richView{}, []graph.ID{"c"}, &graph.Want{Node: graph.Fields{"names"}})
	if err != nil || len(got) != 1 || got["c"].Load != "names" {
		t.Errorf("a reader that reads parts: %v, %v", got, err)
	}
}
