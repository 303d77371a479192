package exec

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	gqlast "github.com/graphql-go/graphql/language/ast"
	"github.com/vektah/gqlparser/v2/ast"
)

// errAbsent says that a variable was not given and has no default.
var errAbsent = errors.New("the variable was not given")

// maxDefaultDepth stops an input object whose default contains itself.
const maxDefaultDepth = 64

// inputError is a value that does not fit its type. path leads from the argument or variable to the value.
type inputError struct {
	path    []string
	message string
	pos     *ast.Position
}

func (e *inputError) Error() string {
	if len(e.path) == 0 {
		return e.message
	}
	return "at " + strings.TrimPrefix(strings.Join(e.path, ""), ".") + ": " + e.message
}

// within puts a step in front of the path of err.
func within(step string, err error) error {
	if ie, ok := errors.AsType[*inputError](err); ok {
		ie.path = append([]string{step}, ie.path...)
	}
	return err
}

func cannot(t *typ, format string, shown string) error {
	return &inputError{message: fmt.Sprintf(format, t.named.name) + ": " + clip(shown, 80)}
}

// noSuchValue is the error of a value that an enum does not have, with those that it has.
func noSuchValue(t *typ, shown string) error {
	names := slices.Sorted(maps.Keys(t.named.values))
	return cannot(t, "enum %s has no such value, only "+strings.Join(names, ", "), shown)
}

// coercion turns literals into the values resolvers see, as section 6.4.1 of the GraphQL specification says. With check,
// variables are taken to fit, so that a document can be checked before its variables are known.
type coercion struct {
	vars  map[string]any
	check bool
	depth int
}

func (c *coercion) literal(v *ast.Value, t *typ) (any, error) {
	out, err := c.value(v, t)
	if ie, ok := errors.AsType[*inputError](err); ok && ie.pos == nil {
		ie.pos = v.Position
	}
	return out, err
}

func (c *coercion) value(v *ast.Value, t *typ) (any, error) {
	if v.Kind == ast.Variable {
		if c.check {
			return nil, nil
		}
		x, ok := c.vars[v.Raw]
		if !ok {
			return nil, errAbsent
		}
		if x == nil && t.nonNull {
			return nil, &inputError{message: fmt.Sprintf("expected a value of type %s, variable $%s is null", t, v.Raw)}
		}
		return x, nil
	}
	if v.Kind == ast.NullValue {
		if t.nonNull {
			return nil, &inputError{message: fmt.Sprintf("expected a value of type %s, found null", t)}
		}
		return nil, nil
	}
	switch t.kind {
	case kindList:
		return c.list(v, t)
	case kindInput:
		return c.object(v, t.named)
	case kindEnum:
		x, ok := t.named.values[v.Raw]
		if v.Kind != ast.EnumValue || !ok {
			return nil, noSuchValue(t, v.String())
		}
		return x, nil
	case kindScalar:
		return c.scalar(v, t)
	default:
		return nil, &inputError{message: fmt.Sprintf("%s is not an input type", t)}
	}
}

func (c *coercion) list(v *ast.Value, t *typ) (any, error) {
	if v.Kind != ast.ListValue {
		x, err := c.literal(v, t.elem)
		return []any{x}, err
	}
	out := make([]any, len(v.Children))
	for i, child := range v.Children {
		x, err := c.literal(child.Value, t.elem)
		if errors.Is(err, errAbsent) {
			if x, err = nil, nil; t.elem.nonNull {
				err = &inputError{message: fmt.Sprintf("expected a value of type %s, %s was not given", t.elem, child.Value)}
			}
		}
		if err != nil {
			return nil, within(fmt.Sprintf("[%d]", i), err)
		}
		out[i] = x
	}
	return out, nil
}

