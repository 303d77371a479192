package neo4jstore_test

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/neo4jstore"
	"entangle/graph/storetest"
)

// foreignProblems are writes of others, each with the rule that it breaks, the item
// and the field that are told of it.
var foreignProblems = []struct {
	write       string
	rule        graph.Rule
	item, field string // an empty item stands for what the server calls it
}{
	{"CREATE (:Person {name: 'No Id'})", graph.RuleIDMissing, "", "id"},
	{"CREATE (:Person {id: 7, name: 'Number'})", graph.RuleType, "", "id"},
	{"CREATE (:Person {id: 'x-name'})", graph.RuleNameMissing, "node x-name", "name"},
	{"CREATE (:Group {id: 'p-mira', name: 'Group Mira'})", graph.RuleKind, "node p-mira", "kind"},
	{"MATCH (p {id: 'p-adan'}), (q {id: 'p-boro'}), (g {id: 'g-reed'}) CREATE (p)-[:MEMBER_OF {id: 'y-twice'}]->(g), (p)-[:KIN_OF {id: 'y-twice'}]->(q)", graph.RuleDuplicateID, "tie y-twice", "id"},
	{"CREATE (:Person {id: 'x-born', name: 'X', born: 'once'})", graph.RuleDate, "node x-born", "born"},
	{"CREATE (:Person {id: 'x-hour', name: 'X', born: datetime('1971-05-01T08:00:00Z')})", graph.RuleDate, "node x-hour", "born"},
	{"CREATE (:Person {id: 'x-local', name: 'X', born: localdatetime('1971-05-01T08:00')})", graph.RuleDate, "node x-local", "born"},
	{"CREATE (:Person {id: 'x-far', name: 'X', born: date('+12000-01-01')})", graph.RuleDate, "node x-far", "born"},
	{"CREATE (:Person {id: 'x-year', name: 'X', born: 1971})", graph.RuleDate, "node x-year", "born"},
	{"CREATE (:Person:Group {id: 'x-two', name: 'Two Kinds'})", graph.RuleKind, "node x-two", "labels"},
	{"CREATE (:Group {id: 'x-many', name: 'X', strength: 'many'})", graph.RuleNumber, "node x-many", "strength"},
	{"CREATE (:Group {id: 'x-less', name: 'X', strength: -1})", graph.RuleNumber, "node x-less", "strength"},
	{"CREATE (:Group {id: 'x-huge', name: 'X', strength: 3000000000})", graph.RuleNumber, "node x-huge", "strength"},
	{"CREATE (:Person {id: 'x-types', name: 'X', types: 'single'})", graph.RuleList, "node x-types", "types"},
	{"CREATE (:Person {id: 'x-type', name: 'X', types: ['two words']})", graph.RuleText, "node x-type", "types"},
	{"CREATE (:Source {id: 'x-letter', name: 'X', reliability: 'Z'})", graph.RuleWord, "node x-letter", "reliability"},
	{"CREATE (:Person {id: 'x-marked', name: 'X', marking: 'PUBLIC'})", graph.RuleWord, "node x-marked", "marking"},
	{"CREATE (:Person {id: 'x-cited', name: 'X', sources: ['nowhere']})", graph.RuleSourceMissing, "node x-cited", "source"},
	{"MATCH (p {id: 'p-adan'}), (g {id: 'g-reed'}) CREATE (p)-[:CONTROLS {id: 'y-ends'}]->(g)", graph.RuleEnds, "tie y-ends", "type"},
	{"MATCH (p {id: 'p-adan'}), (g {id: 'g-reed'}) CREATE (p)-[:MEMBER_OF {id: 'y-start', start: 'soon'}]->(g)", graph.RuleDate, "tie y-start", "start"},
	{"MATCH (p {id: 'p-adan'}), (g {id: 'g-reed'}) CREATE (p)-[:MEMBER_OF {id: 'y-hour', end: datetime('2014-06-10T00:00:00Z')}]->(g)", graph.RuleDate, "tie y-hour", "end"},
	{"MATCH (p {id: 'p-adan'}), (g {id: 'g-reed'}) CREATE (p)-[:MEMBER_OF {id: 'y-order', start: date('2014-06-10'), end: '2013'}]->(g)", graph.RuleDateOrder, "tie y-order", "end"},
	{"MATCH (p {id: 'p-adan'}), (g {id: 'g-reed'}) CREATE (p)-[:MEMBER_OF {id: 'y-sure', confidence: 7}]->(g)", graph.RuleNumber, "tie y-sure", "confidence"},
	{"MATCH (p {id: 'p-adan'}), (g {id: 'g-reed'}) CREATE (p)-[:MEMBER_OF {id: 'y-grade', grade: 'Z9'}]->(g)", graph.RuleWord, "tie y-grade", "grade"},
	{"MATCH (p {id: 'p-adan'}), (g {id: 'g-reed'}) CREATE (p)-[:MEMBER_OF {id: 'y-note', note: 7}]->(g)", graph.RuleType, "tie y-note", "note"},
}

