package projection_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
)

// chanceOf is the probability of the only tie of a picture, 0 where it has none.
func chanceOf(s *projection.Snapshot) float64 {
	if s.Ties() == 0 {
		return 0
	}
	return float64(s.Tie(0).Probability) / float64(projection.Certain)
}

// TestFading: what is left of a membership of confidence 0.8, whose half-life is 15 years, by
// hand: 0.8 · 2^(−days / 5478.75).
func TestFading(t *testing.T) {
	kept := func(days float64) float64 { return 0.8 * math.Pow(2, -days/5478.75) }
	for name, c := range map[string]struct {
		start, end, first, last string
		sources                 []string // their dates, those that describe them with a !
		asOf                    string
		want                    float64
	}{
		"certain":                                           {start: "2017", end: "..", asOf: "2020-01-01", want: 0.8},
		"from the latest start":                             {start: "2017", asOf: "2018-01-01", want: kept(1)},
		"half of it":                                        {start: "2004-12-31", asOf: "2019-12-31", want: kept(5478)},
		"between the bounds of the start":                   {start: "2017", asOf: "2017-06-01", want: 0.8},
		"between the bounds of the end":                     {end: "2017", asOf: "2017-06-01", want: 0.8},
		"before the earliest end":                           {end: "2017", asOf: "2016-12-30", want: kept(2)},
		"before the first observation":                      {first: "2017-03-01", asOf: "2017-02-01", want: kept(28)},
		"after the last":                                    {first: "2010", last: "2017-03-01", asOf: "2017-03-31", want: kept(30)},
		"in the year of an observation":                     {first: "2017", asOf: "2017-06-01", want: 0.8},
		"between observations":                              {first: "2010", last: "2017", asOf: "2013-01-01", want: 0.8},
		"the nearer of two":                                 {start: "2010", last: "2017-03-01", asOf: "2017-03-11", want: kept(10)},
		"a source that says nothing of its day":             {start: "2017-01-01", sources: []string{"2019-01-01"}, asOf: "2017-01-11", want: kept(10)},
		"a source that describes its day":                   {start: "2017-01-01", sources: []string{"2019-01-01!"}, asOf: "2019-01-11", want: kept(10)},
		"before a described day, after the start":           {start: "2017-01-01", sources: []string{"2019-01-01!"}, asOf: "2018-01-11", want: 0.8},
		"a described day after the end is of another claim": {end: "2018", sources: []string{"2019-01-01!"}, asOf: "2017-12-30", want: kept(2)},
		"the oldest source where nothing else is":           {sources: []string{"2019-01-01", "2010-01-01", ""}, asOf: "2010-01-11", want: kept(10)},
		"before the oldest source":                          {sources: []string{"2010-01-11"}, asOf: "2010-01-01", want: kept(10)},
		"an open start is no date":                          {start: "..", sources: []string{"2010-01-01"}, asOf: "2010-01-11", want: kept(10)},
		"nothing":                                           {asOf: "2020-01-01", want: 0.8},
		"a source without a date":                           {sources: []string{""}, asOf: "2020-01-01", want: 0.8},
		"over":                                              {start: "2010", end: "2012", asOf: "2020-01-01", want: 0},
	} {
		b := claim(t, graph.MemberOf, "p", "g", c.start, c.end, c.first, c.last, c.sources...)
		asOf := date(t, c.asOf).Earliest
		if math.Abs(chanceOf(build(t, b, projection.Options{AsOf: asOf}))-c.want) > 1e-9 {
			t.Errorf("%s: %.9f, want %.9f", name, chanceOf(build(t, b, projection.Options{AsOf: asOf})), c.want)
		}
	}
}

// claim is a batch of one tie of confidence 0.8 between two nodes.
func claim(t *testing.T, typ graph.TieType, from, to graph.ID, start, end, first, last string, sources ...string) graph.Batch {
	t.Helper()
	e := typ.Info().Ends[0]
	tie := graph.Tie{
		ID: "t", Type: typ, From: from, To: to, Confidence: graph.Stated(0.8),
		Span: graph.Span{Start: date(t, start), End: date(t, end), First: date(t, first), Last: date(t, last)},
	}
	b := graph.Batch{Nodes: []graph.Node{node(string(from), e.From), node(string(to), e.To)}}
	for i, text := range sources {
		n := node("s"+string(rune('a'+i)), graph.Source)
		if n.Props = (graph.Props{}); len(text) > 0 && text[len(text)-1] == '!' {
			text, n.Props = text[:len(text)-1], n.Props.Set("describesDate", "true")
		}
		n.Props = n.Props.Set("date", text)
		b.Nodes = append(b.Nodes, n)
		tie.Citations = append(tie.Citations, graph.Citation{Source: n.ID})
	}
	b.Ties = []graph.Tie{tie}
	return b
}

