package exec_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/graphql-go/graphql"
	gqlast "github.com/graphql-go/graphql/language/ast"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"entangle/schema/exec"
)

// described is a schema that has one of everything that can be described, deprecated or given a default. text returns
// the description of the next thing.
func described(text func() string) (graphql.Schema, exec.Notes, error) {
	date := graphql.NewScalar(graphql.ScalarConfig{
		Name: "Date", Description: text(), Serialize: func(v any) any { return v },
		ParseValue:   func(v any) any { return v },
		ParseLiteral: func(v gqlast.Value) any { return v.GetValue() },
	})
	role := graphql.NewEnum(graphql.EnumConfig{Name: "Role", Description: text(), Values: graphql.EnumValueConfigMap{
		"A": {Value: 1, Description: text()},
		"B": {Value: 2, Description: text(), DeprecationReason: "say \"A\"\nor \\ nothing"},
		"C": {Value: 3, DeprecationReason: graphql.DefaultDeprecationReason},
	}})
	filter := graphql.NewInputObject(graphql.InputObjectConfig{Name: "Filter", Description: text(), Fields: graphql.InputObjectConfigFieldMap{
		"name":  {Type: graphql.String, Description: text(), DefaultValue: "a \"b\"\n\\"},
		"roles": {Type: graphql.NewList(graphql.NewNonNull(role)), Description: text(), DefaultValue: []any{1, 3}},
		"day":   {Type: date, DefaultValue: "2003-04-09"},
		"limit": {Type: graphql.NewNonNull(graphql.Int), DefaultValue: -1},
		"ratio": {Type: graphql.Float, DefaultValue: 0.5},
		"on":    {Type: graphql.Boolean, DefaultValue: false},
	}})
	filter.AddFieldConfig("and", &graphql.InputObjectFieldConfig{Type: filter, Description: text()})
	node := graphql.NewInterface(graphql.InterfaceConfig{Name: "Node", Description: text(), Fields: graphql.Fields{
		"id": {Type: graphql.NewNonNull(graphql.ID), Description: text()},
	}})
	isA := func(graphql.IsTypeOfParams) bool { return true }
	person := graphql.NewObject(graphql.ObjectConfig{Name: "Person", Description: text(), IsTypeOf: isA, Interfaces: []*graphql.Interface{node}, Fields: graphql.Fields{
		"id":   {Type: graphql.NewNonNull(graphql.ID)},
		"old":  {Type: graphql.Int, DeprecationReason: "gone"},
		"born": {Type: graphql.Int, Description: text(), DeprecationReason: graphql.DefaultDeprecationReason},
	}})
	group := graphql.NewObject(graphql.ObjectConfig{Name: "Group", IsTypeOf: isA, Fields: graphql.Fields{"id": {Type: graphql.ID}}})
	hit := graphql.NewUnion(graphql.UnionConfig{Name: "Hit", Description: text(), Types: []*graphql.Object{person, group}})
	query := graphql.NewObject(graphql.ObjectConfig{Name: "Query", Description: text(), Fields: graphql.Fields{
		"both": {Type: graphql.NewList(graphql.NewNonNull(hit)), Description: text(), Args: graphql.FieldConfigArgument{
			"filter": {Type: filter, Description: text(), DefaultValue: map[string]any{"limit": 3, "on": true, "roles": []any{2}}},
			"ints":   {Type: graphql.NewList(graphql.Int), DefaultValue: []int{1, 2}},
			"one":    {Type: graphql.NewList(graphql.Int), DefaultValue: 7},
		}},
		"bare": {Type: node, Args: graphql.FieldConfigArgument{"role": {Type: role, DefaultValue: 2}, "n": {Type: graphql.Int}}},
	}})
	schema, err := graphql.NewSchema(graphql.SchemaConfig{
		Query: query, Types: []graphql.Type{person, group},
		Mutation:     graphql.NewObject(graphql.ObjectConfig{Name: "Change", Fields: graphql.Fields{"x": {Type: graphql.Int}}}),
		Subscription: graphql.NewObject(graphql.ObjectConfig{Name: "News", Fields: graphql.Fields{"x": {Type: graphql.Int}}}),
		Directives: append(slices.Clone(graphql.SpecifiedDirectives), graphql.NewDirective(graphql.DirectiveConfig{
			Name: "weigh", Description: text(), Locations: []string{"FIELD", "QUERY", "FRAGMENT_SPREAD", "INLINE_FRAGMENT", "FRAGMENT_DEFINITION"},
			Args: graphql.FieldConfigArgument{"by": {Type: graphql.Int, Description: text(), DefaultValue: 1}},
		})),
	})
	return schema, exec.Notes{
		Description: text(), SpecifiedBy: map[string]string{"Date": "https://example.org/\"day\""},
		Deprecated: map[string]string{"Filter.day": "ask \"asOf\"", "Query.bare(n)": graphql.DefaultDeprecationReason, "@weigh(by)": "no"},
	}, err
}

