package graph_test

import (
	"errors"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/fold"
)

func cond(op graph.Op, field string, values ...string) graph.Cond {
	return graph.Cond{Op: op, Field: field, Values: values}
}

func join(op graph.Op, conds ...graph.Cond) graph.Cond { return graph.Cond{Op: op, Conds: conds} }

func TestMatchNode(t *testing.T) {
	t.Parallel()
	n := graph.Node{
		ID: "g1", Kind: graph.Group, Marking: graph.Amber,
		Names: []graph.Name{{Text: "Badr Brigade"}, {Text: "منظمة بدر"}, {Text: "ʿAbd al-Hādī Brigade"}},
		Types: []string{"armed_group", "party"}, Aliases: []string{"wikidata:Q1", "popolo:9"},
		Props: graph.Props{"strength": {"10000"}, "founded": {"1982-11"}, "country": {"IQ"}},
	}
	yes, no := cond(graph.Eq, "id", "g1"), cond(graph.Eq, "id", "g2")
	for _, tt := range []struct {
		name string
		cond graph.Cond
		want bool
	}{
		{"no condition", graph.Cond{}, true},
		{"id", yes, true},
		{"another id", no, false},
		{"id is compared by case", cond(graph.Eq, "id", "G1"), false},
		{"in", cond(graph.In, "id", "g0", "g1"), true},
		{"in others", cond(graph.In, "id", "g0", "g2"), false},
		{"in nothing", cond(graph.In, "id"), false},

		{"and", join(graph.And, yes, yes), true},
		{"and, one false", join(graph.And, yes, no), false},
		{"and of nothing", join(graph.And), true},
		{"or", join(graph.Or, no, yes), true},
		{"or, all false", join(graph.Or, no, no), false},
		{"or of nothing", join(graph.Or), false},
		{"not", join(graph.Not, no), true},
		{"not true", join(graph.Not, yes), false},
		{"not of a missing property", join(graph.Not, cond(graph.Eq, "summary", "x")), true},

		{"contains", cond(graph.Contains, "name", "Brig"), true},
		{"contains by case", cond(graph.Contains, "name", "brig"), false},
		{"contains looks at the primary name", cond(graph.Contains, "name", "بدر"), false},
		{"starts with", cond(graph.StartsWith, "name", "Badr"), true},
		{"starts with what is inside", cond(graph.StartsWith, "name", "Brig"), false},
		{"ends with", cond(graph.EndsWith, "name", "gade"), true},
		{"ends with what is inside", cond(graph.EndsWith, "name", "Badr"), false},
		{"the beginning is no end", cond(graph.StartsWith, "country", "Q"), false},

		{"matches by folded key", cond(graph.Matches, "name", "bādr BRIG"), true},
		{"matches any name", cond(graph.Matches, "name", "بــدر"), true},
		{"matches a name with abd", cond(graph.Matches, "name", "Abdulhadi"), true},
		{"matches nothing else", cond(graph.Matches, "name", "Sadr"), false},

		{"a set includes", cond(graph.Includes, "types", "party"), true},
		{"a set does not include", cond(graph.Includes, "types", "bloc"), false},
		{"aliases include", cond(graph.Includes, "aliases", "popolo:9"), true},
		{"a set has a text", cond(graph.StartsWith, "aliases", "wikidata:"), true},
		{"marking", cond(graph.Eq, "marking", "AMBER"), true},
		{"another marking", cond(graph.In, "marking", "CLEAR", "GREEN"), false},

		{"number below", cond(graph.Lt, "strength", "10000.5"), true},
		{"number not below itself", cond(graph.Lt, "strength", "10000"), false},
		{"number at most", cond(graph.Lte, "strength", "10000"), true},
		{"number not at most", cond(graph.Lte, "strength", "9999"), false},
		{"number above", cond(graph.Gt, "strength", "9999"), true},
		{"number not above itself", cond(graph.Gt, "strength", "10000"), false},
		{"number at least", cond(graph.Gte, "strength", "10000"), true},
		{"number is compared as number", cond(graph.Gt, "strength", "9"), true},
		{"number equal in another form", cond(graph.Eq, "strength", "1e4"), true},
		{"number not equal", cond(graph.Eq, "strength", "10001"), false},
		{"number in", cond(graph.In, "strength", "7", "10000"), true},

		{"before a later month", cond(graph.Lt, "founded", "1982-12"), true},
		{"before its own year is not certain", cond(graph.Lt, "founded", "1982"), false},
		{"before a day within is not certain", cond(graph.Lt, "founded", "1982-11-15"), false},
		{"at most its year", cond(graph.Lte, "founded", "1982"), true},
		{"at most a day within", cond(graph.Lte, "founded", "1982-11-15"), false},
		{"after an earlier month", cond(graph.Gt, "founded", "1982-10"), true},
		{"after a day within is not certain", cond(graph.Gt, "founded", "1982-11-15"), false},
		{"at least its year", cond(graph.Gte, "founded", "1982"), true},
		{"at least a day within", cond(graph.Gte, "founded", "1982-11-15"), false},
		{"a date equal by text", cond(graph.Eq, "founded", "1982-11"), true},
		{"a date not equal by text", cond(graph.Eq, "founded", "1982-11?"), false},
		{"a date has no order with the open", cond(graph.Lt, "founded", ".."), false},
		{"a date has no order with the unknown", cond(graph.Gte, "founded", ""), false},

		{"there", cond(graph.IsNull, "strength", "false"), true},
		{"not there", cond(graph.IsNull, "dissolved", "true"), true},
		{"there, though asked for not", cond(graph.IsNull, "strength", "true"), false},
		{"missing fits no comparison", cond(graph.Lt, "dissolved", "2030"), false},
		{"missing is not empty", cond(graph.Eq, "summary", ""), false},
		{"a property of another kind is missing", cond(graph.IsNull, "lat", "true"), true},

		{"hops are for the store", graph.Cond{Op: graph.Some, Hop: &graph.Hop{Type: graph.MemberOf, Dir: graph.Back}}, false},
	} {
		if err := tt.cond.CheckNodes(nil); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if got := tt.cond.MatchNode(n, fold.Key); got != tt.want {
			t.Errorf("%s: %+v fits: %t, want %t", tt.name, tt.cond, got, tt.want)
		}
	}
}

