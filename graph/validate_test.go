package graph_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

func goodNode() graph.Node {
	return graph.Node{
		ID: "g1", Kind: graph.Group, Names: []graph.Name{{Text: "منظمة بدر", Lang: "ar", Script: "Arab", Kind: graph.PrimaryName}},
		Types: []string{"armed_group", "party"}, Props: graph.Props{"founded": {"1983?"}, "strength": {"10000"}, "country": nil},
		Aliases: []string{"wikidata:Q1"}, Citations: []graph.Citation{{Source: "s1", Page: "4", Quote: "…"}}, Marking: graph.Red,
	}
}

func goodTie(tb testing.TB) graph.Tie {
	tb.Helper()
	return graph.Tie{
		Type: graph.Backs, From: "i1", To: "g1", Span: span(tb, "2014/.."), Confidence: graph.Stated(0.8), Weight: graph.KnownShare(0.5),
		Props: graph.Props{"form": {"arms", "trains"}}, Citations: []graph.Citation{{Source: "s1"}}, Grade: graph.Grade{Reliability: 'B'},
		Status: graph.Conflict, ConflictSet: "c1", Note: "as the source puts it",
	}.Normal()
}

func TestValidateNode(t *testing.T) {
	t.Parallel()
	if problems := graph.ValidateNode(goodNode()); len(problems) > 0 {
		t.Fatalf("a good node has problems: %v", problems)
	}
	long := strings.Repeat("x", graph.MaxText+1)
	for name, tt := range map[string]struct {
		change func(*graph.Node)
		want   []wrong
	}{
		"no id":                     {func(n *graph.Node) { n.ID = "" }, []wrong{{graph.RuleIDMissing, "node ", "id", "", "cannot be empty"}}},
		"a long id":                 {func(n *graph.Node) { n.ID = graph.ID(long[:513]) }, []wrong{{graph.RuleText, "node " + long[:513], "id", long[:200] + "…", "at most 512 bytes"}}},
		"an id not UTF-8":           {func(n *graph.Node) { n.ID = "g\xff" }, []wrong{{graph.RuleText, "node g\xff", "id", `"g\xff"`, "not UTF-8"}}},
		"no kind":                   {func(n *graph.Node) { n.Kind = 0 }, []wrong{{graph.RuleKind, "node g1", "kind", "Kind(0)", "no such kind"}}},
		"no name":                   {func(n *graph.Node) { n.Names = nil }, []wrong{{graph.RuleNameMissing, "node g1", "names", "", "needs a name"}}},
		"a blank name":              {func(n *graph.Node) { n.Names[0].Text = " \t" }, []wrong{{graph.RuleNameMissing, "node g1", "names", " \t", "blank"}}},
		"a name not UTF-8":          {func(n *graph.Node) { n.Names[0].Text = "b\xff" }, []wrong{{graph.RuleText, "node g1", "names", `"b\xff"`, "not UTF-8"}}},
		"a long name":               {func(n *graph.Node) { n.Names[0].Text = long[:graph.MaxName+1] }, []wrong{{graph.RuleText, "node g1", "names", long[:200] + "…", "at most 4096 bytes, this one 4097"}}},
		"a NUL":                     {func(n *graph.Node) { n.Names[0].Lang = "a\x00" }, []wrong{{graph.RuleText, "node g1", "nameLangs", `"a\x00"`, "NUL"}}},
		"a long text":               {func(n *graph.Node) { n.Props["summary"] = []string{long} }, []wrong{{graph.RuleText, "node g1", "summary", long[:200] + "…", "longer than 65536 bytes"}}},
		"a type of words":           {func(n *graph.Node) { n.Types[0] = "armed group" }, []wrong{{graph.RuleText, "node g1", "types", "armed group", "one word"}}},
		"an empty type":             {func(n *graph.Node) { n.Types[0] = "" }, []wrong{{graph.RuleText, "node g1", "types", "", "one word"}}},
		"an empty alias":            {func(n *graph.Node) { n.Aliases[0] = "" }, []wrong{{graph.RuleText, "node g1", "aliases", "", "cannot be empty"}}},
		"an alias not UTF-8":        {func(n *graph.Node) { n.Aliases[0] = "\xff" }, []wrong{{graph.RuleText, "node g1", "aliases", `"\xff"`, "not UTF-8"}}},
		"no such marking":           {func(n *graph.Node) { n.Marking = 9 }, []wrong{{graph.RuleWord, "node g1", "marking", "Marking(9)", "no such marking"}}},
		"no such property":          {func(n *graph.Node) { n.Props["lat"] = []string{"33"} }, []wrong{{graph.RuleProperty, "node g1", "lat", "33", "no such property here"}}},
		"two values":                {func(n *graph.Node) { n.Props["country"] = []string{"IQ", "IR"} }, []wrong{{graph.RuleList, "node g1", "country", "IQ;IR", "takes one value"}}},
		"no number":                 {func(n *graph.Node) { n.Props["strength"] = []string{"many"} }, []wrong{{graph.RuleNumber, "node g1", "strength", "many", "not a whole number"}}},
		"out of range":              {func(n *graph.Node) { n.Props["strength"] = []string{"-5"} }, []wrong{{graph.RuleNumber, "node g1", "strength", "-5", "below 0"}}},
		"too large":                 {func(n *graph.Node) { n.Props["strength"] = []string{"3000000000"} }, []wrong{{graph.RuleNumber, "node g1", "strength", "3000000000", "outside -2147483648 to 2147483647"}}},
		"not canonical":             {func(n *graph.Node) { n.Props["strength"] = []string{"007"} }, []wrong{{graph.RuleForm, "node g1", "strength", "007", `canonical form, which is "7"`}}},
		"an empty value":            {func(n *graph.Node) { n.Props["country"] = []string{""} }, []wrong{{graph.RuleText, "node g1", "country", "", "leave the property out"}}},
		"no date":                   {func(n *graph.Node) { n.Props["founded"] = []string{"2013-13"} }, []wrong{{graph.RuleDate, "node g1", "founded", "2013-13", "month outside 01 to 12"}}},
		"no source":                 {func(n *graph.Node) { n.Citations[0].Source = "" }, []wrong{{graph.RuleSourceMissing, "node g1", "source", "", "names its source"}}},
		"a page not UTF-8":          {func(n *graph.Node) { n.Citations[0].Page = "\xff" }, []wrong{{graph.RuleText, "node g1", "page", `"\xff"`, "not UTF-8"}}},
		"a quote with NUL":          {func(n *graph.Node) { n.Citations[0].Quote = "\x00" }, []wrong{{graph.RuleText, "node g1", "quote", `"\x00"`, "NUL"}}},
		"a source not UTF-8":        {func(n *graph.Node) { n.Citations[0].Source = "s\xff" }, []wrong{{graph.RuleText, "node g1", "source", `"s\xff"`, "not UTF-8"}}},
		"a type not UTF-8":          {func(n *graph.Node) { n.Types[0] = "t\xff" }, []wrong{{graph.RuleText, "node g1", "types", `"t\xff"`, "not UTF-8"}}},
		"a script with NUL":         {func(n *graph.Node) { n.Names[0].Script = "\x00" }, []wrong{{graph.RuleText, "node g1", "nameScripts", `"\x00"`, "NUL"}}},
		"a kind of name":            {func(n *graph.Node) { n.Names[0].Kind = "\xff" }, []wrong{{graph.RuleText, "node g1", "nameKinds", `"\xff"`, "not UTF-8"}}},
		"a kind of two words":       {func(n *graph.Node) { n.Names[0].Kind = "Old Name" }, []wrong{{graph.RuleWord, "node g1", "nameKinds", "Old Name", "such as alias"}}},
		"a kind with a colon":       {func(n *graph.Node) { n.Names[0].Kind = "a:b" }, []wrong{{graph.RuleWord, "node g1", "nameKinds", "a:b", "such as alias"}}},
		"a kind of two lines":       {func(n *graph.Node) { n.Names[0].Kind = "alias\n" }, []wrong{{graph.RuleWord, "node g1", "nameKinds", "alias\n", "such as alias"}}},
		"a long kind":               {func(n *graph.Node) { n.Names[0].Kind = graph.NameKind(long[:65]) }, []wrong{{graph.RuleWord, "node g1", "nameKinds", long[:65], "at most 64"}}},
		"a language":                {func(n *graph.Node) { n.Names[0].Lang = "a:r" }, []wrong{{graph.RuleWord, "node g1", "nameLangs", "a:r", "BCP 47"}}},
		"a long language":           {func(n *graph.Node) { n.Names[0].Lang = long[:36] }, []wrong{{graph.RuleWord, "node g1", "nameLangs", long[:36], "at most 35"}}},
		"a script by name":          {func(n *graph.Node) { n.Names[0].Script = "Arabic" }, []wrong{{graph.RuleWord, "node g1", "nameScripts", "Arabic", "ISO 15924"}}},
		"no such script":            {func(n *graph.Node) { n.Names[0].Script = "Todr" }, []wrong{{graph.RuleWord, "node g1", "nameScripts", "Todr", "ISO 15924"}}},
		"a script in small letters": {func(n *graph.Node) { n.Names[0].Script = "arab" }, []wrong{{graph.RuleForm, "node g1", "nameScripts", "arab", `which is "Arab"`}}},
		"beside a name": {func(n *graph.Node) { n.Names[0].Kind, n.Names[0].Lang, n.Names[0].Script = "!", "?", "x" }, []wrong{
			{graph.RuleWord, "node g1", "nameKinds", "!", ""}, {graph.RuleWord, "node g1", "nameLangs", "?", ""}, {graph.RuleWord, "node g1", "nameScripts", "x", ""},
		}},
		"a value with NUL": {func(n *graph.Node) { n.Props["country"] = []string{"\x00"} }, []wrong{{graph.RuleText, "node g1", "country", `"\x00"`, "NUL"}}},
		"two problems": {func(n *graph.Node) { n.Names, n.Types[0] = nil, ";" }, []wrong{
			{graph.RuleNameMissing, "node g1", "names", "", "needs a name"}, {graph.RuleText, "node g1", "types", ";", "one word"},
		}},
	} {
		n := goodNode()
		tt.change(&n)
		checkProblems(t, name, graph.ValidateNode(n), tt.want)
	}
}

