package neo4jstore_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/storetest"
)

// recorder collects the statements that a store sends.
type recorder struct {
	mu    sync.Mutex
	names []string
	texts map[string]string
}

func (r *recorder) on(c *neo4jstore.Config) {
	if r.texts == nil {
		r.texts = map[string]string{}
	}
	c.OnStatement = func(name, text string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.names = append(r.names, name)
		r.texts[name] = text
	}
}

// since returns the names of the statements sent since the last call.
func (r *recorder) since() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	names := r.names
	r.names = nil
	return names
}

// fragments are files that are part of other statements.
var fragments = []string{"bounds_fit", "hop"}

// TestStatements sends every statement there is and looks at the plans of the
// look-ups: each begins at an index, none reads all nodes.
func TestStatements(t *testing.T) {
	var rec recorder
	migrateAnew(t, &rec)
	admin(t, shared, "MATCH (m:EntangleMeta) SET m.movedTies = null", nil)
	s := open(t, rec.on)
	b := storetest.Fixture()
	apply(t, s, b)
	// Enough that a scan would cost more than an index.
	for i := range 3 {
		apply(t, s, people(i*1000, 1000))
	}
	moved := b.Ties[0].Normal()
	moved.From, moved.To = moved.To, "i-abroad"
	changed := b.Nodes[4]
	changed.Names = longNames()
	note := b.Ties[1].Normal()
	note.Note = "seen"
	apply(t, s, graph.Batch{Nodes: []graph.Node{changed}, Ties: []graph.Tie{moved, note}})
	// A load that is said another thing of beside what few see, whose carriers are looked for.
	hidden := graph.Node{ID: "p-few", Kind: graph.Person, Names: []graph.Name{{Text: "Few"}}, Marking: graph.Red}
	apply(t, s, graph.Batch{Load: graph.Load{ID: b.Load.ID, Dataset: "said anew"}, Nodes: []graph.Node{hidden}})
	// Somebody else's node, whose id has to be looked for among ours.
	admin(t, shared, "CREATE (:Person {id: 'p-raw', name: 'Raw'})", nil)
	note.Note = "seen again"
	apply(t, s, graph.Batch{Ties: []graph.Tie{note}})
	readEverything(t, s)
	apply(t, s, people(3000, 300)) // enough looked up to count what is there
	if _, err := collect(mustView(t, s, graph.Clear).Ties(t.Context(), graph.TieQuery{Types: []graph.TieType{graph.MemberOf}, Limit: 50})); err != nil {
		t.Error(err)
	}

	meetOthers(t, s, rec.on)
	if err := s.WriteRun(t.Context(), graph.Run{Name: "one", Of: mustVersion(t, s)}, []graph.Mark{{Node: "p-7", P: 0.5}}); err != nil {
		t.Error(err)
	}
	if _, err := s.Runs(t.Context()); err != nil {
		t.Error(err)
	}
	files, err := filepath.Glob("cypher/*.cypher")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	sent := rec.since()
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".cypher")
		if !slices.Contains(sent, name) && !slices.Contains(fragments, name) {
			t.Errorf("%s was not sent", file)
		}
	}
	for name, want := range map[string]string{
		"look_up": "NodeUniqueIndexSeek", "ties_by_id": "RelationshipUniqueIndexSeek", "stored_nodes": "NodeUniqueIndexSeek", "stored_kinds": "NodeUniqueIndexSeek",
		"stored_ties": "RelationshipUniqueIndexSeek", "count_adjacent": "NodeUniqueIndexSeek", "count_ties": "RelationshipUniqueIndexSeekByRange", "search": "NodeIndexContainsScan",
		"ties": "RelationshipUniqueIndexSeekByRange", "create_ties": "NodeUniqueIndexSeek", "create_ties_at": "NodeByIdSeek", "update_nodes": "NodeByElementIdSeek", "write_marks": "NodeUniqueIndexSeek", "update_ties": "RelationshipByElementIdSeek",
	} {
		if rec.texts[name] == "" {
			t.Errorf("%s was not sent", name)
			continue
		}
		if got := plan(t, rec.texts[name]); !strings.Contains(got, want) || strings.Contains(got, "AllNodesScan") {
			t.Errorf("%s: no %s, or a scan of all nodes:\n%s", name, want, got)
		}
	}
}

