package graph_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"entangle/graph"
)

// day reads a calendar day that the test knows to be one.
func day(tb testing.TB, s string) graph.Day {
	tb.Helper()
	d, err := graph.ParseDay(s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func date(tb testing.TB, s string) graph.Date {
	tb.Helper()
	d, err := graph.ParseDate(s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// TestParseDate has the forms of EDTF levels 0 and 1 (ISO 8601-2:2019, annex A),
// most of them with the specification's own examples.
func TestParseDate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, first, last string }{
		{"1985", "1985-01-01", "1985-12-31"},
		{"0000", "0000-01-01", "0000-12-31"},
		{"1985-04", "1985-04-01", "1985-04-30"},
		{"1985-04-12", "1985-04-12", "1985-04-12"},
		{"2020-02", "2020-02-01", "2020-02-29"},
		{"2020-02-29", "2020-02-29", "2020-02-29"},
		{"2000-02-29", "2000-02-29", "2000-02-29"},
		{"1900-02-28", "1900-02-28", "1900-02-28"},
		{"2021-12", "2021-12-01", "2021-12-31"},
		{"201X", "2010-01-01", "2019-12-31"},
		{"20XX", "2000-01-01", "2099-12-31"},
		{"1XXX", "1000-01-01", "1999-12-31"},
		{"XXXX", "0000-01-01", "9999-12-31"},
		{"2004-XX", "2004-01-01", "2004-12-31"},
		{"2004-XX-XX", "2004-01-01", "2004-12-31"},
		{"201X-XX", "2010-01-01", "2019-12-31"},
		{"201X-XX-XX", "2010-01-01", "2019-12-31"},
		{"1985-04-XX", "1985-04-01", "1985-04-30"},
		{"2004-02-XX", "2004-02-01", "2004-02-29"},
		{"2004-06-0X", "2004-06-01", "2004-06-09"},
		{"2004-06-1X", "2004-06-10", "2004-06-19"},
		{"2005-02-2X", "2005-02-20", "2005-02-28"},
		{"2004-06-3X", "2004-06-30", "2004-06-30"},
		{"2004-0X", "2004-01-01", "2004-09-30"},
		{"2004-1X", "2004-10-01", "2004-12-31"},
		{"2004-1X?", "2004-10-01", "2004-12-31"},
		{"2004-1X-XX", "2004-10-01", "2004-12-31"},
		{"2001-21", "2001-03-01", "2001-05-31"},
		{"2001-22", "2001-06-01", "2001-08-31"},
		{"2001-23", "2001-09-01", "2001-11-30"},
		{"2001-24", "2001-12-01", "2002-02-28"},
		{"2003-24~", "2003-12-01", "2004-02-29"},
		{"1984?", "1984-01-01", "1984-12-31"},
		{"2004-06~", "2004-06-01", "2004-06-30"},
		{"2004-06-11%", "2004-06-11", "2004-06-11"},
		{"201X?", "2010-01-01", "2019-12-31"},
	} {
		d, err := graph.ParseDate(tt.text)
		if err != nil {
			t.Errorf("ParseDate(%q): %v", tt.text, err)
			continue
		}
		if got := [3]string{d.Text, d.Earliest.String(), d.Latest.String()}; got != [3]string{tt.text, tt.first, tt.last} {
			t.Errorf("ParseDate(%q) = %q, want %q to %q", tt.text, got, tt.first, tt.last)
		}
		if want := strings.ContainsAny(tt.text, "?~%"); d.Qualified() != want {
			t.Errorf("ParseDate(%q).Qualified() = %t, want %t", tt.text, d.Qualified(), want)
		}
		if !d.Known() || d.Unknown() || d.Open() {
			t.Errorf("ParseDate(%q) is not known", tt.text)
		}
	}
}

// TestParseDateFarYears has years outside 0–9999, whose days are given as
// year, month and day because calendar text has four digits.
func TestParseDateFarYears(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text        string
		first, last [3]int
	}{
		{"-0044", [3]int{-44, 1, 1}, [3]int{-44, 12, 31}},
		{"-0044-03-15", [3]int{-44, 3, 15}, [3]int{-44, 3, 15}},
		{"-0001", [3]int{-1, 1, 1}, [3]int{-1, 12, 31}},
		{"-004X", [3]int{-49, 1, 1}, [3]int{-40, 12, 31}},
		{"-000X", [3]int{-9, 1, 1}, [3]int{-1, 12, 31}},
		{"-0004-02-29", [3]int{-4, 2, 29}, [3]int{-4, 2, 29}},
		{"Y12000", [3]int{12000, 1, 1}, [3]int{12000, 12, 31}},
		{"Y-12000", [3]int{-12000, 1, 1}, [3]int{-12000, 12, 31}},
		{"Y170000?", [3]int{170000, 1, 1}, [3]int{170000, 12, 31}},
	} {
		d, err := graph.ParseDate(tt.text)
		if err != nil {
			t.Errorf("ParseDate(%q): %v", tt.text, err)
			continue
		}
		first := graph.DayOf(tt.first[0], tt.first[1], tt.first[2])
		last := graph.DayOf(tt.last[0], tt.last[1], tt.last[2])
		if d.Earliest != first || d.Latest != last {
			t.Errorf("ParseDate(%q) = days %d to %d, want %d to %d", tt.text, d.Earliest, d.Latest, first, last)
		}
	}
	// 719,528 days lie between 0000-01-01 and 1970-01-01 (Unix epoch) in the
	// proleptic Gregorian calendar.
	if got := graph.DayOf(0, 1, 1); got != -719528 {
		t.Errorf("DayOf(0, 1, 1) = %d, want -719528", got)
	}
	if got := graph.DayOf(1970, 1, 1); got != 0 {
		t.Errorf("DayOf(1970, 1, 1) = %d, want 0", got)
	}
}

func TestParseDateTime(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"2017-01-30T00:00:00Z", "2017-01-30T23:20:30", "2017-01-30T23:59:59+03:00", "2017-01-30T23:20:30-04", "2017-01-30T23:20:30.123Z", "2017-01-30T23:20",
	} {
		d, err := graph.ParseDate(s)
		if err != nil {
			t.Errorf("ParseDate(%q): %v", s, err)
			continue
		}
		if d != date(t, "2017-01-30") {
			t.Errorf("ParseDate(%q) = %+v, want the day it names", s, d)
		}
	}
}