// wrong is a problem that is wanted; its reason is a part of the reason.
type wrong struct {
	rule                       graph.Rule
	item, field, value, reason string
}

// checkProblems compares problems with those that are wanted.
func checkProblems(t *testing.T, name string, got []graph.Problem, want []wrong) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: problems %v, want %v", name, got, want)
		return
	}
	for i, w := range want {
		g := got[i]
		if g.Rule != w.rule || g.Item != w.item || g.Field != w.field || g.Value != w.value || !strings.Contains(g.Reason, w.reason) {
			t.Errorf("%s: problem %+v, want %+v", name, g, w)
		}
	}
}

// TestBoundsAreTheLastThatFit: an id of 512 bytes, a name of MaxName, a text of MaxText, a span
// of one day.
func TestBoundsAreTheLastThatFit(t *testing.T) {
	t.Parallel()
	n := goodNode()
	n.ID, n.Props["summary"] = graph.ID(strings.Repeat("x", 512)), []string{strings.Repeat("x", graph.MaxText)}
	n.Names[0].Text = strings.Repeat("x", graph.MaxName)
	if problems := graph.ValidateNode(n); len(problems) > 0 {
		t.Errorf("the longest: %v", problems)
	}
	tie := goodTie(t)
	tie.Confidence, tie.Weight, tie.Span = graph.Stated(1), graph.KnownShare(0), graph.Span{Start: date(t, "2014-05"), End: date(t, "2014-05"), First: date(t, "2014"), Last: date(t, "2014-01")}
	if problems := graph.ValidateTie(tie, graph.Institution, graph.Group); len(problems) > 0 {
		t.Errorf("the least and the greatest: %v", problems)
	}
	tie.Confidence, tie.Weight = graph.Stated(0), graph.KnownShare(1)
	if problems := graph.ValidateTie(tie, graph.Institution, graph.Group); len(problems) > 0 {
		t.Errorf("the greatest and the least: %v", problems)
	}
}

