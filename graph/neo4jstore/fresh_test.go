package neo4jstore_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/storecopy"
	"entangle/graph/storetest"
)

// unsettled opens a view of a store that has taken nothing in.
func unsettled(tb testing.TB, s graph.Store, clearance graph.Marking) graph.View {
	tb.Helper()
	v, err := s.View(tb.Context(), clearance)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = v.Close() })
	return v
}

// stranger is a change that others make by Cypher.
type stranger struct {
	name, cypher string
	// spoils: it makes a node that was served one that is not. Ties are counted, and looked up by
	// id, without a look at the nodes at their ends.
	spoils bool
}

// strangers are changes of every kind to the fixture. Each can be made after any other.
var strangers = []stranger{
	{"a new person", `MERGE (:Person {id: 'p-new', name: 'New'})`, false},
	{"a new person without a name", `MERGE (:Person {id: 'p-none'})`, false},
	{"a hidden person", `MERGE (p:Person {id: 'p-hidden', name: 'Hidden'}) SET p.marking = 'RED'`, false},
	{"a new membership", `MATCH (p:Person {id: 'p-mira'}), (g:Group {id: 'g-reed'}) CREATE (p)-[:MEMBER_OF {start: '2012', confidence: 0.5}]->(g)`, false},
	{"a membership of a new person", `MATCH (g:Group {id: 'g-reed'}) MERGE (p:Person {id: 'p-late', name: 'Late'}) CREATE (p)-[:MEMBER_OF {id: randomUUID(), confidence: 1.0, start: '2010-01-01'}]->(g)`, false},
	{"a membership that ends before it starts", `MATCH (p:Person {id: 'p-mira'}), (g:Group {id: 'g-reed'}) CREATE (p)-[:MEMBER_OF {start: '2012', end: '2011', confidence: 1.0}]->(g)`, false},
	{"a tie between the wrong kinds", `MATCH (a:Group {id: 'g-reed'}), (b:Person {id: 'p-adan'}) CREATE (a)-[:MEMBER_OF {confidence: 1.0}]->(b)`, false},
	{"a tie to a stranger's node", `MATCH (p:Person {id: 'p-mira'}) CREATE (p)-[:MEMBER_OF {confidence: 1.0}]->(:Ship {id: 'ship', name: 'Nobody'})`, false},
	{"another start", `MATCH (:Person)-[r:HOLDS]->() SET r.start = '2001-02-03'`, false},
	{"a start that is no date", `MATCH (:Person {id: 'p-mira'})-[r:HOLDS]->() SET r.start = 'soon'`, false},
	{"an end", `MATCH (:Person)-[r:MEMBER_OF]->() WHERE r.end IS NULL SET r.end = '2015'`, false},
	{"a forged bound", `MATCH ()-[r:HOLDS]->() SET r._startEarliest = date('1999-01-01')`, false},
	{"no stamp", `MATCH ()-[r:MEMBER_OF]->() REMOVE r._startEarliest`, false},
	{"less confidence", `MATCH (:Person)-[r:MEMBER_OF]->() SET r.confidence = 0.25`, false},
	{"a confidence of 7", `MATCH (:Person {id: 'p-adan'})-[r:MEMBER_OF]->() SET r.confidence = 7`, false},
	{"a marking", `MATCH (:Person {id: 'p-mira'})-[r:HOLDS]->() SET r.marking = 'AMBER'`, false},
	{"a copy", `MATCH (a:Person)-[r:MEMBER_OF]->(b) WITH a, r, b LIMIT 1 CREATE (a)-[c:MEMBER_OF]->(b) SET c = r {.*, id: null}`, false},
	{"another kind", `MATCH (p:Person {id: 'p-adan'}) REMOVE p:Person SET p:Group`, false},
	{"a lost kind", `MATCH (p:Person {id: 'p-mira'}) REMOVE p:Person`, false},
	{"two kinds", `MATCH (p:Person {id: 'p-new'}) SET p:Group`, false},
	{"another name", `MATCH (p:Person {id: 'p-mira'}) SET p.name = 'Somebody'`, false},
	{"a name of another type", `MATCH (p:Person {id: 'p-adan'}) SET p.name = 5`, true},
	{"a deleted person", `MATCH (p:Person {id: 'p-mira'}) DETACH DELETE p`, false},
	{"a deleted source", `MATCH (s:Source) WITH s ORDER BY s.id LIMIT 1 DETACH DELETE s`, false},
	{"a deleted tie", `MATCH ()-[r:HOLDS]->() WITH r LIMIT 1 DELETE r`, false},
}

