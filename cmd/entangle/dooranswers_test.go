package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	gql "github.com/vektah/gqlparser/v2/ast"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/graph/sqlitestore"
	"entangle/queries"
	"entangle/queries/querytest"
	"entangle/queries/worlds"
)

// doorway is one question asked at the three doors: the arguments of its field, the flags
// of its command and the input of its function.
type doorway struct {
	question, arguments string
	flags               []string
	in                  func(row queries.Question) any
}

var doorDay, earlierDay = graph.DayOf(2020, 8, 24), graph.DayOf(2015, 1, 1)

// doorways ask each question with nothing but what it needs; one that needs nothing has
// none here.
var doorways = []doorway{
	{"purge", `targets: ["g-lions"]`, []string{"--group", "Lions"}, querytest.About{Targets: lions}.Fill},
	{
		"compare", `targets: ["g-lions"], withTargets: ["g-bears"]`,
		[]string{"--group", "Lions", "--with-group", "Bears"},
		querytest.About{Targets: lions, With: []graph.ID{"g-bears"}}.Fill,
	},
	{"attribution", `targets: ["g-lions", "g-bears"]`, []string{"--group", "Lions", "--group", "Bears"}, querytest.About{Targets: both}.Fill},
	{"verify", `targets: ["g-lions"]`, []string{"--group", "Lions"}, querytest.About{Targets: lions}.Fill},
	{
		"sensitivity", `targets: ["g-lions"], institution: "Ministry"`,
		[]string{"--group", "Lions", "--institution", "Ministry"},
		func(row queries.Question) any {
			in, _ := querytest.About{Targets: lions}.Fill(row).(queries.SensitivityInput)
			in.Institution = "i-ministry"
			return in
		},
	},
	{"stage", `targets: ["g-lions", "g-bears"]`, []string{"--group", "Lions", "--group", "Bears"}, querytest.About{Targets: both}.Fill},
	{"insure", `targets: ["g-lions"]`, []string{"--group", "Lions"}, querytest.About{Targets: lions}.Fill},
	{
		"worstCase", `targets: ["g-lions"]`,
		[]string{"--group", "Lions"},
		func(queries.Question) any {
			return queries.WorstCaseInput{Targets: lions, Params: worlds.DefaultParams()}
		},
	},
	{
		"exposure", `nodes: ["i-ministry", "i-brigade"]`,
		[]string{"Ministry", "Brigade"},
		querytest.About{Nodes: []graph.ID{"i-ministry", "i-brigade"}}.Fill,
	},
	{
		"footholds", `office: "o-minister", groups: ["g-lions"]`,
		[]string{"--office", "Minister", "--group", "Lions"},
		querytest.About{Office: "o-minister", Groups: lions}.Fill,
	},
	{"paths", `from: "g-lions", to: "i-bank"`, []string{"Lions", "Bank"}, querytest.About{From: "g-lions", To: "i-bank"}.Fill},
	{"changes", `from: "2015-01-01", to: "2020-08-24"`, []string{"--from", "2015-01-01", "--to", "2020-08-24"}, querytest.About{}.Fill},
}

var lions, both = []graph.ID{"g-lions"}, []graph.ID{"g-lions", "g-bears"}

// everyQuestion completes a list of doorways: to each question of the table that is not in
// it a way is made.
func everyQuestion(t *testing.T, own []doorway, way func(row queries.Question) doorway) []doorway {
	t.Helper()
	var out []doorway
	for _, row := range queries.Questions() {
		i := slices.IndexFunc(own, func(d doorway) bool { return d.question == row.Name })
		if i < 0 {
			out = append(out, way(row))
		} else {
			out = append(out, own[i])
		}
	}
	for _, d := range own {
		if _, ok := queries.QuestionNamed(d.question); !ok {
			t.Errorf("%s is no question of the table", d.question)
		}
	}
	return out
}

// daysOf are the argument and the flags that say the day of a question of one.
func daysOf(row queries.Question) (argument string, flags []string) {
	if row.Days == 2 {
		return "", nil
	}
	return `asOf: "` + doorDay.String() + `"`, []string{"--as-of", doorDay.String()}
}

func rowOf(t *testing.T, question string) queries.Question {
	t.Helper()
	row, ok := queries.QuestionNamed(question)
	if !ok {
		t.Fatalf("%s is no question of the table", question)
	}
	return row
}

