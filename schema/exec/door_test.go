package exec_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/graphql-go/graphql"

	"entangle/schema/exec"
)

// The library builds its tables on first use and without locks; a Door must not race even for its very first requests.
func TestFirstRequestsDoNotRace(t *testing.T) {
	d := newDoor(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for _, q := range []string{
				`{ people { id role } echo(role: MINISTER, filter: {roles: EMIR}) out { enum json date } }`,
				`{ hits { ... on Person { role name } ... on Group { members { role } } } node { id } }`,
				fullIntrospection,
				fmt.Sprintf("{ nope%d }", i%2),
			} {
				ask(t, d, q, "")
			}
		})
	}
	wg.Wait()
}

func TestDocumentsAreCached(t *testing.T) {
	d := newDoor(t, func(o *exec.Options) { o.Limits.CacheBytes = 20_000 })
	for range 3 {
		ask(t, d, "{ path }", "")
		ask(t, d, "{ nope }", "")
	}
	if got := d.Documents(); got != 1 {
		t.Errorf("%d documents kept, want the valid one", got)
	}
	for i := range 100 {
		ask(t, d, fmt.Sprintf("{ x%d: path }", i), "")
	}
	if got := d.Documents(); got < 5 || got > 19 {
		t.Errorf("%d documents kept in 20 kB", got)
	}
}

// A request is prepared the same way with and without the cache.
func TestCachedVariablesDoNotLeak(t *testing.T) {
	d := newDoor(t)
	q := "query($v: Int) { echo(int: $v) }"
	for _, v := range []string{"1", "2", "null"} {
		if got := echoed(t, d, q, `{"v":`+v+`}`); got != `{"int":`+v+`,"page":10}` {
			t.Errorf("%s: %s", v, got)
		}
	}
	if got := echoed(t, d, q, ""); got != `{"page":10}` {
		t.Error(got)
	}
}

func TestNewRefusesBadSchemas(t *testing.T) {
	schema := func(args graphql.FieldConfigArgument, types ...graphql.Type) graphql.Schema {
		s, err := graphql.NewSchema(graphql.SchemaConfig{Types: types, Query: graphql.NewObject(graphql.ObjectConfig{Name: "Query", Fields: graphql.Fields{
			"a": {Type: graphql.Int, Args: args},
		}})})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	self := graphql.NewInputObject(graphql.InputObjectConfig{Name: "Self", Fields: graphql.InputObjectConfigFieldMap{"n": {Type: graphql.Int}}})
	self.AddFieldConfig("self", &graphql.InputObjectFieldConfig{Type: self, DefaultValue: map[string]any{}})
	enum := graphql.NewEnum(graphql.EnumConfig{Name: "E", Values: graphql.EnumValueConfigMap{"A": {Value: 1}, "B": {Value: 1}}})
	for want, s := range map[string]graphql.Schema{
		"no query type":       {},
		"is no value of enum": schema(graphql.FieldConfigArgument{"e": {Type: graphql.NewEnum(graphql.EnumConfig{Name: "E", Values: graphql.EnumValueConfigMap{"A": {}}}), DefaultValue: "B"}}),
		"contains itself":     schema(graphql.FieldConfigArgument{"s": {Type: self}}),
		"have the same value": schema(nil, enum),
		"default of":          schema(graphql.FieldConfigArgument{"i": {Type: graphql.Int, DefaultValue: int64(1) << 40}}),
	} {
		if _, err := exec.New(s, exec.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

type brokenPipe struct{ after int }

var errPipe = errors.New("broken pipe")

func (w *brokenPipe) Write(p []byte) (int, error) {
	if w.after -= len(p); w.after < 0 {
		return 0, errPipe
	}
	return len(p), nil
}

func TestWriterErrorIsReturned(t *testing.T) {
	d := newDoor(t)
	p, errs := d.Prepare(t.Context(), exec.Request{Query: "{ count(first: 40000) }"})
	if errs != nil {
		t.Fatal(errs)
	}
	for _, after := range []int{0, 100_000} {
		if _, err := d.Execute(t.Context(), p, &brokenPipe{after: after}); !errors.Is(err, errPipe) {
			t.Errorf("after %d bytes: %v", after, err)
		}
	}
}

func TestErrorf(t *testing.T) {
	cause := errors.New("row 7")
	err := fmt.Errorf("more: %w", exec.Errorf(exec.CodeNotFound, "no such group: %w", cause))
	var coded *exec.CodedError
	if !errors.As(err, &coded) || coded.Code != exec.CodeNotFound || coded.Message != "no such group: row 7" || !errors.Is(err, cause) {
		t.Errorf("got %#v", coded)
	}
}

func TestErrorOrder(t *testing.T) {
	d := newDoor(t)
	var got struct{ Errors []exec.Error }
	raw := ask(t, d, `{ z: secret node { ... on Group { members { must(fail: true) } } } lazy a: boom }`, "")
	if err := json.NewDecoder(bytes.NewBufferString(raw)).Decode(&got); err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, e := range got.Errors {
		paths = append(paths, fmt.Sprint(e.Path...))
	}
	if want := "a lazy2 nodemembers0must nodemembers1must nodemembers2must z"; strings.ReplaceAll(strings.Join(paths, "|"), " ", "") != strings.ReplaceAll(want, " ", "|") {
		t.Errorf("got %q", paths)
	}
}
