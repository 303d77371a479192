package schema_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"entangle/graph"
	"entangle/queries/worlds"
	"entangle/schema"
	"entangle/schema/exec"
)

func TestQuestionRefusals(t *testing.T) {
	twins := graph.Batch{Load: graph.Load{ID: "load-2"}, Nodes: []graph.Node{node(graph.Group, "g-twin-1", "The Twins"), node(graph.Person, "p-twin-2", "THE TWINS")}}
	s := newSchema(t, loaded(t, stores["model"], fixture(t), twins))
	for name, tt := range map[string]struct {
		query     string
		clearance graph.Marking
		code      exec.Code
		want      string
	}{
		"no target":                     {`{ purge(targets: [], asOf: "2020-01-01") { institutionCount } }`, graph.Red, exec.CodeBadInput, "nothing is named; name 1 to 100 nodes"},
		"unknown target":                {`{ purge(targets: ["zzz"], asOf: "2020-01-01") { institutionCount } }`, graph.Red, exec.CodeNotFound, `targets: not found: "zzz": nothing has that key, alias or name`},
		"name of another kind":          {`{ purge(targets: ["East Gate"], asOf: "2020-01-01") { institutionCount } }`, graph.Red, exec.CodeNotFound, `no Group, Person, Post, RevenueStream, Institution is named "East Gate"; that is l-gate (Place)`},
		"part of a name":                {`{ purge(targets: ["lions"], asOf: "2020-01-01") { institutionCount } }`, graph.Red, exec.CodeNotFound, "near it: Lions Youth (Group g-cubs), Lions Brigade (Group g-lions)"},
		"name of several":               {`{ purge(targets: ["the twins"], asOf: "2020-01-01") { institutionCount } }`, graph.Red, exec.CodeBadInput, "is the name of several"},
		"hidden target":                 {`{ purge(targets: ["g-front"], asOf: "2020-01-01") { institutionCount } }`, graph.Clear, exec.CodeNotFound, `"g-front"`},
		"hidden id":                     {`{ purge(targets: ["R3JvdXA6Zy1mcm9udA"], asOf: "2020-01-01") { institutionCount } }`, graph.Clear, exec.CodeNotFound, `"g-front"`},
		"wrong kind":                    {`{ purge(targets: ["l-gate"], asOf: "2020-01-01") { institutionCount } }`, graph.Red, exec.CodeBadInput, "a purge strikes groups, persons or posts"},
		"samples":                       {`{ purge(targets: ["g-lions"], asOf: "2020-01-01", samples: 0) { institutionCount } }`, graph.Red, exec.CodeBadInput, "samples: 0 is outside 1 to 65536"},
		"seed":                          {`{ purge(targets: ["g-lions"], asOf: "2020-01-01", seed: -1) { institutionCount } }`, graph.Red, exec.CodeBadInput, "seed: -1 is outside 0 to"},
		"explain":                       {`{ purge(targets: ["g-lions"], asOf: "2020-01-01", explain: 101) { institutionCount } }`, graph.Red, exec.CodeBadInput, "explain: 101 is outside 0 to 100"},
		"parameter":                     {`{ purge(targets: ["g-lions"], asOf: "2020-01-01", model: {solidarity: 2}) { institutionCount } }`, graph.Red, exec.CodeBadInput, "solidarity 2 is outside 0 to 1"},
		"requirement twice":             {`{ purge(targets: ["g-lions"], asOf: "2020-01-01", model: {requirements: [{support: STAFF, need: 1, floor: 0, type: "unit", institution: "a"}]}) { institutionCount } }`, graph.Red, exec.CodeBadInput, "for a type or for an institution, not for both"},
		"requirement of a type twice":   {`{ purge(targets: ["g-lions"], asOf: "2020-01-01", model: {requirements: [{support: STAFF, need: 1, floor: 0, type: "unit"}, {support: FORCE, need: 1, floor: 0, type: "unit"}, {support: STAFF, need: 0.5, floor: 0, type: "unit"}]}) { institutionCount } }`, graph.Red, exec.CodeBadInput, `model.requirements: STAFF of type "unit" is there twice; keep one`},
		"requirement of all twice":      {`{ purge(targets: ["g-lions"], asOf: "2020-01-01", model: {requirements: [{support: STAFF, need: 1, floor: 0}, {support: STAFF, need: 1, floor: 0}]}) { institutionCount } }`, graph.Red, exec.CodeBadInput, "STAFF of all is there twice"},
		"prior twice":                   {`{ purge(targets: ["g-lions"], asOf: "2020-01-01", model: {headcount: [{type: "brigade", size: 1}, {type: "brigade", size: 2}]}) { institutionCount } }`, graph.Red, exec.CodeBadInput, `model.headcount: type "brigade" is there twice`},
		"requirement of no institution": {`{ purge(targets: ["g-lions"], asOf: "2020-01-01", model: {requirements: [{support: STAFF, need: 1, floor: 0, institution: "R3JvdXA6Zy1saW9ucw"}]}) { institutionCount } }`, graph.Red, exec.CodeBadInput, `requirement of "g-lions", which is a Group and no institution`},
		"requirement of nobody":         {`{ purge(targets: ["g-lions"], asOf: "2020-01-01", model: {requirements: [{support: STAFF, need: 1, floor: 0, institution: "zzz"}]}) { institutionCount } }`, graph.Red, exec.CodeNotFound, `model.requirements: not found: "zzz"`},
		"requirement by two names":      {`{ purge(targets: ["g-lions"], asOf: "2020-01-01", model: {requirements: [{support: STAFF, need: 1, floor: 0, institution: "i-guard"}, {support: STAFF, need: 1, floor: 0, institution: "Border Guard"}]}) { institutionCount } }`, graph.Red, exec.CodeBadInput, `model.requirements: STAFF of "Border Guard" is there twice`},
		"list of the answer":            {`{ purge(targets: ["g-lions"], asOf: "2020-01-01") { institutions(first: -1) { coverage } } }`, graph.Red, exec.CodeBadInput, "first: -1 is negative"},
		"exposure of a post":            {`{ exposure(nodes: ["o-chief"], asOf: "2020-01-01") { pairCount } }`, graph.Red, exec.CodeBadInput, "exposure is asked of institutions and groups"},
		"share":                         {`{ exposure(asOf: "2020-01-01", minShare: 2) { pairCount } }`, graph.Red, exec.CodeBadInput, "minShare: 2 is outside 0 to 1"},
		"path to itself":                {`{ paths(from: "p-adel", to: "adel karim", asOf: "2020-01-01") { maxHops } }`, graph.Red, exec.CodeBadInput, "both are \"p-adel\""},
		"hops":                          {`{ paths(from: "p-adel", to: "p-basim", asOf: "2020-01-01", maxHops: 13) { maxHops } }`, graph.Red, exec.CodeBadInput, "maxHops: 13 is outside 1 to 12"},
	} {
		t.Run(name, func(t *testing.T) {
			a := ask(t, s, tt.clearance, tt.query, "")
			if len(a.Errors) == 0 {
				t.Fatalf("no error, but %s", a.Data)
			}
			if e := a.Errors[0]; e.Code() != tt.code || !strings.Contains(e.Message, tt.want) {
				t.Errorf("got %s\nwant %s: …%s…", e, tt.code, tt.want)
			}
		})
	}
}