// TestDoorsGiveTheSameAnswer: the function, the field and the command, each asked with
// its defaults, give the same answer.
func TestDoorsGiveTheSameAnswer(t *testing.T) {
	file := filepath.Join(t.TempDir(), "small.db")
	runDoor(t, "load", "--store", file, "testdata/doors/nodes.csv", "testdata/doors/ties.csv")
	s := doorSchema(t)
	needless := func(row queries.Question) doorway { return doorway{question: row.Name, in: querytest.About{}.Fill} }
	for _, d := range everyQuestion(t, doorways, needless) {
		t.Run(d.question, func(t *testing.T) {
			t.Parallel()
			row := rowOf(t, d.question)
			day, dayFlags := daysOf(row)
			command := answerOfDoor(t, runDoor(t, words([]string{row.Command, "--store", file, "--json"}, d.flags, dayFlags)...))
			arguments := strings.Trim(d.arguments+", "+day, ", ")
			document := "{ " + d.question + "(" + arguments + ") " + everything(s, s.Types[s.Query.Fields.ForName(d.question).Type.Name()]) + " }"
			var response struct{ Data map[string]json.RawMessage }
			if err := json.Unmarshal(runDoor(t, "query", "--store", file, writeFile(t, document)), &response); err != nil {
				t.Fatal(err)
			}
			field := answerOfDoor(t, response.Data[d.question])
			if diff := cmp.Diff(field, command); diff != "" {
				t.Errorf("the command differs from the field (-field +command):\n%s", diff)
			}
			report, err := askInGo(t.Context(), file, row, projection.Options{AsOf: doorDay}, d.in(row))
			if err != nil {
				t.Fatal(err)
			}
			c := sameness{t: t}
			c.object(d.question, reflect.ValueOf(report), field)
			if c.leaves < 20 {
				t.Errorf("only %d values were compared", c.leaves)
			}
		})
	}
}

// askInGo asks on a picture, what asks about two days of one of an earlier day too.
func askInGo(ctx context.Context, file string, row queries.Question, picture projection.Options, in any) (any, error) {
	store, err := sqlitestore.Open(ctx, file)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	view, err := store.View(ctx, graph.Red)
	if err != nil {
		return nil, err
	}
	defer view.Close()
	days := []graph.Day{earlierDay, picture.AsOf}
	pictures := make([]*projection.Snapshot, row.Days)
	picture.Tenures = row.Tenures
	for i := range pictures {
		picture.AsOf = days[len(days)-row.Days+i]
		if pictures[i], err = projection.Build(ctx, view, picture); err != nil {
			return nil, err
		}
	}
	return row.Ask(ctx, pictures, in)
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "document.graphql")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func runDoor(t *testing.T, words ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	a := &app{
		stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, now: time.Now,
		env: func(string) (string, bool) { return "", false },
	}
	if code := a.run(t.Context(), words); code != exitOK {
		t.Fatalf("%s: exit status %d: %s %s", words, code, stdout.String(), stderr.String())
	}
	return stdout.Bytes()
}

// everything selects all fields of a type; of a node its key and name.
func everything(s *gql.Schema, of *gql.Definition) string {
	switch {
	case of.Name == "PartialDate":
		return "{ edtf }"
	case of.Name == "Tie":
		return "{ key }"
	case isNode(of):
		return "{ key name }"
	}
	var out strings.Builder
	out.WriteString("{")
	for _, f := range of.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		out.WriteString(" " + f.Name)
		if d := s.Types[f.Type.Name()]; d.IsCompositeType() {
			out.WriteString(" " + everything(s, d))
		}
	}
	return out.String() + " }"
}

// answerOfDoor reads an answer; nodes and ties in it become their keys.
func answerOfDoor(t *testing.T, raw []byte) map[string]any {
	t.Helper()
	var answer map[string]any
	if err := json.Unmarshal(raw, &answer); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	out, ok := keysOnly(answer).(map[string]any)
	if !ok {
		t.Fatalf("no object: %s", raw)
	}
	return out
}

func keysOnly(v any) any {
	switch x := v.(type) {
	case map[string]any:
		if key, ok := x["key"]; ok {
			return key
		}
		if text, ok := x["edtf"]; ok {
			return text
		}
		for name, value := range x {
			x[name] = keysOnly(value)
		}
	case []any:
		for i := range x {
			x[i] = keysOnly(x[i])
		}
	}
	return v
}
