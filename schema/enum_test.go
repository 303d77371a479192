package schema_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/schema/exec"
)

// TestUnknownEnumValues: whoever writes a value that an enum does not have reads which it has,
// wherever it stands.
func TestUnknownEnumValues(t *testing.T) {
	s := newSchema(t, loaded(t, stores["model"], fixture(t)))
	for query, want := range map[string]string{
		`{ purge(targets: ["a"], asOf: "2020-06-24", method: GUESS) { struckCount } }`:                                                 `Value "GUESS" does not exist in "PurgeMethod" enum, only AUTO, EXACT, SAMPLED.`,
		`{ purge(targets: ["a"], asOf: "2020-06-24", model: {requirements: [{support: VIRTUE, need: 1, floor: 0}]}) { struckCount } }`: `Value "VIRTUE" does not exist in "Support" enum, only COMMAND, FORCE, FUNDING, PROVISION, STAFF.`,
		`{ insure(targets: ["a"], asOf: "2020-06-24", kinds: [ALLY, PRAYER]) { limit } }`:                                              `Value "PRAYER" does not exist in "MeasureKind" enum, only ALLY, COALITION, PROVIDER, STREAM, SUCCESSOR.`,
		`query($m: PurgeMethod = GUESS) { purge(targets: ["a"], asOf: "2020-06-24", method: $m) { struckCount } }`:                     `Value "GUESS" does not exist in "PurgeMethod" enum, only AUTO, EXACT, SAMPLED.`,
	} {
		_, errs := s.Prepare(t.Context(), exec.Request{Query: query})
		var got []string
		for _, e := range errs {
			got = append(got, e.Message)
		}
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}
