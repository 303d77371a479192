package sfm_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/loadertest"
	"entangle/loaders/sfm"
)

// TestDetect: each sheet by the column that no other has, with its place in the order of
// reading.
func TestDetect(t *testing.T) {
	for head, want := range map[string]loaders.Match{
		"source:title,source:access_point_id:admin\n": {Score: 95, Part: "sources", Rank: 0},
		"unit:id:admin\tunit:name\n":                  {Score: 95, Part: "units", Rank: 1},
		"person:name,person:id:admin\n":               {Score: 95, Part: "persons", Rank: 2},
		"person_extra:id:admin":                       {Score: 95, Part: "persons_extra", Rank: 3},
		"unit:id,unit:name\n":                         {},
	} {
		if got := (sfm.Format{}).Detect([]byte(head)); got != want {
			t.Errorf("%q: %+v, want %+v", head, got, want)
		}
	}
}

// TestNoSheet: a file that is said to be of this format and is not is refused.
func TestNoSheet(t *testing.T) {
	rep, err := loaders.Run(t.Context(), loadertest.NewMemory(), loaders.NewRegistry(sfm.Format{}), []loaders.Input{loaders.Bytes("a.csv", []byte("unit:name\nU\n"))}, loaders.Options{Format: "sfm"})
	if err != nil {
		t.Fatal(err)
	}
	want := "a.csv:1: no sheet of this format: the header has none of source:access_point_id:admin, unit:id:admin, person:id:admin, person_extra:id:admin"
	if got := rep.Files[0].Rejects; len(got) != 1 || got[0].String() != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// TestColumnsThatAreNotLoaded: each is told with the reason, those that are read are not.
func TestColumnsThatAreNotLoaded(t *testing.T) {
	head := "unit:id:admin,unit:status:admin,unit:name,unit:name:source,unit:name:confidence,unit:first_cited_date_year,unit:related_unit:source," +
		"unit:owner:admin,unit:religion,unit:religion:admin,unit:motto,unit:motto:source\n"
	rep := load(t, loadertest.NewMemory(), loaders.Bytes("u.csv", []byte(head)))
	var got []string
	for _, n := range rep.Files[0].Notes {
		got = append(got, n.Field+": "+n.Text)
	}
	want := []string{
		"unit:motto: not loaded: no place for it in the vocabulary", "unit:motto:source: not loaded: no place for it in the vocabulary",
		"unit:owner:admin: not loaded: an :admin column", "unit:religion: not loaded: on the privacy list", "unit:religion:admin: not loaded: on the privacy list",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// TestCitationsOfACell: ids between semicolons, each once, "nan" for none.
func TestCitationsOfACell(t *testing.T) {
	for cell, want := range map[string]string{
		"a": "sfm:a", "a;b": "sfm:a sfm:b", "A ; a;;b": "sfm:a sfm:b", "nan;a": "sfm:a", "a;NaN;b": "sfm:a sfm:b", "nan": "", "": "",
	} {
		store := loadertest.NewMemory()
		rep := load(t, store, loaders.Bytes("u.csv", []byte("unit:id:admin,unit:name,unit:name:source\nu,U,"+cell+"\n")))
		nodes, _ := loadertest.Dump(t, store)
		var got []string
		for _, n := range nodes {
			if n.Kind == graph.Source && n.Name() != "Security Force Monitor source "+strings.TrimPrefix(string(n.ID), "sfm:") && n.ID != "sfm:a" {
				t.Errorf("%q: the stub %s is named %s", cell, n.ID, n.Name())
			}
			for _, c := range n.Citations {
				got = append(got, string(c.Source))
			}
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%q cites %q, want %q", cell, text, want)
		}
		repairs := strings.Count(strings.ToLower(cell), "nan")
		if len(rep.Files[0].Repairs) != repairs {
			t.Errorf("%q: repairs %v", cell, rep.Files[0].Repairs)
		}
	}
}

// TestSplitDates at the ends of what a month and a day may be; what is past them is
// refused at its own column.
func TestSplitDates(t *testing.T) {
	const head = "unit:id:admin,unit:name,unit:first_cited_date,unit:first_cited_date_start,unit:first_cited_date_year,unit:first_cited_date_month,unit:first_cited_date_day\n"
	for cells, want := range map[string]string{
		"2000,1,1": "2000-01-01", "2000,12,31": "2000-12-31", "2000,12,": "2000-12", "2000,,5": "2000", "2000,,": "2000", "0001,,": "0001", ",5,5": "",
		"2000,0,1": "_month: not a number from 1 to 12", "2000,13,1": "_month: not a number from 1 to 12", "2000,1,0": "_day: not a number from 1 to 31", "2000,1,32": "_day: not a number from 1 to 31",
		"200,1,1": "_year: not a year of four digits", "0000,1,1": "_year: not a year of four digits", "20x0,1,1": "_year: not a year of four digits", "2000,x,1": "_month: not a number from 1 to 12",
	} {
		store := loadertest.NewMemory()
		rep := load(t, store, loaders.Bytes("u.csv", []byte(head+"u,U,,Y,"+cells+"\n")))
		var got string
		if nodes, _ := loadertest.Dump(t, store); len(nodes) > 0 {
			got = nodes[0].Props.Text("founded")
		}
		for _, rej := range rep.Files[0].Rejects {
			got = strings.TrimPrefix(rej.Field, "unit:first_cited_date") + ": " + rej.Reason
		}
		if got != want {
			t.Errorf("%s: %q, want %q", cells, got, want)
		}
	}
}

// TestPostingsWithoutARole are named by what there is, and need their unit.
func TestPostingsWithoutARole(t *testing.T) {
	const head = "person:id:admin,person:name,person:posting_unit_id:admin,person:posting_unit_name,person:posting_role,person:posting_title,person:posting_rank\n"
	for cells, want := range map[string]string{
		"u,Unit,Chief,Boss,Major": "Chief of Unit", "u,Unit,,Boss,Major": "Boss of Unit", "u,Unit,,,Major": "Major of Unit", "u,Unit,,,": "Member of Unit", "u,,,,": "Member of u",
		",Unit,Chief,,": "a posting without the unit's id", ",,,,Major": "a posting without the unit's id", ",,,,": "",
	} {
		store := loadertest.NewMemory()
		rep := load(t, store, loaders.Bytes("u.csv", []byte("unit:id:admin,unit:name\nu,The Unit\n")), loaders.Bytes("p.csv", []byte(head+"p,P,"+cells+"\n")))
		var got string
		nodes, _ := loadertest.Dump(t, store)
		for _, n := range nodes {
			if n.Kind == graph.Post {
				got = n.Name()
			}
		}
		for _, rej := range rep.Files[1].Rejects {
			if got = rej.Reason; rej.Code == loaders.CodeValue {
				break
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", cells, got, want)
		}
	}
}
