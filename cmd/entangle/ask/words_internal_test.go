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
	var files []string
	for folder, least := range map[string]int{".": 20, "..": 15, "../usage": 2} {
		found, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(found) < least {
			t.Fatalf("%d files in %s, %v", len(found), folder, err)
		}
		files = append(files, found...)
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
