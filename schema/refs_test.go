package schema_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/schema"
)

func TestResolveRefs(t *testing.T) {
	store := loaded(t, stores["model"], fixture(t))
	view, err := store.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	kinds := []graph.Kind{graph.Group, graph.Person, graph.Post}
	got, err := schema.ResolveRefs(t.Context(), view, kinds, []string{"g-lions", "registry:1", schema.GlobalID(graph.Post, "o-chief"), "عادل كريم", "northern front"})
	want := []graph.ID{"g-lions", "p-adel", "o-chief", "p-adel", "g-front"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := schema.ResolveRefs(t.Context(), view, kinds, []string{"border guard"}); !errors.Is(err, graph.ErrNotFound) {
		t.Errorf("an institution is of none of the kinds, got %v", err)
	}
}