func TestParseDateNoDay(t *testing.T) {
	t.Parallel()
	d, err := graph.ParseDate("")
	if err != nil || d != (graph.Date{}) || !d.Unknown() || d.Open() || d.Known() {
		t.Errorf(`ParseDate("") = %+v, %v; want the unknown date`, d, err)
	}
	d, err = graph.ParseDate("..")
	if err != nil || d != graph.Open || !d.Open() || d.Unknown() || d.Known() {
		t.Errorf(`ParseDate("..") = %+v, %v; want the open date`, d, err)
	}
}

func TestParseDateRejects(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"2013-13", "2013-00", "2013-01-", "2013-", "10/6/2014", "2014-00-00", "2014-01-00", "2014-01-32", "2014-04-31", "2013-02-30", "1900-02-29", "2021-02-29",
		"20106", "201", "20", "2", "2014-6", "2014-06-1", "2014-6-13", "20140613", "2014/2016", "2014/", "/2014", "../2014",
		"?", "2014??", "2014?~", "..?", "...", ".", "-", "--2014", "-0000", "-000", "+2014", "2014 ", " 2014", "2014-06-13 ", "2014-06-13-01",
		"X014", "2X14", "x201", "201x", "201X-06", "20XX-06-01", "2004-XX-12", "2004-X1", "2004-06-X1", "2004-1X-01", "2004-2X", "2004-3X", "2005-02-3X", "2004-06-4X",
		"201X-21", "2001-20", "2001-25", "2001-21-01", "2001-21-XX",
		"Y2014", "Y9999", "Y", "Y12000-01", "y12000", "Y+12000", "Y012000", "Y1000000", "Y99999999999999999999", "Y1X000",
		"2014-01-01T", "2014-01-01T25:00:00Z", "2014-01-01T00:00:00Z?", "2014-01T00:00:00Z", "2014-01-01t00:00:00Z", "T", "2014T",
		"August 2007", "nan", "٢٠١٤", "2014\x00", "２０１４", "\xff\xff\xff\xff",
	} {
		d, err := graph.ParseDate(s)
		switch {
		case err == nil:
			t.Errorf("ParseDate(%q) = %+v, want an error", s, d)
		case !errors.Is(err, graph.ErrDate):
			t.Errorf("ParseDate(%q): %v does not wrap ErrDate", s, err)
		case !strings.Contains(err.Error(), fmt.Sprintf("%q", s)):
			t.Errorf("ParseDate(%q): error %q does not repeat the value", s, err)
		case d != graph.Date{}:
			t.Errorf("ParseDate(%q) = %+v beside its error", s, d)
		}
	}
}