// What is described in a schema reads the same in its text, whatever the description says.
func TestDescriptionsAreReadBack(t *testing.T) {
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("ab \"\\\n\té{}#@'")), 1, 12, -1)
	rapid.Check(t, func(rt *rapid.T) {
		var said []string
		schema, notes, err := described(func() string {
			// Blanks at the ends of a text or a line have no meaning, and the parser takes away what all lines have in front.
			var lines []string
			for line := range strings.Lines(strings.TrimSpace(letters.Draw(rt, "description"))) {
				lines = append(lines, strings.TrimSpace(line))
			}
			s := strings.TrimSpace(strings.Join(lines, "\n"))
			said = append(said, s)
			return s
		})
		if err != nil {
			rt.Fatal(err)
		}
		d, err := exec.New(schema, exec.Options{Notes: notes})
		if err != nil {
			rt.Fatal(err)
		}
		s, gerr := gqlparser.LoadSchema(&ast.Source{Input: d.SDL()})
		if gerr != nil {
			rt.Fatal(gerr)
		}
		var read []string
		add := func(text string) {
			if text != "" {
				read = append(read, text)
			}
		}
		args := func(list ast.ArgumentDefinitionList) {
			for _, a := range list {
				add(a.Description)
			}
		}
		add(s.Description)
		for _, def := range s.Types {
			if def.BuiltIn {
				continue
			}
			add(def.Description)
			for _, f := range def.Fields {
				add(f.Description)
				args(f.Arguments)
			}
			for _, v := range def.EnumValues {
				add(v.Description)
			}
		}
		add(s.Directives["weigh"].Description)
		args(s.Directives["weigh"].Arguments)
		said = slices.DeleteFunc(said, func(s string) bool { return s == "" })
		slices.Sort(said)
		slices.Sort(read)
		if diff := cmp.Diff(said, read); diff != "" {
			rt.Fatalf("descriptions, -said +read:\n%s\nin\n%s", diff, d.SDL())
		}
	})
}

