package neo4jstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/storecopy"
	"entangle/graph/storetest"
)

// props are properties that others set, nil for those that they remove.
type props map[string]any

// besideNames are writes of others to a node n with three names, and the problem that each makes:
// its rule, field and value.
var besideNames = []struct {
	set          props
	rule         graph.Rule
	field, value string
}{
	{props{"nameKinds": []any{"primary", "Old Name", ""}}, graph.RuleWord, "nameKinds", "Old Name"},
	{props{"nameKinds": []any{"primary", "a:b", ""}}, graph.RuleWord, "nameKinds", "a:b"},
	{props{"nameKinds": []any{"primary", "alias\n", ""}}, graph.RuleWord, "nameKinds", "alias\n"},
	{props{"nameKinds": []any{"primary", strings.Repeat("x", 65), ""}}, graph.RuleWord, "nameKinds", strings.Repeat("x", 65)},
	{props{"nameKinds": []any{"primary", "a\x00", ""}}, graph.RuleText, "nameKinds", `"a\x00"`},
	{props{"nameKinds": []any{"primary"}}, graph.RuleList, "nameKinds", "[primary]"},
	{props{"nameKinds": []any{"primary", "", "", "alias"}}, graph.RuleList, "nameKinds", "[primary   alias]"},
	{props{"nameKinds": "alias"}, graph.RuleList, "nameKinds", "alias"},
	{props{"nameKinds": []any{1, 2, 3}}, graph.RuleList, "nameKinds", "[1 2 3]"},
	{props{"nameScripts": []any{"Latn", "Arabic", ""}}, graph.RuleWord, "nameScripts", "Arabic"},
	{props{"nameScripts": []any{"Latn", "Todr", ""}}, graph.RuleWord, "nameScripts", "Todr"},
	{props{"nameScripts": []any{"latn", "Arab", ""}}, graph.RuleForm, "nameScripts", "latn"},
	{props{"nameScripts": []any{"Latn", "Arab"}}, graph.RuleList, "nameScripts", "[Latn Arab]"},
	{props{"nameScripts": true}, graph.RuleList, "nameScripts", "true"},
	{props{"nameLangs": []any{"en", "a:r", ""}}, graph.RuleWord, "nameLangs", "a:r"},
	{props{"nameLangs": []any{"en", "ar", "", "x"}}, graph.RuleList, "nameLangs", "[en ar  x]"},
	{props{"nameLangs": 7}, graph.RuleList, "nameLangs", "7"},
	{props{"otherNames": []any{"one", ""}}, graph.RuleNameMissing, "names", ""},
	{props{"otherNames": []any{"one", " \t"}}, graph.RuleNameMissing, "names", " \t"},
	{props{"otherNames": []any{"one", "a\x00"}}, graph.RuleText, "names", `"a\x00"`},
	{props{"otherNames": []any{"only one"}, "nameKinds": nil, "nameScripts": nil}, graph.RuleList, "nameLangs", "[ ar ]"},
	{props{"otherNames": nil, "nameKinds": nil, "nameLangs": nil}, graph.RuleList, "nameScripts", "[Latn Arab ]"},
	{props{"otherNames": "one"}, graph.RuleList, "otherNames", "one"},
	{props{"otherNames": []any{1, 2}}, graph.RuleList, "otherNames", "[1 2]"},
	{props{"name": ""}, graph.RuleNameMissing, "name", ""},
	{props{"name": " "}, graph.RuleNameMissing, "names", " "},
	{props{"name": 7}, graph.RuleType, "name", "7"},
	{props{"name": []any{"one"}}, graph.RuleType, "name", "[one]"},

	{props{"sources": []any{"s-open", ""}, "pages": nil}, graph.RuleSourceMissing, "source", ""},
	{props{"pages": []any{"1", "2"}}, graph.RuleList, "pages", "[1 2]"},
	{props{"quotes": []any{"1", "2", "3"}}, graph.RuleList, "quotes", "[1 2 3]"},
	{props{"sources": nil}, graph.RuleList, "pages", "[4]"},
	{props{"types": []any{"two words"}}, graph.RuleText, "types", "two words"},
	{props{"aliases": []any{""}}, graph.RuleText, "aliases", ""},
	{props{"summary": "a\x00"}, graph.RuleText, "summary", `"a\x00"`},
	{props{"summary": ""}, graph.RuleText, "summary", ""},
	{props{"summary": " a"}, graph.RuleForm, "summary", " a"},
	{props{"born": ""}, graph.RuleText, "born", ""},
}