// TestPurgeCalls: what a report names is read in batches, and the picture is
// built once for all who ask about the same day.
func TestPurgeCalls(t *testing.T) {
	store := &countingStore{Store: loaded(t, stores["model"], fixture(t))}
	s := newSchema(t, store)
	variables := `{"targets": ["g-lions"], "asOf": "2020-06-24", "first": 20}`
	data[any](t, s, schema.PurgeDocument, variables)
	first := store.take()
	if first["Ties"] != 1 || first["NodesByID"] > 4 || first["TiesByID"] != 1 || first["Adjacent"] > 0 {
		t.Errorf("calls of the first purge: %v", first)
	}
	data[any](t, s, schema.PurgeDocument, variables)
	if second := store.take(); second["Ties"]+second["Nodes"] > 0 {
		t.Errorf("the second purge built the picture again: %v", second)
	}
}

// TestClearanceOfQuestions: what one may not see takes no part in an answer.
func TestClearanceOfQuestions(t *testing.T) {
	s := newSchema(t, loaded(t, stores["model"], fixture(t)))
	query := `{ purge(targets: ["g-lions"], asOf: "2016-01-01", model: {solidarity: 1}) { rallied { node { key } } basis { nodes snapshot } } }`
	for clearance, want := range map[graph.Marking]bool{graph.Red: true, graph.Amber: false, graph.Clear: false} {
		a := ask(t, s, clearance, query, "")
		if len(a.Errors) > 0 {
			t.Fatal(a.Errors[0])
		}
		if got := strings.Contains(string(a.Data), "g-front"); got != want {
			t.Errorf("%s sees the hidden group: %v: %s", clearance, got, a.Data)
		}
	}
}

