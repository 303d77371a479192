package exec_test

import (
	"context"
	"strings"
	"testing"

	"entangle/schema/exec"
)

func messages(errs []*exec.Error) string {
	var all []string
	for _, e := range errs {
		all = append(all, e.Message)
	}
	return strings.Join(all, "\n")
}

// Cases after section 5.3.2 of the GraphQL specification and what graphql-js tests for the same rule.
func TestFieldsThatMustMerge(t *testing.T) {
	d := newDoor(t)
	for _, tt := range []struct{ name, query, want string }{
		{"same field", `{ person(id: "p1") { id id } }`, ""},
		{"same field and arguments, other order", `{ echo(int: 1, id: 2, filter: {name: "a", limit: 1}) echo(filter: {limit: 1, name: "a"}, id: 2, int: 1) }`, ""},
		{"same directives or not", `{ person(id: "p1") { id @skip(if: true) id @skip(if: false) } }`, ""},
		{"different aliases", `{ a: person(id: "p1") { id } b: person(id: "p2") { id } }`, ""},
		{"different fields on one alias", `{ person(id: "p1") { x: id x: name } }`, `"person.x" conflict because "id" and "name" are different fields`},
		{"alias hides a field", `{ person(id: "p1") { name: id name } }`, `"person.name" conflict`},
		{"differing arguments", `{ echo(int: 1) echo(int: 2) }`, `"echo" conflict because they have differing arguments`},
		{"argument missing", `{ echo(int: 1) echo }`, `"echo" conflict because they have differing arguments`},
		{"variable and value", `query($v: Int) { echo(int: 1) echo(int: $v) }`, `"echo" conflict`},
		{"list order matters", `{ echo(ints: [1, 2]) echo(ints: [2, 1]) }`, `"echo" conflict`},
		{"objects that cannot meet", `{ hits { ... on Person { x: must } ... on Person { y: id } ... on Group { z: size } } }`, ""},
		{"objects that cannot meet may differ", `{ hits { ... on Person { x: must(fail: false) } ... on Person { t: id } ... on Group { y: size t: id } } }`, ""},
		{"objects that cannot meet, different fields of one shape", `{ hits { ... on Person { x: born } ... on Group { id } ... on Person { x: born } } }`, ""},
		{"same shape on both", `{ hits { ... on Person { x: id } ... on Group { x: id } } }`, ""},
		{"different fields of the same shape", `{ node { ... on Group { x: size } ... on Person { y: name } ... on Group { x: size } } }`, ""},
		{"different shapes on both", `{ hits { ... on Person { x: born } ... on Group { x: size } } }`, `conflicting types "Int" and "String"`},
		{"null and non-null", `{ hits { ... on Person { name } ... on Group { name } } }`, `conflicting types "String!" and "String"`},
		{"list and object", `{ hits { ... on Person { x: friend { id } } ... on Group { x: members { id } } } }`, `conflicting types "Person" and "[Person]"`},
		{"interface meets object", `{ node { x: id ... on Person { x: name } } }`, `conflict`},
		{"interface meets object, same", `{ node { id ... on Person { id } ... on Group { id } } }`, ""},
		{"deep", `{ person(id: "p1") { friend { x: id } friend { x: name } } }`, `"person.friend.x" conflict`},
		{"deep arguments", `{ person(id: "p1") { friend { friend { must } } } person(id: "p1") { friend { friend { must(fail: true) } } } }`, `"person.friend.friend.must" conflict`},
		{"deep shapes under objects that cannot meet", `{ hits { ... on Person { x: friend { y: id } } ... on Group { x: members { y: name } } } }`, `conflict`},
		{"through fragments", `{ person(id: "p1") { ...A ...B } } fragment A on Person { x: id } fragment B on Person { x: name }`, `"person.x" conflict`},
		{"nested through fragments", `{ person(id: "p1") { ...A friend { x: name } } } fragment A on Person { friend { ...B } } fragment B on Person { x: id }`, `"person.friend.x" conflict`},
		{"within an unspread-twice fragment", `{ p: person(id: "p1") { ...A } q: person(id: "p2") { ...A } } fragment A on Person { x: id x: born }`, `conflict`},
		{"one fragment in two places", `{ p: person(id: "p1") { ...A friend { ...A } } } fragment A on Person { id friend { name } }`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, errs := d.Prepare(t.Context(), exec.Request{Query: tt.query})
			switch {
			case tt.want == "" && errs != nil:
				t.Errorf("refused: %v", errs)
			case tt.want != "" && (len(errs) == 0 || !strings.Contains(errs[0].Message, tt.want) || len(errs[0].Locations) != 2):
				t.Errorf("got %v, want %q with two places", errs, tt.want)
			}
		})
	}
}

