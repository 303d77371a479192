package graph

import "fmt"

// Marking is a Traffic Light Protocol 2.0 marking, ordered from the widest to
// the narrowest audience. The zero Marking is TLP:CLEAR.
type Marking uint8

// The TLP 2.0 markings.
const (
	Clear Marking = iota
	Green
	Amber
	AmberStrict
	Red
)

var markings = []string{"CLEAR", "GREEN", "AMBER", "AMBER_STRICT", "RED"}

// Markings returns the names of the markings, the widest audience first.
func Markings() []string { return markings }

// String returns the marking's name, such as "AMBER_STRICT".
func (m Marking) String() string {
	if int(m) >= len(markings) {
		return fmt.Sprintf("Marking(%d)", uint8(m))
	}
	return markings[m]
}

// ParseMarking reads a marking's name in any of its usual spellings:
// "AMBER_STRICT", "amber+strict", "TLP:AMBER+STRICT"; "WHITE" is the name
// CLEAR had in TLP 1.0. The empty text is CLEAR.
func ParseMarking(s string) (Marking, error) {
	name := normalMarking(s)
	switch name {
	case "", "WHITE":
		return Clear, nil
	}
	for i, m := range markings {
		if m == name {
			return Marking(i), nil
		}
	}
	return 0, fmt.Errorf("%w: %q (one of CLEAR, GREEN, AMBER, AMBER+STRICT, RED)", ErrMarking, s)
}

func normalMarking(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		case c == '+' || c == '-':
			c = '_'
		}
		out = append(out, c)
	}
	name := string(out)
	if len(name) > 4 && name[:4] == "TLP:" {
		name = name[4:]
	}
	return name
}

// MarshalText writes the name.
func (m Marking) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads a name.
func (m *Marking) UnmarshalText(b []byte) (err error) {
	*m, err = ParseMarking(string(b))
	return err
}
