package all_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entangle/loaders/all"
	"entangle/loaders/native"
)

// formats are the folders beside this one that have an exported type Format.
func formats(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.Name == "Format" {
				found = append(found, filepath.Base(filepath.Dir(path)))
			}
			return true
		})
	}
	slices.Sort(found)
	return found
}

// A format that is forgotten in the list cannot be used.
func TestEveryFormatIsInTheList(t *testing.T) {
	var listed []string
	for _, f := range all.Registry().Formats() {
		listed = append(listed, filepath.Base(reflect.TypeOf(f).PkgPath()))
	}
	slices.Sort(listed)
	if found := formats(t); !slices.Equal(found, listed) {
		t.Errorf("folders with a Format: %v, in the list: %v", found, listed)
	}
}

func TestProperties(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	for _, f := range all.Registry().Formats() {
		p := f.Properties()
		if !name.MatchString(p.Name) || p.Title == "" || p.Docs == "" || len(p.Extensions) == 0 {
			t.Errorf("properties with gaps: %+v", p)
		}
	}
}

// Every format passes the suite, is fuzzed, and is told of in the documentation.
func TestEveryFormatIsTestedAndDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/loaders.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range formats(t) {
		if !strings.Contains(string(doc), "`"+name+"`") {
			t.Errorf("docs/loaders.md says nothing of %s", name)
		}
		tests, err := filepath.Glob("../" + name + "/*_test.go")
		if err != nil {
			t.Fatal(err)
		}
		var code strings.Builder
		for _, path := range tests {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(data)
		}
		for _, need := range []string{"loadertest.Run(", "loadertest.CheckBytes("} {
			if !strings.Contains(code.String(), need) {
				t.Errorf("the tests of %s do not call %s)", name, need)
			}
		}
	}
}

// Every column of the native files is on the page.
func TestColumnsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/loaders.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, ties := range []bool{false, true} {
		for _, c := range native.Columns(ties) {
			if header := strings.TrimSuffix(c.Name+":"+c.Type, ":"); !strings.Contains(string(doc), "`"+header+"`") {
				t.Errorf("docs/loaders.md says nothing of the column %s", header)
			}
		}
	}
}

// No two formats take the same file, whatever the order of the list.
func TestDetectionIsUnambiguous(t *testing.T) {
	files, err := filepath.Glob("../*/testdata/*.*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var takers []string
		for _, f := range all.Registry().Formats() {
			if f.Detect(data[:min(len(data), 64<<10)]).Score > 0 {
				takers = append(takers, f.Properties().Name)
			}
		}
		want := filepath.Base(filepath.Dir(filepath.Dir(path)))
		if !slices.Equal(takers, []string{want}) {
			t.Errorf("%s is taken by %v", path, takers)
		}
	}
}
