package neo4jstore_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/storecopy"
	"entangle/graph/storetest"
	"entangle/loaders"
	"entangle/loaders/all"
	"entangle/schema"
)

// citing asks for all citations.
const citing = `{
  ties(first: 100) { nodes { key note citations { key page quote source { name } } } }
  people(first: 100) { nodes { key citations { key source { name } } } }
  institutions(first: 100) { nodes { key summary citations { key page quote source { name } } } }
  events(first: 100) { nodes { key citations { key source { name } } } }
}`

// citations is the answer to it, which names no version.
func citations(t *testing.T, sc *schema.Schema, clearance graph.Marking) string {
	t.Helper()
	return dataVersion.ReplaceAllString(response(t, sc, clearance, citing, nil), "")
}

// TestDeletedSourceIsKept: a Neo4j in which somebody deleted a source is copied and exported with
// every claim and every citation: into a file and from there into a Neo4j, as files and from those
// into a store. Everywhere the citation is told as missing, and one of a hidden source is not told.
func TestDeletedSourceIsKept(t *testing.T) {
	s := open(t)
	apply(t, s, storetest.Fixture())
	admin(t, shared, `MATCH (n:Source {id: 's-open'}) DETACH DELETE n`, nil)
	sc := newSchema(t, s)
	want := map[graph.Marking]string{}
	for _, clearance := range []graph.Marking{graph.Clear, graph.Red} {
		want[clearance] = citations(t, sc, clearance)
		if !strings.Contains(want[clearance], `{"key":"s-open","page":"4","quote":null,"source":null}`) {
			t.Errorf("%s: the deleted source is not told as missing in %s", clearance, want[clearance])
		}
		if tells := strings.Contains(want[clearance], "s-hush") || strings.Contains(want[clearance], "not for print"); tells != (clearance == graph.Red) {
			t.Errorf("%s: tells of the hidden source: %v", clearance, tells)
		}
	}
	same := func(what string, to graph.Store) {
		t.Helper()
		other := newSchema(t, to)
		for clearance, answer := range want {
			if diff := cmp.Diff(answer, citations(t, other, clearance)); diff != "" {
				t.Errorf("%s, %s (-the database +there):\n%s", what, clearance, diff)
			}
		}
	}

	file := embedded(t)
	copied, err := storecopy.Copy(t.Context(), s, file, storecopy.Options{BatchSize: 7})
	if err != nil {
		t.Fatal(err)
	}
	same("copied into a file", file)

	var nodes, ties bytes.Buffer
	writeNative(t, s, graph.Red, &nodes, &ties)
	loaded := embedded(t)
	report, err := loaders.Run(t.Context(), loaded, all.Registry(), []loaders.Input{loaders.Bytes("nodes.csv", nodes.Bytes()), loaders.Bytes("ties.csv", ties.Bytes())}, loaders.Options{})
	if err != nil || report.Rows().Rejected > 0 {
		t.Fatalf("%v, %+v", err, report.Files)
	}
	same("exported and loaded", loaded)
	if a, b := snapshot(t, s), snapshot(t, loaded); a != b {
		t.Errorf("projections %s and, exported and loaded, %s", a, b)
	}
	nodes.Reset()
	ties.Reset()
	writeNative(t, s, graph.Clear, &nodes, &ties)
	if text := nodes.String() + ties.String(); strings.Contains(text, "s-hush") || strings.Contains(text, "not for print") || !strings.Contains(text, "gone:string[]") {
		t.Errorf("written for everybody:\n%s", text)
	}

	wipe(t, shared)
	back, err := storecopy.Copy(t.Context(), file, s, storecopy.Options{BatchSize: 7})
	if err != nil || back.Content != copied.Content {
		t.Fatalf("copied back: %+v, %v; before %+v", back.Content, err, copied.Content)
	}
	same("copied back", s)
	if all := problems(t, s, graph.ProblemQuery{}); len(all.Page) > 0 {
		t.Errorf("problems: %v", all.Page)
	}
}

// TestDeletedSourceAndChanges: what cites a deleted source is served on when others change it; what
// they write anew with a source that there is not is a problem.
func TestDeletedSourceAndChanges(t *testing.T) {
	s := open(t)
	apply(t, s, storetest.Fixture())
	admin(t, shared, `MATCH (n:Source {id: 's-open'}) DETACH DELETE n`, nil)
	sc := newSchema(t, s)
	before := citations(t, sc, graph.Red)
	admin(t, shared, `
		MATCH (i:Institution {id: 'i-harbour'}), (p {id: 'p-adan'}), (:Person {id: 'p-adan'})-[post:HOLDS]->() WHERE 's-open' IN post.sources
		SET i.otherNames = ['Quay Office'], i.founded = '1969', p.born = '1962', post.start = '2009'`, nil)
	if got := citations(t, sc, graph.Red); got != before {
		t.Errorf("(-before +changed by others):\n%s", cmp.Diff(before, got))
	}
	if all := problems(t, s, graph.ProblemQuery{}); len(all.Page) > 0 {
		t.Errorf("problems: %v", all.Page)
	}
	admin(t, shared, `MATCH ()-[post:HOLDS]->() WHERE 's-open' IN post.sources SET post.start = 'soon'`, nil)
	if got := problems(t, s, graph.ProblemQuery{}); len(got.Page) != 1 || got.Page[0].Rule != graph.RuleDate {
		t.Errorf("a date that is none: %v", got.Page)
	}
	admin(t, shared, `MATCH ()-[post:HOLDS]->() WHERE 's-open' IN post.sources SET post.start = '2008'`, nil)
	if got := citations(t, sc, graph.Red); got != before {
		t.Errorf("(-before +corrected by others):\n%s", cmp.Diff(before, got))
	}
	admin(t, shared, `MATCH (p {id: 'p-adan'}), (g {id: 'g-salt'}) CREATE (p)-[:MEMBER_OF {id: 'y-nowhere', sources: ['s-open']}]->(g)`, nil)
	if got := problems(t, s, graph.ProblemQuery{}); len(got.Page) != 1 || got.Page[0].Rule != graph.RuleSourceMissing || got.Page[0].Item != "tie y-nowhere" {
		t.Errorf("a new claim with a source that there is not: %v", got.Page)
	}

	// A source that is made another kind of thing is none any more.
	admin(t, shared, `MATCH (n:Source {id: 's-paper'}) REMOVE n:Source SET n:Group`, nil)
	want := strings.ReplaceAll(before, `"source":{"name":"Evening Paper"}`, `"source":null`)
	if got := citations(t, sc, graph.Red); got != want || want == before {
		t.Errorf("(-want +relabelled):\n%s", cmp.Diff(want, got))
	}
}