// TestHalfLivesByType: ten years after it was seen, each type keeps what its half-life says;
// a post has that of its own type, then of an institution it is in, in their order.
func TestHalfLivesByType(t *testing.T) {
	const days = 3653 // 2010-01-01 to 2020-01-01, with three leap days and the last
	asOf := graph.DayOf(2010, 1, 1) + days
	for _, row := range graph.TieTypes() {
		got := chanceOf(build(t, claim(t, row.Type, "a", "b", "", "", "2010-01-01", ""), projection.Options{AsOf: asOf}))
		want := 0.8
		if row.HalfLife != graph.Endless {
			want = 0.8 * math.Pow(2, -days/(365.25*row.HalfLife))
		}
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s keeps %g, want %g", row.Name, got, want)
		}
	}
	for name, c := range map[string]struct {
		own    []string
		bodies map[string]string
		given  string
		years  float64
	}{
		"no type":                         {years: graph.TenureHalfLife},
		"a type without a row":            {own: []string{"judge"}, years: graph.TenureHalfLife},
		"its own":                         {own: []string{"judge", "office"}, bodies: map[string]string{"a": "ministry"}, years: 3.92},
		"that of its institution":         {own: []string{"judge"}, bodies: map[string]string{"b": "office", "a": "ministry"}, years: 2},
		"the second":                      {bodies: map[string]string{"a": "unit", "b": "office"}, years: 3.92},
		"another than in the table":       {bodies: map[string]string{"a": "ministry"}, given: "HOLDS:ministry=7", years: 7},
		"a row of one's own":              {own: []string{"judge"}, given: "HOLDS:judge=7", years: 7},
		"all posts":                       {bodies: map[string]string{"a": "ministry"}, given: "HOLDS=7", years: 7},
		"all posts but one":               {bodies: map[string]string{"a": "ministry"}, given: "HOLDS=7 HOLDS:ministry=0.5", years: 0.5},
		"of another type, that of before": {bodies: map[string]string{"a": "ministry"}, given: "MEMBER_OF=7", years: 2},
	} {
		b := claim(t, graph.Holds, "p", "o", "", "", "2010-01-01", "")
		b.Nodes[1].Types = c.own
		for id, typ := range c.bodies {
			n := node(id, graph.Institution)
			n.Types = []string{typ}
			b.Nodes = append(b.Nodes, n)
			b.Ties = append(b.Ties, graph.Tie{Type: graph.PostIn, From: "o", To: n.ID, Confidence: graph.Stated(1)})
		}
		s := build(t, b, projection.Options{AsOf: asOf, HalfLives: halfLives(t, c.given)})
		lo, _ := s.OfType(graph.Holds)
		if got, want := s.Chance(lo), 0.8*math.Pow(2, -days/(365.25*c.years)); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: the holder stays with %g, want %g", name, got, want)
		}
		if got := float64(s.Tie(lo).Stated) / float64(projection.Certain); math.Abs(got-0.8) > 1e-9 {
			t.Errorf("%s: stated confidence %g", name, got)
		}
	}
}

// TestFadedAwayIsLeftOut: what faded below the least confidence asked for, or to nothing, is
// not in the picture and is counted; a picture without any tie that faded has no faded tie.
func TestFadedAwayIsLeftOut(t *testing.T) {
	b := claim(t, graph.MemberOf, "p", "g", "2005-01-01", "", "", "") // 15 years: about 0.4 left
	for name, c := range map[string]struct {
		least                float64
		years                string
		ties, faded, omitted int
	}{
		"asked for less":   {0.39, "", 1, 1, 0},
		"asked for more":   {0.41, "", 0, 0, 1},
		"nothing is left":  {0, "MEMBER_OF=0", 0, 0, 1},
		"hardly anything":  {0, "MEMBER_OF=0.1", 0, 0, 1}, // 2⁻¹⁵⁰
		"it does not fade": {0.79, "MEMBER_OF=endless", 1, 0, 0},
	} {
		s := build(t, b, projection.Options{AsOf: graph.DayOf(2020, 1, 1), MinConfidence: c.least, HalfLives: halfLives(t, c.years)})
		if int(s.Ties()) != c.ties || s.FadedTies() != c.faded || s.OmittedTies() != c.omitted {
			t.Errorf("%s: %d ties, %d faded, %d omitted; want %d, %d, %d", name, s.Ties(), s.FadedTies(), s.OmittedTies(), c.ties, c.faded, c.omitted)
		}
	}
	// An alternative that faded away is none: the other stands as it is.
	b.Ties[0].ConflictSet = "x"
	b.Nodes = append(b.Nodes, node("h", graph.Group))
	b.Ties = append(b.Ties, graph.Tie{ID: "u", Type: graph.MemberOf, From: "p", To: "h", Confidence: graph.Stated(0.9), ConflictSet: "x", Span: spanOf(t, "2010/..")})
	for years, want := range map[string]float64{"": 0.9 / 1.3, "MEMBER_OF=0": 0.9} {
		s := build(t, b, projection.Options{AsOf: graph.DayOf(2020, 1, 1), HalfLives: halfLives(t, years)})
		h, _ := s.Index("h")
		if got := s.Chance(s.In(graph.MemberOf, h)[0]); math.Abs(got-want) > 1e-4 {
			t.Errorf("half-life %q: the other alternative has %g, want %g", years, got, want)
		}
	}
}

