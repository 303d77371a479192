package neo4jstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/storetest"
)

// contents are the properties of all nodes and relationships of a database, by id.
func contents(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, row := range admin(t, shared, `MATCH (n:Entity) RETURN 'node ' + n.id AS id, properties(n) AS props
		UNION ALL MATCH (:Entity)-[r]->(:Entity) RETURN 'tie ' + r.id AS id, properties(r) AS props`, nil) {
		out[fmt.Sprint(row.Values[0])] = fmt.Sprint(row.Values[1])
	}
	return out
}

// olderLayout makes of what this program writes what one of layout 4 wrote: numbers of days for
// DATEs, stamps without bounds, no points. Every so many ties are left as they are.
func olderLayout(t *testing.T, leave int) {
	t.Helper()
	number := func(at string) string { return "duration.inDays(date('1970-01-01'), " + at + ").days" }
	var bounds, joined []string
	for _, name := range []string{"_startEarliest", "_startLatest", "_endEarliest", "_endLatest", "_evidence"} {
		bounds = append(bounds, "r."+name+" = "+number("r."+name))
		joined = append(joined, "coalesce(toString(r."+name+"), '')")
	}
	admin(t, shared, "MATCH (:Entity)-[r]->(:Entity) WITH r ORDER BY r.id WITH collect(r) AS ties UNWIND range(0, size(ties) - 1) AS i WITH ties[i] AS r, i WHERE $leave = 0 OR i % $leave > 0 SET "+
		strings.Join(bounds, ", ")+" SET r._span = split(r._span, '|')[0] + '|' + "+strings.Join(joined, " + ',' + "), map[string]any{"leave": leave})
	for _, row := range graph.Kinds() {
		for _, spec := range row.Props {
			if spec.Type == graph.DateProp {
				first, last := "n._"+spec.Name+"Earliest", "n._"+spec.Name+"Latest"
				admin(t, shared, "MATCH (n:"+row.Name+") WHERE "+first+" IS NOT NULL SET n._stamp = replace(n._stamp, '|' + toString("+first+") + ',' + toString("+last+"), ''), "+
					first+" = "+number(first)+", "+last+" = "+number(last), nil)
			}
		}
	}
	admin(t, shared, "MATCH (n:Place) SET n._point = null WITH count(*) AS places MATCH (m:EntangleMeta) SET m.schema = 4", nil)
}

// vague is a batch with dates of every form and places, beside the fixture of all stores.
func vague(t *testing.T) graph.Batch {
	t.Helper()
	b := spanned(t)
	for i, text := range []string{"1971", "1971-05-02", "201X", "-0044-03-15", "Y12000", "1971?", ".."} {
		if _, err := graph.ParseDate(text); err != nil {
			t.Fatal(err)
		}
		b.Nodes = append(b.Nodes, graph.Node{ID: graph.ID(fmt.Sprint("born-", i)), Kind: graph.Person, Names: []graph.Name{{Text: "Born", Kind: graph.PrimaryName}}, Props: graph.Props{"born": {text}}})
	}
	for i, at := range [][]string{{"33.3", "44.4"}, {"-90", "-180"}, {"90", "180"}, {"1e-07", "0"}} {
		b.Nodes = append(b.Nodes, graph.Node{ID: graph.ID(fmt.Sprint("place-", i)), Kind: graph.Place, Names: []graph.Name{{Text: "Place", Kind: graph.PrimaryName}}, Props: graph.Props{"lat": at[:1], "lon": at[1:]}})
	}
	b.Nodes = append(b.Nodes, graph.Node{ID: "place-half", Kind: graph.Place, Names: []graph.Name{{Text: "Place", Kind: graph.PrimaryName}}, Props: graph.Props{"lat": {"33"}}})
	return b
}

// TestOlderLayout: what layout 4 held becomes what this program would have written, whole, and
// where a step was interrupted; then nothing is left to adopt, and a load changes nothing.
func TestOlderLayout(t *testing.T) {
	s := open(t)
	b := vague(t)
	apply(t, s, storetest.Fixture())
	apply(t, s, b)
	want := contents(t)
	for _, leave := range []int{0, 3} {
		olderLayout(t, leave)
		var rec recorder
		c := shared
		rec.on(&c)
		old, err := neo4jstore.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = old.Close() })
		sent := rec.since()
		if at := slices.Index(sent, "migrate_done"); at < 0 || slices.Contains(sent[at:], "update_ties") || slices.Contains(sent[at:], "update_nodes") {
			t.Errorf("leaving %d: sent %q", leave, sent)
		}
		if diff := cmp.Diff(want, contents(t)); diff != "" {
			t.Errorf("leaving %d (-written +migrated):\n%s", leave, diff)
		}
		if a := apply(t, old, b); a.Changed() {
			t.Errorf("the same again: %+v", a)
		}
	}
}