func TestMatchNodeOpenDate(t *testing.T) {
	t.Parallel()
	n := graph.Node{ID: "g", Kind: graph.Group, Names: []graph.Name{{Text: "g"}}, Props: graph.Props{"dissolved": {".."}}}
	for _, op := range []graph.Op{graph.Lt, graph.Lte, graph.Gt, graph.Gte} {
		if cond(op, "dissolved", "2020").MatchNode(n, fold.Key) {
			t.Errorf("the open date fits comparison %d", op)
		}
	}
	if !cond(graph.Eq, "dissolved", "..").MatchNode(n, fold.Key) {
		t.Error("the open date is not found by its text")
	}
}

func TestMatchTie(t *testing.T) {
	t.Parallel()
	tie := graph.Tie{
		ID: "t1", Type: graph.Backs, Confidence: graph.Stated(0.8), Weight: graph.KnownShare(0.5), Status: graph.Conflict, Derived: true,
		Grade: graph.Grade{Reliability: 'B', Credibility: '2'}, Citations: []graph.Citation{{Source: "s1"}, {Source: "s2"}}, Props: graph.Props{"form": {"arms", "funds"}},
	}
	bare := graph.Tie{ID: "t2", Type: graph.MemberOf}
	for _, tt := range []struct {
		name       string
		cond       graph.Cond
		full, bare bool
	}{
		{"no condition", graph.Cond{}, true, true},
		{"id", cond(graph.Eq, "id", "t1"), true, false},
		{"confidence at least", cond(graph.Gte, "confidence", "0.8"), true, false},
		{"confidence below", cond(graph.Lt, "confidence", "0.8"), false, true},
		{"weight", cond(graph.Eq, "weight", "0.50"), true, false},
		{"an unknown weight is neither below", cond(graph.Lt, "weight", "0.6"), true, false},
		{"nor above", cond(graph.Gte, "weight", "0"), true, false},
		{"it is missing", cond(graph.IsNull, "weight", "true"), false, true},
		{"status", cond(graph.Eq, "status", "CONFLICT"), true, false},
		{"status in", cond(graph.In, "status", "ACCEPTED", "CONFLICT"), true, true},
		{"grade", cond(graph.StartsWith, "grade", "B"), true, false},
		{"no grade", cond(graph.IsNull, "grade", "true"), false, true},
		{"derived", cond(graph.Eq, "derived", "true"), true, false},
		{"not derived", cond(graph.Eq, "derived", "false"), false, true},
		{"cites", cond(graph.Includes, "source", "s2"), true, false},
		{"cites no other", cond(graph.Includes, "source", "s3"), false, false},
		{"cites nothing", cond(graph.IsNull, "source", "true"), false, true},
		{"a list includes", cond(graph.Includes, "form", "funds"), true, false},
		{"and not", join(graph.And, cond(graph.Eq, "derived", "true"), join(graph.Not, cond(graph.Includes, "form", "trains"))), true, false},
	} {
		if err := tt.cond.CheckTies([]graph.TieType{graph.Backs}); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if full, bare := tt.cond.MatchTie(tie), tt.cond.MatchTie(bare); full != tt.full || bare != tt.bare {
			t.Errorf("%s: fits %t and %t, want %t and %t", tt.name, full, bare, tt.full, tt.bare)
		}
	}
}

