//nolint:misspell // Popolo spells its collection "organizations"
package popolo_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/loadertest"
)

const everything = `{
  "meta": {"source": "https://example.org/data"},
  "persons": [{
    "id": "0a0a0a0a-1111-4222-8333-444444444401", "name": "Ann Person", "birth_date": "1961-02", "death_date": "2020-03-04", "gender": " female ", "summary": "In short. ",
    "other_names": [{"name": "Annie", "lang": "en"}, {"name": "آن", "lang": "ar", "note": "multilingual"}],
    "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}, {"scheme": "viaf", "identifier": "22"}],
    "sources": [{"url": "https://example.org/ann", "note": "About Ann"}]}],
  "organizations": [
    {"id": "house", "name": "House", "classification": "Legislature", "founding_date": "1925-07", "dissolution_date": "1958-07-14", "seats": 329, "parent_id": "state",
     "identifiers": [{"scheme": "wikidata", "identifier": "Q2"}]},
    {"id": "state", "name": "State", "classification": "cabinet"},
    {"id": "dawn", "name": "Dawn", "classification": "Party", "founding_date": "2003"}],
  "posts": [{"id": "chair", "label": "The Chair", "role": "Chair", "organization_id": "state", "start_date": "1930", "end_date": "1931-01"}],
  "areas": [{"id": "hills", "name": "Hills", "type": "Electoral District", "identifier": "7", "parent_id": "land", "geometry": {"type": "Point", "coordinates": [44.5, 33.25]}}, {"id": "land", "name": "Land", "classification": "country"}],
  "events": [{"id": "term/1", "name": "First Term", "classification": "legislative period", "start_date": "1926-01", "end_date": "1929-12", "organization_id": "house"}],
  "memberships": [
    {"id": "m1", "person_id": "0a0a0a0a-1111-4222-8333-444444444401", "organization_id": "house", "role": "MP", "on_behalf_of_id": "dawn", "area_id": "hills", "legislative_period_id": "term/1", "end_date": "1928-05"},
    {"id": "m2", "person_id": "0a0a0a0a-1111-4222-8333-444444444401", "post_id": "chair", "start_date": "1930-02", "end_date": "1930-11"},
    {"id": "m3", "person_id": "0a0a0a0a-1111-4222-8333-444444444401", "organization_id": "dawn", "role": "treasurer", "start_date": "2004"}]
}`

