package ask

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestMany(t *testing.T) {
	for _, tt := range []struct {
		n           int
		nouns, want string
	}{
		{1, "stage", "1 stage"},
		{0, "stage", "0 stages"},
		{2, "apex", "2 apexes"},
		{3, "more loss", "3 more losses"},
		{2, "more way", "2 more ways"},
		{2, "body", "2 bodies"},
		{1, "person or group", "1 person or group"},
		{8, "person or group", "8 persons or groups"},
		{9, "uncertain tie or response", "9 uncertain ties or responses"},
	} {
		if got := many(tt.n, tt.nouns); got != tt.want {
			t.Errorf("many(%d, %q) = %q, want %q", tt.n, tt.nouns, got, tt.want)
		}
	}
}

func TestOutOf(t *testing.T) {
	for _, tt := range []struct {
		n, of int
		want  string
	}{{1, 1, "the only tie"}, {2, 2, "all 2 ties"}, {1, 2, "1 of the 2 ties"}, {0, 1, "0 of the 1 tie"}} {
		if got := outOf(tt.n, tt.of, "tie"); got != tt.want {
			t.Errorf("outOf(%d, %d) = %q, want %q", tt.n, tt.of, got, tt.want)
		}
	}
}

// TestNumbersAgree: no text puts a noun in the plural behind a number that may be 1:
// many writes the two.
func TestNumbersAgree(t *testing.T) {
	counted := regexp.MustCompile(`%d (more |uncertain )*[a-z]{2,}s\b`)
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if bad := counted.FindString(lit.Value); bad != "" && bad != "%d shows" {
					t.Errorf("%s: %q would say “1 …s”: write it with many", file, bad)
				}
			}
			return true
		})
	}
}