// TestPurgeDocumentIsWhole: the document asks for every field of the answer, but
// for the nodes and ties it names.
func TestPurgeDocumentIsWhole(t *testing.T) {
	_, parsed := parsedSDL(t)
	doc, errs := gqlparser.LoadQueryWithRules(parsed, schema.PurgeDocument, rules.NewDefaultRules())
	if errs != nil {
		t.Fatal(errs)
	}
	asked := map[string]map[string]bool{}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, sel := range set {
			switch sel := sel.(type) {
			case *ast.Field:
				typ := sel.ObjectDefinition.Name
				if asked[typ] == nil {
					asked[typ] = map[string]bool{}
				}
				asked[typ][sel.Name] = true
				walk(sel.SelectionSet)
			case *ast.FragmentSpread:
				walk(sel.Definition.SelectionSet)
			}
		}
	}
	walk(doc.Operations[0].SelectionSet)
	for typ, fields := range asked {
		def := parsed.Types[typ]
		if typ == "Query" || typ == "Citation" || typ == "PartialDate" || def.Fields.ForName("id") != nil {
			continue
		}
		for _, f := range def.Fields {
			if !fields[f.Name] {
				t.Errorf("%s.%s is not asked for", typ, f.Name)
			}
		}
	}
}

// TestEveryParameterIsOffered: the model can be set and read in full.
func TestEveryParameterIsOffered(t *testing.T) {
	_, parsed := parsedSDL(t)
	for _, f := range reflect.VisibleFields(reflect.TypeFor[worlds.Params]()) {
		name := strings.ToLower(f.Name[:1]) + f.Name[1:]
		for _, typ := range []string{"PurgeModel", "PurgeModelInput"} {
			if parsed.Types[typ].Fields.ForName(name) == nil {
				t.Errorf("%s has no field %s", typ, name)
			}
		}
	}
}

// TestSameSeedSameAnswer: an answer is the same to the last bit, whoever else
// asks and however many workers there are.
func TestSameSeedSameAnswer(t *testing.T) {
	store := loaded(t, stores["model"], fixture(t))
	var answers []json.RawMessage
	for _, workers := range []int{1, 1, 4} {
		s, err := schema.New(schema.Config{Store: store, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		a := ask(t, s, graph.Red, schema.PurgeDocument, `{"targets": ["g-lions"], "asOf": "2020-06-24", "method": "SAMPLED", "seed": 3, "first": 20}`)
		if len(a.Errors) > 0 {
			t.Fatal(a.Errors[0])
		}
		answers = append(answers, a.Data)
	}
	for _, a := range answers[1:] {
		if diff := cmp.Diff(string(answers[0]), string(a)); diff != "" {
			t.Error(diff)
		}
	}
}

// TestProgressOfAPurge: who runs a long question is told how far it is.
func TestProgressOfAPurge(t *testing.T) {
	var last atomic.Int64
	s, err := schema.New(schema.Config{Store: loaded(t, stores["model"], fixture(t)), Progress: func(done, total int) {
		if total != 1024 || done < 1 || done > total {
			t.Errorf("%d of %d worlds", done, total)
		}
		last.Store(max(last.Load(), int64(done)))
	}, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	a := ask(t, s, graph.Red, `{ purge(targets: ["g-lions"], asOf: "2020-06-24", samples: 1024, method: SAMPLED) { institutionCount } }`, "")
	if len(a.Errors) > 0 || last.Load() != 1024 {
		t.Errorf("told of %d worlds, errors %v", last.Load(), a.Errors)
	}
}