// TestUndatedStructureStands: structure that nobody dated stands under every policy, what is
// dated of it only as other claims do, and other claims without a date not under strict.
func TestUndatedStructureStands(t *testing.T) {
	structure := map[graph.TieType]bool{graph.PostIn: true, graph.PartOf: true, graph.ReportsTo: true, graph.LocatedAt: true, graph.DependsOn: true}
	asOf := graph.DayOf(2020, 1, 1)
	for _, row := range graph.TieTypes() {
		undated := claim(t, row.Type, "a", "b", "", "", "", "", "1990")
		dated := claim(t, row.Type, "a", "b", "", "", "2010", "")
		for _, policy := range []string{"strict", "extend:10", "fading", "contiguous"} {
			gap, err := graph.ParseGapPolicy(policy)
			if err != nil {
				t.Fatal(err)
			}
			o := projection.Options{AsOf: asOf, Gap: gap}
			s := build(t, undated, o)
			want := structure[row.Type] || policy == "contiguous" || policy == "fading"
			if got := s.Ties() == 1; got != want || structure[row.Type] && (math.Abs(chanceOf(s)-0.8) > 1e-9 || s.StructuralTies() != 1) {
				t.Errorf("%s: an undated %s stands: %t with %g, %d structural", policy, row.Name, got, chanceOf(s), s.StructuralTies())
			}
			d := build(t, dated, o)
			if stands := d.Ties() == 1; stands != (policy == "contiguous" || policy == "fading") || d.StructuralTies() != 0 {
				t.Errorf("%s: a dated %s stands: %t", policy, row.Name, stands)
			}
		}
	}
}

// TestEvidenceUntil: what nobody knew by a day is left out, and what nobody can date stays
// and is counted.
func TestEvidenceUntil(t *testing.T) {
	asOf := graph.DayOf(2020, 1, 1)
	for name, c := range map[string]struct {
		start, first, last string
		sources            []string
		until              string
		ties, late         int
		later, untimed     int
		possible           int
	}{
		"a later source":                           {sources: []string{"2021"}, until: "2020-06-01", late: 1},
		"no bound":                                 {sources: []string{"2021"}, ties: 1, later: 1, possible: 1},
		"a source of the year":                     {sources: []string{"2020"}, until: "2020-06-01", ties: 1, possible: 1},
		"one of two is earlier":                    {sources: []string{"2021", "2019"}, until: "2020-06-01", ties: 1, possible: 1},
		"a bound after the day":                    {sources: []string{"2020-06-01"}, until: "2020-12-01", ties: 1, later: 1, possible: 1},
		"a source without a date":                  {sources: []string{""}, until: "2020-06-01", ties: 1, untimed: 1, possible: 1},
		"by the first observation":                 {first: "2021", sources: []string{""}, until: "2020-06-01", late: 1},
		"by the first observation, which is early": {first: "2019", last: "2021", sources: []string{"", "2021"}, until: "2020-06-01", ties: 1, possible: 1},
		"no source, a later observation":           {last: "2021", until: "2020-06-01", late: 1},
		"no source, an observation in time":        {last: "2019", until: "2020-06-01", ties: 1, possible: 1},
		"no source and no observation":             {start: "2010", until: "2020-06-01", ties: 1, untimed: 1, possible: 1},
		"later observations are not known":         {first: "2015", last: "2022", sources: []string{"2016"}, until: "2020-06-01", ties: 1, possible: 1},
		"and known without a bound":                {first: "2015", last: "2022", sources: []string{"2016"}, ties: 1},
	} {
		b := claim(t, graph.MemberOf, "p", "g", c.start, "", c.first, c.last, c.sources...)
		o := projection.Options{AsOf: asOf}
		if c.until != "" {
			o.EvidenceUntil = projection.UntilDay(date(t, c.until).Earliest)
		}
		s := build(t, b, o)
		got := [5]int{int(s.Ties()), s.LateTies(), s.LaterTies(), s.UntimedTies(), s.PossibleTies()}
		if want := [5]int{c.ties, c.late, c.later, c.untimed, c.possible}; got != want {
			t.Errorf("%s: ties, late, later, untimed, possible %v, want %v", name, got, want)
		}
		if w := s.Without(func(*projection.Tie) bool { return false }); w.LateTies() != c.late || w.LaterTies() != c.later || w.UntimedTies() != c.untimed || w.Hash() != s.Hash() {
			t.Errorf("%s: without nothing, %d late, %d later, %d untimed", name, w.LateTies(), w.LaterTies(), w.UntimedTies())
		}
	}
	// What it was last seen on is no evidence then: it fades from 2015.
	b := claim(t, graph.MemberOf, "p", "g", "", "", "2015-01-01", "2022", "2016")
	s := build(t, b, projection.Options{AsOf: asOf, EvidenceUntil: projection.UntilDay(asOf)})
	if got, want := chanceOf(s), 0.8*math.Pow(2, -1826/5478.75); math.Abs(got-want) > 1e-9 {
		t.Errorf("seen in 2015 and later: %g, want %g", got, want)
	}
	// The tenure that ended last, too, has to be known by then.
	old := claim(t, graph.Holds, "p", "o", "2010", "2015", "", "", "2021")
	for until, want := range map[string]bool{"2020-01-01": false, "2021-12-31": true} {
		s := build(t, old, projection.Options{AsOf: asOf, Tenures: true, EvidenceUntil: projection.UntilDay(date(t, until).Earliest)})
		post, _ := s.Index("o")
		if _, ok := s.LastTenure(post); ok != want {
			t.Errorf("until %s the last tenure is known: %t", until, ok)
		}
	}
}