// fresh is what look-ups by id and steps along ties answer.
func fresh(t *testing.T, v graph.Reader, ids, ties []graph.ID) map[string]any {
	t.Helper()
	out := map[string]any{}
	keep := func(what string, value any, err error) {
		if err != nil {
			t.Fatal(what, err)
		}
		out[what] = value
	}
	nodes, err := v.NodesByID(t.Context(), ids)
	keep("nodes", nodes, err)
	ids = slices.Sorted(maps.Keys(nodes)) // whoever is there: nobody asks for ties of what is not
	found, err := v.TiesByID(t.Context(), ties)
	keep("ties", found, err)
	day := graph.AsOf{Day: graph.DayOf(2012, 6, 1)}
	for _, typ := range []graph.TieType{graph.MemberOf, graph.Holds, graph.PostIn} {
		for _, dir := range []graph.Dir{graph.Out, graph.Back} {
			for name, where := range map[string]graph.TieWhere{"all": {}, "on a day": {AsOf: &day}, "sure": {MinConfidence: 0.6}} {
				for _, limit := range []int{0, 1} {
					q := graph.AdjacentQuery{Nodes: ids, Type: typ, Dir: dir, Where: where, Limit: limit}
					pages, err := v.Adjacent(t.Context(), q)
					for id, p := range pages {
						p.Far = nil
						pages[id] = p
					}
					keep(fmt.Sprint("pages ", typ, dir, name, limit), pages, err)
				}
				counts, err := v.CountAdjacent(t.Context(), graph.AdjacentQuery{Nodes: ids, Type: typ, Dir: dir, Where: where})
				keep(fmt.Sprint("count ", typ, dir, name), counts, err)
			}
		}
	}
	return out
}

// foreignWrites draws what others do one after another.
var foreignWrites = rapid.Custom(func(t *rapid.T) []stranger {
	return rapid.SliceOfN(rapid.SampledFrom(strangers), 1, 4).Draw(t, "changes")
})

// foreignDraws is how many of them a run draws: few, or as many as the nightly run wants.
func foreignDraws(t *testing.T) int {
	t.Helper()
	text := os.Getenv("ENTANGLE_FOREIGN_DRAWS")
	if text == "" {
		return 6
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("ENTANGLE_FOREIGN_DRAWS=%s: a whole number above 0", text)
	}
	return n
}

// TestFreshIsSettled: what look-ups answer before anything of others' writes is taken in is
// what they answer afterwards, whatever others did, to every clearance; and what is served then
// is what a fresh copy of it serves.
func TestFreshIsSettled(t *testing.T) {
	s := open(t)
	for seed := range foreignDraws(t) {
		wipe(t, shared)
		apply(t, s, storetest.Fixture())
		settle(t, s)
		ids := nodesOf(t, unsettled(t, s, graph.Red), graph.NodeQuery{})
		ids = append(ids, "p-new", "p-late", "p-hidden", "p-none", "p-nobody")
		ties := tieIDs(t, s)
		spoilt := false
		var names []string
		for _, change := range foreignWrites.Example(seed) {
			names = append(names, change.name)
			spoilt = spoilt || change.spoils
			admin(t, shared, change.cypher, nil)
		}
		clearance := []graph.Marking{graph.Clear, graph.Amber, graph.Red}[seed%3]
		now := fresh(t, unsettled(t, s, clearance), ids, ties)
		settle(t, s)
		then := fresh(t, unsettled(t, s, clearance), ids, ties)
		for _, answers := range []map[string]any{now, then} {
			maps.DeleteFunc(answers, func(what string, _ any) bool {
				return spoilt && (strings.HasPrefix(what, "count") || what == "ties")
			})
		}
		if diff := cmp.Diff(then, now, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%d, %q, for %s: settled and as it was read (-+): %s", seed, names, clearance, diff)
		}
		if _, err := storecopy.Copy(t.Context(), s, embedded(t), storecopy.Options{}); err != nil {
			t.Fatalf("%d, %q: %v", seed, names, err)
		}
	}
}

