package neo4jstore_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/storetest"
)

func nodesOf(t *testing.T, v graph.Reader, q graph.NodeQuery) []graph.ID {
	t.Helper()
	list, err := collect(v.Nodes(t.Context(), q))
	if err != nil {
		t.Fatal(err)
	}
	ids := []graph.ID{}
	for _, n := range list {
		ids = append(ids, n.ID)
	}
	return ids
}

// TestForeignWrites: what others create and change by Cypher is served as if it
// had come in a batch, in the next view, with everything that look-ups need.
func TestForeignWrites(t *testing.T) {
	s := open(t)
	apply(t, s, storetest.Fixture())
	before := mustVersion(t, s)
	admin(t, shared, `
		MATCH (g:Group {id: 'g-reed'}), (adan:Person {id: 'p-adan'}), (mira:Person {id: 'p-mira'})-[post:HOLDS]->() WHERE post.start = '2003'
		CREATE (p:Person:Analyst {id: 'p-raw', name: 'Rāwī al-Kesh', otherNames: ['Old Raw'], born: '1971-05', aliases: ['raw:1'], mood: 'good'})
		CREATE (p)-[:MEMBER_OF {start: '2011', confidence: 1, hue: 'blue'}]->(g)
		CREATE (p)-[:KNOWS {id: 'x'}]->(adan), (:Ship {name: 'Nobody'})
		SET adan.name = 'Adan the Younger', adan.born = '1962', post.start = '2004'`, nil)
	if mustVersion(t, s) == before {
		t.Error("the version did not change")
	}
	v := mustView(t, s, graph.Red)
	raw, err := v.NodesByID(t.Context(), []graph.ID{"p-raw"})
	if err != nil {
		t.Fatal(err)
	}
	want := graph.Node{
		ID: "p-raw", Kind: graph.Person, Names: []graph.Name{{Text: "Rāwī al-Kesh", Kind: graph.PrimaryName}, {Text: "Old Raw"}},
		Props: graph.Props{"born": {"1971-05"}}, Aliases: []string{"raw:1"},
	}
	if diff := cmp.Diff(want, raw["p-raw"], cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("node (-want +got):\n%s", diff)
	}
	for text, id := range map[string]graph.ID{"rawi kesh": "p-raw", "old raw": "p-raw", "younger": "p-adan"} {
		if hits, err := v.Search(t.Context(), graph.SearchQuery{Text: text}); err != nil || len(hits) != 1 || hits[0].Node != id {
			t.Errorf("search %q: %v, %v", text, hits, err)
		}
	}
	if hits, err := v.Search(t.Context(), graph.SearchQuery{Text: "adan al-kesh"}); err != nil || len(hits) != 0 {
		t.Errorf("the name of old is still found: %v, %v", hits, err)
	}
	if refs, err := v.Resolve(t.Context(), []string{"raw:1"}); err != nil || refs["raw:1"] != "p-raw" {
		t.Errorf("resolve: %v, %v", refs, err)
	}
	born := func(op graph.Op, date string) graph.NodeQuery {
		return graph.NodeQuery{Kinds: []graph.Kind{graph.Person}, Where: graph.Cond{Op: op, Field: "born", Values: []string{date}}}
	}
	if got := nodesOf(t, v, born(graph.Gt, "1961-12")); !slices.Contains(got, "p-raw") || !slices.Contains(got, "p-adan") {
		t.Errorf("born later than 1961: %q", got)
	}
	members, err := v.Adjacent(t.Context(), graph.AdjacentQuery{Nodes: []graph.ID{"p-raw"}, Type: graph.MemberOf, Where: graph.TieWhere{AsOf: &graph.AsOf{Day: graph.DayOf(2012, 1, 1)}}})
	if err != nil || len(members["p-raw"].Ties) != 1 {
		t.Fatalf("adjacent: %+v, %v", members, err)
	}
	tie := members["p-raw"].Ties[0]
	if tie.ID != graph.TieID(tie) || tie.Confidence != graph.Stated(1) {
		t.Errorf("the tie without an id is %+v", tie)
	}
	early := graph.TieWhere{AsOf: &graph.AsOf{Day: graph.DayOf(2003, 6, 1)}}
	if n, err := v.CountAdjacent(t.Context(), graph.AdjacentQuery{Nodes: []graph.ID{"p-mira"}, Type: graph.Holds, Where: early}); err != nil || n["p-mira"] != 0 {
		t.Errorf("posts in 2003 after the start was set to 2004: %v, %v", n, err)
	}
	settled := mustVersion(t, s)
	if settled != v.Version() || mustVersion(t, s) != settled {
		t.Errorf("versions go on changing: %q, view %q", settled, v.Version())
	}
	if problems, err := s.Problems(t.Context(), graph.ProblemQuery{}); err != nil || len(problems.Page) > 0 {
		t.Errorf("problems: %v, %v", problems, err)
	}
}