// TestProblemsByRule: what others write against each rule is told under its name, with
// what the server calls it, in pages, and counted; what is told of a long id or text is
// short, in the log too.
func TestProblemsByRule(t *testing.T) {
	var log bytes.Buffer
	var looks atomic.Int64
	s := open(t, func(c *neo4jstore.Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
		c.OnStatement = func(name, _ string) {
			if name == "empty" {
				looks.Add(1)
			}
		}
	})
	if counts, known := s.ProblemCounts(); !known || len(counts) > 0 {
		t.Errorf("of an empty database %v, %v", counts, known)
	}
	apply(t, s, storetest.Fixture())
	wantCounts := map[graph.Rule]int{graph.RuleText: 2} // an id that is longer than ids, a text that is longer than texts
	for _, tt := range foreignProblems {
		admin(t, shared, tt.write, nil)
		wantCounts[tt.rule]++
	}
	admin(t, shared, "CREATE (:Person {id: $id, name: 'Long'}), (:Person {id: 'x-text', name: 'X', summary: $text})",
		map[string]any{"id": strings.Repeat("ش", 3_000), "text": strings.Repeat("ش", 1<<19)})
	version := mustVersion(t, s)
	if counts, known := s.ProblemCounts(); !known || !cmp.Equal(counts, wantCounts) {
		t.Errorf("counts (-want +got), known %v: %s", known, cmp.Diff(wantCounts, counts))
	}
	all := problems(t, s, graph.ProblemQuery{})
	if !slices.IsSortedFunc(all.Page, graph.Problem.Compare) || all.More || !cmp.Equal(all.Counts, wantCounts) {
		t.Errorf("in order, whole and counted: %+v", all)
	}
	for _, tt := range foreignProblems {
		fits := func(p graph.Problem) bool {
			item := p.Item == tt.item || tt.item == "" && strings.HasSuffix(p.Item, " "+p.Element)
			return p.Rule == tt.rule && p.Field == tt.field && item && p.Element != "" && p.Reason != ""
		}
		if !slices.ContainsFunc(all.Page, fits) {
			t.Errorf("%s: no problem %s of %s %q in %v", tt.write, tt.rule, tt.field, tt.item, all.Page)
		}
	}
	for _, p := range all.Page {
		if p != p.Shown() {
			t.Errorf("told at length: %.300s", p)
		}
		rows := admin(t, shared, `OPTIONAL MATCH (n) WHERE elementId(n) = $element OPTIONAL MATCH ()-[r]->() WHERE elementId(r) = $element RETURN count(n) + count(r)`, map[string]any{"element": p.Element})
		if rows[0].Values[0] != int64(1) {
			t.Errorf("%v: the server has no %q", p, p.Element)
		}
	}
	if n := log.Len(); n > 20_000 {
		t.Errorf("the log has %d bytes", n)
	}

	before := looks.Load()
	var pages []graph.Problem
	q := graph.ProblemQuery{Limit: 4}
	for more := true; more; q.After = &pages[len(pages)-1] {
		page := problems(t, s, q)
		pages, more = append(pages, page.Page...), page.More
	}
	if diff := cmp.Diff(all.Page, pages); diff != "" {
		t.Errorf("pages (-whole +pages):\n%s", diff)
	}
	numbers := problems(t, s, graph.ProblemQuery{Rule: graph.RuleNumber})
	if len(numbers.Page) != wantCounts[graph.RuleNumber] || !cmp.Equal(numbers.Counts, wantCounts) {
		t.Errorf("by rule: %+v", numbers)
	}
	if n := looks.Load() - before; n > 0 {
		t.Errorf("pages of one state took %d looks at the database", n)
	}
	if mustVersion(t, s) != version {
		t.Error("telling problems changed the database")
	}

	admin(t, shared, "MATCH (n:Person {id: 'x-born'}) SET n.born = '1971'", nil)
	if got := problems(t, s, graph.ProblemQuery{Rule: graph.RuleDate}); len(got.Page) != wantCounts[graph.RuleDate]-1 {
		t.Errorf("corrected, it is still told: %+v", got)
	}
	if counts, _ := s.ProblemCounts(); counts[graph.RuleDate] != wantCounts[graph.RuleDate]-1 {
		t.Errorf("corrected, it still counts: %v", counts)
	}
}