// fine are writes of others to the same node that make no problem.
var fine = []props{
	{"nameKinds": []any{"", "", ""}},
	{"nameKinds": []any{}},
	{"nameKinds": []any{"former", "x-9_z", "nom_de_guerre"}},
	{"nameScripts": []any{"Kawi", "Zyyy", "Qaaa"}},
	{"nameLangs": []any{"be_x_old", "zh-classical", ""}},
	{"nameScripts": nil, "nameLangs": nil},
	{"load": ""},
	{"pages": []any{}},
	{"pages": nil, "quotes": []any{"said"}},
}

// named is a node whose names have everything beside them.
func named(id graph.ID, source graph.ID) graph.Node {
	return graph.Node{
		ID: id, Kind: graph.Person, Names: []graph.Name{
			{Text: "Bogusson " + string(id), Script: "Latn", Kind: graph.PrimaryName}, {Text: "بوغوس", Lang: "ar", Script: "Arab", Kind: graph.NativeName}, {Text: "Bog " + string(id), Kind: graph.NomDeGuerre},
		},
		Citations: []graph.Citation{{Source: source, Page: "4"}},
	}
}

// TestForeignNames: what others write beside names and citations is a problem where it breaks a
// rule, on a node that a load brought and on a new one. No search, look-up or page serves it, none
// fails, and the rest is copied and exported. Corrected, it is served.
func TestForeignNames(t *testing.T) {
	s := open(t)
	b := storetest.Fixture()
	for i := range besideNames {
		b.Nodes = append(b.Nodes, named(graph.ID(fmt.Sprintf("loaded-%d", i)), "s-paper"))
	}
	for i := range fine {
		b.Nodes = append(b.Nodes, named(graph.ID(fmt.Sprintf("fine-%d", i)), "s-paper"))
	}
	apply(t, s, b)
	mustVersion(t, s)
	var rows []any
	row := func(what string, i int, set props) {
		rows = append(rows, map[string]any{"id": fmt.Sprintf("%s-%d", what, i), "props": map[string]any(set)})
	}
	for i, tt := range besideNames {
		row("loaded", i, tt.set)
		row("new", i, tt.set)
	}
	for i, set := range fine {
		row("fine", i, set)
	}
	admin(t, shared, `UNWIND $rows AS row WITH row WHERE row.id STARTS WITH 'new-'
		CREATE (:Person {id: row.id, name: 'Bogusson ' + row.id, otherNames: ['بوغوس', 'Bog'], nameLangs: ['', 'ar', ''], nameScripts: ['Latn', 'Arab', ''], sources: ['s-paper'], pages: ['4']})`,
		map[string]any{"rows": rows})
	admin(t, shared, "UNWIND $rows AS row MATCH (n:Person {id: row.id}) SET n += row.props", map[string]any{"rows": rows})

	all := problems(t, s, graph.ProblemQuery{})
	for i, tt := range besideNames {
		for _, id := range []string{"loaded", "new"} {
			item := fmt.Sprintf("node %s-%d", id, i)
			of := slices.DeleteFunc(slices.Clone(all.Page), func(p graph.Problem) bool { return p.Item != item })
			if len(of) != 1 || of[0].Rule != tt.rule || of[0].Field != tt.field || of[0].Value != tt.value || of[0].Reason == "" || of[0].Element == "" {
				t.Errorf("%s (%v): %+v, want %s of %s %q", item, tt.set, of, tt.rule, tt.field, tt.value)
			}
		}
	}
	if len(all.Page) != 2*len(besideNames) {
		t.Errorf("%d problems, want %d", len(all.Page), 2*len(besideNames))
	}
	checkServed(t, s, len(b.Nodes)-len(besideNames), len(fine))

	admin(t, shared, `MATCH (n:Person) WHERE n.id STARTS WITH 'loaded-' OR n.id STARTS WITH 'new-' SET n.name = 'Bogusson', n.otherNames = null, n.nameLangs = null, n.nameScripts = null,
		n.nameKinds = null, n.sources = null, n.pages = null, n.quotes = null, n.types = null, n.aliases = null, n.summary = null, n.born = null`, nil)
	checkServed(t, s, len(b.Nodes)+len(besideNames), len(fine)+2*len(besideNames))
	if all := problems(t, s, graph.ProblemQuery{}); len(all.Page) > 0 {
		t.Errorf("corrected, it is told: %v", all.Page)
	}
}

