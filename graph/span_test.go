package graph_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"entangle/graph"
)

func span(tb testing.TB, interval string) graph.Span {
	tb.Helper()
	s, err := graph.ParseInterval(interval)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func TestParseInterval(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, start, end, written string }{
		{"2014-06/2016", "2014-06", "2016", "2014-06/2016"},
		{"../2009", "..", "2009", "../2009"},
		{"2020-02/..", "2020-02", "..", "2020-02/.."},
		{"2016/", "2016", "", "2016/"},
		{"/2016", "", "2016", "/2016"},
		{"2016", "2016", "", "2016/"},
		{"../..", "..", "..", "../.."},
		{"2004-02-01?/2005~", "2004-02-01?", "2005~", "2004-02-01?/2005~"},
		{"/", "", "", ""},
		{"", "", "", ""},
		{"2016/2014", "2016", "2014", "2016/2014"}, // validation reports the order
	} {
		s, err := graph.ParseInterval(tt.text)
		if err != nil {
			t.Errorf("ParseInterval(%q): %v", tt.text, err)
			continue
		}
		if want := (graph.Span{Start: date(t, tt.start), End: date(t, tt.end)}); s != want {
			t.Errorf("ParseInterval(%q) = %+v, want %+v", tt.text, s, want)
		}
		if got := s.String(); got != tt.written {
			t.Errorf("ParseInterval(%q) is written %q, want %q", tt.text, got, tt.written)
		}
	}
	for _, s := range []string{"2014/2016/2018", "2014-13/2015", "2014/2015-13", "2014//2015", " /2015", "a/b"} {
		if got, err := graph.ParseInterval(s); !errors.Is(err, graph.ErrDate) || got != (graph.Span{}) {
			t.Errorf("ParseInterval(%q) = %+v, %v; want ErrDate", s, got, err)
		}
	}
}

