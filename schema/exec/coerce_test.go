package exec_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/schema/exec"
)

// echoed returns the arguments that a resolver saw, as JSON, or the first error as "CODE: message".
func echoed(t *testing.T, d *exec.Door, query, variables string) string {
	t.Helper()
	var got struct {
		Data   *struct{ Echo *string }
		Errors []exec.Error
	}
	raw := ask(t, d, query, variables)
	if err := json.Unmarshal([]byte(raw), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Errors) > 0 {
		return got.Errors[0].Error()
	}
	if got.Data == nil || got.Data.Echo == nil {
		return raw
	}
	return *got.Data.Echo
}

// The literal and the variable of one value must reach the resolver alike.
func TestInputValues(t *testing.T) {
	d := newDoor(t)
	for _, tt := range []struct{ arg, typ, literal, variable, want string }{
		{"int", "Int", "7", "7", `"int":7`},
		{"int", "Int", "-2147483648", "-2147483648", `"int":-2147483648`},
		{"int", "Int", "null", "null", `"int":null`},
		{"float", "Float", "7", "7", `"float":7`},
		{"float", "Float", "1.5e3", "1.5e3", `"float":1500`},
		{"string", "String", `"a\u00e9\n"`, `"a\u00e9\n"`, `"string":"aé\n"`},
		{"string", "String", `"\u{1F600}"`, `"😀"`, `"string":"😀"`},
		{"bool", "Boolean", "true", "true", `"bool":true`},
		{"id", "ID", "12", "12", `"id":"12"`},
		{"id", "ID", `"12"`, `"12"`, `"id":"12"`},
		{"role", "Role", "MINISTER", `"MINISTER"`, `"role":2`},
		{"date", "Date", `"2003-04-09"`, `"2003-04-09"`, `"date":"2003-04-09"`},
		{"ints", "[Int]", "[1, null, 3]", "[1,null,3]", `"ints":[1,null,3]`},
		{"ints", "[Int]", "4", "4", `"ints":[4]`},
		{"matrix", "[[Int!]]", "4", "4", `"matrix":[[4]]`},
		{"matrix", "[[Int!]]", "[[1], null]", "[[1],null]", `"matrix":[[1],null]`},
		{"filter", "Filter", "{}", "{}", `"filter":{"limit":5,"name":"any"}`},
		{
			"filter", "Filter", `{name: null, roles: EMIR, and: {limit: 1}}`, `{"name":null,"roles":"EMIR","and":{"limit":1}}`,
			`"filter":{"and":{"limit":1,"name":"any"},"limit":5,"name":null,"roles":[9]}`,
		},
		{"pick", "Pick", `{id: 3}`, `{"id":3}`, `"pick":{"id":"3"}`},
	} {
		want := `{` + tt.want + `,"page":10}`
		if tt.arg == "pick" || tt.arg == "role" || tt.arg == "string" {
			want = `{"page":10,` + tt.want + `}`
		}
		if got := echoed(t, d, "{ echo("+tt.arg+": "+tt.literal+") }", ""); got != want {
			t.Errorf("%s: %s as literal: got %s, want %s", tt.arg, tt.literal, got, want)
		}
		q := "query($v: " + tt.typ + ") { echo(" + tt.arg + ": $v) }"
		if got := echoed(t, d, q, `{"v":`+tt.variable+`}`); got != want {
			t.Errorf("%s: %s as variable: got %s, want %s", tt.arg, tt.variable, got, want)
		}
	}
}

// What does not fit is refused before anything runs, with its place.
func TestBadInputValues(t *testing.T) {
	d := newDoor(t)
	for _, tt := range []struct{ arg, typ, literal, variable string }{
		{"int", "Int", `"12"`, `"12"`},
		{"int", "Int", "1.5", "1.5"},
		{"int", "Int", "2147483648", "2147483648"},
		{"int", "Int", strings.Repeat("9", 100), strings.Repeat("9", 100)},
		{"int", "Int", "true", "true"},
		{"float", "Float", `"1"`, `"1"`},
		{"float", "Float", "1e999", "1e999"},
		{"string", "String", "1", "1"},
		{"string", "String", "{x: 1}", `{"x":1}`},
		{"bool", "Boolean", `"false"`, `"false"`},
		{"bool", "Boolean", "0", "0"},
		{"id", "ID", "1.5", "1.5"},
		{"id", "ID", "true", "true"},
		{"role", "Role", `"MINISTER"`, `2`},
		{"role", "Role", "KING", `"KING"`},
		{"date", "Date", `"boom"`, `"boom"`},
		{"date", "Date", `"yesterday"`, `"yesterday"`},
		{"date", "Date", `5`, `5`},
		{"ints", "[Int]", `[1, "2"]`, `[1,"2"]`},
		{"matrix", "[[Int!]]", "[[null]]", "[[null]]"},
		{"filter", "Filter", "{nope: 1}", `{"nope":1}`},
		{"filter", "Filter", "{limit: null}", `{"limit":null}`},
		{"filter", "Filter", "[{}]", `[{}]`},
		{"filter", "Filter", `{and: {since: "x"}}`, `{"and":{"since":"x"}}`},
		{"pick", "Pick", "{}", "{}"},
		{"pick", "Pick", "{id: null}", `{"id":null}`},
		{"pick", "Pick", `{id: 1, name: "x"}`, `{"id":1,"name":"x"}`},
		{"page", "Int!", "null", "null"},
	} {
		got := echoed(t, d, "{ echo("+tt.arg+": "+tt.literal+") }", "")
		if !strings.HasPrefix(got, string(exec.CodeValidation)) {
			t.Errorf("%s: %s as literal: got %s", tt.arg, tt.literal, got)
		}
		got = echoed(t, d, "query($v: "+tt.typ+") { echo("+tt.arg+": $v) }", `{"v":`+tt.variable+`}`)
		if !strings.HasPrefix(got, string(exec.CodeBadInput)+": Variable $v: ") {
			t.Errorf("%s: %s as variable: got %s", tt.arg, tt.variable, got)
		}
	}
}

