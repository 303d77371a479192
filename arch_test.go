package entangle_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// module is the import path of the repository's root.
const module = "entangle"

// rule says what the packages of one row may import outside their tests, besides
// the standard library.
type rule struct {
	ours  []string // our packages, as in the table's keys
	third []string // modules of others; the packages below them are meant too
	free  bool     // anything: a program that nothing here imports
}

// imports is the import table, keyed by folder. "x/*" speaks for each folder right
// below x that has no row of its own, "x/**" for all folders below. Arrows run one
// way: cmd → server → schema → schema/questions → queries → projection → graph ← stores,
// loaders.
// A new package needs a row; where it stands decides what it may know.
var imports = map[string]rule{
	"graph":             {third: []string{"golang.org/x/text/language"}},
	"graph/fold":        {third: []string{"golang.org/x/text"}},
	"graph/memory":      {ours: []string{"graph"}},
	"graph/sqlitestore": {ours: []string{"graph", "graph/fold", "graph/memory"}, third: []string{"modernc.org/sqlite"}},
	"graph/neo4jstore":  {ours: []string{"graph", "graph/fold", "graph/memory"}, third: []string{"github.com/neo4j/neo4j-go-driver/v5"}},
	"graph/storecopy":   {ours: []string{"graph"}},
	"graph/projection":  {ours: []string{"graph"}},
	"graph/gendocs":     {ours: []string{"graph"}},
	"graph/storetest":   {ours: []string{"graph", "graph/fold"}, third: []string{"github.com/google/go-cmp", "pgregory.net/rapid"}},

	"loaders":            {ours: []string{"graph"}},
	"loaders/*":          {ours: []string{"loaders", "graph", "graph/fold"}},
	"loaders/loadertest": {ours: []string{"loaders", "graph", "graph/sqlitestore"}},
	"loaders/all":        {ours: []string{"loaders", "loaders/*"}},

	"queries":                    {ours: []string{"graph", "graph/projection", "queries/estimate", "queries/structure", "queries/worlds"}},
	"queries/worlds":             {ours: []string{"graph", "graph/projection", "queries/estimate"}},
	"queries/estimate":           {third: []string{"gonum.org/v1/gonum/stat"}},
	"queries/querytest":          {ours: []string{"graph", "graph/projection", "queries", "queries/estimate", "queries/worlds"}},
	"queries/structure":          {},
	"queries/structure/networks": {ours: []string{"queries/structure"}},

	"schema/exec": {third: []string{"github.com/graphql-go/graphql", "github.com/vektah/gqlparser/v2"}},
	"schema/typed": {
		ours:  []string{"graph", "schema/exec"},
		third: []string{"github.com/graphql-go/graphql"},
	},
	"schema/questions": {
		ours:  []string{"graph", "graph/projection", "queries", "queries/estimate", "queries/worlds", "schema/exec", "schema/typed"},
		third: []string{"github.com/graphql-go/graphql"},
	},
	"schema": {
		ours:  []string{"graph", "graph/fold", "graph/projection", "queries", "schema/exec", "schema/questions", "schema/typed"},
		third: []string{"github.com/graphql-go/graphql"},
	},

	"server": {
		ours:  []string{"graph", "schema", "schema/exec", "web"},
		third: []string{"github.com/gin-gonic/gin", "github.com/prometheus/client_golang"},
	},
	"web":  {},
	"data": {},

	"cmd/entangle": {
		ours: []string{
			"cmd/entangle/ask", "cmd/entangle/usage",
			"data", "graph", "graph/fold", "graph/memory", "graph/neo4jstore", "graph/projection", "graph/sqlitestore", "graph/storecopy",
			"loaders", "loaders/*", "loaders/all", "queries", "schema", "schema/exec", "server", "web",
		},
		third: []string{
			"github.com/schollz/progressbar/v3", "github.com/spf13/cobra", "github.com/spf13/pflag", "golang.org/x/term",
		},
	},
	"cmd/entangle/ask": {
		ours:  []string{"cmd/entangle/usage", "graph", "queries", "queries/worlds", "schema", "schema/exec"},
		third: []string{"github.com/spf13/cobra", "github.com/spf13/pflag", "github.com/vektah/gqlparser/v2"},
	},
	"cmd/entangle/usage": {third: []string{"github.com/spf13/cobra", "github.com/spf13/pflag"}},
	"bench/**":           {free: true},
	"scripts/**":         {free: true},
}

