package exec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
)

// json coerces a value decoded from JSON with json.Number.
func (c *coercion) json(v any, t *typ) (any, error) {
	if v == nil {
		if t.nonNull {
			return nil, &inputError{message: fmt.Sprintf("expected a value of type %s, found null", t)}
		}
		return nil, nil
	}
	switch t.kind {
	case kindList:
		items, ok := v.([]any)
		if !ok {
			x, err := c.json(v, t.elem)
			return []any{x}, err
		}
		out := make([]any, len(items))
		for i, item := range items {
			x, err := c.json(item, t.elem)
			if err != nil {
				return nil, within(fmt.Sprintf("[%d]", i), err)
			}
			out[i] = x
		}
		return out, nil
	case kindInput:
		m, ok := v.(map[string]any)
		if !ok {
			return nil, &inputError{message: fmt.Sprintf("expected an object of type %s, found %s", t.named.name, showJSON(v))}
		}
		return c.fields(t.named, sortedKeys(m), func(in *input) (any, bool, error) {
			raw, ok := m[in.name]
			if !ok {
				return nil, false, nil
			}
			x, err := c.json(raw, in.t)
			return x, true, err
		})
	case kindEnum:
		if s, ok := v.(string); ok {
			if x, ok := t.named.values[s]; ok {
				return x, nil
			}
		}
		return nil, noSuchValue(t, showJSON(v))
	case kindScalar:
		return jsonScalar(v, t)
	default:
		return nil, &inputError{message: fmt.Sprintf("%s is not an input type", t)}
	}
}

func jsonScalar(v any, t *typ) (any, error) {
	switch t.named.name {
	case "Int":
		if n, ok := v.(json.Number); ok {
			if i, err := strconv.ParseInt(n.String(), 10, 32); err == nil {
				return int(i), nil
			}
			if f, err := n.Float64(); err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
				return parseInt(strconv.FormatInt(int64(f), 10), t)
			}
		}
		return nil, cannot(t, "%s cannot represent non-integer value", showJSON(v))
	case "Float":
		if n, ok := v.(json.Number); ok {
			return parseFloat(n.String(), t)
		}
		return nil, cannot(t, "%s cannot represent non numeric value", showJSON(v))
	case "String":
		if s, ok := v.(string); ok {
			return s, nil
		}
		return nil, cannot(t, "%s cannot represent a non string value", showJSON(v))
	case "Boolean":
		if b, ok := v.(bool); ok {
			return b, nil
		}
		return nil, cannot(t, "%s cannot represent a non boolean value", showJSON(v))
	case "ID":
		if s, ok := v.(string); ok {
			return s, nil
		}
		if n, ok := v.(json.Number); ok && !strings.ContainsAny(n.String(), ".eE") {
			return n.String(), nil
		}
		return nil, cannot(t, "%s cannot represent a non-string and non-integer value", showJSON(v))
	}
	return custom(t, showJSON(v), func() any { return t.named.scalar.ParseValue(plainNumbers(v)) })
}

// plainNumbers replaces json.Number by int where it fits and float64 otherwise, as scalars of graphql-go expect.
func plainNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return int(i)
		}
		f, _ := v.Float64()
		return f
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = plainNumbers(x)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = plainNumbers(x)
		}
		return out
	}
	return v
}

// astValue turns decoded JSON into a literal.
func astValue(v any) *ast.Value {
	switch v := v.(type) {
	case nil:
		return &ast.Value{Kind: ast.NullValue, Raw: "null"}
	case bool:
		return &ast.Value{Kind: ast.BooleanValue, Raw: strconv.FormatBool(v)}
	case string:
		return &ast.Value{Kind: ast.StringValue, Raw: v}
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return &ast.Value{Kind: ast.FloatValue, Raw: v.String()}
		}
		return &ast.Value{Kind: ast.IntValue, Raw: v.String()}
	case []any:
		out := &ast.Value{Kind: ast.ListValue}
		for _, x := range v {
			out.Children = append(out.Children, &ast.ChildValue{Value: astValue(x)})
		}
		return out
	case map[string]any:
		out := &ast.Value{Kind: ast.ObjectValue}
		for _, k := range sortedKeys(v) {
			out.Children = append(out.Children, &ast.ChildValue{Name: k, Value: astValue(v[k])})
		}
		return out
	}
	return &ast.Value{Kind: ast.StringValue, Raw: fmt.Sprint(v)}
}

func showJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%T", v)
	}
	return clip(string(raw), 80)
}

// decodeJSON reads exactly one JSON value and keeps numbers as they are written.
func decodeJSON(raw []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("text after the end of the JSON value")
	}
	return nil
}

// variableValues splits an object into the values of its keys; null and nothing have none.
func variableValues(raw []byte) (map[string]json.RawMessage, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	given := map[string]json.RawMessage{}
	if json.Valid(raw) && Members(raw, func(key string, value []byte) { given[key] = value }) {
		return given, nil
	}
	given = nil
	err := decodeJSON(raw, &given)
	return given, err
}

// decodeValue reads a JSON value and keeps numbers as they are written.
func decodeValue(raw []byte) (v any, err error) {
	if n := len(raw); n >= 2 && raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw) {
		return string(raw[1 : n-1]), nil
	}
	err = decodeJSON(raw, &v)
	return v, err
}

// Members calls member for each key of a JSON object, which must be valid, with the text of its value. It returns false, and
// may have called member before, where raw is no object or a key is not written as it reads, but with escapes or broken
// UTF-8: that is for encoding/json.
func Members(raw []byte, member func(key string, value []byte)) bool {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' || !utf8.Valid(raw) {
		return false
	}
	for raw = bytes.TrimSpace(raw[1:]); raw[0] != '}'; {
		key := raw[1:endOfJSON(raw)]
		raw = bytes.TrimSpace(raw[len(key)+1:])
		key = key[:len(key)-1]
		if bytes.IndexByte(key, '\\') >= 0 {
			return false
		}
		raw = bytes.TrimSpace(raw[1:]) // the colon
		end := endOfJSON(raw)
		member(string(key), bytes.TrimSpace(raw[:end]))
		if raw = bytes.TrimSpace(raw[end:]); raw[0] == ',' {
			raw = bytes.TrimSpace(raw[1:])
		}
	}
	return true
}

// endOfJSON returns the length of the valid JSON value that raw begins with.
func endOfJSON(raw []byte) int {
	depth := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			for i++; raw[i] != '"'; i++ {
				if raw[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return i + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return len(raw)
}

// jsonShape returns the deepest nesting of brackets outside strings, and a bound on the number of values.
func jsonShape(raw []byte) (deepest, values int) {
	depth := 0
	inString := false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			values++
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		case c == ',':
			values++
		}
	}
	return deepest, values
}
