package storetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

func search(t *testing.T, r graph.Reader, q graph.SearchQuery) []graph.Hit {
	t.Helper()
	return must[[]graph.Hit](t)(r.Search(t.Context(), q))
}

// TestSearchRanks: the whole name, then its beginning, then a word's, then the
// rest; then the shorter name, then the smaller id.
func (suite) TestSearchRanks(t *testing.T, c *Case) {
	m := NewModel()
	b := graph.Batch{Nodes: []graph.Node{
		node(graph.Group, "1-inside", "Unreeded"), node(graph.Group, "2-word", "Old Reed Front"), node(graph.Group, "3-begin-long", "Reed Front of the North"),
		node(graph.Group, "4-begin", "Reeds"), node(graph.Group, "6-whole", "REED"), node(graph.Group, "5-whole", "al-Reed"), node(graph.Group, "0-whole", "Réed"),
		node(graph.Person, "7-best-of-names", "Front Reeds Old", named("Reed", "", graph.AliasName), named("Reeds", "", graph.AliasName)),
		node(graph.Person, "8-apart", "Front and Reed"), node(graph.Person, "9-other", "Somebody Else"),
	}}
	mustApply(t, c.Store, b)
	mustApply(t, m, b)
	v := mustView(t, c.Store, graph.Clear)
	got := search(t, v, graph.SearchQuery{Text: "reed"})
	want := []graph.Hit{
		{Node: "0-whole", Kind: graph.Group, Name: "Réed", Rank: 0},
		{Node: "6-whole", Kind: graph.Group, Name: "REED", Rank: 0},
		{Node: "7-best-of-names", Kind: graph.Person, Name: "Reed", Rank: 0},
		{Node: "5-whole", Kind: graph.Group, Name: "al-Reed", Rank: 0},
		{Node: "4-begin", Kind: graph.Group, Name: "Reeds", Rank: 1},
		{Node: "3-begin-long", Kind: graph.Group, Name: "Reed Front of the North", Rank: 1},
		{Node: "2-word", Kind: graph.Group, Name: "Old Reed Front", Rank: 2},
		{Node: "8-apart", Kind: graph.Person, Name: "Front and Reed", Rank: 2},
		{Node: "1-inside", Kind: graph.Group, Name: "Unreeded", Rank: 3},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("search reed (-want +got):\n%s", diff)
	}
	for _, q := range []graph.SearchQuery{
		{Text: "reed", Limit: 3},
		{Text: "reed", Kinds: []graph.Kind{graph.Person}},
		{Text: "reed", Kinds: []graph.Kind{graph.Person, graph.Group, graph.Place}, Limit: 100},
		{Text: "front reed"},
		{Text: "reed front"},
		{Text: "r"},
		{Text: "re"},
		{Text: "ee f"},
		{Text: "d f r"},
		{Text: "reed", Kinds: []graph.Kind{graph.Place}},
	} {
		if diff := cmp.Diff(search(t, mustView(t, m, graph.Clear), q), search(t, v, q), same); diff != "" {
			t.Errorf("search %+v (-want +got):\n%s", q, diff)
		}
	}
}

// TestSearchScripts: spellings of one name find each other, in Latin and Arabic
// letters.
func (suite) TestSearchScripts(t *testing.T, c *Case) {
	mustApply(t, c.Store, graph.Batch{Nodes: []graph.Node{
		node(graph.Person, "ka", "عبد الهادي الكَشّي"), node(graph.Person, "kb", "Abd al-Hādī al-Kešši"), node(graph.Institution, "im", "وزارة المدّ"),
		node(graph.Group, "gh", "حركة ھلال"), node(graph.Group, "g3", "لواء ٣"),
	}})
	v := mustView(t, c.Store, graph.Clear)
	for text, want := range map[string]graph.ID{
		"عبدالهادي": "ka", "كشى": "ka", "عَبْدُ الهادي": "ka", "ABDULHADI": "kb", "abdel hadi": "kb", "Kessi": "kb", "وزاره": "im", "وزارة المد": "im", "هلال": "gh", "لواء 3": "g3", "3": "g3", "لو": "g3",
	} {
		hits := search(t, v, graph.SearchQuery{Text: text})
		if len(hits) != 1 || hits[0].Node != want {
			t.Errorf("search %q: %+v, want %s", text, hits, want)
		}
	}
}

// TestSearchHostile: text is text, whatever a query language would make of it.
func (suite) TestSearchHostile(t *testing.T, c *Case) {
	m := fixture(t, c)
	odd := graph.Batch{Nodes: []graph.Node{
		node(graph.Group, "h1", `The "Quoted" OR NOT Party*`), node(graph.Group, "h2", "100% (AND) {NEAR/2}"), node(graph.Group, "h3", "a_b-c:d^2"), node(graph.Group, "h4", "'; DROP TABLE node; --"),
		node(graph.Group, "h5", "😀"), node(graph.Group, "h6", "日本 x"),
	}}
	mustApply(t, c.Store, odd)
	mustApply(t, m, odd)
	v, ref := mustView(t, c.Store, graph.Clear), mustView(t, m, graph.Clear)
	for _, text := range []string{
		"", " ", "\t\n", "%", "_", "*", `"`, `""`, "'", "-", "--", ":", "^", "AND", "OR", "NOT", "NEAR", "NEAR(a b)", "quoted OR", `"quoted"`, "party*", "par*", "100%", "1_0", "a_b", "a-b",
		"drop table", "'; drop", "col:reed", "{near", "reed AND front", "reed OR salt", "-reed", "reed -front", "\x00", "ree\x00d", "\xff\xfe", "😀", "日", "日本", "ﬁ", "\u202ereed", "al", "el ul",
	} {
		q := graph.SearchQuery{Text: text, Limit: 50}
		if diff := cmp.Diff(search(t, ref, q), search(t, v, q), same); diff != "" {
			t.Errorf("search %q (-want +got):\n%s", text, diff)
		}
	}
	long := graph.SearchQuery{Text: fmt.Sprintf("%01000d reed", 7)}
	if hits := search(t, v, long); len(hits) != 0 {
		t.Errorf("a long text found %v", hits)
	}
}

// TestSearchLimit: 0 is 20.
func (suite) TestSearchLimit(t *testing.T, c *Case) {
	var b graph.Batch
	for i := range 30 {
		b.Nodes = append(b.Nodes, node(graph.Place, graph.ID(fmt.Sprintf("l%02d", i)), fmt.Sprintf("Quay %02d", i)))
	}
	mustApply(t, c.Store, b)
	v := mustView(t, c.Store, graph.Clear)
	for limit, want := range map[int]int{0: 20, 1: 1, 29: 29, 100: 30} {
		if hits := search(t, v, graph.SearchQuery{Text: "quay", Limit: limit}); len(hits) != want || hits[0].Node != "l00" {
			t.Errorf("limit %d: %d hits, want %d", limit, len(hits), want)
		}
	}
}
