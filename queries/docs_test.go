package queries_test

import (
	"fmt"
	"maps"
	"math"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/queries/querytest"
	"entangle/queries/worlds"
)

const modelPage = "../docs/model.md"

// readModel reads the page of the model and that of the other questions.
func readModel(t *testing.T) string {
	t.Helper()
	var out strings.Builder
	for _, page := range []string{modelPage, "../docs/questions.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(text)
	}
	return out.String()
}

// modelTable reads the rows of a table of the page, between its markers, without
// header and rule.
func modelTable(t *testing.T, name string) (header []string, rows [][]string) {
	t.Helper()
	_, rest, ok := strings.Cut(readModel(t), "<!-- table: "+name+" -->\n")
	body, _, closed := strings.Cut(rest, "<!-- end -->")
	if !ok || !closed {
		t.Fatalf("%s has no table %q between its markers", modelPage, name)
	}
	for line := range strings.SplitSeq(strings.TrimSpace(body), "\n") {
		var cells []string
		for c := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.Trim(c, " `"))
		}
		rows = append(rows, cells)
	}
	if len(rows) < 3 {
		t.Fatalf("table %q of %s is empty", name, modelPage)
	}
	return rows[0], rows[2:]
}

// TestModelTables: the defaults on the page are those of the code, all of them.
func TestModelTables(t *testing.T) {
	defaults := worlds.DefaultParams()
	t.Run("parameters", func(t *testing.T) {
		want := map[string]string{}
		for _, f := range reflect.VisibleFields(reflect.TypeFor[worlds.Params]()) {
			v := reflect.ValueOf(defaults).FieldByIndex(f.Index)
			switch v.Kind() {
			case reflect.Bool, reflect.Int, reflect.Float64:
				want[strings.ToLower(f.Name[:1])+f.Name[1:]] = fmt.Sprint(v.Interface())
			default: // a table of its own below
			}
		}
		got := map[string]string{}
		_, rows := modelTable(t, "parameters")
		for _, row := range rows {
			got[row[0]] = row[1]
			checkRange(t, row[0], row[2])
		}
		sameAsCode(t, want, got)
	})
	t.Run("requirements", func(t *testing.T) {
		want := map[string]worlds.Needs{"default": defaults.Requirements.Default}
		maps.Copy(want, defaults.Requirements.ByType)
		got := map[string]worlds.Needs{}
		header, rows := modelTable(t, "requirements")
		for _, row := range rows {
			got[row[0]] = worlds.Needs{}
			for i, cell := range row[1:] {
				if cell == "" {
					continue
				}
				s, err := worlds.ParseSupport(header[i+1])
				if err != nil {
					t.Fatal(err)
				}
				need, floor, _ := strings.Cut(cell, " / ")
				got[row[0]][s] = worlds.Requirement{Need: cellNumber(t, need), Floor: cellNumber(t, floor)}
			}
		}
		sameAsCode(t, want, got)
	})
	for name, want := range map[string]map[string]int{"leading posts": defaults.LeadingPosts, "headcount": defaults.Headcount} {
		t.Run(name, func(t *testing.T) {
			got := map[string]int{}
			_, rows := modelTable(t, name)
			for _, row := range rows {
				if row[0] == "the rest" {
					row[0] = ""
				}
				got[row[0]] = int(cellNumber(t, row[1]))
			}
			sameAsCode(t, want, got)
		})
	}
	t.Run("half-lives", func(t *testing.T) {
		want, got := map[string]string{}, map[string]string{}
		for _, row := range graph.TieTypes() {
			years := fmt.Sprint(row.HalfLife)
			if row.HalfLife == graph.Endless {
				years = "endless"
			}
			want[row.Name] = years + " " + row.Ages
		}
		_, rows := modelTable(t, "half-lives")
		for _, row := range rows {
			got[row[0]] = row[1] + " " + row[2]
		}
		sameAsCode(t, want, got)
	})
	t.Run("tenures", func(t *testing.T) {
		want, got := map[string]string{}, map[string]string{}
		byPost, all := graph.TenureHalfLives()
		all.Post = "all posts"
		for _, row := range append(byPost, all) {
			want[row.Post] = fmt.Sprintf("%g %g–%g %d %d", row.Years, row.Low, row.High, row.Held, row.Ended)
		}
		_, rows := modelTable(t, "tenures")
		for _, row := range rows {
			got[row[0]] = strings.Join(row[1:], " ")
		}
		sameAsCode(t, want, got)
	})
	t.Run("admiralty", func(t *testing.T) {
		want, got := map[string]float64{}, map[string]float64{}
		for _, letter := range "ABCDEF" {
			for _, digit := range "123456" {
				g := graph.Grade{Reliability: byte(letter), Credibility: byte(digit)}
				want[g.String()] = graph.ConfidenceFromGrade(g).Value
			}
		}
		header, rows := modelTable(t, "admiralty")
		for _, row := range rows {
			for i, cell := range row[1:] {
				for letter := range strings.SplitSeq(header[i+1], ", ") {
					got[letter+row[0]] = cellNumber(t, cell)
				}
			}
		}
		sameAsCode(t, want, got)
	})
}