// The text of the schema as a whole, written out by hand.
func TestSDLOfEverything(t *testing.T) {
	n := 0
	schema, notes, err := described(func() string { n++; return fmt.Sprintf("Text %d.", n) })
	if err != nil {
		t.Fatal(err)
	}
	d, err := exec.New(schema, exec.Options{Notes: notes})
	if err != nil {
		t.Fatal(err)
	}
	const want = `"""Text 19."""
schema {
  query: Query
  mutation: Change
  subscription: News
}

"""Text 17."""
directive @weigh(
  """Text 18."""
  by: Int = 1 @deprecated(reason: "no")
) on FIELD | QUERY | FRAGMENT_SPREAD | INLINE_FRAGMENT | FRAGMENT_DEFINITION

type Change {
  x: Int
}

"""Text 1."""
scalar Date @specifiedBy(url: "https://example.org/\"day\"")

"""Text 5."""
input Filter {
  """Text 8."""
  and: Filter
  day: Date = "2003-04-09" @deprecated(reason: "ask \"asOf\"")
  limit: Int! = -1
  """Text 6."""
  name: String = "a \"b\"\n\\"
  on: Boolean = false
  ratio: Float = 0.5
  """Text 7."""
  roles: [Role!] = [A, C]
}

type Group {
  id: ID
}

"""Text 13."""
union Hit = Group | Person

type News {
  x: Int
}

"""Text 9."""
interface Node {
  """Text 10."""
  id: ID!
}

"""Text 11."""
type Person implements Node {
  """Text 12."""
  born: Int @deprecated
  id: ID!
  old: Int @deprecated(reason: "gone")
}

"""Text 14."""
type Query {
  bare(n: Int @deprecated, role: Role = B): Node
  """Text 15."""
  both(
    """Text 16."""
    filter: Filter = {limit: 3, on: true, roles: [B]}
    ints: [Int] = [1, 2]
    one: [Int] = 7
  ): [Hit!]
}

"""Text 2."""
enum Role {
  """Text 3."""
  A
  """Text 4."""
  B @deprecated(reason: "say \"A\"\nor \\ nothing")
  C @deprecated
}
`
	if diff := cmp.Diff(want, d.SDL()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

type metaInput struct {
	Name, Description, DefaultValue, DeprecationReason string
	IsDeprecated                                       bool
	Type                                               metaRef
}

type metaRef struct {
	Kind, Name string
	OfType     *metaRef
}

func (r *metaRef) String() string {
	switch r.Kind {
	case "NON_NULL":
		return r.OfType.String() + "!"
	case "LIST":
		return "[" + r.OfType.String() + "]"
	}
	return r.Name
}

// Introspection says of the schema what its text says.
func TestIntrospectionSaysWhatTheTextSays(t *testing.T) {
	n := 0
	schema, notes, err := described(func() string { n++; return fmt.Sprintf("Text %d.", n) })
	if err != nil {
		t.Fatal(err)
	}
	d, err := exec.New(schema, exec.Options{Notes: notes, Introspection: true})
	if err != nil {
		t.Fatal(err)
	}
	s, gerr := gqlparser.LoadSchema(&ast.Source{Input: d.SDL()})
	if gerr != nil {
		t.Fatal(gerr)
	}
	want := linesOf(s)
	got := introspected(t, d)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-text +introspection:\n%s", diff)
	}
}

func reasonOf(dirs ast.DirectiveList) string {
	d := dirs.ForName("deprecated")
	if d == nil {
		return ""
	}
	if a := d.Arguments.ForName("reason"); a != nil {
		return a.Value.Raw
	}
	return graphql.DefaultDeprecationReason
}

// line is how both sides are written down: a place, and what is said of it.
func line(place string, parts ...any) string { return place + ": " + fmt.Sprintf("%q", parts) }

func linesOf(s *ast.Schema) []string {
	lines := []string{line("schema", s.Description, s.Query.Name, s.Mutation.Name, s.Subscription.Name)}
	args := func(owner string, list ast.ArgumentDefinitionList) {
		for _, a := range list {
			deflt := ""
			if a.DefaultValue != nil {
				deflt = a.DefaultValue.String()
			}
			lines = append(lines, line(owner+"("+a.Name+")", a.Description, a.Type.String(), deflt, reasonOf(a.Directives)))
		}
	}
	for name, def := range s.Types {
		if def.BuiltIn {
			continue
		}
		url := ""
		if by := def.Directives.ForName("specifiedBy"); by != nil {
			url = by.Arguments.ForName("url").Value.Raw
		}
		var possible []string
		if def.IsAbstractType() {
			for _, p := range s.PossibleTypes[name] {
				possible = append(possible, p.Name)
			}
			slices.Sort(possible)
		}
		lines = append(lines, line(name, string(def.Kind), def.Description, url, strings.Join(def.Interfaces, " "), strings.Join(possible, " ")))
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			deflt := ""
			if f.DefaultValue != nil {
				deflt = f.DefaultValue.String()
			}
			lines = append(lines, line(name+"."+f.Name, f.Description, f.Type.String(), deflt, reasonOf(f.Directives)))
			args(name+"."+f.Name, f.Arguments)
		}
		for _, v := range def.EnumValues {
			lines = append(lines, line(name+"."+v.Name, v.Description, reasonOf(v.Directives)))
		}
	}
	for name, dir := range s.Directives {
		if name == "defer" { // declared by the parser, not served
			continue
		}
		var locations []string
		for _, l := range dir.Locations {
			locations = append(locations, string(l))
		}
		lines = append(lines, line("@"+name, dir.Description, strconv.FormatBool(dir.IsRepeatable), strings.Join(locations, " ")))
		args("@"+name, dir.Arguments)
	}
	slices.Sort(lines)
	return lines
}

