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
	b, member := unmoved()
	given := member
	given.ID = "claim-of-ours"
	for _, member := range []graph.Tie{member, given} {
		b.Ties[0] = member
		s := open(t)
		forgetMoved(t)
		apply(t, s, b)
		loyal := member
		loyal.Type, loyal.Props = graph.LoyalTo, nil
		for range 2 {
			for _, tie := range []graph.Tie{loyal, member} {
				if a := apply(t, s, graph.Batch{Ties: []graph.Tie{tie}}); a.TiesUpdated != 1 {
					t.Errorf("%s as %s: applied %+v", tie.ID, tie.Type, a)
				}
				counts, err := mustView(t, s, graph.Red).Counts(t.Context())
				if _, ties := counts.Total(); err != nil || ties != len(b.Ties) {
					t.Errorf("%s as %s: %d ties, %v", tie.ID, tie.Type, ties, err)
				}
			}
		}
	}
}

// unmoved is the fixture without ties that have an id which another derives, for then all ids
// are looked up under every type. The first of its ties is p-adan MEMBER_OF g-reed.
func unmoved() (graph.Batch, graph.Tie) {
	b := storetest.Fixture()
	member := b.Ties[14].Normal()
	kept := []graph.Tie{member}
	for _, t := range b.Ties {
		if t = t.Normal(); t.ID != member.ID && (t.ID == "" || t.ID == graph.TieID(t)) {
			kept = append(kept, t)
		}
	}
	b.Ties = kept
	return b, member
}

// forgetMoved takes away the mark of a database that has had ties which moved.
func forgetMoved(t *testing.T) {
	t.Helper()
	admin(t, shared, "MATCH (m:EntangleMeta) SET m.movedTies = null", nil)
}

// TestForeignMovedTie: another application writes a tie under an id that a tie of another type
// derives. Who loads that tie after it was seen changes it, and makes no second one of the id.
func TestForeignMovedTie(t *testing.T) {
	b, member := unmoved()
	b.Ties = b.Ties[1:]
	s := open(t)
	forgetMoved(t)
	apply(t, s, b)
	admin(t, shared, "MATCH (p {id: $from}), (g {id: $to}) CREATE (p)-[:LOYAL_TO {id: $id, confidence: 0.5}]->(g)",
		map[string]any{"from": string(member.From), "to": string(member.To), "id": string(member.ID)})
	if _, err := mustView(t, s, graph.Red).Counts(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := apply(t, s, graph.Batch{Ties: []graph.Tie{member}}); a.TiesUpdated != 1 || a.TiesCreated != 0 {
		t.Errorf("applied %+v, want one tie updated", a)
	}
	counts, err := mustView(t, s, graph.Red).Counts(t.Context())
	if _, ties := counts.Total(); err != nil || ties != len(b.Ties)+1 {
		t.Errorf("%d ties, %v; want %d", ties, err, len(b.Ties)+1)
	}
}
