package data_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"entangle/graph"
)

// TestSourcesSayWhatTheyAre: a source has a publisher and says in a sentence what it says,
// and it can be found: at its address, in a copy, or by its title and date.
func TestSourcesSayWhatTheyAre(t *testing.T) {
	unread := 0 // named publications that were not read again and have no address
	for _, n := range sample(t).Nodes {
		if n.Kind != graph.Source || n.ID == reading {
			continue
		}
		if n.Props.Text("publisher") == "" || n.Props.Text("title") == "" || !strings.HasSuffix(n.Props.Text("summary"), ".") {
			t.Errorf("%s: publisher %q, title %q, summary %q", n.ID, n.Props.Text("publisher"), n.Props.Text("title"), n.Props.Text("summary"))
		}
		if publisher := n.Props.Text("publisher"); strings.Contains(publisher, "(via ") || strings.Contains(publisher, "read ") || strings.Contains(publisher, " copy") {
			t.Errorf("%s: %q is where it was read, not who published it", n.ID, publisher)
		}
		if n.Props.Text("url") == "" && n.Props.Text("archiveUrl") == "" {
			unread++
		}
	}
	if unread > 8 {
		t.Errorf("%d sources have neither an address nor a copy, 8 had none", unread)
	}
}

const reading = graph.ID("source/analysts-reading-of-the-sample")

// TestPlacesAreOnTheMap: every place has coordinates in or beside Iraq, and says from where.
func TestPlacesAreOnTheMap(t *testing.T) {
	for _, r := range readRows(t, "nodes.csv") {
		if r.cells[":LABEL"] != "Place" {
			continue
		}
		lat, latErr := strconv.ParseFloat(r.cells["lat"], 64)
		lon, lonErr := strconv.ParseFloat(r.cells["lon"], 64)
		if latErr != nil || lonErr != nil || lat < 29 || lat > 38 || lon < 38.5 || lon > 49 || r.cells["sources"] == "" || r.cells["summary"] == "" {
			t.Errorf("line %d: %s at %q, %q by %q", r.line, r.cells[":ID"], r.cells["lat"], r.cells["lon"], r.cells["sources"])
		}
	}
}

// TestTwoMenOfOneName: the head of the Falcons cell and the deputy in the PMF share a nom
// de guerre and nothing else.
func TestTwoMenOfOneName(t *testing.T) {
	b := sample(t)
	far := map[graph.ID][]graph.ID{}
	for _, tie := range b.Ties {
		if strings.HasPrefix(string(tie.From), "person/abu-ali-al-basri") {
			far[tie.From] = append(far[tie.From], tie.To)
		}
	}
	if len(far) != 2 {
		t.Fatalf("%d men: %v", len(far), far)
	}
	for _, to := range far["person/abu-ali-al-basri-pmf"] {
		if slices.Contains(far["person/abu-ali-al-basri"], to) {
			t.Errorf("both are tied to %s", to)
		}
	}
}

// TestRoofsAreMarked: the alliances that say no more than that two groups stand under one
// roof are told by their rule, so that they can be taken out as one; all others rest on
// what somebody reported.
func TestRoofsAreMarked(t *testing.T) {
	counts := map[string]int{}
	for _, tie := range sample(t).Ties {
		if tie.Type == graph.AlliedWith {
			counts[tie.DerivedBy]++
		}
	}
	for rule, want := range map[string]int{"sample/shared-bloc": 3, "sample/shared-cell": 1, "sample/shared-backer": 3, "sample/joint-exit": 6, "": 6} {
		if counts[rule] != want {
			t.Errorf("%d alliances by %q, want %d", counts[rule], rule, want)
		}
		delete(counts, rule)
	}
	if len(counts) > 0 {
		t.Errorf("other rules: %v", counts)
	}
}

// TestForceHasAHeadcount: the troops behind the government, in the month of the campaign of
// 2008 and on the day of the seed questions.
func TestForceHasAHeadcount(t *testing.T) {
	for _, tt := range []struct {
		day  graph.Day
		from graph.ID
		want []string
	}{
		{graph.DayOf(2008, 3, 25), "institution/us-armed-forces", []string{"", "150000", "158000"}},
		{graph.DayOf(2008, 3, 25), "institution/gb-government", []string{"4000"}},
		{asOf, "institution/us-armed-forces", []string{"5200"}},
		{asOf, "institution/coalition-against-isis", []string{"2500"}},
	} {
		var got []string
		for _, tie := range pictureOf(t, tt.day).ties {
			if tie.Type == graph.Backs && tie.From == tt.from && tie.To == "institution/iq-government" && tie.Props.Text("form") == "force" {
				got = append(got, tie.Props.Text("strength"))
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s on %s: %q, want %q", tt.from, tt.day, got, tt.want)
		}
	}
}
