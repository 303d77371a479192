package neo4jstore_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/google/go-cmp/cmp"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
)

// TestCypherPage: docs/cypher.md, followed word for word on the sample: its recipes are sent, and
// their answers and those of its commands are what the page says.
func TestCypherPage(t *testing.T) {
	s := open(t)
	loadSample(t, s)
	path := filepath.Join("..", "..", "docs", "cypher.md")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	program := build(t)
	pieces := strings.Split(string(raw), "```")
	var answer []*neo4j.Record
	recipes, shown := 0, 0
	for i := 1; i < len(pieces); i += 2 {
		language, body, _ := strings.Cut(pieces[i], "\n")
		switch language {
		case "cypher":
			recipes++
			query, needs, _ := strings.Cut(body, "\nWITH gds.")
			if needs != "" {
				query += "\nRETURN count(*) AS ties"
			}
			if answer = admin(t, shared, query, nil); needs != "" && answer[0].Values[0] == int64(0) {
				t.Errorf("nothing is projected by %s", query)
			}
		case "text":
			shown++
			body = table(t, answer)
		case "console":
			command, _, _ := strings.Cut(body, "\n")
			body = command + "\n" + printed(t, program, command)
		default:
			t.Errorf("a block of language %q", language)
		}
		pieces[i] = language + "\n" + body
	}
	if recipes < 18 || shown < 13 {
		t.Errorf("%d recipes and %d answers were found", recipes, shown)
	}
	got := strings.Join(pieces, "```")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(raw), got); diff != "" {
		t.Errorf("%s does not say what the database does; the flag -update writes it (-page +now):\n%s", path, diff)
	}
}

// table writes rows as the page shows them.
func table(t *testing.T, rows []*neo4j.Record) string {
	t.Helper()
	if len(rows) == 0 {
		t.Error("a recipe answers nothing")
		return ""
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(rows[0].Keys, "\t"))
	for _, row := range rows {
		cells := make([]string, len(row.Values))
		for i, v := range row.Values {
			cells[i] = cell(v)
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return "–"
	case []any:
		list := make([]string, len(v))
		for i, item := range v {
			list[i] = cell(item)
		}
		return strings.Join(list, ", ")
	default:
		return fmt.Sprint(v)
	}
}

// recipe is the first recipe below a heading of the page.
func recipe(t *testing.T, heading string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "cypher.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(raw), "\n## "+heading+"\n")
	_, block, _ := strings.Cut(section, "```cypher\n")
	query, _, found := strings.Cut(block, "```")
	if !found {
		t.Fatalf("no recipe below %q", heading)
	}
	return query
}

// between cuts out a part of a recipe.
func between(t *testing.T, text, from, to string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, from)
	part, _, ends := strings.Cut(rest, to)
	if !found || !ends {
		t.Fatalf("no %q … %q in %s", from, to, text)
	}
	return part
}

// TestRecipeAsOf: the conditions of the page select the ties that entangle takes, of any dates, on
// any day.
func TestRecipeAsOf(t *testing.T) {
	s := open(t)
	loadSample(t, s)
	apply(t, s, spanned(t))
	query := recipe(t, "As of a day")
	possible := between(t, query, "WHERE ", "\nRETURN")
	certain := between(t, query, "AS end,\n", " AS certain")
	v := mustView(t, s, graph.Red)
	for _, d := range []graph.Day{graph.DayOf(2020, 8, 24), graph.DayOf(2010, 5, 17), graph.DayOf(2010, 5, 18), graph.DayOf(2010, 4, 30), graph.DayOf(1969, 12, 31), graph.DayOf(1970, 1, 1), graph.DayOf(1, 1, 1)} {
		for mode, condition := range map[graph.GapMode]string{graph.Contiguous: possible, graph.Strict: possible + " AND " + certain} {
			want, err := v.CountTies(t.Context(), graph.TieQuery{Where: graph.TieWhere{AsOf: &graph.AsOf{Day: d, Gap: graph.GapPolicy{Mode: mode}}}})
			if err != nil {
				t.Fatal(err)
			}
			rows := admin(t, shared, "WITH date('"+d.String()+"') AS day MATCH (:Entity)-[r]->(:Entity) WHERE "+condition+" RETURN count(r)", nil)
			if rows[0].Values[0] != int64(want) || want == 0 {
				t.Errorf("on %s, %v: %v ties, entangle has %d", d, mode, rows[0].Values[0], want)
			}
		}
	}
}

// TestRecipeExposure: the shares of the page are those of entangle exposure --gap contiguous.
func TestRecipeExposure(t *testing.T) {
	s := open(t)
	loadSample(t, s)
	got := map[string]float64{}
	for _, row := range admin(t, shared, strings.Replace(recipe(t, "Exposure"), " LIMIT 6", "", 1), nil) {
		got[cell(row.Values[0])] = number(row.Values[1])
	}
	var answer struct {
		Pairs []struct {
			Group  struct{ Name string }
			Shares []struct {
				Support string
				Share   float64
			}
		}
	}
	text := asked(t, build(t), "exposure", "Popular Mobilization Forces", "--as-of", "2020-08-24", "--gap", "contiguous", "--json", "--first", "100", "--evidence", "0")
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{}
	for _, pair := range answer.Pairs {
		for _, share := range pair.Shares {
			if share.Support == "FORCE" {
				want[pair.Group.Name] = math.Round(share.Share*1000) / 1000
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) < 10 {
		t.Errorf("%d shares (-entangle +page):\n%s", len(want), diff)
	}
}