// TestEveryField: each field that is read has a value of its own, and it is found where it
// belongs; nothing had to be repaired and nothing is left out.
func TestEveryField(t *testing.T) {
	store := loadertest.NewMemory()
	rep := load(t, store, loaders.Bytes("a.json", []byte(everything)), loaders.Options{})
	f := rep.Files[0]
	if f.Rows.Accepted != f.Rows.In || len(f.Notes) > 0 {
		t.Errorf("%+v, %v, %v, %v", f.Rows, f.Rejects, f.Repairs, f.Notes)
	}
	id := func(kind graph.Kind, of string) graph.ID { return graph.DeriveID(kind, "popolo", "Q2", of) }
	file, about := graph.DeriveID(graph.Source, "popolo", "Q2"), graph.DeriveID(graph.Source, "url", "https://example.org/ann")
	ann := graph.DeriveID(graph.Person, "popolo", "0a0a0a0a-1111-4222-8333-444444444401")
	house, state, dawn := id(graph.Institution, "house"), id(graph.Institution, "state"), id(graph.Group, "dawn")
	seat := graph.DeriveID(graph.Post, "popolo", string(house), "Member")
	ofFile := []graph.Citation{{Source: file}}
	primary := func(text string) []graph.Name {
		return []graph.Name{{Text: text, Script: "Latn", Kind: graph.PrimaryName}}
	}
	want := []graph.Node{
		{
			ID: ann, Kind: graph.Person, Aliases: []string{"popolo:0a0a0a0a-1111-4222-8333-444444444401", "wikidata:Q1", "viaf:22"}, Citations: []graph.Citation{{Source: about}},
			Names: append(primary("Ann Person"), graph.Name{Text: "Annie", Lang: "en", Script: "Latn", Kind: graph.AliasName}, graph.Name{Text: "آن", Lang: "ar", Script: "Arab", Kind: graph.TransliteralName}),
			Props: graph.Props{"born": {"1961-02"}, "died": {"2020-03-04"}, "gender": {"female"}, "summary": {"In short."}},
		},
		{
			ID: house, Kind: graph.Institution, Names: primary("House"), Types: []string{"legislature"}, Aliases: []string{"wikidata:Q2"}, Citations: ofFile,
			Props: graph.Props{"founded": {"1925-07"}, "dissolved": {"1958-07-14"}, "authorisedPosts": {"329"}},
		},
		{ID: state, Kind: graph.Institution, Names: primary("State"), Types: []string{"government"}, Citations: ofFile},
		{ID: dawn, Kind: graph.Group, Names: primary("Dawn"), Types: []string{"party"}, Citations: ofFile, Props: graph.Props{"founded": {"2003"}}},
		{ID: seat, Kind: graph.Post, Names: primary("Member of House"), Citations: ofFile, Props: graph.Props{"seats": {"329"}}},
		{ID: id(graph.Post, "chair"), Kind: graph.Post, Names: primary("The Chair"), Citations: ofFile, Props: graph.Props{"title": {"Chair"}}},
		{
			ID: id(graph.Place, "hills"), Kind: graph.Place, Names: primary("Hills"), Types: []string{"electoral_district"}, Aliases: []string{"area:7"}, Citations: ofFile,
			Props: graph.Props{"lon": {"44.5"}, "lat": {"33.25"}},
		},
		{ID: id(graph.Place, "land"), Kind: graph.Place, Names: primary("Land"), Types: []string{"country"}, Citations: ofFile},
		{ID: id(graph.Event, "term/1"), Kind: graph.Event, Names: primary("First Term"), Types: []string{"term"}, Citations: ofFile, Props: graph.Props{"date": {"1926-01"}, "ended": {"1929-12"}}},
		{ID: file, Kind: graph.Source, Names: primary("Popolo dataset a"), Types: []string{"dataset"}, Props: graph.Props{"url": {"https://example.org/data"}}},
		{ID: about, Kind: graph.Source, Names: []graph.Name{{Text: "About Ann", Kind: graph.PrimaryName}}, Props: graph.Props{"url": {"https://example.org/ann"}}},
	}
	nodes, ties := loadertest.Dump(t, store)
	byID := func(nodes []graph.Node) map[graph.ID]graph.Node {
		out := map[graph.ID]graph.Node{}
		for _, n := range nodes {
			out[n.ID] = n
		}
		return out
	}
	if diff := cmp.Diff(byID(want), byID(nodes)); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	day := func(text string) graph.Date {
		d, err := graph.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	wantTies := map[string]graph.Tie{}
	for _, tie := range []graph.Tie{
		{Type: graph.PartOf, From: house, To: state},
		{Type: graph.PostIn, From: seat, To: house},
		{Type: graph.PostIn, From: id(graph.Post, "chair"), To: state, Span: graph.Span{Start: day("1930"), End: day("1931-01")}},
		{Type: graph.PartOf, From: id(graph.Place, "hills"), To: id(graph.Place, "land")},
		{Type: graph.InvolvedIn, From: house, To: id(graph.Event, "term/1")},
		{Type: graph.Holds, From: ann, To: seat, Span: graph.Span{Start: day("1926-01"), End: day("1928-05")}, Props: graph.Props{"onBehalfOf": {"Dawn"}, "constituency": {"Hills"}}},
		{Type: graph.MemberOf, From: ann, To: dawn, Span: graph.Span{First: day("1926-01"), Last: day("1928-05")}},
		{Type: graph.Holds, From: ann, To: id(graph.Post, "chair"), Span: graph.Span{Start: day("1930-02"), End: day("1930-11")}},
		{Type: graph.MemberOf, From: ann, To: dawn, Span: graph.Span{Start: day("2004")}, Props: graph.Props{"role": {"treasurer"}}},
	} {
		tie.Citations = ofFile
		tie = loadertest.PlainTie(tie.Normal())
		wantTies[string(tie.ID)] = tie
	}
	gotTies := map[string]graph.Tie{}
	for _, tie := range ties {
		gotTies[string(tie.ID)] = tie
	}
	if diff := cmp.Diff(wantTies, gotTies); diff != "" {
		t.Errorf("ties (-want +got):\n%s", diff)
	}
}

// TestWhatIsToldOfAField: a repair where something was read differently, a reject where it
// cannot be read, a note where it is left out, and none of them where all is well.
func TestWhatIsToldOfAField(t *testing.T) {
	for _, c := range []struct{ field, value, became, rule, reason, note string }{
		{"birth_date", `"1961-02"`, "", "", "", ""},
		{"birth_date", `"1961-2"`, "1961-02", "date-padded", "", ""},
		{"birth_date", `1961`, "", "", "", ""},
		{"birth_date", `null`, "", "", "", ""},
		{"birth_date", `""`, "", "", "", ""},
		{"death_date", `"2020-00-00"`, "2020", "date-zero-part", "", ""},
		{"birth_date", `"once"`, "", "", "not a date: not a number (EDTF level 1, such as 2014, 2014-06, 2014-06-13, 201X, 2014?)", ""},
		{"gender", `["x"]`, "", "", "not a text", ""},
		{"other_names", `"x"`, "", "", "not a list of objects", ""},
		{"sources", `[]`, "", "", "", ""},
		{"shoe_size", `44`, "", "", "", "not loaded: no place for it in the vocabulary"},
		{"shoe_size", `null`, "", "", "", ""},
		{"shoe_size", `{}`, "", "", "", ""},
		{"national_identity", `"z"`, "", "", "", "not loaded: on the privacy list"},
		{"email", `"z"`, "", "", "", "not loaded: on the privacy list"},
	} {
		text := `{"persons": [{"id": "a", "name": "A", "` + c.field + `": ` + c.value + `}]}`
		f := load(t, loadertest.NewMemory(), loaders.Bytes("a.json", []byte(text)), loaders.Options{}).Files[0]
		var got []string
		for _, r := range f.Repairs {
			got = append(got, fmt.Sprintf("%s %s by %s", r.Field, r.Became, r.Rule))
		}
		for _, r := range f.Rejects {
			got = append(got, r.Field+": "+r.Reason)
		}
		for _, n := range f.Notes {
			got = append(got, n.Field+": "+n.Text)
		}
		want := ""
		switch {
		case c.rule != "":
			want = fmt.Sprintf("%s %s by %s", c.field, c.became, c.rule)
		case c.reason != "":
			want = c.field + ": " + c.reason
		case c.note != "":
			want = "persons." + c.field + ": " + c.note
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("%s: told %q, want %q", text, got, want)
		}
	}
}
