package neo4jstore_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"entangle/graph"
	"entangle/graph/neo4jstore"
)

// spans are dates of every form, each with each.
func spans(t *testing.T) []graph.Span {
	t.Helper()
	var dates []graph.Date
	for _, text := range []string{"", "..", "2010-05-17", "2010-05", "201X", "2010-05-17?", "1969-12-31", "0001-01-01"} {
		d, err := graph.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		dates = append(dates, d)
	}
	var list []graph.Span
	for _, start := range dates {
		for _, end := range dates {
			for _, last := range []graph.Date{{}, dates[3]} {
				s := graph.Span{Start: start, End: end, Last: last}
				if b := s.Bounds(); b.StartEarliest <= b.EndLatest {
					list = append(list, s)
				}
			}
		}
	}
	return list
}

// spanned is a batch with a membership for each span that the vocabulary admits.
func spanned(t *testing.T) graph.Batch {
	t.Helper()
	b := people(0, 1)
	b.Ties = nil
	for i, s := range spans(t) {
		tie := graph.Tie{ID: graph.ID(fmt.Sprint("span-", i)), Type: graph.MemberOf, From: "p-0", To: "group-0", Span: s, Confidence: graph.Stated(0.5)}
		if len(graph.ValidateTie(tie, graph.Person, graph.Group)) == 0 {
			b.Ties = append(b.Ties, tie)
		}
	}
	return b
}

// checkBounds finds ties of which the server's conditions tell another
// presence than the span itself, on days around its bounds. They are all ties, or
// the one of the id.
func checkBounds(t *testing.T, s graph.Store, ties []graph.Tie, only graph.ID) {
	t.Helper()
	v := mustView(t, s, graph.Clear)
	days := map[graph.Day]bool{}
	for _, tie := range ties {
		b := tie.Span.Bounds()
		for _, d := range []graph.Day{b.StartEarliest, b.StartLatest, b.EndEarliest, b.EndLatest, b.Evidence} {
			if d != graph.MinDay && d != graph.MaxDay {
				days[d-1], days[d], days[d+1] = true, true, true
			}
		}
	}
	for _, gap := range []graph.GapPolicy{{}, {Mode: graph.Strict}, {Mode: graph.Extend, Days: 30}} {
		for d := range days {
			var want []graph.ID
			for _, tie := range ties {
				if gap.Holds(tie.Span.Bounds(), d) {
					want = append(want, tie.ID)
				}
			}
			slices.Sort(want)
			where := graph.TieWhere{AsOf: &graph.AsOf{Day: d, Gap: gap}}
			if only != "" {
				where.Cond = graph.Cond{Op: graph.Eq, Field: "id", Values: []string{string(only)}}
			}
			list, err := collect(v.Ties(t.Context(), graph.TieQuery{Where: where}))
			if err != nil {
				t.Fatal(err)
			}
			var got []graph.ID
			for _, tie := range list {
				got = append(got, tie.ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s on %s: %q, want %q", gap, d, got, want)
			}
		}
	}
}

// TestBoundsUnsaid: bounds that are not stored are taken for what they are, ties
// without them are settled, and a changed date is noticed all the same.
func TestBoundsUnsaid(t *testing.T) {
	var rec recorder
	s := open(t, rec.on)
	b := spanned(t)
	if a := apply(t, s, b); a.TiesCreated != len(b.Ties) || len(b.Ties) < 60 {
		t.Fatalf("applied %+v of %d", a, len(b.Ties))
	}
	checkBounds(t, s, b.Ties, "")
	_ = mustVersion(t, s)
	rec.since()
	admin(t, shared, "CREATE (:Ship)", nil)
	_ = mustVersion(t, s)
	if sent := rec.since(); !slices.Contains(sent, "sweep_ties") || slices.Contains(sent, "update_ties") {
		t.Errorf("after another's commit: sent %q", sent)
	}

	for what, change := range map[string]string{
		"a day for a day":   "MATCH ()-[r {id: $id}]->() SET r.start = '2010-05-18'",
		"no day for a day":  "MATCH ()-[r {id: $id}]->() SET r.start = null",
		"a year for a day":  "MATCH ()-[r {id: $id}]->() SET r.start = '2010'",
		"an end where none": "MATCH ()-[r {id: $id}]->() SET r.end = '2012-01-01'",
		"a last sight":      "MATCH ()-[r {id: $id}]->() SET r.lastSeen = '2011'",
		"a bound":           "MATCH ()-[r {id: $id}]->() SET r._startEarliest = 'x'",
		"a bound too many":  "MATCH ()-[r {id: $id}]->() SET r._startLatest = date('2024-10-04')",
		"a text for a DATE": "MATCH ()-[r {id: $id}]->() SET r._startEarliest = toString(r._startEarliest)",
	} {
		plain := graph.Tie{ID: "plain", Type: graph.MemberOf, From: "p-0", To: "group-0", Span: mustSpan(t, "2010-05-17/"), Confidence: graph.Stated(0.5)}
		apply(t, s, graph.Batch{Ties: []graph.Tie{plain}})
		admin(t, shared, change, map[string]any{"id": "plain"})
		rec.since()
		found, err := mustView(t, s, graph.Clear).TiesByID(t.Context(), []graph.ID{"plain"})
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: %v, %v", what, found, err)
		}
		if sent := rec.since(); !slices.Contains(sent, "update_ties") {
			t.Errorf("%s: not noticed: sent %q", what, sent)
		}
		checkBounds(t, s, []graph.Tie{found["plain"]}, "plain")
	}
}