func TestCheckNodes(t *testing.T) {
	t.Parallel()
	some := func(h *graph.Hop) graph.Cond { return graph.Cond{Op: graph.Some, Hop: h} }
	deep := cond(graph.Eq, "id", "x")
	for range graph.MaxHops {
		deep = some(&graph.Hop{Type: graph.AlliedWith, Far: deep})
	}
	if err := deep.CheckNodes(nil); err != nil {
		t.Errorf("%d steps: %v", graph.MaxHops, err)
	}
	for _, tt := range []struct {
		cond graph.Cond
		says string
	}{
		{cond(graph.Eq, "size", "1"), `"size"`},
		{cond(graph.Eq, "lat", "1"), `"lat"`}, // of Place, not of Group
		{cond(graph.Eq, "id"), "id takes one value, got 0"},
		{cond(graph.Eq, "id", "a", "b"), "id takes one value, got 2"},
		{cond(graph.Lt, "strength", "many"), `strength "many"`},
		{cond(graph.In, "strength", "1", "many"), `strength "many"`},
		{cond(graph.Gt, "founded", "2013-13"), `founded "2013-13"`},
		{cond(graph.Gt, "summary", "x"), `summary "x": has no order`},
		{cond(graph.Contains, "strength", "1"), `strength "1": not a text field`},
		{cond(graph.Matches, "summary", "x"), `summary "x": only a name`},
		{cond(graph.Includes, "country", "IQ"), `country "IQ": not a set`},
		{cond(graph.IsNull, "country", "maybe"), `country "maybe": not true or false`},
		{join(graph.Not), "NOT takes one condition, got 0"},
		{join(graph.Not, graph.Cond{}, graph.Cond{}), "NOT takes one condition, got 2"},
		{join(graph.Or, graph.Cond{}, join(graph.And, cond(graph.Eq, "size", "1"))), `"size"`},
		{some(nil), "names the type of tie"},
		{some(&graph.Hop{}), "names the type of tie"},
		{some(&graph.Hop{Type: graph.MemberOf, Far: cond(graph.Eq, "size", "1")}), `"size"`},
		{some(&graph.Hop{Type: graph.MemberOf, Tie: graph.TieWhere{Cond: cond(graph.Eq, "seats", "1")}}), `"seats"`},
		{some(&graph.Hop{Type: graph.MemberOf, Tie: graph.TieWhere{Cond: deep}}), "a condition on a tie cannot look at further ties"},
		{some(&graph.Hop{Type: graph.MemberOf, Far: deep}), "3 steps deep"},
	} {
		err := tt.cond.CheckNodes([]graph.Kind{graph.Group})
		if !errors.Is(err, graph.ErrQuery) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%+v: %v, want ErrQuery that says %q", tt.cond, err, tt.says)
		}
	}
	// A limit may lie outside what a value may be.
	for _, c := range []graph.Cond{cond(graph.Gt, "strength", "-1"), cond(graph.Lt, "strength", "1.5"), cond(graph.Gte, "strength", "-1.5e308")} {
		if err := c.CheckNodes([]graph.Kind{graph.Group}); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestCheckTies(t *testing.T) {
	t.Parallel()
	holds := []graph.TieType{graph.Holds}
	for _, c := range []graph.Cond{cond(graph.Eq, "acting", "true"), cond(graph.Includes, "source", "s"), cond(graph.Gt, "confidence", "0.5"), {}} {
		if err := c.CheckTies(holds); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
	for _, tt := range []struct {
		cond graph.Cond
		says string
	}{
		{cond(graph.Eq, "form", "arms"), `"form"`},
		{cond(graph.Gt, "confidence", "high"), `confidence "high"`},
		{cond(graph.Lt, "acting", "true"), `acting "true": has no order`},
		{cond(graph.Matches, "rank", "x"), `rank "x": only a name`},
		{graph.Cond{Op: graph.None, Hop: &graph.Hop{Type: graph.Holds}}, "cannot look at further ties"},
	} {
		if err := tt.cond.CheckTies(holds); !errors.Is(err, graph.ErrQuery) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%+v: %v, want ErrQuery that says %q", tt.cond, err, tt.says)
		}
	}
	// form is a list in BACKS, one word in CONTROLS.
	if err := cond(graph.Includes, "form", "arms").CheckTies(nil); err != nil {
		t.Errorf("over every type: %v", err)
	}
	if err := cond(graph.Includes, "form", "arms").CheckTies([]graph.TieType{graph.Controls}); !errors.Is(err, graph.ErrQuery) {
		t.Errorf("CONTROLS has a list of forms: %v", err)
	}
	if s, ok := graph.FieldSpec(true, "confidence"); !ok || s.Type != graph.FloatProp {
		t.Errorf("FieldSpec of a tie's confidence = %+v, %t", s, ok)
	}
	if _, ok := graph.FieldSpec(false, "confidence"); ok {
		t.Error("a node has a confidence")
	}
}

func TestAll(t *testing.T) {
	t.Parallel()
	a, b := cond(graph.Eq, "id", "a"), cond(graph.Eq, "id", "b")
	if got := graph.All(graph.Cond{}, graph.Cond{}); got.Op != graph.True {
		t.Errorf("All of nothing = %+v", got)
	}
	if got := graph.All(graph.Cond{}, a); got.Op != graph.Eq || got.Values[0] != "a" {
		t.Errorf("All of one = %+v", got)
	}
	if got := graph.All(a, graph.Cond{}, b); got.Op != graph.And || len(got.Conds) != 2 {
		t.Errorf("All of two = %+v", got)
	}
}

func TestTieWhereMatch(t *testing.T) {
	t.Parallel()
	tie := graph.Tie{ID: "t", Type: graph.MemberOf, Span: span(t, "2014/2016"), Confidence: graph.Stated(0.5), Props: graph.Props{"role": {"leader"}}}
	rejected := tie
	rejected.Status = graph.Rejected
	asOf := func(text string, mode graph.GapMode) *graph.AsOf {
		return &graph.AsOf{Day: day(t, text), Gap: graph.GapPolicy{Mode: mode}}
	}
	during := func(from, to string) *[2]graph.Day { return &[2]graph.Day{day(t, from), day(t, to)} }
	for _, tt := range []struct {
		name  string
		where graph.TieWhere
		tie   graph.Tie
		want  bool
	}{
		{"nothing asked", graph.TieWhere{}, tie, true},
		{"nothing asked, rejected", graph.TieWhere{}, rejected, false},
		{"rejected asked for", graph.TieWhere{Statuses: []graph.Status{graph.Rejected}}, rejected, true},
		{"another status", graph.TieWhere{Statuses: []graph.Status{graph.Conflict}}, tie, false},
		{"sure enough", graph.TieWhere{MinConfidence: 0.5}, tie, true},
		{"not sure enough", graph.TieWhere{MinConfidence: 0.51}, tie, false},
		{"stands", graph.TieWhere{AsOf: asOf("2015-06-01", graph.Strict)}, tie, true},
		{"may stand", graph.TieWhere{AsOf: asOf("2016-06-01", graph.Contiguous)}, tie, true},
		{"does not stand strictly", graph.TieWhere{AsOf: asOf("2016-06-01", graph.Strict)}, tie, false},
		{"in the period", graph.TieWhere{During: during("2016-12-31", "2018-01-01")}, tie, true},
		{"past the period", graph.TieWhere{During: during("2017-01-01", "2018-01-01")}, tie, false},
		{"by property", graph.TieWhere{Cond: cond(graph.Eq, "role", "leader")}, tie, true},
		{"by another property", graph.TieWhere{Cond: cond(graph.Eq, "role", "driver")}, tie, false},
	} {
		if got := tt.where.Match(tt.tie); got != tt.want {
			t.Errorf("%s: %t, want %t", tt.name, got, tt.want)
		}
	}
	if nodes, ties := (graph.Counts{Nodes: map[graph.Kind]int{1: 2, 2: 3}, Ties: map[graph.TieType]int{1: 4}}).Total(); nodes != 5 || ties != 4 {
		t.Errorf("Total = %d, %d; want 5, 4", nodes, ties)
	}
}