func TestValidateTie(t *testing.T) {
	t.Parallel()
	if problems := graph.ValidateTie(goodTie(t), graph.Institution, graph.Group); len(problems) > 0 {
		t.Fatalf("a good tie has problems: %v", problems)
	}
	loose := goodTie(t)
	loose.ID = ""
	if problems := graph.ValidateTie(loose, graph.Institution, graph.Group); len(problems) > 0 {
		t.Fatalf("a tie whose id is yet to be derived has problems: %v", problems)
	}
	const inst, group, person = graph.Institution, graph.Group, graph.Person
	for name, tt := range map[string]struct {
		change   func(*graph.Tie)
		from, to graph.Kind
		want     []wrong
	}{
		"no type":             {func(t *graph.Tie) { t.Type = 0 }, inst, group, []wrong{{graph.RuleTieType, "tie t1", "type", "TieType(0)", "no such tie type"}}},
		"no from":             {func(*graph.Tie) {}, 0, group, []wrong{{graph.RuleEndMissing, "tie t1", "from", "i1", "no such node"}}},
		"no to":               {func(*graph.Tie) {}, inst, 0, []wrong{{graph.RuleEndMissing, "tie t1", "to", "g1", "no such node"}}},
		"wrong kinds":         {func(*graph.Tie) {}, person, group, []wrong{{graph.RuleEnds, "tie t1", "type", "BACKS", "cannot join Person to Group (joins Group→Group,"}}},
		"itself":              {func(t *graph.Tie) { t.From = "g1" }, group, group, []wrong{{graph.RuleEnds, "tie t1", "to", "g1", "to itself"}}},
		"confidence above 1":  {func(t *graph.Tie) { t.Confidence.Value = 1.5 }, inst, group, []wrong{{graph.RuleNumber, "tie t1", "confidence", "1.5", "outside 0 to 1"}}},
		"confidence below 0":  {func(t *graph.Tie) { t.Confidence.Value = -0.1 }, inst, group, []wrong{{graph.RuleNumber, "tie t1", "confidence", "-0.1", "outside 0 to 1"}}},
		"confidence no nmbr":  {func(t *graph.Tie) { t.Confidence.Value = math.NaN() }, inst, group, []wrong{{graph.RuleNumber, "tie t1", "confidence", "NaN", "outside 0 to 1"}}},
		"weight above 1":      {func(t *graph.Tie) { t.Weight.Value = 2 }, inst, group, []wrong{{graph.RuleNumber, "tie t1", "weight", "2", "outside 0 to 1"}}},
		"weight no number":    {func(t *graph.Tie) { t.Weight.Value = math.NaN() }, inst, group, []wrong{{graph.RuleNumber, "tie t1", "weight", "NaN", "outside 0 to 1"}}},
		"no such status":      {func(t *graph.Tie) { t.Status = 7 }, inst, group, []wrong{{graph.RuleWord, "tie t1", "status", "Status(7)", "no such status"}}},
		"no such grade":       {func(t *graph.Tie) { t.Grade.Reliability = 'Z' }, inst, group, []wrong{{graph.RuleWord, "tie t1", "grade", `"Z-"`, "not an Admiralty grade"}}},
		"a small letter":      {func(t *graph.Tie) { t.Grade.Reliability = 'b' }, inst, group, []wrong{{graph.RuleWord, "tie t1", "grade", `"b-"`, "not an Admiralty grade"}}},
		"no such marking":     {func(t *graph.Tie) { t.Marking = 9 }, inst, group, []wrong{{graph.RuleWord, "tie t1", "marking", "Marking(9)", "no such marking"}}},
		"end before start":    {func(tie *graph.Tie) { tie.Span = span(t, "2016-02/2015") }, inst, group, []wrong{{graph.RuleDateOrder, "tie t1", "end", "2015", "before the start 2016-02"}}},
		"last before first":   {func(tie *graph.Tie) { tie.Span = graph.Span{First: date(t, "2016"), Last: date(t, "2015")} }, inst, group, []wrong{{graph.RuleDateOrder, "tie t1", "last", "2015", "before the first observation 2016"}}},
		"an open observation": {func(tie *graph.Tie) { tie.Span.Last = graph.Open }, inst, group, []wrong{{graph.RuleDate, "tie t1", "last", "..", "cannot be open"}}},
		"a text, no date":     {func(tie *graph.Tie) { tie.Span.First = graph.Date{Text: "2017-13"} }, inst, group, []wrong{{graph.RuleDate, "tie t1", "first", "2017-13", "month outside"}}},
		"a date not parsed":   {func(tie *graph.Tie) { tie.Span.First = graph.Date{Text: "2017"} }, inst, group, []wrong{{graph.RuleDate, "tie t1", "first", "2017", "ParseDate"}}},
		"a foreign value":     {func(t *graph.Tie) { t.Props["form"] = []string{"arms", "money"} }, inst, group, []wrong{{graph.RuleWord, "tie t1", "form", "money", "not one of funds, arms"}}},
		"no such property":    {func(t *graph.Tie) { t.Props["rank"] = []string{"x"} }, inst, group, []wrong{{graph.RuleProperty, "tie t1", "rank", "x", "no such property here"}}},
		"no source":           {func(t *graph.Tie) { t.Citations[0].Source = "" }, inst, group, []wrong{{graph.RuleSourceMissing, "tie t1", "source", "", "names its source"}}},
		"a note not UTF-8":    {func(t *graph.Tie) { t.Note = "\xff" }, inst, group, []wrong{{graph.RuleText, "tie t1", "note", `"\xff"`, "not UTF-8"}}},
		"an id with NUL":      {func(t *graph.Tie) { t.ID = "\x00" }, inst, group, []wrong{{graph.RuleText, "tie \x00", "id", `"\x00"`, "NUL"}}},
		"a long id":           {func(t *graph.Tie) { t.ID = graph.ID(strings.Repeat("t", 513)) }, inst, group, []wrong{{graph.RuleText, "tie " + strings.Repeat("t", 513), "id", strings.Repeat("t", 200) + "…", "at most 512 bytes"}}},
		"a rule not UTF-8":    {func(t *graph.Tie) { t.Confidence.Rule = "\xff" }, inst, group, []wrong{{graph.RuleText, "tie t1", "confidence", `"\xff"`, "not UTF-8"}}},
		"who derived it":      {func(t *graph.Tie) { t.DerivedBy = "\xff" }, inst, group, []wrong{{graph.RuleText, "tie t1", "derivedBy", `"\xff"`, "not UTF-8"}}},
		"a quote not UTF-8":   {func(t *graph.Tie) { t.Citations[0].Quote = "\xff" }, inst, group, []wrong{{graph.RuleText, "tie t1", "quote", `"\xff"`, "not UTF-8"}}},
		"a weight below 0":    {func(t *graph.Tie) { t.Weight.Value = -0.5 }, inst, group, []wrong{{graph.RuleNumber, "tie t1", "weight", "-0.5", "outside 0 to 1"}}},
		"an open first day":   {func(tie *graph.Tie) { tie.Span.First = graph.Open }, inst, group, []wrong{{graph.RuleDate, "tie t1", "first", "..", "cannot be open"}}},
		"a conflict set":      {func(t *graph.Tie) { t.ConflictSet = "\x00" }, inst, group, []wrong{{graph.RuleText, "tie t1", "conflictSet", `"\x00"`, "NUL"}}},
	} {
		tie := goodTie(t)
		tie.ID = "t1"
		tt.change(&tie)
		checkProblems(t, name, graph.ValidateTie(tie, tt.from, tt.to), tt.want)
	}
}

