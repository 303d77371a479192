package loaders

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"entangle/graph"
)

var loosePattern = regexp.MustCompile(`^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$`)

// CleanDate reads a date as it is found in real files and returns it as EDTF
// level 1 text. rule is empty where nothing had to be repaired; otherwise it
// names what was done: blanks removed, a dash at the end ("2013-01-"), a month
// or day of zero ("2014-00-00"), a missing zero ("2014-5-3"), a time of day.
func CleanDate(s string) (text, rule string, err error) {
	t := strings.TrimSpace(s)
	if t != s {
		rule = "date-blanks"
	}
	if cut := strings.TrimRight(t, "-"); cut != t && cut != "" {
		t, rule = cut, "date-trailing-dash"
	}
	for strings.HasSuffix(t, "-00") {
		t, rule = strings.TrimSuffix(t, "-00"), "date-zero-part"
	}
	if m := loosePattern.FindStringSubmatch(t); m != nil {
		padded := m[1] + "-" + pad(m[2])
		if m[3] != "" {
			padded += "-" + pad(m[3])
		}
		if padded != t {
			t, rule = padded, "date-padded"
		}
	}
	d, err := graph.ParseDate(t)
	if err != nil {
		return "", "", err
	}
	if d.Text != t {
		rule = "date-time-cut"
	}
	return d.Text, rule, nil
}

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// DateReason turns an error of graph.ParseDate into a reason that does not
// repeat the value, so that reasons can be counted.
func DateReason(err error) string {
	if _, why, found := strings.Cut(err.Error(), `": `); found {
		return fmt.Sprintf("%v: %s", graph.ErrDate, why)
	}
	return err.Error()
}

var scripts = []struct {
	code  string
	table *unicode.RangeTable
}{
	{"Arab", unicode.Arabic},
	{"Latn", unicode.Latin},
	{"Cyrl", unicode.Cyrillic},
	{"Hebr", unicode.Hebrew},
	{"Grek", unicode.Greek},
	{"Hans", unicode.Han},
}

// Script returns the ISO 15924 code of the script that most letters of a text
// are in, "" where it has no letters of a script that is told apart.
func Script(text string) string {
	counts := make([]int, len(scripts))
	best := -1
	for _, r := range text {
		for i, s := range scripts {
			if !unicode.Is(s.table, r) || !unicode.IsLetter(r) {
				continue
			}
			counts[i]++
			if best < 0 || counts[i] > counts[best] {
				best = i
			}
			break
		}
	}
	if best < 0 {
		return ""
	}
	return scripts[best].code
}

// NameOf is a name with its script told from its letters.
func NameOf(text string, kind graph.NameKind) graph.Name {
	return graph.Name{Text: text, Script: Script(text), Kind: kind}
}