// TestSettlingOutlivesItsCaller: who has no patience gets an answer when the context
// ends, and what others wrote is settled all the same: else, on a large database, every
// caller would begin anew and none come to an end.
func TestSettlingOutlivesItsCaller(t *testing.T) {
	var leave atomic.Pointer[context.CancelFunc]
	s := open(t, func(c *neo4jstore.Config) {
		c.OnStatement = func(name, _ string) {
			if stop := leave.Load(); stop != nil && name == "sweep_nodes" {
				(*stop)()
			}
		}
	})
	apply(t, s, storetest.Fixture())
	mustVersion(t, s)
	admin(t, shared, "CREATE (:Person {id: 'p-raw', name: 'Raw'})", nil)
	written := func() int64 {
		n, _ := admin(t, shared, "MATCH (p:Person {id: 'p-raw'}) RETURN size(keys(p)) AS n", nil)[0].Get("n")
		return n.(int64) //nolint:forcetypeassert // size gives a whole number
	}
	before := written()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	leave.Store(&cancel)
	if err := s.Settle(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the caller who left got %v", err)
	}
	for begun := time.Now(); written() == before; time.Sleep(10 * time.Millisecond) {
		if time.Since(begun) > 10*time.Second {
			t.Fatal("what another wrote is not settled: it ended with the caller who began it")
		}
	}
}

// TestForeignIsLeftAlone: labels, properties, nodes and relationships that the
// vocabulary does not know stay through loads that change what carries them.
func TestForeignIsLeftAlone(t *testing.T) {
	s := open(t)
	apply(t, s, storetest.Fixture())
	admin(t, shared, `
		MATCH (adan:Person {id: 'p-adan'})-[r:HOLDS]->() SET adan:Suspect, adan.mood = 'bad', adan.strength = 5, r.hue = 'red'
		CREATE (:Ship {name: 'Nobody', id: 'p-boro'})-[:PART_OF {id: 7}]->(:Fleet)`, nil)
	b := storetest.Fixture()
	change := graph.Batch{Nodes: []graph.Node{person("p-adan", "Adan of the Isles")}, Ties: []graph.Tie{b.Ties[9].Normal()}}
	change.Ties[0].Note, change.Ties[0].To = "moved", "o-chief"
	if a := apply(t, s, change); a.NodesUpdated != 1 || a.TiesUpdated != 1 {
		t.Errorf("applied %+v", a)
	}
	rows := admin(t, shared, `
		MATCH (adan:Suspect {id: 'p-adan', mood: 'bad', strength: 5})-[r:HOLDS {hue: 'red', note: 'moved'}]->({id: 'o-chief'})
		MATCH (:Ship {id: 'p-boro'})-[:PART_OF {id: 7}]->(:Fleet) RETURN count(*)`, nil)
	if rows[0].Values[0] != int64(1) {
		t.Error("something foreign was changed")
	}
	v := mustView(t, s, graph.Red)
	// strength is a column of groups; on a person it is none of ours.
	q := graph.NodeQuery{Where: graph.Cond{Op: graph.Eq, Field: "strength", Values: []string{"5"}}}
	if got := nodesOf(t, v, q); len(got) > 0 {
		t.Errorf("nodes of strength 5: %q", got)
	}
	if nodes, err := v.NodesByID(t.Context(), []graph.ID{"p-boro"}); err != nil || nodes["p-boro"].Kind != graph.Person {
		t.Errorf("p-boro is %+v, %v", nodes, err)
	}
}

