package sfm_test

import (
	"encoding/xml"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/loaders"
	"entangle/loaders/loadertest"
)

// Security Force Monitor's units of Mali, as in its developer challenge of
// 2022: 400 rows, 398 units, 398 relations, of which 7 lead to 3 parents that
// the sheet does not have.
func TestMali(t *testing.T) {
	path := loadertest.Data(t, "sfm-mali/units.tsv")
	store := loadertest.Embedded(t)
	rep := load(t, store, loaders.Path(path))
	f := rep.Files[0]
	if f.Rows.In != 400 || f.Collection("units").In != 400 || f.Collection("units").Rejected != 0 {
		t.Errorf("rows %+v, units %+v", f.Rows, f.Collection("units"))
	}
	if rep.Nodes != (loaders.Changes{Created: 398}) {
		t.Errorf("nodes %v, want 398 created", rep.Nodes)
	}
	if got := f.Collection("relations"); got.In != 398 || got.Rejected != 7 || rep.Ties != (loaders.Changes{Created: 391}) {
		t.Errorf("relations %+v, ties %v", got, rep.Ties)
	}
	wantMissing := []loaders.Missing{
		{Ref: "4d86136f-1702-43f3-ab29-6abc5f95383f", Records: 1},
		{Ref: "9c6d621a-4774-44fd-88e0-089475f19360", Records: 5},
		{Ref: "a2f224b0-21fb-4ee9-8139-50c781a0d684", Records: 1},
	}
	if diff := cmp.Diff(wantMissing, rep.Missing); diff != "" {
		t.Errorf("missing parents (-want +got):\n%s", diff)
	}
	if again := load(t, store, loaders.Path(path)); again.Changed() || again.Nodes.Same != 398 || again.Ties.Same != 391 {
		t.Errorf("the reload: nodes %v, ties %v", again.Nodes, again.Ties)
	}
	nodes, _ := loadertest.Dump(t, store)
	placeholders := 0
	for _, n := range nodes {
		if n.Props.Bool("placeholder") {
			placeholders++
		}
	}
	if placeholders < 15 { // 15 rows are classified so; names beginning with Unknown come on top
		t.Errorf("%d placeholders", placeholders)
	}
}

// The chain of command that the publisher gives for one company: every unit
// above it, with the dates of each relation.
func TestMaliChain(t *testing.T) {
	store := loadertest.Embedded(t)
	load(t, store, loaders.Path(loadertest.Data(t, "sfm-mali/units.tsv")))
	data, err := os.ReadFile(loadertest.Data(t, "sfm-mali/324_cdm_command_chain_raw.graphml"))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Edges []struct {
			Parent string `xml:"source,attr"`
			Child  string `xml:"target,attr"`
		} `xml:"graph>edge"`
	}
	if err := xml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, e := range doc.Edges {
		want = append(want, "sfm:"+e.Child+" → sfm:"+e.Parent)
	}
	_, ties := loadertest.Dump(t, store)
	const company = "sfm:45bb4fae-5f2d-4790-b512-955d43cfb9a6" // 324 Compagnie d’Infanterie Motorisée
	var got []string
	seen := map[graph.ID]bool{company: true}
	for next := []graph.ID{company}; len(next) > 0; next = next[1:] {
		for _, tie := range ties {
			if tie.From != next[0] || tie.Type != graph.PartOf || tie.Props.Text("class") != "command" {
				continue
			}
			got = append(got, string(tie.From)+" → "+string(tie.To))
			if !seen[tie.To] {
				seen[tie.To] = true
				next = append(next, tie.To)
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if len(want) != 7 {
		t.Fatalf("%d edges in the expected chain", len(want))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("chain of command (-want +got):\n%s", diff)
	}
}

// The importer's own fixtures: rows of status 1 and 2 are not published.
func TestImporter(t *testing.T) {
	store := loadertest.Embedded(t)
	dir := loadertest.Data(t, "sfm-importer")
	rep := load(t, store, loaders.Path(dir))
	got := map[string]loaders.Tally{}
	for _, f := range rep.Files {
		got[f.Part] = f.Rows
	}
	for part, want := range map[string]int{"units": 11, "persons": 7, "sources": 113, "persons_extra": 2} {
		if got[part].In != want {
			t.Errorf("%s: %+v, want %d rows", part, got[part], want)
		}
	}
	for _, f := range rep.Files {
		unpublished := 0
		for _, c := range f.RejectCounts {
			if c.What == string(loaders.CodeUnpublished) {
				unpublished = c.Count
			}
		}
		if want := map[string]int{"units": 2, "persons": 1, "sources": 1}[f.Part]; unpublished != want {
			t.Errorf("%s: %d rows not published, want %d", f.Part, unpublished, want)
		}
	}
	if again := load(t, store, loaders.Path(dir)); again.Changed() {
		t.Errorf("the reload changed nodes %v, ties %v", again.Nodes, again.Ties)
	}
}
