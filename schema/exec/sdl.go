package exec

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/graphql-go/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Notes says about a schema what graphql-go's types cannot.
type Notes struct {
	Description string            // of the schema
	SpecifiedBy map[string]string // scalar name to the URL of its specification
	OneOf       []string          // names of input objects that take exactly one field
	Deprecated  map[string]string // "Input.field" or "Type.field(argument)" to the reason
}

// PrintSDL prints a schema in the schema definition language. Types, fields, arguments and values are sorted by name,
// so that the same schema always gives the same text. Built-in scalars and directives are left out.
func PrintSDL(schema graphql.Schema) (string, error) { return printSDL(&schema, Notes{}) }

type sdlPrinter struct {
	out   strings.Builder
	notes Notes
	err   error
}

func printSDL(schema *graphql.Schema, notes Notes) (string, error) {
	p := &sdlPrinter{notes: notes}
	p.schema(schema)
	for _, d := range sortedDirectives(schema) {
		p.directive(d)
	}
	for _, name := range sortedKeys(schema.TypeMap()) {
		if !strings.HasPrefix(name, "__") && !builtinScalar(name) {
			p.typ(schema.TypeMap()[name], schema)
		}
	}
	return strings.TrimLeft(p.out.String(), "\n"), p.err
}

func builtinScalar(name string) bool {
	switch name {
	case "Int", "Float", "String", "Boolean", "ID":
		return true
	}
	return false
}

func sortedDirectives(schema *graphql.Schema) []*graphql.Directive {
	m := map[string]*graphql.Directive{}
	for _, d := range schema.Directives() {
		switch d.Name {
		case "skip", "include", "deprecated", "specifiedBy", "oneOf":
		default:
			m[d.Name] = d
		}
	}
	var out []*graphql.Directive
	for _, name := range sortedKeys(m) {
		out = append(out, m[name])
	}
	return out
}

func (p *sdlPrinter) linef(format string, args ...any) { fmt.Fprintf(&p.out, format+"\n", args...) }

func (p *sdlPrinter) schema(s *graphql.Schema) {
	p.describe(p.notes.Description, "")
	p.linef("schema {")
	p.linef("  query: %s", s.QueryType().Name())
	if m := s.MutationType(); m != nil {
		p.linef("  mutation: %s", m.Name())
	}
	if m := s.SubscriptionType(); m != nil {
		p.linef("  subscription: %s", m.Name())
	}
	p.linef("}")
}

func (p *sdlPrinter) directive(d *graphql.Directive) {
	p.linef("")
	p.describe(d.Description, "")
	p.out.WriteString("directive @" + d.Name)
	p.args("@"+d.Name, d.Args, "")
	p.linef(" on %s", strings.Join(d.Locations, " | "))
}

func (p *sdlPrinter) typ(t graphql.Type, schema *graphql.Schema) {
	p.linef("")
	p.describe(t.Description(), "")
	switch t := t.(type) {
	case *graphql.Scalar:
		p.out.WriteString("scalar " + t.Name())
		if url := p.notes.SpecifiedBy[t.Name()]; url != "" {
			p.out.WriteString(" @specifiedBy(url: " + quote(url) + ")")
		}
		p.linef("")
	case *graphql.Enum:
		p.linef("enum %s {", t.Name())
		values := map[string]*graphql.EnumValueDefinition{}
		for _, v := range t.Values() {
			values[v.Name] = v
		}
		for _, name := range sortedKeys(values) {
			p.describe(values[name].Description, "  ")
			p.linef("  %s%s", name, deprecated(values[name].DeprecationReason))
		}
		p.linef("}")
	case *graphql.InputObject:
		p.input(t)
	case *graphql.Object:
		p.out.WriteString("type " + t.Name())
		names := map[string]bool{}
		for _, i := range t.Interfaces() {
			names[i.Name()] = true
		}
		if len(names) > 0 {
			p.out.WriteString(" implements " + strings.Join(sortedKeys(names), " & "))
		}
		p.fields(t.Name(), t.Fields())
	case *graphql.Interface:
		p.out.WriteString("interface " + t.Name())
		p.fields(t.Name(), t.Fields())
	case *graphql.Union:
		names := map[string]bool{}
		for _, o := range schema.PossibleTypes(t) {
			names[o.Name()] = true
		}
		p.linef("union %s = %s", t.Name(), strings.Join(sortedKeys(names), " | "))
	}
}

func (p *sdlPrinter) input(t *graphql.InputObject) {
	p.out.WriteString("input " + t.Name())
	for _, name := range p.notes.OneOf {
		if name == t.Name() {
			p.out.WriteString(" @oneOf")
		}
	}
	p.linef(" {")
	fields := t.Fields()
	for _, name := range sortedKeys(fields) {
		f := fields[name]
		p.describe(f.Description(), "  ")
		at := t.Name() + "." + name
		p.linef("  %s: %s%s%s", name, f.Type, p.deflt(at, f.DefaultValue, f.Type), deprecated(p.notes.Deprecated[at]))
	}
	p.linef("}")
}

