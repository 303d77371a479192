package exec

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/graphql-go/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// The types of graphql-go are copied once into the tables below. Its own maps are built on first use, without a lock,
// and in an order that changes from run to run; ours are finished before the first request and read-only afterwards.

type kind uint8

const (
	kindScalar kind = iota
	kindEnum
	kindInput
	kindObject
	kindInterface
	kindUnion
	kindList
)

// typ is a type as a field or an argument declares it: a list of elem, or a named type.
type typ struct {
	kind    kind
	nonNull bool
	elem    *typ
	named   *named
}

func (t *typ) String() string {
	var s string
	if t.kind == kindList {
		s = "[" + t.elem.String() + "]"
	} else {
		s = t.named.name
	}
	if t.nonNull {
		s += "!"
	}
	return s
}

func (t *typ) leaf() bool {
	for t.kind == kindList {
		t = t.elem
	}
	return t.kind == kindScalar || t.kind == kindEnum
}

// named is a type with a name. Which fields are set depends on kind.
type named struct {
	name   string
	label  any // name, boxed once for __typename
	kind   kind
	scalar *graphql.Scalar

	values map[string]any // enum: value by name
	names  map[any]any    // enum: name by value

	inputs []*input // input object, sorted by name
	oneOf  bool

	fields  map[string]*fieldDef // object, interface
	object  *graphql.Object
	abstr   graphql.Abstract
	resolve graphql.ResolveTypeFn
	members []*named        // interface, union: object types, sorted by name
	fits    map[string]bool // object: names of the types it may stand for, its own included
	meta    bool            // a type of the introspection system
}

// fieldDef is a field of an object or interface.
type fieldDef struct {
	name    string
	parent  *named
	t       *typ
	out     graphql.Output
	args    []*input // sorted by name
	resolve graphql.FieldResolveFn
	structs sync.Map // reflect.Type to struct field index, for fields without a resolver

	each     atomic.Pointer[Each] // what the resolver returned once: it depends on nothing
	inLevels atomic.Bool          // the resolver returned a Level once: it needs no path
}

// paged reports whether the field has an argument first or last.
func (f *fieldDef) paged() bool {
	return slices.ContainsFunc(f.args, func(a *input) bool { return a.name == "first" || a.name == "last" })
}

// input is an argument or a field of an input object.
type input struct {
	name    string
	t       *typ
	literal *ast.Value // default as printed in the schema; nil without
	deflt   any        // literal, coerced
}

// types is the table of all named types.
type types map[string]*named

// compile copies the types of a schema and of the introspection system.
func compile(schema *graphql.Schema, meta []graphql.Type, notes Notes) (types, error) {
	ts := types{}
	for _, name := range sortedKeys(schema.TypeMap()) {
		if !strings.HasPrefix(name, "__") {
			if _, err := ts.add(schema.TypeMap()[name]); err != nil {
				return nil, err
			}
		}
	}
	for _, t := range []*graphql.Scalar{graphql.Int, graphql.Float, graphql.String, graphql.Boolean, graphql.ID} {
		if _, ok := ts[t.Name()]; !ok {
			if _, err := ts.add(t); err != nil {
				return nil, err
			}
		}
	}
	for _, t := range meta {
		if _, err := ts.add(t); err != nil {
			return nil, err
		}
	}
	for name, n := range ts {
		n.meta = strings.HasPrefix(name, "__")
		n.oneOf = slices.Contains(notes.OneOf, name)
	}
	for _, name := range sortedKeys(ts) {
		if n := ts[name]; n.abstr != nil {
			for _, o := range schema.PossibleTypes(n.abstr) {
				m := ts[o.Name()]
				n.members = append(n.members, m)
				m.fits[name] = true
			}
			slices.SortFunc(n.members, func(a, b *named) int { return strings.Compare(a.name, b.name) })
		}
	}
	return ts, nil
}

