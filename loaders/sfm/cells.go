package sfm

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"entangle/graph"
	"entangle/loaders"
)

// cite reads the sources of some columns: ids of access points, between
// semicolons. A source known by its id alone gets a stub.
func (l *line) cite(rec *loaders.Record, columns ...string) []graph.Citation {
	var out []graph.Citation
	for _, column := range columns {
		column += ":source"
		for _, ref := range list(l.get(column)) {
			if strings.EqualFold(ref, "nan") {
				rec.Repaired(l.row.Place(column), "", "nan-is-no-source")
				continue
			}
			c := graph.Citation{Source: id(ref)}
			if slices.Contains(out, c) {
				continue
			}
			out = append(out, c)
			rec.Stubs = append(rec.Stubs, graph.Node{
				ID: c.Source, Kind: graph.Source,
				Names: []graph.Name{loaders.NameOf("Security Force Monitor source "+ref, graph.PrimaryName)},
			})
		}
	}
	return out
}

// confidence is the lowest word that the columns give: a claim is no surer than
// its weakest part. It is zero where none is given.
func (l *line) confidence(rec *loaders.Record, columns ...string) graph.Confidence {
	var lowest graph.Confidence
	for _, column := range columns {
		column += ":confidence"
		word := l.get(column)
		if word == "" {
			continue
		}
		title := strings.ToUpper(word[:1]) + strings.ToLower(word[1:])
		c, ok := graph.ConfidenceFromSFM(title)
		if !ok {
			rec.Bad(l.row.Place(column), loaders.CodeValue, "not one of Low, Medium, High")
			continue
		}
		if title != word {
			rec.Repaired(l.row.Place(column), title, "canonical-form")
		}
		if lowest.Rule == "" || c.Value < lowest.Value {
			lowest = c
		}
	}
	return lowest
}

// flag reads Y, N or E; "" where the cell is empty.
func (l *line) flag(rec *loaders.Record, column, allowed string) string {
	value := l.get(column)
	upper := strings.ToUpper(value)
	if upper == "" {
		return ""
	}
	if len(upper) != 1 || !strings.Contains(allowed, upper) {
		rec.Bad(l.row.Place(column), loaders.CodeValue, "not one of "+strings.Join(strings.Split(allowed, ""), ", "))
		return ""
	}
	if upper != value {
		rec.Repaired(l.row.Place(column), upper, "canonical-form")
	}
	return upper
}

// dates names the columns of a four-bound range.
type dates struct {
	first, last string // bases of the columns with the citations
	start       string // Y: the first citation is the start
	open        string // Y: still so, N: ended some time after, E: ended on the last citation
	end         string // Y: the last citation is the end
}

// fields are the columns behind the fields of a span.
func (d dates) fields(more map[string]string) map[string]string {
	for _, f := range []string{"start", "first", "first/last"} {
		more[f] = d.first
	}
	for _, f := range []string{"end", "last"} {
		more[f] = d.last
	}
	return more
}

// span reads a range. Without its flags a citation is an observation.
func (l *line) span(rec *loaders.Record, d dates) graph.Span {
	first, last := l.date(rec, d.first), l.date(rec, d.last)
	var s graph.Span
	if l.flag(rec, d.start, "YN") == "Y" {
		s.Start = first
	} else {
		s.First = first
	}
	s.Last = last
	ended := d.end != "" && l.flag(rec, d.end, "YN") == "Y"
	if d.open != "" {
		switch l.flag(rec, d.open, "YNE") {
		case "Y":
			s.End = graph.Open
		case "E":
			ended = true
		}
	}
	if ended {
		s.End, s.Last = last, graph.Date{}
		if last.Unknown() {
			rec.Repaired(l.row.Place(d.last), "", "end-without-date")
		}
	}
	return s
}

// date reads the date of a group of columns: base_year, base_month and base_day
// where they are filled, for they are the safer read, else base.
func (l *line) date(rec *loaders.Record, base string) graph.Date {
	whole := l.row.Get(base)
	text, ok := l.splitDate(rec, base)
	if !ok {
		return graph.Date{}
	}
	if text == "" {
		clean, rule, err := wholeDate(whole)
		if err != nil {
			rec.Bad(l.row.Place(base), loaders.CodeValue, loaders.DateReason(err))
			return graph.Date{}
		}
		if rule != "" {
			rec.Repaired(l.row.Place(base), clean, rule)
		}
		text = clean
	} else if clean, _, err := wholeDate(whole); whole != "" && (err != nil || clean != text) {
		rec.Repaired(l.row.Place(base), text, "split-date-columns")
	}
	d, err := graph.ParseDate(text)
	if err != nil {
		rec.Bad(l.row.Place(base), loaders.CodeValue, loaders.DateReason(err))
	}
	return d
}

// splitDate reads the columns of year, month and day; "" where the year is
// empty. ok is false where one of them is no number.
func (l *line) splitDate(rec *loaders.Record, base string) (text string, ok bool) {
	year := l.get(base + "_year")
	if year == "" {
		return "", true
	}
	if len(year) != 4 || !number(year, 1, 9999) {
		rec.Bad(l.row.Place(base+"_year"), loaders.CodeValue, "not a year of four digits")
		return "", false
	}
	parts := []string{year}
	for _, part := range []struct {
		suffix string
		max    int
	}{{"_month", 12}, {"_day", 31}} {
		cell := l.get(base + part.suffix)
		if cell == "" {
			break
		}
		if !number(cell, 1, part.max) {
			rec.Bad(l.row.Place(base+part.suffix), loaders.CodeValue, fmt.Sprintf("not a number from 1 to %d", part.max))
			return "", false
		}
		n, _ := strconv.Atoi(cell)
		parts = append(parts, fmt.Sprintf("%02d", n))
	}
	return strings.Join(parts, "-"), true
}

func number(s string, least, most int) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= least && n <= most
}

var (
	usPattern    = regexp.MustCompile(`^\s*(?:(\d{1,2})\s*/\s*)?(\d{1,2})\s*/\s*(\d+)\s*$`)
	monthPattern = regexp.MustCompile(`^\s*([A-Za-z]+)\s+(\d{4})\s*$`)
	months       = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
)

// wholeDate reads a date in one of the forms that the sheets have: EDTF,
// month/day/year, month/year, "August 2007".
func wholeDate(s string) (text, rule string, err error) {
	if m := usPattern.FindStringSubmatch(s); m != nil {
		if len(m[3]) != 4 {
			return "", "", fmt.Errorf("%w: a year has four digits", graph.ErrDate)
		}
		month, day := m[1], m[2]
		if month == "" {
			month, day = m[2], ""
		}
		text, rule = m[3]+"-"+month, "month-day-year"
		if day != "" {
			text += "-" + day
		}
		text, _, err = loaders.CleanDate(text)
		return text, rule, err
	}
	if m := monthPattern.FindStringSubmatch(s); m != nil {
		for i, name := range months {
			if word := strings.ToLower(m[1]); word == name || (len(word) == 3 && word == name[:3]) {
				return fmt.Sprintf("%s-%02d", m[2], i+1), "month-name", nil
			}
		}
	}
	return loaders.CleanDate(s)
}
