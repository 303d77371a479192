package schema_test

import (
	"errors"
	"slices"
	"strings"
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

// TestRefsAreBounded: none, too many and too long ones are refused, as many and as long as
// there may be are looked for.
func TestRefsAreBounded(t *testing.T) {
	store := loaded(t, stores["model"], fixture(t))
	view, err := store.View(t.Context(), graph.Red)
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	for name, tt := range map[string]struct {
		refs []string
		want string
	}{
		"none":      {nil, "nothing is named; name 1 to 100 nodes"},
		"most":      {slices.Repeat([]string{"g-lions"}, 100), ""},
		"too many":  {slices.Repeat([]string{"g-lions"}, 101), "101 nodes are named; name 1 to 100"},
		"too long":  {[]string{"g-lions", strings.Repeat("x", 1000)}, strings.Repeat("x", 40) + `"… has 1000 bytes`},
		"not found": {[]string{"g-lions", "g-tigers and bears"}, "nothing has that key, alias or name"},
	} {
		got, err := schema.ResolveRefs(t.Context(), view, nil, tt.refs)
		if tt.want == "" {
			if err != nil || len(got) != len(tt.refs) {
				t.Errorf("%s: %d ids, %v", name, len(got), err)
			}
			continue
		}
		if err == nil || got != nil || !strings.Contains(err.Error(), tt.want) || !errors.Is(err, graph.ErrQuery) && !errors.Is(err, graph.ErrNotFound) {
			t.Errorf("%s: %v, %v, want %q", name, got, err, tt.want)
		}
	}
}
