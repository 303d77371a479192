package entangle_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	gql "github.com/vektah/gqlparser/v2/ast"

	"entangle/graph"
)

// The tests here fail where a step of a recipe of CONTRIBUTING.md was forgotten and no
// test nearer to the code can tell.

// TestEveryRootFieldIsAsked: each root field stands in an operation of the schema's
// golden answers.
func TestEveryRootFieldIsAsked(t *testing.T) {
	schema, asked := parsedSchema(t), askedFields(t)
	lists := 0
	for _, kind := range graph.Kinds() {
		if asked[kind.Plural] {
			lists++
		}
	}
	if lists < 3 {
		t.Errorf("only %d lists of kinds are asked for", lists)
	}
	for _, f := range schema.Query.Fields {
		// One function makes the lists of all kinds.
		if slices.ContainsFunc(graph.Kinds(), func(k graph.KindInfo) bool { return k.Plural == f.Name }) {
			continue
		}
		if _, reason := unasked[f.Name]; !reason && !asked[f.Name] && !strings.HasPrefix(f.Name, "__") {
			t.Errorf("no operation in schema/testdata/operations asks for Query.%s", f.Name)
		}
	}
}

// askedFields are the root fields that the schema's golden answers ask for.
func askedFields(t *testing.T) map[string]bool {
	t.Helper()
	schema, asked := parsedSchema(t), map[string]bool{}
	files, err := filepath.Glob("schema/testdata/operations/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no operations: %v", err)
	}
	for _, file := range files {
		doc, err := gqlparser.LoadQueryWithRules(schema, readFile(t, file), nil)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, op := range doc.Operations {
			for _, sel := range op.SelectionSet {
				if f, ok := sel.(*gql.Field); ok {
					asked[f.Name] = true
				}
			}
		}
	}
	return asked
}

// unasked are the root fields that need no operation of their own.
var unasked = map[string]string{
	"dataVersion": "its text differs from store to store",
}

// unopened are the stores that no address leads to, and why.
var unopened = map[string]string{}

// TestEveryStoreIsOpened: each package graph/…store with an Open is opened by the
// command, and passes the contract.
func TestEveryStoreIsOpened(t *testing.T) {
	dirs, err := filepath.Glob("graph/*store")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no store: %v", err)
	}
	opened := map[string]bool{}
	for _, file := range goFiles(t, "cmd/entangle", false) {
		for _, dir := range dirs {
			name := path.Base(filepath.ToSlash(dir))
			opened[name] = opened[name] || selected(t, file, name)["Open"]
		}
	}
	for _, dir := range dirs {
		name := path.Base(filepath.ToSlash(dir))
		if !slices.ContainsFunc(goFiles(t, dir, false), func(f string) bool { return declares(t, f, "Open") }) {
			continue // not a store, or not yet one
		}
		if _, reason := unopened[name]; !reason && !opened[name] {
			t.Errorf("nothing in cmd/entangle calls %s.Open: add it to openStore in stores.go, or give the reason in unopened", name)
		}
		if !slices.ContainsFunc(goFiles(t, dir, true), func(f string) bool { return selected(t, f, "storetest")["Run"] }) {
			t.Errorf("no test of %s calls storetest.Run", dir)
		}
	}
}

// unnumbered are the measures that TestNumberingDoesNotMatter does not call itself.
var unnumbered = map[string]string{
	"ComponentsOf":     "FragmentationOf counts its sizes",
	"CoreHD":           "of equal nodes the first is taken",
	"DegreesOf":        "a count of ties",
	"DistanceFSampled": "the seed picks its sources by number",
	"MinNodeCut":       "Redundancy is this cut from a super-root",
	"Removal":          "FragmentationOf before and after",
	"Sources":          "the apexes that DominatorsOf is given",
}

