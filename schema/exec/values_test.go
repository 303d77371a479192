package exec_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/graphql-go/graphql"

	"entangle/schema/exec"
)

// valueDoor serves one field v of a type, which resolves to a value and an error.
func valueDoor(tb testing.TB, typ graphql.Output, v any, err error, change ...func(*exec.Options)) *exec.Door {
	tb.Helper()
	schema, bad := graphql.NewSchema(graphql.SchemaConfig{Query: graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: graphql.Fields{
		"v": {Type: typ, Resolve: func(graphql.ResolveParams) (any, error) { return v, err }},
	}})})
	if bad != nil {
		tb.Fatal(bad)
	}
	change = append(change, func(o *exec.Options) { o.Notes = exec.Notes{} })
	return doorOver(tb, schema, change...)
}

type shout string

func (s shout) String() string { return strings.ToUpper(string(s)) }

type named string

// What a resolver returns is written as its type can represent it, or told as an error: nothing is bent to fit.
func TestWhatLeavesWrite(t *testing.T) {
	seven, half := 7, 0.5
	enum := graphql.NewEnum(graphql.EnumConfig{Name: "E", Values: graphql.EnumValueConfigMap{"A": {Value: 1}, "B": {Value: "b"}}})
	one, errScalar := 1, errors.New("no such day")
	custom := graphql.NewScalar(graphql.ScalarConfig{Name: "C", Serialize: func(v any) any {
		switch v {
		case "nil":
			return nil
		case "error":
			return errScalar
		case "panic":
			panic("x")
		}
		return v
	}})
	for _, tt := range []struct {
		typ  graphql.Output
		v    any
		want string // "" for an error
	}{
		{graphql.Int, math.MaxInt32, "2147483647"},
		{graphql.Int, math.MinInt32, "-2147483648"},
		{graphql.Int, math.MaxInt32 + 1, ""},
		{graphql.Int, math.MinInt32 - 1, ""},
		{graphql.Int, int64(math.MaxInt32), "2147483647"},
		{graphql.Int, int64(math.MinInt32), "-2147483648"},
		{graphql.Int, int64(math.MaxInt32) + 1, ""},
		{graphql.Int, int64(math.MinInt32) - 1, ""},
		{graphql.Int, uint8(3), "3"},
		{graphql.Int, uint64(math.MaxUint64), ""},
		{graphql.Int, float64(math.MaxInt32), "2147483647"},
		{graphql.Int, float64(math.MaxInt32) + 1, ""},
		{graphql.Int, -3.0, "-3"},
		{graphql.Int, 0.5, ""},
		{graphql.Int, math.NaN(), ""},
		{graphql.Int, &seven, "7"},
		{graphql.Int, true, ""},
		{graphql.Float, 0.1, "0.1"},
		{graphql.Float, 1e21, "1e+21"},
		{graphql.Float, 999999999999999999999.0, "1e+21"},
		{graphql.Float, 1e20, "100000000000000000000"},
		{graphql.Float, 1e-6, "0.000001"},
		{graphql.Float, 9e-7, "9e-7"},
		{graphql.Float, -1e-10, "-1e-10"},
		{graphql.Float, 0.0, "0"},
		{graphql.Float, float32(0.5), "0.5"},
		{graphql.Float, &half, "0.5"},
		{graphql.Float, 3, "3"},
		{graphql.Float, float32(math.Inf(-1)), ""},
		{graphql.Float, "1", ""},
		{graphql.String, "a\tb\r\n\x1f\x20", `"a\tb\r\n\u001f "`},
		{graphql.String, "\u2028\u2029\u2027", `"\u2028\u2029` + "\u2027" + `"`},
		{graphql.String, "\x7f\xc3é", `"` + "\x7f\ufffdé" + `"`},
		{graphql.String, "\ufffd", `"` + "\ufffd" + `"`},
		{graphql.String, shout("a"), `"A"`},
		{graphql.String, named("a"), `"a"`},
		{graphql.String, -3, `"-3"`},
		{graphql.String, true, `"true"`},
		{graphql.String, 0.5, `"0.5"`},
		{graphql.String, math.Inf(1), ""},
		{graphql.String, math.NaN(), ""},
		{graphql.String, []string{"a"}, ""},
		{graphql.ID, named("a"), `"a"`},
		{graphql.ID, uint(3), `"3"`},
		{graphql.ID, true, ""},
		{graphql.ID, 0.5, ""},
		{graphql.Boolean, true, "true"},
		{graphql.Boolean, 1, ""},
		{enum, 1, `"A"`},
		{enum, &one, `"A"`},
		{enum, "b", `"B"`},
		{enum, "A", ""},
		{enum, []int{1}, ""},
		{custom, "x", `"x"`},
		{custom, 7, "7"},
		{custom, int64(-7), "-7"},
		{custom, false, "false"},
		{custom, 0.25, "0.25"},
		{custom, math.NaN(), ""},
		{custom, math.Inf(-1), ""},
		{custom, []any{"<", 1, nil}, `["\u003c",1,null]`},
		{custom, func() {}, ""},
		{custom, "nil", ""},
		{custom, "error", ""},
		{custom, "panic", ""},
		{graphql.NewList(graphql.Int), [2]int{1, 2}, "[1,2]"},
		{graphql.NewList(graphql.Int), &[]int{1, 2}, "[1,2]"},
		{graphql.NewList(graphql.Int), map[string]int{}, ""},
	} {
		got := body(ask(t, valueDoor(t, tt.typ, tt.v, nil), "{ v }", ""))
		if tt.want != "" && got != `{"data":{"v":`+tt.want+`}}` {
			t.Errorf("%v of %v (%T): got %s, want %s", tt.typ, tt.v, tt.v, got, tt.want)
		}
		if tt.want == "" && (!strings.HasPrefix(got, `{"data":{"v":null},"errors":[{`) || strings.Count(got, `"message"`) != 1 || !strings.Contains(got, `"INTERNAL"`)) {
			t.Errorf("%v of %v (%T): got %s, want an error", tt.typ, tt.v, tt.v, got)
		}
	}
}

