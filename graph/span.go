package graph

import (
	"fmt"
	"strconv"
	"strings"
)

// Span says when a claim holds. Start and End are stated; First and Last are
// the days on which sources observed it: a first citation is not a start.
type Span struct {
	Start, End  Date
	First, Last Date
}

// ParseInterval reads an EDTF level 1 interval, such as "2014-06/2016",
// "../2009", "2020-02/.." or "2016/" (unknown end). A text without "/" is a
// start whose end is unknown.
func ParseInterval(s string) (Span, error) {
	from, to, _ := strings.Cut(s, "/")
	start, err := ParseDate(from)
	if err != nil {
		return Span{}, err
	}
	end, err := ParseDate(to)
	if err != nil {
		return Span{}, err
	}
	return Span{Start: start, End: end}, nil
}

// String writes the stated part as an EDTF interval.
func (s Span) String() string {
	if s.Start.Unknown() && s.End.Unknown() {
		return ""
	}
	return s.Start.Text + "/" + s.End.Text
}

// Bounds are the days between which a span's start and end lie, with what the
// observations add: it had started by the first and not ended before the last.
// No span ends before it starts, so an exact start is a day on which it held.
// They are plain numbers so that a store can compare them in its own language.
type Bounds struct {
	StartEarliest, StartLatest Day
	EndEarliest, EndLatest     Day
	// Evidence is the last day for which something is known: a stated start or
	// an observation; MinDay where the span says nothing at all.
	Evidence Day
}

// Bounds returns the span's bounds.
func (s Span) Bounds() Bounds {
	b := Bounds{StartEarliest: MinDay, StartLatest: MaxDay, EndEarliest: MinDay, EndLatest: MaxDay, Evidence: MinDay}
	switch {
	case s.Start.Open():
		b.StartLatest = MinDay
	case s.Start.Known():
		b.StartEarliest, b.StartLatest = s.Start.Earliest, s.Start.Latest
		b.Evidence = max(b.Evidence, s.Start.Latest)
	}
	switch {
	case s.End.Open():
		b.EndEarliest = MaxDay
	case s.End.Known():
		b.EndEarliest, b.EndLatest = s.End.Earliest, s.End.Latest
	}
	for _, seen := range []Date{s.First, s.Last} {
		if !seen.Known() {
			continue
		}
		b.StartLatest = min(b.StartLatest, seen.Latest)
		b.EndEarliest = max(b.EndEarliest, seen.Earliest)
		b.Evidence = max(b.Evidence, seen.Latest)
	}
	b.StartLatest = min(b.StartLatest, b.EndLatest)
	b.EndEarliest = max(b.EndEarliest, b.StartEarliest)
	return b
}

// Presence answers whether a claim holds on a day.
type Presence uint8

// The three answers.
const (
	No Presence = iota
	Possible
	Certain
)

// String returns NO, POSSIBLE or CERTAIN.
func (p Presence) String() string { return [...]string{"NO", "POSSIBLE", "CERTAIN"}[p] }

// At answers for day d from the bounds alone.
func (b Bounds) At(d Day) Presence {
	switch {
	case d < b.StartEarliest || d > b.EndLatest:
		return No
	case d >= b.StartLatest && d <= b.EndEarliest:
		return Certain
	}
	return Possible
}

// At answers for day d: certain, possible or no.
func (s Span) At(d Day) Presence { return s.Bounds().At(d) }

// Meets reports whether the span may hold on some day from a to b.
func (b Bounds) Meets(from, to Day) bool { return b.StartEarliest <= to && b.EndLatest >= from }

// GapMode says which possible claims count as standing.
type GapMode uint8

// The gap modes.
const (
	// Fading: a possible claim stands with a confidence that halves with the time to its
	// nearest evidence, HalfLives. Where claims are only listed, they are those of
	// Contiguous: their confidence is as it is stated. The default.
	Fading GapMode = iota
	// Contiguous: absence of evidence of an end is not an end; a possible claim
	// stands.
	Contiguous
	// Strict: only certain claims stand.
	Strict
	// Extend: a possible claim stands for a number of days before its first and
	// past its last evidence.
	Extend
)

// GapPolicy decides whether a claim counts as standing on a day for which the
// data is silent. The zero value is Fading.
type GapPolicy struct {
	Mode GapMode
	// Days is used by Extend.
	Days int
}

// ParseGapPolicy reads "fading", "contiguous", "strict" or "extend:90".
func ParseGapPolicy(s string) (GapPolicy, error) {
	name, days, found := strings.Cut(s, ":")
	switch {
	case s == "" || s == "fading":
		return GapPolicy{}, nil
	case s == "contiguous":
		return GapPolicy{Mode: Contiguous}, nil
	case s == "strict":
		return GapPolicy{Mode: Strict}, nil
	case name == "extend" && found:
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n <= 100_000 {
			return GapPolicy{Mode: Extend, Days: n}, nil
		}
	}
	return GapPolicy{}, fmt.Errorf("%w: gap policy %q (fading, contiguous, strict, or extend:DAYS)", ErrQuery, s)
}

// String writes the policy as it is parsed.
func (g GapPolicy) String() string {
	switch g.Mode {
	case Strict:
		return "strict"
	case Extend:
		return "extend:" + strconv.Itoa(g.Days)
	case Contiguous:
		return "contiguous"
	case Fading:
	}
	return "fading"
}

// Holds reports whether a claim with the bounds stands on day d.
func (g GapPolicy) Holds(b Bounds, d Day) bool {
	p := b.At(d)
	if p != Possible {
		return p == Certain
	}
	switch g.Mode {
	case Strict:
		return false
	case Extend:
		// Inside a stated start or before a stated end the data is not silent.
		switch n := int64(g.Days); {
		case d < b.StartLatest:
			return b.StartEarliest != MinDay || int64(b.StartLatest) <= int64(d)+n
		case b.EndLatest != MaxDay:
			return true
		default:
			return b.Evidence != MinDay && int64(b.Evidence) >= int64(d)-n
		}
	case Fading, Contiguous:
	}
	return true
}

// Undated reports whether the span names no day at all: nobody dated the claim.
func (s Span) Undated() bool {
	return !s.Start.Known() && !s.End.Known() && !s.First.Known() && !s.Last.Known()
}
