package exec_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"entangle/schema/exec"
)

// fullIntrospection asks for all that the September 2025 edition of the specification offers.
const fullIntrospection = `query IntrospectionQuery {
  __schema { description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
    types { ...FullType }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
  inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`

func TestFullIntrospectionIsServed(t *testing.T) {
	d := newDoor(t)
	var got struct {
		Data struct {
			Schema struct {
				Types []struct {
					Name, Kind, Description string
					SpecifiedByURL          *string
					IsOneOf                 *bool
				}
			} `json:"__schema"`
		}
		Errors []any
	}
	if err := json.Unmarshal([]byte(ask(t, d, fullIntrospection, "")), &got); err != nil || got.Errors != nil {
		t.Fatal(err, got.Errors)
	}
	kinds := map[string]string{}
	for _, typ := range got.Data.Schema.Types {
		kinds[typ.Name] = typ.Kind
		if typ.Name == "Date" && (typ.SpecifiedByURL == nil || *typ.SpecifiedByURL != "https://example.org/date") {
			t.Errorf("Date: specifiedByURL %v", typ.SpecifiedByURL)
		}
		if typ.Kind == "INPUT_OBJECT" && (typ.IsOneOf == nil || *typ.IsOneOf != (typ.Name == "Pick")) {
			t.Errorf("%s: isOneOf %v", typ.Name, typ.IsOneOf)
		}
	}
	for name, kind := range map[string]string{"Person": "OBJECT", "Node": "INTERFACE", "Hit": "UNION", "Role": "ENUM", "Filter": "INPUT_OBJECT", "Date": "SCALAR", "__Type": "OBJECT"} {
		if kinds[name] != kind {
			t.Errorf("%s is a %q, want %s", name, kinds[name], kind)
		}
	}
}

func TestIntrospectionValues(t *testing.T) {
	d := newDoor(t)
	for _, tt := range []struct{ query, want string }{
		{
			`{ __type(name: "Person") { fields { name } interfaces { name } possibleTypes { name } ofType { name } } }`,
			`{"__type":{"fields":[{"name":"friend"},{"name":"id"},{"name":"kids"},{"name":"must"},{"name":"name"},{"name":"role"}],"interfaces":[{"name":"Node"}],"possibleTypes":null,"ofType":null}}`,
		},
		{`{ __type(name: "Hit") { fields { name } possibleTypes { name } } }`, `{"__type":{"fields":null,"possibleTypes":[{"name":"Group"},{"name":"Person"}]}}`},
		{
			`{ __type(name: "Role") { enumValues { name } all: enumValues(includeDeprecated: true) { name deprecationReason } } }`,
			`{"__type":{"enumValues":[{"name":"COMMANDER"},{"name":"MINISTER"}],"all":[{"name":"COMMANDER","deprecationReason":null},{"name":"EMIR","deprecationReason":"never used"},{"name":"MINISTER","deprecationReason":null}]}}`,
		},
		{
			`{ __type(name: "Filter") { inputFields { name defaultValue type { kind ofType { name } } } description } }`,
			`{"__type":{"inputFields":[{"name":"and","defaultValue":null,"type":{"kind":"INPUT_OBJECT","ofType":null}},{"name":"limit","defaultValue":"5","type":{"kind":"NON_NULL","ofType":{"name":"Int"}}},{"name":"name","defaultValue":"\"any\"","type":{"kind":"SCALAR","ofType":null}},{"name":"roles","defaultValue":null,"type":{"kind":"LIST","ofType":{"name":null}}},{"name":"since","defaultValue":null,"type":{"kind":"SCALAR","ofType":null}}],"description":null}}`,
		},
		{`{ __type(name: "Nope") { name } }`, `{"__type":null}`},
		{`{ __type(name: "Query") { __typename kind fields { name } } }`, ""},
		{
			`{ __schema { directives { name isRepeatable locations } queryType { name } mutationType { name } subscriptionType { name } } }`,
			`{"__schema":{"directives":[{"name":"deprecated","isRepeatable":false,"locations":["FIELD_DEFINITION","ARGUMENT_DEFINITION","INPUT_FIELD_DEFINITION","ENUM_VALUE","DIRECTIVE_DEFINITION"]},{"name":"include","isRepeatable":false,"locations":["FIELD","FRAGMENT_SPREAD","INLINE_FRAGMENT"]},{"name":"oneOf","isRepeatable":false,"locations":["INPUT_OBJECT"]},{"name":"skip","isRepeatable":false,"locations":["FIELD","FRAGMENT_SPREAD","INLINE_FRAGMENT"]},{"name":"specifiedBy","isRepeatable":false,"locations":["SCALAR"]}],"queryType":{"name":"Query"},"mutationType":{"name":"Mutation"},"subscriptionType":null}}`,
		},
	} {
		got := body(ask(t, d, tt.query, ""))
		if tt.want == "" {
			if strings.Contains(got, "__schema") || !strings.Contains(got, `"__typename":"__Type","kind":"OBJECT"`) {
				t.Errorf("%s: %s", tt.query, got)
			}
			continue
		}
		if diff := cmp.Diff(`{"data":`+tt.want+`}`, got); diff != "" {
			t.Errorf("%s, -want +got:\n%s", tt.query, diff)
		}
	}
}

