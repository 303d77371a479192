package sfm_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/loadertest"
)

// sheet writes a sheet of one row: pairs of a column and its cell.
func sheet(name string, pairs ...string) loaders.Input {
	var head, row []string
	for i := 0; i < len(pairs); i += 2 {
		head, row = append(head, pairs[i]), append(row, pairs[i+1])
	}
	return loaders.Bytes(name, []byte(strings.Join(head, "\t")+"\n"+strings.Join(row, "\t")+"\n"))
}

func day(t *testing.T, text string) graph.Date {
	t.Helper()
	d, err := graph.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func latin(text string, kind graph.NameKind) graph.Name {
	return graph.Name{Text: text, Script: "Latn", Kind: kind}
}

// stub is a source of which only the id is known.
func stub(id string) graph.Node {
	return graph.Node{ID: graph.ID("sfm:" + id), Kind: graph.Source, Names: []graph.Name{latin("Security Force Monitor source "+id, graph.PrimaryName)}}
}

func cited(ids ...string) (out []graph.Citation) {
	for _, id := range ids {
		out = append(out, graph.Citation{Source: graph.ID("sfm:" + id)})
	}
	return out
}

// TestEveryField: each column of each sheet has a value of its own, and it is found where
// it belongs; nothing had to be repaired.
func TestEveryField(t *testing.T) {
	units := sheet("units.tsv",
		"unit:id:admin", "U-1", "unit:status:admin", "3", "unit:name", "First Unit", "unit:name:source", "s-name", "unit:other_names", "Firsts;Ones", "unit:other_names:source", "s-other",
		"unit:classification", "Army;Military Police", "unit:classification:source", "s-class", "unit:country", "qx", "unit:country:source", "s-country",
		"unit:first_cited_date", "2001-02", "unit:first_cited_date:source", "s-first", "unit:first_cited_date_start", "Y",
		"unit:last_cited_date", "2019-03", "unit:last_cited_date:source", "s-last", "unit:last_cited_date_open", "E",
		"unit:relation_type", "child", "unit:related_unit_id:admin", "U-1b", "unit:related_unit", "Upper Unit", "unit:related_unit:source", "s-rel", "unit:related_unit:confidence", "High",
		"unit:related_unit_class", "Administrative", "unit:related_unit_class:source", "s-rclass", "unit:related_unit_class:confidence", "Medium",
		"unit:related_unit_first_cited_date", "2004-05", "unit:related_unit_first_cited_date:source", "s-rfirst", "unit:related_unit_first_cited_date_start", "Y",
		"unit:related_unit_last_cited_date", "2006-07", "unit:related_unit_last_cited_date:source", "s-rlast", "unit:related_unit_open", "E",
		"unit:location_type", "aoo", "unit:base_name", "Old Fort", "unit:base_name:source", "s-base", "unit:location", "Northtown (osm, point) 11111111-2222-4333-8444-555555555555",
		"unit:location:source", "s-loc", "unit:location:confidence", "Low", "unit:location_first_cited_date", "2008-09", "unit:location_first_cited_date:source", "s-lfirst",
		"unit:location_first_cited_date_founding", "N", "unit:location_last_cited_date", "2010-11", "unit:location_last_cited_date:source", "s-llast", "unit:location_open", "N")
	upper := sheet("upper.tsv", "unit:id:admin", "U-1b", "unit:name", "Upper Unit")
	persons := sheet("persons.tsv",
		"person:id:admin", "P-1", "person:status:admin", "3", "person:name", "Ann Person", "person:name:source", "s-pname", "person:other_names", "Annie;A. P.", "person:other_names:source", "s-pother",
		"person:country", "qy", "person:country:source", "s-pcountry", "person:posting_unit_id:admin", "U-1", "person:posting_unit_name", "First Unit", "person:posting_unit:source", "s-unit",
		"person:posting_unit:confidence", "High", "person:posting_role", "Acting Commander", "person:posting_role:source", "s-role", "person:posting_role:confidence", "Low", "person:posting_title", "Officer in Command",
		"person:posting_title:source", "s-title", "person:posting_rank", "Colonel", "person:posting_rank:source", "s-rank", "person:posting_first_cited_date", "2012-01",
		"person:posting_first_cited_date:source", "s-pfirst", "person:posting_first_cited_date_start", "Y", "person:posting_first_cited_date_start_context", "by decree",
		"person:posting_last_cited_date", "2013-02", "person:posting_last_cited_date:source", "s-plast", "person:posting_last_cited_date_end", "N", "person:posting_last_cited_date_end_context", "seen on parade")
	extra := sheet("extra.tsv",
		"person_extra:id:admin", "P-1", "person_extra:name", "Ann Person", "person_extra:gender", "female", "person_extra:gender:source", "s-gender", "person_extra:date_of_birth", "1961-04",
		"person_extra:date_of_birth:source", "s-born", "person_extra:deceased", "Y", "person_extra:deceased:source", "s-dead", "person_extra:deceased_date", "2020-05-06", "person_extra:deceased_date:source", "s-died")
	sources := sheet("sources.tsv",
		"source:access_point_id:admin", "s-name", "source:restricted:admin", "0", "source:type", "News Article", "source:title", "The Title", "source:author", "An Author", "source:url", "https://example.org/1",
		"source:published_timestamp", "2018-07-08", "source:access_point_trigger", "page 9", "source:archive_url", "https://example.org/archive/1", "source:publication_name", "The Paper")
	store := loadertest.NewMemory()
	rep := load(t, store, units, upper, persons, extra, sources)
	if rows := rep.Rows(); rows.Accepted != 5 {
		for _, f := range rep.Files {
			t.Errorf("%s: %+v, %v, %v", f.Name, f.Rows, f.Rejects, f.Repairs)
		}
	}
	for _, f := range rep.Files {
		if len(f.Notes) > 0 {
			t.Errorf("%s: not every column is read: %v", f.Name, f.Notes)
		}
	}
	post, fort := graph.DeriveID(graph.Post, "sfm", "sfm:u-1", "commander"), graph.DeriveID(graph.Place, "sfm", "base", "Old Fort", "sfm:11111111-2222-4333-8444-555555555555")
	const town = "sfm:11111111-2222-4333-8444-555555555555"
	want := map[graph.ID]graph.Node{
		"sfm:u-1": {
			Kind: graph.Institution, Names: []graph.Name{latin("First Unit", graph.PrimaryName), latin("Firsts", graph.AliasName), latin("Ones", graph.AliasName)},
			Types: []string{"army", "military_police", "unit"}, Props: graph.Props{"country": {"QX"}, "founded": {"2001-02"}, "dissolved": {"2019-03"}},
			Citations: cited("s-name", "s-other", "s-class", "s-country", "s-first", "s-last"),
		},
		"sfm:u-1b": {Kind: graph.Institution, Names: []graph.Name{latin("Upper Unit", graph.PrimaryName)}, Types: []string{"unit"}},
		"sfm:p-1": {
			Kind: graph.Person, Names: []graph.Name{latin("Ann Person", graph.PrimaryName), latin("Annie", graph.AliasName), latin("A. P.", graph.AliasName)},
			Props:     graph.Props{"country": {"QY"}, "gender": {"female"}, "born": {"1961-04"}, "died": {"2020-05-06"}},
			Citations: cited("s-pname", "s-pother", "s-pcountry", "s-gender", "s-born", "s-dead", "s-died"),
		},
		"sfm:s-name": {
			Kind: graph.Source, Names: []graph.Name{latin("The Title", graph.PrimaryName)}, Types: []string{"news_article"},
			Props: graph.Props{
				"title": {"The Title"}, "publisher": {"The Paper"}, "url": {"https://example.org/1"}, "archiveUrl": {"https://example.org/archive/1"},
				"date": {"2018-07-08"}, "summary": {"by An Author, at page 9"},
			},
		},
		post: {Kind: graph.Post, Names: []graph.Name{latin("Commander of First Unit", graph.PrimaryName)}, Props: graph.Props{"title": {"Commander"}}},
		town: {Kind: graph.Place, Names: []graph.Name{latin("Northtown", graph.PrimaryName)}, Types: []string{"area"}, Citations: cited("s-loc")},
		fort: {Kind: graph.Place, Names: []graph.Name{latin("Old Fort", graph.PrimaryName)}, Types: []string{"base"}, Citations: cited("s-base")},
	}
	for id := range strings.FieldsSeq("s-other s-class s-country s-first s-last s-rel s-rclass s-rfirst s-rlast s-base s-loc s-lfirst s-llast s-pname s-pother s-pcountry s-unit s-role s-title s-rank s-pfirst s-plast s-gender s-born s-dead s-died") {
		want[graph.ID("sfm:"+id)] = stub(id)
	}
	nodes, ties := loadertest.Dump(t, store)
	got := map[graph.ID]graph.Node{}
	for _, n := range nodes {
		got[n.ID] = n
	}
	for id, n := range want {
		n.ID = id
		want[id] = n
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	sure := func(word string) graph.Confidence {
		c, ok := graph.ConfidenceFromSFM(word)
		if !ok {
			t.Fatalf("no confidence %s", word)
		}
		return c
	}
	wantTies := map[string]graph.Tie{
		"PART_OF sfm:u-1": {
			Type: graph.PartOf, From: "sfm:u-1", To: "sfm:u-1b", Span: graph.Span{Start: day(t, "2004-05"), End: day(t, "2006-07")},
			Props: graph.Props{"class": {"administrative"}}, Confidence: sure("Medium"), Citations: cited("s-rel", "s-rclass", "s-rfirst", "s-rlast"),
		},
		"LOCATED_AT sfm:u-1": {
			Type: graph.LocatedAt, From: "sfm:u-1", To: fort, Span: graph.Span{First: day(t, "2008-09"), Last: day(t, "2010-11")},
			Props: graph.Props{"form": {"area_of_operations"}}, Confidence: sure("Low"), Citations: cited("s-loc", "s-base", "s-lfirst", "s-llast"),
		},
		"PART_OF " + string(fort): {Type: graph.PartOf, From: fort, To: town, Confidence: sure("Low"), Citations: cited("s-loc")},
		"HOLDS sfm:p-1": {
			Type: graph.Holds, From: "sfm:p-1", To: post, Span: graph.Span{Start: day(t, "2012-01"), Last: day(t, "2013-02")},
			Props: graph.Props{"rank": {"Colonel"}, "acting": {"true"}}, Confidence: sure("Low"), Citations: cited("s-unit", "s-role", "s-title", "s-rank", "s-pfirst", "s-plast"),
			Note: "title: Officer in Command; start: by decree; end: seen on parade",
		},
		"POST_IN " + string(post): {
			Type: graph.PostIn, From: post, To: "sfm:u-1", Derived: true, DerivedBy: "sfm-posting/1", Confidence: graph.Confidence{Value: 1, Rule: "sfm-posting/1"},
		},
	}
	gotTies := map[string]graph.Tie{}
	for _, tie := range ties {
		tie.ID = "" // derived
		gotTies[tie.Type.String()+" "+string(tie.From)] = tie
	}
	if diff := cmp.Diff(wantTies, gotTies); diff != "" || len(ties) != len(wantTies) {
		t.Errorf("%d ties (-want +got):\n%s", len(ties), diff)
	}
}

// TestRepairsAreToldWhereThereWereAny: words as the sheets have them are no repair; others
// are told with what they became, once.
func TestRepairsAreToldWhereThereWereAny(t *testing.T) {
	base := []string{"unit:id:admin", "u", "unit:name", "U", "unit:relation_type", "child", "unit:related_unit_id:admin", "v"}
	for _, c := range []struct{ column, cell, became, rule string }{
		{"unit:related_unit:confidence", "High", "", ""},
		{"unit:related_unit:confidence", "hIGH", "High", "canonical-form"},
		{"unit:related_unit_open", "Y", "", ""},
		{"unit:related_unit_open", "y", "Y", "canonical-form"},
		{"unit:related_unit:source", "s-1;s-2; s-1", "", ""},
		{"unit:related_unit:source", "NaN", "", "nan-is-no-source"},
		{"unit:related_unit_first_cited_date", "2014-05", "", ""},
		{"unit:related_unit_first_cited_date", "5/2014", "2014-05", "month-day-year"},
		{"unit:related_unit_open", "E", "", "end-without-date"},
		{"unit:related_unit_class", "COMMAND", "", ""},
	} {
		rep := load(t, loadertest.NewMemory(), sheet("v.tsv", "unit:id:admin", "v", "unit:name", "V"), sheet("u.tsv", append(base, c.column, c.cell)...))
		f := rep.Files[1]
		switch {
		case c.rule == "" && (len(f.Repairs) > 0 || f.Rows.Accepted != 1):
			t.Errorf("%s %q: %+v, %v, %v", c.column, c.cell, f.Rows, f.Repairs, f.Rejects)
		case c.rule != "" && (len(f.Repairs) != 1 || f.Repairs[0].Became != c.became || f.Repairs[0].Rule != c.rule || f.Rows.Repaired != 1):
			t.Errorf("%s %q: %+v, %+v, %v; want %q by %s", c.column, c.cell, f.Rows, f.Repairs, f.Rejects, c.became, c.rule)
		}
	}
}

// TestWordsThatAreNone: what is no word of its column is rejected at its place, never read
// as the mildest.
func TestWordsThatAreNone(t *testing.T) {
	base := []string{"unit:id:admin", "u", "unit:name", "U", "unit:relation_type", "child", "unit:related_unit_id:admin", "v"}
	for _, c := range []struct{ column, cell, reason string }{
		{"unit:related_unit:confidence", "Hig", "not one of Low, Medium, High"},
		{"unit:related_unit_class:confidence", "0.5", "not one of Low, Medium, High"},
		{"unit:related_unit_open", "X", "not one of Y, N, E"},
		{"unit:related_unit_open", "YE", "not one of Y, N, E"},
		{"unit:related_unit_first_cited_date_start", "E", "not one of Y, N"},
		{"unit:related_unit_class", "Loose", "not one of Command, Administrative, Informal"},
		{"unit:location_type", "base", "not one of site, aoo"},
	} {
		store := loadertest.NewMemory()
		rep := load(t, store, sheet("v.tsv", "unit:id:admin", "v", "unit:name", "V"), sheet("u.tsv", append(base, c.column, c.cell)...))
		f := rep.Files[1]
		is := func(r loaders.Reject) bool {
			return r.Field == c.column && r.Value == c.cell && r.Reason == c.reason && r.Line == 2
		}
		if !slices.ContainsFunc(f.Rejects, is) || f.Rows.Rejected != 1 {
			t.Errorf("%s %q: %v", c.column, c.cell, f.Rejects)
		}
	}
}
