package exec

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/graphql-go/graphql"
)

var errNoSuchValue = errors.New("the value cannot be represented")

// leafOf turns a resolved value into the form that is written, and returns the length of its JSON. What the type cannot
// represent is an error; nothing becomes null in silence. The forms are string, *string, bool, int64, float64, json.RawMessage,
// and int, which is kept as it came to save an allocation.
func leafOf(n *named, v any) (any, int, error) {
	if n.kind == kindEnum {
		return enumOf(n, v)
	}
	switch n.scalar {
	case graphql.String, graphql.ID:
		switch s := v.(type) {
		case string:
			return v, stringSize(s), nil
		case *string: // as it is, to save an allocation
			return v, stringSize(*s), nil
		}
	case graphql.Int:
		if i, ok := v.(int); ok && i >= math.MinInt32 && i <= math.MaxInt32 {
			return v, intSize(int64(i)), nil
		}
	case graphql.Float:
		if f, ok := v.(float64); ok && !math.IsNaN(f) && !math.IsInf(f, 0) {
			return v, floatSize(f), nil
		}
	case graphql.Boolean:
		if _, ok := v.(bool); ok {
			return v, 5, nil
		}
	default:
		return customLeaf(n, v)
	}
	out, err := builtinLeaf(n, v)
	if err != nil {
		return nil, 0, err
	}
	return out, sizeOf(out), nil
}

// builtinLeaf handles what the fast paths of leafOf do not: other integer and float types, named types, pointers.
func builtinLeaf(n *named, v any) (any, error) {
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer {
		if rv.IsNil() {
			return nil, fmt.Errorf("%w: %s got a nil pointer", errNoSuchValue, n.name)
		}
		rv = rv.Elem()
	}
	bad := func() (any, error) {
		return nil, fmt.Errorf("%w: %s cannot represent %s", errNoSuchValue, n.name, clip(fmt.Sprintf("%v (%T)", rv, v), 80))
	}
	i, isInt := integer(rv)
	switch n.scalar {
	case graphql.Int:
		if rv.CanFloat() && rv.Float() == math.Trunc(rv.Float()) && math.Abs(rv.Float()) <= math.MaxInt32 {
			i, isInt = int64(rv.Float()), true
		}
		if !isInt || i < math.MinInt32 || i > math.MaxInt32 {
			return bad()
		}
		return i, nil
	case graphql.Float:
		if isInt {
			return i, nil
		}
		if !rv.CanFloat() || math.IsNaN(rv.Float()) || math.IsInf(rv.Float(), 0) {
			return bad()
		}
		return rv.Float(), nil
	case graphql.Boolean:
		if rv.Kind() != reflect.Bool {
			return bad()
		}
		return rv.Bool(), nil
	}
	// String and ID
	if s, ok := reflect.TypeAssert[fmt.Stringer](rv); ok {
		return s.String(), nil
	}
	switch {
	case rv.Kind() == reflect.String:
		return rv.String(), nil
	case isInt:
		return strconv.FormatInt(i, 10), nil
	case n.scalar == graphql.ID:
		return bad()
	case rv.Kind() == reflect.Bool:
		return strconv.FormatBool(rv.Bool()), nil
	case rv.CanFloat() && !math.IsNaN(rv.Float()) && !math.IsInf(rv.Float(), 0):
		return string(appendFloat(nil, rv.Float())), nil
	}
	return bad()
}

// integer returns the value of any integer that fits an int64.
func integer(rv reflect.Value) (int64, bool) {
	switch {
	case rv.CanInt():
		return rv.Int(), true
	case rv.CanUint() && rv.Uint() <= math.MaxInt64:
		return int64(rv.Uint()), true
	}
	return 0, false
}

func enumOf(n *named, v any) (out any, size int, err error) {
	defer func() {
		if r := recover(); r != nil { // v cannot be a map key
			out, size, err = nil, 0, fmt.Errorf("%w: enum %s got a %T", errNoSuchValue, n.name, v)
		}
	}()
	name, ok := n.names[v]
	if rv := reflect.ValueOf(v); !ok && rv.Kind() == reflect.Pointer {
		name, ok = n.names[rv.Elem().Interface()]
	}
	if !ok {
		return nil, 0, fmt.Errorf("%w: enum %s has no value %s", errNoSuchValue, n.name, clip(fmt.Sprintf("%v (%T)", v, v), 80))
	}
	return name, len(name.(string)) + 2, nil
}

func customLeaf(n *named, v any) (out any, size int, err error) {
	defer func() {
		if r := recover(); r != nil {
			out, size, err = nil, 0, fmt.Errorf("writing a %s: panic: %v", n.name, r)
		}
	}()
	switch s := n.scalar.Serialize(v).(type) {
	case nil:
		return nil, 0, fmt.Errorf("%w: %s cannot represent %s", errNoSuchValue, n.name, clip(fmt.Sprintf("%v (%T)", v, v), 80))
	case error:
		return nil, 0, fmt.Errorf("writing a %s: %w", n.name, s)
	case string, bool, int, int64:
		return s, sizeOf(s), nil
	case float64:
		if math.IsNaN(s) || math.IsInf(s, 0) {
			return nil, 0, fmt.Errorf("%w: %s cannot represent %v", errNoSuchValue, n.name, s)
		}
		return s, sizeOf(s), nil
	default:
		raw, err := json.Marshal(s)
		if err != nil {
			return nil, 0, fmt.Errorf("writing a %s: %w", n.name, err)
		}
		return json.RawMessage(raw), len(raw), nil
	}
}

func sizeOf(v any) int {
	switch v := v.(type) {
	case string:
		return stringSize(v)
	case int:
		return intSize(int64(v))
	case int64:
		return intSize(v)
	case float64:
		return floatSize(v)
	case json.RawMessage:
		return len(v)
	}
	return 5
}

func intSize(i int64) int {
	n := 1
	if i < 0 {
		n = 2
	}
	for i /= 10; i != 0; i /= 10 {
		n++
	}
	return n
}

// floatSize is at least the length that appendFloat writes.
func floatSize(float64) int { return 24 }

// stringSize returns the length that appendString writes.
func stringSize(s string) int {
	n := len(s) + 2
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return len(appendString(nil, s))
		}
	}
	return n
}
