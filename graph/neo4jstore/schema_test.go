package neo4jstore_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/storetest"
)

// guarded is a log that is read while it is written.
type guarded struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (g *guarded) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.text.Write(b)
}

func (g *guarded) String() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.text.String()
}

// objects lists the constraints and indexes of the store that are in order.
func objects(t *testing.T) (names []string) {
	t.Helper()
	for _, row := range admin(t, shared, "SHOW INDEXES YIELD name, state, owningConstraint WHERE name STARTS WITH 'entangle_' AND state = 'ONLINE' RETURN name, owningConstraint ORDER BY name", nil) {
		names = append(names, fmt.Sprint(row.Values[0], " ", row.Values[1] != nil))
	}
	return names
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// drop sends a statement again while a store that makes things anew is in its way.
func drop(t *testing.T, statement string) {
	t.Helper()
	eventually(t, statement, func() bool {
		_, err := adminTry(t.Context(), shared, statement, nil)
		if err != nil && !neo4j.IsRetryable(err) {
			t.Fatal(err)
		}
		return err == nil
	})
}

// drops are a constraint of each sort and an index of each sort.
var drops = []string{
	"DROP CONSTRAINT entangle_entity", "DROP CONSTRAINT entangle_id_Person", "DROP CONSTRAINT entangle_tie_HOLDS", "DROP INDEX entangle_aliases",
	"DROP INDEX entangle_names", "DROP INDEX entangle_key_Group", "DROP INDEX entangle_name_Post", "DROP INDEX entangle_source_marking",
}

// TestDroppedSchema: what somebody drops of the constraints and indexes is made anew by an
// open store, by the next that is opened, and the log tells the statements.
func TestDroppedSchema(t *testing.T) {
	for name, again := range map[string]func(t *testing.T, c neo4jstore.Config, s graph.Store){
		"while it is open": func(*testing.T, neo4jstore.Config, graph.Store) {},
		"by the next": func(t *testing.T, c neo4jstore.Config, s graph.Store) {
			t.Helper()
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			other, err := neo4jstore.Open(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = other.Close() })
		},
	} {
		t.Run(name, func(t *testing.T) {
			var log guarded
			var config neo4jstore.Config
			s := open(t, func(c *neo4jstore.Config) {
				c.Log = slog.New(slog.NewTextHandler(&log, nil))
				if c.WatchInterval = 100 * time.Millisecond; name == "by the next" {
					c.WatchInterval = time.Hour
				}
				config = *c
			})
			apply(t, s, storetest.Fixture())
			whole := objects(t)
			for _, d := range drops {
				drop(t, d)
			}
			again(t, config, s)
			eventually(t, "all is there again", func() bool { return slices.Equal(whole, objects(t)) })
			for _, part := range []string{"made anew", "FOR (n:Entity) REQUIRE n.id IS UNIQUE", "CREATE FULLTEXT INDEX entangle_aliases", "CREATE RANGE INDEX entangle_name_Post"} {
				eventually(t, "the log tells "+part, func() bool { return strings.Contains(log.String(), part) })
			}
		})
	}
}

// TestReadsWithoutIndexes: whatever is dropped, a look-up answers as before, or says in words of
// its own that the database has to be asked again.
func TestReadsWithoutIndexes(t *testing.T) {
	s := open(t, func(c *neo4jstore.Config) { c.WatchInterval = time.Hour })
	apply(t, s, storetest.Fixture())
	for _, d := range drops {
		admin(t, shared, d, nil)
	}
	defer opened(t, false) // makes them anew
	v := mustView(t, s, graph.Clear)
	for _, call := range calls(t.Context(), v) {
		if err := call.run(); err != nil {
			t.Errorf("%s: %v", call.name, err)
		}
	}
	if refs, err := v.Resolve(t.Context(), []string{"registry:17"}); err != nil || len(refs) != 1 {
		t.Errorf("an alias leads to %v, %v", refs, err)
	}
}

