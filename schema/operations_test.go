package schema_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"entangle/graph"
)

var clearanceLine = regexp.MustCompile(`(?m)^# clearance: (\S+)$`)

// TestOperations executes each document of testdata/operations on each sort of
// store and compares with the answer beside it. A line "# clearance: AMBER"
// says who asks; without it, one who may see everything. Variables stand in a
// file NAME.variables.json.
func TestOperations(t *testing.T) {
	files, err := filepath.Glob("testdata/operations/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no operations found: %v", err)
	}
	for sort, open := range stores {
		s := newSchema(t, loaded(t, open, fixture(t)))
		for _, file := range files {
			base := strings.TrimSuffix(file, ".graphql")
			t.Run(sort+"/"+filepath.Base(base), func(t *testing.T) {
				query, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				variables, err := os.ReadFile(base + ".variables.json")
				if err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
				clearance := graph.Red
				if m := clearanceLine.FindSubmatch(query); m != nil {
					if clearance, err = graph.ParseMarking(string(m[1])); err != nil {
						t.Fatal(err)
					}
				}
				out, err := json.MarshalIndent(ask(t, s, clearance, string(query), string(variables)), "", "  ")
				if err != nil {
					t.Fatal(err)
				}
				golden(t, base+".json", string(out)+"\n")
			})
		}
	}
}