// TestPresence is the truth table of a claim on a day.
func TestPresence(t *testing.T) {
	t.Parallel()
	const no, possible, certain = graph.No, graph.Possible, graph.Certain
	type at map[string]graph.Presence
	for _, tt := range []struct {
		name                    string
		start, end, first, last string
		at                      at
	}{
		{"nothing is known", "", "", "", "", at{"1900-01-01": possible, "2020-08-24": possible}},
		{"both ends exact, both days included", "2014-06-13", "2016-05-01", "", "", at{
			"2014-06-12": no, "2014-06-13": certain, "2015-01-01": certain, "2016-05-01": certain, "2016-05-02": no,
		}},
		{"fuzzy start and end", "2014", "2016", "", "", at{
			"2013-12-31": no, "2014-01-01": possible, "2014-12-30": possible, "2014-12-31": certain, "2015-06-01": certain,
			"2016-01-01": certain, "2016-01-02": possible, "2016-12-31": possible, "2017-01-01": no,
		}},
		{"fuzzy inside one year", "2014", "2014", "", "", at{"2013-12-31": no, "2014-06-01": possible, "2015-01-01": no}},
		{"open end: held since", "2014-06-13", "..", "", "", at{"2014-06-12": no, "2014-06-13": certain, "2020-08-24": certain, "9999-01-01": certain}},
		{"unknown end: it may have ended", "2014-06-13", "", "", "", at{
			"2014-06-12": no, "2014-06-13": certain, "2014-06-14": possible, "2020-08-24": possible,
		}},
		{"open start: held from ever", "..", "2009", "", "", at{"1800-01-01": certain, "2009-01-01": certain, "2009-01-02": possible, "2010-01-01": no}},
		{"unknown start", "", "2009-05-01", "", "", at{"1800-01-01": possible, "2009-04-30": possible, "2009-05-01": certain, "2009-05-02": no}},
		{"open both ways: always", "..", "..", "", "", at{"0001-01-01": certain, "9999-12-31": certain}},
		{"first cited is not a start", "", "", "2015-02-23", "", at{"2014-01-01": possible, "2015-02-23": certain, "2015-02-24": possible}},
		{"observed from first to last", "", "", "2015-02-23", "2017-03-01", at{
			"2015-02-22": possible, "2015-02-23": certain, "2016-01-01": certain, "2017-03-01": certain, "2017-03-02": possible,
		}},
		{"only last cited", "", "", "", "2017-03-01", at{"2017-02-28": possible, "2017-03-01": certain, "2017-03-02": possible}},
		{"start stated, seen later", "2014", "", "2015-02-23", "2017-03-01", at{
			"2013-12-31": no, "2014-06-01": possible, "2014-12-31": certain, "2017-03-01": certain, "2017-03-02": possible,
		}},
		{"seen within the uncertain start", "2014", "..", "2014-03-01", "", at{"2014-02-28": possible, "2014-03-01": certain, "2020-01-01": certain}},
		// Security Force Monitor's four bounds: start between 2013 (imprecise) and
		// the first precise citation, end between the last and 2016 (imprecise).
		{"four bounds", "2013", "2016", "2013-06-01", "2016-02-01", at{
			"2012-12-31": no, "2013-05-31": possible, "2013-06-01": certain, "2016-02-01": certain, "2016-02-02": possible, "2016-12-31": possible, "2017-01-01": no,
		}},
		{"seen in a year: no single day is certain", "", "", "2015", "", at{"2014-12-31": possible, "2015-06-01": possible, "2016-01-01": possible}},
		{"seen in two years: certain between", "", "", "2015", "2017", at{"2015-12-30": possible, "2015-12-31": certain, "2017-01-01": certain, "2017-01-02": possible}},
		{"fuzzy start beyond a fuzzy end", "2014", "2014-06", "", "", at{"2014-05-31": possible, "2014-06-30": possible, "2014-07-01": no}},
	} {
		s := graph.Span{Start: date(t, tt.start), End: date(t, tt.end), First: date(t, tt.first), Last: date(t, tt.last)}
		for text, want := range tt.at {
			if got := s.At(day(t, text)); got != want {
				t.Errorf("%s: At(%s) = %v, want %v", tt.name, text, got, want)
			}
		}
	}
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		span graph.Span
		want graph.Day
	}{
		{"nothing", graph.Span{}, graph.MinDay},
		{"open start tells no day", span(t, "../"), graph.MinDay},
		{"the start", span(t, "2014/"), day(t, "2014-12-31")},
		{"an observation after it", graph.Span{Start: date(t, "2014"), Last: date(t, "2016-02")}, day(t, "2016-02-29")},
		{"an observation before it", graph.Span{Start: date(t, "2014"), First: date(t, "2014-02-01")}, day(t, "2014-12-31")},
	} {
		if got := tt.span.Bounds().Evidence; got != tt.want {
			t.Errorf("%s: evidence %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestMeets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		interval, from, to string
		want               bool
	}{
		{"2014-06-13/2016-05-01", "2016-05-01", "2017-01-01", true},
		{"2014-06-13/2016-05-01", "2016-05-02", "2017-01-01", false},
		{"2014-06-13/2016-05-01", "2014-01-01", "2014-06-13", true},
		{"2014-06-13/2016-05-01", "2014-01-01", "2014-06-12", false},
		{"2014-06-13/2016-05-01", "2015-01-01", "2015-01-02", true},
		{"2014/", "2020-01-01", "2020-12-31", true},
		{"/2014", "2020-01-01", "2020-12-31", false},
		{"", "2020-01-01", "2020-12-31", true},
	} {
		if got := span(t, tt.interval).Bounds().Meets(day(t, tt.from), day(t, tt.to)); got != tt.want {
			t.Errorf("%s meets %s to %s = %t, want %t", tt.interval, tt.from, tt.to, got, tt.want)
		}
	}
}

func TestPresenceString(t *testing.T) {
	t.Parallel()
	for p, want := range map[graph.Presence]string{graph.No: "NO", graph.Possible: "POSSIBLE", graph.Certain: "CERTAIN"} {
		if got := p.String(); got != want {
			t.Errorf("Presence(%d) = %q, want %q", p, got, want)
		}
	}
}

func TestGapPolicyHolds(t *testing.T) {
	t.Parallel()
	seen := graph.Span{First: date(t, "2015-02-23"), Last: date(t, "2017-03-01")}
	for _, tt := range []struct {
		name   string
		span   graph.Span
		policy string
		day    string
		want   bool
	}{
		{"strict keeps the certain", seen, "strict", "2016-01-01", true},
		{"strict drops the possible", seen, "strict", "2017-03-02", false},
		{"contiguous keeps the possible", seen, "contiguous", "2030-01-01", true},
		{"fading keeps the possible", seen, "fading", "2030-01-01", true},
		{"fading drops what had not begun", span(t, "2014/"), "fading", "2013-12-31", false},
		{"contiguous drops what had not begun", span(t, "2014/"), "contiguous", "2013-12-31", false},
		{"contiguous keeps what says nothing", graph.Span{}, "contiguous", "2020-01-01", true},
		{"extend: the last day within", seen, "extend:90", "2017-05-30", true},
		{"extend: the first day beyond", seen, "extend:90", "2017-05-31", false},
		{"extend by nothing", seen, "extend:0", "2017-03-02", false},
		{"extend drops what says nothing", graph.Span{}, "extend:90", "2020-01-01", false},
		{"extend counts from a stated start", span(t, "2014-06-13/"), "extend:10", "2014-06-23", true},
		{"extend counts from a stated start, beyond", span(t, "2014-06-13/"), "extend:10", "2014-06-24", false},
		{"extend: inside an uncertain start", span(t, "2014/"), "extend:0", "2014-03-01", true},
		{"extend: inside an uncertain end", span(t, "2014/2016"), "extend:0", "2016-11-01", true},
		{"extend: before the first observation, beyond", seen, "extend:0", "2014-01-01", false},
		{"extend: before the first observation, the first day within", seen, "extend:30", "2015-01-24", true},
		{"extend: before the first observation, the last day beyond", seen, "extend:30", "2015-01-23", false},
		{"extend: what has only an end stands around it", span(t, "/2016-05-01"), "extend:10", "2016-04-21", true},
		{"extend: what has only an end, long before", span(t, "/2016-05-01"), "extend:10", "2016-04-20", false},
		{"extend: an open start is before everything", span(t, "../2016-05-01"), "extend:0", "1950-01-01", true},
		{"nothing stands past a stated end", span(t, "2014/2016"), "extend:100000", "2017-01-01", false},
		{"an open end always stands", span(t, "2014/.."), "strict", "2030-01-01", true},
	} {
		g, err := graph.ParseGapPolicy(tt.policy)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.Holds(tt.span.Bounds(), day(t, tt.day)); got != tt.want {
			t.Errorf("%s: %s on %s = %t, want %t", tt.name, tt.policy, tt.day, got, tt.want)
		}
	}
}

func TestParseGapPolicy(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]graph.GapPolicy{
		"": {}, "fading": {}, "contiguous": {Mode: graph.Contiguous}, "strict": {Mode: graph.Strict}, "extend:0": {Mode: graph.Extend}, "extend:90": {Mode: graph.Extend, Days: 90},
	} {
		g, err := graph.ParseGapPolicy(s)
		if err != nil || g != want {
			t.Errorf("ParseGapPolicy(%q) = %+v, %v; want %+v", s, g, err, want)
		}
	}
	for _, s := range []string{"extend", "extend:", "extend:-1", "extend:x", "extend:100001", "extend:1.5", "Strict", "strict:3", "contiguous:", "fading:2", "none"} {
		if g, err := graph.ParseGapPolicy(s); !errors.Is(err, graph.ErrQuery) {
			t.Errorf("ParseGapPolicy(%q) = %+v, %v; want ErrQuery", s, g, err)
		}
	}
}

