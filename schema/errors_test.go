package schema_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/storetest"
	"entangle/schema"
	"entangle/schema/exec"
)

// TestBadInput: what cannot be answered is refused with the place, the value and
// what to do.
func TestBadInput(t *testing.T) {
	s := newSchema(t, loaded(t, stores["model"], fixture(t)))
	for name, tt := range map[string]struct {
		query string
		code  exec.Code
		want  string
	}{
		"negative first":            {`{ people(first: -1) { totalCount } }`, exec.CodeBadInput, "first: -1 is negative"},
		"large first":               {`{ people(first: 1001) { totalCount } }`, exec.CodeBadInput, "first: 1001 is more than 1000"},
		"negative first of a tie":   {`{ people { nodes { holds(first: -5) { totalCount } } } }`, exec.CodeBadInput, "first: -5 is negative"},
		"first of a search":         {`{ search(text: "a", first: 0) { name } }`, exec.CodeBadInput, "first: 0 is outside 1 to 100"},
		"a long search":             {`{ search(text: "` + strings.Repeat("a ", 400) + `") { name } }`, exec.CodeBadInput, "text: 800 bytes; at most 600"},
		"a long ref":                {`{ purge(targets: ["` + strings.Repeat("a ", 400) + `"], asOf: "2020-01-01") { institutionCount } }`, exec.CodeBadInput, "has 800 bytes"},
		"no cursor":                 {`{ people(after: "garbage!") { totalCount } }`, exec.CodeBadInput, `"garbage!" is not a cursor`},
		"empty cursor":              {`{ people(after: "") { totalCount } }`, exec.CodeBadInput, "an empty cursor"},
		"no id":                     {`{ node(id: "p-adel") { id } }`, exec.CodeBadInput, `"p-adel" is not an id of this API`},
		"garbage behind an id":      {`{ node(id: "UGVyc29uOnAtYWRlbA!") { id } }`, exec.CodeBadInput, `"UGVyc29uOnAtYWRlbA!" is not an id of this API`},
		"name of another kind":      {`{ insure(targets: ["g-lions"], weights: [{institution: "Lions Brigade", weight: 1}], asOf: "2020-01-01") { size } }`, exec.CodeNotFound, `no Institution is named "Lions Brigade"; that is g-lions (Group)`},
		"id of no type":             {`{ node(id: "Q2F0OnRvbQ") { id } }`, exec.CodeBadInput, `no type "Cat"`},
		"id of another type":        {`{ people(where: {id: {eq: "R3JvdXA6Zy1saW9ucw"}}) { totalCount } }`, exec.CodeBadInput, "where.id.eq: \"R3JvdXA6Zy1saW9ucw\" is the id of a Group, not of a Person"},
		"null operator":             {`{ people(where: {name: {eq: null}}) { totalCount } }`, exec.CodeBadInput, "where.name.eq: null is no value to compare with"},
		"null condition":            {`{ people(where: {name: null}) { totalCount } }`, exec.CodeBadInput, "where.name: null is no condition"},
		"null step":                 {`{ people(where: {holds: {some: null}}) { totalCount } }`, exec.CodeBadInput, "where.holds.some: null is no condition"},
		"step without question":     {`{ people(where: {holds: {asOf: "2020-01-01"}}) { totalCount } }`, exec.CodeBadInput, "where.holds: says neither some nor none"},
		"bad value in a list":       {`{ sources(where: {OR: [{}, {reliability: {in: ["A", "G"]}}]}) { totalCount } }`, exec.CodeBadInput, `where.OR[1].reliability.in: "G" is never a value here (one of A, B, C, D, E, F)`},
		"a type in capitals":        {`{ institutions(where: {types: {includes: "MINISTRY"}}) { totalCount } }`, exec.CodeBadInput, `where.types.includes: "MINISTRY" is written "ministry"`},
		"a weight of capitals":      {`{ insure(targets: ["g-lions"], weights: [{type: "Unit", weight: 0}], asOf: "2020-01-01") { size } }`, exec.CodeBadInput, `weights: "Unit" is written "unit"`},
		"a recovery of capitals":    {`{ stage(targets: ["g-lions"], recoveryByType: [{type: "Unit", stages: 0}], asOf: "2020-01-01") { budget } }`, exec.CodeBadInput, `recoveryByType: "Unit" is written "unit"`},
		"a requirement of capitals": {`{ purge(targets: ["g-lions"], model: {requirements: [{type: "Unit", support: STAFF, need: 0.5, floor: 0}]}, asOf: "2020-01-01") { institutionCount } }`, exec.CodeBadInput, `model.requirements: "Unit" is written "unit"`},
		"too deep":                  {`{ people(where: {holds: {some: {node: {reportsTo: {some: {node: {reportsTo: {some: {node: {postIn: {some: {}}}}}}}}}}}}) { totalCount } }`, exec.CodeBadInput, "ties may be filtered 3 steps deep"},
		"mixed or":                  {`{ people { nodes { holds(where: {OR: [{node: {key: {eq: "a"}}}, {edge: {rank: {eq: "b"}}}]}) { totalCount } } } }`, exec.CodeBadInput, "where.OR: joins conditions on ties and on nodes"},
		"mixed not":                 {`{ people { nodes { holds(where: {NOT: {node: {key: {eq: "a"}}, edge: {rank: {eq: "b"}}}}) { totalCount } } } }`, exec.CodeBadInput, "where.NOT: joins conditions on ties and on nodes"},
		"gap without day":           {`{ people { nodes { holds(gap: "strict") { totalCount } } } }`, exec.CodeBadInput, "gap: says what stands on a day, but asOf names no day"},
		"confidence beyond one":     {`{ ties(minConfidence: 1.5) { nodes { key } } }`, exec.CodeBadInput, "minConfidence: 1.5 is outside 0 to 1"},
		"no status":                 {`{ ties(status: []) { nodes { key } } }`, exec.CodeBadInput, "status: an empty list"},
		"no type":                   {`{ ties(types: []) { nodes { key } } }`, exec.CodeBadInput, "types: an empty list"},
		"property of another type":  {`{ ties(types: [HOLDS], where: {seats: {gt: 1}}) { nodes { key } } }`, exec.CodeBadInput, `no field "seats" to filter by`},
		"a date that is none":       {`{ people { nodes { holds(asOf: "2013-13-01") { totalCount } } } }`, exec.CodeValidation, "2013-13-01"},
		"a partial day":             {`{ people { nodes { holds(asOf: "2013") { totalCount } } } }`, exec.CodeValidation, "a full date such as 2020-08-24"},
		"a bad partial date":        {`{ people(where: {born: {lt: "19"}}) { totalCount } }`, exec.CodeValidation, "EDTF level 1"},
		"an empty date":             {`{ people(where: {born: {eq: ""}}) { totalCount } }`, exec.CodeValidation, "an empty date"},
		"a backward period":         {`{ people { nodes { holds(during: "2014/2013") { totalCount } } } }`, exec.CodeValidation, "ends before it begins"},
		"half a period":             {`{ people { nodes { holds(during: "2014/") { totalCount } } } }`, exec.CodeValidation, "an open side is .."},
		"a bad gap":                 {`{ people { nodes { holds(asOf: "2020-01-01", gap: "wide") { totalCount } } } }`, exec.CodeValidation, "contiguous, strict, or extend:DAYS"},
		"a date as a number":        {`{ people { nodes { holds(asOf: 2013) { totalCount } } } }`, exec.CodeValidation, "not a string"},
	} {
		t.Run(name, func(t *testing.T) {
			a := ask(t, s, graph.Red, tt.query, "")
			if len(a.Errors) == 0 {
				t.Fatalf("no error, but %s", a.Data)
			}
			if e := a.Errors[0]; e.Code() != tt.code || !strings.Contains(e.Message, tt.want) {
				t.Errorf("got %s\nwant %s: …%s…", e, tt.code, tt.want)
			}
		})
	}
}

