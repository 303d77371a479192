package data_test

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"entangle/graph"
)

func TestSampleIsValid(t *testing.T) {
	b := sample(t)
	for _, p := range b.Validate(func(graph.ID) graph.Kind { return 0 }) {
		t.Error(p)
	}
}

func TestNodesAreKnownByOneID(t *testing.T) {
	b := sample(t)
	seen := map[graph.ID]bool{}
	outside := map[string]graph.ID{}
	folders := map[graph.Kind]string{
		graph.Person: "person", graph.Group: "group", graph.Institution: "institution", graph.Post: "post",
		graph.Place: "place", graph.RevenueStream: "stream", graph.Event: "event", graph.Source: "source",
	}
	for _, n := range b.Nodes {
		if seen[n.ID] {
			t.Errorf("%s is there twice", n.ID)
		}
		seen[n.ID] = true
		if path.Dir(string(n.ID)) != folders[n.Kind] {
			t.Errorf("%s: a %s has an id under %s/", n.ID, n.Kind, folders[n.Kind])
		}
		for _, a := range n.Aliases {
			if other, ok := outside[a]; ok {
				t.Errorf("%s and %s are both %s: one thing in two nodes", other, n.ID, a)
			}
			outside[a] = n.ID
		}
		for _, typ := range n.Types {
			if known := n.Kind.Info().Types; len(known) > 0 && !slices.Contains(known, typ) {
				t.Errorf("%s: type %q is not in the list of %s", n.ID, typ, n.Kind)
			}
		}
	}
}

func TestEveryTieIsAClaimOfItsOwn(t *testing.T) {
	ids := map[graph.ID]graph.Tie{}
	for _, tie := range sample(t).Ties {
		if other, ok := ids[tie.ID]; ok {
			t.Errorf("%s %s %s %s is there twice (%s)", tie.From, tie.Type, tie.To, tie.Span, other.ID)
		}
		ids[tie.ID] = tie
		if len(tie.Citations) == 0 {
			t.Errorf("%s %s %s has no source", tie.From, tie.Type, tie.To)
		}
		if tie.Grade.Reliability == 0 || tie.Grade.Credibility == 0 {
			t.Errorf("%s %s %s has no grade", tie.From, tie.Type, tie.To)
		}
		switch want := graph.ConfidenceFromGrade(tie.Grade); tie.Confidence.Rule {
		case graph.RuleStated:
		case graph.RuleAdmiralty:
			if tie.Confidence != want {
				t.Errorf("%s %s %s: confidence %v, grade %s gives %v", tie.From, tie.Type, tie.To, tie.Confidence, tie.Grade, want)
			}
		default:
			t.Errorf("%s %s %s: confidence rule %q", tie.From, tie.Type, tie.To, tie.Confidence.Rule)
		}
	}
}

// The reading of the sample is no evidence: it stands only on derived claims,
// and always beside a source that was published.
func TestReadingsStandOnSources(t *testing.T) {
	const reading = "source/analysts-reading-of-the-sample"
	for _, tie := range sample(t).Ties {
		read := slices.ContainsFunc(tie.Citations, func(c graph.Citation) bool { return c.Source == reading })
		if read != tie.Derived || tie.Derived != (tie.DerivedBy != "") {
			t.Errorf("%s %s %s: cites the reading %v, derived %v by %q", tie.From, tie.Type, tie.To, read, tie.Derived, tie.DerivedBy)
		}
		if read && (len(tie.Citations) < 2 || tie.Citations[0].Source == reading) {
			t.Errorf("%s %s %s rests on the reading alone", tie.From, tie.Type, tie.To)
		}
	}
}

func TestConflictsHaveTwoSides(t *testing.T) {
	sets := map[string][]graph.Tie{}
	for _, tie := range sample(t).Ties {
		if (tie.ConflictSet != "") != (tie.Status == graph.Conflict) {
			t.Errorf("%s %s %s: status %s, conflict set %q", tie.From, tie.Type, tie.To, tie.Status, tie.ConflictSet)
		}
		if tie.ConflictSet != "" {
			sets[tie.ConflictSet] = append(sets[tie.ConflictSet], tie)
		}
	}
	readme, err := os.ReadFile("iraq/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, ties := range sets {
		if len(ties) < 2 {
			t.Errorf("conflict set %s has one claim", name)
		}
		if !strings.Contains(string(readme), "`"+name+"`") {
			t.Errorf("iraq/README.md does not list the conflict set %s", name)
		}
		for _, tie := range ties[1:] {
			if tie.Type != ties[0].Type {
				t.Errorf("conflict set %s joins %s and %s", name, ties[0].Type, tie.Type)
			}
		}
	}
	for _, name := range []string{
		"araji-moi-start", "badr-founded", "kadhimi-pm-start", "maliki-pm-start", "muslih-release", "sadiqoun-seats-2018",
		"shahwani-inis-end", "shrine-order-26-29",
	} {
		if len(sets[name]) == 0 {
			t.Errorf("the conflict %s is gone", name)
		}
	}
}