func TestEveryTypeValidatesItsEnds(t *testing.T) {
	t.Parallel()
	for _, row := range graph.TieTypes() {
		tie := graph.Tie{Type: row.Type, From: "a", To: "b"}.Normal()
		for _, from := range graph.Kinds() {
			for _, to := range graph.Kinds() {
				if got := len(graph.ValidateTie(tie, from.Kind, to.Kind)) == 0; got != row.Type.Joins(from.Kind, to.Kind) {
					t.Errorf("%s from %s to %s is valid: %t", row.Name, from.Name, to.Name, got)
				}
			}
		}
	}
}

func TestBatchValidate(t *testing.T) {
	t.Parallel()
	name := []graph.Name{{Text: "n"}}
	stored := map[graph.ID]graph.Kind{"old": graph.Group, "s1": graph.Source}
	kindOf := func(id graph.ID) graph.Kind { return stored[id] }
	for what, tt := range map[string]struct {
		batch graph.Batch
		want  []wrong
	}{
		"good, with ends and a source that the store has": {graph.Batch{
			Nodes: []graph.Node{{ID: "new", Kind: graph.Group, Names: name, Citations: []graph.Citation{{Source: "s1"}}}, {ID: "old", Kind: graph.Group, Names: name}},
			Ties:  []graph.Tie{{Type: graph.AlliedWith, From: "old", To: "new", Citations: []graph.Citation{{Source: "s1"}}}},
		}, nil},
		"two kinds in the batch": {
			graph.Batch{Nodes: []graph.Node{{ID: "x", Kind: graph.Group, Names: name}, {ID: "x", Kind: graph.Person, Names: name}}},
			[]wrong{{graph.RuleKind, "node x", "kind", "Person", "the batch also has it as Group"}},
		},
		"another kind in the store": {
			graph.Batch{Nodes: []graph.Node{{ID: "old", Kind: graph.Person, Names: name}}},
			[]wrong{{graph.RuleKind, "node old", "kind", "Person", "the store has it as Group"}},
		},
		"an end that does not exist": {
			graph.Batch{Ties: []graph.Tie{{ID: "t1", Type: graph.AlliedWith, From: "old", To: "gone"}}},
			[]wrong{{graph.RuleEndMissing, "tie t1", "to", "gone", "no such node"}},
		},
		"a source that does not exist, one that is none": {graph.Batch{
			Nodes: []graph.Node{{ID: "new", Kind: graph.Group, Names: name, Citations: []graph.Citation{{Source: "old"}}}},
			Ties:  []graph.Tie{{ID: "t1", Type: graph.AlliedWith, From: "new", To: "old", Citations: []graph.Citation{{Source: "gone"}, {Source: "s1"}}}},
		}, []wrong{{graph.RuleSourceMissing, "tie t1", "source", "gone", "no such source"}, {graph.RuleSourceMissing, "node new", "source", "old", "no such source"}}},
		"a source that is told as deleted": {graph.Batch{
			Nodes: []graph.Node{{ID: "new", Kind: graph.Group, Names: name, Citations: []graph.Citation{{Source: "gone"}, {Source: "s1"}}}},
			Ties:  []graph.Tie{{ID: "t1", Type: graph.AlliedWith, From: "new", To: "old", Citations: []graph.Citation{{Source: "gone"}}}},
			Gone:  []graph.ID{"unused", "gone", "s1"},
		}, nil},
		"told as deleted, but here as something else; another that is not told": {graph.Batch{
			Nodes: []graph.Node{{ID: "new", Kind: graph.Group, Names: name, Citations: []graph.Citation{{Source: "old"}, {Source: "new"}, {}}}},
			Ties:  []graph.Tie{{ID: "t1", Type: graph.AlliedWith, From: "new", To: "old", Citations: []graph.Citation{{Source: "lost"}}}},
			Gone:  []graph.ID{"old", "new", "gone", ""},
		}, []wrong{
			{graph.RuleSourceMissing, "node new", "source", "", "names its source"}, {graph.RuleSourceMissing, "tie t1", "source", "lost", "no such source"},
			{graph.RuleSourceMissing, "node new", "source", "old", "no such source"}, {graph.RuleSourceMissing, "node new", "source", "new", "no such source"},
		}},
		"a citation without source is told once": {
			graph.Batch{Ties: []graph.Tie{{ID: "t1", Type: graph.AlliedWith, From: "old", To: "new", Citations: []graph.Citation{{}}}}, Nodes: []graph.Node{{ID: "new", Kind: graph.Group, Names: name}}},
			[]wrong{{graph.RuleSourceMissing, "tie t1", "source", "", "names its source"}},
		},
		"things without id are told by place": {graph.Batch{
			Nodes: []graph.Node{{ID: "new", Kind: graph.Group, Names: name}, {Kind: graph.Group, Names: name}},
			Ties:  []graph.Tie{{Type: graph.AlliedWith, From: "old", To: "new"}, {Type: graph.AlliedWith, From: "old", To: "gone"}},
		}, []wrong{{graph.RuleIDMissing, "node number 2", "id", "", "cannot be empty"}, {graph.RuleEndMissing, "tie number 2", "to", "gone", "no such node"}}},
	} {
		checkProblems(t, what, tt.batch.Validate(kindOf), tt.want)
	}
}

