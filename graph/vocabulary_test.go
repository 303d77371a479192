package graph_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entangle/graph"
)

var (
	fieldName = regexp.MustCompile(`^[a-z][a-zA-Z0-9]*$`)
	typeName  = regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
	kindName  = regexp.MustCompile(`^[A-Z][a-zA-Z]*$`)
	inWord    = regexp.MustCompile(`([a-z])([A-Z])`)
	word      = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
)

// nodeFields and tieFields are the names that every node and tie has in
// answers and filters; no property or tie field may take one.
var (
	nodeFields = []string{"id", "kind", "name", "names", "types", "aliases", "marking", "citations", "load"}
	tieFields  = []string{
		"id", "type", "from", "to", "node", "span", "start", "end", "first", "last", "confidence", "weight",
		"citations", "source", "grade", "marking", "status", "conflictSet", "derived", "derivedBy", "note", "load",
	}
)

func TestKinds(t *testing.T) {
	t.Parallel()
	constants := constantsOf(t, "kind.go", "Kind")
	rows := graph.Kinds()
	if len(rows) != len(constants) {
		t.Fatalf("%d rows for %d constants", len(rows), len(constants))
	}
	seen := map[string]bool{}
	for i, row := range rows {
		k := graph.Kind(i + 1)
		if row.Kind != k || constants[i] != row.Name || k.Info().Name != row.Name || k.String() != row.Name || !k.Valid() {
			t.Errorf("row %d is %v (%s), the constant %d is %s", i, row.Kind, row.Name, k, constants[i])
		}
		if !kindName.MatchString(row.Name) || !fieldName.MatchString(row.Plural) {
			t.Errorf("%s, %s: not names of GraphQL", row.Name, row.Plural)
		}
		for _, name := range []string{row.Name, row.Plural} {
			if seen[strings.ToLower(name)] {
				t.Errorf("%s is there twice", name)
			}
			seen[strings.ToLower(name)] = true
		}
		if row.Help == "" || !strings.HasSuffix(row.Help, ".") {
			t.Errorf("%s: help %q is no sentence", row.Name, row.Help)
		}
		if !slices.ContainsFunc(row.Props, func(p graph.PropSpec) bool { return p.Name == "summary" }) {
			t.Errorf("%s has no property summary, which clients read of every Entity", row.Name)
		}
		for j, typ := range row.Types {
			if !word.MatchString(typ) || slices.Contains(row.Types[:j], typ) {
				t.Errorf("%s: type %q is no word or there twice", row.Name, typ)
			}
		}
		var back graph.Kind
		if roundTrip(t, k, &back); back != k {
			t.Errorf("%v comes back as %v", k, back)
		}
	}
	for _, k := range []graph.Kind{0, graph.Kind(len(rows) + 1), 255} {
		if k.Valid() || !strings.HasPrefix(k.String(), "Kind(") {
			t.Errorf("Kind(%d) passes for %v", uint8(k), k)
		}
	}
	for _, s := range []string{"", "person", "PERSON", "People", "Kind(0)"} {
		if k, err := graph.ParseKind(s); !errors.Is(err, graph.ErrVocabulary) || !strings.Contains(err.Error(), "RevenueStream") {
			t.Errorf("ParseKind(%q) = %v, %v; want ErrVocabulary and the names there are", s, k, err)
		}
	}
}

func TestTieTypes(t *testing.T) {
	t.Parallel()
	constants := constantsOf(t, "tietype.go", "TieType")
	rows := graph.TieTypes()
	if len(rows) != len(constants) {
		t.Fatalf("%d rows for %d constants", len(rows), len(constants))
	}
	names := map[string]bool{}
	for i, row := range rows {
		typ := graph.TieType(i + 1)
		if row.Type != typ || tieName(constants[i]) != row.Name || typ.Info().Name != row.Name || typ.String() != row.Name || !typ.Valid() {
			t.Errorf("row %d is %v (%s), the constant %d is %s", i, row.Type, row.Name, typ, constants[i])
		}
		if !typeName.MatchString(row.Name) || names[row.Name] {
			t.Errorf("%s is no type name or there twice", row.Name)
		}
		names[row.Name] = true
		if row.Help == "" || !strings.HasSuffix(row.Help, ".") {
			t.Errorf("%s: help %q is no sentence", row.Name, row.Help)
		}
		if !fieldName.MatchString(row.Out) || !fieldName.MatchString(row.In) {
			t.Errorf("%s: fields %q and %q are not names of GraphQL", row.Name, row.Out, row.In)
		}
		checkEnds(t, row)
		var back graph.TieType
		if roundTrip(t, typ, &back); back != typ {
			t.Errorf("%v comes back as %v", typ, back)
		}
	}
	for _, typ := range []graph.TieType{0, graph.TieType(len(rows) + 1), 255} {
		if typ.Valid() || !strings.HasPrefix(typ.String(), "TieType(") || typ.Joins(graph.Person, graph.Group) {
			t.Errorf("TieType(%d) passes for %v", uint8(typ), typ)
		}
	}
	for _, s := range []string{"", "member_of", "MEMBERS", "MemberOf"} {
		if typ, err := graph.ParseTieType(s); !errors.Is(err, graph.ErrVocabulary) {
			t.Errorf("ParseTieType(%q) = %v, %v; want ErrVocabulary", s, typ, err)
		}
	}
}

