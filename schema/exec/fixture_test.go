package exec_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"

	"entangle/schema/exec"
)

type person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Born int    `json:"born"`
	Role roleKind
}

type group struct {
	ID    string
	Title string `graphql:"name"`
}

type roleKind int

const (
	commander roleKind = iota + 1
	minister
)

var people = []*person{
	{ID: "p1", Name: "Hadi", Born: 1954, Role: commander},
	{ID: "p2", Name: "Qais", Born: 1974, Role: minister},
	{ID: "p3", Name: "Falih", Born: 1956},
}

var groups = []*group{{ID: "g1", Title: "Badr"}, {ID: "g2", Title: "Asaib"}}

// levelsKey finds the Batch of the field "kids" in the context.
type levelsKey struct{}

// fixture is a small schema that has one of everything. calls collects side effects of the mutation.
type fixture struct {
	schema graphql.Schema
	calls  []string
}

func newFixture(tb testing.TB) *fixture {
	tb.Helper()
	fx := &fixture{}
	var err error
	if fx.schema, err = fx.build(); err != nil {
		tb.Fatal(err)
	}
	return fx
}

func (fx *fixture) build() (graphql.Schema, error) {
	role := graphql.NewEnum(graphql.EnumConfig{
		Name: "Role", Description: "What a person is.",
		Values: graphql.EnumValueConfigMap{
			"COMMANDER": {Value: commander, Description: "Leads."},
			"MINISTER":  {Value: minister},
			"EMIR":      {Value: roleKind(9), DeprecationReason: "never used"},
		},
	})
	date := graphql.NewScalar(graphql.ScalarConfig{
		Name: "Date", Description: "A day, as in 2006-01-02.",
		Serialize: func(v any) any { return v },
		ParseValue: func(v any) any {
			if v == "boom" {
				panic("not an error value")
			}
			if s, ok := v.(string); ok && len(s) == 10 {
				return s
			}
			return nil
		},
		ParseLiteral: func(v ast.Value) any {
			s, ok := v.(*ast.StringValue)
			switch {
			case !ok:
				return nil
			case s.Value == "boom":
				panic("not an error value")
			case len(s.Value) != 10:
				return errors.New("want a day like 2003-04-09")
			}
			return s.Value
		},
	})
	anything := graphql.NewScalar(graphql.ScalarConfig{
		Name:       "JSON",
		Serialize:  func(v any) any { return v },
		ParseValue: func(v any) any { return v },
		ParseLiteral: func(v ast.Value) any {
			return fmt.Sprintf("%T", v)
		},
	})
	node := graphql.NewInterface(graphql.InterfaceConfig{
		Name: "Node", Fields: graphql.Fields{"id": {Type: graphql.NewNonNull(graphql.ID)}},
	})
	var personType *graphql.Object
	personType = graphql.NewObject(graphql.ObjectConfig{
		Name: "Person", Interfaces: []*graphql.Interface{node},
		IsTypeOf: func(p graphql.IsTypeOfParams) bool { _, ok := p.Value.(*person); return ok },
		Fields: graphql.FieldsThunk(func() graphql.Fields {
			return graphql.Fields{
				"id":   {Type: graphql.NewNonNull(graphql.ID)},
				"name": {Type: graphql.NewNonNull(graphql.String), Description: "A \"quoted\" name\nover two lines."},
				"born": {Type: graphql.Int, DeprecationReason: "use birth"},
				"role": {Type: role, Resolve: func(p graphql.ResolveParams) (any, error) {
					if r := p.Source.(*person).Role; r != 0 {
						return r, nil
					}
					return nil, nil
				}},
				"friend": {Type: personType, Resolve: func(p graphql.ResolveParams) (any, error) {
					return next(p.Source.(*person)), nil
				}},
				"must": {
					Type: graphql.NewNonNull(graphql.String), Args: graphql.FieldConfigArgument{"fail": {Type: graphql.Boolean}},
					Resolve: func(p graphql.ResolveParams) (any, error) {
						if p.Args["fail"] == true {
							return nil, exec.Errorf(exec.CodeNotFound, "nothing for %s", p.Source.(*person).ID)
						}
						return "ok", nil
					},
				},
				"kids": {Type: graphql.NewList(personType), Resolve: func(p graphql.ResolveParams) (any, error) {
					b := p.Context.Value(levelsKey{}).(*exec.Batch[string, []*person])
					return b.Load(p.Context, p.Source.(*person).ID), nil
				}},
			}
		}),
	})
	groupType := graphql.NewObject(graphql.ObjectConfig{
		Name: "Group", Interfaces: []*graphql.Interface{node},
		IsTypeOf: func(p graphql.IsTypeOfParams) bool { _, ok := p.Value.(*group); return ok },
		Fields: graphql.Fields{
			"id":      {Type: graphql.NewNonNull(graphql.ID)},
			"name":    {Type: graphql.String},
			"size":    {Type: graphql.String, Resolve: func(graphql.ResolveParams) (any, error) { return "many", nil }},
			"members": {Type: graphql.NewList(personType), Resolve: func(graphql.ResolveParams) (any, error) { return people, nil }},
		},
	})
	hit := graphql.NewUnion(graphql.UnionConfig{
		Name: "Hit", Types: []*graphql.Object{personType, groupType},
		ResolveType: func(p graphql.ResolveTypeParams) *graphql.Object {
			switch p.Value.(type) {
			case *person:
				return personType
			case *group:
				return groupType
			}
			return nil
		},
	})
	filter := graphql.NewInputObject(graphql.InputObjectConfig{Name: "Filter", Fields: graphql.InputObjectConfigFieldMap{
		"name":  {Type: graphql.String, DefaultValue: "any"},
		"limit": {Type: graphql.NewNonNull(graphql.Int), DefaultValue: 5},
		"roles": {Type: graphql.NewList(graphql.NewNonNull(role))},
		"since": {Type: date, Description: "From this day on."},
	}})
	filter.AddFieldConfig("and", &graphql.InputObjectFieldConfig{Type: filter})
	pick := graphql.NewInputObject(graphql.InputObjectConfig{Name: "Pick", Fields: graphql.InputObjectConfigFieldMap{
		"id": {Type: graphql.ID}, "name": {Type: graphql.String},
	}})
	pageInfo := graphql.NewObject(graphql.ObjectConfig{Name: "PersonPage", Fields: graphql.Fields{
		"nodes": {Type: graphql.NewList(personType)},
		"totalCount": {Type: graphql.Int, Resolve: func(p graphql.ResolveParams) (any, error) {
			return p.Source.(map[string]any)["total"], nil
		}},
	}})
	first := graphql.FieldConfigArgument{"first": {Type: graphql.Int}, "last": {Type: graphql.Int}}

	query := graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: graphql.Fields{
		"person": {
			Type: personType, Args: graphql.FieldConfigArgument{"id": {Type: graphql.NewNonNull(graphql.ID), Description: "Which."}},
			Resolve: func(p graphql.ResolveParams) (any, error) {
				for _, q := range people {
					if q.ID == p.Args["id"] {
						return q, nil
					}
				}
				return nil, nil
			},
		},
		"people": {
			Type: graphql.NewNonNull(graphql.NewList(graphql.NewNonNull(personType))), Args: first,
			Resolve: func(p graphql.ResolveParams) (any, error) {
				out := people
				if n, ok := p.Args["first"].(int); ok && n < len(out) {
					out = out[:n]
				}
				return out, nil
			},
		},
		"page": {Type: pageInfo, Args: first, Resolve: func(p graphql.ResolveParams) (any, error) {
			m := map[string]any{"nodes": people, "total": -1}
			if exec.Selected(p.Context).Has("totalCount") {
				m["total"] = len(people)
			}
			return m, nil
		}},
		"selected": {Type: pageInfo, Resolve: func(p graphql.ResolveParams) (any, error) {
			s := exec.Selected(p.Context)
			return nil, exec.Errorf(exec.CodeBadInput, "%v %v %v", s.Names(), s.Has("nodes", "friend"), s.At("nodes").Names())
		}},
		"node": {
			Type: node, Args: graphql.FieldConfigArgument{"id": {Type: graphql.ID, DefaultValue: "g1"}},
			Resolve: func(p graphql.ResolveParams) (any, error) { return byID(p.Args["id"]), nil },
		},
		"hits": {Type: graphql.NewList(hit), Resolve: func(graphql.ResolveParams) (any, error) {
			return []any{people[0], groups[0], nil, people[1]}, nil
		}},
		"strange": {Type: hit, Resolve: func(graphql.ResolveParams) (any, error) { return 7, nil }},
		"echo": {Type: graphql.String, Args: graphql.FieldConfigArgument{
			"int": {Type: graphql.Int}, "float": {Type: graphql.Float}, "string": {Type: graphql.String},
			"bool": {Type: graphql.Boolean}, "id": {Type: graphql.ID}, "role": {Type: role}, "date": {Type: date},
			"json": {Type: anything}, "filter": {Type: filter}, "pick": {Type: pick},
			"ints": {Type: graphql.NewList(graphql.Int)}, "matrix": {Type: graphql.NewList(graphql.NewList(graphql.NewNonNull(graphql.Int)))},
			"page": {Type: graphql.NewNonNull(graphql.Int), DefaultValue: 10},
		}, Resolve: func(p graphql.ResolveParams) (any, error) {
			raw, err := json.Marshal(p.Args)
			return string(raw), err
		}},
		"path": {Type: graphql.String, Resolve: func(p graphql.ResolveParams) (any, error) {
			return fmt.Sprintf("%v%v%v%v", p.Info.Path.AsArray(), p.Info.ParentType, p.Info.FieldName, p.Info.ReturnType), nil
		}},
		"out":     {Type: outputs(role, date, anything), Resolve: func(graphql.ResolveParams) (any, error) { return map[string]any{}, nil }},
		"secret":  {Type: graphql.String, Resolve: func(graphql.ResolveParams) (any, error) { return nil, errors.New("dsn=postgres://u:p@h") }},
		"boom":    {Type: graphql.String, Resolve: func(graphql.ResolveParams) (any, error) { panic("dsn=postgres://u:p@h") }},
		"strict":  {Type: graphql.NewNonNull(graphql.String), Resolve: func(graphql.ResolveParams) (any, error) { return nil, nil }},
		"waiting": {Type: graphql.String, Resolve: func(p graphql.ResolveParams) (any, error) { <-p.Context.Done(); return nil, p.Context.Err() }},
		"lazy": {Type: graphql.NewList(graphql.String), Resolve: func(graphql.ResolveParams) (any, error) {
			return func() (any, error) {
				return []any{"a", func() (any, error) { return "b", nil }, func() (any, error) { return nil, exec.Errorf(exec.CodeForbidden, "no c") }}, nil
			}, nil
		}},
		"count": {Type: graphql.NewList(graphql.Int), Args: first, Resolve: func(p graphql.ResolveParams) (any, error) {
			out := make([]int, p.Args["first"].(int))
			for i := range out {
				out[i] = i
			}
			return out, nil
		}},
	}})
	add := &graphql.Field{
		Type: personType, Args: graphql.FieldConfigArgument{"n": {Type: graphql.NewNonNull(graphql.Int)}},
		Resolve: func(p graphql.ResolveParams) (any, error) {
			n := p.Args["n"].(int)
			fx.calls = append(fx.calls, "add "+strconv.Itoa(n))
			return func() (any, error) {
				fx.calls = append(fx.calls, "thunk "+strconv.Itoa(n))
				return people[n], nil
			}, nil
		},
	}
	return graphql.NewSchema(graphql.SchemaConfig{
		Query:    query,
		Mutation: graphql.NewObject(graphql.ObjectConfig{Name: "Mutation", Fields: graphql.Fields{"add": add}}),
		Types:    []graphql.Type{groupType, personType},
	})
}

