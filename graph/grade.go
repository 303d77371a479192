package graph

import (
	"fmt"
	"strings"
)

// Grade is an Admiralty (NATO) grade: the reliability of the source as a
// letter A–F and the credibility of the information as a digit 1–6. F and 6
// mean “cannot be judged”, which is not a middle value, so grades are never
// averaged. The zero Grade is “not graded”.
type Grade struct {
	Reliability byte // 'A'…'F', 0 where not graded
	Credibility byte // '1'…'6', 0 where not graded
}

const (
	reliabilities = "ABCDEF"
	credibilities = "123456"
)

func reliabilityLetters() []string { return strings.Split(reliabilities, "") }

// ParseGrade reads a grade such as "B2". Either half may be left out as "-":
// "B-", "-2". The empty text is the zero Grade.
func ParseGrade(s string) (Grade, error) {
	if s == "" {
		return Grade{}, nil
	}
	bad := fmt.Errorf("%w: %q (a letter A–F and a digit 1–6, such as B2)", ErrGrade, s)
	if len(s) != 2 {
		return Grade{}, bad
	}
	var g Grade
	letter := strings.ToUpper(s)[0]
	switch {
	case strings.IndexByte(reliabilities, letter) >= 0:
		g.Reliability = letter
	case letter != '-':
		return Grade{}, bad
	}
	switch {
	case strings.IndexByte(credibilities, s[1]) >= 0:
		g.Credibility = s[1]
	case s[1] != '-':
		return Grade{}, bad
	}
	return g, nil
}

// String writes the grade as it is parsed; "" for the zero Grade.
func (g Grade) String() string {
	if g == (Grade{}) {
		return ""
	}
	out := []byte{'-', '-'}
	if g.Reliability != 0 {
		out[0] = g.Reliability
	}
	if g.Credibility != 0 {
		out[1] = g.Credibility
	}
	return string(out)
}

// MarshalText writes the grade.
func (g Grade) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText reads a grade.
func (g *Grade) UnmarshalText(b []byte) (err error) {
	*g, err = ParseGrade(string(b))
	return err
}
