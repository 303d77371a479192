package exec_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/graphql-go/graphql"

	"entangle/schema/exec"
)

// lookahead serves a field "hits" whose resolver is handed to look at what is asked.
func lookahead(t *testing.T, look func(exec.Selection)) *exec.Door {
	t.Helper()
	isA := func(graphql.IsTypeOfParams) bool { return true }
	node := graphql.NewInterface(graphql.InterfaceConfig{Name: "Node", Fields: graphql.Fields{"id": {Type: graphql.ID}}})
	page := graphql.FieldConfigArgument{"first": {Type: graphql.Int, DefaultValue: 5}, "by": {Type: graphql.String}}
	var person *graphql.Object
	person = graphql.NewObject(graphql.ObjectConfig{
		Name: "Person", IsTypeOf: isA, Interfaces: []*graphql.Interface{node},
		Fields: graphql.FieldsThunk(func() graphql.Fields {
			return graphql.Fields{
				"id": {Type: graphql.ID}, "name": {Type: graphql.String},
				"kids": {Type: graphql.NewList(person), Args: page},
				"note": {Type: graphql.String, Args: graphql.FieldConfigArgument{"n": {Type: graphql.NewNonNull(graphql.Int)}}},
			}
		}),
	})
	group := graphql.NewObject(graphql.ObjectConfig{
		Name: "Group", IsTypeOf: isA, Interfaces: []*graphql.Interface{node},
		Fields: graphql.Fields{"id": {Type: graphql.ID}, "size": {Type: graphql.Int}},
	})
	schema, err := graphql.NewSchema(graphql.SchemaConfig{Types: []graphql.Type{person, group}, Query: graphql.NewObject(graphql.ObjectConfig{
		Name: "Query", Fields: graphql.Fields{"hits": {Type: graphql.NewList(node), Args: page, Resolve: func(p graphql.ResolveParams) (any, error) {
			look(exec.Selected(p.Context))
			return nil, nil
		}}},
	})})
	if err != nil {
		t.Fatal(err)
	}
	return doorOver(t, schema, func(o *exec.Options) { o.Notes = exec.Notes{} })
}

