package schema_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/schema/exec"
)

// movingStore is a store whose next views see commits that are made while they are open.
type movingStore struct {
	graph.Store
	moving       int // of the views that are opened from now on
	open, closed int
}

type movingView struct {
	graph.View
	store *movingStore
	moved bool
}

func (s *movingStore) View(ctx context.Context, m graph.Marking) (graph.View, error) {
	v, err := s.Store.View(ctx, m)
	s.open++
	s.moving--
	return &movingView{v, s, s.moving >= 0}, err
}

func (v *movingView) Isolation() string { return "read committed" }
func (v *movingView) Moved() bool       { return v.moved }

func (v *movingView) Close() error {
	v.store.closed++
	return v.View.Close()
}

// TestDataThatMoves: an answer of several states is read anew from a new view, twice at most; that of a question, which is
// dear and was asked of a picture of one state, is not. Where it stays, the answer says that the data moved.
func TestDataThatMoves(t *testing.T) {
	const plain, dear = `{ people { nodes { name } } }`, `{ exposure(asOf: "2018-01-01") { pairCount } }`
	store := &movingStore{Store: loaded(t, stores["model"], fixture(t))}
	s := newSchema(t, store)
	for _, tt := range []struct {
		name, query string
		moving      int // views that move
		open        int
		told        bool
	}{
		{"stays", plain, 0, 1, false},
		{"moves once", plain, 1, 2, false},
		{"moves twice", plain, 2, 3, false},
		{"moves on", plain, 9, 3, true},
		{"a question", dear, 0, 1, false},
		{"a question, moves", dear, 9, 1, true},
	} {
		p, errs := s.Prepare(t.Context(), exec.Request{Query: tt.query})
		if errs != nil {
			t.Fatal(errs)
		}
		store.moving, store.open, store.closed = tt.moving, 0, 0
		var out bytes.Buffer
		if _, err := s.Execute(t.Context(), p, graph.Red, &out); err != nil {
			t.Fatal(err)
		}
		if store.open != tt.open || store.closed != tt.open {
			t.Errorf("%s: %d views opened, %d closed, want %d", tt.name, store.open, store.closed, tt.open)
		}
		if told := strings.Contains(out.String(), `"dataMoved":true`); told != tt.told || strings.Contains(out.String(), `"errors"`) {
			t.Errorf("%s: told of it is %t, want %t: %s", tt.name, told, tt.told, out.String())
		}
	}
}