func mustSpan(t *testing.T, text string) graph.Span {
	t.Helper()
	s, err := graph.ParseInterval(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestForgedBounds: whoever changes a computed bound of a tie, of whatever dates, changes no answer.
func TestForgedBounds(t *testing.T) {
	s := open(t)
	b := spanned(t)
	apply(t, s, b)
	for i, bound := range []string{"_startEarliest", "_startLatest", "_endEarliest", "_endLatest", "_evidence"} {
		for what, change := range map[string]string{
			"a day":    "MATCH (:Entity)-[r]->(:Entity) SET r." + bound + " = date('2008-05-0" + strconv.Itoa(i+1) + "')",
			"a day on": "MATCH (:Entity)-[r]->(:Entity) WHERE r." + bound + " IS NOT NULL SET r." + bound + " = r." + bound + " + duration({days: 1})",
			"a number": "MATCH (:Entity)-[r]->(:Entity) SET r." + bound + " = " + strconv.Itoa(14_000+i),
			"a text":   "MATCH (:Entity)-[r]->(:Entity) WHERE r." + bound + " IS NOT NULL SET r." + bound + " = toString(r." + bound + ")",
			"nothing":  "MATCH (:Entity)-[r]->(:Entity) SET r." + bound + " = null",
			"no day":   "MATCH (:Entity)-[r]->(:Entity) SET r." + bound + " = ['x']",
		} {
			admin(t, shared, change, nil)
			if t.Run(bound+" is "+what, func(t *testing.T) { checkBounds(t, s, b.Ties, "") }); t.Failed() {
				return
			}
		}
	}
}

// TestSchemaThatCannotBeMade: where the database holds what the schema forbids, the store is
// not opened, and says why; when that is mended it is.
func TestSchemaThatCannotBeMade(t *testing.T) {
	s := open(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	admin(t, shared, "DROP CONSTRAINT entangle_entity", nil)
	admin(t, shared, "DROP CONSTRAINT entangle_id_Person", nil)
	admin(t, shared, "CREATE (:Entity:Person {id: 'twin'}), (:Entity:Person {id: 'twin'})", nil)
	if s, err := neo4jstore.Open(t.Context(), shared); err == nil {
		_ = s.Close()
		t.Error("two nodes have one id, and the store was opened")
	} else {
		t.Log(err)
	}
	admin(t, shared, "MATCH (p:Person {id: 'twin'}) DELETE p", nil)
	s, err := neo4jstore.Open(t.Context(), shared)
	if err != nil {
		t.Fatal(err)
	}
	apply(t, s, people(0, 1))
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
