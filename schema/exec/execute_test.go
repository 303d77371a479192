package exec_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"entangle/schema/exec"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestExecute(t *testing.T) {
	d := newDoor(t)
	for _, tt := range []struct{ name, query, variables, want string }{
		{
			"document order", `{ people(first: 1) { name id __typename } path }`, "",
			`{"data":{"people":[{"name":"Hadi","id":"p1","__typename":"Person"}],"path":"[path]QuerypathString"}}`,
		},
		{
			"aliases merge", `{ a: person(id: "p1") { id } a: person(id: "p1") { name ... { id } } b: person(id: "x") { id } }`, "",
			`{"data":{"a":{"id":"p1","name":"Hadi"},"b":null}}`,
		},
		{
			"skip and include", `query($y: Boolean!, $n: Boolean! = false) { person(id: "p1") {
			id @skip(if: $y) name @include(if: $y) ... @include(if: $n) { born } ...F @skip(if: $n) } } fragment F on Person { role }`, `{"y":true}`,
			`{"data":{"person":{"name":"Hadi","role":"COMMANDER"}}}`,
		},
		{
			"union", `{ hits { __typename ... on Person { name } ... on Group { title: name } ... on Node { id } } }`, "",
			`{"data":{"hits":[{"__typename":"Person","name":"Hadi","id":"p1"},{"__typename":"Group","title":"Badr","id":"g1"},null,{"__typename":"Person","name":"Qais","id":"p2"}]}}`,
		},
		{
			"interface by IsTypeOf", `{ node { __typename id ... on Group { size } } p: node(id: "p2") { id ...P } } fragment P on Person { born }`, "",
			`{"data":{"node":{"__typename":"Group","id":"g1","size":"many"},"p":{"id":"p2","born":1974}}}`,
		},
		{
			"value of no type", `{ strange { __typename } path }`, "",
			`{"data":{"strange":null,"path":"[path]QuerypathString"},"errors":[{"message":"an internal error occurred; quote the errorId when you report it","locations":[{"line":1,"column":3}],"path":["strange"],"extensions":{"code":"INTERNAL","errorId":"E1"}}]}`,
		},
		{
			"null goes up to the next nullable", `{ person(id: "p1") { name friend { must(fail: true) id } } }`, "",
			`{"data":{"person":{"name":"Hadi","friend":null}},"errors":[{"message":"nothing for p2","locations":[{"line":1,"column":36}],"path":["person","friend","must"],"extensions":{"code":"NOT_FOUND"}}]}`,
		},
		{
			"null goes up through lists to data", `{ path people { must(fail: true) } }`, "",
			`{"data":null,"errors":[{"message":"nothing for p1","locations":[{"line":1,"column":17}],"path":["people",0,"must"],"extensions":{"code":"NOT_FOUND"}}]}`,
		},
		{
			"null for non-null", `{ strict }`, "",
			`{"data":null,"errors":[{"message":"Cannot return null for non-nullable field Query.strict.","locations":[{"line":1,"column":3}],"path":["strict"],"extensions":{"code":"INTERNAL","errorId":"E1"}}]}`,
		},
		{"list items become null alone", `{ node { ... on Group { members { id must(fail: true) } } } }`, "", ""},
		{
			"thunks in lists", `{ lazy }`, "",
			`{"data":{"lazy":["a","b",null]},"errors":[{"message":"no c","locations":[{"line":1,"column":3}],"path":["lazy",2],"extensions":{"code":"FORBIDDEN"}}]}`,
		},
		{
			"path of a nested field", `{ node { ... on Group { members { friend { role } } } } }`, "",
			`{"data":{"node":{"members":[{"friend":{"role":"MINISTER"}},{"friend":{"role":null}},{"friend":{"role":"COMMANDER"}}]}}}`,
		},
		{
			"look ahead", `{ page(first: 2) { totalCount } p: page { nodes { id } } }`, "",
			`{"data":{"page":{"totalCount":3},"p":{"nodes":[{"id":"p1"},{"id":"p2"},{"id":"p3"}]}}}`,
		},
		{
			"look ahead sees through fragments", `query($no: Boolean = false) { selected { ...S x: totalCount } } fragment S on PersonPage { nodes { friend { id } id name @include(if: $no) } }`, "",
			`{"data":{"selected":null},"errors":[{"message":"[nodes totalCount] true [friend id]","locations":[{"line":1,"column":31}],"path":["selected"],"extensions":{"code":"BAD_USER_INPUT"}}]}`,
		},
		{"operation by name", `query A { path } query B { person(id: "p1") { id } }`, "", `{"errors":[{"message":"the document has 2 operations, name the one to run","extensions":{"code":"BAD_USER_INPUT"}}]}`},
		{"empty selection by skip", `{ person(id: "p1") { id @skip(if: true) } }`, "", `{"data":{"person":{}}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := body(ask(t, d, tt.query, tt.variables))
			if tt.want == "" {
				if strings.Count(got, "NOT_FOUND") != 3 || !strings.Contains(got, `{"members":[null,null,null]}`) {
					t.Errorf("got %s", got)
				}
				return
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestLeaves(t *testing.T) {
	d := newDoor(t)
	for field, want := range map[string]string{
		"int": "7", "wholeInt": "4", "float": "1e-9", "enum": `"MINISTER"`, "id": `"12"`, "bool": "false", "date": `"2003-04-09"`,
		"text": `"a\u2028\"\\\n\u0001` + "\ufffdé😀<" + `"`, "json": `{"a":null,"b":[1]}`, "list": "[1,2]", "nilList": "[]", "nilPtr": "null",
		"bigInt": "", "halfInt": "", "textInt": "", "nan": "", "inf": "", "badEnum": "", "mapEnum": "", "struct": "", "badBool": "", "chan": "", "noList": "",
	} {
		got := body(ask(t, d, "{ out { "+field+" } }", ""))
		if want != "" {
			if w := `{"data":{"out":{"` + field + `":` + want + `}}}`; got != w {
				t.Errorf("%s: got %s, want %s", field, got, w)
			}
			continue
		}
		if !strings.HasPrefix(got, `{"data":{"out":{"`+field+`":null}},"errors":[{`) || !strings.Contains(got, `"INTERNAL"`) {
			t.Errorf("%s: want an error, got %s", field, got)
		}
	}
}

func TestMutationsRunOneAfterAnother(t *testing.T) {
	fx := newFixture(t)
	d := doorOver(t, fx.schema)
	got := body(ask(t, d, `mutation { b: add(n: 1) { friend { id } } a: add(n: 0) { id } }`, ""))
	if want := `{"data":{"b":{"friend":{"id":"p3"}},"a":{"id":"p1"}}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if diff := cmp.Diff([]string{"add 1", "thunk 1", "add 0", "thunk 0"}, fx.calls); diff != "" {
		t.Errorf("order, -want +got:\n%s", diff)
	}
}

func TestReadOnlyAndKind(t *testing.T) {
	d := newDoor(t)
	req := exec.Request{Query: `mutation M { add(n: 1) { id } } query Q { path }`, OperationName: "M", ReadOnly: true}
	if _, errs := d.Prepare(t.Context(), req); len(errs) != 1 || errs[0].Code() != exec.CodeReadOnly {
		t.Errorf("a mutation over GET: %v", errs)
	}
	req.OperationName = "Q"
	p, errs := d.Prepare(t.Context(), req)
	if errs != nil || p.Kind() != exec.Query || p.OperationName() != "Q" {
		t.Errorf("query: %v", errs)
	}
	req.OperationName = "X"
	if _, errs := d.Prepare(t.Context(), req); len(errs) != 1 || errs[0].Code() != exec.CodeBadInput {
		t.Errorf("unknown operation: %v", errs)
	}
	if _, errs := d.Prepare(t.Context(), exec.Request{Query: "subscription { x }"}); len(errs) != 1 || !strings.Contains(errs[0].Message, "subscriptions") {
		t.Errorf("subscription: %v", errs)
	}
}

func TestSecretsStayInTheLog(t *testing.T) {
	var log bytes.Buffer
	d := newDoor(t, logTo(&log))
	for _, q := range []string{"{ secret }", "{ boom }"} {
		log.Reset()
		got := ask(t, d, q, "")
		if strings.Contains(got, "postgres") || !strings.Contains(got, `"errorId":"E1"`) {
			t.Errorf("%s: %s", q, got)
		}
		if !strings.Contains(log.String(), "postgres") || !strings.Contains(log.String(), "errorId=E1") {
			t.Errorf("%s: log has %q", q, log.String())
		}
	}
}

func TestContextEnds(t *testing.T) {
	d := newDoor(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	got := body(askCtx(ctx, t, d, exec.Request{Query: "{ waiting path }"}))
	if !strings.HasPrefix(got, `{"data":null,"errors":[`) || !strings.Contains(got, `"TIMEOUT"`) {
		t.Errorf("got %s", got)
	}
	// Between list items.
	ctx, cancel = context.WithCancel(t.Context())
	p, errs := d.Prepare(ctx, exec.Request{Query: "{ count(first: 5000) }"})
	if errs != nil {
		t.Fatal(errs)
	}
	cancel()
	var out bytes.Buffer
	res, err := d.Execute(ctx, p, &out)
	if err != nil || !res.DataNull || res.Errors[0].Code() != exec.CodeTimeout {
		t.Errorf("cancelled: %v %+v", err, res)
	}
}

func TestResponseLimits(t *testing.T) {
	d := newDoor(t, func(o *exec.Options) { o.Limits.ResponseBytes = 10_000; o.Limits.FieldErrors = 2 })
	var out bytes.Buffer
	p, errs := d.Prepare(t.Context(), exec.Request{Query: "{ count(first: 40000) }"})
	if errs != nil {
		t.Fatal(errs)
	}
	res, err := d.Execute(t.Context(), p, &out)
	if err != nil || !res.DataNull || res.Errors[0].Code() != exec.CodeCostLimit || out.Len() > 1000 {
		t.Errorf("too long: %v %+v %s", err, res, clip(out.String()))
	}
	few := newDoor(t, func(o *exec.Options) { o.Limits.Objects = 2 })
	if got := ask(t, few, "{ node { ... on Group { members { id } } } }", ""); !strings.Contains(got, "more than 2 objects") || !strings.HasPrefix(got, `{"data":null`) {
		t.Errorf("too many objects: %s", got)
	}
	got := ask(t, d, "{ node { ... on Group { members { must(fail: true) } } } }", "")
	if strings.Count(got, "NOT_FOUND") != 2 || !strings.Contains(got, `"errorsOmitted":1`) {
		t.Errorf("errors omitted: %s", got)
	}
}

func TestBatchSeesALevelAtOnce(t *testing.T) {
	d := newDoor(t, func(o *exec.Options) { o.Limits.Cost = 1_000_000 })
	var calls []int
	batch := exec.NewBatch(func(_ context.Context, ids []string) (map[string][]*person, error) {
		calls = append(calls, len(ids))
		out := map[string][]*person{}
		for _, id := range ids {
			// Two kids with new names and one that all on a level share.
			out[id] = []*person{{ID: id + "a"}, {ID: id + "b"}, {ID: "shared" + strings.Repeat("x", len(id))}}
		}
		return out, nil
	})
	ctx := context.WithValue(t.Context(), levelsKey{}, batch)
	got := askCtx(ctx, t, d, exec.Request{Query: `{ people { id kids { id kids { id kids { id kids { id } } } } } }`})
	if strings.Contains(got, "errors") {
		t.Fatal(clip(got))
	}
	// 3 people; 2 own kids each and 1 shared make 7; 6×2+1 and 2+1 of the shared one make 16; then 24+1, 2+2+2+1 and 2+1.
	if diff := cmp.Diff([]int{3, 7, 16, 35}, calls); diff != "" {
		t.Errorf("keys of each fetch, -want +got:\n%s", diff)
	}
}

func TestBatch(t *testing.T) {
	var seen [][]int
	b := exec.NewBatch(func(_ context.Context, ks []int) (map[int]string, error) {
		seen = append(seen, slices.Clone(ks))
		if ks[0] == 13 {
			panic("unlucky")
		}
		return map[int]string{1: "one", 2: "two"}, nil
	})
	ctx := t.Context()
	two, one, again, none := b.Load(ctx, 2), b.Load(ctx, 1), b.Load(ctx, 2), b.Load(ctx, 3)
	for _, tt := range []struct {
		thunk func() (any, error)
		want  any
	}{{one, "one"}, {two, "two"}, {again, "two"}, {none, nil}, {b.Load(ctx, 1), "one"}} {
		if got, err := tt.thunk(); err != nil || got != tt.want {
			t.Errorf("got %v, %v; want %v", got, err, tt.want)
		}
	}
	if diff := cmp.Diff([][]int{{2, 1, 3}}, seen); diff != "" {
		t.Errorf("fetches, -want +got:\n%s", diff)
	}
	if _, err := b.Load(ctx, 13)(); err == nil {
		t.Error("a panic in fetch is not an error")
	}
	b.Clear()
	if _, err := b.Load(ctx, 1)(); err != nil || len(seen) != 3 {
		t.Errorf("after Clear: %v, %d fetches", err, len(seen))
	}
}

func TestExtensionsAndObserve(t *testing.T) {
	var seen exec.Observation
	d := newDoor(t, func(o *exec.Options) {
		o.Extensions = func(context.Context) map[string]any { return map[string]any{"asOf": "2020-01-03"} }
		o.Observe = func(_ context.Context, ob exec.Observation) { seen = ob }
	})
	got := ask(t, d, "query Q { people(first: 2) { id } }", "")
	if !strings.HasSuffix(got, `,"extensions":{"asOf":"2020-01-03","cost":{"limit":1000000,"requested":3}}}`) {
		t.Errorf("got %s", got)
	}
	if seen.Operation != "Q" || seen.Cost != 3 || seen.Result.Objects != 2 || seen.Result.Bytes != int64(len(got)) {
		t.Errorf("observed %+v", seen)
	}
}

func TestPreparedRunsTwice(t *testing.T) {
	d := newDoor(t)
	p, errs := d.Prepare(t.Context(), exec.Request{Query: `query($i: ID!) { person(id: $i) { id } }`, Variables: json.RawMessage(`{"i":"p1"}`)})
	if errs != nil {
		t.Fatal(errs)
	}
	var one, two bytes.Buffer
	if _, err := d.Execute(t.Context(), p, &one); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Execute(t.Context(), p, &two); err != nil || one.String() != two.String() {
		t.Errorf("%v: %s, then %s", err, &one, &two)
	}
}