func outputs(role *graphql.Enum, date, anything *graphql.Scalar) *graphql.Object {
	fields := graphql.Fields{}
	for name, f := range map[string]struct {
		t graphql.Output
		v any
	}{
		"int":      {graphql.Int, int64(7)},
		"bigInt":   {graphql.Int, int64(1) << 31},
		"wholeInt": {graphql.Int, 4.0},
		"halfInt":  {graphql.Int, 4.5},
		"textInt":  {graphql.Int, "4"},
		"float":    {graphql.Float, 1e-9},
		"nan":      {graphql.Float, math.NaN()},
		"inf":      {graphql.Float, math.Inf(1)},
		"enum":     {role, minister},
		"badEnum":  {role, roleKind(77)},
		"mapEnum":  {role, map[string]any{}},
		"id":       {graphql.ID, 12},
		"text":     {graphql.String, "a\u2028\"\\\n\x01\xffé😀<"},
		"struct":   {graphql.String, struct{ A int }{1}},
		"bool":     {graphql.Boolean, new(bool)},
		"badBool":  {graphql.Boolean, "true"},
		"date":     {date, "2003-04-09"},
		"json":     {anything, map[string]any{"b": []int{1}, "a": nil}},
		"chan":     {anything, make(chan int)},
		"list":     {graphql.NewList(graphql.Int), []int{1, 2}},
		"nilList":  {graphql.NewList(graphql.Int), []int(nil)},
		"noList":   {graphql.NewList(graphql.Int), 3},
		"nilPtr":   {graphql.String, (*string)(nil)},
	} {
		fields[name] = &graphql.Field{Type: f.t, Resolve: func(graphql.ResolveParams) (any, error) { return f.v, nil }}
	}
	return graphql.NewObject(graphql.ObjectConfig{Name: "Out", Fields: fields})
}

