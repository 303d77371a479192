package graph

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Endless is the half-life of what does not fade.
var Endless = math.Inf(1)

// endless is how it is written.
const endless = "endless"

// DaysOfYear is the mean length of a year of the Julian calendar: half-lives are told in
// years and count in days.
const DaysOfYear = 365.25

// maxHalfLife bounds a half-life that is no Endless one, in years.
const maxHalfLife = 10_000

// HalfLife says after how many years without evidence a claim of a type keeps half of its
// confidence.
type HalfLife struct {
	Type TieType
	// Post is a type of post, of HOLDS only; "" for every one.
	Post string
	// Years is 0 or more, or Endless. With 0 a claim stands on days of evidence only.
	Years float64
}

// ParseHalfLife reads TYPE=YEARS, such as "MEMBER_OF=12", "KIN_OF=endless" or, for a type of
// post, "HOLDS:ministry=1.5".
func ParseHalfLife(s string) (HalfLife, error) {
	what, years, ok := strings.Cut(s, "=")
	if !ok {
		return HalfLife{}, fmt.Errorf("%w: half-life %q (TYPE=YEARS, such as MEMBER_OF=12, or HOLDS:ministry=1.5 for a type of post)", ErrQuery, s)
	}
	name, post, of := strings.Cut(what, ":")
	if of && post == "" {
		return HalfLife{}, fmt.Errorf("%w: half-life %q: no type of post after the colon", ErrQuery, s)
	}
	typ, err := ParseTieType(name)
	if err != nil {
		return HalfLife{}, fmt.Errorf("half-life %q: %w", s, err)
	}
	h := HalfLife{Type: typ, Post: post, Years: Endless}
	if years != endless {
		if h.Years, err = strconv.ParseFloat(years, 64); err != nil || math.IsInf(h.Years, 0) {
			return HalfLife{}, fmt.Errorf("%w: half-life %q: %q is no number of years (or %s)", ErrQuery, s, years, endless)
		}
	}
	return h, h.check()
}

// String writes it as it is parsed.
func (h HalfLife) String() string {
	what, years := h.Type.String(), endless
	if h.Post != "" {
		what += ":" + h.Post
	}
	if h.Years != Endless {
		years = strconv.FormatFloat(h.Years, 'g', -1, 64)
	}
	return what + "=" + years
}

func (h HalfLife) check() error {
	switch {
	case !h.Type.Valid():
		return fmt.Errorf("%w: half-life of %s", ErrQuery, h.Type)
	case h.Post != "" && h.Type != Holds:
		return fmt.Errorf("%w: half-life %s: only HOLDS has types of post", ErrQuery, h)
	case strings.ContainsAny(h.Post, " \t;=:"):
		return fmt.Errorf("%w: half-life %s: a type of post is one word", ErrQuery, h)
	case h.Years != Endless && !(h.Years >= 0 && h.Years <= maxHalfLife): // false of what is no number
		return fmt.Errorf("%w: half-life %s: outside 0 to %d years (or %s)", ErrQuery, h, maxHalfLife, endless)
	}
	return nil
}

// HalfLives are the half-lives of a question: those of the tables, TieInfo.HalfLife and
// TenureHalfLives, and what differs from them. The zero value is the tables; values compare
// by ==.
type HalfLives struct{ differ string }

// NewHalfLives returns the tables with rows that differ. A row of HOLDS without a type of
// post speaks for every post that no other row names. A row that is there twice is refused.
func NewHalfLives(rows ...HalfLife) (HalfLives, error) {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b HalfLife) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Post, b.Post))
	})
	words := make([]string, 0, len(rows))
	for i, h := range rows {
		if err := h.check(); err != nil {
			return HalfLives{}, err
		}
		if i > 0 && rows[i-1].Type == h.Type && rows[i-1].Post == h.Post {
			return HalfLives{}, fmt.Errorf("%w: half-lives %s and %s are of the same; keep one", ErrQuery, rows[i-1], h)
		}
		words = append(words, h.String())
	}
	return HalfLives{strings.Join(words, " ")}, nil
}

// String writes the rows that differ, "" where none does.
func (h HalfLives) String() string { return h.differ }

// Differing returns the rows that differ from the tables.
func (h HalfLives) Differing() []HalfLife {
	var out []HalfLife
	for word := range strings.FieldsSeq(h.differ) {
		row, err := ParseHalfLife(word)
		if err != nil {
			panic(err) // written by NewHalfLives
		}
		out = append(out, row)
	}
	return out
}

// table is what the half-lives are, for whoever looks many up.
func (h HalfLives) table() (byType map[TieType]float64, byPost map[string]float64) {
	byType, byPost = map[TieType]float64{}, map[string]float64{}
	for _, row := range tieTypes {
		byType[row.Type] = row.HalfLife
	}
	for _, row := range tenureHalfLives {
		byPost[row.Post] = row.Years
	}
	differ := h.Differing()
	if len(differ) > 0 && differ[0].Type == Holds && differ[0].Post == "" {
		clear(byPost)
	}
	for _, row := range differ {
		if row.Post != "" {
			byPost[row.Post] = row.Years
			continue
		}
		byType[row.Type] = row.Years
	}
	return byType, byPost
}

// Rows are all half-lives, in the order of the types of tie, after HOLDS those by type of
// post.
func (h HalfLives) Rows() []HalfLife {
	byType, byPost := h.table()
	var out []HalfLife
	for _, row := range tieTypes {
		out = append(out, HalfLife{Type: row.Type, Years: byType[row.Type]})
		if row.Type == Holds {
			for _, post := range slices.Sorted(maps.Keys(byPost)) {
				out = append(out, HalfLife{Type: Holds, Post: post, Years: byPost[post]})
			}
		}
	}
	return out
}

// Lookup returns a function that gives the half-life, in days, of a claim of a type; of
// HOLDS that of the first of the post's types that has one.
func (h HalfLives) Lookup() func(t TieType, post []string) float64 {
	byType, byPost := h.table()
	return func(t TieType, post []string) float64 {
		if t == Holds {
			for _, typ := range post {
				if years, ok := byPost[typ]; ok {
					return years * DaysOfYear
				}
			}
		}
		return byType[t] * DaysOfYear
	}
}

// MarshalJSON writes what is endless without years: JSON has no infinity.
func (h HalfLife) MarshalJSON() ([]byte, error) {
	row := struct {
		Type  TieType  `json:"type"`
		Post  string   `json:"post,omitempty"`
		Years *float64 `json:"years"`
	}{Type: h.Type, Post: h.Post}
	if h.Years != Endless {
		row.Years = &h.Years
	}
	return json.Marshal(row)
}