// TestEveryMeasureIsTested: each exported measure of a graph refuses what the others
// refuse, is compared with known figures in a file of its own, and does not depend on
// how nodes are numbered.
func TestEveryMeasureIsTested(t *testing.T) {
	const dir = "queries/structure"
	calls := map[string]map[string]bool{} // by test file
	for _, file := range goFiles(t, dir, true) {
		calls[filepath.Base(file)] = selected(t, file, "structure")
	}
	if len(calls["components_test.go"]) == 0 || len(calls["relabel_test.go"]) == 0 {
		t.Fatal("components_test.go with TestRefusals or relabel_test.go is not where it was")
	}
	for _, name := range exportedFuncs(t, dir, "*Graph") {
		others := 0
		for file, called := range calls {
			if called[name] && file != "relabel_test.go" && file != "bench_test.go" {
				others++
			}
		}
		if !calls["components_test.go"][name] || others < 2 {
			t.Errorf("structure.%s: want a row in TestRefusals of components_test.go and a test of its figures", name)
		}
		if _, reason := unnumbered[name]; calls["relabel_test.go"][name] == reason {
			t.Errorf("structure.%s: want a call in relabel_test.go or a reason in unnumbered, not both", name)
		}
	}
}

// TestAlgorithmsSayWhatHolds: a file of an algorithm begins with what it computes, the
// invariant, the source and the cost. Types alone have no source, and errors nothing.
func TestAlgorithmsSayWhatHolds(t *testing.T) {
	types := []string{
		"queries/estimate/amount.go", "queries/structure/graph.go", "queries/structure/mask.go",
		"queries/worlds/model.go", "queries/worlds/parameters.go", "queries/worlds/params.go", "queries/worlds/past.go", "queries/worlds/trace.go",
	}
	bare := []string{"queries/estimate/doc.go", "queries/structure/doc.go", "queries/worlds/doc.go", "queries/worlds/errors.go"}
	for _, name := range slices.Concat(types, bare) {
		if _, err := os.Stat(name); err != nil {
			t.Errorf("%s is excepted and not there", name)
		}
	}
	searches := []string{"frontiersearch", "insuresearch", "morris", "orders", "paths", "stageorder", "sufficient", "toll"}
	for _, dir := range []string{"queries/structure", "queries/estimate", "queries/worlds", "queries"} {
		for _, file := range goFiles(t, dir, false) {
			if dir == "queries" && !slices.Contains(searches, strings.TrimSuffix(filepath.Base(file), ".go")) {
				continue // a question, not an algorithm
			}
			name := filepath.ToSlash(file)
			if slices.Contains(bare, name) {
				continue
			}
			head, _, _ := strings.Cut(readFile(t, file), "\npackage ")
			wants := []string{"\n// Invariant: ", "\n// Source: ", "\n// Cost: "}
			if slices.Contains(types, name) {
				wants = wants[:1]
			}
			for _, want := range wants {
				if !strings.Contains(head, want) {
					t.Errorf("%s: want a line %q before the package clause", file, strings.TrimSpace(want))
				}
			}
		}
	}
}

// TestContributingNamesTests: every test that CONTRIBUTING.md promises is there.
func TestContributingNamesTests(t *testing.T) {
	known := map[string]bool{}
	walk(t, func(file string) {
		if strings.HasSuffix(file, "_test.go") || strings.Contains(file, "storetest/") {
			for _, name := range testNames.FindAllString(readFile(t, file), -1) {
				known[strings.TrimPrefix(name, "func ")] = true
			}
		}
	})
	named := regexp.MustCompile("`(Test[A-Z]\\w*)`").FindAllStringSubmatch(readFile(t, "CONTRIBUTING.md"), -1)
	if len(named) < 10 {
		t.Fatalf("CONTRIBUTING.md names %d tests: has its form changed?", len(named))
	}
	for _, m := range named {
		if !known[m[1]] {
			t.Errorf("CONTRIBUTING.md names %s, which is nowhere", m[1])
		}
	}
}

var (
	testNames = regexp.MustCompile(`func Test[A-Z]\w*`)
	pageLinks = regexp.MustCompile(`\]\(([^)\s#]*)(?:#([^)\s]*))?\)`)
	headings  = regexp.MustCompile(`(?m)^#+ +(.*)$`)
	slugDrops = regexp.MustCompile(`[^\pL\pN _-]`)
	codeSpans = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
)