// nameless are the package names that say where code was put and not what it is for.
var nameless = []string{"common", "helpers", "internal", "misc", "models", "shared", "types", "util", "utils"}

// pkg is what the table is about: one folder with Go files that are not tests.
type pkg struct {
	dir     string   // slash-separated, from the root; "." for the root
	name    string   // of the package clause
	imports []string // sorted, each once
	blank   []string // those imported for their side effects only
	inits   []string // files with a func init
}

func TestImports(t *testing.T) {
	pkgs := readPackages(t)
	if len(pkgs) == 0 {
		t.Fatal("found no packages: is the test running in the repository's root?")
	}
	for _, problem := range violations(pkgs) {
		t.Error(problem)
	}
}

// TestImportTableHasNoCycle also sees the cycles that no import has closed yet.
func TestImportTableHasNoCycle(t *testing.T) {
	const (
		unseen = iota
		open
		done
	)
	state := make(map[string]int)
	var visit func(row string, from []string)
	visit = func(row string, from []string) {
		from = append(slices.Clone(from), row)
		switch state[row] {
		case open:
			t.Errorf("the table lets %s", strings.Join(from, " → "))
			return
		case done:
			return
		}
		state[row] = open
		for _, to := range imports[row].ours {
			if _, ok := imports[to]; !ok {
				t.Errorf("row %s names %s, which has no row", row, to)
				continue
			}
			visit(to, from)
		}
		state[row] = done
	}
	for _, row := range slices.Sorted(maps.Keys(imports)) {
		visit(row, nil)
	}
}