func problems(t *testing.T, s graph.Inspected, q graph.ProblemQuery) graph.Problems {
	t.Helper()
	p, err := s.Problems(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestProblemsOfNativeDates: a day written as a native DATE is served as the EDTF day that it
// is, found by it, and left as its author wrote it, whose own comparisons of dates go
// on working. It is settled once and for all.
func TestProblemsOfNativeDates(t *testing.T) {
	var writes, rows atomic.Int64
	s := open(t, func(c *neo4jstore.Config) {
		c.OnStatement = func(name, _ string) {
			if strings.HasPrefix(name, "update_") {
				writes.Add(1)
			}
		}
	})
	b := storetest.Fixture()
	apply(t, s, b)
	admin(t, shared, `
		MATCH (g:Group {id: 'g-reed'}), (adan:Person {id: 'p-adan'}), (mira:Person {id: 'p-mira'})-[post:HOLDS]->() WHERE post.start = '2003'
		CREATE (p:Person {id: 'n-day', name: 'Day', born: date('1971-05-02')}), (:Person {id: 'n-old', name: 'Old', born: date('-9998-03-04')})
		CREATE (p)-[:MEMBER_OF {id: 'n-whole', start: date('2014-06-10'), end: date('2016-01-31')}]->(g)
		CREATE (p)-[:MEMBER_OF {id: 'n-seen', start: '2014', firstSeen: date('2014-06-10'), lastSeen: date('2015-01-01')}]->(g)
		CREATE (p)-[:MEMBER_OF {id: 'n-mixed', start: date('2014-06-10'), end: '2016-XX'}]->(g)
		CREATE (p)-[:MEMBER_OF {id: 'n-old-tie', start: date('-9998-03-04')}]->(g)
		SET adan.born = date('1962-01-01'), post.start = date('2004-02-03')`, nil)
	v := mustView(t, s, graph.Red)
	nodes, err := v.NodesByID(t.Context(), []graph.ID{"n-day", "n-old", "p-adan"})
	if err != nil || nodes["n-day"].Props.Text("born") != "1971-05-02" || nodes["n-old"].Props.Text("born") != "-9998-03-04" || nodes["p-adan"].Props.Text("born") != "1962-01-01" {
		t.Fatalf("nodes %+v, %v", nodes, err)
	}
	ties, err := v.TiesByID(t.Context(), []graph.ID{"n-whole", "n-seen", "n-mixed", "n-old-tie"})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[graph.ID]graph.Span{
		"n-whole":   {Start: day(t, "2014-06-10"), End: day(t, "2016-01-31")},
		"n-seen":    {Start: day(t, "2014"), First: day(t, "2014-06-10"), Last: day(t, "2015-01-01")},
		"n-mixed":   {Start: day(t, "2014-06-10"), End: day(t, "2016-XX")},
		"n-old-tie": {Start: day(t, "-9998-03-04")},
	} {
		if diff := cmp.Diff(want, ties[id].Span); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
	for d, want := range map[graph.Day][]graph.ID{
		graph.DayOf(2014, 6, 9):  {"n-old-tie", "n-seen"},
		graph.DayOf(2014, 6, 10): {"n-mixed", "n-old-tie", "n-seen", "n-whole"},
		graph.DayOf(2016, 2, 1):  {"n-mixed", "n-old-tie", "n-seen"},
	} {
		page, err := v.Adjacent(t.Context(), graph.AdjacentQuery{Nodes: []graph.ID{"n-day"}, Type: graph.MemberOf, Where: graph.TieWhere{AsOf: &graph.AsOf{Day: d}}})
		var got []graph.ID
		for _, tie := range page["n-day"].Ties {
			got = append(got, tie.ID)
		}
		slices.Sort(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("on %s: %q, %v, want %q", d, got, err, want)
		}
	}
	for op, want := range map[graph.Op]bool{graph.Eq: true, graph.Gte: true, graph.Lt: false} {
		got := nodesOf(t, v, graph.NodeQuery{Kinds: []graph.Kind{graph.Person}, Where: graph.Cond{Op: op, Field: "born", Values: []string{"1971-05-02"}}})
		if slices.Contains(got, "n-day") != want {
			t.Errorf("%v 1971-05-02: %q", op, got)
		}
	}
	if all := problems(t, s, graph.ProblemQuery{}); len(all.Page) > 0 {
		t.Errorf("problems: %v", all.Page)
	}

	native := admin(t, shared, `
		MATCH (p:Person {id: 'n-day'})-[r:MEMBER_OF]->() WHERE r.start <= date('2015-01-01') AND p.born < date('1980-01-01')
		RETURN collect(r.id) AS ids`, nil)
	ids, _ := native[0].Values[0].([]any)
	if len(ids) != 3 {
		t.Errorf("its author's own question as of a day finds %v", ids)
	}
	rows.Store(writes.Load())
	for range 2 { // what is settled is not written again, whoever commits and whatever is loaded
		admin(t, shared, "CREATE (:Ship)", nil)
		mustVersion(t, s)
	}
	if applied := apply(t, s, graph.Batch{Nodes: []graph.Node{nodes["n-day"]}, Ties: []graph.Tie{ties["n-whole"], ties["n-seen"]}}); applied.Changed() {
		t.Errorf("what was read and applied again changed %+v", applied)
	}
	if n := writes.Load() - rows.Load(); n > 0 {
		t.Errorf("%d further writes of what was settled", n)
	}

	// A load that changes something else leaves the days, one that changes a date writes its text.
	changed, moved, other := ties["n-whole"], ties["n-seen"], ties["n-mixed"]
	changed.Note, moved.To, other.Span.Start = "noted", "g-salt", day(t, "2014-06")
	person := nodes["n-day"]
	person.Types = []string{"officer"}
	apply(t, s, graph.Batch{Nodes: []graph.Node{person}, Ties: []graph.Tie{changed, moved, other}})
	kept := admin(t, shared, `
		MATCH (p:Person {id: 'n-day', types: ['officer'], born: date('1971-05-02')}), (p)-[w:MEMBER_OF {id: 'n-whole', note: 'noted', start: date('2014-06-10'), end: date('2016-01-31')}]->(),
		      (p)-[m:MEMBER_OF {id: 'n-seen', firstSeen: date('2014-06-10'), lastSeen: date('2015-01-01')}]->(:Group {id: 'g-salt'}), (p)-[o:MEMBER_OF {id: 'n-mixed', start: '2014-06'}]->()
		RETURN count(*)`, nil)
	if kept[0].Values[0] != int64(1) {
		t.Error("a load did not leave the days of others, or not write its own date")
	}
	if all := problems(t, s, graph.ProblemQuery{}); len(all.Page) > 0 {
		t.Errorf("problems after the load: %v", all.Page)
	}
}

func day(t *testing.T, text string) graph.Date {
	t.Helper()
	d, err := graph.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
