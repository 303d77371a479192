package graph_test

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
)

func tenure(tb testing.TB) graph.Tie {
	tb.Helper()
	return graph.Tie{
		Type: graph.Holds, From: "person-1", To: "post-1",
		Span:       span(tb, "2014-10/2016-07-08"),
		Props:      graph.Props{"acting": {"true"}, "rank": {"Lt Gen"}},
		Citations:  []graph.Citation{{Source: "s1", Page: "3"}, {Source: "s2"}},
		Confidence: graph.Stated(0.9),
	}
}

func TestTieIDIgnores(t *testing.T) {
	t.Parallel()
	want := graph.TieID(tenure(t))
	if !regexp.MustCompile(`^t-[a-z2-7]{20}$`).MatchString(string(want)) {
		t.Errorf("id %q is not t- and 20 letters of base 32", want)
	}
	for name, change := range map[string]func(*graph.Tie){
		"nothing":                   func(*graph.Tie) {},
		"the confidence":            func(t *graph.Tie) { t.Confidence = graph.Stated(0.1) },
		"the grade":                 func(t *graph.Tie) { t.Grade = graph.Grade{Reliability: 'A', Credibility: '1'} },
		"the status":                func(t *graph.Tie) { t.Status = graph.Rejected },
		"the conflict set":          func(t *graph.Tie) { t.ConflictSet = "c1" },
		"the weight":                func(t *graph.Tie) { t.Weight = graph.KnownShare(0.5) },
		"the note":                  func(t *graph.Tie) { t.Note = "corrected" },
		"the marking":               func(t *graph.Tie) { t.Marking = graph.Red },
		"the load":                  func(t *graph.Tie) { t.Load = "load-2" },
		"the rule":                  func(t *graph.Tie) { t.Derived, t.DerivedBy = true, "rule" },
		"the quote":                 func(t *graph.Tie) { t.Citations[0].Quote = "…" },
		"the order of the sources":  func(t *graph.Tie) { slices.Reverse(t.Citations) },
		"a citation twice":          func(t *graph.Tie) { t.Citations = append(t.Citations, t.Citations[0]) },
		"an absent property":        func(t *graph.Tie) { t.Props["constituency"] = nil },
		"the order of the map":      func(t *graph.Tie) { t.Props = maps.Clone(t.Props) },
		"an id it already has":      func(t *graph.Tie) { t.ID = "t-else" },
		"the bounds, if not stated": func(t *graph.Tie) { t.Span.Start.Earliest = 7 },
	} {
		changed := tenure(t)
		change(&changed)
		if got := graph.TieID(changed); got != want {
			t.Errorf("%s changes the id: %s, %s", name, got, want)
		}
	}
}

func TestTieIDTells(t *testing.T) {
	t.Parallel()
	seen := map[graph.ID]string{graph.TieID(tenure(t)): "the first"}
	for name, change := range map[string]func(*graph.Tie){
		"the type":                func(t *graph.Tie) { t.Type = graph.LoyalTo },
		"the first end":           func(t *graph.Tie) { t.From = "person-2" },
		"the second end":          func(t *graph.Tie) { t.To = "post-2" },
		"the ends swapped":        func(t *graph.Tie) { t.From, t.To = t.To, t.From },
		"the ends cut otherwise":  func(t *graph.Tie) { t.From, t.To = "person-1p", "ost-1" },
		"the start":               func(tie *graph.Tie) { tie.Span.Start = date(t, "2014") },
		"the end":                 func(tie *graph.Tie) { tie.Span.End = date(t, "2017") },
		"an unknown end":          func(tie *graph.Tie) { tie.Span.End = graph.Date{} },
		"an open end":             func(tie *graph.Tie) { tie.Span.End = graph.Open },
		"the first observation":   func(tie *graph.Tie) { tie.Span.First = date(t, "2015") },
		"the last observation":    func(tie *graph.Tie) { tie.Span.Last = date(t, "2015") },
		"a property":              func(t *graph.Tie) { t.Props["rank"] = []string{"Maj Gen"} },
		"a property less":         func(t *graph.Tie) { delete(t.Props, "rank") },
		"values in one":           func(t *graph.Tie) { t.Props["rank"] = []string{"Lt", "Gen"} },
		"a source":                func(t *graph.Tie) { t.Citations[0].Source = "s3" },
		"a page":                  func(t *graph.Tie) { t.Citations[0].Page = "4" },
		"no source":               func(t *graph.Tie) { t.Citations = nil },
		"a source taken for page": func(t *graph.Tie) { t.Citations = []graph.Citation{{Source: "3", Page: "s1"}, {Source: "s2"}} },
		"the page of the other":   func(t *graph.Tie) { t.Citations = []graph.Citation{{Source: "s1"}, {Source: "s2", Page: "3"}} },
		"a property that looks like a citation": func(t *graph.Tie) {
			t.Props["s1"], t.Props["s2"], t.Citations = []string{"3"}, []string{""}, nil
		},
	} {
		changed := tenure(t)
		change(&changed)
		id := graph.TieID(changed)
		if first, ok := seen[id]; ok {
			t.Errorf("%s and %s give one id", name, first)
		}
		seen[id] = name
	}
}

