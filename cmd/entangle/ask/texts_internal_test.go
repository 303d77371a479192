package ask

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/queries/worlds"
)

func TestPercent(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0%", 1e-9: "<0.1%", 0.00099: "<0.1%", 0.001: "0.1%", 0.0123: "1.2%", 0.0994: "9.9%", 0.0995: "10%", 0.125: "12%", 0.5: "50%", 0.994: "99%",
		0.995: "99.5%", 0.9989: "99.9%", 0.999: ">99.9%", 0.9999999: ">99.9%", 1: "100%",
	} {
		if got := percent(v); got != want {
			t.Errorf("%g: %s, want %s", v, got, want)
		}
	}
}

// TestEstimates: an exact one stands alone, a sampled one with its interval, which is finer
// where its ends are near each other.
func TestEstimates(t *testing.T) {
	for _, tt := range []struct {
		e                      estimateAnswer
		interval, with, within string
	}{
		{estimateAnswer{0.25, 0.25, 0.25}, "exact", "25%", "25%"},
		{estimateAnswer{0.25, 0.2, 0.3}, "20–30%", "25% (20–30%)", "25%, 20–30%"},
		{estimateAnswer{0.251, 0.249, 0.252}, "24.9–25.2%", "25% (24.9–25.2%)", "25%, 24.9–25.2%"},
		{estimateAnswer{0, 0, 0.0005}, "0–<0.1%", "0% (0–<0.1%)", "0%, 0–<0.1%"},
		{estimateAnswer{1, 0.97, 1}, "97–100%", "100% (97–100%)", "100%, 97–100%"},
	} {
		if got := [3]string{tt.e.interval(), tt.e.with(), tt.e.within()}; got != [3]string{tt.interval, tt.with, tt.within} {
			t.Errorf("%+v: %q", tt.e, got)
		}
	}
	if got := (spreadAnswer{Mean: 1.5, Low: 1.5, High: 1.5}).mean(); got != "1.50" {
		t.Errorf("an exact mean: %s", got)
	}
	if got := (spreadAnswer{Mean: 1.5, Low: 1.25, High: 1.756}).mean(); got != "1.50 (1.25–1.76)" {
		t.Errorf("a sampled mean: %s", got)
	}
	if got := (&basisAnswer{Method: "SAMPLED", Samples: 100, Unseen: 0.037}).never(); got != ": in none of the 100 drawn, so that each has at most a chance of 3.7%" {
		t.Errorf("never: %s", got)
	}
	if got := (&basisAnswer{Method: "EXACT", Unseen: 0.037}).never(); got != "" {
		t.Errorf("never, exactly: %s", got)
	}
}

