package entangle_test

import (
	"flag"
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"entangle/cmd/entangle/ask"
	"entangle/queries"
)

var update = flag.Bool("update", false, "write the tables of questions in README.md and docs/model.md anew")

// spoken writes the name of a question as a heading: worstCase is “Worst case”.
func spoken(name string) string {
	var out strings.Builder
	for i, r := range name {
		switch {
		case i == 0:
			r = unicode.ToUpper(r)
		case unicode.IsUpper(r):
			out.WriteByte(' ')
			r = unicode.ToLower(r)
		}
		out.WriteRune(r)
	}
	return out.String()
}

// TestEveryQuestionIsEverywhere: whoever adds a row to the table of questions is told of
// each door that it does not have yet, and what opens it.
func TestEveryQuestionIsEverywhere(t *testing.T) {
	fields, operations := parsedSchema(t).Query.Fields, askedFields(t)
	commands := map[string]bool{}
	for _, c := range ask.Commands(ask.Host{AddStore: func(*pflag.FlagSet) ask.WithStore { return nil }}) {
		commands[c.Name()] = true
	}
	var written strings.Builder
	files, err := filepath.Glob("queries/testdata/*.case")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		written.WriteString(readFile(t, file))
	}
	cases := written.String()
	page, model := readFile(t, "docs/questions.md"), readFile(t, "docs/model.md")
	for _, row := range queries.Questions() {
		missing := func(there bool, what, mend string, args ...any) {
			if !there {
				t.Errorf("%s has no %s: %s", row.Name, what, fmt.Sprintf(mend, args...))
			}
		}
		missing(fields.ForName(row.Name) != nil, "field of GraphQL",
			"write it in schema/questions/%s.go, add a line to New in schema/questions/questions.go, and run go test ./schema -update", strings.ToLower(row.Name))
		missing(commands[row.Command], "command", "cmd/entangle/ask makes one of every row; see Commands in ask.go")
		asked := regexp.MustCompile(`(?m)^ask ` + regexp.QuoteMeta(row.Command) + `\b`).MatchString(cases)
		missing(asked || row.Command == "purge" && strings.Contains(cases, "\nask targets="), "text case",
			"write what an analyst may expect of it in queries/testdata/%s.case", row.Command)
		heading := strings.Contains(page, "\n## "+spoken(row.Name)+"\n")
		missing(heading || row.Name == "purge" && strings.HasPrefix(model, "# The model of a purge\n"), "section in the documents",
			"write “## %s” in docs/questions.md: its rules, sources, an example and its limits", spoken(row.Name))
		missing(operations[row.Name], "golden answer", "ask it in schema/testdata/operations/%s.graphql and run go test ./schema -update", row.Command)
		missing(row.Estimated != "", "row in the table of statistics", "say in its row of queries.Questions how its numbers come about (Estimated), and run go test . -update")
		missing(row.Asks != "" && row.Time != "" && row.Memory != "", "row in the tables of README.md and of cost", "fill Asks, Time and Memory in its row, and run go test . -update")
		_, described, _ := strings.Cut(readFile(t, "README.md"), "\n| `entangle "+row.Command+"` | `"+row.Name+"` | ")
		missing(strings.HasPrefix(described, row.Asks), "row in README.md", "run go test . -update")
	}
}

// TestEveryQuestionHasARow: an exported function of queries that takes a snapshot is a
// question, and stands in the table.
func TestEveryQuestionHasARow(t *testing.T) {
	named := map[string]bool{}
	for _, decl := range parseFile(t, "queries/questions.go").Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Name.Name == "Questions" {
			ast.Inspect(f, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					named[id.Name] = true
				}
				return true
			})
		}
	}
	for _, name := range exportedFuncs(t, "queries", "*projection.Snapshot") {
		if !named[name] {
			t.Errorf("queries.%s takes a snapshot and is in no row of Questions in queries/questions.go", name)
		}
	}
}

// TestQuestionTables: the tables of the documents are what the table of questions says.
func TestQuestionTables(t *testing.T) {
	var readme, statistics, cost strings.Builder
	readme.WriteString("| command | GraphQL | asks |\n|---|---|---|\n")
	statistics.WriteString("| question | how its numbers come about |\n|---|---|\n")
	cost.WriteString("| question | time | memory |\n|---|---|---|\n")
	for _, q := range queries.Questions() {
		fmt.Fprintf(&readme, "| `entangle %s` | `%s` | %s |\n", q.Command, q.Name, q.Asks)
		fmt.Fprintf(&statistics, "| `%s` | %s |\n", q.Name, q.Estimated)
		fmt.Fprintf(&cost, "| `%s` | %s | %s |\n", q.Name, q.Time, q.Memory)
	}
	readme.WriteString("| `entangle query '{ … }'` | any document | whatever the schema can say |\n")
	for _, table := range []struct{ page, name, want string }{
		{"README.md", "questions", readme.String()},
		{"docs/model.md", "statistics", statistics.String()},
		{"docs/model.md", "cost of questions", cost.String()},
	} {
		text := readFile(t, table.page)
		before, rest, ok := strings.Cut(text, "<!-- table: "+table.name+" -->\n")
		got, after, closed := strings.Cut(rest, "<!-- end -->")
		if !ok || !closed {
			t.Errorf("%s has no table %q between its markers", table.page, table.name)
			continue
		}
		if *update {
			text = before + "<!-- table: " + table.name + " -->\n" + table.want + "<!-- end -->" + after
			if err := os.WriteFile(table.page, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if diff := cmp.Diff(table.want, got); diff != "" {
			t.Errorf("the table %q of %s is not that of queries.Questions; go test . -run QuestionTables -update writes it (-questions +page):\n%s", table.name, table.page, diff)
		}
	}
}

// TestQuestionsInOrder: names are unique, and a command is called as its field is.
func TestQuestionsInOrder(t *testing.T) {
	var names []string
	for _, q := range queries.Questions() {
		if want := strings.ReplaceAll(strings.ToLower(spoken(q.Name)), " ", "-"); q.Command != want {
			t.Errorf("the command of %s is called %s, not %s", q.Name, q.Command, want)
		}
		if slices.Contains(names, q.Name) {
			t.Errorf("%s has two rows", q.Name)
		}
		names = append(names, q.Name)
	}
}
