package neo4jstore_test

import (
	"path/filepath"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/graph/sqlitestore"
	"entangle/graph/storetest"
)

// TestSameAsEmbedded: the embedded store and Neo4j give the same answers to the
// same data, and projections with the same hash at several dates.
func TestSameAsEmbedded(t *testing.T) {
	needServer(t)
	pair := func(t *testing.T) (a, b graph.Store) {
		t.Helper()
		embedded, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"))
		if err != nil {
			t.Fatal(err)
		}
		return embedded, open(t)
	}
	storetest.Compare(t, 5, pair, func(t *testing.T, a, b graph.View) {
		t.Helper()
		for _, opts := range []projection.Options{
			{AsOf: graph.DayOf(2014, 6, 13)},
			{AsOf: graph.DayOf(2010, 1, 1), Gap: graph.GapPolicy{Mode: graph.Strict}},
			{AsOf: graph.DayOf(2020, 1, 1), Gap: graph.GapPolicy{Mode: graph.Extend, Days: 800}, MinConfidence: 0.3},
		} {
			want, err := projection.Build(t.Context(), a, opts)
			if err != nil {
				t.Fatal(err)
			}
			got, err := projection.Build(t.Context(), b, opts)
			if err != nil {
				t.Fatal(err)
			}
			if got.Hash() != want.Hash() || got.Len() == 0 {
				t.Errorf("%+v: hash %s of %d nodes, the embedded store gives %s of %d", opts, got.Hash(), got.Len(), want.Hash(), want.Len())
			}
		}
	})
}

// TestMovedTie: an id belongs to one tie whatever its type, also where the id is
// one that another type derives.
func TestMovedTie(t *testing.T) {
	s := open(t)
	b := storetest.Fixture()
	apply(t, s, b)
	member := b.Ties[14].Normal() // p-adan MEMBER_OF g-reed
	loyal := member
	loyal.Type, loyal.Props = graph.LoyalTo, nil
	for range 2 {
		for _, tie := range []graph.Tie{loyal, member} {
			if a := apply(t, s, graph.Batch{Ties: []graph.Tie{tie}}); a.TiesUpdated != 1 {
				t.Errorf("as %s: applied %+v", tie.Type, a)
			}
			counts, err := mustView(t, s, graph.Red).Counts(t.Context())
			if _, ties := counts.Total(); err != nil || ties != len(b.Ties) {
				t.Errorf("as %s: %d ties, %v", tie.Type, ties, err)
			}
		}
	}
}