func next(p *person) *person {
	for i, q := range people {
		if q == p {
			return people[(i+1)%len(people)]
		}
	}
	return nil
}

func byID(id any) any {
	for _, p := range people {
		if p.ID == id {
			return p
		}
	}
	for _, g := range groups {
		if g.ID == id {
			return g
		}
	}
	return nil
}

func newDoor(tb testing.TB, change ...func(*exec.Options)) *exec.Door {
	tb.Helper()
	return doorOver(tb, newFixture(tb).schema, change...)
}

func doorOver(tb testing.TB, schema graphql.Schema, change ...func(*exec.Options)) *exec.Door {
	tb.Helper()
	opts := exec.Options{Introspection: true, Notes: exec.Notes{OneOf: []string{"Pick"}, SpecifiedBy: map[string]string{"Date": "https://example.org/date"}}}
	opts.ErrorID = func() string { return "E1" }
	for _, c := range change {
		c(&opts)
	}
	d, err := exec.New(schema, opts)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// ask runs a request and returns the whole response.
func ask(tb testing.TB, d *exec.Door, query, variables string) string {
	tb.Helper()
	return askCtx(tb.Context(), tb, d, exec.Request{Query: query, Variables: json.RawMessage(variables)})
}

func askCtx(ctx context.Context, tb testing.TB, d *exec.Door, req exec.Request) string {
	tb.Helper()
	var out bytes.Buffer
	p, errs := d.Prepare(ctx, req)
	if errs != nil {
		if err := exec.WriteErrors(&out, errs); err != nil {
			tb.Fatal(err)
		}
	} else if _, err := d.Execute(ctx, p, &out); err != nil {
		tb.Fatal(err)
	}
	if !json.Valid(out.Bytes()) {
		tb.Fatalf("the response is not JSON: %s", clip(out.String()))
	}
	return out.String()
}

func clip(s string) string {
	if len(s) > 500 {
		return s[:500] + "…"
	}
	return s
}

// body returns data and errors of a response without the cost.
func body(s string) string {
	if i := strings.LastIndex(s, `,"extensions":{"cost"`); i >= 0 {
		return s[:i] + "}"
	}
	return s
}

func logTo(w *bytes.Buffer) func(*exec.Options) {
	return func(o *exec.Options) { o.Log = slog.New(slog.NewTextHandler(w, nil)) }
}