// TestForeignRubbish: what is not valid is reported, logged once and not served,
// and the lists around it go on; corrected, it is served.
func TestForeignRubbish(t *testing.T) {
	var log bytes.Buffer
	s := open(t, func(c *neo4jstore.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	apply(t, s, storetest.Fixture())
	whole := nodesOf(t, mustView(t, s, graph.Red), graph.NodeQuery{})
	admin(t, shared, `
		MATCH (g:Group {id: 'g-reed'}), (adan:Person {id: 'p-adan'}), (boro:Person {id: 'p-boro'}), (salt:Group {id: 'g-salt'})
		CREATE (:Person {name: 'No Id'}), (:Person {id: 'no-name'}), (:Person {id: 7, name: 'Number'}), (:Group {id: 'p-mira', name: 'Second Mira'}),
		       (:Person {id: 'bad-date', name: 'Bad', born: 'once'}), (:Person:Group {id: 'two', name: 'Two Kinds'}), (:Group {id: 'bad-number', name: 'Bad', strength: 'many'}),
		       (:Person {id: 'bad-list', name: 'Bad', types: 'single'}), (:Source {id: 'bad-enum', name: 'Bad', reliability: 'Z'}),
		       (adan)-[:CONTROLS {id: 'bad-ends'}]->(g), (adan)-[:MEMBER_OF {id: 'bad-span', start: 'soon'}]->(g), (adan)-[:MEMBER_OF {id: 'bad-value', confidence: 7}]->(g),
		       (boro)-[:MEMBER_OF {id: 'bad-source', sources: ['nowhere']}]->(g)
		SET boro.name = null, salt.marking = 'PUBLIC'`, nil)
	v := mustView(t, s, graph.Red)
	want := slices.DeleteFunc(slices.Clone(whole), func(id graph.ID) bool { return id == "p-boro" || id == "g-salt" })
	if got := nodesOf(t, v, graph.NodeQuery{}); !slices.Equal(got, want) {
		t.Errorf("list (-want +got):\n%s", cmp.Diff(want, got))
	}
	if n, err := v.CountNodes(t.Context(), graph.NodeQuery{}); err != nil || n != len(want) {
		t.Errorf("count %d, %v, want %d", n, err, len(want))
	}
	ties, err := collect(v.Ties(t.Context(), graph.TieQuery{}))
	if err != nil || slices.ContainsFunc(ties, func(t graph.Tie) bool { return strings.HasPrefix(string(t.ID), "bad-") || t.From == "p-boro" }) {
		t.Errorf("ties: %v, %v", ties, err)
	}
	problems, err := s.Problems(t.Context(), graph.ProblemQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var fields []string
	for _, p := range problems.Page {
		fields = append(fields, p.Field+"="+p.Value)
	}
	slices.Sort(fields)
	wantFields := []string{
		"born=once", "confidence=7", "id=", "id=7", "kind=Group", "labels=[Group Person]", "marking=PUBLIC", "name=", "name=",
		"reliability=Z", "source=nowhere", "start=soon", "strength=many", "type=CONTROLS", "types=single",
	}
	for i, f := range fields {
		if f == "labels=[Person Group]" {
			fields[i] = "labels=[Group Person]"
		}
	}
	if diff := cmp.Diff(wantFields, fields); diff != "" {
		t.Errorf("problems (-want +got):\n%s\n%v", diff, problems)
	}
	version := mustVersion(t, s)
	_ = mustView(t, s, graph.Red)
	if strings.Count(log.String(), "\n") != 1 || mustVersion(t, s) != version {
		t.Errorf("the log has %q", log.String())
	}

	// A load brings the name back; Cypher corrects the rest.
	apply(t, s, graph.Batch{Nodes: []graph.Node{person("p-boro", "Boro Senn")}})
	admin(t, shared, "MATCH (g:Group {id: 'g-salt'}) REMOVE g.marking", nil)
	if got := nodesOf(t, mustView(t, s, graph.Red), graph.NodeQuery{}); !slices.Equal(got, whole) {
		t.Errorf("after the correction (-want +got):\n%s", cmp.Diff(whole, got))
	}
	if rows := admin(t, shared, "MATCH (p:Person {id: 'p-boro'}) RETURN count(p)", nil); rows[0].Values[0] != int64(1) {
		t.Error("the corrected node is there twice")
	}
}

// TestForeignDatabase: a database that was there before entangle is served as far
// as it speaks of the vocabulary.
func TestForeignDatabase(t *testing.T) {
	needServer(t)
	wipe(t, shared)
	admin(t, shared, `
		CREATE (a:Person {id: 'a', name: 'Ana'})-[:KIN_OF {start: '1990'}]->(b:Person {id: 'B', name: 'Ben'}), (a)-[:LIKES]->(b),
		       (a)-[:HOLDS]->(:Post {id: 'o', name: 'Office'})-[:POST_IN]->(:Institution {id: 'i', name: 'Inst', types: ['office']}), (:Movie {id: 1})`, nil)
	s, err := neo4jstore.Open(t.Context(), shared)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	v := mustView(t, s, graph.Clear)
	if got := nodesOf(t, v, graph.NodeQuery{}); !slices.Equal(got, []graph.ID{"B", "a", "i", "o"}) {
		t.Errorf("nodes %q", got)
	}
	counts, err := v.Counts(t.Context())
	want := map[graph.TieType]int{graph.KinOf: 1, graph.Holds: 1, graph.PostIn: 1}
	if diff := cmp.Diff(want, counts.Ties); diff != "" || err != nil {
		t.Errorf("ties (-want +got):\n%s %v", diff, err)
	}
	kin, err := v.Adjacent(t.Context(), graph.AdjacentQuery{Nodes: []graph.ID{"a"}, Type: graph.KinOf})
	if err != nil || len(kin["a"].Ties) != 1 || kin["a"].Ties[0].From != "B" {
		t.Errorf("a symmetric tie goes from the smaller id: %+v, %v", kin, err)
	}
}

// TestRelabelledNode: what somebody makes another kind of thing keeps no tie that its kind cannot
// have; made what it was, it has them again.
func TestRelabelledNode(t *testing.T) {
	s := open(t)
	apply(t, s, storetest.Fixture())
	served := func() (ids []graph.ID) {
		v := mustView(t, s, graph.Red)
		kinds := map[graph.ID]graph.Kind{}
		for n, err := range v.Nodes(t.Context(), graph.NodeQuery{}) {
			if err != nil {
				t.Fatal(err)
			}
			kinds[n.ID] = n.Kind
		}
		for tie, err := range v.Ties(t.Context(), graph.TieQuery{Where: graph.TieWhere{Statuses: []graph.Status{graph.Accepted, graph.Conflict, graph.Rejected}}}) {
			if err != nil {
				t.Fatal(err)
			}
			if problems := graph.ValidateTie(tie, kinds[tie.From], kinds[tie.To]); len(problems) > 0 {
				t.Errorf("served: %v", problems)
			}
			ids = append(ids, tie.ID)
		}
		return ids
	}
	whole := served()
	admin(t, shared, "MATCH (n:Person {id: 'p-adan'}) REMOVE n:Person SET n:Place", nil)
	left := served()
	if len(left) == 0 || len(left) >= len(whole) {
		t.Errorf("%d ties are left of %d", len(left), len(whole))
	}
	ends, err := s.Problems(t.Context(), graph.ProblemQuery{Rule: graph.RuleEnds})
	if err != nil || len(ends.Page) != len(whole)-len(left) {
		t.Errorf("%d ties are told, %d are not served: %v", len(ends.Page), len(whole)-len(left), err)
	}
	admin(t, shared, "MATCH (n:Place {id: 'p-adan'}) REMOVE n:Place SET n:Person", nil)
	if again := served(); !slices.Equal(again, whole) {
		t.Errorf("afterwards (-want +got):\n%s", cmp.Diff(whole, again))
	}
}