// TestOlderLayoutForged: what somebody changed before the step is found out behind it.
func TestOlderLayoutForged(t *testing.T) {
	s := open(t)
	b := vague(t)
	apply(t, s, b)
	want := contents(t)
	for what, change := range map[string]string{
		"bounds of ties":     "MATCH (:Entity)-[r]->(:Entity) SET r._startEarliest = 14000, r._endLatest = 'x'",
		"no number of a day": "MATCH (:Entity)-[r]->(:Entity) SET r._evidence = -9223372036854775808",
		"bounds of nodes":    "MATCH (n:Person) WHERE n._bornEarliest IS NOT NULL SET n._bornEarliest = 9223372036854775807",
		"a point":            "MATCH (n:Place) SET n._point = point({x: 1, y: 2})",
	} {
		olderLayout(t, 0)
		admin(t, shared, change, nil)
		old, err := neo4jstore.Open(t.Context(), shared)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		settle(t, old)
		if diff := cmp.Diff(want, contents(t)); diff != "" {
			t.Errorf("%s (-written +migrated):\n%s", what, diff)
		}
		if err := old.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestNative: the bounds of dates are DATEs and places with coordinates have a POINT; whoever
// changes one of a node, or the text beneath it, changes no answer.
func TestNative(t *testing.T) {
	s := open(t)
	b := vague(t)
	apply(t, s, b)
	want := contents(t)
	rows := admin(t, shared, `MATCH (n:Person {id: 'born-0'}), (p:Place {id: 'place-0'}) RETURN n._bornEarliest = date('1971-01-01') AND n._bornLatest = date('1971-12-31')
		AND p._point = point({latitude: 33.3, longitude: 44.4}) AND point.distance(p._point, point({latitude: 33.3, longitude: 44.5})) < 10000`, nil)
	if rows[0].Values[0] != true {
		t.Error("the native values are not those of the texts")
	}
	for what, change := range map[string]string{
		"a bound":          "MATCH (n:Person {id: 'born-1'}) SET n._bornEarliest = date('1900-01-01')",
		"a text":           "MATCH (n:Person {id: 'born-1'}) SET n._bornEarliest = '1971-05-02'",
		"a bound for none": "MATCH (n:Person {id: 'p-0'}) SET n._bornLatest = date('1971-05-02'), n._bornEarliest = date('1971-05-02')",
		"no bound":         "MATCH (n:Person {id: 'born-1'}) REMOVE n._bornEarliest, n._bornLatest",
		"a point":          "MATCH (n:Place {id: 'place-0'}) SET n._point = point({x: 44.4, y: 33.3})",
		"a point of three": "MATCH (n:Place {id: 'place-0'}) SET n._point = point({latitude: 33.3, longitude: 44.4, height: 1})",
		"no point":         "MATCH (n:Place {id: 'place-0'}) SET n._point = 'Baghdad'",
		"a point for none": "MATCH (n:Place {id: 'place-half'}) SET n._point = point({latitude: 33, longitude: 44})",
	} {
		admin(t, shared, change, nil)
		_ = mustVersion(t, s)
		if diff := cmp.Diff(want, contents(t)); diff != "" {
			t.Errorf("%s (-written +looked at):\n%s", what, diff)
		}
	}
	admin(t, shared, "MATCH (n:Place {id: 'place-half'}) SET n.lon = 44.5 WITH n MATCH (p:Person {id: 'born-1'}) SET p.born = '1972'", nil)
	_ = mustVersion(t, s)
	rows = admin(t, shared, "MATCH (n:Place {id: 'place-half'}), (p:Person {id: 'born-1'}) RETURN n._point.longitude, toString(p._bornLatest)", nil)
	if rows[0].Values[0] != 44.5 || rows[0].Values[1] != "1972-12-31" {
		t.Errorf("behind other texts: %v", rows[0].Values)
	}
}
