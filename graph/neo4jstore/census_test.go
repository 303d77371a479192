package neo4jstore_test

import (
	"slices"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/neo4jstore"
)

// lookUps keeps the names of statements that look for what a batch brings.
func lookUps(sent []string) []string {
	return slices.DeleteFunc(sent, func(name string) bool { return !strings.HasPrefix(name, "stored_") })
}

// twice counts ids that two nodes or two ties have.
func twice(t *testing.T) int64 {
	t.Helper()
	nodes := admin(t, shared, "MATCH (n:Entity) RETURN count(n) - count(DISTINCT n.id)", nil)
	ties := admin(t, shared, "MATCH (:Entity)-[r]->(:Entity) RETURN count(r) - count(DISTINCT r.id)", nil)
	return nodes[0].Values[0].(int64) + ties[0].Values[0].(int64)
}

// TestNewIsNotLookedUp: from an empty database on, ids that the store has not
// written are new as long as nobody else commits.
func TestNewIsNotLookedUp(t *testing.T) {
	var rec recorder
	s := open(t, rec.on)
	if _, err := s.Version(t.Context()); err != nil {
		t.Fatal(err)
	}
	rec.since()
	apply(t, s, people(0, 50))
	if sent := lookUps(rec.since()); len(sent) > 0 {
		t.Errorf("into an empty database: looked up by %q", sent)
	}
	// The groups are known, the people new.
	if a := apply(t, s, people(50, 50)); a.NodesCreated != 50 || a.NodesSame != 100 || a.TiesCreated != 50 {
		t.Errorf("%+v", a)
	}
	if sent := lookUps(rec.since()); !slices.Equal(sent, []string{"stored_nodes"}) {
		t.Errorf("known groups, new people: looked up by %q", sent)
	}
	if a := apply(t, s, people(0, 100)); a.Changed() || a.TiesSame != 100 {
		t.Errorf("again: %+v", a)
	}
	v := mustView(t, s, graph.Clear)
	rec.since()
	if found, err := v.NodesByID(t.Context(), []graph.ID{"nobody"}); err != nil || len(found) > 0 {
		t.Error(found, err)
	}
	if sent := rec.since(); len(sent) > 0 {
		t.Errorf("for a node that cannot be there: sent %q", sent)
	}

	// Somebody else brings a person and a tie of the next batch.
	next := people(100, 10)
	tie := next.Ties[3].Normal()
	admin(t, shared, "CREATE (:Entity:Person {id: $id, name: 'Raw', born: '1970'}) WITH * MATCH (a:Entity {id: $other}), (g:Entity {id: 'group-1'}) CREATE (a)-[:MEMBER_OF {id: $tie, confidence: 0.5}]->(g)",
		map[string]any{"id": string(next.Nodes[101].ID), "other": "p-1", "tie": string(tie.ID)})
	rec.since()
	if a := apply(t, s, next); a.NodesUpdated != 1 || a.NodesCreated != 9 || a.TiesUpdated != 1 || a.TiesCreated != 9 {
		t.Errorf("after another's commit: %+v", a)
	}
	if sent := lookUps(rec.since()); !slices.Contains(sent, "stored_kinds") && !slices.Contains(sent, "stored_nodes") {
		t.Errorf("after another's commit: looked up by %q", sent)
	}
	if n := twice(t); n != 0 {
		t.Errorf("%d are there twice", n)
	}
}

// TestCensusOfWhatIsThere: a store that comes to a database with content soon knows
// its ids.
func TestCensusOfWhatIsThere(t *testing.T) {
	apply(t, open(t), people(0, 400))
	var rec recorder
	c := shared
	rec.on(&c)
	s, err := neo4jstore.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	apply(t, s, people(390, 20)) // the first half is there
	if sent := rec.since(); !slices.Contains(sent, "stored_ties") || !slices.Contains(sent, "census_ties") {
		t.Errorf("at first: sent %q", sent)
	}
	if a := apply(t, s, people(400, 20)); a.NodesCreated != 10 || a.NodesSame != 110 || a.TiesCreated != 10 || a.TiesSame != 10 {
		t.Errorf("%+v", a)
	}
	rec.since()
	if a := apply(t, s, people(500, 20)); a.NodesCreated != 20 || a.TiesCreated != 20 {
		t.Errorf("%+v", a)
	}
	if sent := lookUps(rec.since()); !slices.Equal(sent, []string{"stored_nodes"}) {
		t.Errorf("then: looked up by %q", sent)
	}
	if n := twice(t); n != 0 {
		t.Errorf("%d are there twice", n)
	}
}

// TestCommitInTheMiddle: somebody else commits while a batch is written of which
// nothing was looked up; the batch is begun anew.
func TestCommitInTheMiddle(t *testing.T) {
	var rec recorder
	var meanwhile func()
	s := open(t, rec.on, func(c *neo4jstore.Config) {
		recorded := c.OnStatement
		c.OnStatement = func(name, text string) {
			recorded(name, text)
			if do := meanwhile; name == "create_nodes" && do != nil {
				meanwhile = nil
				do()
			}
		}
	})
	apply(t, s, people(0, 10))
	next := people(10, 10)
	tie := next.Ties[0].Normal()
	meanwhile = func() {
		admin(t, shared, "MATCH (a:Entity {id: 'p-1'}), (g:Entity {id: 'group-1'}) CREATE (a)-[:MEMBER_OF {id: $tie, confidence: 0.5}]->(g)", map[string]any{"tie": string(tie.ID)})
	}
	rec.since()
	if a := apply(t, s, next); a.NodesCreated != 10 || a.TiesUpdated != 1 || a.TiesCreated != 9 {
		t.Errorf("%+v", a)
	}
	sent := rec.since()
	if !slices.Contains(sent, "stored_ties") {
		t.Errorf("sent %q", sent)
	}
	if n := twice(t); n != 0 {
		t.Errorf("%d are there twice", n)
	}
	if counts, err := mustView(t, s, graph.Clear).Counts(t.Context()); err != nil || counts.Ties[graph.MemberOf] != 20 {
		t.Errorf("%v %v", counts, err)
	}
}