// TestReadsDoNotWait: a transaction of others that holds locks for long keeps no reader
// waiting, and none of our writers longer than adoption is tried; what could not be taken in
// stays pending, and is taken in when the lock is gone.
func TestReadsDoNotWait(t *testing.T) {
	s := open(t, func(c *neo4jstore.Config) { c.Sweep = time.Hour })
	apply(t, s, storetest.Fixture())
	settle(t, s)
	writers := hold(t, `MATCH (m:EntangleMeta) SET m.mood = 'held'`, "RETURN 1") // until the other lock is there
	admin(t, shared, `CREATE (:Person {id: 'p-locked', name: 'Locked'})`, nil)
	other := hold(t, `MATCH (p:Person {id: 'p-locked'}) SET p.seen = true`, "RETURN 1")
	writers.release()
	began := time.Now()
	for range 5 {
		v := unsettled(t, s, graph.Clear)
		nodes, err := v.NodesByID(t.Context(), []graph.ID{"p-locked", "p-mira"})
		if err != nil || len(nodes) != 2 {
			t.Fatalf("nodes: %v, %v", nodes, err)
		}
		if err := s.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("readers waited %v", took)
	}
	if pending := s.Adoption().Pending; pending == 0 {
		t.Error("nothing is told to be pending")
	}
	other.release()
	until(t, "the person is found by name", func() bool { return len(hits(t, s, "locked")) == 1 })
	until(t, "nothing is pending", func() bool { return s.Adoption().Pending == 0 })
}