func TestProblemsShowValues(t *testing.T) {
	t.Parallel()
	n := goodNode()
	n.Types = []string{strings.Repeat("ب", 300) + ";"} // two bytes a letter
	problems := graph.ValidateNode(n)
	if len(problems) != 1 || !utf8.ValidString(problems[0].Value) || len(problems[0].Value) > 210 {
		t.Errorf("a long value is shown as %v", problems)
	}
	p := graph.Problem{Item: "tie t1", Field: "start", Value: "2013-13", Reason: "no date"}
	if got, want := p.String(), `tie t1: start "2013-13": no date`; got != want {
		t.Errorf("problem %q, want %q", got, want)
	}
}

func TestBatchError(t *testing.T) {
	t.Parallel()
	var problems []graph.Problem
	for i := range 7 {
		problems = append(problems, graph.Problem{Item: fmt.Sprintf("tie t%d", i+1), Field: "to", Value: "x", Reason: "no such node"})
	}
	err := fmt.Errorf("loading: %w", &graph.BatchError{Problems: problems})
	if !errors.Is(err, graph.ErrInvalid) {
		t.Error("a BatchError is not ErrInvalid")
	}
	if be, ok := errors.AsType[*graph.BatchError](err); !ok || len(be.Problems) != 7 {
		t.Error("the problems are lost")
	}
	for text, want := range map[string]bool{"tie t5": true, "tie t6": false, "and 2 more": true} {
		if strings.Contains(err.Error(), text) != want {
			t.Errorf("error %q: has %q: %t", err, text, !want)
		}
	}
}

func TestBatchNormal(t *testing.T) {
	t.Parallel()
	b := graph.Batch{Ties: []graph.Tie{{Type: graph.RivalOf, From: "b", To: "a"}}}
	n := b.Normal()
	if n.Ties[0].From != "a" || n.Ties[0].ID == "" {
		t.Errorf("tie %+v is not normal", n.Ties[0])
	}
	if b.Ties[0].From != "b" || b.Ties[0].ID != "" {
		t.Error("Normal changes the batch it is given")
	}
	if diff := cmp.Diff(n, n.Normal()); diff != "" {
		t.Errorf("normal twice differs: %s", diff)
	}
	if (graph.Applied{NodesSame: 3, TiesSame: 2}).Changed() || !(graph.Applied{TiesUpdated: 1}).Changed() {
		t.Error("Changed is wrong")
	}
}