func (c *coercion) object(v *ast.Value, n *named) (any, error) {
	if v.Kind != ast.ObjectValue {
		return nil, &inputError{message: fmt.Sprintf("expected an object of type %s, found %s", n.name, clip(v.String(), 80))}
	}
	given := make(map[string]*ast.Value, len(v.Children))
	for _, child := range v.Children {
		if _, twice := given[child.Name]; twice {
			return nil, &inputError{message: fmt.Sprintf("field %s of %s is given twice", child.Name, n.name)}
		}
		given[child.Name] = child.Value
	}
	return c.fields(n, sortedKeys(given), func(in *input) (any, bool, error) {
		lit, ok := given[in.name]
		if !ok {
			return nil, false, nil
		}
		x, err := c.literal(lit, in.t)
		if errors.Is(err, errAbsent) {
			return nil, false, nil
		}
		return x, true, err
	})
}

// fields builds an input object; get returns what was given for a field, and whether anything was.
func (c *coercion) fields(n *named, given []string, get func(*input) (any, bool, error)) (any, error) {
	known := make(map[string]bool, len(n.inputs))
	out := make(map[string]any, len(n.inputs))
	for _, in := range n.inputs {
		known[in.name] = true
		x, ok, err := get(in)
		if err != nil {
			return nil, within("."+in.name, err)
		}
		switch {
		case ok:
			out[in.name] = x
		case in.literal != nil:
			d := coercion{depth: c.depth + 1}
			if d.depth > maxDefaultDepth {
				return nil, &inputError{message: "the default of " + n.name + "." + in.name + " contains itself"}
			}
			if out[in.name], err = d.literal(in.literal, in.t); err != nil {
				return nil, within("."+in.name, err)
			}
		case in.t.nonNull && !c.check:
			return nil, &inputError{message: fmt.Sprintf("field %s of required type %s was not provided", in.name, in.t)}
		}
	}
	for _, name := range given {
		if !known[name] {
			return nil, &inputError{message: fmt.Sprintf("field %s is not defined by %s", clip(name, 80), n.name)}
		}
	}
	if n.oneOf {
		if len(given) != 1 || !c.check && (len(out) != 1 || out[given[0]] == nil) {
			return nil, &inputError{message: fmt.Sprintf("%s takes exactly one field, and not null", n.name)}
		}
	}
	return out, nil
}

func (c *coercion) scalar(v *ast.Value, t *typ) (any, error) {
	switch t.named.name {
	case "Int":
		if v.Kind == ast.IntValue {
			return parseInt(v.Raw, t)
		}
		return nil, cannot(t, "%s cannot represent non-integer value", v.String())
	case "Float":
		if v.Kind == ast.IntValue || v.Kind == ast.FloatValue {
			return parseFloat(v.Raw, t)
		}
		return nil, cannot(t, "%s cannot represent non numeric value", v.String())
	case "String":
		if v.Kind == ast.StringValue || v.Kind == ast.BlockValue {
			return v.Raw, nil
		}
		return nil, cannot(t, "%s cannot represent a non string value", v.String())
	case "Boolean":
		if v.Kind == ast.BooleanValue {
			return v.Raw == "true", nil
		}
		return nil, cannot(t, "%s cannot represent a non boolean value", v.String())
	case "ID":
		if v.Kind == ast.StringValue || v.Kind == ast.BlockValue || v.Kind == ast.IntValue {
			return v.Raw, nil
		}
		return nil, cannot(t, "%s cannot represent a non-string and non-integer value", v.String())
	}
	if c.check && hasVariable(v) {
		return nil, nil
	}
	lit, err := c.gqlValue(v)
	if err != nil {
		return nil, err
	}
	return custom(t, v.String(), func() any { return t.named.scalar.ParseLiteral(lit) })
}

// custom runs a scalar's own parser. A nil result, an error as result and a panic all refuse the value.
func custom(t *typ, shown string, parse func() any) (out any, err error) {
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, cannot(t, "%s cannot represent value", shown)
		}
	}()
	switch x := parse().(type) {
	case nil:
		return nil, cannot(t, "%s cannot represent value", shown)
	case error:
		if strings.Contains(x.Error(), shown) { // it tells the value itself
			return nil, &inputError{message: fmt.Sprintf("%s: %v", t.named.name, x)}
		}
		return nil, &inputError{message: fmt.Sprintf("%s cannot represent %s: %v", t.named.name, clip(shown, 80), x)}
	default:
		return x, nil
	}
}