// TestLinksLead: a relative link of a Markdown page leads to a file, and to a heading of
// it where it names one.
func TestLinksLead(t *testing.T) {
	checked := 0
	walk(t, func(file string) {
		if filepath.Ext(file) != ".md" {
			return
		}
		text := codeSpans.ReplaceAllString(readFile(t, file), "")
		for _, m := range pageLinks.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			checked++
			target := file
			if m[1] != "" {
				target = path.Join(path.Dir(file), m[1])
			}
			if _, err := os.Stat(filepath.FromSlash(target)); err != nil {
				t.Errorf("%s links to %s, which is not there", file, m[1])
			} else if m[2] != "" && !slices.Contains(anchors(readFile(t, target)), m[2]) {
				t.Errorf("%s links to %s#%s, which is no heading there", file, m[1], m[2])
			}
		}
	})
	if checked == 0 {
		t.Error("found no link to check")
	}
}

// anchors are the names that a page's headings get: lower case, blanks as hyphens,
// other signs left out.
func anchors(page string) []string {
	var names []string
	for _, m := range headings.FindAllStringSubmatch(page, -1) {
		name := slugDrops.ReplaceAllString(strings.ToLower(m[1]), "")
		names = append(names, strings.ReplaceAll(name, " ", "-"))
	}
	return names
}

// TestDocsAreListed: docs/README.md links to every page below docs.
func TestDocsAreListed(t *testing.T) {
	index := readFile(t, "docs/README.md")
	walk(t, func(file string) {
		page, ok := strings.CutPrefix(file, "docs/")
		if ok && filepath.Ext(file) == ".md" && page != "README.md" && !strings.Contains(index, "]("+page+")") {
			t.Errorf("docs/README.md does not link to %s", page)
		}
	})
}

func parsedSchema(t *testing.T) *gql.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&gql.Source{Name: "schema.graphql", Input: readFile(t, "schema/schema.graphql")})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// goFiles lists the Go files of a folder, its tests or the others.
func goFiles(t *testing.T, dir string, tests bool) []string {
	t.Helper()
	files, err := filepath.Glob(dir + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "_test.go") != tests })
	return files
}

func parseFile(t *testing.T, file string) *ast.File {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// exportedFuncs lists the exported functions of a package that take an argument of the
// type, as it is written there.
func exportedFuncs(t *testing.T, dir, typ string) []string {
	t.Helper()
	var names []string
	for _, file := range goFiles(t, dir, false) {
		for _, decl := range parseFile(t, file).Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() {
				continue
			}
			if slices.ContainsFunc(f.Type.Params.List, func(p *ast.Field) bool { return written(p.Type) == typ }) {
				names = append(names, f.Name.Name)
			}
		}
	}
	if len(names) == 0 {
		t.Fatalf("no function of %s takes a %s", dir, typ)
	}
	slices.Sort(names)
	return names
}

// written writes a pointer to a named type as the source does, "" for other types.
func written(e ast.Expr) string {
	star, ok := e.(*ast.StarExpr)
	if !ok {
		return ""
	}
	switch x := star.X.(type) {
	case *ast.Ident:
		return "*" + x.Name
	case *ast.SelectorExpr:
		if pkg, ok := x.X.(*ast.Ident); ok {
			return "*" + pkg.Name + "." + x.Sel.Name
		}
	}
	return ""
}

// declares reports whether a file has a function of that name.
func declares(t *testing.T, file, name string) bool {
	t.Helper()
	return slices.ContainsFunc(parseFile(t, file).Decls, func(d ast.Decl) bool {
		f, ok := d.(*ast.FuncDecl)
		return ok && f.Recv == nil && f.Name.Name == name
	})
}

// selected are the names that a file uses of a package.
func selected(t *testing.T, file, pkg string) map[string]bool {
	t.Helper()
	return selectedIn(parseFile(t, file), pkg)
}

func selectedIn(node ast.Node, pkg string) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(node, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == pkg {
				names[sel.Sel.Name] = true
			}
		}
		return true
	})
	return names
}

// walk calls f with every file of the repository, slash-separated.
func walk(t *testing.T, f func(file string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := filepath.ToSlash(file)
		base := path.Base(name)
		if entry.IsDir() {
			if base != "." && (base[0] == '.' || base == "node_modules" || base == "coverage") {
				return fs.SkipDir
			}
			return nil
		}
		f(name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