func drawDate(t *rapid.T, label string, open bool) graph.Date {
	full := graph.Day(rapid.IntRange(0, 30_000).Draw(t, label)).String()
	forms := []string{"", full, full[:7], full[:4], full[:3] + "X"}
	if open {
		forms = append(forms, "..")
	}
	d, err := graph.ParseDate(rapid.SampledFrom(forms).Draw(t, label+" form"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// drawSpan draws any span, contradictory ones too: data has them.
func drawSpan(t *rapid.T) graph.Span {
	return graph.Span{Start: drawDate(t, "start", true), End: drawDate(t, "end", true), First: drawDate(t, "first", false), Last: drawDate(t, "last", false)}
}

func TestGapPolicyProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpan(t)
		b := s.Bounds()
		d := graph.Day(rapid.IntRange(-100, 31_000).Draw(t, "day"))
		n := rapid.IntRange(0, 5000).Draw(t, "days")
		more := n + rapid.IntRange(0, 5000).Draw(t, "more days")

		strict := graph.GapPolicy{Mode: graph.Strict}.Holds(b, d)
		extend := graph.GapPolicy{Mode: graph.Extend, Days: n}.Holds(b, d)
		extendMore := graph.GapPolicy{Mode: graph.Extend, Days: more}.Holds(b, d)
		contiguous := graph.GapPolicy{Mode: graph.Contiguous}.Holds(b, d)
		if fading := (graph.GapPolicy{}).Holds(b, d); fading != contiguous {
			t.Errorf("%+v on %v: fading lists it: %t, contiguous: %t", s, d, fading, contiguous)
		}
		implies := func(name string, a, b bool) {
			if a && !b {
				t.Errorf("%+v on %v: %s", s, d, name)
			}
		}
		implies("strict holds, extend does not", strict, extend)
		implies("extend holds, a longer one does not", extend, extendMore)
		implies("extend holds, contiguous does not", extendMore, contiguous)
		switch s.At(d) {
		case graph.Certain:
			implies("certain does not hold strictly", true, strict)
		case graph.No:
			implies("what is not there holds", contiguous, false)
		case graph.Possible:
			implies("possible holds strictly", strict, false)
			implies("possible is not contiguous", true, contiguous)
		}
		implies("it holds on a day it cannot meet", contiguous, b.Meets(d, d))
		if s.At(d) != b.At(d) {
			t.Errorf("Span and Bounds answer differently")
		}
	})
}