// TestForbiddenSchema: where strangers' nodes have one id twice, the ids of their kind cannot be
// unique. The store is opened all the same, tells why and by which statement, and makes the
// constraint when that is mended.
func TestForbiddenSchema(t *testing.T) {
	s := open(t)
	apply(t, s, storetest.Fixture())
	_ = s.Close()
	admin(t, shared, "DROP CONSTRAINT entangle_id_Post", nil)
	admin(t, shared, "DROP INDEX entangle_name_Event", nil)
	admin(t, shared, "CREATE (:Post {id: 'twin'}), (:Post {id: 'twin'}), (:Event {name: reduce(s = 'x', i IN range(1, 14) | s + s)})", nil)
	c := shared
	c.WatchInterval = 100 * time.Millisecond
	s, err := neo4jstore.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	told := map[string]string{}
	for _, d := range s.Drift() {
		told[d.Name] = d.String()
	}
	if len(told) != 2 || !strings.Contains(told["entangle_id_Post"], "'twin'") || !strings.Contains(told["entangle_id_Post"], "CREATE CONSTRAINT entangle_id_Post") ||
		!strings.Contains(told["entangle_name_Event"], "CREATE RANGE INDEX entangle_name_Event") {
		t.Errorf("drift: %q", told)
	}
	if lacks := s.Lacks(); len(lacks) != 2 || strings.Contains(strings.Join(lacks, ""), "twin") {
		t.Errorf("lacks %q", lacks)
	}
	if nodes, err := mustView(t, s, graph.Clear).NodesByID(t.Context(), []graph.ID{"p-adan"}); err != nil || len(nodes) != 1 {
		t.Errorf("%v %v", nodes, err)
	}
	admin(t, shared, "MATCH (n) WHERE n.id = 'twin' OR n:Event AND n.id IS NULL DELETE n", nil)
	eventually(t, "both are made", func() bool { return len(s.Drift()) == 0 })
	if got := objects(t); !slices.Contains(got, "entangle_id_Post true") || !slices.Contains(got, "entangle_name_Event false") {
		t.Errorf("%q", got)
	}
}

// layoutTwo makes the shared database look as the layout before left it, for some kinds and
// types.
func layoutTwo(t *testing.T) {
	t.Helper()
	for _, typ := range []string{"HOLDS", "MEMBER_OF"} {
		admin(t, shared, "DROP CONSTRAINT entangle_tie_"+typ+" IF EXISTS", nil)
		admin(t, shared, "CREATE RANGE INDEX entangle_tie_"+typ+" IF NOT EXISTS FOR ()-[r:"+typ+"]-() ON (r.id)", nil)
	}
	for _, kind := range []string{"Person", "Group"} {
		admin(t, shared, "DROP CONSTRAINT entangle_id_"+kind+" IF EXISTS", nil)
		admin(t, shared, "DROP INDEX entangle_name_"+kind+" IF EXISTS", nil)
	}
	admin(t, shared, "DROP INDEX entangle_past IF EXISTS", nil)
	admin(t, shared, "MATCH (m:EntangleMeta) SET m.schema = 2 REMOVE m.folding", nil)
}

// ids are those of the ties that a store serves, sorted.
func tieIDs(t *testing.T, s graph.Store) (ids []graph.ID) {
	t.Helper()
	list, err := collect(mustView(t, s, graph.Red).Ties(t.Context(), graph.TieQuery{Where: graph.TieWhere{Statuses: []graph.Status{graph.Accepted, graph.Conflict, graph.Rejected}}}))
	if err != nil {
		t.Fatal(err)
	}
	for _, tie := range list {
		ids = append(ids, tie.ID)
	}
	return ids
}