// A column that the vocabulary does not have would be passed over in silence.
func TestColumnsAreOfTheVocabulary(t *testing.T) {
	nodeSpecs, tieSpecs := map[string]bool{}, map[string]bool{}
	for _, k := range graph.Kinds() {
		for _, s := range k.Props {
			nodeSpecs[s.Name] = true
		}
	}
	for _, typ := range graph.TieTypes() {
		for _, s := range typ.Props {
			tieSpecs[s.Name] = true
		}
	}
	for name, known := range map[string]map[string]bool{"nodes.csv": nodeSpecs, "ties.csv": tieSpecs} {
		fixed := map[string][]string{"nodes.csv": nodeFixed, "ties.csv": tieFixed}[name]
		for column := range readRows(t, name)[0].cells {
			if !known[column] && !slices.Contains(fixed, column) {
				t.Errorf("%s: no kind or tie type has a property %q", name, column)
			}
		}
	}
}

// The README tells how much there is; the numbers are the files' own.
func TestReadmeCounts(t *testing.T) {
	readme, err := os.ReadFile("iraq/README.md")
	if err != nil {
		t.Fatal(err)
	}
	b := sample(t)
	counts := map[string]int{}
	for _, n := range b.Nodes {
		counts[n.Kind.String()]++
	}
	for _, tie := range b.Ties {
		counts[tie.Type.String()]++
	}
	for name, count := range counts {
		if cell := fmt.Sprintf("| %s | %d |", name, count); !strings.Contains(string(readme), cell) {
			t.Errorf("iraq/README.md does not say %q", cell)
		}
	}
	for _, total := range []string{fmt.Sprintf("(%d nodes)", len(b.Nodes)), fmt.Sprintf("(%d claims", len(b.Ties))} {
		if !strings.Contains(string(readme), total) {
			t.Errorf("iraq/README.md does not say %q", total)
		}
	}
}

// People edit these files by hand: one order, one line end, one line a record.
func TestFilesAreTidy(t *testing.T) {
	for _, name := range []string{"nodes.csv", "ties.csv"} {
		s := text(t, name)
		if strings.ContainsAny(s, "\r\ufeff") || !strings.HasSuffix(s, "\n") || strings.HasSuffix(s, "\n\n") {
			t.Errorf("%s: lines end in LF, without a byte order mark or a blank line at the end", name)
		}
		for r, line := range strings.Split(s, "\n") {
			if strings.TrimRight(line, " \t") != line {
				t.Errorf("%s line %d ends in blanks", name, r+1)
			}
		}
	}
	nodes, ties := readRows(t, "nodes.csv"), readRows(t, "ties.csv")
	ordered(t, "nodes.csv", nodes, []string{":ID"})
	ordered(t, "ties.csv", ties, []string{":START_ID", ":TYPE", ":END_ID", "start", "end", "first", "last", "sources"})
	for i, rows := range [][]row{nodes, ties} {
		for n, r := range rows {
			if r.line != n+2 {
				t.Fatalf("file %d: record %d stands on line %d: a cell spans lines", i, n+1, r.line)
			}
			for column, cell := range r.cells {
				if strings.TrimSpace(cell) != cell {
					t.Errorf("line %d: column %s has blanks around %q", r.line, column, cell)
				}
			}
		}
	}
}

func ordered(t *testing.T, name string, rows []row, keys []string) {
	t.Helper()
	for i := 1; i < len(rows); i++ {
		order := 0
		for _, k := range keys {
			order = cmp.Or(order, cmp.Compare(rows[i-1].cells[k], rows[i].cells[k]))
		}
		if order > 0 {
			t.Errorf("%s line %d belongs before line %d (order: %s)", name, rows[i].line, rows[i-1].line, strings.Join(keys, ", "))
		}
	}
}