func FuzzParseInterval(f *testing.F) {
	for _, s := range []string{"", "/", "2014-06/2016", "../2009", "2020-02/..", "2016/", "/2016", "../..", "2014/2016/2018", "2017-01-30T00:00:00Z/201X?"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := graph.ParseInterval(text)
		if err != nil {
			if !errors.Is(err, graph.ErrDate) {
				t.Fatalf("ParseInterval(%q): %v does not wrap ErrDate", text, err)
			}
			return
		}
		if back, err := graph.ParseInterval(s.String()); err != nil || back != s {
			t.Fatalf("ParseInterval(%q) = %+v, written %q, read again %+v (%v)", text, s, s.String(), back, err)
		}
	})
}

func FuzzParseGapPolicy(f *testing.F) {
	for _, s := range []string{"", "strict", "contiguous", "fading", "extend:90", "extend:+7", "extend:-1", "extend:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		g, err := graph.ParseGapPolicy(text)
		if err != nil {
			if !errors.Is(err, graph.ErrQuery) {
				t.Fatalf("ParseGapPolicy(%q): %v does not wrap ErrQuery", text, err)
			}
			return
		}
		if back, err := graph.ParseGapPolicy(g.String()); err != nil || back != g {
			t.Fatalf("ParseGapPolicy(%q) = %+v, read again %+v (%v)", text, g, back, err)
		}
		if g.Days < 0 {
			t.Fatalf("ParseGapPolicy(%q) extends by %d days", text, g.Days)
		}
	})
}
