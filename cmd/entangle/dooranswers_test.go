package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	gql "github.com/vektah/gqlparser/v2/ast"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/graph/sqlitestore"
	"entangle/queries"
)

// doorway is one question asked at the three doors with nothing but what it needs.
type doorway struct {
	question, arguments string
	flags               []string
	ask                 func(context.Context, *projection.Snapshot) (any, error)
}

var doorDay = graph.DayOf(2020, 8, 24)

var doorways = []doorway{
	{
		"purge", `targets: ["g-lions"]`,
		[]string{"--group", "Lions"},
		func(ctx context.Context, s *projection.Snapshot) (any, error) {
			in := queries.DefaultPurge()
			in.Targets = []graph.ID{"g-lions"}
			return queries.Purge(ctx, s, in)
		},
	},
	{
		"compare", `targets: ["g-lions"], withTargets: ["g-bears"]`,
		[]string{"--group", "Lions", "--with-group", "Bears"},
		func(ctx context.Context, s *projection.Snapshot) (any, error) {
			in := queries.DefaultCompare()
			in.First.Targets, in.Second.Targets = []graph.ID{"g-lions"}, []graph.ID{"g-bears"}
			return queries.Compare(ctx, s, in)
		},
	},
	{"entanglement", "", nil, func(ctx context.Context, s *projection.Snapshot) (any, error) {
		return queries.EntanglementOf(ctx, s, queries.DefaultEntanglement())
	}},
	{
		"attribution", `targets: ["g-lions", "g-bears"]`,
		[]string{"--group", "Lions", "--group", "Bears"},
		func(ctx context.Context, s *projection.Snapshot) (any, error) {
			in := queries.DefaultAttribution()
			in.Targets = []graph.ID{"g-lions", "g-bears"}
			return queries.Attribute(ctx, s, in)
		},
	},
	{
		"verify", `targets: ["g-lions"]`,
		[]string{"--group", "Lions"},
		func(ctx context.Context, s *projection.Snapshot) (any, error) {
			in := queries.DefaultVerify()
			in.Targets = []graph.ID{"g-lions"}
			return queries.Verify(ctx, s, in)
		},
	},
	{
		"sensitivity", `targets: ["g-lions"], institution: "Ministry"`,
		[]string{"--group", "Lions", "--institution", "Ministry"},
		func(ctx context.Context, s *projection.Snapshot) (any, error) {
			in := queries.DefaultSensitivity()
			in.Targets, in.Institution = []graph.ID{"g-lions"}, "i-ministry"
			return queries.Sensitivity(ctx, s, in)
		},
	},
	{"frontier", "", nil, func(ctx context.Context, s *projection.Snapshot) (any, error) {
		return queries.Frontier(ctx, s, queries.DefaultFrontier())
	}},
	{
		"stage", `targets: ["g-lions", "g-bears"]`,
		[]string{"--group", "Lions", "--group", "Bears"},
		func(ctx context.Context, s *projection.Snapshot) (any, error) {
			in := queries.DefaultStage()
			in.Targets = []graph.ID{"g-lions", "g-bears"}
			return queries.Stage(ctx, s, in)
		},
	},
	{
		"insure", `targets: ["g-lions"]`,
		[]string{"--group", "Lions"},
		func(ctx context.Context, s *projection.Snapshot) (any, error) {
			in := queries.DefaultInsure()
			in.Targets = []graph.ID{"g-lions"}
			return queries.Insure(ctx, s, in)
		},
	},
	{
		"worstCase", `targets: ["g-lions"]`,
		[]string{"--group", "Lions"},
		func(ctx context.Context, s *projection.Snapshot) (any, error) {
			in := queries.DefaultWorstCase()
			in.Targets = []graph.ID{"g-lions"}
			return queries.WorstCase(ctx, s, in)
		},
	},
	{"brokers", "", nil, func(ctx context.Context, s *projection.Snapshot) (any, error) {
		return queries.Brokers(ctx, s, queries.DefaultBrokers())
	}},
	{
		"exposure", `nodes: ["i-ministry", "i-brigade"]`,
		[]string{"Ministry", "Brigade"},
		func(ctx context.Context, s *projection.Snapshot) (any, error) {
			in := queries.DefaultExposure()
			in.Nodes = []graph.ID{"i-ministry", "i-brigade"}
			return queries.ExposureOf(ctx, s, in)
		},
	},
	{
		"paths", `from: "g-lions", to: "i-bank"`,
		[]string{"Lions", "Bank"},
		func(ctx context.Context, s *projection.Snapshot) (any, error) {
			in := queries.DefaultPathsBetween()
			in.From, in.To = "g-lions", "i-bank"
			return queries.PathsBetween(ctx, s, in)
		},
	},
	{"changes", `from: "2015-01-01", to: "2020-08-24"`, []string{"--from", "2015-01-01", "--to", "2020-08-24"}, nil},
}

// TestDoorsGiveTheSameAnswer: the function, the field and the command, each asked with
// its defaults, give the same answer.
func TestDoorsGiveTheSameAnswer(t *testing.T) {
	file := filepath.Join(t.TempDir(), "small.db")
	runDoor(t, "load", "--store", file, "testdata/doors/nodes.csv", "testdata/doors/ties.csv")
	s := doorSchema(t)
	walked := map[string]bool{}
	for _, d := range doorways {
		walked[d.question] = true
		t.Run(d.question, func(t *testing.T) {
			t.Parallel()
			flags := append([]string{kebab(d.question), "--store", file, "--json"}, d.flags...)
			arguments := d.arguments
			if d.question != "changes" {
				flags = append(flags, "--as-of", doorDay.String())
				arguments = strings.TrimPrefix(arguments+", asOf: \""+doorDay.String()+"\"", ", ")
			}
			command := answerOfDoor(t, runDoor(t, flags...))
			document := "{ " + d.question + "(" + arguments + ") " + everything(s, s.Types[s.Query.Fields.ForName(d.question).Type.Name()]) + " }"
			var response struct{ Data map[string]json.RawMessage }
			if err := json.Unmarshal(runDoor(t, "query", "--store", file, writeFile(t, document)), &response); err != nil {
				t.Fatal(err)
			}
			field := answerOfDoor(t, response.Data[d.question])
			if diff := cmp.Diff(field, command); diff != "" {
				t.Errorf("the command differs from the field (-field +command):\n%s", diff)
			}
			report, err := askInGo(t.Context(), file, d, projection.Options{AsOf: doorDay}, queries.DefaultChanges())
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
	for question := range queries.QuestionDefaults() {
		if !walked[question] {
			t.Errorf("%s is not asked at the three doors", question)
		}
	}
}

// askInGo asks on a picture, and changes up to it since 2015.
func askInGo(ctx context.Context, file string, d doorway, picture projection.Options, changes queries.ChangesInput) (any, error) {
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
	after, err := projection.Build(ctx, view, picture)
	if err != nil {
		return nil, err
	}
	if d.ask != nil {
		return d.ask(ctx, after)
	}
	picture.AsOf = graph.DayOf(2015, 1, 1)
	before, err := projection.Build(ctx, view, picture)
	if err != nil {
		return nil, err
	}
	return queries.Changes(ctx, before, after, changes)
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