// constantsOf reads the names of a type's constants in their order from the source: a
// constant that has no row, or the row of another, is in no list of the program.
func constantsOf(t *testing.T, file, typ string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, decl := range parsed.Decls {
		block, ok := decl.(*ast.GenDecl)
		if !ok || block.Tok != token.CONST {
			continue
		}
		first, ok := block.Specs[0].(*ast.ValueSpec)
		if of, named := first.Type.(*ast.Ident); !ok || !named || of.Name != typ {
			continue
		}
		for _, spec := range block.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				names = append(names, name.Name)
			}
		}
	}
	return names
}

// tieName writes MemberOf as MEMBER_OF.
func tieName(constant string) string {
	return strings.ToUpper(inWord.ReplaceAllString(constant, "${1}_$2"))
}

func checkEnds(t *testing.T, row graph.TieInfo) {
	t.Helper()
	if len(row.Ends) == 0 {
		t.Errorf("%s joins nothing", row.Name)
	}
	for i, e := range row.Ends {
		if !e.From.Valid() || !e.To.Valid() || slices.Contains(row.Ends[:i], e) {
			t.Errorf("%s: ends %v→%v are no kinds or there twice", row.Name, e.From, e.To)
		}
		if !row.Type.Joins(e.From, e.To) {
			t.Errorf("%s does not join its own ends %v→%v", row.Name, e.From, e.To)
		}
		if row.Symmetric && e.From != e.To {
			t.Errorf("%s is symmetric but joins %v to %v", row.Name, e.From, e.To)
		}
	}
	if row.Type.Joins(graph.Source, graph.Source) {
		t.Errorf("%s joins sources, which are cited", row.Name)
	}
	if row.Symmetric != (row.Out == row.In) {
		t.Errorf("%s: symmetric %t, fields %q and %q", row.Name, row.Symmetric, row.Out, row.In)
	}
}

// TestFieldNames: on one kind every property, tie field and built-in field has
// a name of its own.
func TestFieldNames(t *testing.T) {
	t.Parallel()
	for _, k := range graph.Kinds() {
		owner := map[string]string{}
		take := func(name, who string) {
			if first, ok := owner[name]; ok {
				t.Errorf("%s.%s is %s and %s", k.Name, name, first, who)
			}
			owner[name] = who
		}
		for _, name := range nodeFields {
			take(name, "built in")
		}
		for _, p := range k.Props {
			take(p.Name, "a property")
		}
		for _, row := range graph.TieTypes() {
			out := slices.ContainsFunc(row.Ends, func(e graph.Ends) bool { return e.From == k.Kind })
			in := slices.ContainsFunc(row.Ends, func(e graph.Ends) bool { return e.To == k.Kind })
			if out {
				take(row.Out, row.Name+" outwards")
			}
			if in && !row.Symmetric {
				take(row.In, row.Name+" inwards")
			}
		}
	}
	for _, row := range graph.TieTypes() {
		seen := slices.Clone(tieFields)
		for _, p := range row.Props {
			if slices.Contains(seen, p.Name) {
				t.Errorf("%s.%s is taken", row.Name, p.Name)
			}
			seen = append(seen, p.Name)
		}
	}
}

// TestPropTypes: a property that several rows have is of one type in all, so
// that a filter over them compares one way.
func TestPropTypes(t *testing.T) {
	t.Parallel()
	check := func(owner string, seen map[string]graph.PropType, p graph.PropSpec) {
		if typ, ok := seen[p.Name]; ok && typ != p.Type {
			t.Errorf("%s.%s is of type %d, elsewhere of %d", owner, p.Name, p.Type, typ)
		}
		seen[p.Name] = p.Type
		if !fieldName.MatchString(p.Name) || p.Help == "" || !strings.HasSuffix(p.Help, ".") {
			t.Errorf("%s.%s: no field name, or help %q is no sentence", owner, p.Name, p.Help)
		}
		if p.Bounded && p.Min >= p.Max || !p.Bounded && p.Max != 0 {
			t.Errorf("%s.%s: bounds %g to %g, bounded %t", owner, p.Name, p.Min, p.Max, p.Bounded)
		}
		if len(p.Enum) > 0 && p.Type != graph.StringProp {
			t.Errorf("%s.%s: only text has a list of values", owner, p.Name)
		}
		for i, v := range p.Enum {
			if v == "" || slices.Contains(p.Enum[:i], v) {
				t.Errorf("%s.%s: value %q is empty or there twice", owner, p.Name, v)
			}
		}
	}
	ofNodes, ofTies := map[string]graph.PropType{}, map[string]graph.PropType{}
	for _, row := range graph.Kinds() {
		for _, p := range row.Props {
			check(row.Name, ofNodes, p)
		}
	}
	for _, row := range graph.TieTypes() {
		for _, p := range row.Props {
			check(row.Name, ofTies, p)
		}
	}
	if got := len(graph.PropsOf(nil)); got != len(ofNodes) {
		t.Errorf("PropsOf of every kind has %d columns, the table %d", got, len(ofNodes))
	}
	if got := len(graph.TiePropsOf(nil)); got != len(ofTies) {
		t.Errorf("TiePropsOf of every type has %d columns, the table %d", got, len(ofTies))
	}
	if got, want := len(graph.PropsOf([]graph.Kind{graph.Place})), len(graph.Place.Info().Props); got != want {
		t.Errorf("PropsOf(Place) has %d columns, want %d", got, want)
	}
}