func hits(t *testing.T, s graph.Store, text string) []graph.Hit {
	t.Helper()
	list, err := unsettled(t, s, graph.Red).Search(t.Context(), graph.SearchQuery{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// until waits for what happens beside the test.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 1200 {
		if is() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("not within two minutes: %s", what)
}

// TestTakenInBeside: an open store takes in what others write without being asked: what counts
// show, what readers met, and what only a sweep finds.
func TestTakenInBeside(t *testing.T) {
	s := open(t, func(c *neo4jstore.Config) { c.Sweep = 2 * time.Second })
	apply(t, s, storetest.Fixture())
	admin(t, shared, `CREATE (:Person {id: 'p-counted', name: 'Counted'})`, nil)
	until(t, "a new person is found by name", func() bool { return len(hits(t, s, "counted")) == 1 })
	admin(t, shared, `MATCH (p:Person {id: 'p-counted'}), (g:Group {id: 'g-salt'}) CREATE (p)-[:MEMBER_OF {confidence: 0.125}]->(g)`, nil)
	until(t, "a new tie is counted", func() bool {
		unsure := graph.TieWhere{Cond: graph.Cond{Op: graph.Eq, Field: "confidence", Values: []string{"0.125"}}}
		n, err := unsettled(t, s, graph.Clear).CountTies(t.Context(), graph.TieQuery{Where: unsure})
		if err != nil {
			t.Fatal(err)
		}
		return n == 1
	})
	admin(t, shared, `MATCH (p:Person {id: 'p-counted'}) SET p.name = 'Renamed'`, nil)
	until(t, "a new name is found", func() bool { return len(hits(t, s, "renamed")) == 1 })
	admin(t, shared, `MATCH (p:Person {id: 'p-counted'}) DETACH DELETE p CREATE (:Person {id: 'p-balanced', name: 'Balanced'})`, nil)
	until(t, "what was created for what was deleted is found", func() bool { return len(hits(t, s, "balanced")) == 1 })
	until(t, "a sweep has ended", func() bool { return !s.Adoption().Swept.IsZero() })
}

// TestVersionsOfOthersCommits: a commit that a clearance cannot see leaves its version alone,
// and one that it can see moves it, also where nothing that is computed changes.
func TestVersionsOfOthersCommits(t *testing.T) {
	s := open(t)
	apply(t, s, storetest.Fixture())
	version := func(c graph.Marking) graph.Version { return unsettled(t, s, c).Version() }
	admin(t, shared, `CREATE (:Ship)`, nil)
	settle(t, s)
	low, high := version(graph.Clear), version(graph.Red)
	admin(t, shared, `CREATE (:Ship {name: 'unrelated'})`, nil)
	settle(t, s)
	if version(graph.Clear) != low || version(graph.Red) != high {
		t.Error("an unrelated commit moved a version")
	}
	admin(t, shared, `CREATE (:Person {id: 'p-hidden', name: 'Hidden', marking: 'RED'})`, nil)
	settle(t, s)
	if version(graph.Red) == high {
		t.Error("not so: the hidden person moves the version of who sees it")
	}
	settle(t, s)
	if version(graph.Clear) != low {
		t.Error("a hidden person moved the version of a low reader")
	}
	high = version(graph.Red)
	admin(t, shared, `MATCH (p:Person {id: 'p-hidden'}) SET p.note = 'x', p.gender = 'male'`, nil)
	settle(t, s)
	if version(graph.Red) == high {
		t.Error("not so: another gender moves the version of who sees it")
	}
	if version(graph.Clear) != low {
		t.Error("an edit of a hidden person moved the version of a low reader")
	}
	admin(t, shared, `MATCH (:Person {id: 'p-mira'})-[r]->() SET r.confidence = 0.11`, nil)
	settle(t, s)
	if version(graph.Clear) == low {
		t.Error("not so: another confidence moves the version")
	}
}

// try runs a statement of others from whatever goroutine.
func try(t *testing.T, statement string) {
	t.Helper()
	if _, err := adminTry(t.Context(), shared, statement, nil); err != nil {
		t.Errorf("%s: %v", statement, err)
	}
}

// TestNotSettledBeforeItIs: where taking in fails, what others wrote is not said to be there
// before it is, and the next time it is taken in.
func TestNotSettledBeforeItIs(t *testing.T) {
	for cause, fault := range map[string]func(t *testing.T) (mend func()){
		"a lock that somebody holds": func(t *testing.T) func() {
			t.Helper()
			return hold(t, `MATCH (p:Person {id: 'p-raw'}) SET p.seen = true`, "RETURN 1").release
		},
		"a transaction that the server ends": func(t *testing.T) func() {
			t.Helper()
			try(t, `SHOW TRANSACTIONS YIELD transactionId AS id, currentQuery AS query WHERE query CONTAINS 'elementId(n) = element' AND NOT query STARTS WITH 'SHOW' TERMINATE TRANSACTIONS id YIELD message RETURN message`)
			return func() {}
		},
		"a lost connection": func(t *testing.T) func() {
			t.Helper()
			try(t, `CALL dbms.listConnections() YIELD connectionId AS id, userAgent AS by WITH id, by WHERE by STARTS WITH 'faulty' WITH collect(id) AS ids CALL dbms.killConnections(ids) YIELD message RETURN message`)
			return func() {}
		},
		"a schema that is gone": func(t *testing.T) func() {
			t.Helper()
			try(t, `MATCH (m:EntangleMeta) DETACH DELETE m`)
			return func() {}
		},
	} {
		t.Run(cause, func(t *testing.T) {
			mend, armed := func() {}, false
			s := open(t, func(c *neo4jstore.Config) {
				c.UserAgent, c.TxTimeout = "faulty/1", time.Second
				c.OnStatement = func(name, _ string) {
					if armed && name == "update_nodes" { // within the transaction that adopts
						armed = false
						mend = fault(t)
					}
				}
			})
			apply(t, s, storetest.Fixture())
			admin(t, shared, `CREATE (:Person {id: 'p-raw', name: 'Raw'})`, nil)
			armed = true
			for try := 1; ; try++ {
				err := s.Settle(t.Context())
				if found := len(hits(t, s, "raw")) == 1; found {
					break
				}
				if err == nil {
					t.Fatal("settled, and not there")
				}
				t.Logf("attempt %d: %v", try, err)
				if mend(); try == 5 {
					t.Fatal("it is never taken in")
				}
			}
			if armed {
				t.Error("nothing failed")
			}
			mend()
		})
	}
}