// TestNullArguments: a variable that is null is as an argument left out, so that
// one document serves with and without it.
func TestNullArguments(t *testing.T) {
	s := newSchema(t, loaded(t, stores["model"], fixture(t)))
	query := `query($n: Int, $c: String, $w: PersonWhere, $d: Date, $g: GapPolicy, $p: Interval, $m: Float, $s: [ClaimStatus!]) {
		people(first: $n, after: $c, where: $w) { nodes { name holds(asOf: $d, gap: $g, during: $p, minConfidence: $m, status: $s) { totalCount } } } }`
	none := ask(t, s, graph.Red, query, `{}`)
	nulls := ask(t, s, graph.Red, query, `{"n": null, "c": null, "w": null, "d": null, "g": null, "p": null, "m": null, "s": null}`)
	if len(none.Errors)+len(nulls.Errors) > 0 || !bytes.Equal(none.Data, nulls.Data) {
		t.Errorf("left out: %s %v\nnull: %s %v", none.Data, none.Errors, nulls.Data, nulls.Errors)
	}
}

// brokenStore fails to open, or opens views whose readings fail.
type brokenStore struct {
	graph.Store
	opening, reading error
}

type brokenView struct {
	graph.View
	err error
}

func (s *brokenStore) View(ctx context.Context, m graph.Marking) (graph.View, error) {
	if s.opening != nil {
		return nil, s.opening
	}
	v, err := s.Store.View(ctx, m)
	return &brokenView{View: v, err: s.reading}, err
}

