package exec_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/graphql-go/graphql"

	"entangle/schema/exec"
)

// Every limit lets through what just meets it, and refuses one more.
func TestLimitsAreExact(t *testing.T) {
	const n = 7
	for name, tt := range map[string]struct {
		set func(*exec.Limits)
		doc func(n int) exec.Request // n of what is limited
		why string                   // in the refusal of n+1
	}{
		"document": {
			func(l *exec.Limits) { l.DocumentBytes = n + 10 },
			func(n int) exec.Request { return exec.Request{Query: "{path}" + strings.Repeat(" ", n+4)} },
			fmt.Sprintf("%d bytes, the limit is %d", n+11, n+10),
		},
		"tokens": {
			func(l *exec.Limits) { l.Tokens = n },
			func(n int) exec.Request { return exec.Request{Query: "{" + strings.Repeat("path ", n-2) + "}"} },
			"more than 7 tokens",
		},
		"brackets": {
			func(l *exec.Limits) { l.BracketDepth = n },
			func(n int) exec.Request {
				return exec.Request{Query: "{x: path echo(json: " + strings.Repeat("[", n-2) + strings.Repeat("]", n-2) + ")}"}
			},
			"deeper than 7",
		},
		"name": {
			func(l *exec.Limits) { l.NameLength = n },
			func(n int) exec.Request { return exec.Request{Query: "{" + strings.Repeat("x", n) + ":path}"} },
			"line 1, column 2: a name or number of 8 bytes, the limit is 7",
		},
		"number": {
			func(l *exec.Limits) { l.NameLength = n },
			func(n int) exec.Request {
				return exec.Request{Query: "{\n\n  echo(int:" + strings.Repeat("1", n) + ")}"}
			},
			"line 3, column 12: a name or number of 8 bytes",
		},
		"directives": {
			func(l *exec.Limits) { l.Directives = n },
			func(n int) exec.Request {
				return exec.Request{Query: "{" + strings.Repeat("path @skip(if: false) ", n) + "}"}
			},
			"more than 7 directives",
		},
		"operations": {
			func(l *exec.Limits) { l.Operations = n },
			func(n int) exec.Request {
				var b strings.Builder
				for i := range n {
					fmt.Fprintf(&b, "query Q%d {path} ", i)
				}
				return exec.Request{Query: b.String(), OperationName: "Q0"}
			},
			"8 operations, the limit is 7",
		},
		"fragments": {
			func(l *exec.Limits) { l.Fragments = n },
			func(n int) exec.Request {
				var b, spread strings.Builder
				for i := range n {
					fmt.Fprintf(&b, "fragment F%d on Query {path} ", i)
					fmt.Fprintf(&spread, "...F%d ", i)
				}
				return exec.Request{Query: "{" + spread.String() + "} " + b.String()}
			},
			"8 fragments, the limit is 7",
		},
		"aliases": {
			func(l *exec.Limits) { l.Aliases = n },
			func(n int) exec.Request { return exec.Request{Query: "{path " + strings.Repeat("a:path ", n) + "}"} },
			"8 aliases, the limit is 7",
		},
		"root fields": {
			func(l *exec.Limits) { l.RootFields = n },
			func(n int) exec.Request {
				return exec.Request{Query: "{...F ...F ... {" + strings.Repeat("path ", n-1) + "}} fragment F on Query {path}"}
			},
			"8 root fields, the limit is 7",
		},
		"depth": {
			func(l *exec.Limits) { l.FieldDepth = n },
			func(n int) exec.Request {
				return exec.Request{Query: "{person(id: 1) {" + strings.Repeat("friend {", n-3) + "... on Person {...F}" + strings.Repeat("}", n-3) + "}} fragment F on Person {friend {id}}"}
			},
			"nests fields 8 deep, the limit is 7",
		},
		"expanded": {
			func(l *exec.Limits) { l.ExpandedFields = n },
			// Two spreads of two, the spreads themselves, and the rest one by one.
			func(n int) exec.Request {
				return exec.Request{Query: "{...F ...F " + strings.Repeat("path ", n-6) + "} fragment F on Query {path path}"}
			},
			"selects 8 fields once its fragments are expanded, the limit is 7",
		},
		"variables": {
			func(l *exec.Limits) { l.VariablesBytes = n },
			func(n int) exec.Request {
				return exec.Request{Query: "{path}", Variables: json.RawMessage("{" + strings.Repeat(" ", n-2) + "}")}
			},
			"8 bytes, the limit is 7",
		},
		"depth of variables": {
			func(l *exec.Limits) { l.VariablesDepth = n },
			func(n int) exec.Request {
				return exec.Request{Query: "{path}", Variables: json.RawMessage(`{"x":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + "}")}
			},
			"nest 8 deep, the limit is 7",
		},
		"values of variables": {
			func(l *exec.Limits) { l.VariableValues = n },
			func(n int) exec.Request {
				return exec.Request{Query: "{path}", Variables: json.RawMessage(`{"x":[1` + strings.Repeat(`,",[{"`, n-2) + "]}")}
			},
			"8 values, the limit is 7",
		},
		"cost": {
			func(l *exec.Limits) { l.Cost = n },
			func(n int) exec.Request { return exec.Request{Query: fmt.Sprintf("{people(first: %d) {id}}", n-1)} },
			"costs 8, the limit is 7",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(t, func(o *exec.Options) { tt.set(&o.Limits) })
			if _, errs := d.Prepare(t.Context(), tt.doc(n)); errs != nil {
				t.Errorf("what meets the limit is refused: %v", errs)
			}
			_, errs := d.Prepare(t.Context(), tt.doc(n+1))
			if len(errs) != 1 || errs[0].Code() != exec.CodeCostLimit || !strings.Contains(errs[0].Message, tt.why) {
				t.Errorf("one more: got %v, want %q", errs, tt.why)
			}
		})
	}
}

// The limits of an answer are exact too: objects, errors told, objects of introspection.
func TestLimitsOfAnAnswerAreExact(t *testing.T) {
	for limit, want := range map[int]bool{3: true, 2: false} {
		d := newDoor(t, func(o *exec.Options) { o.Limits.Objects = limit })
		if got := ask(t, d, "{ people { id } }", ""); strings.HasPrefix(got, `{"data":{`) != want {
			t.Errorf("three objects, a limit of %d: %s", limit, got)
		}
		d = newDoor(t, func(o *exec.Options) { o.Limits.IntrospectionNodes = limit })
		if got := ask(t, d, `{ __type(name: "Role") { enumValues { name } } }`, ""); strings.HasPrefix(got, `{"data":{`) != want {
			t.Errorf("three objects of introspection, a limit of %d: %s", limit, got)
		}
		d = newDoor(t, func(o *exec.Options) { o.Limits.FieldErrors = limit })
		got := ask(t, d, "{ node { ... on Group { members { must(fail: true) } } } }", "")
		if strings.Count(got, "NOT_FOUND") != limit || strings.Contains(got, `"errorsOmitted":1`) == want {
			t.Errorf("three errors, a limit of %d: %s", limit, got)
		}
	}
}

// A limit that is set stays, and one that is not has its default.
func TestLimitsHaveDefaults(t *testing.T) {
	want := exec.Limits{
		DocumentBytes: 65536, Tokens: 5000, BracketDepth: 50, NameLength: 128, Directives: 50, Operations: 10, Fragments: 50,
		Aliases: 50, RootFields: 20, FieldDepth: 20, ExpandedFields: 5000, ValidationWork: 50_000,
		VariablesBytes: 524_288, VariablesDepth: 64, VariableValues: 50_000,
		Cost: 1_000_000, Objects: 200_000, PageSize: 50, ListSize: 10,
		Errors: 10, FieldErrors: 100, IntrospectionNodes: 100_000, ResponseBytes: 67_108_864, CacheBytes: 33_554_432,
	}
	if diff := cmp.Diff(want, newDoor(t).Limits()); diff != "" {
		t.Errorf("-want +unset:\n%s", diff)
	}
	var set exec.Limits
	v := reflect.ValueOf(&set).Elem()
	for i := range v.NumField() {
		v.Field(i).SetInt(int64(1000 + i))
	}
	if diff := cmp.Diff(set, newDoor(t, func(o *exec.Options) { o.Limits = set }).Limits()); diff != "" {
		t.Errorf("-set +in force:\n%s", diff)
	}
}

// Every message is cut to 400 bytes, and never within a letter.
func TestMessagesAreShort(t *testing.T) {
	d := newDoor(t)
	for pad := range 3 {
		_, errs := d.Prepare(t.Context(), exec.Request{Query: "{ path }", OperationName: strings.Repeat("x", pad) + strings.Repeat("é", 500)})
		if len(errs) != 1 || len(errs[0].Message) > 110 || !strings.HasSuffix(errs[0].Message, "é…\".") {
			t.Errorf("got %v", errs)
		}
	}
	for pad := range 3 {
		err := exec.Errorf(exec.CodeNotFound, "%s%s", strings.Repeat("x", pad), strings.Repeat("é", 500))
		got := failing(t, err).Message
		if n := len(got); n > 400 || n < 398 || !strings.HasSuffix(got, "é…") {
			t.Errorf("%d bytes: %s", n, got)
		}
	}
	if got, want := failing(t, exec.Errorf(exec.CodeNotFound, "%s", strings.Repeat("x", 400))).Message, strings.Repeat("x", 400); got != want {
		t.Errorf("400 bytes are cut: %s", got)
	}
}

// failing returns the error of an answer whose only field fails with err.
func failing(t *testing.T, err error) exec.Error {
	t.Helper()
	var got struct{ Errors []exec.Error }
	if err := json.Unmarshal([]byte(ask(t, valueDoor(t, graphql.String, nil, err), "{ v }", "")), &got); err != nil || len(got.Errors) != 1 {
		t.Fatal(err, got)
	}
	return got.Errors[0]
}
