package schema_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"entangle/graph"
	"entangle/schema"
	"entangle/schema/exec"
)

// needed are the arguments without which a question is not asked, beside asOf.
var needed = map[string]string{
	"attribution": `targets: ["g-lions", "p-basim"]`, "brokers": "", "changes": `from: "2016-01-01" to: "2020-06-24"`, "compare": `targets: ["g-lions"] withTargets: ["p-basim"]`,
	"entanglement": "", "exposure": "", "footholds": `office: "o-chief" groups: ["g-lions"]`, "frontier": "", "insure": `targets: ["g-lions"]`, "paths": `from: "p-adel" to: "p-basim"`, "purge": `targets: ["g-lions"]`,
	"sensitivity": `targets: ["g-lions"]`, "stage": `targets: ["g-lions", "p-basim"]`, "vacancies": "", "verify": `targets: ["g-lions"]`, "worstCase": `targets: ["g-lions"]`,
}

// rootField is a root field that asks a question, with a document that asks it for all that
// is not a node.
type rootField struct {
	def    *ast.FieldDefinition
	fields string
}

// with is the document with further arguments, which replace those of their names.
func (q rootField) with(argument string) string {
	name, _, _ := strings.Cut(argument, ":")
	args := needed[q.def.Name]
	if q.def.Arguments.ForName("asOf") != nil {
		args += ` asOf: "2020-06-24"`
	}
	if at := strings.Index(" "+args, " "+name+":"); at >= 0 && argument != "" {
		_, behind, _ := strings.Cut(args[at:], `" `)
		if list := strings.Index(args[at:], "]"); list >= 0 && strings.HasPrefix(args[at+len(name):], ": [") {
			behind = args[at+list+1:]
		}
		args = args[:at] + behind
	}
	return "{ " + q.def.Name + "(" + strings.TrimLeft(args+" "+argument, ", ") + ") " + q.fields + " }"
}

func allQuestions(t *testing.T) (*ast.Schema, []rootField) {
	t.Helper()
	_, parsed := parsedSDL(t)
	var list []rootField
	for _, def := range parsed.Query.Fields {
		if _, ok := needed[def.Name]; ok {
			list = append(list, rootField{def, everything(parsed, def.Type.Name(), 4)})
		} else if def.Arguments.ForName("distantYears") != nil {
			t.Errorf("the question %s is not in this test", def.Name)
		}
	}
	if len(list) != len(needed) {
		t.Errorf("%d questions, want %d", len(list), len(needed))
	}
	return parsed, list
}

// everything selects all fields of a type, those of nodes and ties by their id alone.
func everything(parsed *ast.Schema, typ string, depth int) string {
	def := parsed.Types[typ]
	if def.Kind != ast.Object && def.Kind != ast.Interface {
		return ""
	}
	if def.Fields.ForName("id") != nil {
		return "{ id }"
	}
	var fields []string
	for _, f := range def.Fields {
		of := everything(parsed, f.Type.Name(), depth-1)
		if kind := parsed.Types[f.Type.Name()].Kind; kind != ast.Scalar && kind != ast.Enum && (depth == 0 || of == "") {
			continue
		}
		fields = append(fields, f.Name+" "+of)
	}
	if len(fields) == 0 {
		return ""
	}
	return "{ " + strings.Join(fields, " ") + " }"
}

// TestArgumentsLeftOut: an argument that is left out, one that is null and one that is as
// the schema says its default are one.
func TestArgumentsLeftOut(t *testing.T) {
	s := newSchema(t, loaded(t, stores["model"], fixture(t)))
	_, list := allQuestions(t)
	for _, q := range list {
		t.Run(q.def.Name, func(t *testing.T) {
			t.Parallel()
			want := ask(t, s, graph.Red, q.with(""), "")
			for _, e := range want.Errors {
				t.Fatal(e)
			}
			for _, arg := range q.def.Arguments {
				if strings.Contains(needed[q.def.Name], arg.Name+":") || arg.Name == "asOf" {
					continue
				}
				values := []string{"null"}
				if arg.DefaultValue != nil {
					values = append(values, arg.DefaultValue.String())
				}
				for _, value := range values {
					got := ask(t, s, graph.Red, q.with(arg.Name+": "+value), "")
					for _, e := range got.Errors {
						t.Fatalf("%s %s: %s", arg.Name, value, e)
					}
					if diff := cmp.Diff(string(want.Data), string(got.Data)); diff != "" {
						t.Errorf("%s %s is not as left out (-left out +given):\n%.2000s", arg.Name, value, diff)
					}
				}
			}
		})
	}
}

