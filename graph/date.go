package graph

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Day counts days since 1970-01-01 in the proleptic Gregorian calendar.
type Day int32

// The unbounded ends of time.
const (
	MinDay Day = math.MinInt32
	MaxDay Day = math.MaxInt32
)

// DayOf returns the day of a calendar date.
func DayOf(year, month, day int) Day {
	return Day(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads a full calendar date, such as "2020-08-24".
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("%w: %q (a full date such as 2020-08-24)", ErrDate, s)
	}
	return Day(floorDiv(t.Unix(), 86400)), nil
}

// String writes the day as a calendar date; ".." for the unbounded ends.
func (d Day) String() string {
	if d == MinDay || d == MaxDay {
		return ".."
	}
	return time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly)
}

// Date is a partial date: EDTF (ISO 8601-2:2019) level 1 text with the first
// and last day it may mean. The zero Date is unknown (empty text); ".." is
// open: there is no such day. The two differ: an office with an open end is
// held, one with an unknown end may have ended.
//
// The qualifiers ? (uncertain), ~ (approximate) and % (both) are kept in the
// text and do not widen the bounds: the standard gives them no width.
type Date struct {
	Text             string
	Earliest, Latest Day
}

// Open is the date "..".
var Open = Date{Text: ".."}

// Unknown reports whether nothing is known of the date.
func (d Date) Unknown() bool { return d.Text == "" }

// Open reports whether the date is "..": no such day.
func (d Date) Open() bool { return d.Text == ".." }

// Known reports whether the date has bounds.
func (d Date) Known() bool { return !d.Unknown() && !d.Open() }

// Qualified reports whether the date is uncertain or approximate.
func (d Date) Qualified() bool { return strings.ContainsAny(d.Text, "?~%") }

// String returns the EDTF text.
func (d Date) String() string { return d.Text }

// MarshalText writes the EDTF text.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.Text), nil }

// UnmarshalText reads EDTF text.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}

// ParseDate reads an EDTF level 1 date: a year, month, day or season, with
// unspecified digits at the right end (201X, 2004-XX), a qualifier (2014?), a
// year past 9999 (Y12000), or a date with time, which is cut to its day. "" is unknown and
// ".." open. An interval is not a date: see ParseInterval.
func ParseDate(s string) (Date, error) {
	switch s {
	case "":
		return Date{}, nil
	case "..":
		return Open, nil
	}
	text := s
	if day, _, ok := strings.Cut(s, "T"); ok {
		if !isDateTime(s) {
			return Date{}, badDate(s, "not a date with time")
		}
		text = day
	}
	body := strings.TrimRight(text, "?~%")
	if len(text)-len(body) > 1 {
		return Date{}, badDate(s, "more than one qualifier")
	}
	first, last, err := bounds(body)
	if err != nil {
		return Date{}, badDate(s, err.Error())
	}
	return Date{Text: text, Earliest: first, Latest: last}, nil
}

// dateTimes are the forms of a date with time, with and without a shift.
var dateTimes = []string{time.RFC3339, "2006-01-02T15:04:05Z07", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04"}

func isDateTime(s string) bool {
	return slices.ContainsFunc(dateTimes, func(layout string) bool {
		_, err := time.Parse(layout, s)
		return err == nil
	})
}

func badDate(s, why string) error {
	return fmt.Errorf("%w: %q: %s (EDTF level 1, such as 2014, 2014-06, 2014-06-13, 201X, 2014?)", ErrDate, s, why)
}

type dateError string

func (e dateError) Error() string { return string(e) }

func bounds(body string) (first, last Day, err error) {
	if strings.HasPrefix(body, "Y") {
		y, err := strconv.Atoi(body[1:])
		if err != nil || y < -999_999 || y > 999_999 || (y > -10000 && y < 10000) || strconv.Itoa(y) != body[1:] {
			return 0, 0, dateError("not a year of five or six digits")
		}
		return DayOf(y, 1, 1), DayOf(y, 12, 31), nil
	}
	sign := 1
	rest := body
	if strings.HasPrefix(rest, "-") {
		sign, rest = -1, rest[1:]
	}
	parts := strings.Split(rest, "-")
	if len(parts) > 3 || len(parts[0]) != 4 {
		return 0, 0, dateError("not a year, month or day")
	}
	lo, hi, err := digits(parts[0])
	if err != nil {
		return 0, 0, err
	}
	if sign < 0 {
		if hi == 0 {
			return 0, 0, dateError("there is no year minus zero")
		}
		lo, hi = -hi, -max(lo, 1)
	}
	if len(parts) == 1 {
		return DayOf(lo, 1, 1), DayOf(hi, 12, 31), nil
	}
	for i, p := range parts[1:] {
		if len(p) != 2 {
			return 0, 0, dateError("month and day have two digits")
		}
		if strings.HasSuffix(parts[i], "X") && p != "XX" {
			return 0, 0, dateError("unspecified digits stand at the right end")
		}
	}
	return monthBounds(lo, hi, parts[1:])
}

// digits reads a number in which X at the end stands for any digit.
func digits(s string) (lo, hi int, err error) {
	known := strings.TrimRight(s, "X")
	for _, c := range known {
		if c < '0' || c > '9' {
			return 0, 0, dateError("not a number")
		}
	}
	fill := len(s) - len(known)
	lo, _ = strconv.Atoi(known + strings.Repeat("0", fill))
	hi, _ = strconv.Atoi(known + strings.Repeat("9", fill))
	return lo, hi, nil
}

// seasonMonths gives the first and last month of EDTF seasons 21–24 (northern
// meteorological seasons; winter runs into the next year).
var seasonMonths = map[string][2]int{"21": {3, 5}, "22": {6, 8}, "23": {9, 11}, "24": {12, 14}}

func monthBounds(yearLo, yearHi int, parts []string) (first, last Day, err error) {
	month := parts[0]
	if m, ok := seasonMonths[month]; ok {
		if len(parts) > 1 {
			return 0, 0, dateError("a season has no day")
		}
		return DayOf(yearLo, m[0], 1), DayOf(yearHi, m[1]+1, 0), nil
	}
	if month == "XX" {
		return DayOf(yearLo, 1, 1), DayOf(yearHi, 12, 31), nil
	}
	mLo, mHi, err := digits(month)
	if err != nil {
		return 0, 0, err
	}
	mLo, mHi = max(mLo, 1), min(mHi, 12)
	if mLo > mHi {
		return 0, 0, dateError("month outside 01 to 12")
	}
	if len(parts) == 1 || parts[1] == "XX" {
		return DayOf(yearLo, mLo, 1), DayOf(yearHi, mHi+1, 0), nil
	}
	dLo, dHi, err := digits(parts[1])
	if err != nil {
		return 0, 0, err
	}
	monthEnd := time.Unix(int64(DayOf(yearHi, mHi+1, 0))*86400, 0).UTC().Day()
	dLo = max(dLo, 1)
	if strings.HasSuffix(parts[1], "X") {
		dHi = min(dHi, monthEnd)
	}
	if dLo > dHi || dHi > monthEnd {
		return 0, 0, dateError(fmt.Sprintf("day outside 01 to %02d", monthEnd))
	}
	return DayOf(yearLo, mLo, dLo), DayOf(yearHi, mHi, dHi), nil
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