func introspected(t *testing.T, d *exec.Door) []string {
	t.Helper()
	type metaField struct {
		Name, Description, DeprecationReason string
		IsDeprecated                         bool
		Type                                 metaRef
		Args                                 []metaInput
	}
	var got struct {
		Data struct {
			Schema struct {
				Description                               string
				QueryType, MutationType, SubscriptionType metaRef
				Types                                     []struct {
					Kind, Name, Description, SpecifiedByURL string
					Fields                                  []metaField
					InputFields                             []metaInput
					Interfaces, PossibleTypes               []metaRef
					EnumValues                              []metaField
				}
				Directives []struct {
					Name, Description string
					IsRepeatable      bool
					Locations         []string
					Args              []metaInput
				}
			} `json:"__schema"`
		}
	}
	if err := json.Unmarshal([]byte(ask(t, d, fullIntrospection, "")), &got); err != nil {
		t.Fatal(err)
	}
	s := got.Data.Schema
	lines := []string{line("schema", s.Description, s.QueryType.Name, s.MutationType.Name, s.SubscriptionType.Name)}
	inputs := func(format string, list []metaInput) {
		for _, a := range list {
			if a.IsDeprecated != (a.DeprecationReason != "") {
				t.Errorf("%s: isDeprecated is %t, the reason %q", a.Name, a.IsDeprecated, a.DeprecationReason)
			}
			lines = append(lines, line(fmt.Sprintf(format, a.Name), a.Description, a.Type.String(), a.DefaultValue, a.DeprecationReason))
		}
	}
	names := func(list []metaRef) string {
		var all []string
		for _, r := range list {
			all = append(all, r.Name)
		}
		return strings.Join(all, " ")
	}
	for _, typ := range s.Types {
		if strings.HasPrefix(typ.Name, "__") || slices.Contains([]string{"Int", "Float", "String", "Boolean", "ID"}, typ.Name) {
			continue
		}
		lines = append(lines, line(typ.Name, typ.Kind, typ.Description, typ.SpecifiedByURL, names(typ.Interfaces), names(typ.PossibleTypes)))
		for _, f := range typ.Fields {
			lines = append(lines, line(typ.Name+"."+f.Name, f.Description, f.Type.String(), "", f.DeprecationReason))
			inputs(typ.Name+"."+f.Name+"(%s)", f.Args)
		}
		inputs(typ.Name+".%s", typ.InputFields)
		for _, v := range append(typ.EnumValues, typ.Fields...) {
			if v.IsDeprecated != (v.DeprecationReason != "") {
				t.Errorf("%s.%s: isDeprecated is %t, the reason %q", typ.Name, v.Name, v.IsDeprecated, v.DeprecationReason)
			}
		}
		for _, v := range typ.EnumValues {
			lines = append(lines, line(typ.Name+"."+v.Name, v.Description, v.DeprecationReason))
		}
	}
	for _, dir := range s.Directives {
		lines = append(lines, line("@"+dir.Name, dir.Description, strconv.FormatBool(dir.IsRepeatable), strings.Join(dir.Locations, " ")))
		inputs("@"+dir.Name+"(%s)", dir.Args)
	}
	slices.Sort(lines)
	return lines
}