// What could not be written is told in the log, with the value.
func TestWhatLeavesTellInTheLog(t *testing.T) {
	enum := graphql.NewEnum(graphql.EnumConfig{Name: "E", Values: graphql.EnumValueConfigMap{"A": {Value: 1}}})
	two := 2
	for _, tt := range []struct {
		typ  graphql.Output
		v    any
		want string
	}{
		{enum, 7, "enum E has no value 7 (int)"},
		{enum, &two, "enum E has no value"},
		{enum, []int{1}, "enum E got a []int"},
		{graphql.Int, "7", "Int cannot represent 7 (string)"},
		{graphql.Float, true, "Float cannot represent true (bool)"},
		{graphql.NewList(graphql.Int), 7, "field Query.v must be a list, its resolver returned int"},
	} {
		var log bytes.Buffer
		ask(t, valueDoor(t, tt.typ, tt.v, nil, logTo(&log)), "{ v }", "")
		if !strings.Contains(log.String(), tt.want) {
			t.Errorf("%v of %v: logged %s, want %q", tt.typ, tt.v, log.String(), tt.want)
		}
	}
}

type tagged struct {
	Plain    string
	hidden   string
	ByJSON   string `json:"viaJson,omitempty"`
	ByTag    string `graphql:"viaTag"`
	Hidden2  func() any
	LastOne  int
	Fallback *string
}

type textMap map[string]string

type callMap map[named]func() any

type own struct{}

func (own) Resolve(p graphql.ResolveParams) (any, error) {
	if p.Source != (own{}) {
		return nil, fmt.Errorf("source %v", p.Source)
	}
	return fmt.Sprintf("%s %s %v", p.Info.FieldName, p.Info.ParentType, p.Info.Path.AsArray()), nil
}

// A field without a resolver takes what the source has under its name.
func TestFieldsWithoutResolver(t *testing.T) {
	fields := graphql.Fields{}
	for _, name := range []string{"plain", "hidden", "viaJson", "viaTag", "byTag", "lastone", "fallback", "missing"} {
		fields[name] = &graphql.Field{Type: graphql.String}
	}
	thing := graphql.NewObject(graphql.ObjectConfig{Name: "Thing", Fields: fields})
	source := tagged{Plain: "p", hidden: "h", ByJSON: "j", ByTag: "g", LastOne: 9}
	call := func() any { return "called" }
	for _, tt := range []struct {
		source any
		want   string // of plain hidden viaJson viaTag byTag lastone fallback missing
	}{
		{source, `"p" null "j" "g" "g" "9" null null`},
		{&source, `"p" null "j" "g" "g" "9" null null`},
		{map[string]any{"plain": "p", "hidden": call, "viaTag": nil}, `"p" "called" null null null null null null`},
		{textMap{"plain": "p", "missing": ""}, `"p" null null null null null null ""`},
		{callMap{"byTag": call}, `null null null null "called" null null null`},
		{map[int]string{1: "plain"}, `null null null null null null null null`},
		{7, `null null null null null null null null`},
		{
			own{}, `"plain Thing [v plain]" "hidden Thing [v hidden]" "viaJson Thing [v viaJson]" "viaTag Thing [v viaTag]" ` +
				`"byTag Thing [v byTag]" "lastone Thing [v lastone]" "fallback Thing [v fallback]" "missing Thing [v missing]"`,
		},
	} {
		d := valueDoor(t, thing, tt.source, nil)
		want := strings.Fields(tt.want)
		if _, ok := tt.source.(own); ok {
			want = strings.SplitAfter(tt.want, `]"`)
		}
		for i, name := range []string{"plain", "hidden", "viaJson", "viaTag", "byTag", "lastone", "fallback", "missing"} {
			w := `{"data":{"v":{"` + name + `":` + strings.TrimSpace(want[i]) + `}}}`
			for range 2 { // the second time from what is remembered
				if got := body(ask(t, d, "{ v { "+name+" } }", "")); got != w {
					t.Errorf("%s of %T: got %s, want %s", name, tt.source, got, w)
				}
			}
		}
	}
}
