package queries_test

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
)

// TestFrozenHalfLives works the table of half-lives of tenures out again, from the files that
// graph.TenureData names (testdata/iraq-ministers, CC0): posts sorted by hand into the types of
// institution that they are in, whoever current.csv lists seen on the day of the last event.
func TestFrozenHalfLives(t *testing.T) {
	t.Parallel()
	last, err := graph.ParseDate("2022-05-13")
	if err != nil {
		t.Fatal(err)
	}
	current := map[string]bool{}
	for _, row := range csvRows(t, "current.csv") {
		current[row[0]+row[2]+row[3]] = true
	}
	b := graph.Batch{}
	known := map[graph.ID]bool{}
	node := func(id graph.ID, kind graph.Kind, types ...string) graph.ID {
		if !known[id] {
			known[id] = true
			b.Nodes = append(b.Nodes, graph.Node{ID: id, Kind: kind, Names: []graph.Name{{Text: string(id)}}, Types: types})
		}
		return id
	}
	for i, row := range append(csvRows(t, "holders21.csv"), csvRows(t, "legislators.csv")...) {
		typ := typeOfOffice(row[0])
		start, err := graph.ParseDate(row[3])
		if typ == "" || err != nil { // no office of state, or "2014s"
			continue
		}
		post, body, person := node(graph.ID("post "+row[0]), graph.Post), node(graph.ID(typ), graph.Institution, typ), node(graph.ID(row[2]), graph.Person)
		tie := graph.Tie{ID: graph.ID("t" + strconv.Itoa(i)), Type: graph.Holds, From: person, To: post, Confidence: graph.Stated(1), Span: graph.Span{Start: start}}
		if tie.Span.End, err = graph.ParseDate(row[4]); err != nil {
			t.Fatal(err)
		}
		if current[row[0]+row[2]+row[3]] {
			tie.Span.Last = last
		}
		b.Ties = append(b.Ties, tie, graph.Tie{Type: graph.PostIn, From: post, To: body, Confidence: graph.Stated(1)})
	}
	source, err := projection.SourceOf(b)
	if err != nil {
		t.Fatal(err)
	}
	p, err := queries.PersistenceOf(t.Context(), source, last.Latest)
	if err != nil {
		t.Fatal(err)
	}
	byPost, all := graph.TenureHalfLives()
	want := map[string]graph.Tenures{"": all}
	for _, row := range byPost {
		want[row.Post] = row
	}
	got := map[string]graph.Tenures{}
	for _, row := range p.Posts {
		if row.Ended >= 10 {
			got[row.Post] = row.Tenures
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the frozen table is not what its data gives (-table +data):\n%s", diff)
	}
}

func csvRows(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "iraq-ministers", name))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// typeOfOffice sorts the positions of Wikidata into types of institution, "" for none.
func typeOfOffice(position string) string {
	p := strings.ToLower(position)
	for _, c := range [][2]string{
		{"first lady", ""},
		{"minister of state", "government"},
		{"prime minister", "government"},
		{"minister", "ministry"},
		{"governing council", "government"},
		{"speaker", "legislature"},
		{"council of representatives", "legislature"},
		{"national council", "legislature"},
		{"central bank", "bank"},
		{"chief of", "command"},
	} {
		if strings.Contains(p, c[0]) {
			return c[1]
		}
	}
	return "office"
}

// TestPersistence: what counts as how long a tenure lasted, by hand.
func TestPersistence(t *testing.T) {
	t.Parallel()
	b := graph.Batch{}
	node := func(id graph.ID, kind graph.Kind, types ...string) *graph.Node {
		b.Nodes = append(b.Nodes, graph.Node{ID: id, Kind: kind, Names: []graph.Name{{Text: string(id)}}, Types: types})
		return &b.Nodes[len(b.Nodes)-1]
	}
	node("p", graph.Person)
	node("q", graph.Person)
	node("moi", graph.Institution, "unit", "ministry")
	node("judge", graph.Post, "bench")
	node("seat", graph.Post)
	roster := node("roster", graph.Source)
	roster.Props = graph.Props{"date": {"2014-01-01"}, "describesDate": {"true"}}
	article := node("article", graph.Source)
	article.Props = graph.Props{"date": {"2015-01-01"}}
	tenure := func(person, post graph.ID, start, end, last string, source graph.ID) {
		tie := graph.Tie{ID: graph.ID("t" + strconv.Itoa(len(b.Ties))), Type: graph.Holds, From: person, To: post, Confidence: graph.Stated(0.9)}
		for text, d := range map[string]*graph.Date{start: &tie.Span.Start, end: &tie.Span.End, last: &tie.Span.Last} {
			if text == "" {
				continue
			}
			var err error
			if *d, err = graph.ParseDate(text); err != nil {
				t.Fatal(err)
			}
		}
		if source != "" {
			tie.Citations = []graph.Citation{{Source: source}}
		}
		b.Ties = append(b.Ties, tie)
	}
	b.Ties = append(b.Ties, graph.Tie{ID: "in", Type: graph.PostIn, From: "seat", To: "moi", Confidence: graph.Stated(1)})
	tenure("p", "seat", "2010-01-01", "2012-01-01", "", "")  // 730 days, ended
	tenure("p", "seat", "2010-01-01", "", "2011-01-01", "")  // the same, by another claim
	tenure("q", "seat", "2012-01-01", "", "", "roster")      // 731 days, seen
	tenure("q", "judge", "2012-01-01", "..", "", "article")  // 1096 days: it had no end then
	tenure("p", "judge", "2014-01-01", "", "", "article")    // 0 days: the article may tell of before
	tenure("p", "judge", "2019-01-01", "2029-01-01", "", "") // 365 days until the day asked
	tenure("q", "judge", "2030-01-01", "2031-01-01", "", "") // not yet
	tenure("q", "judge", "", "2011-01-01", "", "")           // no start
	source, err := projection.SourceOf(b)
	if err != nil {
		t.Fatal(err)
	}
	p, err := queries.PersistenceOf(t.Context(), source, graph.DayOf(2020, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	inf := math.Inf(1)
	want := []graph.Tenures{
		{Post: "bench", Years: inf, Low: inf, High: inf, Held: 3},
		{Post: "ministry", Years: 2, Low: 0.01 * math.Round(100*730/365.25), High: inf, Held: 2, Ended: 1},
		{Years: inf, Low: 2, High: inf, Held: 5, Ended: 1},
	}
	var got []graph.Tenures
	for _, row := range p.Posts {
		got = append(got, row.Tenures)
		if frozen := row.Frozen != nil; frozen != (row.Post != "bench") {
			t.Errorf("%q is in the frozen table: %t", row.Post, frozen)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || p.Unstarted != 1 {
		t.Errorf("%d without a start (-want +got):\n%s", p.Unstarted, diff)
	}
}
