package sqlitestore_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/sqlitestore"
	"entangle/graph/storetest"
)

// TestPagesInPlaces: pages come to the places of those asked for, as look-ups by id have
// them, whether they were read before, whether memory is on, and whoever is asked for twice.
func TestPagesInPlaces(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]sqlitestore.Option{"memory": nil, "no memory": {sqlitestore.WithMemory(0)}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openWith(t, opts...)
			if _, err := s.Apply(t.Context(), storetest.Fixture()); err != nil {
				t.Fatal(err)
			}
			v, err := s.View(t.Context(), graph.Red)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = v.Close() })
			var ids []graph.ID
			for n, err := range v.Nodes(t.Context(), graph.NodeQuery{}) {
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, n.ID)
			}
			query := graph.AdjacentQuery{Type: graph.Holds, Dir: graph.Out, Limit: 2}
			for _, asked := range [][]graph.ID{ids[:len(ids)/2], append(append([]graph.ID{"nobody"}, ids...), ids[0], "nobody"), ids} {
				query.Nodes = asked
				want, err := v.Adjacent(t.Context(), query)
				if err != nil {
					t.Fatal(err)
				}
				pages := make([]graph.AdjacentPage, len(asked))
				if err := graph.AdjacentTo(t.Context(), graph.Shared(v), query, pages); err != nil {
					t.Fatal(err)
				}
				found := 0
				for i, id := range asked {
					found += len(pages[i].Ties)
					if diff := cmp.Diff(want[id].Ties, pages[i].Ties); diff != "" || want[id].More != pages[i].More {
						t.Errorf("%s (-want +got):\n%s", id, diff)
					}
				}
				if found == 0 && len(asked) >= len(ids) {
					t.Error("no ties were found")
				}
			}
		})
	}
}