func TestParseDay(t *testing.T) {
	t.Parallel()
	if got, want := day(t, "1970-03-01"), graph.Day(59); got != want {
		t.Errorf("1970-03-01 is day %d, want %d", got, want)
	}
	if got, want := day(t, "1969-12-31"), graph.Day(-1); got != want {
		t.Errorf("1969-12-31 is day %d, want %d", got, want)
	}
	for _, s := range []string{"", "2020", "2020-08", "2020-8-24", "2020-02-30", "2020-08-24T00:00:00Z", ".."} {
		if _, err := graph.ParseDay(s); !errors.Is(err, graph.ErrDate) {
			t.Errorf("ParseDay(%q): %v, want ErrDate", s, err)
		}
	}
	for _, d := range []graph.Day{graph.MinDay, graph.MaxDay} {
		if d.String() != ".." {
			t.Errorf("Day(%d) = %q, want ..", d, d)
		}
	}
}

// anyDay draws a day from year 0 to 9999.
func anyDay(t *rapid.T, label string) graph.Day {
	return graph.Day(rapid.IntRange(int(graph.DayOf(0, 1, 1)), int(graph.DayOf(9999, 12, 31))).Draw(t, label))
}

func TestDateProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay(t, "day")
		full := d.String()
		if back, err := graph.ParseDay(full); err != nil || back != d {
			t.Fatalf("ParseDay(%q) = %d, %v; want %d", full, back, err, d)
		}
		when, err := time.Parse(time.DateOnly, full)
		if err != nil {
			t.Fatal(err)
		}
		if got := graph.DayOf(when.Year(), int(when.Month()), when.Day()); got != d {
			t.Fatalf("DayOf %s = %d, want %d", full, got, d)
		}
		// Every coarser writing of the day has the day inside its bounds, and each
		// has the one before inside its own.
		inner := graph.Date{Earliest: d, Latest: d}
		for _, text := range []string{full, full[:9] + "X", full[:8] + "XX", full[:7], full[:4] + "-XX", full[:4], full[:3] + "X", full[:2] + "XX", full[:1] + "XXX", "XXXX"} {
			qualified := text + rapid.SampledFrom([]string{"", "?", "~", "%"}).Draw(t, "qualifier")
			outer, err := graph.ParseDate(qualified)
			if err != nil {
				t.Fatal(err)
			}
			if outer.Earliest > outer.Latest || outer.Earliest > d || outer.Latest < d {
				t.Fatalf("%q means %v to %v, without %v", qualified, outer.Earliest, outer.Latest, d)
			}
			// 2004-06-1X lies within 2004-06-XX: each step is coarser.
			if outer.Earliest > inner.Earliest || outer.Latest < inner.Latest {
				t.Fatalf("%q means %v to %v, narrower than %q", qualified, outer.Earliest, outer.Latest, inner.Text)
			}
			inner = outer
		}
	})
}

func TestDateText(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "..", "2014?", "201X"} {
		d := date(t, s)
		b, err := d.MarshalText()
		if err != nil || string(b) != s || d.String() != s {
			t.Errorf("%q is written %q (%v)", s, b, err)
		}
		var back graph.Date
		if err := back.UnmarshalText(b); err != nil || back != d {
			t.Errorf("%q is read back as %+v (%v)", s, back, err)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"", "..", "2014", "2014-06-13?", "201X", "2004-1X-XX", "-0044-03-15", "Y-12000", "2001-24", "2017-01-30T00:00:00Z", "2013-01-", "10/6/2014"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := graph.ParseDate(s)
		if err != nil {
			if !errors.Is(err, graph.ErrDate) {
				t.Fatalf("ParseDate(%q): %v does not wrap ErrDate", s, err)
			}
			return
		}
		if d.Earliest > d.Latest {
			t.Fatalf("ParseDate(%q): day %d is after day %d", s, d.Earliest, d.Latest)
		}
		if back, err := graph.ParseDate(d.Text); err != nil || back != d {
			t.Fatalf("ParseDate(%q) = %+v, read again %+v (%v)", s, d, back, err)
		}
	})
}
