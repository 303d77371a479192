package querytest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

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
	for name := range questions {
		if asked := regexp.MustCompile(`(?m)^ask ` + regexp.QuoteMeta(name) + `\b`); name != "purge" && !asked.MatchString(cases.String()) {
			t.Errorf("no case asks %s", name)
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