// meetOthers asks for what others have written before it is taken in, and then has it taken in
// beside readers.
func meetOthers(t *testing.T, s graph.Store, on func(*neo4jstore.Config)) {
	t.Helper()
	admin(t, shared, "MATCH (g:Group {id: 'group-1'}) CREATE (p:Person {id: 'p-late', name: 'Late'})-[:MEMBER_OF {confidence: 1.0}]->(g)", nil)
	v := unsettled(t, s, graph.Clear)
	hop := graph.Cond{Op: graph.None, Hop: &graph.Hop{Type: graph.Holds, Dir: graph.Out}}
	pages, err := v.Adjacent(t.Context(), graph.AdjacentQuery{Nodes: []graph.ID{"group-1", "p-late"}, Type: graph.MemberOf, Dir: graph.Back, Far: hop, Limit: 5})
	if err != nil || len(pages["group-1"].Ties) == 0 {
		t.Errorf("%v, %v", pages, err)
	}
	c := shared
	c.Sweep = time.Hour
	on(&c)
	beside, err := neo4jstore.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	until(t, "the late person is found", func() bool { return len(hits(t, beside, "late")) == 1 })
	until(t, "a first sweep has ended", func() bool { return !beside.Adoption().Swept.IsZero() })
	admin(t, shared, "MATCH (p:Person {id: 'p-1'}), (g:Group {id: 'group-1'}) CREATE (p)-[:MEMBER_OF {confidence: 0.125}]->(g)", nil)
	until(t, "a tie of others is taken in", func() bool {
		n, err := unsettled(t, beside, graph.Clear).CountTies(t.Context(), graph.TieQuery{Where: graph.TieWhere{Cond: graph.Cond{Op: graph.Eq, Field: "confidence", Values: []string{"0.125"}}}})
		return err == nil && n == 1
	})
}