// TestPoliciesAreOrdered: each claim's confidence, before a conflict set shares it out and on
// days without evidence, grows from strict to fading to contiguous; with endless half-lives
// fading is contiguous, with none it is strict of all that has something to tell its age by.
func TestPoliciesAreOrdered(t *testing.T) {
	all := func(years float64) graph.HalfLives {
		var rows []graph.HalfLife
		for _, row := range graph.TieTypes() {
			rows = append(rows, graph.HalfLife{Type: row.Type, Years: years})
		}
		h, err := graph.NewHalfLives(rows...)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	endless, none := all(graph.Endless), all(0)
	rapid.Check(t, func(rt *rapid.T) {
		b, o := batches.Draw(rt, "batch"), allOptions.Draw(rt, "options")
		o.MinConfidence = 0 // it would leave out what faded
		of := func(mode graph.GapMode, h graph.HalfLives) (map[graph.ID]uint64, map[graph.ID]*projection.Tie) {
			o := o
			o.Gap, o.HalfLives = graph.GapPolicy{Mode: mode}, h
			s, err := projection.FromBatch(b, o)
			if err != nil {
				rt.Fatal(err)
			}
			p, ties := map[graph.ID]uint64{}, map[graph.ID]*projection.Tie{}
			for i := range s.Ties() {
				p[s.TieID(i)], ties[s.TieID(i)] = s.Tie(i).Probability, s.Tie(i)
			}
			return p, ties
		}
		contiguous, ties := of(graph.Contiguous, graph.HalfLives{})
		strict, _ := of(graph.Strict, graph.HalfLives{})
		fading, _ := of(graph.Fading, o.HalfLives)
		unfaded, _ := of(graph.Fading, endless)
		gone, _ := of(graph.Fading, none)
		for id, most := range contiguous {
			if strict[id] > fading[id] || fading[id] > most {
				rt.Errorf("%s: strict %d, fading %d, contiguous %d", id, strict[id], fading[id], most)
			}
			if unfaded[id] != most {
				rt.Errorf("%s: endless %d, contiguous %d", id, unfaded[id], most)
			}
			if gone[id] < strict[id] || gone[id] != strict[id] && !ties[id].Ageless && !onEvidence(b, id, o, all(1)) {
				rt.Errorf("%s: at once %d, strict %d", id, gone[id], strict[id])
			}
		}
		for id := range fading {
			if _, ok := contiguous[id]; !ok {
				rt.Errorf("%s stands under fading only", id)
			}
		}
	})
}

// onEvidence says that the day is one of evidence, so that a claim does not fade on it: in the
// bounds of one of its dates, or described by a source.
func onEvidence(b graph.Batch, id graph.ID, o projection.Options, h graph.HalfLives) bool {
	o.Gap, o.HalfLives = graph.GapPolicy{}, h
	for _, tie := range b.Normal().Ties {
		if tie.ID == id {
			return scanned(b, tie, o).confidence == tie.Confidence.Value
		}
	}
	return false
}