// A conflict is told once, whatever ways lead to it and however many rules it breaks.
func TestAConflictIsToldOnce(t *testing.T) {
	d := newDoor(t)
	for _, query := range []string{
		`{ person(id: "p1") { x: id x: born } }`,
		`{ p: person(id: "p1") { ...A } q: person(id: "p2") { ...A friend { ...A } } } fragment A on Person { x: id x: born }`,
	} {
		if _, errs := d.Prepare(t.Context(), exec.Request{Query: query}); len(errs) != 1 {
			t.Errorf("%s: got %v, want one error", query, errs)
		}
	}
}

func TestValidation(t *testing.T) {
	d := newDoor(t)
	for _, tt := range []struct {
		query string
		code  exec.Code
		want  string
	}{
		{"", exec.CodeParse, "no operation"},
		{"{", exec.CodeParse, "Syntax Error"},
		{"{ a ? }", exec.CodeParse, "Unexpected character '?'"},
		{"{ a(b: \"x) }", exec.CodeParse, "Unterminated string"},
		{"{ \xff }", exec.CodeParse, "UTF-8"},
		{"{ nope }", exec.CodeValidation, `Cannot query field "nope" on type "Query".`},
		{"{ person { id } }", exec.CodeValidation, "required"},
		{"{ path { x } }", exec.CodeValidation, "must not have a selection"},
		{"{ people }", exec.CodeValidation, "must have a selection"},
		{"{ path @defer }", exec.CodeValidation, "@defer"},
		{"{ ... @defer { path } }", exec.CodeValidation, "@defer"},
		{"{ path @skip(if: true) @skip(if: true) }", exec.CodeValidation, "only be used once"},
		{"query($v: Int) { path }", exec.CodeValidation, "never used"},
		{"query($v: Out) { path }", exec.CodeValidation, "non-input"},
		{"query($v: String) { echo(int: $v) }", exec.CodeValidation, "used in position"},
		{"query($v: Int = 9999999999) { echo(int: $v) }", exec.CodeValidation, "32-bit"},
		{"{ ...F } fragment F on Query { ...F }", exec.CodeValidation, "within itself"},
		{"{ ...F }", exec.CodeValidation, "Unknown fragment"},
		{"{ path } fragment F on Query { path }", exec.CodeValidation, "never used"},
		{"fragment F on Query { path }", exec.CodeParse, "no operation"},
	} {
		_, errs := d.Prepare(t.Context(), exec.Request{Query: tt.query})
		if len(errs) == 0 || errs[0].Code() != tt.code || !strings.Contains(messages(errs), tt.want) {
			t.Errorf("%s: got %v, want %s with %q", tt.query, errs, tt.code, tt.want)
		}
	}
}

