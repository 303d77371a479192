package graph_test

import (
	"encoding"
	"errors"
	"slices"
	"testing"

	"entangle/graph"
)

func TestParseGrade(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"": "", "A1": "A1", "b2": "B2", "F6": "F6", "B-": "B-", "-2": "-2", "--": "",
	} {
		g, err := graph.ParseGrade(s)
		if err != nil || g.String() != want {
			t.Errorf("ParseGrade(%q) = %q, %v; want %q", s, g, err, want)
		}
		if back, err := graph.ParseGrade(g.String()); err != nil || back != g {
			t.Errorf("grade %q is read back as %q (%v)", g, back, err)
		}
	}
	if g, _ := graph.ParseGrade("C3"); g != (graph.Grade{Reliability: 'C', Credibility: '3'}) {
		t.Errorf("ParseGrade(C3) = %+v", g)
	}
	for _, s := range []string{"A", "2", "G1", "A0", "A7", "2B", "A1 ", "A11", "é", "B\x00"} {
		if g, err := graph.ParseGrade(s); !errors.Is(err, graph.ErrGrade) || g != (graph.Grade{}) {
			t.Errorf("ParseGrade(%q) = %q, %v; want ErrGrade", s, g, err)
		}
	}
}

// TestParseMarking has the labels of TLP 2.0 (FIRST, August 2022), whose
// spelling is upper case with a colon, and those seen in data.
func TestParseMarking(t *testing.T) {
	t.Parallel()
	for want, spellings := range map[graph.Marking][]string{
		graph.Clear:       {"", "CLEAR", "clear", "TLP:CLEAR", "tlp:clear", "WHITE", "TLP:WHITE"},
		graph.Green:       {"GREEN", "TLP:GREEN", "tlp:green"},
		graph.Amber:       {"AMBER", "TLP:AMBER", "Amber"},
		graph.AmberStrict: {"AMBER_STRICT", "TLP:AMBER+STRICT", "amber+strict", "tlp:amber-strict"},
		graph.Red:         {"RED", "TLP:RED", "red"},
	} {
		for _, s := range spellings {
			if m, err := graph.ParseMarking(s); err != nil || m != want {
				t.Errorf("ParseMarking(%q) = %v, %v; want %v", s, m, err, want)
			}
		}
	}
	for _, s := range []string{"PURPLE", "TLP:", "TLP", "AMBER STRICT", "TLP:TLP:RED", "RED ", "EX:RED"} {
		if m, err := graph.ParseMarking(s); !errors.Is(err, graph.ErrMarking) {
			t.Errorf("ParseMarking(%q) = %v, %v; want ErrMarking", s, m, err)
		}
	}
}

func TestMarkingOrder(t *testing.T) {
	t.Parallel()
	order := []graph.Marking{graph.Clear, graph.Green, graph.Amber, graph.AmberStrict, graph.Red}
	if !slices.IsSorted(order) || len(order) != len(graph.Markings()) {
		t.Errorf("the markings are %v, not from wide to narrow", graph.Markings())
	}
	for i, m := range order {
		if m.String() != graph.Markings()[i] {
			t.Errorf("marking %d is %q, its name %q", i, m, graph.Markings()[i])
		}
	}
	if got := graph.Marking(9).String(); got != "Marking(9)" {
		t.Errorf("no marking is written %q", got)
	}
}

