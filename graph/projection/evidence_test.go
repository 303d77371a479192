package projection_test

import (
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
)

// TestDistantEvidence: a tie is distant from the first day on which its nearest date is
// more than so many years of 365¼ days away; what certainly holds is near; what has no date is
// undated and not distant.
func TestDistantEvidence(t *testing.T) {
	day := func(text string) graph.Date {
		d, err := graph.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for name, c := range map[string]struct {
		start, end, first, last string
		asOf                    string
		years                   int
		distant, undated        int
	}{
		"a start, three years on":             {start: "2017-01-01", asOf: "2020-01-02"},
		"a start, a day more":                 {start: "2017-01-01", asOf: "2020-01-03", distant: 1},
		"a start known to the year":           {start: "2017", asOf: "2020-12-31"},
		"the year after":                      {start: "2017", asOf: "2021-01-02", distant: 1},
		"an end, from before":                 {end: "2023-01-01", asOf: "2020-01-02"},
		"an end, further before":              {end: "2023-01-01", asOf: "2019-12-30", distant: 1},
		"seen once, long ago":                 {first: "2014", asOf: "2020-01-01", distant: 1},
		"seen again":                          {first: "2014", last: "2018", asOf: "2020-01-01"},
		"between two observations":            {first: "2000", last: "2030", asOf: "2015-06-01"},
		"an end that there certainly is not":  {start: "1990", end: "..", asOf: "2020-01-01"},
		"an open start says no day":           {start: "..", asOf: "2020-01-01", undated: 1},
		"no date":                             {asOf: "2020-01-01", undated: 1},
		"one year":                            {start: "2018", asOf: "2020-01-01", years: 1},
		"one year, a day more":                {start: "2018", asOf: "2020-01-02", years: 1, distant: 1},
		"long after the start, near the last": {start: "1990", last: "2019", asOf: "2020-01-01"},
	} {
		b := graph.Batch{
			Nodes: []graph.Node{
				{ID: "p", Kind: graph.Person, Names: []graph.Name{{Text: "p"}}},
				{ID: "g", Kind: graph.Group, Names: []graph.Name{{Text: "g"}}},
			},
			Ties: []graph.Tie{{
				Type: graph.MemberOf, From: "p", To: "g", Confidence: graph.Stated(1),
				Span: graph.Span{Start: day(c.start), End: day(c.end), First: day(c.first), Last: day(c.last)},
			}},
		}
		asOf, err := graph.ParseDay(c.asOf)
		if err != nil {
			t.Fatal(err)
		}
		s := build(t, b, projection.Options{AsOf: asOf, DistantYears: c.years})
		if s.Ties() != 1 || s.DistantTies() != c.distant || s.UndatedTies() != c.undated {
			t.Errorf("%s: %d ties, %d distant, %d undated; want 1, %d, %d", name, s.Ties(), s.DistantTies(), s.UndatedTies(), c.distant, c.undated)
		}
		if w := s.Without(func(*projection.Tie) bool { return false }); w.DistantTies() != c.distant || w.UndatedTies() != c.undated {
			t.Errorf("%s: without nothing, %d distant, %d undated", name, w.DistantTies(), w.UndatedTies())
		}
	}
}

// TestRecorded: a node is on record where a tie of it stands, at either end.
func TestRecorded(t *testing.T) {
	node := func(id string, k graph.Kind) graph.Node {
		return graph.Node{ID: graph.ID(id), Kind: k, Names: []graph.Name{{Text: id}}}
	}
	b := graph.Batch{
		Nodes: []graph.Node{node("p", graph.Person), node("q", graph.Person), node("g", graph.Group)},
		Ties: []graph.Tie{
			{Type: graph.MemberOf, From: "p", To: "g", Confidence: graph.Stated(1)},
			{Type: graph.MemberOf, From: "q", To: "g", Confidence: graph.Stated(1), Span: graph.Span{Start: graph.Date{Text: "2021", Earliest: graph.DayOf(2021, 1, 1), Latest: graph.DayOf(2021, 12, 31)}}},
		},
	}
	s := build(t, b, projection.Options{AsOf: graph.DayOf(2020, 8, 24)})
	for id, want := range map[graph.ID]bool{"p": true, "g": true, "q": false} {
		if n, _ := s.Index(id); s.Recorded(n) != want {
			t.Errorf("%s on record: %v", id, !want)
		}
	}
}
