package graph

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// PropType is the type of a property's values.
type PropType uint8

// The types of property. Every value is kept as text in the form its type
// reads; the type says how it compares.
const (
	StringProp PropType = iota
	IntProp
	FloatProp
	BoolProp
	DateProp // EDTF level 1
)

// PropSpec is one column of a kind or of a tie type.
type PropSpec struct {
	Name string
	Type PropType
	// List allows several values.
	List bool
	// Enum, where not empty, lists the only values allowed.
	Enum []string
	// Min bounds numbers from below; Max too where Bounded.
	Min, Max float64
	Bounded  bool
	Help     string
}

// Props are the properties of a node or tie: name → values as text. A property
// without values is absent.
type Props map[string][]string

// Text returns the first value of a property, "" where it is absent.
func (p Props) Text(name string) string {
	if v := p[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Float returns the first value of a property as a number.
func (p Props) Float(name string) (float64, bool) {
	f, err := strconv.ParseFloat(p.Text(name), 64)
	return f, err == nil
}

// Int returns the first value of a property as a whole number.
func (p Props) Int(name string) (int, bool) {
	n, err := strconv.Atoi(p.Text(name))
	return n, err == nil
}

// Bool reports whether a property is "true".
func (p Props) Bool(name string) bool { return p.Text(name) == "true" }

// Date returns the first value of a property as a partial date; the unknown
// date where it is absent.
func (p Props) Date(name string) Date {
	d, err := ParseDate(p.Text(name))
	if err != nil {
		return Date{}
	}
	return d
}

// Set returns p with the property set to values; an empty value removes it. A
// nil map is made.
func (p Props) Set(name string, values ...string) Props {
	if p == nil {
		p = Props{}
	}
	values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	if len(values) == 0 {
		delete(p, name)
		return p
	}
	p[name] = values
	return p
}

// Names returns the property names in order.
func (p Props) Names() []string {
	names := make([]string, 0, len(p))
	for name := range p {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Spec returns the column of that name.
func Spec(specs []PropSpec, name string) (PropSpec, bool) {
	for _, s := range specs {
		if s.Name == name {
			return s, true
		}
	}
	return PropSpec{}, false
}

// Check returns the canonical form of one value of the column, or an error
// that says what it should have been.
func (s PropSpec) Check(value string) (string, error) {
	value = strings.TrimSpace(value)
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, value) {
		return "", fmt.Errorf("not one of %s", strings.Join(s.Enum, ", "))
	}
	switch s.Type {
	case IntProp:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return "", errors.New("not a whole number")
		}
		if n < math.MinInt32 || n > math.MaxInt32 { // what GraphQL's Int takes
			return "", fmt.Errorf("outside %d to %d", math.MinInt32, math.MaxInt32)
		}
		return strconv.FormatInt(n, 10), s.inRange(float64(n))
	case FloatProp:
		f, err := strconv.ParseFloat(value, 64)
		if err != nil || f != f || f-f != 0 {
			return "", errors.New("not a finite number")
		}
		if f == 0 {
			f = 0 // no minus zero
		}
		return strconv.FormatFloat(f, 'g', -1, 64), s.inRange(f)
	case BoolProp:
		b, err := strconv.ParseBool(value)
		if err != nil {
			return "", errors.New("not true or false")
		}
		return strconv.FormatBool(b), nil
	case DateProp:
		d, err := ParseDate(value)
		return d.Text, err
	case StringProp:
	}
	return value, nil
}

// rule is the one that a value breaks which Check refuses.
func (s PropSpec) rule() Rule {
	switch s.Type {
	case IntProp, FloatProp:
		return RuleNumber
	case BoolProp:
		return RuleWord
	case DateProp:
		return RuleDate
	case StringProp:
	}
	return RuleWord // it is not one of those that may stand there
}

func (s PropSpec) inRange(f float64) error {
	if s.Bounded && (f < s.Min || f > s.Max) {
		return fmt.Errorf("outside %g to %g", s.Min, s.Max)
	}
	if !s.Bounded && f < s.Min {
		return fmt.Errorf("below %g", s.Min)
	}
	return nil
}