// TestViolationsAreSeen plants what the table is there to keep out.
func TestViolationsAreSeen(t *testing.T) {
	for name, tt := range map[string]struct {
		pkg  pkg
		want []string
	}{
		"allowed": {
			pkg: pkg{dir: "graph/sqlitestore", name: "sqlitestore", imports: []string{"database/sql", "entangle/graph", "modernc.org/sqlite/lib"}},
		},
		"upward": {
			pkg:  pkg{dir: "graph", name: "graph", imports: []string{"context", "entangle/queries"}},
			want: []string{"graph imports entangle/queries: the table allows it none of ours"},
		},
		"sideways": {
			pkg:  pkg{dir: "loaders/popolo", name: "popolo", imports: []string{"entangle/loaders/sfm"}},
			want: []string{"loaders/popolo imports entangle/loaders/sfm: the table allows it loaders, graph, graph/fold"},
		},
		"the list of loaders": {
			pkg: pkg{dir: "loaders/all", name: "all", imports: []string{"entangle/loaders", "entangle/loaders/sfm"}},
		},
		"a foreign module": {
			pkg:  pkg{dir: "queries", name: "queries", imports: []string{"gonum.org/v1/gonum/graph"}},
			want: []string{"queries imports gonum.org/v1/gonum/graph: the table allows it no foreign module"},
		},
		"a module whose name only begins alike": {
			pkg:  pkg{dir: "server", name: "server", imports: []string{"github.com/gin-gonic/gin-extra"}},
			want: []string{"server imports github.com/gin-gonic/gin-extra: the table allows it github.com/gin-gonic/gin, github.com/prometheus/client_golang"},
		},
		"no row": {
			pkg:  pkg{dir: "graph/nowhere", name: "nowhere"},
			want: []string{"graph/nowhere has no row in the import table of arch_test.go: add one"},
		},
		"code in the root": {
			pkg:  pkg{dir: ".", name: "entangle"},
			want: []string{". has no row in the import table of arch_test.go: add one"},
		},
		"side effects": {
			pkg:  pkg{dir: "cmd/entangle", name: "main", blank: []string{"embed", "entangle/loaders/sfm"}, inits: []string{"main.go"}},
			want: []string{"cmd/entangle imports entangle/loaders/sfm for its side effects: name what you use in one list", "cmd/entangle has a func init in main.go: call it from where it is needed"},
		},
		"a name that says nothing": {
			pkg:  pkg{dir: "bench/util", name: "util"},
			want: []string{"bench/util is named util: name a package for what it is about"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, violations([]pkg{tt.pkg})); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

// violations returns what pkgs do against the table and the house rules, one line each.
func violations(pkgs []pkg) []string {
	var problems []string
	report := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	for _, p := range pkgs {
		if named := slices.Contains(nameless, p.name) || slices.Contains(nameless, path.Base(p.dir)); named {
			report("%s is named %s: name a package for what it is about", p.dir, p.name)
		}
		for _, target := range p.blank {
			if inModule(target, module) {
				report("%s imports %s for its side effects: name what you use in one list", p.dir, target)
			}
		}
		for _, file := range p.inits {
			report("%s has a func init in %s: call it from where it is needed", p.dir, file)
		}
		row, ok := rowOf(p.dir)
		if !ok {
			report("%s has no row in the import table of arch_test.go: add one", p.dir)
			continue
		}
		for _, target := range p.imports {
			if why := imports[row].refuses(target); why != "" {
				report("%s imports %s: the table allows it %s", p.dir, target, why)
			}
		}
	}
	return problems
}

// refuses returns "" if the rule allows the import, else what it allows instead.
func (r rule) refuses(target string) string {
	if r.free || isStandard(target) {
		return ""
	}
	if inModule(target, module) {
		if row, ok := rowOf(strings.TrimPrefix(target, module+"/")); ok && slices.Contains(r.ours, row) {
			return ""
		}
		return listed(r.ours, "none of ours")
	}
	if slices.ContainsFunc(r.third, func(m string) bool { return inModule(target, m) }) {
		return ""
	}
	return listed(r.third, "no foreign module")
}

func listed(names []string, none string) string {
	if len(names) == 0 {
		return none
	}
	return strings.Join(names, ", ")
}

// rowOf finds the row of the table that speaks for a folder: its own, its parent's
// "*", or the nearest "**" above.
func rowOf(dir string) (row string, ok bool) {
	if _, ok = imports[dir]; ok {
		return dir, true
	}
	parent := path.Dir(dir)
	if _, ok = imports[parent+"/*"]; ok {
		return parent + "/*", true
	}
	for ; parent != "."; parent = path.Dir(parent) {
		if _, ok = imports[parent+"/**"]; ok {
			return parent + "/**", true
		}
	}
	return "", false
}

// isStandard: only paths of the standard library have no dot in their first element,
// our own module apart.
func isStandard(target string) bool {
	first, _, _ := strings.Cut(target, "/")
	return !strings.Contains(first, ".") && first != module
}

func inModule(target, mod string) bool {
	return target == mod || strings.HasPrefix(target, mod+"/")
}

// readPackages parses every Go file of the module that is not a test, for all systems
// and build tags alike. It reads the files itself: `go list` sees one system at a time,
// and go test would not know that its answer has changed and would repeat a cached one.
func readPackages(t *testing.T) []pkg {
	t.Helper()
	found := make(map[string]*pkg)
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if skipped(file) {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		dir := filepath.ToSlash(filepath.Dir(file))
		if found[dir] == nil {
			found[dir] = &pkg{dir: dir}
		}
		return found[dir].read(file)
	})
	if err != nil {
		t.Fatal(err)
	}
	var pkgs []pkg
	for _, dir := range slices.Sorted(maps.Keys(found)) {
		p := found[dir]
		slices.Sort(p.imports)
		p.imports = slices.Compact(p.imports)
		pkgs = append(pkgs, *p)
	}
	return pkgs
}

// skipped tells the folders that the go command does not look into either.
func skipped(dir string) bool {
	base := filepath.Base(dir)
	if dir == "." {
		return false
	}
	if base[0] == '.' || base[0] == '_' || base == "testdata" || base == "vendor" || base == "node_modules" {
		return true
	}
	_, err := os.Stat(filepath.Join(dir, "go.mod")) // a module of its own
	return err == nil
}

// read adds what one file imports and declares.
func (p *pkg) read(file string) error {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	p.name = parsed.Name.Name
	for _, spec := range parsed.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return fmt.Errorf("%s: import %s: %w", file, spec.Path.Value, err)
		}
		p.imports = append(p.imports, target)
		if spec.Name != nil && spec.Name.Name == "_" {
			p.blank = append(p.blank, target)
		}
	}
	for _, decl := range parsed.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			p.inits = append(p.inits, filepath.Base(file))
		}
	}
	return nil
}
