package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/schema"
	"entangle/schema/exec"
)

func TestRefusalsOfPlans(t *testing.T) {
	s := newSchema(t, loaded(t, stores["model"], fixture(t)))
	for name, tt := range map[string]struct {
		query string
		code  exec.Code
		want  string
	}{
		"frontier of a person": {`{ frontier(groups: ["p-adel"], asOf: "2020-01-01") { groupCount } }`, exec.CodeBadInput, "a frontier is made of groups"},
		"benefit":              {`{ frontier(benefits: [{group: "g-lions", benefit: 0}], asOf: "2020-01-01") { groupCount } }`, exec.CodeBadInput, "benefit 0 of"},
		"tolerance":            {`{ frontier(tolerance: 1.5, asOf: "2020-01-01") { groupCount } }`, exec.CodeBadInput, "tolerance: 1.5 is outside 0 to 1"},
		"search":               {`{ frontier(search: 0, asOf: "2020-01-01") { groupCount } }`, exec.CodeBadInput, "search: 0 is outside 1 to 4096"},
		"weight of nothing":    {`{ frontier(weights: [{weight: 1}], asOf: "2020-01-01") { groupCount } }`, exec.CodeBadInput, "give one of them"},
		"weight of both":       {`{ stage(targets: ["g-lions"], weights: [{weight: 1, type: "unit", institution: "i-guard"}], asOf: "2020-01-01") { peakStage } }`, exec.CodeBadInput, "give one of them"},
		"weight":               {`{ insure(targets: ["g-lions"], weights: [{weight: -1, type: "unit"}], asOf: "2020-01-01") { searched } }`, exec.CodeBadInput, "weight -1 of type unit"},
		"unknown institution":  {`{ insure(targets: ["g-lions"], weights: [{weight: 1, institution: "zzz"}], asOf: "2020-01-01") { searched } }`, exec.CodeNotFound, `weights: not found: "zzz"`},
		"unknown benefit":      {`{ frontier(benefits: [{group: "zzz", benefit: 2}], asOf: "2020-01-01") { groupCount } }`, exec.CodeNotFound, `benefits: not found: "zzz"`},
		"unknown group":        {`{ frontier(groups: ["zzz"], asOf: "2020-01-01") { groupCount } }`, exec.CodeNotFound, `groups: not found: "zzz"`},
		"unknown second":       {`{ compare(targets: ["g-lions"], withTargets: ["zzz"], asOf: "2020-01-01") { institutionCount } }`, exec.CodeNotFound, `withTargets: not found: "zzz"`},
		"unknown in question":  {`{ verify(targets: ["g-lions"], institution: "zzz", asOf: "2020-01-01") { doubtful } }`, exec.CodeNotFound, `institution: not found: "zzz"`},
		"second model":         {`{ compare(targets: ["g-lions"], withModel: {solidarity: 2}, asOf: "2020-01-01") { institutionCount } }`, exec.CodeBadInput, "second purge: invalid question: solidarity 2 is outside 0 to 1"},
		"weight twice":         {`{ stage(targets: ["g-lions"], weights: [{weight: 1, type: "unit"}, {weight: 0, type: "unit"}], asOf: "2020-01-01") { peakStage } }`, exec.CodeBadInput, `weights: type "unit" is there twice`},
		"weight by two names":  {`{ insure(targets: ["g-lions"], weights: [{weight: 1, institution: "i-guard"}, {weight: 0, institution: "Border Guard"}], asOf: "2020-01-01") { searched } }`, exec.CodeBadInput, `weights: institution "Border Guard" is there twice`},
		"benefit twice":        {`{ frontier(benefits: [{group: "g-lions", benefit: 2}, {group: "lions brigade", benefit: 3}], asOf: "2020-01-01") { groupCount } }`, exec.CodeBadInput, `benefits: group "lions brigade" is there twice`},
		"recovery twice":       {`{ stage(targets: ["g-lions"], recoveryByType: [{type: "unit", stages: 1}, {type: "unit", stages: 2}], asOf: "2020-01-01") { peakStage } }`, exec.CodeBadInput, `recoveryByType: type "unit" is there twice`},
		"the same stage twice": {`{ stage(targets: ["g-lions", "lions brigade"], asOf: "2020-01-01") { peakStage } }`, exec.CodeBadInput, "named twice"},
		"recovery":             {`{ stage(targets: ["g-lions"], recovery: 17, asOf: "2020-01-01") { peakStage } }`, exec.CodeBadInput, "recovery: 17 is outside 0 to 16"},
		"recovery of a type":   {`{ stage(targets: ["g-lions"], recoveryByType: [{type: "unit", stages: -1}], asOf: "2020-01-01") { peakStage } }`, exec.CodeBadInput, "recovery of type unit"},
		"level":                {`{ insure(targets: ["g-lions"], level: 1, asOf: "2020-01-01") { searched } }`, exec.CodeBadInput, "level 1 is outside 0 to 0.999"},
		"size":                 {`{ insure(targets: ["g-lions"], size: 13, asOf: "2020-01-01") { searched } }`, exec.CodeBadInput, "size: 13 is outside 1 to 12"},
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

// TestWorkersOfPlans: the answers do not depend on the number of workers.
func TestWorkersOfPlans(t *testing.T) {
	store := loaded(t, stores["model"], fixture(t))
	query := `{
		frontier(asOf: "2016-06-24", method: SAMPLED, samples: 999) { curve { groups { key } searched expected { value se } } }
		stage(targets: ["g-lions", "p-basim"], asOf: "2016-06-24", method: SAMPLED, samples: 999) { stages { target { key } expected { value se } } }
		insure(targets: ["g-lions"], asOf: "2016-06-24", method: SAMPLED, samples: 999) { measures { node { key } tail { value se } } }
	}`
	var answers []json.RawMessage
	for _, workers := range []int{1, 4} {
		s, err := schema.New(schema.Config{Store: store, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		a := ask(t, s, graph.Red, query, "")
		if len(a.Errors) > 0 {
			t.Fatal(a.Errors[0])
		}
		answers = append(answers, a.Data)
	}
	if diff := cmp.Diff(string(answers[0]), string(answers[1])); diff != "" {
		t.Error(diff)
	}
}
