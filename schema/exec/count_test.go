package exec_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/graphql-go/graphql"

	"entangle/schema/exec"
)

// sized has a field for each way in which bytes of an answer are counted.
func sized(tb testing.TB, limit int) *exec.Door {
	tb.Helper()
	role := graphql.NewEnum(graphql.EnumConfig{Name: "Role", Values: graphql.EnumValueConfigMap{"MINISTER": {Value: 1}}})
	raw := graphql.NewScalar(graphql.ScalarConfig{Name: "JSON", Serialize: func(v any) any { return v }})
	var box *graphql.Object
	box = graphql.NewObject(graphql.ObjectConfig{Name: "Box", Fields: graphql.FieldsThunk(func() graphql.Fields {
		return graphql.Fields{"a": {Type: graphql.Int}, "inner": {Type: box}, "inners": {Type: graphql.NewList(box)}}
	})})
	fields := graphql.Fields{}
	for name, f := range map[string]struct {
		t graphql.Output
		v any
	}{
		"ints":   {graphql.NewList(graphql.Int), []int{0, -1, 9, -9, 10, -10, 99, 100, 12345, math.MaxInt32, math.MinInt32}},
		"anys":   {graphql.NewList(graphql.Int), []any{nil, -7, 70, nil}},
		"wide":   {graphql.NewList(graphql.Int), []int64{-1, 1 << 30}},
		"empty":  {graphql.NewList(graphql.Int), []int{}},
		"none":   {graphql.NewList(graphql.Int), nil},
		"matrix": {graphql.NewList(graphql.NewList(graphql.Int)), [][]int{{1}, {-2, 3}, nil}},
		"floats": {graphql.NewList(graphql.Float), []float64{0.5, -1e-9, 2.25}},
		"bools":  {graphql.NewList(graphql.Boolean), []bool{true, false}},
		"texts":  {graphql.NewList(graphql.String), []string{"", "a", "\"\\\n\x01\u2028\xffé😀"}},
		"ids":    {graphql.NewList(graphql.ID), []any{"x", 12, -3}},
		"role":   {role, 1},
		"json":   {raw, map[string]any{"a": []int{1, -2}}},
		"number": {raw, -12},
		"box": {box, map[string]any{"a": -1, "inner": map[string]any{"a": nil}, "inners": []any{
			map[string]any{"a": 10}, nil, map[string]any{},
		}}},
	} {
		fields[name] = &graphql.Field{Type: f.t, Resolve: func(graphql.ResolveParams) (any, error) { return f.v, nil }}
	}
	schema, err := graphql.NewSchema(graphql.SchemaConfig{Query: graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: fields})})
	if err != nil {
		tb.Fatal(err)
	}
	return doorOver(tb, schema, func(o *exec.Options) {
		o.Notes = exec.Notes{}
		o.Limits.ResponseBytes = int64(limit)
	})
}

// The limit on the length of an answer holds that of its data. Counted too much are: a comma after the last of an object
// or list, true as false, and a float as the longest there is.
func TestBytesAreThoseOfTheData(t *testing.T) {
	for _, query := range []string{
		"{ ints }", "{ anys }", "{ wide }", "{ empty }", "{ none }", "{ matrix }", "{ floats }", "{ bools }", "{ texts }", "{ ids }",
		"{ role }", "{ json }", "{ number }", "{ __typename }", "{ box { __typename a } }",
		"{ box { a inner { a inner { a } } inners { a x: a } } long_alias: ints }",
	} {
		var got struct{ Data json.RawMessage }
		if err := json.Unmarshal([]byte(ask(t, sized(t, 0), query, "")), &got); err != nil || len(got.Data) == 0 {
			t.Fatal(query, err)
		}
		dec := json.NewDecoder(bytes.NewReader(got.Data))
		dec.UseNumber()
		var data any
		if err := dec.Decode(&data); err != nil {
			t.Fatal(err)
		}
		counted := len(got.Data) + overcounted(data)
		if query == "{ json }" {
			counted = len(got.Data) + 1 // what a scalar of the schema writes is counted as it is
		}
		for limit, want := range map[int]bool{counted - 1: false, counted: true} {
			if answered := strings.HasPrefix(ask(t, sized(t, limit), query, ""), `{"data":{`); answered != want {
				t.Errorf("%s: with a limit of %d bytes answered is %t, want %t, for %s", query, limit, answered, want, got.Data)
			}
		}
	}
}