func TestIntrospectionIsBounded(t *testing.T) {
	d := newDoor(t, func(o *exec.Options) { o.Limits.IntrospectionNodes = 50 })
	got := body(ask(t, d, fullIntrospection, ""))
	if !strings.HasPrefix(got, `{"data":null,"errors":[{"message":"introspection yields more than 50 objects"`) {
		t.Errorf("got %s", clip(got))
	}
	if got := ask(t, newDoor(t), "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", ""); !strings.Contains(got, "introspection depth") {
		t.Errorf("nested lists: %s", clip(got))
	}
}

func TestSDL(t *testing.T) {
	fx := newFixture(t)
	plain, err := exec.PrintSDL(fx.schema)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := exec.PrintSDL(newFixture(t).schema); again != plain {
		t.Error("two prints of one schema differ")
	}
	sdl := newDoor(t, func(o *exec.Options) {
		o.Notes.Description = "All of it."
		o.Notes.Deprecated = map[string]string{"Filter.since": "use asOf", "Query.person(id)": "use node"}
	}).SDL()
	s, gerr := gqlparser.LoadSchema(&ast.Source{Input: sdl})
	if gerr != nil {
		t.Fatal(gerr)
	}
	for _, want := range []string{
		"\"\"\"All of it.\"\"\"\nschema {\n  query: Query\n  mutation: Mutation\n}\n",
		"\n\"\"\"A day, as in 2006-01-02.\"\"\"\nscalar Date @specifiedBy(url: \"https://example.org/date\")\n",
		"  EMIR @deprecated(reason: \"never used\")\n",
		"  name: String = \"any\"\n",
		"  since: Date @deprecated(reason: \"use asOf\")\n",
		"input Pick @oneOf {\n",
		"type Person implements Node {\n",
		"union Hit = Group | Person\n",
		"  node(id: ID = \"g1\"): Node\n",
		"page: Int! = 10",
	} {
		if !strings.Contains(sdl, want) {
			t.Errorf("the SDL lacks %q", want)
		}
	}
	if got, want := s.Types["Person"].Fields.ForName("name").Description, "A \"quoted\" name\nover two lines."; got != want {
		t.Errorf("description read back: %q, want %q", got, want)
	}
	// Types, fields and arguments of the printed schema are those of the library.
	for name, typ := range fx.schema.TypeMap() {
		if s.Types[name] == nil || (!strings.HasPrefix(name, "__") && s.Types[name].Name != typ.Name()) {
			t.Errorf("type %s is not printed", name)
		}
	}
	for name, f := range fx.schema.QueryType().Fields() {
		def := s.Query.Fields.ForName(name)
		if def == nil || def.Type.String() != f.Type.String() || len(def.Arguments) != len(f.Args) {
			t.Errorf("Query.%s is printed as %v", name, def)
			continue
		}
		for _, a := range f.Args {
			if p := def.Arguments.ForName(a.Name()); p == nil || p.Type.String() != a.Type.String() || (p.DefaultValue == nil) != (a.DefaultValue == nil) {
				t.Errorf("Query.%s(%s) is printed as %v", name, a.Name(), p)
			}
		}
	}
}
