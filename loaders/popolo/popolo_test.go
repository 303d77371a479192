//nolint:misspell // Popolo spells its collection "organizations"
package popolo_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/loadertest"
	"entangle/loaders/popolo"
)

func TestSuite(t *testing.T) {
	loadertest.Run(t, loadertest.Case{
		Open:   loadertest.Embedded,
		Format: popolo.Format{}, Rows: 7 + 6 + 11 + 1 + 3 + 1, CutEvery: 23,
		Inputs: []loaders.Input{loadertest.File(t, "testdata/qasr.json")},
	})
}

func load(t *testing.T, store loaders.Store, in loaders.Input, opt loaders.Options) *loaders.Report {
	t.Helper()
	rep, err := loaders.Run(t.Context(), store, loaders.NewRegistry(popolo.Format{}), []loaders.Input{in}, opt)
	if err != nil {
		t.Fatal(err)
	}
	loadertest.CheckReport(t, rep)
	return rep
}

// graphOf indexes what a store has: nodes by name, ties in the form
// "Type From → To start/end".
type graphOf struct {
	byName map[string]graph.Node
	ties   []graph.Tie
	names  map[graph.ID]string
}

func dump(t *testing.T, store loaders.Store) graphOf {
	t.Helper()
	nodes, ties := loadertest.Dump(t, store)
	g := graphOf{map[string]graph.Node{}, ties, map[graph.ID]string{}}
	for _, n := range nodes {
		g.byName[n.Name()], g.names[n.ID] = n, n.Name()
	}
	return g
}

func (g graphOf) between(from, to string) (out []string) {
	for _, t := range g.ties {
		if g.names[t.From] == from && g.names[t.To] == to {
			out = append(out, strings.TrimSpace(t.Type.String()+" "+t.Span.String()+" seen "+t.Span.First.Text+"/"+t.Span.Last.Text+" "+t.Props.Text("constituency")+t.Props.Text("role")))
		}
	}
	return out
}

func TestMapping(t *testing.T) {
	store := loadertest.NewMemory()
	rep := load(t, store, loadertest.File(t, "testdata/qasr.json"), loaders.Options{})
	g := dump(t, store)
	for _, c := range []struct {
		from, to string
		want     []string
	}{
		// Two memberships of one person that differ in the area alone.
		{"سمير حدان", "Member of Assembly of Qasr", []string{"HOLDS 2014/2018-06-30 seen / Hills", "HOLDS 2014/2018-06-30 seen / Marsh"}},
		// The bond was observed in the term; it did not begin with it.
		{"سمير حدان", "أسود الأهوار", []string{"MEMBER_OF  seen 2014/2018-06-30"}},
		// Its own start goes before the term's.
		{"ليلى نور", "Member of Assembly of Qasr", []string{"HOLDS 2015-02-01/2018-06-30 seen /"}},
		{"Ari", "Dawn", []string{"MEMBER_OF 2010/ seen / treasurer"}},
		{"Ari", "chair of Defence Committee", []string{"HOLDS  seen /"}},
		{"chair of Defence Committee", "Defence Committee", []string{"POST_IN  seen /"}},
		{"Ari", "Speaker of the Assembly", []string{"HOLDS 2016/ seen /"}},
		{"Speaker of the Assembly", "Assembly of Qasr", []string{"POST_IN  seen /"}},
		{"Dawn", "Reform", []string{"PART_OF  seen /"}},
		{"Marsh", "Qasr", []string{"PART_OF  seen /"}},
	} {
		got := g.between(c.from, c.to)
		if len(got) == 2 && got[0] > got[1] {
			got[0], got[1] = got[1], got[0]
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s → %s (-want +got):\n%s", c.from, c.to, diff)
		}
	}
	person := g.byName["سمير حدان"]
	wantNames := []graph.Name{
		{Text: "سمير حدان", Script: "Arab", Kind: graph.PrimaryName},
		{Text: "Samir Haddan", Lang: "en", Script: "Latn", Kind: graph.TransliteralName},
		{Text: "ابو ريم", Script: "Arab", Kind: graph.AliasName},
	}
	if diff := cmp.Diff(wantNames, person.Names); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"popolo:0a0a0a0a-1111-4222-8333-444444444401", "wikidata:Q0000001"}, person.Aliases); diff != "" {
		t.Errorf("aliases, the passport left out (-want +got):\n%s", diff)
	}
	f := rep.Files[0]
	for name, want := range map[string]loaders.Tally{
		"persons": {In: 7, Accepted: 2, Repaired: 1, Rejected: 4}, "organizations": {In: 6, Accepted: 5, Repaired: 1},
		"memberships": {In: 11, Accepted: 6, Rejected: 5}, "areas": {In: 3, Accepted: 3}, "posts": {In: 1, Accepted: 1}, "events": {In: 1, Accepted: 1},
	} {
		if got := f.Collection(name); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	var lines []string
	for _, rej := range f.Rejects {
		lines = append(lines, rej.String())
	}
	for _, want := range []string{
		`qasr.json:8: birth_date "1970-13": not a date: month outside 01 to 12`,
		`qasr.json:12: an element of "persons" that is no object`,
		`qasr.json:29: post_id "no-such-post": no such node in this load or in the store`,
		`qasr.json:33: legislative_period_id "term/1900": no such event in the file`,
	} {
		if !strings.Contains(strings.Join(lines, "\n"), want) {
			t.Errorf("no reject like %q in\n%s", want, strings.Join(lines, "\n"))
		}
	}
}

