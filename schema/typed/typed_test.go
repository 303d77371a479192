package typed_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/exec"
	"entangle/schema/typed"
)

// TestSources: a field reads sources of its own type, and names itself and what it got
// where a type is made for another.
func TestSources(t *testing.T) {
	length := func(s string) any { return len(s) }
	within := typed.Within(
		func(graphql.ResolveParams) (int, error) { return 10, nil },
		func(_ graphql.ResolveParams, ten int, s string) (any, error) { return ten + len(s), nil })
	lost := errors.New("nothing is carried")
	for name, tt := range map[string]struct {
		resolve graphql.FieldResolveFn
		source  any
		want    any
		err     string
	}{
		"field":              {typed.Field(graphql.Int, "", length).Resolve, "four", 4, ""},
		"field of another":   {typed.Field(graphql.Int, "", length).Resolve, 4, nil, "field length got a int"},
		"field of nothing":   {typed.Field(graphql.Int, "", length).Resolve, nil, nil, "field length got a <nil>"},
		"resolver":           {typed.Resolve(func(_ graphql.ResolveParams, s string) (any, error) { return len(s), nil }), "four", 4, ""},
		"resolver of others": {typed.Resolve(func(_ graphql.ResolveParams, s string) (any, error) { return len(s), nil }), 4, nil, "field length got a int"},
		"within":             {within, "four", 14, ""},
		"within at the root": {within, nil, 10, ""},
		"within of another":  {within, 4, nil, "field length got a int"},
		"within nothing": {typed.Within(
			func(graphql.ResolveParams) (int, error) { return 0, lost },
			func(graphql.ResolveParams, int, string) (any, error) { return 1, nil }), "four", nil, lost.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := tt.resolve(graphql.ResolveParams{Source: tt.source, Info: graphql.ResolveInfo{FieldName: "length"}})
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Fatalf("error %v, want %q", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("value (-want +got)\n%s", diff)
			}
		})
	}
}

// TestShown: an error that a client may see gets its code once; any other stays as it
// is, for the door to mask.
func TestShown(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want exec.Code
	}{
		"query":       {fmt.Errorf("list: %w", graph.ErrQuery), exec.CodeBadInput},
		"date":        {graph.ErrDate, exec.CodeBadInput},
		"vocabulary":  {graph.ErrVocabulary, exec.CodeBadInput},
		"marking":     {graph.ErrMarking, exec.CodeBadInput},
		"grade":       {graph.ErrGrade, exec.CodeBadInput},
		"not found":   {graph.ErrNotFound, exec.CodeNotFound},
		"unavailable": {fmt.Errorf("dial bolt://secret: %w", graph.ErrUnavailable), exec.CodeUnavailable},
		"coded":       {exec.Errorf(exec.CodeForbidden, "%w", graph.ErrQuery), exec.CodeForbidden},
	} {
		coded, ok := errors.AsType[*exec.CodedError](typed.Shown(tt.err))
		if !ok || coded.Code != tt.want || strings.Contains(coded.Error(), "secret") {
			t.Errorf("%s: got %v", name, typed.Shown(tt.err))
		}
	}
	ours := errors.New("ours")
	if typed.Shown(nil) != nil || typed.Shown(ours) != ours { //nolint:errorlint // the very error
		t.Errorf("changed an error that has no code: %v, %v", typed.Shown(nil), typed.Shown(ours))
	}
}

func TestFirst(t *testing.T) {
	for name, tt := range map[string]struct {
		args map[string]any
		want int
		err  string
	}{
		"left out": {map[string]any{}, 20, ""},
		"null":     {map[string]any{"first": nil}, 20, ""},
		"none":     {map[string]any{"first": 0}, 0, ""},
		"most":     {map[string]any{"first": 100}, 100, ""},
		"more":     {map[string]any{"first": 101}, 0, "first: 101 is more than 100"},
		"negative": {map[string]any{"first": -1}, 0, "first: -1 is negative"},
	} {
		got, err := typed.First(tt.args, 20, 100)
		if got != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: %d, %v", name, got, err)
		}
	}
	if arg := typed.FirstArg(20, 100); arg.DefaultValue != 20 || !strings.Contains(arg.Description, "0 to 100") {
		t.Errorf("the argument: %v, %s", arg.DefaultValue, arg.Description)
	}
}

func TestSpelled(t *testing.T) {
	known := []string{"unit", "Unit X"}
	for word, want := range map[string]string{"unit": "", "corps": "", "UNIT": `"UNIT" is written "unit"`, "unit x": `"unit x" is written "Unit X"`} {
		err := typed.Spelled(word, known)
		if (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%s: %v, want %q", word, err, want)
		}
	}
}