func TestStructuralLimits(t *testing.T) {
	d := newDoor(t, func(o *exec.Options) { o.Limits.Cost = 50_000 })
	friends := func(n int) string { return strings.Repeat("friend{", n) + "id" + strings.Repeat("}", n) }
	for name, query := range map[string]string{
		"bytes":      "{ path } #" + strings.Repeat("x", 70<<10),
		"tokens":     "{ " + strings.Repeat("path ", 6000) + "}",
		"comments":   strings.Repeat("#\n", 6000) + "{ path }",
		"brackets":   strings.Repeat("{", 60),
		"name":       "{ " + strings.Repeat("x", 200) + " }",
		"number":     "{ echo(int: " + strings.Repeat("9", 200) + ") }",
		"directives": "{ path " + strings.Repeat("@skip(if: false) ", 60) + "}",
		"operations": strings.Repeat("query Q { path } ", 11),
		"fragments":  "{ path } " + strings.Repeat("fragment F on Query { path } ", 51),
		"aliases":    "{ " + strings.Repeat("a: path ", 51) + "}",
		"roots":      "{ " + strings.Repeat("path ", 21) + "}",
		"depth":      `{ person(id: "p1") {` + friends(19) + "} }",
		"depth through fragments": `{ person(id: "p1") { ...A } } fragment A on Person {` + strings.Replace(friends(9), "id", "...B", 1) +
			`} fragment B on Person {` + friends(12) + `}`,
		"cost":                "{ count(first: 1000000) a: people(first: 60000) { id } }",
		"cost of nested page": "{ people(first: 300) { kids { friend { kids { friend { id } } } } } }",
		"cost of default":     "{ people { kids { kids { kids { kids { id } } } } } }",
		"cost by variable":    "query($n: Int = 100000) { people(last: $n) { id } }",
	} {
		_, errs := d.Prepare(t.Context(), exec.Request{Query: query})
		if len(errs) != 1 || errs[0].Code() != exec.CodeCostLimit {
			t.Errorf("%s: got %v", name, errs)
		}
	}
	for name, query := range map[string]string{
		"depth":   `{ person(id: "p1") {` + friends(18) + "} }",
		"strings": `{ echo(string: "{{{{[[[[((((@@@@` + strings.Repeat("(", 100) + `") b: echo(string: """` + strings.Repeat("{\n", 100) + ` \""" " "" """) }`,
		"comment": "{ path } # " + strings.Repeat("{", 100),
		"cost":    "{ people(first: 4000) { kids { id } } }",
	} {
		if _, errs := d.Prepare(t.Context(), exec.Request{Query: query}); errs != nil {
			t.Errorf("%s: refused: %v", name, errs)
		}
	}
}

func TestCost(t *testing.T) {
	d := newDoor(t, func(o *exec.Options) {
		o.FieldCost = func(_ context.Context, asker any, typ, field string, args func() map[string]any) (int, string) {
			switch typ + "." + field {
			case "Query.path":
				return 7, "a path is long"
			case "Query.echo":
				n, _ := args()["int"].(int)
				if asker == "a friend" {
					n--
				}
				return n, ""
			}
			return -1, ""
		}
	})
	for query, want := range map[string]int{
		"{ path }":                                        7,
		"{ person(id: 1) { id name } }":                   1,
		"{ person(id: 1) { friend { id } } }":             2,
		"{ people(first: 3) { id } }":                     1 + 3,
		"{ people { id } }":                               1 + 50,
		"{ people(first: 3) { friend { id } } }":          1 + 3*2,
		"{ hits { __typename } }":                         1 + 10,
		"{ page(first: 4) { totalCount nodes { id } } }":  1 + 1 + 4,
		"{ page(first: 4) { nodes { kids { id } } } }":    1 + 1 + 4*(1+1+10),
		"{ path @skip(if: true) person(id: 1) { id } }":   1,
		"{ __schema { types { fields { name } } } path }": 7,
		"{ ...F ...F } fragment F on Query { path }":      14,
		"{ people(first: -5) { id } }":                    1,
		"{ echo(int: 3) a: echo(int: 5) }":                8,
		"query ($n: Int = 4) { echo(int: $n) }":           4,
	} {
		p, errs := d.Prepare(t.Context(), exec.Request{Query: query})
		if errs != nil {
			t.Errorf("%s: %v", query, errs)
			continue
		}
		if got, limit := p.Cost(); got != want || limit != 1_000_000 {
			t.Errorf("%s: cost %d of %d, want %d", query, got, limit, want)
		}
	}
	for query, want := range map[string]string{
		"{ path }":                             "the operation costs 7, the limit is 6; path alone costs 7: a path is long",
		"{ path people(first: 9) { id } }":     "the operation costs 17, the limit is 6; ask for smaller pages or fewer nested lists",
		"{ echo(int: 9) }":                     "the operation costs 9, the limit is 6; ask for smaller pages or fewer nested lists",
		"{ path a: path people(first:3) {id}}": "the operation costs 18, the limit is 6; ask for smaller pages or fewer nested lists",
	} {
		if _, errs := d.Prepare(t.Context(), exec.Request{Query: query, Cost: 6}); len(errs) != 1 || errs[0].Code() != exec.CodeCostLimit || errs[0].Message != want {
			t.Errorf("the caller's limit: %v, want %s", errs, want)
		}
	}
	p, errs := d.Prepare(t.Context(), exec.Request{Query: "{ echo(int: 9) }", Asker: "a friend"})
	if errs != nil {
		t.Fatal(errs)
	}
	if got, _ := p.Cost(); got != 8 {
		t.Errorf("a friend pays %d, want 8", got)
	}
}

