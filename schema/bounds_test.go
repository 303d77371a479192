package schema_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"entangle/graph"
	"entangle/schema/exec"
)

// bounds are what the description of a number says of its range: "1 to 65536", "0–1",
// "above 0 to 1".
var bounds = regexp.MustCompile(`(above )?\b(\d[\d,]*(?:\.\d+)?)(?: to |–)(\d[\d,]*(?:\.\d+)?)\b`)

// required are values for the arguments that a question cannot do without.
var requiredArgs = map[string]string{
	"asOf": `"2020-01-01"`, "targets": `["g-lions"]`, "from": `"p-adel"`, "to": `"p-basim"`, "before": `"2020-01-01"`, "after": `"2020-02-01"`,
	"withTargets": `["g-front"]`, "office": `"o-chief"`, "groups": `["g-lions"]`,
}

// TestNumbersHaveTheBoundsThatAreDescribed asks every question with every number at both ends of the range that its
// description names, and just outside of it: there it is refused, with its name and the value.
func TestNumbersHaveTheBoundsThatAreDescribed(t *testing.T) {
	s := newSchema(t, loaded(t, stores["model"], fixture(t)))
	sdl, err := gqlparser.LoadSchema(&ast.Source{Input: s.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, field := range sdl.Query.Fields {
		if field.Arguments.ForName("asOf") == nil {
			continue
		}
		for _, arg := range field.Arguments {
			typ := arg.Type.NamedType
			m := bounds.FindStringSubmatch(arg.Description)
			if typ != "Int" && typ != "Float" || m == nil {
				continue
			}
			found++
			low, high := number(t, m[2]), number(t, m[3])
			step := 1.0
			if typ == "Float" {
				step = 0.001
			}
			for value, fits := range map[float64]bool{low: m[1] == "", high: true, low - step: false, high + step: false} {
				shown := strconv.FormatFloat(value, 'g', -1, 64)
				if typ == "Int" {
					shown = strconv.Itoa(int(value))
				}
				if fits && arg.Name == "trajectories" && value > low {
					continue // a thousand of them take seconds
				}
				a := ask(t, s, graph.Red, question(field, arg.Name, shown), "")
				refused := len(a.Errors) > 0 && a.Errors[0].Code() == exec.CodeBadInput && strings.Contains(a.Errors[0].Message, arg.Name)
				if refused == fits {
					t.Errorf("%s(%s: %s), described as %q: %v", field.Name, arg.Name, shown, m[0], a.Errors)
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d numbers have their range described", found)
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// question asks a field with one argument and those that are required.
func question(field *ast.FieldDefinition, name, value string) string {
	args := []string{name + ": " + value}
	for _, arg := range field.Arguments {
		known, ok := requiredArgs[arg.Name]
		if cheap := arg.Name == "samples" || arg.Name == "search" || arg.Name == "trajectories"; cheap && arg.Name != name {
			args = append(args, arg.Name+": 2")
		}
		if ok && arg.Name != name && (arg.Type.NonNull || strings.HasSuffix(strings.ToLower(arg.Name), "targets")) {
			args = append(args, arg.Name+": "+known)
		}
	}
	selection := " { __typename }"
	if field.Type.Name() == "String" {
		selection = ""
	}
	return fmt.Sprintf("{ %s(%s)%s }", field.Name, strings.Join(args, ", "), selection)
}