func (v *brokenView) Adjacent(context.Context, graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	return nil, v.err
}

func (v *brokenView) Search(context.Context, graph.SearchQuery) ([]graph.Hit, error) {
	return nil, v.err
}

func TestStoreErrors(t *testing.T) {
	secret := errors.New("disk /dev/sda9 on fire")
	for name, tt := range map[string]struct {
		err  error
		code exec.Code
		want string
	}{
		"unavailable": {graph.ErrUnavailable, exec.CodeUnavailable, "the store cannot be reached now"},
		"unforeseen":  {secret, exec.CodeInternal, "an internal error occurred"},
		"query":       {graph.ErrQuery, exec.CodeBadInput, "invalid query"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchema(t, &brokenStore{Store: loaded(t, stores["model"], fixture(t)), reading: tt.err})
			for _, query := range []string{`{ people { nodes { holds { nodes { name } } } } }`, `{ search(text: "a") { name } }`} {
				a := ask(t, s, graph.Red, query, "")
				if len(a.Errors) == 0 || a.Errors[0].Code() != tt.code || !strings.Contains(a.Errors[0].Message, tt.want) {
					t.Errorf("%s: got %v, want %s: %s", query, a.Errors, tt.code, tt.want)
				}
			}
		})
	}
}

func TestNoView(t *testing.T) {
	s := newSchema(t, &brokenStore{Store: storetest.NewModel(), opening: graph.ErrUnavailable})
	p, errs := s.Prepare(t.Context(), exec.Request{Query: `{ dataVersion }`})
	if errs != nil {
		t.Fatal(errs)
	}
	var out bytes.Buffer
	_, err := s.Execute(t.Context(), p, graph.Red, &out)
	if !errors.Is(err, schema.ErrView) || !errors.Is(err, graph.ErrUnavailable) || out.Len() > 0 {
		t.Errorf("got %v and %q", err, out.String())
	}
	if _, err := schema.New(schema.Config{}); err == nil {
		t.Error("a schema without a store was made")
	}
}

// FuzzParseGlobalID: whatever a client sends is an error or an id that is
// written the same again.
func FuzzParseGlobalID(f *testing.F) {
	f.Add(schema.GlobalID(graph.Person, "p-adel"))
	f.Add(schema.GlobalTieID("t-1"))
	f.Add("UGVyc29uOg")
	f.Add("")
	f.Fuzz(func(t *testing.T, id string) {
		typ, key, err := schema.ParseGlobalID(id)
		if err != nil {
			return
		}
		again := schema.GlobalTieID(key)
		if kind, err := graph.ParseKind(typ); err == nil {
			again = schema.GlobalID(kind, key)
		}
		if typ2, key2, err := schema.ParseGlobalID(again); err != nil || typ2 != typ || key2 != key {
			t.Errorf("%q is %s %q, which is %q, which is %s %q, %v", id, typ, key, again, typ2, key2, err)
		}
	})
}
