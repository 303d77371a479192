package ask

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestVerifyIsTold: each doubtful tie with its sources, and what rests on a default.
func TestVerifyIsTold(t *testing.T) {
	exact := func(v float64) amountAnswer { return amountAnswer{Value: v, Low: v, High: v} }
	tie := func(defaulted bool, source string) doubtfulAnswer {
		return doubtfulAnswer{
			Tie: &tieAnswer{Citations: []citeAnswer{{Source: &sourceAnswer{Key: source, Name: source}}}}, Type: "HOLDS", From: nodeAnswer{Name: "A"}, To: nodeAnswer{Name: "B"}, Confidence: 0.5,
			Defaulted: defaulted, IfTrue: exact(2), IfFalse: exact(1), Importance: exact(1), Explained: exact(0.5),
		}
	}
	a := &verifyAnswer{
		Targets: []nodeAnswer{{Name: "G"}}, Now: exact(1.5), Ties: []doubtfulAnswer{tie(true, "One"), tie(false, "Two")}, Doubtful: 3, Undecided: 1, FreshSeed: "7", Basis: basisAnswer{AsOf: "2020"},
	}
	shownNow := func() string {
		return printed(t, true, func(p *page) {
			if err := printVerify(p, a); err != nil {
				t.Error(err)
			}
		})
	}
	got, _, _ := strings.Cut(shownNow(), "\nsnapshot ")
	want := `Purge of G as of 2020
institutions of the state fractured on average: 1.50 exact

Most worth checking, by the share of the spread that knowing them takes away:
  1. A –HOLDS→ B (undated, confidence 0.5) [1]
     2.00 if it holds, 1.00 if not: +1.00 (+1.00 to +1.00); 50% of the spread; its confidence is the default
  2. A –HOLDS→ B (undated, confidence 0.5) [2]
     2.00 if it holds, 1.00 if not: +1.00 (+1.00 to +1.00); 50% of the spread

3 uncertain ties may matter; of 1 nothing can be said, since too few worlds had them or did not (--samples).
They were found in the worlds below and judged in as many of seed 7.

Sources
  [1] One
  [2] Two
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	a.Ties, a.Doubtful, a.Undecided, a.FreshSeed = nil, 0, 0, "0"
	if got := shownNow(); !strings.Contains(got, "No uncertain tie was seen to change that.\n\n0 uncertain ties may matter.\n\nsnapshot ") {
		t.Errorf("without ties:\n%s", got)
	}
}

// TestEntanglementIsCounted: what is not listed is counted, one or several, and none is not
// told of.
func TestEntanglementIsCounted(t *testing.T) {
	for more := range 3 {
		a := &entanglementAnswer{GroupCount: 1 + more, PairCount: 1 + more}
		a.Groups = append(a.Groups, entangledGroup{Group: nodeAnswer{Name: "G"}, InstitutionCount: 1})
		a.Pairs = append(a.Pairs, entangledPair{Group: nodeAnswer{Name: "G"}, Institution: nodeAnswer{Name: "I"}, Fractured: estimateAnswer{1, 1, 1}})
		got := printed(t, true, func(p *page) {
			if err := a.tables(p); err != nil {
				t.Error(err)
			}
		})
		for _, what := range []string{"pair", "group"} {
			line := fmt.Sprintf("… and %s (--first)\n", many(more, "more "+what))
			if told := strings.Contains(got, line); told != (more > 0) {
				t.Errorf("%d more %ss: told %t\n%s", more, what, told, got)
			}
		}
	}
}
