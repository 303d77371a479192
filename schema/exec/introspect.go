package exec

import (
	"strings"

	"github.com/graphql-go/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Introspection is answered from gqlparser's schema, which was loaded from the printed one, because graphql-go's own
// introspection stops at 2016: no specifiedByURL, isRepeatable, isOneOf, schema description or deprecated arguments. The
// types below are graphql-go types, so the executor runs them like any other.

// metaType is the source of __Type: a named definition, or a list or non-null around another type.
type metaType struct {
	def     *ast.Definition
	wrapper string // LIST, NON_NULL or empty
	of      *metaType
}

type introspection struct{ schema *ast.Schema }

func (in introspection) ref(t *ast.Type) *metaType {
	switch {
	case t.NonNull:
		nullable := *t
		nullable.NonNull = false
		return &metaType{wrapper: "NON_NULL", of: in.ref(&nullable)}
	case t.Elem != nil:
		return &metaType{wrapper: "LIST", of: in.ref(t.Elem)}
	}
	return in.def(in.schema.Types[t.NamedType])
}

func (in introspection) def(d *ast.Definition) *metaType {
	if d == nil {
		return nil
	}
	return &metaType{def: d}
}

func (in introspection) refs(names []string) []any {
	out := []any{}
	for _, name := range names {
		out = append(out, in.def(in.schema.Types[name]))
	}
	return out
}

// metaArg is the source of __InputValue.
type metaArg struct {
	name, description string
	t                 *ast.Type
	deflt             *ast.Value
	directives        ast.DirectiveList
}

// reason returns why something is deprecated; nil if it is not.
func reason(dirs ast.DirectiveList) any {
	d := dirs.ForName("deprecated")
	if d == nil {
		return nil
	}
	if a := d.Arguments.ForName("reason"); a != nil {
		return a.Value.Raw
	}
	return graphql.DefaultDeprecationReason
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// property is a field computed from a source of type T.
func property[T any](t graphql.Output, get func(T) any) *graphql.Field {
	return &graphql.Field{Type: t, Resolve: func(p graphql.ResolveParams) (any, error) {
		return get(p.Source.(T)), nil
	}}
}

// listing is a list field with includeDeprecated; get returns nil where the field does not apply.
func listing[T any](t graphql.Output, get func(src T, all bool) any) *graphql.Field {
	return &graphql.Field{
		Type: t,
		Args: graphql.FieldConfigArgument{"includeDeprecated": {Type: graphql.Boolean, DefaultValue: false}},
		Resolve: func(p graphql.ResolveParams) (any, error) {
			all, _ := p.Args["includeDeprecated"].(bool)
			return get(p.Source.(T), all), nil
		},
	}
}

func some(t graphql.Type) graphql.Output   { return graphql.NewNonNull(t) }
func listOf(t graphql.Type) graphql.Output { return graphql.NewList(graphql.NewNonNull(t)) }

// visible keeps the items that are not deprecated, or all.
func visible[T any](items []T, dirs func(T) ast.DirectiveList, all bool) []any {
	out := []any{}
	for _, it := range items {
		if all || dirs(it).ForName("deprecated") == nil {
			out = append(out, it)
		}
	}
	return out
}

func visibleArgs(args ast.ArgumentDefinitionList, all bool) []any {
	out := []any{}
	for _, a := range args {
		if all || a.Directives.ForName("deprecated") == nil {
			out = append(out, &metaArg{a.Name, a.Description, a.Type, a.DefaultValue, a.Directives})
		}
	}
	return out
}

func plainEnum(name string, values ...string) *graphql.Enum {
	m := graphql.EnumValueConfigMap{}
	for _, v := range values {
		m[v] = &graphql.EnumValueConfig{Value: v}
	}
	return graphql.NewEnum(graphql.EnumConfig{Name: name, Values: m})
}

// metaSchema returns the type __Schema, from which all other meta types are reached. get is asked for the schema when a
// query runs, since it is loaded only after the types are compiled.
func metaSchema(get func() introspection) (schema, typ *graphql.Object) {
	str := graphql.String
	kinds := plainEnum("__TypeKind", "SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM", "INPUT_OBJECT", "LIST", "NON_NULL")
	locations := plainEnum("__DirectiveLocation", "QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION",
		"FRAGMENT_SPREAD", "INLINE_FRAGMENT", "VARIABLE_DEFINITION", "SCHEMA", "SCALAR", "OBJECT", "FIELD_DEFINITION",
		"ARGUMENT_DEFINITION", "INTERFACE", "UNION", "ENUM", "ENUM_VALUE", "INPUT_OBJECT", "INPUT_FIELD_DEFINITION",
		"DIRECTIVE_DEFINITION")
	var field, value *graphql.Object
	typ = graphql.NewObject(graphql.ObjectConfig{Name: "__Type", Fields: graphql.FieldsThunk(func() graphql.Fields {
		return typeFields(get, kinds, typ, field, value)
	})})
	value = graphql.NewObject(graphql.ObjectConfig{Name: "__InputValue", Fields: graphql.Fields{
		"name":              property(some(str), func(a *metaArg) any { return a.name }),
		"description":       property(str, func(a *metaArg) any { return orNull(a.description) }),
		"type":              property(some(typ), func(a *metaArg) any { return get().ref(a.t) }),
		"isDeprecated":      property(some(graphql.Boolean), func(a *metaArg) any { return reason(a.directives) != nil }),
		"deprecationReason": property(str, func(a *metaArg) any { return reason(a.directives) }),
		"defaultValue": property(str, func(a *metaArg) any {
			if a.deflt == nil {
				return nil
			}
			return a.deflt.String()
		}),
	}})
	type fieldDefinition = *ast.FieldDefinition
	field = graphql.NewObject(graphql.ObjectConfig{Name: "__Field", Fields: graphql.Fields{
		"name":              property(some(str), func(f fieldDefinition) any { return f.Name }),
		"description":       property(str, func(f fieldDefinition) any { return orNull(f.Description) }),
		"args":              listing(some(listOf(value)), func(f fieldDefinition, all bool) any { return visibleArgs(f.Arguments, all) }),
		"type":              property(some(typ), func(f fieldDefinition) any { return get().ref(f.Type) }),
		"isDeprecated":      property(some(graphql.Boolean), func(f fieldDefinition) any { return reason(f.Directives) != nil }),
		"deprecationReason": property(str, func(f fieldDefinition) any { return reason(f.Directives) }),
	}})
	type directiveDefinition = *ast.DirectiveDefinition
	directive := graphql.NewObject(graphql.ObjectConfig{Name: "__Directive", Fields: graphql.Fields{
		"name":         property(some(str), func(d directiveDefinition) any { return d.Name }),
		"description":  property(str, func(d directiveDefinition) any { return orNull(d.Description) }),
		"isRepeatable": property(some(graphql.Boolean), func(d directiveDefinition) any { return d.IsRepeatable }),
		"args":         listing(some(listOf(value)), func(d directiveDefinition, all bool) any { return visibleArgs(d.Arguments, all) }),
		"locations": property(some(listOf(locations)), func(d directiveDefinition) any {
			out := []any{}
			for _, l := range d.Locations {
				out = append(out, string(l))
			}
			return out
		}),
	}})
	schema = graphql.NewObject(graphql.ObjectConfig{Name: "__Schema", Fields: graphql.Fields{
		"description":      property(str, func(s *ast.Schema) any { return orNull(s.Description) }),
		"queryType":        property(some(typ), func(s *ast.Schema) any { return get().def(s.Query) }),
		"mutationType":     property(typ, func(s *ast.Schema) any { return get().def(s.Mutation) }),
		"subscriptionType": property(typ, func(s *ast.Schema) any { return get().def(s.Subscription) }),
		"types":            property(some(listOf(typ)), func(s *ast.Schema) any { return get().refs(sortedKeys(s.Types)) }),
		"directives": property(some(listOf(directive)), func(s *ast.Schema) any {
			out := []any{}
			for _, name := range sortedKeys(s.Directives) {
				out = append(out, s.Directives[name])
			}
			return out
		}),
	}})
	return schema, typ
}

func typeFields(get func() introspection, kinds *graphql.Enum, typ, field, value *graphql.Object) graphql.Fields {
	str := graphql.String
	// named is a field that only a definition of one of the kinds has; it is null for all other types.
	named := func(t graphql.Output, is func(*ast.Definition) bool, value func(*ast.Definition) any) *graphql.Field {
		return property(t, func(m *metaType) any {
			if m.def == nil || !is(m.def) {
				return nil
			}
			return value(m.def)
		})
	}
	always := func(*ast.Definition) bool { return true }
	hasFields := func(d *ast.Definition) bool { return d.Kind == ast.Object || d.Kind == ast.Interface }
	isInput := func(d *ast.Definition) bool { return d.Kind == ast.InputObject }
	enumValue := graphql.NewObject(graphql.ObjectConfig{Name: "__EnumValue", Fields: graphql.Fields{
		"name":              property(some(str), func(v *ast.EnumValueDefinition) any { return v.Name }),
		"description":       property(str, func(v *ast.EnumValueDefinition) any { return orNull(v.Description) }),
		"isDeprecated":      property(some(graphql.Boolean), func(v *ast.EnumValueDefinition) any { return reason(v.Directives) != nil }),
		"deprecationReason": property(str, func(v *ast.EnumValueDefinition) any { return reason(v.Directives) }),
	}})
	return graphql.Fields{
		"name":        named(str, always, func(d *ast.Definition) any { return d.Name }),
		"description": named(str, always, func(d *ast.Definition) any { return orNull(d.Description) }),
		"isOneOf":     named(graphql.Boolean, isInput, func(d *ast.Definition) any { return d.Directives.ForName("oneOf") != nil }),
		"interfaces":  named(listOf(typ), hasFields, func(d *ast.Definition) any { return get().refs(d.Interfaces) }),
		"ofType": property(typ, func(m *metaType) any {
			if m.of == nil {
				return nil
			}
			return m.of
		}),
		"kind": property(some(kinds), func(m *metaType) any {
			if m.wrapper != "" {
				return m.wrapper
			}
			return string(m.def.Kind)
		}),
		"specifiedByURL": named(str, always, func(d *ast.Definition) any {
			by := d.Directives.ForName("specifiedBy")
			if by == nil {
				return nil
			}
			return by.Arguments.ForName("url").Value.Raw
		}),
		"possibleTypes": named(listOf(typ), (*ast.Definition).IsAbstractType, func(d *ast.Definition) any {
			names := map[string]bool{}
			for _, p := range get().schema.PossibleTypes[d.Name] {
				names[p.Name] = true
			}
			return get().refs(sortedKeys(names))
		}),
		"fields": listing(listOf(field), func(m *metaType, all bool) any {
			if m.def == nil || !hasFields(m.def) {
				return nil
			}
			var shown []*ast.FieldDefinition
			for _, f := range m.def.Fields {
				if !strings.HasPrefix(f.Name, "__") {
					shown = append(shown, f)
				}
			}
			return visible(shown, func(f *ast.FieldDefinition) ast.DirectiveList { return f.Directives }, all)
		}),
		"enumValues": listing(listOf(enumValue), func(m *metaType, all bool) any {
			if m.def == nil || m.def.Kind != ast.Enum {
				return nil
			}
			return visible(m.def.EnumValues, func(v *ast.EnumValueDefinition) ast.DirectiveList { return v.Directives }, all)
		}),
		"inputFields": listing(listOf(value), func(m *metaType, all bool) any {
			if m.def == nil || !isInput(m.def) {
				return nil
			}
			out := []any{}
			for _, f := range m.def.Fields {
				if all || f.Directives.ForName("deprecated") == nil {
					out = append(out, &metaArg{f.Name, f.Description, f.Type, f.DefaultValue, f.Directives})
				}
			}
			return out
		}),
	}
}
