package exec_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/graphql-go/graphql"

	"entangle/schema/exec"
)

// item is what levels serves.
type item struct{ n int }

// levels serves rows whose fields are resolved by source, by level and in two steps, and notes what was called.
func levels(tb testing.TB, said *[]string) *exec.Door {
	tb.Helper()
	say := func(format string, args ...any) { *said = append(*said, fmt.Sprintf(format, args...)) }
	text := func(n int) *string { s := fmt.Sprint("row ", n); return &s }
	broken := errors.New("dsn=postgres://u:p@h")
	each := exec.Each(func(source any) (any, error) {
		r := source.(*item)
		switch r.n {
		case 2:
			return nil, exec.Errorf(exec.CodeNotFound, "no 2")
		case 3:
			panic(broken)
		case 4:
			return (*string)(nil), nil
		}
		return text(r.n), nil
	})
	var object *graphql.Object
	object = graphql.NewObject(graphql.ObjectConfig{Name: "Item", Fields: graphql.FieldsThunk(func() graphql.Fields {
		return graphql.Fields{
			"each": {Type: graphql.String, Resolve: func(p graphql.ResolveParams) (any, error) {
				if !exec.Levels(p.Context) {
					return nil, broken
				}
				say("each")
				return each, nil
			}},
			"level": {Type: graphql.NewList(object), Resolve: func(p graphql.ResolveParams) (any, error) {
				return exec.Level(func(ctx context.Context, sources, out []any) (func() error, error) {
					say("level of %d, %v", len(sources), exec.Selected(ctx).Names())
					for i, s := range sources {
						if n := s.(*item).n; n == 1 {
							out[i] = &exec.Failure{Err: exec.Errorf(exec.CodeForbidden, "not 1")}
						} else if n != 2 {
							out[i] = &exec.List{&item{n + 10}, nil}
						}
					}
					return nil, nil
				}), nil
			}},
			"later": {Type: graphql.NewNonNull(graphql.Int), Args: graphql.FieldConfigArgument{"fail": {Type: graphql.String}}, Resolve: func(p graphql.ResolveParams) (any, error) {
				fail, _ := p.Args["fail"].(string)
				if fail == "resolver" {
					return nil, broken
				}
				return exec.Level(func(_ context.Context, sources, out []any) (func() error, error) {
					say("asked %d", len(sources))
					if fail == "first" {
						panic(broken)
					}
					return func() error {
						say("read %d", len(sources))
						for i, s := range sources {
							out[i] = s.(*item).n
						}
						if fail == "second" {
							return exec.Errorf(exec.CodeUnavailable, "gone")
						}
						return nil
					}, nil
				}), nil
			}},
		}
	})})
	schema, err := graphql.NewSchema(graphql.SchemaConfig{Query: graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: graphql.Fields{
		"rows": {Type: graphql.NewList(object), Args: graphql.FieldConfigArgument{"n": {Type: graphql.Int, DefaultValue: 5}}, Resolve: func(p graphql.ResolveParams) (any, error) {
			out := make([]*item, p.Args["n"].(int))
			for i := range out {
				out[i] = &item{i}
			}
			return out, nil
		}},
	}})})
	if err != nil {
		tb.Fatal(err)
	}
	return doorOver(tb, schema, func(o *exec.Options) { o.Notes = exec.Notes{} })
}