// migrateAnew opens a database of an older layout, without constraints and indexes, in which a
// relationship was copied.
func migrateAnew(t *testing.T, rec *recorder) {
	t.Helper()
	s := open(t)
	apply(t, s, people(0, 3))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, row := range admin(t, shared, "SHOW INDEXES YIELD name, owningConstraint WHERE name STARTS WITH 'entangle_' RETURN name, owningConstraint IS NOT NULL", nil) {
		what := "INDEX"
		if row.Values[1] == true {
			what = "CONSTRAINT"
		}
		admin(t, shared, fmt.Sprint("DROP ", what, " ", row.Values[0]), nil)
	}
	admin(t, shared, "CREATE RANGE INDEX entangle_tie_MEMBER_OF FOR ()-[r:MEMBER_OF]-() ON (r.id)", nil)
	admin(t, shared, "CREATE CONSTRAINT entangle_key_Group FOR (n:Group) REQUIRE n._key IS UNIQUE", nil)
	admin(t, shared, "MATCH (a:Person)-[r:MEMBER_OF]->(b) WITH a, r, b LIMIT 1 CREATE (a)-[r2:MEMBER_OF]->(b) SET r2 = properties(r)", nil)
	admin(t, shared, "MATCH (m:EntangleMeta) SET m.schema = 1, m.folding = 0", nil)
	c := shared
	rec.on(&c)
	s, err := neo4jstore.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// longNames are so many names that they have no place in the index together.
func longNames() []graph.Name {
	names := make([]graph.Name, 16)
	for i := range names {
		names[i] = graph.Name{Text: fmt.Sprint("long name ", i, strings.Repeat(" name", 700)), Kind: graph.AliasName}
	}
	names[0].Kind = graph.PrimaryName
	return names
}

// plan returns a statement's plan as the server draws it.
func plan(t *testing.T, text string) (drawn string) {
	t.Helper()
	err := inSession(t.Context(), shared, func(session neo4j.SessionWithContext) error {
		result, err := session.Run(t.Context(), "EXPLAIN "+text, nil)
		if err != nil {
			return err
		}
		summary, err := result.Consume(t.Context())
		if err == nil {
			drawn = fmt.Sprint(summary.Plan().Arguments()["string-representation"])
		}
		return err
	})
	if err != nil {
		t.Fatalf("EXPLAIN %s: %v", text, err)
	}
	return drawn
}

func readEverything(t *testing.T, s graph.Store) {
	t.Helper()
	v := mustView(t, s, graph.Clear)
	for _, call := range calls(t.Context(), v) {
		if err := call.run(); err != nil {
			t.Errorf("%s: %v", call.name, err)
		}
	}
}

type call struct {
	name string
	run  func() error
}

func calls(ctx context.Context, v graph.Reader) []call {
	many := []graph.ID{"g-reed", "g-salt", "g-dune", "i-harbour", "p-1", "p-2"}
	cond := graph.Cond{Op: graph.Some, Hop: &graph.Hop{Type: graph.MemberOf, Far: graph.Cond{Op: graph.Matches, Field: "name", Values: []string{"reed"}}}}
	all := graph.AdjacentQuery{Nodes: many, Type: graph.MemberOf, Dir: graph.Back, Limit: 50}
	return []call{
		{"NodesByID", func() error { _, err := v.NodesByID(ctx, many); return err }},
		{"TiesByID", func() error { _, err := v.TiesByID(ctx, []graph.ID{"a", "b"}); return err }},
		{"Resolve", func() error { _, err := v.Resolve(ctx, []string{"registry:17", "g-reed"}); return err }},
		{"Nodes", func() error {
			_, err := collect(v.Nodes(ctx, graph.NodeQuery{Kinds: []graph.Kind{graph.Person}, Where: cond, Order: graph.OrderName, Limit: 50}))
			return err
		}},
		{"CountNodes", func() error { _, err := v.CountNodes(ctx, graph.NodeQuery{Where: cond}); return err }},
		{"Ties", func() error { _, err := collect(v.Ties(ctx, graph.TieQuery{Limit: 50})); return err }},
		{"CountTies", func() error {
			_, err := v.CountTies(ctx, graph.TieQuery{Types: []graph.TieType{graph.MemberOf}})
			return err
		}},
		{"Adjacent", func() error { _, err := v.Adjacent(ctx, all); return err }},
		{"CountAdjacent", func() error { _, err := v.CountAdjacent(ctx, all); return err }},
		{"Search", func() error { _, err := v.Search(ctx, graph.SearchQuery{Text: "reed front"}); return err }},
		{"Counts", func() error { _, err := v.Counts(ctx); return err }},
		{"Loads", func() error { _, err := v.Loads(ctx); return err }},
	}
}

// TestOneStatement: a call of a reader is one statement, however many nodes it
// asks about; so is a page of a list. Ids that nobody has are looked up among what is not
// taken in too.
func TestOneStatement(t *testing.T) {
	var rec recorder
	s := open(t, rec.on)
	apply(t, s, storetest.Fixture())
	v := mustView(t, s, graph.Green)
	rec.since()
	for _, call := range calls(t.Context(), v) {
		if err := call.run(); err != nil {
			t.Errorf("%s: %v", call.name, err)
		}
		sent := slices.DeleteFunc(rec.since(), func(name string) bool { return name == "strays" })
		if len(sent) != 1 {
			t.Errorf("%s sent %q, want one statement", call.name, sent)
		}
	}
	// Of settled data a view and a version ask where the database stands; the first
	// view of a clearance also which sources it hides.
	for _, want := range [][]string{{"tip", "hidden_sources"}, {"tip"}} {
		_ = unsettled(t, s, graph.Clear)
		if sent := rec.since(); !slices.Equal(sent, want) {
			t.Errorf("a view sent %q, want %q", sent, want)
		}
	}
	if _, err := s.Version(t.Context()); err != nil {
		t.Error(err)
	}
	if sent := rec.since(); !slices.Equal(sent, []string{"tip"}) {
		t.Errorf("a version sent %q", sent)
	}
}

// TestStatementsAreFixed: no statement is made of anything but its file.
func TestStatementsAreFixed(t *testing.T) {
	var rec recorder
	s := open(t, rec.on)
	apply(t, s, storetest.Fixture())
	v := mustView(t, s, graph.Clear)
	const hostile = "x') DETACH DELETE n //`"
	for _, q := range []graph.NodeQuery{
		{Where: graph.Cond{Op: graph.Eq, Field: "name", Values: []string{hostile}}},
		{Where: graph.Cond{Op: graph.Contains, Field: "summary", Values: []string{hostile}}},
		{After: &graph.NodeCursor{Key: hostile, ID: hostile}, Order: graph.OrderName},
	} {
		if _, err := collect(v.Nodes(t.Context(), q)); err != nil {
			t.Error(err)
		}
	}
	for name, text := range rec.texts {
		if strings.Contains(text, "DETACH") {
			t.Errorf("%s: a value got into the text: %s", name, text)
		}
		if raw, err := os.ReadFile("cypher/" + name + ".cypher"); err != nil || len(raw) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