// What is deprecated is listed on demand only, for arguments and input fields too.
func TestDeprecatedIsListedOnDemand(t *testing.T) {
	schema, notes, err := described(func() string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	d, err := exec.New(schema, exec.Options{Notes: notes, Introspection: true})
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		`{ __type(name: "Filter") { inputFields { name } } }`:                             "and limit name on ratio roles",
		`{ __type(name: "Filter") { inputFields(includeDeprecated: true) { name } } }`:    "and day limit name on ratio roles",
		`{ __type(name: "Query") { fields { args { name } } } }`:                          "role filter ints one",
		`{ __type(name: "Query") { fields { args(includeDeprecated: true) { name } } } }`: "n role filter ints one",
		`{ __type(name: "Person") { fields { name } } }`:                                  "id",
		`{ __type(name: "Role") { enumValues(includeDeprecated: false) { name } } }`:      "A",
		`{ __schema { directives { args { name } } } }`:                                   "reason if if url",
	} {
		var names []string
		for _, part := range strings.Split(ask(t, d, query, ""), `"name":"`)[1:] {
			name, _, _ := strings.Cut(part, `"`)
			names = append(names, name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

// A value that does not fit is told with its place wherever a document may have one.
func TestLiteralsAreCheckedEverywhere(t *testing.T) {
	schema, notes, err := described(func() string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	d, err := exec.New(schema, exec.Options{Notes: notes})
	if err != nil {
		t.Fatal(err)
	}
	const big = "9999999999"
	places := map[string]string{
		"argument":                `{ bare(n: %s) { id } }`,
		"argument in a fragment":  `{ ...F } fragment F on Query { bare(n: %s) { id } }`,
		"argument in a condition": `{ ... on Query { bare(n: %s) { id } } }`,
		"argument below":          `{ both { ... on Person { id } } other: bare(n: %s) { id } }`,
		"item":                    `{ both(ints: [1, %s]) { __typename } }`,
		"field of an object":      `{ both(filter: {and: {limit: %s}}) { __typename } }`,
		"default":                 `query($n: Int = %s) { bare(n: $n) { id } }`,
		"field":                   `{ bare @weigh(by: %s) { id } }`,
		"field of a fragment":     `{ ...F } fragment F on Query { bare { id @weigh(by: %s) } }`,
		"spread":                  `{ ...F @weigh(by: %s) } fragment F on Query { bare { id } }`,
		"condition":               `{ ... @weigh(by: %s) { bare { id } } }`,
		"operation":               `query @weigh(by: %s) { bare { id } }`,
		"fragment":                `{ ...F } fragment F on Query @weigh(by: %s) { bare { id } }`,
	}
	for _, name := range slices.Sorted(maps.Keys(places)) {
		query := fmt.Sprintf(places[name], "5")
		if _, errs := d.Prepare(t.Context(), exec.Request{Query: query}); errs != nil {
			t.Errorf("%s: %s is refused: %v", name, query, errs)
		}
		query = fmt.Sprintf(places[name], big)
		_, errs := d.Prepare(t.Context(), exec.Request{Query: query})
		want := exec.Location{Line: 1, Column: 1 + strings.Index(query, big)}
		if len(errs) != 1 || errs[0].Code() != exec.CodeValidation || !strings.Contains(errs[0].Message, "32-bit") ||
			!cmp.Equal(errs[0].Locations, []exec.Location{want}) {
			t.Errorf("%s: %s: got %v at %v, want an error at %v", name, query, errs, errs[0].Locations, want)
		}
	}
}
