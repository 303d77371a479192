package projection_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
)

// TestLastTenure: of the tenures that had certainly ended by the day the last is kept; one
// that may go on has not ended, one by somebody who died has.
func TestLastTenure(t *testing.T) {
	dead := node("dead", graph.Person)
	dead.Props = graph.Props{"died": {"2012-05-01"}}
	post := node("o", graph.Post)
	post.Props = graph.Props{"vacantSince": {"2019"}}
	b := graph.Batch{Nodes: []graph.Node{node("p", graph.Person), node("q", graph.Person), dead, post}}
	hold := func(id, who, start, end string, sure float64) {
		b.Ties = append(b.Ties, graph.Tie{
			ID: graph.ID(id), Type: graph.Holds, From: graph.ID(who), To: "o", Confidence: graph.Stated(sure),
			Span: graph.Span{Start: date(t, start), End: date(t, end)},
		})
	}
	hold("a", "p", "2001", "2005-06-30", 0.5)
	hold("b", "q", "2005", "2008?", 1)
	hold("c", "dead", "2009", "..", 1)
	hold("d", "p", "2013", "2016", 0)
	hold("e", "q", "2015", "2018-02", 0.9)
	hold("f", "q", "2021", "..", 1)
	b.Ties = append(b.Ties, graph.Tie{
		ID: "r", Type: graph.Holds, From: "p", To: "o", Confidence: graph.Stated(1), Status: graph.Rejected,
		Span: graph.Span{Start: date(t, "2013"), End: date(t, "2014")},
	})
	for day, want := range map[string]string{
		"2005-06-30": "", "2005-07-01": "a 2005-06-30 p", "2008-12-31": "a 2005-06-30 p", "2009-01-01": "b 2008? q", "2012-05-01": "b 2008? q",
		"2012-05-02": "c 2012-05-01 dead", "2018-02-28": "c 2012-05-01 dead", "2018-03-01": "e 2018-02 q", "2022-01-01": "e 2018-02 q",
	} {
		d, err := graph.ParseDay(day)
		if err != nil {
			t.Fatal(err)
		}
		s := build(t, b, projection.Options{AsOf: d, Tenures: true})
		o, _ := s.Index("o")
		got := ""
		if last, ok := s.LastTenure(o); ok {
			got = string(last.Tie) + " " + last.End.Text + " " + string(s.ID(last.Holder))
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", day, got, want)
		}
		if got := s.Seat(o).Vacant.Text; got != "2019" {
			t.Errorf("stated vacant since %q", got)
		}
	}
	unsure := build(t, b, projection.Options{AsOf: graph.DayOf(2008, 1, 1), MinConfidence: 0.6, Tenures: true})
	o, _ := unsure.Index("o")
	if last, ok := unsure.LastTenure(o); ok {
		t.Errorf("a claim under the least confidence is kept: %+v", last)
	}
}

// TestLastTenureOfAnyBatch: it is the greatest by its end of those that do not stand any
// more, whatever the order of the batch.
func TestLastTenureOfAnyBatch(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := batches.Draw(rt, "batch")
		day := graph.DayOf(2016+rapid.IntRange(0, 5).Draw(rt, "year"), 4, 9)
		s := build(t, b, projection.Options{AsOf: day, Tenures: true})
		slices.Reverse(b.Ties)
		turned := build(t, b, projection.Options{AsOf: day, Tenures: true})
		lo, hi := s.Range(graph.Post)
		for post := lo; post < hi; post++ {
			want, found := graph.Tie{}, false
			for _, tie := range b.Ties {
				if tie.Type != graph.Holds || tie.To != s.ID(post) || tie.Confidence.Value == 0 || tie.Status == graph.Rejected || tie.Span.Bounds().EndLatest >= day {
					continue
				}
				if end := tie.Span.End; !found || end.Latest > want.Span.End.Latest ||
					end.Latest == want.Span.End.Latest && (end.Earliest > want.Span.End.Earliest || end.Earliest == want.Span.End.Earliest && tie.ID > want.ID) {
					want, found = tie, true
				}
			}
			got, ok := s.LastTenure(post)
			if again, _ := turned.LastTenure(post); ok != found || got.Tie != want.ID || again != got {
				rt.Fatalf("%s: %+v, turned round %+v, want %+v", s.ID(post), got, again, want)
			}
		}
	})
}