func overcounted(v any) int {
	sum := 0
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			sum += overcounted(x)
		}
		sum += min(len(v), 1)
	case []any:
		for _, x := range v {
			sum += overcounted(x)
		}
		sum += min(len(v), 1)
	case bool:
		if v {
			sum = 1
		}
	case json.Number:
		if strings.ContainsAny(v.String(), ".e") {
			sum = 24 - len(v)
		}
	}
	return sum
}

// A caller who has gone is noticed within 1,024 resolver calls, list items or thunks.
func TestExecutionEndsWithTheContext(t *testing.T) {
	const items = 10_000
	calls := 0
	var cancel context.CancelFunc
	count := func() {
		if calls++; calls == 10 {
			cancel()
		}
	}
	item := graphql.NewObject(graphql.ObjectConfig{
		Name: "Item",
		IsTypeOf: func(p graphql.IsTypeOfParams) bool {
			if p.Value == "typed" {
				count()
			}
			return true
		},
		Fields: graphql.Fields{"called": {Type: graphql.Int, Resolve: func(graphql.ResolveParams) (any, error) {
			count()
			return 1, nil
		}}},
	})
	list := func(v any) graphql.FieldResolveFn {
		return func(graphql.ResolveParams) (any, error) {
			out := make([]any, items)
			for i := range out {
				out[i] = v
			}
			return out, nil
		}
	}
	thunk := func() (any, error) { count(); return 1, nil }
	schema, err := graphql.NewSchema(graphql.SchemaConfig{Query: graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: graphql.Fields{
		"calls":  {Type: graphql.NewList(item), Resolve: list("plain")},
		"items":  {Type: graphql.NewList(item), Resolve: list("typed")},
		"thunks": {Type: graphql.NewList(graphql.Int), Resolve: list(thunk)},
	}})})
	if err != nil {
		t.Fatal(err)
	}
	d := doorOver(t, schema, func(o *exec.Options) { o.Notes = exec.Notes{} })
	for _, query := range []string{"{ calls { called } }", "{ items { called } }", "{ thunks }"} {
		var ctx context.Context
		ctx, cancel = context.WithCancel(t.Context())
		calls = 0
		got := askCtx(ctx, t, d, exec.Request{Query: query})
		if !strings.HasPrefix(got, `{"data":null`) || !strings.Contains(got, `"TIMEOUT"`) {
			t.Errorf("%s: got %s", query, clip(got))
		}
		if calls < 10 || calls > 10+1024 {
			t.Errorf("%s: %d calls, the caller was gone after 10", query, calls)
		}
		cancel()
	}
}

// Of a field that is asked again the second answer is written, in the second context, with the errors of that one alone.
func TestAgainTakesTheSecondAnswer(t *testing.T) {
	type turnKey struct{}
	schema, err := graphql.NewSchema(graphql.SchemaConfig{Query: graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: graphql.Fields{
		"turn": {Type: graphql.Int, Resolve: func(p graphql.ResolveParams) (any, error) {
			turn, _ := p.Context.Value(turnKey{}).(int)
			if turn < 2 {
				return nil, exec.Errorf(exec.CodeNotFound, "turn %d", turn)
			}
			return turn, nil
		}},
	}})})
	if err != nil {
		t.Fatal(err)
	}
	d := doorOver(t, schema, func(o *exec.Options) {
		o.Notes = exec.Notes{}
		o.Again = func(ctx context.Context) (context.Context, bool) {
			turn, _ := ctx.Value(turnKey{}).(int)
			return context.WithValue(ctx, turnKey{}, turn+1), turn < 2
		}
		o.Extensions = func(ctx context.Context) map[string]any { return map[string]any{"turn": ctx.Value(turnKey{})} }
	})
	want := `{"data":{"turn":2},"extensions":{"cost":{"limit":1000000,"requested":0},"turn":2}}`
	if got := ask(t, d, "{ turn }", ""); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