// A later edition, another file name or a dataset's name: what keeps its ids.
func TestScope(t *testing.T) {
	data, err := os.ReadFile("testdata/qasr.json")
	if err != nil {
		t.Fatal(err)
	}
	house := func(name string, data []byte, opt loaders.Options) (graph.ID, graph.ID) {
		store := loadertest.NewMemory()
		load(t, store, loaders.Bytes(name, data), opt)
		g := dump(t, store)
		return g.byName["Assembly of Qasr"].ID, g.byName["سمير حدان"].ID
	}
	id, person := house("a.json", data, loaders.Options{})
	if other, _ := house("b.json", append(data, '\n'), loaders.Options{}); other != id {
		t.Errorf("another name and edition: id %s, was %s", other, id)
	}
	elsewhere := []byte(strings.ReplaceAll(string(data), "Q0000002", "Q0000003"))
	other, same := house("a.json", elsewhere, loaders.Options{})
	if other == id {
		t.Error("the legislature of another country has the same id")
	}
	if same != person {
		t.Error("a UUID means the same person in every file")
	}
	if other, _ := house("a.json", data, loaders.Options{Dataset: "mine"}); other == id {
		t.Error("a dataset's name is the scope of its ids")
	}
}

// The counts of the collections in EveryPolitician's file of Iraq's Council of
// Representatives of 2014, and one that others report: the bloc al-Sadiqoun won
// one seat that year (Washington Institute).
func TestIraq(t *testing.T) {
	path := loadertest.Data(t, "everypolitician-iraq/ep-popolo-v1.0.json")
	store := loadertest.Embedded(t)
	rep := load(t, store, loaders.Path(path), loaders.Options{})
	for name, want := range map[string]int{"persons": 328, "organizations": 31, "memberships": 328, "events": 1} {
		if got := rep.Files[0].Collection(name); got != (loaders.Tally{In: want, Accepted: want}) {
			t.Errorf("%s: %+v, want %d accepted", name, got, want)
		}
	}
	kinds, members := map[graph.Kind]int{}, 0
	g := dump(t, store)
	nodes, _ := loadertest.Dump(t, store) // not by name: one party has a man's
	for _, n := range nodes {
		kinds[n.Kind]++
	}
	for _, tie := range g.ties {
		if tie.Type == graph.MemberOf && g.names[tie.To] == "كتلة الصادقون" {
			members++
		}
	}
	if members != 1 {
		t.Errorf("al-Sadiqoun has %d members, want 1", members)
	}
	if kinds[graph.Group] != 30 || kinds[graph.Institution] != 1 || kinds[graph.Post] != 1 {
		t.Errorf("kinds: %v", kinds)
	}
	if again := load(t, store, loaders.Path(path), loaders.Options{}); again.Changed() {
		t.Errorf("the reload changed nodes %v, ties %v", again.Nodes, again.Ties)
	}
}

func TestCutFileTellsWhere(t *testing.T) {
	data, err := os.ReadFile("testdata/qasr.json")
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := bytes.Cut(data, []byte(`"name": "ليلى`))
	rep := load(t, loadertest.NewMemory(), loaders.Bytes("qasr.json", before), loaders.Options{})
	want := loaders.Reject{
		File: "qasr.json", Place: loaders.Place{Line: 7}, Collection: "file", Code: loaders.CodeFile,
		Reason: "the JSON ends in the middle: the file is cut (at byte 567); what came before is loaded",
	}
	if diff := cmp.Diff([]loaders.Reject{want}, rep.Files[0].Rejects); diff != "" {
		t.Error(diff)
	}
	if got := rep.Files[0].Collection("persons"); got.Accepted != 1 {
		t.Errorf("persons before the cut: %+v", got)
	}
}

func FuzzRead(f *testing.F) {
	data, err := os.ReadFile("testdata/qasr.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	for _, seed := range []string{
		`{"persons":[]}`, `{"persons":null,"memberships":{}}`, `{"persons":[{"id":1,"name":"A"},{"id":1,"name":"A","birth_date":"x"}]}`,
		`{"organizations":[{"id":"a","name":"A","parent_id":"a"}],"memberships":[{"member_id":"a","organization_id":"a"}]}`,
		`{"persons":[{"id":"a","name":"A"}],"events":[{"id":"e","name":"E","start_date":"2014","end_date":"2013"}],"memberships":[{"person_id":"a","on_behalf_of_id":"p","legislative_period_id":"e"}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { loadertest.CheckBytes(t, popolo.Format{}, "fuzz.json", data) })
}