// TestDoublesAreSetApart: relationships that were copied with all they have were served twice.
// The step to the third layout serves each once; a copy between other nodes is a claim of its
// own. Then the database refuses further copies.
func TestDoublesAreSetApart(t *testing.T) {
	s := open(t)
	apply(t, s, storetest.Fixture())
	whole := tieIDs(t, s)
	_ = s.Close()
	layoutTwo(t)
	admin(t, shared, `MATCH (a:Person)-[r:MEMBER_OF]->(b:Group) CREATE (a)-[r2:MEMBER_OF]->(b) SET r2 = properties(r)`, nil)
	admin(t, shared, `MATCH (a:Person)-[r:HOLDS]->(b:Post) CREATE (a)-[r2:HOLDS]->(b) SET r2 = properties(r) CREATE (a)-[r3:HOLDS]->(b) SET r3 = properties(r)`, nil)
	admin(t, shared, `MATCH (a:Person {id: 'p-adan'})-[r:MEMBER_OF]->(), (salt:Group {id: 'g-salt'}) WITH a, r, salt LIMIT 1 CREATE (a)-[r2:MEMBER_OF]->(salt) SET r2 = properties(r)`, nil)
	s, err := neo4jstore.Open(t.Context(), shared)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got := tieIDs(t, s)
	if len(got) != len(whole)+1 || len(slices.Compact(slices.Clone(got))) != len(got) {
		t.Errorf("%d ties, want the %d and one copy:\n%s", len(got), len(whole), cmp.Diff(whole, got))
	}
	for _, id := range whole {
		if !slices.Contains(got, id) {
			t.Errorf("%s is not served", id)
		}
	}
	problems, err := s.Problems(t.Context(), graph.ProblemQuery{})
	if err != nil || len(problems.Page) == 0 || slices.ContainsFunc(problems.Page, func(p graph.Problem) bool { return !strings.Contains(p.Reason, "another relationship has the id") }) {
		t.Errorf("problems %v, %v", problems, err)
	}
	_, err = adminTry(t.Context(), shared, `MATCH (a:Person)-[r:MEMBER_OF]->(b:Group) WHERE r.id IS NOT NULL WITH a, r, b LIMIT 1 CREATE (a)-[r2:MEMBER_OF]->(b) SET r2 = properties(r)`, nil)
	if err == nil || !strings.Contains(err.Error(), "already exists") {
		t.Errorf("one more copy: %v", err)
	}
	if a := apply(t, s, storetest.Fixture()); a.Changed() {
		t.Errorf("the same load changed %+v", a)
	}
}

// TestInterruptedMigration: the steps to the newest layout are interrupted at each statement in
// turn, and the next to open the store takes what is left.
func TestInterruptedMigration(t *testing.T) {
	s := open(t)
	b := people(0, 40)
	apply(t, s, b)
	_ = s.Close()
	want := objects(t)
	back := func() {
		olderLayout(t, 0)
		layoutTwo(t)
		admin(t, shared, `MATCH (m:EntangleMeta) SET m.schema = 1, m.folding = 0`, nil)
		admin(t, shared, `MATCH (n:Entity) SET n._key = 'old ' + n._key, n._keys = 'old'`, nil)
		admin(t, shared, `MATCH (a:Person {id: 'p-1'})-[r:MEMBER_OF]->(g) WHERE r._double IS NULL WITH a, r, g LIMIT 1 CREATE (a)-[r2:MEMBER_OF]->(g) SET r2 = properties(r)`, nil)
	}
	for at, whole := 0, false; !whole; at += 1 + at/2 {
		back()
		ctx, cancel := context.WithCancel(t.Context())
		c, sent := shared, 0
		c.BatchSize = 7
		c.OnStatement = func(string, string) {
			if sent++; sent > at {
				cancel()
			}
		}
		if s, err := neo4jstore.Open(ctx, c); err == nil {
			whole = sent <= at
			_ = s.Close()
		}
		cancel()
		c.OnStatement = nil
		s, err := neo4jstore.Open(t.Context(), c)
		if err != nil {
			t.Fatalf("after %d statements: %v", at, err)
		}
		if got := objects(t); !slices.Equal(got, want) {
			t.Errorf("after %d statements (-want +got):\n%s", at, cmp.Diff(want, got))
		}
		hits, err := mustView(t, s, graph.Clear).Search(t.Context(), graph.SearchQuery{Text: "person number 7"})
		if err != nil || len(hits) == 0 || hits[0].Node != "p-7" {
			t.Errorf("after %d statements: %v, %v", at, hits, err)
		}
		if got := tieIDs(t, s); len(got) != len(b.Ties) {
			t.Errorf("after %d statements: %d ties, want %d", at, len(got), len(b.Ties))
		}
		rows := admin(t, shared, "MATCH (m:EntangleMeta) RETURN m.schema, m.folding, m.refolded", nil)
		if got := fmt.Sprint(rows[0].Values); got != "[5 1 <nil>]" {
			t.Errorf("after %d statements: the database says %s", at, got)
		}
		rows = admin(t, shared, "MATCH ()-[r]->() WHERE r._startEarliest IS :: INTEGER NOT NULL RETURN count(r)", nil)
		if rows[0].Values[0] != int64(0) {
			t.Errorf("after %d statements: %v ties have numbers of days", at, rows[0].Values[0])
		}
		_ = s.Close()
		admin(t, shared, "MATCH ()-[r]->() WHERE r._double IS NOT NULL DELETE r", nil)
	}
}

