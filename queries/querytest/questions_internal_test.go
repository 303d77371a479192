package querytest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"entangle/graph/projection"
	"entangle/queries"
)

// TestPlainAsksEveryQuestion: a question needs nothing here to be asked by a case. What is
// asked plainly, by the fields of its input, and told by those of its report, is here each
// question that needs not be told of whom.
func TestPlainAsksEveryQuestion(t *testing.T) {
	s, err := Parse("x.case", "load\n  group g\n  person p\n  post s\n  institution i types=office\n  s POST_IN i\n  p HOLDS s\n  p MEMBER_OF g conf=1/2\n"+
		"  g CONTROLS i weight=1/4\nask brokers\nexpect\n  points")
	if err != nil {
		t.Fatal(err)
	}
	wants := map[string][]string{
		"brokers":      {"answer bridges=0 lineCount=1 noRecord=false", "lines i"},
		"exposure":     {"answer minShare=0", "pairs i", "pair i group=g"},
		"entanglement": {"answer method=EXACT coins=1 minP=0", "groups g", "group g"},
	}
	for _, row := range queries.Questions() {
		want, ok := wants[row.Command]
		if !ok {
			continue
		}
		delete(wants, row.Command)
		q := newPlain(row)
		if _, ok := q.keys()["asof"]; !ok {
			t.Errorf("%s: no key asof", row.Command)
		}
		a, err := q.ask(t.Context(), func(o projection.Options) (*projection.Snapshot, error) { return FromBatch(t, s.steps[0].batch, o) })
		if err != nil {
			t.Errorf("%s: %v", row.Command, err)
			continue
		}
		for _, line := range want {
			words := strings.Fields(line)
			if len(words) == 2 && !strings.Contains(words[1], "=") && a.lists[words[0]].names == nil {
				if _, ok := a.rows[line]; !ok {
					t.Errorf("%s: no row %s among %v", row.Command, line, a.rows)
				}
			} else if problem := a.check(words); problem != "" {
				t.Errorf("%s: %s", row.Command, problem)
			}
		}
	}
	if len(wants) > 0 {
		t.Errorf("not in the table: %v", wants)
	}
}

// TestEveryQuestionHasACase: whoever adds a question writes down what an analyst may
// expect of it, and how a case asks it.
func TestEveryQuestionHasACase(t *testing.T) {
	files, err := filepath.Glob("../testdata/*.case")
	if err != nil {
		t.Fatal(err)
	}
	var cases strings.Builder
	for _, f := range files {
		cases.WriteString(read(t, f))
	}
	readme := read(t, "README.md")
	table := map[string]bool{}
	for _, row := range queries.Questions() {
		table[row.Command] = true
		if asked := regexp.MustCompile(`(?m)^ask ` + regexp.QuoteMeta(row.Command) + `\b`); row.Command != "purge" && !asked.MatchString(cases.String()) {
			t.Errorf("no case asks %s: write one into ../testdata/%s.case", row.Command, row.Command)
		}
	}
	for name := range own {
		if !table[name] {
			t.Errorf("own asks %s, which has no row in queries.Questions", name)
		}
		if strings.Count(readme, "\n| `"+name+"` |") != 2 {
			t.Errorf("README.md does not list %s among the questions and the expectations", name)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