// TestLevels: a field may be resolved by its sources alone, or of all objects of a level at once, with errors and panics of
// one object for itself.
func TestLevels(t *testing.T) {
	const masked = `"message":"an internal error occurred; quote the errorId when you report it"`
	for name, tt := range map[string]struct {
		query, data string
		errors      []string // parts of the answer
		said        []string
	}{
		"by source": {
			`{ rows { each } }`, `{"rows":[{"each":"row 0"},{"each":"row 1"},{"each":null},{"each":null},{"each":null}]}`,
			[]string{`"message":"no 2"`, `"path":["rows",2,"each"]`, masked, `"path":["rows",3,"each"]`},
			[]string{"each"},
		},
		"by level": {
			`{ rows(n: 4) { level { later } } }`, `{"rows":[{"level":[{"later":10},null]},{"level":null},{"level":null},{"level":[{"later":13},null]}]}`,
			[]string{`"message":"not 1"`, `"path":["rows",1,"level"]`},
			[]string{"level of 4, [later]", "asked 2", "read 2"},
		},
		"asked before anything is read": {
			`{ rows(n: 2) { a: later b: later } }`, `{"rows":[{"a":0,"b":0},{"a":1,"b":1}]}`, nil, []string{"asked 2", "asked 2", "read 2", "read 2"},
		},
		"a panic of a level is that of its objects": {
			`{ rows(n: 2) { later(fail: "first") } }`, `{"rows":[null,null]}`, []string{masked, `"path":["rows",0,"later"]`, `"path":["rows",1,"later"]`}, []string{"asked 2"},
		},
		"an error of the second step too": {
			`{ rows(n: 2) { later(fail: "second") } }`, `{"rows":[null,null]}`, []string{`"message":"gone"`, `"path":["rows",1,"later"]`}, []string{"asked 2", "read 2"},
		},
		"and one of the resolver": {
			`{ rows(n: 2) { later(fail: "resolver") } }`, `{"rows":[null,null]}`, []string{masked, `"path":["rows",1,"later"]`}, nil,
		},
		"nothing of what is gone": {
			`{ rows(n: 2) { later(fail: "resolver") x: later level { each } } }`, `{"rows":[null,null]}`, []string{masked}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var said []string
			got := ask(t, levels(t, &said), tt.query, "")
			if !strings.HasPrefix(got, `{"data":`+tt.data+`,"e`) || strings.Contains(got, "postgres") {
				t.Errorf("got %s, want %s", got, tt.data)
			}
			for _, part := range tt.errors {
				if !strings.Contains(got, part) {
					t.Errorf("%s is not in %s", part, got)
				}
			}
			if n := strings.Count(got, `"path":`); len(tt.errors) == 0 && n > 0 {
				t.Errorf("%d errors: %s", n, got)
			}
			if diff := cmp.Diff(tt.said, said); diff != "" {
				t.Errorf("called, -want +got:\n%s", diff)
			}
		})
	}
}

// TestPlansAreShared: requests of one document, at once and with other variables, get their own answers.
func TestPlansAreShared(t *testing.T) {
	d := newDoor(t)
	const query = `query($n: Int, $id: ID! = "p1", $more: Boolean = false) {
		people(first: $n) { id name @include(if: $more) } person(id: $id) { id } node(id: "g1") { ... on Group { members { id } } id } }`
	const fixed = `query($n: Int, $id: ID!) { people(first: $n) { id } person(id: $id) { id } }`
	want := map[[2]string]string{
		{query, `{"n":1}`}:                       `{"data":{"people":[{"id":"p1"}],"person":{"id":"p1"},"node":{"members":[{"id":"p1"},{"id":"p2"},{"id":"p3"}],"id":"g1"}}}`,
		{query, `{"n":2,"id":"p2","more":true}`}: `{"data":{"people":[{"id":"p1","name":"Hadi"},{"id":"p2","name":"Qais"}],"person":{"id":"p2"},"node":{"members":[{"id":"p1"},{"id":"p2"},{"id":"p3"}],"id":"g1"}}}`,
		{fixed, `{"n":1,"id":"p2"}`}:             `{"data":{"people":[{"id":"p1"}],"person":{"id":"p2"}}}`,
		{fixed, `{"n":0,"id":"p1"}`}:             `{"data":{"people":[],"person":{"id":"p1"}}}`,
		{fixed, `{"n":0,"id":"p\u0031"}`}:        `{"data":{"people":[],"person":{"id":"p1"}}}`,
		{fixed, `{"n":0,"\u0069d":"p1"}`}:        `{"data":{"people":[],"person":{"id":"p1"}}}`,
	}
	var wg sync.WaitGroup
	for range 4 {
		for asked, want := range want {
			wg.Go(func() {
				for range 20 {
					if got := body(ask(t, d, asked[0], asked[1])); got != want {
						t.Errorf("%s: got %s, want %s", asked[1], got, want)
					}
				}
			})
		}
	}
	wg.Wait()
}