// TestFoldedAnew: names are folded anew where that was done in another way, a page at a time,
// and what was done before an interruption is not done again.
func TestFoldedAnew(t *testing.T) {
	s := open(t)
	apply(t, s, people(0, 40))
	_ = s.Close()
	admin(t, shared, "MATCH (m:EntangleMeta) SET m.folding = 0", nil)
	admin(t, shared, "MATCH (n:Entity) SET n._key = 'old ' + n._key, n._keys = 'old'", nil)
	pages := func(stop int) (sent int) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		c := shared
		c.BatchSize = 10
		c.OnStatement = func(name, _ string) {
			if name != "refold_nodes" {
				return
			}
			if sent++; sent == stop {
				cancel()
			}
		}
		if s, err := neo4jstore.Open(ctx, c); err == nil {
			_ = s.Close()
		}
		return sent
	}
	nodes, _ := admin(t, shared, "MATCH (n:Entity) RETURN count(n)", nil)[0].Values[0].(int64)
	all := int(nodes+9)/10 + 1 // the last is empty
	if first, second := pages(3), pages(-1); first != 3 || second != all-2 {
		t.Errorf("%d pages, then %d, want 3 of which two were done, then %d", first, second, all-2)
	}
	if rows := admin(t, shared, "MATCH (n:Entity) WHERE n._key STARTS WITH 'old' OR n._keys = 'old' RETURN count(n)", nil); rows[0].Values[0] != int64(0) {
		t.Errorf("%v nodes have the keys of before", rows[0].Values[0])
	}
}

// TestAdoptedInParts: what is adopted stays where the rest fails, here at a lock that somebody
// holds; nothing counts as settled that is not, and the next reading goes on.
func TestAdoptedInParts(t *testing.T) {
	s := open(t, func(c *neo4jstore.Config) {
		c.BatchSize, c.TxTimeout, c.RetryTime = 10, 2*time.Second, time.Millisecond
	})
	apply(t, s, storetest.Fixture())
	list := nodesOf(t, mustView(t, s, graph.Red), graph.NodeQuery{})
	admin(t, shared, "UNWIND range(1, 50) AS i CREATE (:Person {id: 'raw-' + i, name: 'Raw ' + i})", nil)
	err := inSession(t.Context(), shared, func(session neo4j.SessionWithContext) error {
		tx, err := session.BeginTransaction(t.Context())
		if err != nil {
			return err
		}
		if _, err := tx.Run(t.Context(), "MATCH (n:Person {id: 'raw-27'}) SET n.mood = 'good'", nil); err != nil {
			return err
		}
		for range 2 { // neither the first nor the second reading takes the rest for settled
			if err := s.Settle(t.Context()); err == nil {
				t.Error("settling did not fail")
			}
			rows := admin(t, shared, "MATCH (n:Person:Entity) WHERE n.id STARTS WITH 'raw-' RETURN count(n)", nil)
			if n, _ := rows[0].Values[0].(int64); n < 10 || n >= 50 {
				t.Errorf("%d nodes were adopted before", n)
			}
		}
		return tx.Rollback(t.Context())
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := nodesOf(t, mustView(t, s, graph.Red), graph.NodeQuery{}); len(got) != len(list)+50 {
		t.Errorf("%d nodes are served, want %d", len(got), len(list)+50)
	}
}

// TestEmptiedUnderReaders: a database that somebody emptied is initialised again by the next
// reading, and what comes then is served.
func TestEmptiedUnderReaders(t *testing.T) {
	s := open(t)
	apply(t, s, storetest.Fixture())
	admin(t, shared, "MATCH (n) DETACH DELETE n", nil)
	if got := nodesOf(t, mustView(t, s, graph.Red), graph.NodeQuery{}); len(got) != 0 {
		t.Errorf("an empty database serves %q", got)
	}
	if rows := admin(t, shared, "MATCH (m:EntangleMeta) RETURN m.schema", nil); len(rows) != 1 {
		t.Errorf("%d meta nodes", len(rows))
	}
	admin(t, shared, "CREATE (:Person {id: 'p-raw', name: 'Raw'})", nil)
	if got := nodesOf(t, mustView(t, s, graph.Red), graph.NodeQuery{}); !slices.Equal(got, []graph.ID{"p-raw"}) {
		t.Errorf("nodes %q", got)
	}
}
