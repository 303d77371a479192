package schema_test

import (
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"entangle/graph"
	"entangle/graph/storetest"
)

// parsedSDL is the printed schema, read back by another library.
func parsedSDL(t *testing.T) (string, *ast.Schema) {
	t.Helper()
	sdl := newSchema(t, storetest.NewModel()).SDL()
	parsed, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	return sdl, parsed
}

func TestSDLIsGolden(t *testing.T) {
	sdl, _ := parsedSDL(t)
	golden(t, "schema.graphql", sdl)
}

func TestEverythingIsDescribed(t *testing.T) {
	_, parsed := parsedSDL(t)
	for name, def := range parsed.Types {
		if def.BuiltIn {
			continue
		}
		if def.Description == "" {
			t.Errorf("%s %s has no description", def.Kind, name)
		}
		for _, f := range def.Fields {
			if f.Description == "" && f.Name[0] != '_' {
				t.Errorf("%s.%s has no description", name, f.Name)
			}
			for _, a := range f.Arguments {
				if a.Description == "" && f.Name[0] != '_' {
					t.Errorf("%s.%s(%s) has no description", name, f.Name, a.Name)
				}
			}
		}
		for _, v := range def.EnumValues {
			if v.Description == "" {
				t.Errorf("%s.%s has no description", name, v.Name)
			}
		}
	}
}

// TestEveryRowHasItsFields holds the schema against the vocabulary: a kind has
// its type, list, enum value, properties and filters; a type of tie has its enum
// value, a field at each end that leads to the other, and its properties.
func TestEveryRowHasItsFields(t *testing.T) {
	_, parsed := parsedSDL(t)
	field := func(typ, name string) *ast.FieldDefinition {
		def := parsed.Types[typ]
		if def == nil {
			t.Fatalf("there is no type %s", typ)
		}
		f := def.Fields.ForName(name)
		if f == nil {
			t.Errorf("%s has no field %s", typ, name)
			return &ast.FieldDefinition{Type: ast.NamedType("", nil)}
		}
		return f
	}
	hasValue := func(enum, name string) {
		if parsed.Types[enum].EnumValues.ForName(name) == nil {
			t.Errorf("enum %s has no value %s", enum, name)
		}
	}
	for _, row := range graph.Kinds() {
		hasValue("NodeKind", row.Name)
		if got := field("Query", row.Plural).Type.String(); got != row.Name+"Connection!" {
			t.Errorf("Query.%s is of type %s", row.Plural, got)
		}
		if !slices.Equal(parsed.Types[row.Name].Interfaces, []string{"Entity", "Node"}) {
			t.Errorf("%s implements %v", row.Name, parsed.Types[row.Name].Interfaces)
		}
		for _, s := range row.Props {
			field(row.Name, s.Name)
			field(row.Name+"Where", s.Name)
			field("EntityWhere", s.Name)
		}
	}
	leads := func(kind, name string, to graph.Kind) {
		connection := field(kind, name).Type.Name()
		far := field(connection, "nodes").Type.Elem.Name()
		if far != to.String() && far != "Entity" {
			t.Errorf("%s.%s leads to %s, not to %s", kind, name, far, to)
		}
		field(kind+"Where", name)
		field("EntityWhere", name)
	}
	for _, row := range graph.TieTypes() {
		hasValue("TieType", row.Name)
		for _, e := range row.Ends {
			leads(e.From.String(), row.Out, e.To)
			leads(e.To.String(), row.In, e.From)
		}
		for _, s := range row.Props {
			field("Tie", s.Name)
			field("TieWhere", s.Name)
		}
	}
}