func TestAbsentIsNotNull(t *testing.T) {
	d := newDoor(t)
	for _, tt := range []struct{ query, variables, want string }{
		{"query($v: String) { echo(string: $v) }", "", `{"page":10}`},
		{"query($v: String) { echo(string: $v) }", `{"v":null}`, `{"page":10,"string":null}`},
		{`query($v: String = "d") { echo(string: $v) }`, "", `{"page":10,"string":"d"}`},
		{`query($v: String = "d") { echo(string: $v) }`, `{"v":null}`, `{"page":10,"string":null}`},
		{"query($v: Int) { echo(page: $v) }", "", `{"page":10}`},
		{"query($v: Int) { echo(page: $v) }", `{"v":null}`, "BAD_USER_INPUT: argument page: expected a value of type Int!, variable $v is null"},
		{"query($v: Int! = 3) { echo(page: $v) }", "", `{"page":3}`},
		{"query($v: Int) { echo(ints: [1, $v]) }", "", `{"ints":[1,null],"page":10}`},
		{"query($v: String) { echo(filter: {name: $v}) }", "", `{"filter":{"limit":5,"name":"any"},"page":10}`},
		{"query($v: String) { echo(filter: {name: $v}) }", `{"v":null}`, `{"filter":{"limit":5,"name":null},"page":10}`},
		{"query($v: [Role!]) { echo(filter: {roles: $v}) }", `{"v":["EMIR"]}`, `{"filter":{"limit":5,"name":"any","roles":[9]},"page":10}`},
		{"query($v: Date) { echo(date: $v) }", `{"v":"2003-04-09"}`, `{"date":"2003-04-09","page":10}`},
		{"query($v: JSON) { echo(json: $v) }", `{"v":{"a":[1,2.5,null]}}`, `{"json":{"a":[1,2.5,null]},"page":10}`},
		{`{ echo(json: {a: [1, null]}) }`, "", `{"json":"*ast.ObjectValue","page":10}`},
		{"query($v: Int) { echo(json: {a: $v}) }", `{"v":1}`, `{"json":"*ast.ObjectValue","page":10}`},
		{"query($v: ID!) { echo(pick: {id: $v}) }", `{"v":"1"}`, `{"page":10,"pick":{"id":"1"}}`},
		{"query($v: Int!) { echo(page: $v) }", "", "BAD_USER_INPUT: Variable $v: a value of required type Int! was not provided"},
		{"query($v: Int) { echo(int: $v) }", `[1]`, "BAD_USER_INPUT: the variables are not a JSON object: json: cannot unmarshal array into Go value of type map[string]json.RawMessage"},
		{"query($v: Int) { echo(int: $v) }", `{} {}`, "BAD_USER_INPUT: the variables are not a JSON object: text after the end of the JSON value"},
		{"query($v: Int) { echo(int: $v) }", `null`, `{"page":10}`},
		{"query($v: Int) { echo(int: $v) }", `{"other": 1}`, `{"page":10}`},
		{"query($v: [[Int!]]) { echo(matrix: $v) }", `{"v":[[1],["x"]]}`, `BAD_USER_INPUT: Variable $v: at [1][0]: Int cannot represent non-integer value: "x"`},
		{"query($v: Filter) { echo(filter: $v) }", `{"v":{"and":{"limit":"x"}}}`, `BAD_USER_INPUT: Variable $v: at and.limit: Int cannot represent non-integer value: "x"`},
	} {
		if diff := cmp.Diff(tt.want, echoed(t, d, tt.query, tt.variables)); diff != "" {
			t.Errorf("%s with %s, -want +got:\n%s", tt.query, tt.variables, diff)
		}
	}
}

func TestVariableLimits(t *testing.T) {
	d := newDoor(t)
	q := "query($v: JSON) { echo(json: $v) }"
	for name, v := range map[string]string{
		"depth": `{"v":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`,
		"count": `{"v":[` + strings.Repeat("1,", 60_000) + `1]}`,
		"bytes": `{"v":"` + strings.Repeat("x", 600<<10) + `"}`,
	} {
		if got := echoed(t, d, q, v); !strings.HasPrefix(got, string(exec.CodeCostLimit)) {
			t.Errorf("%s: got %s", name, clip(got))
		}
	}
	if got := echoed(t, d, q, `{"v":"[[[\"{{{"}`); got != `{"json":"[[[\"{{{","page":10}` {
		t.Errorf("brackets in a string: %s", got)
	}
}