// checkServed asks for the Bogussons in every way and copies the database, which has that many nodes.
func checkServed(t *testing.T, s graph.Store, nodes, bogussons int) {
	t.Helper()
	settle(t, s)
	sc := newSchema(t, s)
	out := response(t, sc, graph.Red, `{
		search(text: "bogusson", first: 100) { node { key } }
		people(first: 100, where: { name: { startsWith: "Bogusson" } }) { totalCount nodes { key names { text kind lang script } citations { key page quote } } }
		one: people(where: { key: { eq: "loaded-0" } }) { totalCount }
	}`, nil)
	if strings.Contains(out, `"errors"`) || !strings.Contains(out, fmt.Sprintf(`"totalCount":%d,`, bogussons)) || strings.Count(out, `{"node":{"key":`) != bogussons {
		t.Errorf("want %d served: …%s", bogussons, out[max(0, len(out)-900):])
	}
	file := embedded(t)
	if copied, err := storecopy.Copy(t.Context(), s, file, storecopy.Options{}); err != nil || copied.Content.Nodes != nodes {
		t.Errorf("copied %+v, %v; want %d nodes", copied.Content, err, nodes)
	}
}

// TestForeignTexts: the same of ties that a load brought.
func TestForeignTexts(t *testing.T) {
	s := open(t)
	apply(t, s, storetest.Fixture())
	for _, tt := range []struct {
		set          props
		rule         graph.Rule
		field, value string
	}{
		{props{"grade": "Z9"}, graph.RuleWord, "grade", "Z9"},
		{props{"note": "a\x00"}, graph.RuleText, "note", `"a\x00"`},
		{props{"conflictSet": "a\x00"}, graph.RuleText, "conflictSet", `"a\x00"`},
		{props{"rank": ""}, graph.RuleText, "rank", ""},
		{props{"pages": []any{"1", "2", "3"}}, graph.RuleList, "pages", "[1 2 3]"},
		{props{"quotes": []any{"1", "2", "3"}}, graph.RuleList, "quotes", "[1 2 3]"},
		{props{"sources": []any{""}}, graph.RuleSourceMissing, "source", ""},
	} {
		before := admin(t, shared, "MATCH (:Person {id: 'p-adan'})-[r:HOLDS]->() RETURN properties(r)", nil)[0].Values[0]
		admin(t, shared, "MATCH (:Person {id: 'p-adan'})-[r:HOLDS]->() SET r += $props", map[string]any{"props": map[string]any(tt.set)})
		got := problems(t, s, graph.ProblemQuery{})
		if len(got.Page) != 1 || got.Page[0].Rule != tt.rule || got.Page[0].Field != tt.field || got.Page[0].Value != tt.value {
			t.Errorf("%v: %v, want %s of %s %q", tt.set, got.Page, tt.rule, tt.field, tt.value)
		}
		settle(t, s)
		if _, err := storecopy.Copy(t.Context(), s, embedded(t), storecopy.Options{}); err != nil {
			t.Errorf("%v: %v", tt.set, err)
		}
		admin(t, shared, "MATCH (:Person {id: 'p-adan'})-[r:HOLDS]->() SET r = $props", map[string]any{"props": before})
	}
	if got := problems(t, s, graph.ProblemQuery{}); len(got.Page) > 0 {
		t.Errorf("as it was: %v", got.Page)
	}
}