// TestArgumentsOutside: a whole number is not below 0 nor above all bounds, a share is
// within 0 to 1, and a name is somebody's: what is not is refused by its argument.
func TestArgumentsOutside(t *testing.T) {
	s := newSchema(t, loaded(t, stores["model"], fixture(t)))
	_, list := allQuestions(t)
	for _, q := range list {
		for _, arg := range q.def.Arguments {
			var values []string
			code := exec.CodeBadInput
			switch arg.Type.Name() {
			case "Int":
				values = []string{"-1", "2147483647"}
				if arg.Name == "seed" {
					values = values[:1]
				}
			case "Float":
				values = []string{"-0.5"}
				if arg.Name != "limit" {
					values = append(values, "1.5")
				}
			case "String":
				code, values = exec.CodeNotFound, []string{`"zzz"`}
				if arg.Type.Elem != nil {
					values = []string{`["zzz"]`, `["g-lions", "zzz"]`, `["i-guard", "zzz"]`}
				}
			case "PurgeModelInput": // one that cannot be read, and one that cannot be used
				code, values = exec.CodeNotFound, []string{`{requirements: [{support: STAFF, need: 1, floor: 0, institution: "zzz"}]}`}
				if a := ask(t, s, graph.Red, q.with(arg.Name+": {solidarity: 2}"), ""); len(a.Errors) == 0 || a.Errors[0].Code() != exec.CodeBadInput {
					t.Errorf("%s of %s with a solidarity of 2: %v", q.def.Name, arg.Name, a.Errors)
				}
			case "BenefitInput":
				code, values = exec.CodeNotFound, []string{`[{group: "zzz", benefit: 1}]`}
			case "WeightInput":
				code, values = exec.CodeNotFound, []string{`[{institution: "zzz", weight: 1}]`}
			}
			for _, value := range values {
				a := ask(t, s, graph.Red, q.with(arg.Name+": "+value), "")
				if len(a.Errors) == 0 {
					t.Errorf("%s of %s %s: no error", q.def.Name, arg.Name, value)
					continue
				}
				if e := a.Errors[0]; e.Code() != code && e.Code() != exec.CodeCostLimit {
					t.Errorf("%s of %s %s: %s, want %s", q.def.Name, arg.Name, value, e, code)
				}
			}
		}
	}
}

// TestSeedsAreEchoed as they were given, in decimal digits.
func TestSeedsAreEchoed(t *testing.T) {
	s := newSchema(t, loaded(t, stores["model"], fixture(t)))
	for _, name := range []string{"frontier", "insure", "stage"} {
		got := data[map[string]struct{ SearchSeed string }](t, s, fmt.Sprintf(`{ %s(asOf: "2020-06-24", %s seed: 98765) { searchSeed } }`, name, needed[name]), "")
		if got[name].SearchSeed != "98765" {
			t.Errorf("%s: searched with %s", name, got[name].SearchSeed)
		}
	}
}

// TestInstitutionsByName: those that a selection names are told of even where nothing
// touches them, one or several, and others are not.
func TestInstitutionsByName(t *testing.T) {
	s := newSchema(t, loaded(t, stores["model"], fixture(t)))
	type purge struct {
		Purge struct {
			Institutions []struct{ Institution struct{ Key string } }
		}
	}
	names := func(of string) string {
		got := data[purge](t, s, `{ purge(targets: ["p-basim"], asOf: "2020-06-24") { institutions`+of+` { institution { key } } } }`, "")
		var keys []string
		for _, i := range got.Purge.Institutions {
			keys = append(keys, i.Institution.Key)
		}
		return strings.Join(keys, " ")
	}
	for of, want := range map[string]string{
		"": "i-guard", `(of: ["i-guard"])`: "i-guard", `(of: ["i-interior"])`: "i-interior", `(of: "i-interior")`: "i-interior", `(of: ["Border Guard", "i-interior"])`: "i-guard i-interior",
	} {
		if got := names(of); got != want {
			t.Errorf("institutions%s: %s, want %s", of, got, want)
		}
	}
}

// TestStalenessIsAsked: the server's bound applies where the question says nothing, its own
// where it says something, 0 too. Each case has a server of its own, since an answer from an
// older picture has the newer one taken beside it, which the next question may be given.
func TestStalenessIsAsked(t *testing.T) {
	for _, c := range []struct {
		server time.Duration
		asked  string
		old    bool
	}{
		{time.Hour, "", true},
		{time.Hour, ", staleness: null", true},
		{time.Hour, ", staleness: 120", true},
		{time.Hour, ", staleness: 30", false},
		{time.Hour, ", staleness: 0", false},
		{30 * time.Second, "", false},
		{30 * time.Second, ", staleness: 120", true},
		{0, "", false},
		{0, ", staleness: 120", true},
	} {
		store := loaded(t, stores["model"], fixture(t))
		now := time.Now()
		s, err := schema.New(schema.Config{Store: store, Staleness: c.server, Clock: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		nodes := func(staleness string) int {
			return data[struct {
				Brokers struct{ Basis struct{ Nodes int } }
			}](t, s, `{ brokers(asOf: "2020-06-24"`+staleness+`) { basis { nodes } } }`, "").Brokers.Basis.Nodes
		}
		want := nodes("")
		if _, err := store.Apply(context.Background(), graph.Batch{Load: graph.Load{ID: "load-3"}, Nodes: []graph.Node{node(graph.Group, "g-new", "New")}}); err != nil {
			t.Fatal(err)
		}
		if !c.old {
			want++
		}
		now = now.Add(time.Minute)
		if got := nodes(c.asked); got != want {
			t.Errorf("a minute later, where the server allows %v, asked with %q: %d nodes, want %d", c.server, c.asked, got, want)
		}
	}
}