func TestErrorsAreFew(t *testing.T) {
	d := newDoor(t)
	_, errs := d.Prepare(t.Context(), exec.Request{Query: "{ path { " + strings.Repeat("nope ", 500) + "} person(id: 1) { " + strings.Repeat("nope ", 500) + "} }"})
	if len(errs) != 10 {
		t.Errorf("got %d errors, want 10", len(errs))
	}
}

func TestSuggestionsGoWithIntrospection(t *testing.T) {
	on := newDoor(t)
	off := newDoor(t, func(o *exec.Options) { o.Introspection = false })
	for _, q := range []string{"{ persn(id: 1) { id } }", "{ person(idd: 1) { id } }", "{ echo(role: MINISTERR) }", "{ echo(filter: {nam: 1}) }", "{ people }"} {
		_, errs := on.Prepare(t.Context(), exec.Request{Query: q})
		if !strings.Contains(messages(errs), "Did you mean") {
			t.Errorf("%s: no suggestion in %v", q, errs)
		}
		for _, quiet := range []struct {
			d   *exec.Door
			req exec.Request
		}{{off, exec.Request{Query: q}}, {on, exec.Request{Query: q, DenyIntrospection: true}}} {
			_, errs := quiet.d.Prepare(t.Context(), quiet.req)
			if len(errs) == 0 || strings.Contains(messages(errs), "Did you mean") {
				t.Errorf("%s: %v", q, errs)
			}
		}
	}
	for _, q := range []string{"{ __schema { types { name } } }", `{ t: __type(name: "Query") { name } }`, `{ ...F } fragment F on Query { __schema { description } }`} {
		// The other caller's document is in the cache by now; that must not help.
		if _, errs := on.Prepare(t.Context(), exec.Request{Query: q}); errs != nil {
			t.Errorf("%s: %v", q, errs)
		}
		if _, errs := on.Prepare(t.Context(), exec.Request{Query: q, DenyIntrospection: true}); len(errs) != 1 || errs[0].Code() != exec.CodeForbidden {
			t.Errorf("%s denied: %v", q, errs)
		}
		if _, errs := off.Prepare(t.Context(), exec.Request{Query: q}); len(errs) != 1 || errs[0].Code() != exec.CodeForbidden {
			t.Errorf("%s off: %v", q, errs)
		}
	}
	if got := body(ask(t, off, "{ __typename }", "")); got != `{"data":{"__typename":"Query"}}` {
		t.Errorf("__typename without introspection: %s", got)
	}
}
