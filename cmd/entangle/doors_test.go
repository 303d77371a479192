package main

import (
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/vektah/gqlparser/v2"
	gql "github.com/vektah/gqlparser/v2/ast"

	"entangle/queries"
)

// Every question has three doors: a Go function, a field of GraphQL and a command.

// otherwise are the flags of arguments that are not named as the argument is: nodes are
// sorted by kind, and what a command is about has no flag.
var otherwise = map[string][]string{
	"targets": {"group", "person", "post", "stream", "disband"}, "withTargets": {"with-group", "with-person", "with-post", "with-stream", "with-disband"},
	"model": {"model", "requirements"}, "withModel": {"with-model", "with-requirements"},
	"weights": {"weight", "weight-of"}, "halfLives": {"half-life"}, "parameters": {"vary"}, "nodes": {},
	"staleness":  {}, // a command takes a picture of its own
	"paths.from": {}, "paths.to": {},
}

func flagsOf(question string, arg *gql.ArgumentDefinition) []string {
	for _, name := range []string{question + "." + arg.Name, arg.Name} {
		if flags, ok := otherwise[name]; ok {
			return flags
		}
	}
	if arg.Type.Elem != nil {
		return []string{strings.TrimSuffix(kebab(arg.Name), "s")}
	}
	return []string{kebab(arg.Name)}
}

func kebab(name string) string {
	var out strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			out.WriteByte('-')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}

func doorSchema(t *testing.T) *gql.Schema {
	t.Helper()
	text, err := os.ReadFile("../../schema/schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	s, err := gqlparser.LoadSchema(&gql.Source{Name: "schema.graphql", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func commandOf(t *testing.T, row queries.Question) *cobra.Command {
	t.Helper()
	for _, c := range (&app{}).rootCommand().Commands() {
		if c.Name() == row.Command {
			return c
		}
	}
	t.Fatalf("there is no command %s", row.Command)
	return nil
}

// sharedFlags are those that all questions have: where the data is, how it is read and
// how the answer is printed.
func sharedFlags(t *testing.T) map[string]bool {
	t.Helper()
	counts, questions := map[string]int{}, queries.Questions()
	for _, row := range questions {
		commandOf(t, row).Flags().VisitAll(func(f *pflag.Flag) { counts[f.Name]++ })
	}
	maps.DeleteFunc(counts, func(_ string, n int) bool { return n < len(questions) })
	if len(counts) < 6 {
		t.Fatalf("only %v are shared", counts)
	}
	shared := map[string]bool{"as-of": true} // not of changes, which names its days itself
	for name := range counts {
		shared[name] = true
	}
	return shared
}

// TestDoorsHaveTheSameNames: each argument has its flags, and each flag stands for an
// argument, or says where the data is and how the answer is shown or kept.
func TestDoorsHaveTheSameNames(t *testing.T) {
	s := doorSchema(t)
	general := sharedFlags(t)
	for _, row := range queries.Questions() {
		question := row.Name
		t.Run(question, func(t *testing.T) {
			field, c := s.Query.Fields.ForName(question), commandOf(t, row)
			if field == nil {
				t.Fatal("there is no such field")
			}
			wanted := map[string]bool{"verbose": true, "help": true, "first": true, "network": true}
			if question == "purge" {
				wanted["institution"] = true // argument of the list of institutions
				wanted["write-back"] = true  // keeps the answer
			}
			for _, arg := range field.Arguments {
				for _, name := range flagsOf(question, arg) {
					wanted[name] = true
					if c.Flags().Lookup(name) == nil {
						t.Errorf("argument %s: no flag --%s", arg.Name, name)
					}
				}
			}
			c.Flags().VisitAll(func(f *pflag.Flag) {
				if !wanted[f.Name] && !general[f.Name] {
					t.Errorf("flag --%s: no such argument", f.Name)
				}
			})
		})
	}
}

// TestDoorsHaveTheSameDefaults: where an argument is left out, the three ask the same.
func TestDoorsHaveTheSameDefaults(t *testing.T) {
	s := doorSchema(t)
	inGo := map[string]string{"paths.first": "Limit"}
	elsewhere := []string{"distantYears", "changes.first"} // of the picture, and of what is shown
	for _, row := range queries.Questions() {
		question, in := row.Name, row.Default()
		t.Run(question, func(t *testing.T) {
			c := commandOf(t, row)
			for _, arg := range s.Query.Fields.ForName(question).Arguments {
				if arg.DefaultValue == nil {
					continue
				}
				want := arg.DefaultValue.Raw
				if f := c.Flags().Lookup(kebab(arg.Name)); f.DefValue != want {
					t.Errorf("%s is %s, --%s %s", arg.Name, want, f.Name, f.DefValue)
				}
				name, ok := inGo[question+"."+arg.Name]
				if !ok {
					name = strings.ToUpper(arg.Name[:1]) + arg.Name[1:]
				}
				if v := reflect.ValueOf(in).FieldByName(name); v.IsValid() {
					if got := fmt.Sprint(v.Interface()); got != want {
						t.Errorf("%s is %s, %T.%s %s", arg.Name, want, in, name, got)
					}
				} else if !slices.Contains(elsewhere, arg.Name) && !slices.Contains(elsewhere, question+"."+arg.Name) {
					t.Errorf("%s is %s: %T has no field of that name", arg.Name, want, in)
				}
			}
		})
	}
}

// told says where an answer tells an argument that is not the field of its own name, in
// itself or in its basis.
var told = map[string]string{
	"search": "searchSamples", "parameters": "effects", "benefits": "groups",
	"compare.targets": "first.targets", "compare.withTargets": "second.targets", "compare.withModel": "second.model",
	"attribution.targets": "shares.target", "changes.asOf": "from.asOf", "changes.gap": "from.gap",
	"changes.minConfidence": "from.minConfidence", "changes.distantYears": "from.distantYears",
	"changes.evidenceUntil": "from.evidenceUntil", "changes.halfLives": "from.halfLives", "changes.model": "to.model",
}

// shown are the arguments that say how much of an answer is shown, and how fresh it is.
var shown = []string{"first", "explain", "evidence", "ties", "distances", "staleness"}

// TestAnswersTellWhatTheyWereAsked: with what an answer tells the question can be asked
// again.
func TestAnswersTellWhatTheyWereAsked(t *testing.T) {
	s := doorSchema(t)
	has := func(of *gql.Definition, path string) bool {
		for step := range strings.SplitSeq(path, ".") {
			f := of.Fields.ForName(step)
			if f == nil {
				return false
			}
			of = s.Types[f.Type.Name()]
		}
		return true
	}
	for _, row := range queries.Questions() {
		question := row.Name
		field := s.Query.Fields.ForName(question)
		report := s.Types[field.Type.Name()]
		for _, arg := range field.Arguments {
			path := arg.Name
			for _, name := range []string{arg.Name, question + "." + arg.Name} {
				if p, ok := told[name]; ok {
					path = p
				}
			}
			if !slices.Contains(shown, arg.Name) && !has(report, path) && !has(report, "basis."+path) {
				t.Errorf("%s does not tell its argument %s", report.Name, arg.Name)
			}
		}
		if !has(report, "basis.conditional") && !has(report, "from.conditional") {
			t.Errorf("%s does not tell what it is conditional on", report.Name)
		}
	}
}

// isNode: a node, a tie or a date of the data, not a part of an answer.
func isNode(d *gql.Definition) bool {
	return d.Kind == gql.Interface || slices.Contains(d.Interfaces, "Node") || d.Name == "PartialDate"
}