func parseInt(s string, t *typ) (any, error) {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return nil, cannot(t, "%s cannot represent non 32-bit signed integer value", s)
	}
	return int(n), nil
}

func parseFloat(s string, t *typ) (any, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) {
		return nil, cannot(t, "%s cannot represent a value beyond double precision", s)
	}
	return f, nil
}

func hasVariable(v *ast.Value) bool {
	if v.Kind == ast.Variable {
		return true
	}
	for _, child := range v.Children {
		if hasVariable(child.Value) {
			return true
		}
	}
	return false
}

// gqlValue turns a literal into graphql-go's form, which a custom scalar's ParseLiteral takes.
func (c *coercion) gqlValue(v *ast.Value) (gqlast.Value, error) {
	switch v.Kind {
	case ast.Variable:
		x, ok := c.vars[v.Raw]
		if !ok {
			return nil, errAbsent
		}
		raw, err := json.Marshal(x)
		if err != nil {
			return nil, &inputError{message: "variable $" + v.Raw + " cannot be used inside a literal"}
		}
		var back any
		if err := decodeJSON(raw, &back); err != nil {
			return nil, &inputError{message: "variable $" + v.Raw + " cannot be used inside a literal"}
		}
		return c.gqlValue(astValue(back))
	case ast.IntValue:
		return gqlast.NewIntValue(&gqlast.IntValue{Value: v.Raw}), nil
	case ast.FloatValue:
		return gqlast.NewFloatValue(&gqlast.FloatValue{Value: v.Raw}), nil
	case ast.StringValue, ast.BlockValue:
		return gqlast.NewStringValue(&gqlast.StringValue{Value: v.Raw}), nil
	case ast.BooleanValue:
		return gqlast.NewBooleanValue(&gqlast.BooleanValue{Value: v.Raw == "true"}), nil
	case ast.ListValue:
		list := &gqlast.ListValue{}
		for _, child := range v.Children {
			x, err := c.gqlValue(child.Value)
			if err != nil {
				return nil, err
			}
			list.Values = append(list.Values, x)
		}
		return gqlast.NewListValue(list), nil
	case ast.ObjectValue:
		obj := &gqlast.ObjectValue{}
		for _, child := range v.Children {
			x, err := c.gqlValue(child.Value)
			if err != nil {
				return nil, err
			}
			name := gqlast.NewName(&gqlast.Name{Value: child.Name})
			obj.Fields = append(obj.Fields, gqlast.NewObjectField(&gqlast.ObjectField{Name: name, Value: x}))
		}
		return gqlast.NewObjectValue(obj), nil
	default:
		// A name. graphql-go's AST has no null, so the name null stands for it inside a custom scalar's literal.
		return gqlast.NewEnumValue(&gqlast.EnumValue{Value: v.Raw}), nil
	}
}

// arguments coerces the arguments of a field or directive. Keys that were not given and have no default are absent.
func (c *coercion) arguments(defs []*input, given ast.ArgumentList) (map[string]any, error) {
	out := make(map[string]any, len(defs))
	for _, def := range defs {
		var x any
		err := errAbsent
		arg := given.ForName(def.name)
		if arg != nil {
			x, err = c.literal(arg.Value, def.t)
		}
		switch {
		case err == nil:
			out[def.name] = x
		case !errors.Is(err, errAbsent):
			return nil, fmt.Errorf("argument %s: %w", def.name, err)
		case def.literal != nil:
			out[def.name] = def.deflt
		case def.t.nonNull:
			return nil, &inputError{message: fmt.Sprintf("argument %s of required type %s was not provided", def.name, def.t)}
		}
	}
	return out, nil
}
