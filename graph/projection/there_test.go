package projection_test

import (
	"fmt"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
)

// A claim without dates of its own is possible at any time, but nobody belongs
// to a group before it was founded or after it was dissolved, or after dying.
func TestTiesOfWhatIsNotThere(t *testing.T) {
	b := graph.Batch{
		Nodes: []graph.Node{
			{ID: "p", Kind: graph.Person, Names: []graph.Name{{Text: "p"}}, Props: graph.Props{"born": {"1950"}, "died": {"2020-01-03"}}},
			{ID: "g", Kind: graph.Group, Names: []graph.Name{{Text: "g"}}, Props: graph.Props{"founded": {"1982"}, "dissolved": {"2030"}}},
		},
		Ties: []graph.Tie{{Type: graph.MemberOf, From: "p", To: "g", Confidence: graph.Stated(1)}},
	}
	for day, want := range map[string]int32{
		"1949-12-31": 0, "1981-12-31": 0, "1982-01-01": 1, "2020-01-03": 1, "2020-01-04": 0,
	} {
		d, err := graph.ParseDay(day)
		if err != nil {
			t.Fatal(err)
		}
		s, err := projection.FromBatch(b, projection.Options{AsOf: d})
		if err != nil {
			t.Fatal(err)
		}
		if s.Ties() != want || s.Len() != 2 {
			t.Errorf("%s: %d ties of %d nodes, want %d of 2", day, s.Ties(), s.Len(), want)
		}
	}
}

// TestAbsence: why a node was not there, by the last or first day that it may have been.
func TestAbsence(t *testing.T) {
	b := graph.Batch{Nodes: []graph.Node{
		{ID: "g", Kind: graph.Group, Names: []graph.Name{{Text: "g"}}, Props: graph.Props{"founded": {"2014-06"}, "dissolved": {"2017?"}}},
		{ID: "h", Kind: graph.Group, Names: []graph.Name{{Text: "h"}}},
	}}
	for day, want := range map[string]string{
		"2014-05-31": "founded 2014-06 false", "2014-06-01": "", "2017-12-31": "", "2018-01-01": "dissolved 2017? true",
	} {
		d, err := graph.ParseDay(day)
		if err != nil {
			t.Fatal(err)
		}
		s, err := projection.FromBatch(b, projection.Options{AsOf: d})
		if err != nil {
			t.Fatal(err)
		}
		node, _ := s.Index("g")
		got := ""
		if a, ok := s.Absence(node); ok {
			got = fmt.Sprintf("%s %s %t", a.What, a.Date, a.Gone)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", day, got, want)
		}
		node, _ = s.Index("h")
		if a, ok := s.Absence(node); ok {
			t.Errorf("h of no dates is absent: %+v", a)
		}
	}
}
