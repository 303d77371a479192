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

func TestRefusalsOfSeveralPurges(t *testing.T) {
	s := newSchema(t, loaded(t, stores["model"], fixture(t)))
	for name, tt := range map[string]struct {
		query string
		code  exec.Code
		want  string
	}{
		"nothing to compare":     {`{ compare(targets: ["g-lions"], asOf: "2020-01-01") { institutionCount } }`, exec.CodeBadInput, "withTargets and withModel are both left out"},
		"unknown second target":  {`{ compare(targets: ["g-lions"], withTargets: ["zzz"], asOf: "2020-01-01") { institutionCount } }`, exec.CodeNotFound, `"zzz"`},
		"second model":           {`{ compare(targets: ["g-lions"], withModel: {sourceCorrelation: 1.5}, asOf: "2020-01-01") { institutionCount } }`, exec.CodeBadInput, "sourceCorrelation 1.5 is outside 0 to 1"},
		"samples":                {`{ compare(targets: ["g-lions"], withModel: {}, asOf: "2020-01-01", samples: 0) { institutionCount } }`, exec.CodeBadInput, "samples: 0 is outside 1 to"},
		"entanglement of person": {`{ entanglement(groups: ["p-adel"], asOf: "2020-01-01") { pairCount } }`, exec.CodeBadInput, "entanglement is asked of groups"},
		"minP":                   {`{ entanglement(minP: 2, asOf: "2020-01-01") { pairCount } }`, exec.CodeBadInput, "minP: 2 is outside 0 to 1"},
		"threshold":              {`{ attribution(targets: ["g-lions"], threshold: 0, asOf: "2020-01-01") { orders } }`, exec.CodeBadInput, "threshold: 0 is not above 0"},
		"part of an institution": {`{ attribution(targets: ["g-lions"], institution: "guard", asOf: "2020-01-01") { orders } }`, exec.CodeNotFound, "near it: Border Guard"},
		"ties":                   {`{ verify(targets: ["g-lions"], ties: 0, asOf: "2020-01-01") { doubtful } }`, exec.CodeBadInput, "ties: 0 is outside 1 to"},
		"institution of a group": {`{ verify(targets: ["g-lions"], institution: "g-lions", asOf: "2020-01-01") { doubtful } }`, exec.CodeBadInput, "is a Group, not an institution"},
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

// TestWorkersOfSeveralPurges: the answers do not depend on the number of workers.
func TestWorkersOfSeveralPurges(t *testing.T) {
	store := loaded(t, stores["model"], fixture(t))
	query := `{
		compare(targets: ["g-lions"], withTargets: ["p-basim"], asOf: "2020-06-24", method: SAMPLED, samples: 999) { institutions { difference { value se low high } } }
		entanglement(asOf: "2020-06-24", method: SAMPLED) { pairs { fractured { p low high } } }
		attribution(targets: ["g-lions", "p-basim"], asOf: "2020-06-24", method: SAMPLED, samples: 999) { shares { shapley { value se low high } } }
		verify(targets: ["g-lions"], asOf: "2020-06-24", method: SAMPLED, samples: 999) { ties { from { key } importance { value se low high } } }
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
