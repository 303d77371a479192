package sfm_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/loadertest"
	"entangle/loaders/sfm"
)

func sample(tb testing.TB) []loaders.Input {
	tb.Helper()
	var inputs []loaders.Input
	// Persons first: the sheets are put into order by what they are.
	for _, name := range []string{"persons.csv", "units.csv", "sources.csv"} {
		inputs = append(inputs, loadertest.File(tb, "testdata/"+name))
	}
	return inputs
}

func TestSuite(t *testing.T) {
	loadertest.Run(t, loadertest.Case{
		Open: loadertest.Embedded, Format: sfm.Format{}, Rows: 6 + 9 + 2, CutEvery: 23, Inputs: sample(t),
	})
}

func load(t *testing.T, store loaders.Store, inputs ...loaders.Input) *loaders.Report {
	t.Helper()
	rep, err := loaders.Run(t.Context(), store, loaders.NewRegistry(sfm.Format{}), inputs, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	loadertest.CheckReport(t, rep)
	return rep
}

func TestMapping(t *testing.T) {
	store := loadertest.NewMemory()
	rep := load(t, store, sample(t)...)
	nodes, ties := loadertest.Dump(t, store)
	names := map[graph.ID]string{}
	for _, n := range nodes {
		names[n.ID] = n.Name()
	}
	var got []string
	for _, tie := range ties {
		s := tie.Span
		line := []string{
			tie.Type.String(), names[tie.From], "→", names[tie.To], "|", s.Start.Text + "/" + s.End.Text, "seen", s.First.Text + "/" + s.Last.Text,
			"|", tie.Confidence.Rule, tie.Props.Text("class") + tie.Props.Text("form") + tie.Props.Text("rank") + strings.Repeat("*", len(tie.Citations)),
		}
		if tie.Props.Bool("acting") {
			line = append(line, "acting")
		}
		if tie.Note != "" {
			line = append(line, "("+tie.Note+")")
		}
		got = append(got, strings.Join(line, " "))
	}
	want := []string{
		`HOLDS Layla Noor → Commander of 1 Brigade | / seen 2016-03/2017-01-01 | sfm/1 Major* acting`,
		`HOLDS Samir Haddan → Commander of 1 Brigade | 2014-06-13/2016 seen / | sfm/1 Colonel* (title: Commanding Officer; start: appointed by order 12)`,
		`HOLDS Samir Haddan → General of Army of Qasr | 2018/ seen / | sfm/1 General*`,
		`LOCATED_AT 1 "Falcon" Brigade → East Province | / seen 2015-08/ | default/1 area_of_operations*`,
		`LOCATED_AT Army of Qasr → Fort North | / seen 2015/ | default/1 site*`,
		`PART_OF 1 "Falcon" Brigade → Army of Qasr | 2014-06-13/ seen /2016-02-03 | sfm/1 command**`,
		`PART_OF 1 "Falcon" Brigade → Joint Task Force | /2016-10-21 seen 2015-01/ | sfm/1 informal* (member)`,
		`PART_OF Fort North → Northtown | / seen / | default/1 *`,
		`PART_OF Unknown Battalion → 1 "Falcon" Brigade | /.. seen 2014-09-10/ | default/1 administrative`,
		`POST_IN Commander of 1 Brigade → 1 "Falcon" Brigade | / seen / | sfm-posting/1 `,
		`POST_IN General of Army of Qasr → Army of Qasr | / seen / | sfm-posting/1 `,
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ties (-want +got):\n%s", diff)
	}
	var rejects []string
	for _, f := range rep.Files {
		for _, rej := range f.Rejects {
			rejects = append(rejects, rej.String())
		}
	}
	wantRejects := []string{
		`persons.csv:5:1: column 1 (person:status:admin) "2": not published: only rows of status 3 are`,
		`persons.csv:6:24: column 9 (person:posting_unit_id:admin) "U-77": no such node in this load or in the store`,
		`persons.csv:7:42: column 12 (person:posting_unit:confidence) "Maybe": not one of Low, Medium, High`,
		`units.csv:6:43: column 13 (unit:related_unit_id:admin) "U-99": no such node in this load or in the store`,
		`units.csv:8:5: column 2 (unit:status:admin) "1": not published: only rows of status 3 are`,
		`units.csv:9:68: column 19 (unit:related_unit_first_cited_date) "10/16/20106": not a date: a year has four digits`,
		`units.csv:10:33: column 12 (unit:relation_type) "cousin": not one of child, member`,
		`units.csv:10:102: column 28 (unit:location) "": a location without a place`,
		`sources.csv:3:5: column 2 (source:restricted:admin) "1": not published: the source is restricted`,
	}
	if diff := cmp.Diff(wantRejects, rejects); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}

func TestNodes(t *testing.T) {
	store := loadertest.NewMemory()
	load(t, store, sample(t)...)
	nodes, _ := loadertest.Dump(t, store)
	byID := map[graph.ID]graph.Node{}
	for _, n := range nodes {
		byID[n.ID] = n
		for _, text := range append(n.Props["summary"], n.Name()) {
			if strings.Contains(text, "Ann") || strings.Contains(text, "secret") || strings.Contains(text, "Draft") {
				t.Errorf("an :admin value or an unpublished row is stored: %+v", n)
			}
		}
	}
	brigade := byID["sfm:u-2"]
	wantNames := []graph.Name{
		{Text: `1 "Falcon" Brigade`, Script: "Latn", Kind: graph.PrimaryName},
		{Text: "1st Brigade", Script: "Latn", Kind: graph.AliasName},
		{Text: "Falcons", Script: "Latn", Kind: graph.AliasName},
	}
	if diff := cmp.Diff(wantNames, brigade.Names); diff != "" {
		t.Errorf("names of the unit (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"army", "military", "unit"}, brigade.Types); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	for id, want := range map[graph.ID]graph.Props{
		"sfm:u-1": {"country": {"QX"}, "founded": {"1950"}},
		"sfm:u-3": {"country": {"QX"}, "placeholder": {"true"}},
		"sfm:s-1": {"title": {"Order of Battle"}, "publisher": {"Qasr Review"}, "url": {"https://example.org/oob"}, "date": {"2019-11-29"}, "summary": {"by A. Writer, at 12"}},
		"sfm:s-2": nil, // a stub: only its id is known
	} {
		if diff := cmp.Diff(want, byID[id].Props); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
	if got := byID["sfm:s-2"].Name(); got != "Security Force Monitor source s-2" {
		t.Errorf("the stub is named %q", got)
	}
}

// Both repairs and rejects of dates, in the forms that the sheets have.
func TestDates(t *testing.T) {
	for _, c := range []struct{ whole, year, month, day, want, rule string }{
		{"2014-06-13", "", "", "", "2014-06-13", ""},
		{"2013-01-", "", "", "", "2013-01", "date-trailing-dash"},
		{"10 /21/2010", "", "", "", "2010-10-21", "month-day-year"},
		{"9/10/2014", "", "", "", "2014-09-10", "month-day-year"},
		{"8/2007", "", "", "", "2007-08", "month-day-year"},
		{"August 2007", "", "", "", "2007-08", "month-name"},
		{"Aug 2007", "", "", "", "2007-08", "month-name"},
		{"DEC 2007", "", "", "", "2007-12", "month-name"},
		{"january 2007", "", "", "", "2007-01", "month-name"},
		{" May  2007 ", "", "", "", "2007-05", "month-name"},
		{"Augu 2007", "", "", "", "", "not a date: not a year, month or day"},
		{"Aug 207", "", "", "", "", "not a date: not a year, month or day"},
		{"", "2016", "10", "16", "2016-10-16", ""},
		{"10/16/20106", "2016", "10", "16", "2016-10-16", "split-date-columns"},
		{"2018-01-02", "2019", "1", "2", "2019-01-02", "split-date-columns"},
		{"10/16/2016", "2016", "10", "16", "2016-10-16", ""},
		{"4/4/42016", "", "", "", "", "not a date: a year has four digits"},
		{"2014", "20145", "", "", "", "not a year of four digits"},
		{"2014", "2014", "13", "", "", "not a number from 1 to 12"},
		{"2/30/2014", "", "", "", "", "not a date: day outside 01 to 28"},
	} {
		sheet := "unit:id:admin,unit:name,unit:relation_type,unit:related_unit_id:admin,unit:related_unit_first_cited_date," +
			"unit:related_unit_first_cited_date_year,unit:related_unit_first_cited_date_month,unit:related_unit_first_cited_date_day\n" +
			"a,A,,,,,,\nb,B,child,a," + strings.Join([]string{c.whole, c.year, c.month, c.day}, ",") + "\n"
		store := loadertest.NewMemory()
		rep := load(t, store, loaders.Bytes("units.csv", []byte(sheet)))
		_, ties := loadertest.Dump(t, store)
		f, got, rule := rep.Files[0], "", ""
		if len(ties) == 1 {
			got = ties[0].Span.First.Text
		}
		if len(f.Repairs) == 1 {
			rule = f.Repairs[0].Rule
		}
		if len(f.Rejects) == 1 {
			rule = strings.TrimSuffix(f.Rejects[0].Reason, edtfHint)
		}
		if got != c.want || rule != c.rule {
			t.Errorf("%+v: got %q by %q", c, got, rule)
		}
	}
}

const edtfHint = " (EDTF level 1, such as 2014, 2014-06, 2014-06-13, 201X, 2014?)"

func FuzzRead(f *testing.F) {
	for _, in := range sample(f) {
		f.Add(loadertest.Read(f, in))
	}
	f.Add([]byte("unit:id:admin\tunit:name\nu\t\"U\n"))
	f.Add([]byte("person_extra:id:admin,person_extra:name,person_extra:date_of_birth\np,P,01/01/80\n"))
	f.Fuzz(func(t *testing.T, data []byte) { loadertest.CheckBytes(t, sfm.Format{}, "fuzz.csv", data) })
}