// TestConfidenceFromGrade is rule admiralty/1 in full: the digit gives the
// value, C, D and E cap it, 6 says nothing and F caps nothing.
func TestConfidenceFromGrade(t *testing.T) {
	t.Parallel()
	want := map[byte][6]float64{ // by credibility: under A, B, C, D, E, F
		'1': {0.95, 0.95, 0.8, 0.6, 0.4, 0.95},
		'2': {0.8, 0.8, 0.8, 0.6, 0.4, 0.8},
		'3': {0.6, 0.6, 0.6, 0.6, 0.4, 0.6},
		'4': {0.35, 0.35, 0.35, 0.35, 0.35, 0.35},
		'5': {0.1, 0.1, 0.1, 0.1, 0.1, 0.1},
	}
	for digit, row := range want {
		for i, letter := range []byte("ABCDEF") {
			g := graph.Grade{Reliability: letter, Credibility: digit}
			if got := graph.ConfidenceFromGrade(g); got != (graph.Confidence{Value: row[i], Rule: graph.RuleAdmiralty}) {
				t.Errorf("grade %s gives %+v, want %g", g, got, row[i])
			}
		}
		ungraded := graph.Grade{Credibility: digit}
		if got := graph.ConfidenceFromGrade(ungraded); got.Value != row[0] {
			t.Errorf("grade %s gives %+v, want %g", ungraded, got, row[0])
		}
	}
	for _, s := range []string{"", "A6", "F6", "B-", "-6"} {
		g, err := graph.ParseGrade(s)
		if err != nil {
			t.Fatal(err)
		}
		if got := graph.ConfidenceFromGrade(g); got != (graph.Confidence{Value: graph.DefaultConfidence, Rule: graph.RuleDefault}) {
			t.Errorf("grade %q gives %+v, want the default", s, got)
		}
	}
}

func TestConfidenceFromSFM(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]float64{"Low": 0.4, "Medium": 0.65, "High": 0.9} {
		if got, ok := graph.ConfidenceFromSFM(word); !ok || got != (graph.Confidence{Value: want, Rule: graph.RuleSFM}) {
			t.Errorf("%s gives %+v, %t; want %g", word, got, ok, want)
		}
	}
	for _, word := range []string{"", "low", "Very high"} {
		if got, ok := graph.ConfidenceFromSFM(word); ok {
			t.Errorf("%q gives %+v", word, got)
		}
	}
	if got := graph.Stated(0.7); got != (graph.Confidence{Value: 0.7, Rule: graph.RuleStated}) {
		t.Errorf("Stated(0.7) = %+v", got)
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]graph.Status{"": graph.Accepted, "accepted": graph.Accepted, "Conflict": graph.Conflict, "REJECTED": graph.Rejected} {
		if got, err := graph.ParseStatus(s); err != nil || got != want {
			t.Errorf("ParseStatus(%q) = %v, %v; want %v", s, got, err, want)
		}
	}
	if _, err := graph.ParseStatus("work_needed"); !errors.Is(err, graph.ErrVocabulary) {
		t.Errorf("ParseStatus(work_needed): %v, want ErrVocabulary", err)
	}
	for i, name := range graph.Statuses() {
		if graph.Status(i).String() != name {
			t.Errorf("Status(%d) = %q, want %q", i, graph.Status(i), name)
		}
	}
}

// roundTrip writes a value as text and reads it back into into.
func roundTrip(t *testing.T, v encoding.TextMarshaler, into encoding.TextUnmarshaler) {
	t.Helper()
	b, err := v.MarshalText()
	if err != nil {
		t.Errorf("%v: %v", v, err)
		return
	}
	if err := into.UnmarshalText(b); err != nil {
		t.Errorf("%v is written %q, which is not read back: %v", v, b, err)
	}
}

func TestScalesTextRoundTrip(t *testing.T) {
	t.Parallel()
	for i := range graph.Markings() {
		var back graph.Marking
		if roundTrip(t, graph.Marking(i), &back); back != graph.Marking(i) {
			t.Errorf("marking %v comes back as %v", graph.Marking(i), back)
		}
	}
	for i := range graph.Statuses() {
		var back graph.Status
		if roundTrip(t, graph.Status(i), &back); back != graph.Status(i) {
			t.Errorf("status %v comes back as %v", graph.Status(i), back)
		}
	}
	for _, g := range []graph.Grade{{}, {Reliability: 'B', Credibility: '2'}, {Credibility: '6'}} {
		var back graph.Grade
		if roundTrip(t, g, &back); back != g {
			t.Errorf("grade %v comes back as %v", g, back)
		}
	}
}

func TestShare(t *testing.T) {
	t.Parallel()
	if got := (graph.Share{}).Or(0.5); got != 0.5 {
		t.Errorf("an unknown share = %g, want what stands in", got)
	}
	if got := graph.KnownShare(0).Or(0.5); got != 0 {
		t.Errorf("a known share of nothing = %g, want 0", got)
	}
}
