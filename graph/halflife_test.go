package graph_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
)

func TestParseHalfLife(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]graph.HalfLife{
		"MEMBER_OF=12":       {Type: graph.MemberOf, Years: 12},
		"KIN_OF=endless":     {Type: graph.KinOf, Years: graph.Endless},
		"HOLDS:ministry=1.5": {Type: graph.Holds, Post: "ministry", Years: 1.5},
		"HOLDS=0":            {Type: graph.Holds},
		"PART_OF=10000":      {Type: graph.PartOf, Years: 10_000},
	} {
		got, err := graph.ParseHalfLife(text)
		if err != nil || got != want {
			t.Errorf("ParseHalfLife(%q) = %+v, %v; want %+v", text, got, err, want)
		}
		if got.String() != text {
			t.Errorf("%q is written %q", text, got)
		}
	}
	for _, text := range []string{
		"", "MEMBER_OF", "MEMBER_OF=", "MEMBER_OF=-1", "MEMBER_OF=10001", "MEMBER_OF=Inf", "MEMBER_OF=NaN", "MEMBER_OF=x",
		"HOLDS:=1", "HOLDS:a b=1", "HOLDS:a:b=1", "MEMBER_OF:ministry=1",
	} {
		if h, err := graph.ParseHalfLife(text); !errors.Is(err, graph.ErrQuery) {
			t.Errorf("ParseHalfLife(%q) = %+v, %v; want ErrQuery", text, h, err)
		}
	}
	if _, err := graph.ParseHalfLife("BELONGS_TO=1"); !errors.Is(err, graph.ErrVocabulary) {
		t.Errorf("an unknown type: %v", err)
	}
}

// TestHalfLivesAreTheTablesAndWhatDiffers: rows in any order are one value; those of the tables
// stand where nothing is said.
func TestHalfLivesAreTheTablesAndWhatDiffers(t *testing.T) {
	t.Parallel()
	rows := []graph.HalfLife{{Type: graph.MemberOf, Years: 3}, {Type: graph.Holds, Post: "court", Years: 9}, {Type: graph.Holds, Post: "ministry", Years: graph.Endless}}
	h, err := graph.NewHalfLives(rows...)
	if err != nil {
		t.Fatal(err)
	}
	turned, err := graph.NewHalfLives(rows[2], rows[0], rows[1])
	if err != nil || turned != h {
		t.Errorf("%v, %v: another order is another value than %v", turned, err, h)
	}
	if got, want := h.String(), "HOLDS:court=9 HOLDS:ministry=endless MEMBER_OF=3"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if diff := cmp.Diff([]graph.HalfLife{rows[1], rows[2], rows[0]}, h.Differing()); diff != "" {
		t.Errorf("differing (-want +got):\n%s", diff)
	}
	of := map[string]float64{}
	for _, row := range h.Rows() {
		of[row.Type.String()+" "+row.Post] = row.Years
	}
	for what, years := range map[string]float64{
		"HOLDS ": graph.TenureHalfLife, "HOLDS court": 9, "HOLDS ministry": graph.Endless, "HOLDS government": 0.95, "MEMBER_OF ": 3, "KIN_OF ": graph.Endless, "PART_OF ": 10,
	} {
		if of[what] != years {
			t.Errorf("%s: %g, want %g", what, of[what], years)
		}
	}
	if want := len(graph.TieTypes()) + 5; len(of) != want {
		t.Errorf("%d rows, want %d", len(of), want)
	}
	days := h.Lookup()
	for want, got := range map[float64]float64{
		9 * 365.25: days(graph.Holds, []string{"judge", "court", "ministry"}), 2 * 365.25: days(graph.Holds, []string{"judge"}),
		3 * 365.25: days(graph.MemberOf, []string{"court"}), math.Inf(1): days(graph.Holds, []string{"ministry"}),
	} {
		if got != want {
			t.Errorf("%g days, want %g", got, want)
		}
	}
	if (graph.HalfLives{}).String() != "" || len((graph.HalfLives{}).Differing()) != 0 {
		t.Error("the tables differ from themselves")
	}
	for name, rows := range map[string][]graph.HalfLife{
		"no type":                {{Years: 1}},
		"twice":                  {{Type: graph.Holds, Years: 1}, {Type: graph.KinOf, Years: 1}, {Type: graph.Holds, Years: 1}},
		"a post twice":           {{Type: graph.Holds, Post: "a", Years: 1}, {Type: graph.Holds, Post: "a", Years: 2}},
		"no number":              {{Type: graph.Holds, Years: math.NaN()}},
		"negative":               {{Type: graph.Holds, Years: -1}},
		"a post of a membership": {{Type: graph.MemberOf, Post: "a", Years: 1}},
	} {
		if h, err := graph.NewHalfLives(rows...); !errors.Is(err, graph.ErrQuery) {
			t.Errorf("%s: %v, %v; want ErrQuery", name, h, err)
		}
	}
}

// TestEveryTypeHasAHalfLife: with a reason; tenures change hands soonest but for coalitions and
// armed presence, kinship and what has happened not at all.
func TestEveryTypeHasAHalfLife(t *testing.T) {
	t.Parallel()
	for _, row := range graph.TieTypes() {
		if row.HalfLife <= 0 || row.Ages == "" {
			t.Errorf("%s: half-life %g, because %q", row.Name, row.HalfLife, row.Ages)
		}
		if endless := row.Type == graph.KinOf || row.Type == graph.SplitFrom || row.Type == graph.InvolvedIn; (row.HalfLife == graph.Endless) != endless {
			t.Errorf("%s: half-life %g", row.Name, row.HalfLife)
		}
	}
	byPost, all := graph.TenureHalfLives()
	for _, row := range append(byPost, all) {
		if row.Ended < 10 || row.Ended > row.Held || row.Low > row.Years || row.Years > row.High {
			t.Errorf("%+v", row)
		}
	}
}