func TestTieNormal(t *testing.T) {
	t.Parallel()
	ab := graph.Tie{Type: graph.AlliedWith, From: "a", To: "b"}
	ba := graph.Tie{Type: graph.AlliedWith, From: "b", To: "a"}
	if diff := cmp.Diff(ab.Normal(), ba.Normal()); diff != "" {
		t.Errorf("a symmetric tie differs by the side it is told from: %s", diff)
	}
	if graph.TieID(ab) != graph.TieID(ba) || graph.TieID(ba) != ba.Normal().ID {
		t.Error("a symmetric tie has two ids")
	}
	directed := graph.Tie{Type: graph.LoyalTo, From: "b", To: "a"}.Normal()
	if directed.From != "b" || directed.To != "a" {
		t.Errorf("a directed tie is turned to %s→%s", directed.From, directed.To)
	}
	for name, tt := range map[string]struct {
		tie        graph.Tie
		confidence graph.Confidence
		status     graph.Status
	}{
		"nothing given":         {graph.Tie{}, graph.Confidence{Value: graph.DefaultConfidence, Rule: graph.RuleDefault}, graph.Accepted},
		"a grade":               {graph.Tie{Grade: graph.Grade{Reliability: 'B', Credibility: '2'}}, graph.Confidence{Value: 0.8, Rule: graph.RuleAdmiralty}, graph.Accepted},
		"a number and a grade":  {graph.Tie{Confidence: graph.Stated(0.3), Grade: graph.Grade{Credibility: '1'}}, graph.Stated(0.3), graph.Accepted},
		"a number without rule": {graph.Tie{Confidence: graph.Confidence{Value: 0.3}}, graph.Stated(0.3), graph.Accepted},
		"a stated nothing":      {graph.Tie{Confidence: graph.Stated(0)}, graph.Stated(0), graph.Accepted},
		"a conflict set":        {graph.Tie{ConflictSet: "c", Confidence: graph.Stated(1)}, graph.Stated(1), graph.Conflict},
		"rejected in a set":     {graph.Tie{ConflictSet: "c", Status: graph.Rejected, Confidence: graph.Stated(1)}, graph.Stated(1), graph.Rejected},
		"an unknown type":       {graph.Tie{Type: 99, Confidence: graph.Stated(1)}, graph.Stated(1), graph.Accepted},
	} {
		n := tt.tie.Normal()
		if n.Confidence != tt.confidence || n.Status != tt.status {
			t.Errorf("%s: %+v, %v; want %+v, %v", name, n.Confidence, n.Status, tt.confidence, tt.status)
		}
		if n.ID != graph.TieID(n) {
			t.Errorf("%s: id %q is not derived", name, n.ID)
		}
		if diff := cmp.Diff(n, n.Normal()); diff != "" {
			t.Errorf("%s: normal twice differs: %s", name, diff)
		}
	}
	if got := (graph.Tie{ID: "given", Type: graph.Holds}).Normal().ID; got != "given" {
		t.Errorf("Normal replaces the id by %q", got)
	}
	if tie := (graph.Tie{From: "a", To: "b"}); tie.Other("a") != "b" || tie.Other("b") != "a" {
		t.Error("Other is not the other end")
	}
}

func TestDeriveID(t *testing.T) {
	t.Parallel()
	id := graph.DeriveID(graph.Person, "popolo", "iraq", "7")
	if !regexp.MustCompile(`^person-[a-z2-7]{20}$`).MatchString(string(id)) {
		t.Errorf("id %q is not the kind and 20 letters of base 32", id)
	}
	if again := graph.DeriveID(graph.Person, "popolo", "iraq", "7"); again != id {
		t.Errorf("equal parts give %s and %s", id, again)
	}
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.StringMatching(`[a-c0-2:,]{0,3}`), 1, 4)
		a, b := parts.Draw(t, "a"), parts.Draw(t, "b")
		if same := graph.DeriveID(graph.Group, a...) == graph.DeriveID(graph.Group, b...); same != slices.Equal(a, b) {
			t.Fatalf("%q and %q: equal ids %t", a, b, same)
		}
		if graph.DeriveID(graph.Group, a...) == graph.DeriveID(graph.Institution, a...) {
			t.Fatalf("%q has one id in two kinds", a)
		}
	})
}