func (ts types) add(t graphql.Type) (*named, error) {
	if n, ok := ts[t.Name()]; ok {
		return n, nil
	}
	if err := t.Error(); err != nil {
		return nil, fmt.Errorf("type %s: %w", t.Name(), err)
	}
	n := &named{name: t.Name(), label: t.Name()}
	ts[n.name] = n
	switch t := t.(type) {
	case *graphql.Scalar:
		n.kind, n.scalar = kindScalar, t
	case *graphql.Enum:
		n.kind, n.values, n.names = kindEnum, map[string]any{}, map[any]any{}
		for _, v := range t.Values() {
			if err := n.addValue(v); err != nil {
				return nil, err
			}
		}
		// Builds the library's own lookups, which it would otherwise build in a race.
		t.Serialize("")
		t.ParseValue("")
	case *graphql.InputObject:
		n.kind = kindInput
		for _, name := range sortedKeys(t.Fields()) {
			ft, err := ts.typ(t.Fields()[name].Type)
			if err != nil {
				return nil, fmt.Errorf("input %s.%s: %w", n.name, name, err)
			}
			n.inputs = append(n.inputs, &input{name: name, t: ft})
		}
	case *graphql.Object:
		n.kind, n.object, n.fits = kindObject, t, map[string]bool{n.name: true}
		return n, ts.addFields(n, t.Fields())
	case *graphql.Interface:
		n.kind, n.abstr, n.resolve = kindInterface, t, t.ResolveType
		return n, ts.addFields(n, t.Fields())
	case *graphql.Union:
		n.kind, n.abstr, n.resolve = kindUnion, t, t.ResolveType
		t.Types()
	default:
		return nil, fmt.Errorf("type %s has no known kind (%T)", t.Name(), t)
	}
	return n, nil
}

func (n *named) addValue(v *graphql.EnumValueDefinition) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("enum %s: value of %s cannot be a map key: %v", n.name, v.Name, r)
		}
	}()
	if was, ok := n.names[v.Value]; ok {
		return fmt.Errorf("enum %s: %s and %s have the same value", n.name, was, v.Name)
	}
	n.values[v.Name], n.names[v.Value] = v.Value, v.Name
	return nil
}

func (ts types) addFields(n *named, fields graphql.FieldDefinitionMap) error {
	n.fields = make(map[string]*fieldDef, len(fields))
	for _, name := range sortedKeys(fields) {
		def := fields[name]
		t, err := ts.typ(def.Type)
		if err != nil {
			return fmt.Errorf("field %s.%s: %w", n.name, name, err)
		}
		f := &fieldDef{name: name, parent: n, t: t, out: def.Type, resolve: def.Resolve}
		for _, a := range def.Args {
			at, err := ts.typ(a.Type)
			if err != nil {
				return fmt.Errorf("argument %s.%s(%s): %w", n.name, name, a.Name(), err)
			}
			f.args = append(f.args, &input{name: a.Name(), t: at})
		}
		slices.SortFunc(f.args, func(a, b *input) int { return strings.Compare(a.name, b.name) })
		n.fields[name] = f
	}
	return nil
}

func (ts types) typ(t graphql.Type) (*typ, error) {
	switch t := t.(type) {
	case *graphql.NonNull:
		inner, err := ts.typ(t.OfType)
		if err != nil {
			return nil, err
		}
		inner.nonNull = true
		return inner, nil
	case *graphql.List:
		elem, err := ts.typ(t.OfType)
		return &typ{kind: kindList, elem: elem}, err
	case nil:
		return nil, errors.New("the type is missing")
	default:
		n, err := ts.add(t)
		if err != nil {
			return nil, err
		}
		return &typ{kind: n.kind, named: n}, nil
	}
}

// ref finds the type that an AST names, or nil.
func (ts types) ref(t *ast.Type) *typ {
	if t.Elem != nil {
		if elem := ts.ref(t.Elem); elem != nil {
			return &typ{kind: kindList, nonNull: t.NonNull, elem: elem}
		}
		return nil
	}
	n := ts[t.NamedType]
	if n == nil {
		return nil
	}
	return &typ{kind: n.kind, nonNull: t.NonNull, named: n}
}

// setDefaults takes the default values from the printed schema and checks that each can be coerced.
func (ts types) setDefaults(s *ast.Schema) error {
	var all []*input
	for _, name := range sortedKeys(ts) {
		n, def := ts[name], s.Types[name]
		if def == nil {
			return fmt.Errorf("type %s is missing in the printed schema", name)
		}
		for _, in := range n.inputs {
			in.literal = def.Fields.ForName(in.name).DefaultValue
			all = append(all, in)
		}
		for _, field := range sortedKeys(n.fields) {
			for _, a := range n.fields[field].args {
				a.literal = def.Fields.ForName(field).Arguments.ForName(a.name).DefaultValue
				all = append(all, a)
			}
		}
	}
	for _, in := range all {
		if in.literal == nil {
			continue
		}
		v, err := (&coercion{}).literal(in.literal, in.t)
		if err != nil {
			return fmt.Errorf("default of %s: %w", in.name, err)
		}
		in.deflt = v
	}
	return nil
}

func sortedKeys[V any, M ~map[string]V](m M) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
