package entangle_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shorter are the places that look at testing.Short, and the scripts that do, all of them: what go test -short
// leaves out, so that no package takes more than 15 s, and `make check` runs.
var shorter = []string{
	"cmd/entangle/testdata/script/basis.txtar",
	"cmd/entangle/testdata/script/requirements.txtar",
	"cmd/entangle/testdata/script/copy.txtar",
	"cmd/entangle/testdata/script/environment.txtar",
	"cmd/entangle/testdata/script/frontier.txtar",
	"cmd/entangle/testdata/script/norecord.txtar",
	"cmd/entangle/testdata/script/purgejson.txtar",
	"cmd/entangle/copy_test.go TestCopyIsKilled",
	"cmd/entangle/help_test.go TestExamples",
	"cmd/entangle/operations_test.go neo4jNeeded",    // all that starts a Neo4j
	"cmd/entangle/readme_test.go TestReadmeExamples", // the page of the questions alone
	"cmd/entangle/version_test.go TestBuildIsStamped",
	"graph/neo4jstore/server_test.go needServer", // all that asks a Neo4j
	"graph/neo4jstore/server_test.go run",
	"queries/cancel_test.go TestQuestionsEndWithTheirContext",
	"queries/cascade_test.go TestWattsOnRandomNetworks",
	"queries/coupled_test.go TestBuldyrev",
	"queries/differential_test.go TestPurgeMatchesReference", // fewer graphs
	"queries/frontiertable_test.go TestFrontierTableOfAState",
	"queries/properties_test.go TestWilsonCovers",
	"queries/stage_test.go TestEighteenStages",
	"queries/verify_test.go TestVerifyIsTheDifference", // fewer graphs
	"server/audit_test.go TestGraphQLOverHTTPAudits",
}

func TestShortLeavesOut(t *testing.T) {
	var found []string
	walk(t, func(file string) {
		if !strings.HasSuffix(file, ".go") || file == "short_test.go" {
			return
		}
		if !selected(t, file, "testing")["Short"] {
			return
		}
		for _, decl := range parseFile(t, file).Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && selectedIn(f, "testing")["Short"] {
				found = append(found, file+" "+f.Name.Name)
			}
		}
	})
	scripts, err := filepath.Glob("cmd/entangle/testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "[short]") {
			found = append(found, filepath.ToSlash(script))
		}
	}
	slices.Sort(found)
	slices.Sort(shorter)
	if diff := cmp.Diff(shorter, found); diff != "" {
		t.Errorf("what looks at testing.Short is not what the list in short_test.go says (-list +found):\n%s", diff)
	}
}