func sameAsCode[T any](t *testing.T, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s is not what the code has (-code +page):\n%s", modelPage, diff)
	}
}

func cellNumber(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatalf("%s: %q is no number", modelPage, text)
	}
	return v
}

// checkRange holds the range of a parameter on the page against what a question
// accepts: the ends are taken, what lies outside is not.
func checkRange(t *testing.T, name, text string) {
	t.Helper()
	field := reflect.ValueOf(new(worlds.Params)).Elem().FieldByName(strings.ToUpper(name[:1]) + name[1:])
	low, high, isRange := strings.Cut(text, "–")
	if !field.IsValid() || field.Kind() == reflect.Bool {
		if isRange {
			t.Errorf("%s has no range", name)
		}
		return
	}
	taken := func(v float64) bool {
		p := worlds.DefaultParams()
		f := reflect.ValueOf(&p).Elem().FieldByName(strings.ToUpper(name[:1]) + name[1:])
		if f.Kind() == reflect.Int {
			f.SetInt(int64(v))
		} else {
			f.SetFloat(v)
		}
		s := workedExample(t)
		_, err := queries.Purge(t.Context(), s, queries.PurgeInput{Targets: []graph.ID{"g"}, Params: p})
		return err == nil
	}
	lo, hi, step := cellNumber(t, low), cellNumber(t, high), 0.001
	if field.Kind() == reflect.Int {
		step = 1
	}
	for v, want := range map[float64]bool{lo - step: false, lo: true, hi: true, hi + step: false} {
		if got := taken(v); got != want {
			t.Errorf("%s %g: taken %t, the range on the page is %s", name, v, got, text)
		}
	}
}

var caseBlocks = regexp.MustCompile("(?s)```querytest\n(.*?)```")

// TestModelExample: the cases of the page come out as it says.
func TestModelExample(t *testing.T) {
	blocks := caseBlocks.FindAllStringSubmatch(readModel(t), -1)
	if len(blocks) == 0 {
		t.Fatalf("%s has no case", modelPage)
	}
	for _, b := range blocks {
		s, err := querytest.Parse(modelPage, b[1])
		if err != nil {
			t.Fatal(err)
		}
		s.Run(t, querytest.FromBatch)
	}
}

// TestModelFigures: the numbers that the page's text gives of the estimates.
func TestModelFigures(t *testing.T) {
	text := strings.Join(strings.Fields(readModel(t)), " ")
	for _, said := range []string{
		fmt.Sprintf("`EXACT` is refused where k is above %d", worlds.MaxExact),
		fmt.Sprintf("enumerates where 2ᵏ is at most 8 n and k at most %d, and samples otherwise: up to 15 coins with 4,096 worlds", worlds.MaxExact),
		"drawn (4,096 by default)",
		fmt.Sprintf("0 of 4,096 has an upper bound of %.5f", estimate.Wilson(0, 4096).High),
		fmt.Sprintf("half-width is %.1f points with 4,096 worlds and %.1f with 65,536", 100*halfWidth(4096), 100*halfWidth(65536)),
		fmt.Sprintf("(%d by default, %d at most)", queries.DefaultHops, queries.MaxHops),
		"generator (`" + worlds.Generator + "`)",
		"0.6, where the record gives neither number nor grade",
	} {
		if !strings.Contains(text, said) {
			t.Errorf("%s does not say %q", modelPage, said)
		}
	}
	if queries.DefaultSamples != 4096 || graph.DefaultConfidence != 0.6 {
		t.Errorf("%s gives 4,096 samples and confidence 0.6 as defaults; the code %d and %g", modelPage, queries.DefaultSamples, graph.DefaultConfidence)
	}
	for word, want := range map[string]float64{"Low": 0.4, "Medium": 0.65, "High": 0.9} {
		if c, ok := graph.ConfidenceFromSFM(word); !ok || math.Abs(c.Value-want) > 1e-12 {
			t.Errorf("%s gives %s as %g, the code %g", modelPage, word, want, c.Value)
		}
	}
}

func halfWidth(n int) float64 {
	e := estimate.Wilson(n/2, n)
	return (e.High - e.Low) / 2
}