// A resolver is told what will be asked of each type that it may return, with the arguments as that resolver gets them.
func TestSelectedOnAType(t *testing.T) {
	const query = `query($n: Int, $no: Boolean = false) {
		hits(first: 1) { __typename id ...P ... on Group { size } }
		hits(first: 1) { ... on Person { called: name kids(first: $n) { name } off: note(n: 1) @include(if: $no) } ...P }
	} fragment P on Person { id more: kids(by: "x") { id ... on Person { kids { name } } } }`
	var got []string
	say := func(format string, args ...any) { got = append(got, fmt.Sprintf(format, args...)) }
	d := lookahead(t, func(s exec.Selection) {
		for _, typ := range []string{"Person", "Group", "Node", "Nothing"} {
			for _, a := range s.On(typ) {
				args, _ := json.Marshal(a.Args)
				say("%s.%s%s", typ, a.Name, args)
				for _, b := range a.On("Person") {
					args, _ := json.Marshal(b.Args)
					say("  .%s%s %v", b.Name, args, b.Names())
				}
			}
		}
		say("names %v", s.Names())
		say("under kids %v, under kids of kids %v, under size %v", s.At("kids").Names(), s.At("kids", "kids").Names(), s.At("size").Names())
		say("has kids %t, kids of kids %t, names of kids of kids %t, size %t, note %t, size of kids %t", s.Has("kids"),
			s.Has("kids", "kids"), s.Has("kids", "kids", "name"), s.Has("size"), s.Has("note"), s.Has("kids", "size"))
		say("first %v of kids %v, by %v, none %v", s.Argument("first"), s.At("kids").Argument("first"), s.At("kids").Argument("by"), s.Argument("by"))
		say("on what At returns: %v", s.At("kids").On("Person"))
	})
	if answer := ask(t, d, query, `{"n":2}`); !strings.HasPrefix(answer, `{"data":{"hits":null},"ext`) {
		t.Fatal(answer)
	}
	want := []string{
		`Person.id{}`, `Person.kids{"by":"x","first":5}`, `  .id{} []`, `  .kids{"first":5} [name]`,
		`Person.name{}`, `Person.kids{"first":2}`, `  .name{} []`,
		`Group.id{}`, `Group.size{}`,
		`names [__typename id kids size name]`,
		`under kids [id kids name], under kids of kids [name], under size []`,
		`has kids true, kids of kids true, names of kids of kids true, size true, note false, size of kids false`,
		`first [1 1] of kids [2], by [x], none []`,
		`on what At returns: []`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A field whose arguments are wrong is not told of, and fails when it is asked.
func TestSelectedLeavesOutWrongArguments(t *testing.T) {
	asked := -1
	d := lookahead(t, func(s exec.Selection) { asked = len(s.On("Person")) })
	// The argument has a default in the document, which null replaces.
	answer := ask(t, d, "query($n: Int = 3) { hits { ... on Person { id note(n: $n) } } }", `{"n":null}`)
	if asked != 1 {
		t.Errorf("with null for what must not be null %d fields are told of, answer %s", asked, answer)
	}
}

func TestSelectedOutsideAField(t *testing.T) {
	s := exec.Selected(context.Background())
	if s.Has("x") || len(s.Names()) > 0 || s.On("Person") != nil || s.Argument("x") != nil {
		t.Error("something is selected where nothing is resolved")
	}
}

// What costs is the number of items that a list is asked for: by its page, or by the page of the connection around it.
func TestCostOfLists(t *testing.T) {
	page := func(names ...string) graphql.FieldConfigArgument {
		args := graphql.FieldConfigArgument{}
		for _, n := range names {
			args[n] = &graphql.ArgumentConfig{Type: graphql.Int}
		}
		return args
	}
	var item *graphql.Object
	item = graphql.NewObject(graphql.ObjectConfig{Name: "Item", Fields: graphql.FieldsThunk(func() graphql.Fields {
		items := graphql.NewList(item)
		return graphql.Fields{
			"id":     {Type: graphql.ID},
			"one":    {Type: item},
			"plain":  {Type: items},
			"other":  {Type: items, Args: page("after", "offset")},
			"firsts": {Type: items, Args: page("first")},
			"lasts":  {Type: items, Args: page("last")},
			"both":   {Type: items, Args: page("first", "last")},
			"conn":   {Type: item, Args: page("first")},
		}
	})})
	schema, err := graphql.NewSchema(graphql.SchemaConfig{Query: item})
	if err != nil {
		t.Fatal(err)
	}
	d := doorOver(t, schema, func(o *exec.Options) { o.Notes = exec.Notes{}; o.Limits.PageSize = 40; o.Limits.ListSize = 6 })
	for query, want := range map[string]int{
		"{ id }":                                                           0,
		"{ one { id } }":                                                   1,
		"{ one { one { id } id } }":                                        2,
		"{ plain { id } }":                                                 1 + 6,
		"{ other(after: 3, offset: 3) { id } }":                            1 + 6,
		"{ firsts { id } }":                                                1 + 40,
		"{ firsts(first: 3) { id } }":                                      1 + 3,
		"{ lasts(last: 3) { id } }":                                        1 + 3,
		"{ both(first: 3, last: 4) { id } }":                               1 + 4,
		"{ both(first: 5, last: 4) { id } }":                               1 + 5,
		"{ both(last: 0) { id } }":                                         1,
		"{ both(first: null) { id } }":                                     1 + 40,
		"{ conn(first: 3) { id } }":                                        1,
		"{ conn(first: 3) { plain { id } } }":                              1 + 1 + 3,
		"{ conn { plain { id } } }":                                        1 + 1 + 40,
		"{ conn(first: 0) { plain { id } } }":                              1 + 1 + 6,
		"{ conn(first: 3) { one { plain { id } } } }":                      1 + 1 + 1 + 6,
		"{ conn(first: 3) { other { plain { id } } } }":                    1 + 1 + 3*(1+1+6),
		"{ firsts(first: 3) { one { id } } }":                              1 + 3*(1+1),
		"{ ... { one { id } } ...F }  fragment F on Item { plain { id } }": 1 + 1 + 6,
		"{ ... @skip(if: true) { one { id } } ...F @include(if: false) }  fragment F on Item { plain { id } }": 0,
		"{ firsts(first: 1000) { firsts(first: 999) { id } } }":                                                1 + 1000*(1+1+999),
		"{ conn(first: 3) { __typename ... { plain { id } } ...F } } fragment F on Item { other { id } }":      1 + 1 + 3 + 1 + 3,
	} {
		p, errs := d.Prepare(t.Context(), exec.Request{Query: query, Cost: 1 << 30})
		if errs != nil {
			t.Errorf("%s: %v", query, errs)
			continue
		}
		if got, limit := p.Cost(); got != want || limit != 1<<30 {
			t.Errorf("%s: cost %d of %d, want %d", query, got, limit, want)
		}
	}
	// A cost beyond all numbers stays at the largest.
	deep := strings.Repeat("firsts(first: 2000000000) {", 9) + "id" + strings.Repeat("}", 9)
	_, errs := d.Prepare(t.Context(), exec.Request{Query: "{" + deep + "}"})
	if len(errs) != 1 || !strings.Contains(errs[0].Message, "costs 2147483647, the limit") {
		t.Errorf("got %v", errs)
	}
	want := map[string]int{"requested": 1 + 1_000_001, "limit": 1_000_000}
	_, errs = d.Prepare(t.Context(), exec.Request{Query: "{ firsts(first: 1000001) { id } }"})
	if len(errs) != 1 || !cmp.Equal(errs[0].Extensions["cost"], any(want)) {
		t.Errorf("got %v, want a cost of %v in the extensions", errs, want)
	}
}

// An error of fetch is that of every key it was asked for, and of no other; LoadThen says whether a key was found.
func TestBatchTellsErrors(t *testing.T) {
	errFetch := errors.New("disk")
	b := exec.NewBatch(func(_ context.Context, keys []int) (map[int]string, error) {
		if keys[0] < 0 {
			return map[int]string{keys[0]: "half"}, errFetch
		}
		return map[int]string{1: "one"}, nil
	})
	ctx := t.Context()
	then := func(v string, found bool) (any, error) { return fmt.Sprintf("%q %t", v, found), nil }
	bad, worse := b.Load(ctx, -1), b.LoadThen(ctx, -2, then)
	for _, thunk := range []func() (any, error){bad, worse} {
		if v, err := thunk(); !errors.Is(err, errFetch) {
			t.Errorf("got %v, %v, want the error of fetch", v, err)
		}
	}
	for key, want := range map[int]string{1: `"one" true`, 2: `"" false`} {
		if v, err := b.LoadThen(ctx, key, then)(); err != nil || v != want {
			t.Errorf("key %d: got %v, %v, want %s", key, v, err, want)
		}
	}
	// What is asked for and not yet fetched outlives Clear.
	waiting := b.Load(ctx, 1)
	b.Clear()
	again := b.Load(ctx, 1)
	for _, thunk := range []func() (any, error){waiting, again} {
		if v, err := thunk(); err != nil || v != "one" {
			t.Errorf("after Clear: got %v, %v", v, err)
		}
	}
}