func (p *sdlPrinter) fields(owner string, fields graphql.FieldDefinitionMap) {
	p.linef(" {")
	for _, name := range sortedKeys(fields) {
		f := fields[name]
		p.describe(f.Description, "  ")
		p.out.WriteString("  " + name)
		p.args(owner+"."+name, f.Args, "  ")
		p.linef(": %s%s", f.Type, deprecated(f.DeprecationReason))
	}
	p.linef("}")
}

func (p *sdlPrinter) args(owner string, args []*graphql.Argument, indent string) {
	if len(args) == 0 {
		return
	}
	byName := map[string]*graphql.Argument{}
	described := false
	for _, a := range args {
		byName[a.Name()] = a
		described = described || a.Description() != ""
	}
	p.out.WriteString("(")
	for i, name := range sortedKeys(byName) {
		a := byName[name]
		at := owner + "(" + name + ")"
		one := fmt.Sprintf("%s: %s%s%s", name, a.Type, p.deflt(at, a.DefaultValue, a.Type), deprecated(p.notes.Deprecated[at]))
		switch {
		case described:
			p.linef("")
			p.describe(a.Description(), indent+"  ")
			p.out.WriteString(indent + "  " + one)
		case i > 0:
			p.out.WriteString(", " + one)
		default:
			p.out.WriteString(one)
		}
	}
	if described {
		p.out.WriteString("\n" + indent)
	}
	p.out.WriteString(")")
}

func (p *sdlPrinter) describe(text, indent string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	text = strings.ReplaceAll(text, `"""`, `\"""`)
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if last := text[len(text)-1]; len(lines) == 1 && last != '"' && last != '\\' {
		p.linef(`%s"""%s"""`, indent, text)
		return
	}
	p.linef(`%s"""`, indent)
	for _, line := range lines {
		if line = strings.TrimRight(line, " \t"); line == "" {
			p.linef("")
			continue
		}
		p.linef("%s%s", indent, line)
	}
	p.linef(`%s"""`, indent)
}

func deprecated(reason string) string {
	switch reason {
	case "":
		return ""
	case graphql.DefaultDeprecationReason:
		return " @deprecated"
	}
	return " @deprecated(reason: " + quote(reason) + ")"
}

func (p *sdlPrinter) deflt(at string, v any, t graphql.Type) string {
	if v == nil {
		return ""
	}
	s, err := literalOf(v, t)
	if err != nil && p.err == nil {
		p.err = fmt.Errorf("default of %s: %w", at, err)
	}
	return " = " + s
}

// literalOf prints a Go value, as a graphql-go schema holds it, as a literal of type t.
func literalOf(v any, t graphql.Type) (string, error) {
	if v == nil {
		return "null", nil
	}
	switch t := t.(type) {
	case *graphql.NonNull:
		return literalOf(v, t.OfType)
	case *graphql.List:
		rv := reflect.ValueOf(v)
		if rv.Kind() != reflect.Slice && rv.Kind() != reflect.Array {
			return literalOf(v, t.OfType)
		}
		items := make([]string, rv.Len())
		for i := range items {
			s, err := literalOf(rv.Index(i).Interface(), t.OfType)
			if err != nil {
				return "", fmt.Errorf("[%d]: %w", i, err)
			}
			items[i] = s
		}
		return "[" + strings.Join(items, ", ") + "]", nil
	case *graphql.InputObject:
		m, ok := v.(map[string]any)
		if !ok {
			return "", fmt.Errorf("the default of an input object must be a map[string]any, got %T", v)
		}
		var items []string
		for _, name := range sortedKeys(m) {
			f, ok := t.Fields()[name]
			if !ok {
				return "", fmt.Errorf("%s has no field %s", t.Name(), name)
			}
			s, err := literalOf(m[name], f.Type)
			if err != nil {
				return "", fmt.Errorf("%s: %w", name, err)
			}
			items = append(items, name+": "+s)
		}
		return "{" + strings.Join(items, ", ") + "}", nil
	case *graphql.Enum:
		if name, ok := t.Serialize(v).(string); ok {
			return name, nil
		}
		return "", fmt.Errorf("%v (%T) is no value of enum %s", v, v, t.Name())
	case *graphql.Scalar:
		out := t.Serialize(v)
		if out == nil {
			return "", fmt.Errorf("%v (%T) is no %s", v, v, t.Name())
		}
		return plainLiteral(out)
	}
	return "", fmt.Errorf("%s is not an input type", t)
}

// plainLiteral prints a value made of JSON's kinds as a GraphQL literal.
func plainLiteral(v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	var back any
	if err := decodeJSON(raw, &back); err != nil {
		return "", err
	}
	return astValue(back).String(), nil
}

func quote(s string) string { return (&ast.Value{Kind: ast.StringValue, Raw: s}).String() }