// TestDates: a start and an end go before what was seen, the last before the first.
func TestDates(t *testing.T) {
	d := func(text string) *dateAnswer { return &dateAnswer{Edtf: text} }
	for want, tie := range map[string]tieAnswer{
		"undated": {}, "2001/": {Start: d("2001"), Last: d("2009")}, "/2002": {End: d("2002")}, "2001/..": {Start: d("2001"), End: d("..")},
		"seen 2009": {First: d("2005"), Last: d("2009")}, "seen 2005": {First: d("2005"), Start: d(""), End: d("")},
	} {
		if got := tie.dates(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestSteps are told in the direction of the claim, with all that is known of it, and
// each source keeps the number under which it is met first.
func TestSteps(t *testing.T) {
	a, b := nodeAnswer{Name: "A"}, nodeAnswer{Name: "B"}
	one, two := &sourceAnswer{Key: "1", Name: "One", URL: "https://one.example", ArchiveURL: "https://kept.example/1"}, &sourceAnswer{Key: "2", Name: "Two"}
	kept := &sourceAnswer{Key: "4", Name: "Four", ArchiveURL: "https://kept.example/4"}
	var sources sourceList
	for _, tt := range []struct {
		step stepAnswer
		want string
	}{
		{stepAnswer{Type: "HOLDS", Along: true, Confidence: 0.5, From: a, To: b}, "A –HOLDS→ B (confidence 0.5)"},
		{stepAnswer{Type: "HOLDS", Along: true, Confidence: 0.35, Stated: 0.7, From: a, To: b}, "A –HOLDS→ B (confidence 0.7, by age 0.35)"},
		{stepAnswer{Type: "HOLDS", Along: true, Confidence: 0.6999, Stated: 0.7, From: a, To: b}, "A –HOLDS→ B (confidence 0.7)"},
		{stepAnswer{Type: "HOLDS", Confidence: 1, From: a, To: b, Tie: &tieAnswer{Grade: "B2", Status: "CONFLICT"}}, "B –HOLDS→ A (undated, B2, contradicted, confidence 1)"},
		{
			stepAnswer{Type: "HOLDS", Along: true, Confidence: 0.125, From: a, To: b, Tie: &tieAnswer{Status: "ACCEPTED", Citations: []citeAnswer{{Source: two, Page: "12"}, {Key: "gone"}, {Source: one}}}},
			"A –HOLDS→ B (undated, confidence 0.12) [1 p. 12] [2] [3]",
		},
		{stepAnswer{Type: "HOLDS", Along: true, Confidence: 1, From: a, To: b, Tie: &tieAnswer{Citations: []citeAnswer{{Source: one}, {Source: two}}}}, "A –HOLDS→ B (undated, confidence 1) [3] [1]"},
		{stepAnswer{Type: "HOLDS", Along: true, Confidence: 1, From: a, To: b, Tie: &tieAnswer{Citations: []citeAnswer{{Source: kept, Page: "opening"}}}}, "A –HOLDS→ B (undated, confidence 1) [4 opening]"},
	} {
		if got := tt.step.text(&sources); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
	var out strings.Builder
	sources.print(&out)
	(&sourceList{}).print(&out)
	if want := "\nSources\n  [1] Two\n  [2] gone (the store has this source no more)\n  [3] One <https://one.example>\n  [4] Four <https://kept.example/4>\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

// TestWrapped: a line is as wide as it may be, to the sign; shortened names too.
func TestWrapped(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		want  string
	}{
		{"", 5, ""}, {"ab cd", 5, "ab cd"}, {"ab cde", 5, "ab|cde"}, {"äb çd", 5, "äb çd"}, {"abcdefg h i", 3, "abcdefg|h i"}, {"  a   b ", 9, "a b"}, {"a b c d", 3, "a b|c d"},
	} {
		if got := strings.Join(wrapped(tt.text, tt.width), "|"); got != tt.want {
			t.Errorf("%q in %d: %s, want %s", tt.text, tt.width, got, tt.want)
		}
	}
	for text, want := range map[string]string{"abcde": "abcde", "abcdef": "abcd…", "äöüßé": "äöüßé", "abc def": "abc…"} {
		if got := shortened(text, 5); got != want {
			t.Errorf("%q in 5: %s, want %s", text, got, want)
		}
	}
	line := strings.Repeat("x", 49) + " " + strings.Repeat("y", 50)
	if got := printed(t, false, func(p *page) { _, _ = p.Write([]byte(line + "\n")) }); got != line+"\n" {
		t.Errorf("a line of the page's width is broken: %q", got)
	}
	if got, want := printed(t, false, func(p *page) { _, _ = p.Write([]byte("  " + line + "\n")) }), "  "+strings.Repeat("x", 49)+"\n    "+strings.Repeat("y", 50)+"\n"; got != want {
		t.Errorf("a line two wider: %q", got)
	}
	if got := printed(t, true, func(p *page) { _, _ = p.Write([]byte("  " + line + "\n")) }); got != "  "+line+"\n" {
		t.Errorf("on a wide page: %q", got)
	}
	if got := printed(t, false, func(p *page) {
		for _, part := range []string{"a", "b\nc", "", "d\n", "e"} {
			if n, err := p.Write([]byte(part)); n != len(part) || err != nil {
				t.Errorf("%q: %d, %v", part, n, err)
			}
		}
	}); got != "ab\ncd\n" {
		t.Errorf("in parts: %q", got)
	}
	if n, err := (&page{w: brokenPipe{}}).Write([]byte("a\n")); n != 0 || !errors.Is(err, errPipe) {
		t.Errorf("a pipe that broke: %d, %v", n, err)
	}
	if n := utf8.RuneCountInString(line); n != columns {
		t.Errorf("the line has %d signs", n)
	}
}

var errPipe = errors.New("broken pipe")

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errPipe }

// TestBasis tells each thing where it is so, and nothing where it is not.
func TestBasis(t *testing.T) {
	no, yes := false, true
	base := basisAnswer{Snapshot: "abc", Gap: "strict", Nodes: 2, Ties: 3, PossibleTies: 1, DefaultedTies: 2, Conditional: "if so"}
	const middle = "snapshot abc, gap policy strict: 2 nodes, 3 ties, of them 1 possible only, 2 with default confidence\n"
	for name, tt := range map[string]struct {
		change func(b *basisAnswer)
		want   string
	}{
		"no worlds": {func(*basisAnswer) {}, "\n" + middle + "if so\n"},
		"exact":     {func(b *basisAnswer) { b.Method, b.Coins = "EXACT", 1 }, "\nexact; 1 uncertain tie or response matters\n" + middle + "if so\n"},
		"sampled": {
			func(b *basisAnswer) {
				b.Method, b.Samples, b.Seed, b.Generator, b.Coins, b.Unseen, b.Converged = "SAMPLED", 8, "7", "pcg/1", 2, 0.3, &yes
			},
			"\nsampled: 8 worlds, seed 7, pcg/1; 2 uncertain ties or responses matter\nwhat was seen in no world has at most a chance of 30%\n" + middle + "if so\n",
		},
		"distant":                            {func(b *basisAnswer) { b.DistantTies, b.DistantYears = 1, 1 }, "\n" + middle + "1 of the 3 ties has no evidence within 1 year of the day\nif so\n"},
		"distant all":                        {func(b *basisAnswer) { b.DistantTies, b.UndatedTies, b.DistantYears = 1, 2, 3 }, "\n" + middle + "all 3 ties have no evidence within 3 years of the day, 2 of them no date at all\nif so\n"},
		"faded":                              {func(b *basisAnswer) { b.FadedTies = 1 }, "\n" + middle + "1 tie stands with less than its stated confidence, for the age of the evidence\nif so\n"},
		"faded two":                          {func(b *basisAnswer) { b.FadedTies = 2 }, "\n" + middle + "2 ties stand with less than their stated confidence, for the age of the evidence\nif so\n"},
		"ageless, where nothing fades":       {func(b *basisAnswer) { b.AgelessTies = 1 }, "\n" + middle + "if so\n"},
		"structure":                          {func(b *basisAnswer) { b.StructuralTies = 1 }, "\n" + middle + "1 tie is structure that nobody dated, which stands under every gap policy\nif so\n"},
		"later":                              {func(b *basisAnswer) { b.LaterTies = 2 }, "\n" + middle + "2 ties rest on evidence later than the day alone\nif so\n"},
		"until":                              {func(b *basisAnswer) { b.EvidenceUntil, b.LateTies = "2020-01-01", 1 }, "\n" + middle + "evidence until 2020-01-01: 1 tie was left out\nif so\n"},
		"until, none":                        {func(b *basisAnswer) { b.EvidenceUntil, b.UntimedTies = "2020-01-01", 2 }, "\n" + middle + "evidence until 2020-01-01: 0 ties were left out\n2 ties stay in, though nothing says when they were first told\nif so\n"},
		"untimed, where nothing is left out": {func(b *basisAnswer) { b.UntimedTies = 2 }, "\n" + middle + "if so\n"},
		"omitted":                            {func(b *basisAnswer) { b.OmittedTies = 1 }, "\n" + middle + "1 more tie is possible on that day and was left out by the gap policy\nif so\n"},
		"omitted two":                        {func(b *basisAnswer) { b.OmittedTies = 2 }, "\n" + middle + "2 more ties are possible on that day and were left out by the gap policy\nif so\n"},
		"confidence":                         {func(b *basisAnswer) { b.MinConfidence = 0.5 }, "\n" + middle + "ties of less confidence than 0.5 were left out\nif so\n"},
		"not converged":                      {func(b *basisAnswer) { b.Converged = &no }, "\n" + middle + "NOT CONVERGED: some worlds still changed at the cap of waves\nif so\n"},
		"circling": {func(b *basisAnswer) { b.Converged, b.Circling = &no, &estimateAnswer{0.5, 0.5, 0.5} }, "\n" + middle + "NOT CONVERGED: in up to 50% of the worlds of a purge groups change sides for ever; these worlds count by the worst that comes of it: " +
			"a chance of fracture may be too high by this share and is never too low, a difference of two may be off by it both ways\nif so\n"},
	} {
		b := base
		tt.change(&b)
		got := printed(t, true, func(p *page) {
			if err := b.print(p); err != nil {
				t.Error(err)
			}
		})
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestMissing: what is not on record is told before the answer; where nothing is, in its
// place, of two days only if it is so on both.
func TestMissing(t *testing.T) {
	const absent = `"missing": {"absent": [{"node": {"key": "g"}, "note": "G was founded later"}], "vacant": [{"key": "o", "name": "O"}], "unrecorded": [{"name": "U"}], "unsupported": [{"name": "S"}]}`
	const told = "NOT ON RECORD on 2020: G was founded later\nNOT ON RECORD on 2020: O: nobody holds it on record\nNOT ON RECORD on 2020: U: no tie of it stands\nNOT ON RECORD on 2020: S: none of its supports has data\n"
	const none = `"missing": {"noRecord": true}, "unseen": 0.5, "method": "SAMPLED"`
	const nothing = "NO RECORD: of what was asked about nothing is on record on 2020. No record is not safety: there is no answer.\n"
	for name, tt := range map[string]struct {
		raw, want string
		only      bool
	}{
		"nothing is missing": {`{"basis": {"asOf": "2020"}}`, "", false},
		"no basis":           {`{"from": {"key": "a"}, "to": {"key": "b"}}`, "", false},
		"some":               {`{"basis": {"asOf": "2020", ` + absent + `}}`, told + "\n", false},
		"many": {`{"basis": {"asOf": "2020", "missing": {"unrecorded": [{"name": "A"}, {"name": "B"}, {"name": "C"}, {"name": "D"}, {"name": "E"}, {"name": "F"}]}}}`,
			"NOT ON RECORD on 2020: 6 nodes of which no tie stands: A, B, C, D, E and 1 more (--json names all)\n\n", false},
		"all":            {`{"basis": {"asOf": "2020", ` + none + `}}`, nothing, true},
		"one day of two": {`{"from": {"asOf": "2019", ` + none + `}, "to": {"asOf": "2020", ` + absent + `}}`, told + "NO RECORD on 2019 of what was asked about: what differs from it may only not be on record.\n\n", false},
		"both days":      {`{"from": {"asOf": "2019", ` + none + `}, "to": {"asOf": "2020", ` + none + `}}`, nothing, true},
	} {
		var only bool
		got := printed(t, true, func(p *page) {
			var err error
			if only, err = printMissing(p, json.RawMessage(tt.raw)); err != nil {
				t.Error(err)
			}
		})
		got, basis, _ := strings.Cut(got, "\nsnapshot ")
		if got != tt.want || only != tt.only || strings.Contains(basis, "seen in no world") {
			t.Errorf("%s: %t\n%s%s", name, only, got, basis)
		}
	}
	var m missingAnswer
	if err := json.Unmarshal([]byte("{"+absent+"}"), &struct{ Missing *missingAnswer }{&m}); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]bool{"g": true, "o": true, "x": false} {
		if got := m.has(nodeAnswer{Key: key}); got != want {
			t.Errorf("%s is missing: %t", key, got)
		}
	}
	if _, err := printMissing(&page{w: brokenPipe{}}, json.RawMessage(`{"basis": {"asOf": "2020", `+absent+`}}`)); !errors.Is(err, errPipe) {
		t.Errorf("a pipe that broke: %v", err)
	}
	if _, err := printMissing(&page{w: brokenPipe{}}, json.RawMessage(`[]`)); err == nil {
		t.Error("what is no answer is read")
	}
}

// outcome is an institution that fractures with the chance p.
func outcome(name string, own bool, p float64) outcomeAnswer {
	return outcomeAnswer{
		Institution: nodeAnswer{Key: strings.ToLower(name), Name: name}, Own: own, Coverage: 0.5,
		Fractured: estimateAnswer{p, p, p}, Intact: estimateAnswer{1 - p, 1 - p, 1 - p}, Wave: &struct{ Mode int }{2},
		Supports: []supportAnswer{{Support: "STAFF", Mean: 0.5, Below: estimateAnswer{P: p}}, {Support: "FORCE", Mean: 0.25, Below: estimateAnswer{P: p}}, {Support: "FUNDING", Mean: 0.1}},
	}
}

// tabled prints what comes before the summary of a purge.
func tabled(t *testing.T, p purgePrinter, a *purgeAnswer) string {
	t.Helper()
	return printed(t, false, func(w *page) {
		p.w = w
		p.sort(a)
		if err := p.table(a); err != nil {
			t.Error(err)
		}
	})
}

// TestPurgeTable: the targets' own come last, each list is as long as was asked, and what is
// not listed is counted as touched or as within reach.
func TestPurgeTable(t *testing.T) {
	answer := func(count, touched int, list ...outcomeAnswer) *purgeAnswer {
		return &purgeAnswer{Institutions: list, InstitutionCount: count, TouchedCount: touched, Targets: make([]nodeAnswer, 1), Basis: basisAnswer{Samples: 9, Unseen: 0.25}}
	}
	dim, noData := outcome("Dim", false, 0.5), outcome("Blank", false, 0)
	dim.Coverage, dim.Wave, dim.Supports = 0.49, nil, nil
	noData.NoData = true
	const head = "INSTITUTION    P    95%    COLLAPSED  STRAINED  WAVE  WEAKEST\n"
	for name, tt := range map[string]struct {
		p    purgePrinter
		a    *purgeAnswer
		want string
	}{
		"nothing": {purgePrinter{first: 9}, answer(0, 0), "No institution is touched: nothing in the data ties one to what is struck, on that day.\n"},
		"one": {
			purgePrinter{first: 9},
			answer(1, 1, outcome("One", false, 0.5)),
			head + "One            50%  exact  0%         0%        2     force 25%\n",
		},
		"own and others": {
			purgePrinter{first: 9},
			answer(2, 2, outcome("Own", true, 1), outcome("One", false, 0.5)),
			"INSTITUTION    P     95%    COLLAPSED  STRAINED  WAVE  WEAKEST\nOne            50%   exact  0%         0%        2     force 25%\nThe target's own:\nOwn            100%  exact  0%         0%        2     force 25%\n",
		},
		"little on record": {
			purgePrinter{first: 9},
			answer(1, 1, dim),
			"INSTITUTION     P    95%    COLLAPSED  STRAINED  WAVE  WEAKEST\nDim          !  50%  exact  0%         0%        –     –\n" +
				"! less than half of its leading posts is on record: its figures say little (COVERAGE in --wide)\n",
		},
		"little on record of any": {
			purgePrinter{first: 9},
			answer(2, 2, dim, dim),
			"LOW COVERAGE: less than half of the leading posts of each is on record: figures say little (--wide)\nINSTITUTION  P    95%    COLLAPSED  STRAINED  WAVE  WEAKEST\n" +
				"Dim          50%  exact  0%         0%        –     –\nDim          50%  exact  0%         0%        –     –\n",
		},
		"little on record of one": {
			purgePrinter{first: 9},
			answer(2, 2, dim, outcome("One", false, 0.5)),
			"INSTITUTION     P    95%    COLLAPSED  STRAINED  WAVE  WEAKEST\nDim          !  50%  exact  0%         0%        –     –\n" +
				"One             50%  exact  0%         0%        2     force 25%\n" +
				"! less than half of its leading posts is on record: its figures say little (COVERAGE in --wide)\n",
		},
		"no data": {
			purgePrinter{first: 9},
			answer(2, 1, outcome("One", false, 0.5), noData),
			"INSTITUTION    P        95%    COLLAPSED  STRAINED  WAVE  WEAKEST\nOne            50%      exact  0%         0%        2     force 25%\nBlank          no data  –      –          –         –     –\n",
		},
		"more touched": {
			purgePrinter{first: 1},
			answer(3, 3, outcome("One", false, 0.5), outcome("Two", false, 0.5)),
			head + "One            50%  exact  0%         0%        2     force 25%\n… and 2 more that are touched (--first 3 shows all)\n",
		},
		"one more touched, one within reach": {
			purgePrinter{first: 1},
			answer(3, 2, outcome("One", false, 0.5), outcome("Two", false, 0.5)),
			head + "One            50%  exact  0%         0%        2     force 25%\n… and 1 more that is touched, 1 within reach that was in no world drawn (--first 3 shows all)\n",
		},
		"within reach": {
			purgePrinter{first: 1},
			answer(1, 0, outcome("One", false, 0)),
			"No institution is touched in any of the 9 worlds drawn. Within reach, each with a chance of at\n  most 25%:\n" +
				"INSTITUTION    P   95%    COLLAPSED  STRAINED  WAVE  WEAKEST\nOne            0%  exact  0%         0%        2     funding 10%\n",
		},
		"by name": {
			purgePrinter{first: 9, named: make([]graph.Node, 2)},
			answer(2, 1, outcome("Own", true, 0.5), outcome("Whole", false, 0)),
			"INSTITUTION    P    95%    COLLAPSED  STRAINED  WAVE  WEAKEST\nOwn            50%  exact  0%         0%        2     force 25%\nWhole          0%   exact  0%         0%        2     funding 10%\n" +
				"Whole is touched in no world: nothing in the data ties it to what is struck, on that day.\n",
		},
	} {
		if diff := cmp.Diff(tt.want, tabled(t, tt.p, tt.a)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestOwnIsTold: both counts where something is own, the state's alone else; eight of what is
// own are named and the others counted.
func TestOwnIsTold(t *testing.T) {
	state, own := spreadAnswer{Mean: 2, Low: 1.5, High: 2.5, Q05: 1, Q95: 4}, spreadAnswer{Mean: 11.25, Low: 11.25, High: 11.25}
	list := func(n, more int) *ownAnswer {
		o := &ownAnswer{OwnInstitutionCount: n + more}
		for i := range n {
			o.OwnInstitutions = append(o.OwnInstitutions, nodeAnswer{Name: string(rune('A' + i))})
		}
		return o
	}
	for _, tt := range []struct {
		own            *ownAnswer
		headline, list string
		beside         string
	}{
		{list(0, 0), "fractures 2.00 institutions of the state (1.50–2.50).", "", ""},
		{list(1, 0), "fractures 2.00 institutions of the state (1.50–2.50) beside 11.25 of its own.", "Counted as its own and not as damage: A.\n", ", beside 3.00 (2.00–4.00) of its own"},
		{list(8, 0), "fractures 2.00 institutions of the state (1.50–2.50) beside 11.25 of its own.", "Counted as its own and not as damage: A, B, C, D, E, F, G, H.\n", ", beside 3.00 (2.00–4.00) of its own"},
		{list(9, 3), "fractures 2.00 institutions of the state (1.50–2.50) beside 11.25 of its own.", "Counted as its own and not as damage: A, B, C, D, E, F, G, H and 4 more.\n", ", beside 3.00 (2.00–4.00) of its own"},
	} {
		got := []string{
			tt.own.fractures(state, own, "its"),
			printed(t, false, func(w *page) { tt.own.printOwn(w, "its") }),
			tt.own.beside(amountAnswer{Value: 3, Low: 2, High: 4}, "its"),
		}
		if diff := cmp.Diff([]string{tt.headline, tt.list, tt.beside}, got); diff != "" {
			t.Errorf("%d of %d own (-want +got):\n%s", len(tt.own.OwnInstitutions), tt.own.OwnInstitutionCount, diff)
		}
	}
	if got := ofState(state, estimateAnswer{0.5, 0.25, 0.75}); got != "Of the state 1 to 4 fracture in nine worlds of ten; none with probability 50% (25–75%)." {
		t.Error(got)
	}
	if got := risks([]riskAnswer{{Institution: nodeAnswer{Name: "A"}, Fractured: estimateAnswer{1, 1, 1}}, {Institution: nodeAnswer{Name: "B"}, Own: true, Fractured: estimateAnswer{1, 1, 1}}}, 2); got != "A 100%, B (own) 100%" {
		t.Error(got)
	}
}

// TestLikely: eight are named with their chances, the others counted.
func TestLikely(t *testing.T) {
	list := func(n int) (l []likelyAnswer) {
		for range n {
			l = append(l, likelyAnswer{nodeAnswer{Name: "x"}, estimateAnswer{0.5, 0.25, 0.75}})
		}
		return l
	}
	for _, tt := range []struct {
		named, count, shown int
		more                string
	}{{0, 3, 0, ""}, {1, 1, 1, ""}, {8, 8, 8, ""}, {9, 9, 8, ", and 1 more"}, {8, 12, 8, ", and 4 more"}} {
		got := printed(t, true, func(p *page) { (&purgePrinter{w: p}).likely("Lost", list(tt.named), tt.count) })
		want := ""
		if tt.shown > 0 {
			want = "Lost: " + strings.TrimSuffix(strings.Repeat("x (50%, 25–75%), ", tt.shown), ", ") + tt.more + ".\n"
		}
		if got != want {
			t.Errorf("%d of %d: %s, want %s", tt.named, tt.count, got, want)
		}
	}
}

// TestExplained: causes up to the bound, each way once, a post and its holder in one line.
func TestExplained(t *testing.T) {
	step := func(from, to, tie string) stepAnswer {
		return stepAnswer{Type: "HOLDS", Along: true, Confidence: 1, From: nodeAnswer{Name: from}, To: nodeAnswer{Name: to}, Tie: &tieAnswer{Key: tie}}
	}
	way := []stepAnswer{step("A", "B", "1"), step("B", "A", "1"), step("A", "C", "2")}
	o := outcome("I", false, 1)
	o.Why = &whyAnswer{World: 3, Wave: 1, Fractured: true, FailedCount: 2, Failed: []failedAnswer{{
		Support: "STAFF", Retained: 0.25, Need: 0.5, CauseCount: 5,
		Causes: []causeAnswer{{Share: 0.5, Lost: nodeAnswer{Name: "X"}, Path: way}, {Share: 0.25, Lost: nodeAnswer{Name: "Y"}, Path: way}, {Share: 0.1, Lost: nodeAnswer{Name: "Z"}, Path: way[:1]}},
	}}}
	const first = `
Why I fractures (world 3, wave 1):
  STAFF keeps 25%, needs 50%
    50%: X
      A –HOLDS→ B (undated, confidence 1)
      A –HOLDS→ C (undated, confidence 1)
    25%: Y, as above
`
	for causes, want := range map[int]string{
		2: first + "    and 3 more losses\n  and 1 more support (--verbose)\n",
		0: first + "    10%: A –HOLDS→ B (undated, confidence 1)\n    and 2 more losses\n  and 1 more support (--verbose)\n",
		3: first + "    10%: A –HOLDS→ B (undated, confidence 1)\n    and 2 more losses\n  and 1 more support (--verbose)\n",
	} {
		got := printed(t, true, func(p *page) { (&purgePrinter{w: p, causes: causes}).explain(&o) })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d causes (-want +got):\n%s", causes, diff)
		}
	}
	o.Why.Failed[0].CauseCount = 4
	if got := printed(t, true, func(p *page) { (&purgePrinter{w: p}).explain(&o) }); !strings.Contains(got, "    and 1 more loss\n") {
		t.Errorf("one more:\n%s", got)
	}
	o.Why.Fractured, o.Why.FailedCount, o.Why.Failed[0].CauseCount = false, 1, 3
	got := printed(t, true, func(p *page) { (&purgePrinter{w: p}).explain(&o) })
	if !strings.HasPrefix(got, "\nWhy I is strained (") || strings.Contains(got, "more") {
		t.Errorf("strained:\n%s", got)
	}
}

// TestPlainCells: each sort of value of an answer that is printed as it comes.
func TestPlainCells(t *testing.T) {
	for raw, want := range map[string]string{
		"null": "–", "true": "yes", "false": "no", "[]": "–", `["A_B", 2]`: "a b, 2", "0.123456": "0.1235", "3": "3", `""`: "–", `"SOME_WORD"`: "some word",
		`{"name": "Name It", "edtf": "x"}`: "Name It", `{"edtf": "2001?"}`: "2001?", `{"p": 0.5, "value": 1}`: "0.5", `{"value": 0.25}`: "0.25", `{"mean": 2}`: "2", `{"other": 1}`: "…", `{}`: "…",
	} {
		var value any
		if err := json.Unmarshal([]byte(raw), &value); err != nil {
			t.Fatal(err)
		}
		if got := plainCell(value); got != want {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
	for name, want := range map[string][2]string{"posts": {"posts", "post"}, "bodies": {"bodies", "body"}, "lastSeenOn": {"last seen on", "lastSeenOn"}} {
		if got := [2]string{spaced(name), singular(name)}; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestItems: nodes stand first, lists are broken into lines, the ties of each item follow
// the table; what cannot be written is told.
func TestItems(t *testing.T) {
	var items []any
	const raw = `[{"figure": 1, "post": {"kind": "Post", "name": "Desk"}, "ties": [{"type": "HOLDS", "along": true, "confidence": 1, "from": {"name": "A"}, "to": {"name": "B"}}]},
		{"figure": 2, "post": null, "ties": []}]`
	if err := json.Unmarshal([]byte(raw), &items); err != nil {
		t.Fatal(err)
	}
	var sources sourceList
	got := printed(t, false, func(p *page) {
		if err := errors.Join(printItems(p, items, nil, &sources), printItems(p, nil, nil, &sources)); err != nil {
			t.Error(err)
		}
	})
	want := "  POST  FIGURE\n  Desk  1\n  –     2\n    A –HOLDS→ B (confidence 1)\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	printed(t, false, func(p *page) {
		if err := printItems(p, []any{map[string]any{"ties": 5.0}}, nil, &sources); err == nil {
			t.Error("ties that are none are taken")
		}
	})
	if err := printItems(&page{w: brokenPipe{}}, items, nil, &sources); !errors.Is(err, errPipe) {
		t.Errorf("a pipe that broke: %v", err)
	}
}

// TestHelpNamesSupports: the table of requirements takes every support by its name.
func TestHelpNamesSupports(t *testing.T) {
	t.Parallel()
	for _, s := range worlds.Supports() {
		if !strings.Contains(purgeHelp, s.String()) {
			t.Errorf("the help of purge does not name the support %s", s)
		}
	}
}
