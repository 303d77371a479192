package graph

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Op is the operator of a condition.
type Op uint8

// The operators. True is the zero value: no condition.
const (
	True Op = iota
	And
	Or
	Not
	Eq
	In
	Contains
	StartsWith
	EndsWith
	// Matches compares the folded key of any of a node's names: letters, case
	// and diacritics of Latin and Arabic do not matter (package fold).
	Matches
	Lt
	Lte
	Gt
	Gte
	// IsNull takes "true" or "false".
	IsNull
	// Includes: a set or list has the value.
	Includes
	// Some and None: at least one, or no tie fits the hop.
	Some
	None
)

// Dir is the direction in which a tie is followed.
type Dir uint8

// The directions. Symmetric types are followed both ways whatever is asked.
const (
	Out Dir = iota
	Back
)

// Cond is a condition on a node or a tie: a tree that every store compiles to
// its own language.
//
// Fields of a node: "id"; "name" (the primary name; Matches looks at every
// name); "types" and "aliases" (sets: Includes); "marking"; and the properties
// of its kind. Fields of a tie: "id", "confidence", "weight", "status",
// "grade", "derived", "source" (Includes: cites that source), and the
// properties of its type.
//
// Text compares by code point and case; numbers as numbers. A date is compared
// by what is certain: Lt holds where its last possible day is before the first
// possible day of the operand, Gt where its first possible day is after the
// operand's last; Lte and Gte compare last days and first days. Eq and In on a
// date compare the text. A missing property fits no comparison but IsNull.
type Cond struct {
	Op     Op
	Field  string
	Values []string
	// Conds are the parts of And, Or and Not (one).
	Conds []Cond
	// Hop is the tie that Some and None look for.
	Hop *Hop
}

// Hop is a step from a node over a tie to the node at its other end.
type Hop struct {
	Type TieType
	Dir  Dir
	Tie  TieWhere
	// Far is the condition on the node at the other end.
	Far Cond
}

// MaxHops bounds how deep Some and None may nest.
const MaxHops = 3

// noHops marks a condition on a tie, which takes no Some and None.
const noHops = -1

// All joins conditions by And, leaving True ones out.
func All(conds ...Cond) Cond {
	conds = slices.DeleteFunc(slices.Clone(conds), func(c Cond) bool { return c.Op == True })
	switch len(conds) {
	case 0:
		return Cond{}
	case 1:
		return conds[0]
	}
	return Cond{Op: And, Conds: conds}
}

// PropsOf returns the columns that nodes of any of the kinds may have, every
// kind where none is named.
func PropsOf(of []Kind) []PropSpec {
	var specs []PropSpec
	for _, row := range kinds {
		if len(of) > 0 && !slices.Contains(of, row.Kind) {
			continue
		}
		specs = addSpecs(specs, row.Props)
	}
	return specs
}

// TiePropsOf returns the columns that ties of any of the types may have, every
// type where none is named.
func TiePropsOf(of []TieType) []PropSpec {
	var specs []PropSpec
	for _, row := range tieTypes {
		if len(of) > 0 && !slices.Contains(of, row.Type) {
			continue
		}
		specs = addSpecs(specs, row.Props)
	}
	return specs
}

// addSpecs adds columns to those of other rows. Where a name is there already,
// the two become the wider: a list if one is, any value unless both name the same.
func addSpecs(specs, more []PropSpec) []PropSpec {
	for _, s := range more {
		i := slices.IndexFunc(specs, func(have PropSpec) bool { return have.Name == s.Name })
		if i < 0 {
			specs = append(specs, s)
			continue
		}
		specs[i].List = specs[i].List || s.List
		if !slices.Equal(specs[i].Enum, s.Enum) {
			specs[i].Enum = nil
		}
	}
	return specs
}

var nodeFields = []PropSpec{
	{Name: "id"}, {Name: "name"}, {Name: "types", List: true}, {Name: "aliases", List: true}, {Name: "marking", Enum: markings},
}

var tieFields = []PropSpec{
	{Name: "id"},
	{Name: "confidence", Type: FloatProp},
	{Name: "weight", Type: FloatProp},
	{Name: "status", Enum: statuses},
	{Name: "grade"},
	{Name: "derived", Type: BoolProp},
	{Name: "source", List: true},
}

// CheckNodes reports the first thing wrong with a condition on nodes of the
// kinds, wrapping ErrQuery.
func (c Cond) CheckNodes(of []Kind) error {
	if c.Op == True {
		return nil
	}
	return cmp.Or(c.checkDepth(), c.check(slices.Concat(nodeFields, PropsOf(of)), MaxHops))
}

// CheckTies reports the first thing wrong with a condition on ties of the
// types, wrapping ErrQuery.
func (c Cond) CheckTies(of []TieType) error {
	if c.Op == True {
		return nil
	}
	return cmp.Or(c.checkDepth(), c.check(slices.Concat(tieFields, TiePropsOf(of)), noHops))
}

// FieldSpec returns the column that a node's or a tie's condition field names.
func FieldSpec(tie bool, name string) (PropSpec, bool) {
	if tie {
		return Spec(slices.Concat(tieFields, TiePropsOf(nil)), name)
	}
	return Spec(slices.Concat(nodeFields, PropsOf(nil)), name)
}

func (c Cond) check(fields []PropSpec, hops int) error {
	switch c.Op {
	case True:
		return nil
	case And, Or, Not:
		if c.Op == Not && len(c.Conds) != 1 {
			return fmt.Errorf("%w: NOT takes one condition, got %d", ErrQuery, len(c.Conds))
		}
		for _, part := range c.Conds {
			if err := part.check(fields, hops); err != nil {
				return err
			}
		}
		return nil
	case Some, None:
		return c.checkHop(hops)
	default:
		return c.checkField(fields)
	}
}

func (c Cond) checkField(fields []PropSpec) error {
	spec, ok := Spec(fields, c.Field)
	if !ok {
		return fmt.Errorf("%w: no field %q to filter by", ErrQuery, c.Field)
	}
	if len(c.Values) != 1 && c.Op != In {
		return fmt.Errorf("%w: %s takes one value, got %d", ErrQuery, c.Field, len(c.Values))
	}
	for _, v := range c.Values {
		if err := c.checkValue(spec, v); err != nil {
			return fmt.Errorf("%w: %s %q: %w", ErrQuery, c.Field, v, err)
		}
	}
	return nil
}

func (c Cond) checkHop(hops int) error {
	switch {
	case hops == noHops:
		return fmt.Errorf("%w: a condition on a tie cannot look at further ties", ErrQuery)
	case hops == 0:
		return fmt.Errorf("%w: ties may be filtered %d steps deep", ErrQuery, MaxHops)
	case c.Hop == nil || !c.Hop.Type.Valid():
		return fmt.Errorf("%w: a filter by ties names the type of tie", ErrQuery)
	}
	if err := c.Hop.Tie.Cond.CheckTies([]TieType{c.Hop.Type}); err != nil {
		return err
	}
	return c.Hop.Far.check(slices.Concat(nodeFields, PropsOf(nil)), hops-1)
}

func (c Cond) checkValue(spec PropSpec, v string) error {
	switch c.Op {
	case IsNull:
		if _, err := strconv.ParseBool(v); err != nil {
			return errors.New("not true or false")
		}
		return nil
	case Contains, StartsWith, EndsWith:
		if spec.Type != StringProp {
			return errors.New("not a text field")
		}
		return nil
	case Matches:
		if spec.Name != "name" {
			return errors.New("only a name can be matched")
		}
		return nil
	case Lt, Lte, Gt, Gte:
		if spec.Type == StringProp || spec.Type == BoolProp {
			return errors.New("has no order")
		}
	case Includes:
		if !spec.List {
			return errors.New("not a set")
		}
	case True, And, Or, Not, Eq, In, Some, None:
	}
	if spec.Type == IntProp { // a limit such as 1.5 is a fair question of a whole number
		spec.Type = FloatProp
	}
	spec.Enum, spec.Bounded, spec.Min = nil, false, math.Inf(-1)
	_, err := spec.Check(v)
	return err
}

// MatchNode reports whether the node fits the condition, without following
// hops: it is the meaning that stores are tested against. key folds a name.
func (c Cond) MatchNode(n Node, key func(string) string) bool {
	return c.match(func(field string) ([]string, PropSpec) {
		switch field {
		case "id":
			return []string{string(n.ID)}, PropSpec{}
		case "name":
			return []string{n.Name()}, PropSpec{}
		case "types":
			return n.Types, PropSpec{List: true}
		case "aliases":
			return n.Aliases, PropSpec{List: true}
		case "marking":
			return []string{n.Marking.String()}, PropSpec{}
		}
		spec, _ := Spec(n.Kind.Info().Props, field)
		return n.Props[field], spec
	}, func(text string) bool {
		for _, name := range n.Names {
			if strings.Contains(key(name.Text), key(text)) {
				return true
			}
		}
		return false
	})
}

// MatchTie reports whether the tie fits the condition.
func (c Cond) MatchTie(t Tie) bool {
	return c.match(func(field string) ([]string, PropSpec) {
		switch field {
		case "id":
			return []string{string(t.ID)}, PropSpec{}
		case "confidence":
			return []string{strconv.FormatFloat(t.Confidence.Value, 'g', -1, 64)}, PropSpec{Type: FloatProp}
		case "weight":
			if !t.Weight.Known {
				return nil, PropSpec{}
			}
			return []string{strconv.FormatFloat(t.Weight.Value, 'g', -1, 64)}, PropSpec{Type: FloatProp}
		case "status":
			return []string{t.Status.String()}, PropSpec{}
		case "grade":
			if t.Grade == (Grade{}) {
				return nil, PropSpec{}
			}
			return []string{t.Grade.String()}, PropSpec{}
		case "derived":
			return []string{strconv.FormatBool(t.Derived)}, PropSpec{Type: BoolProp}
		case "source":
			sources := make([]string, len(t.Citations))
			for i, ci := range t.Citations {
				sources[i] = string(ci.Source)
			}
			return sources, PropSpec{List: true}
		}
		spec, _ := Spec(t.Type.Info().Props, field)
		return t.Props[field], spec
	}, func(string) bool { return false })
}

func (c Cond) match(get func(field string) ([]string, PropSpec), matches func(string) bool) bool {
	part := func(p Cond) bool { return p.match(get, matches) }
	switch c.Op {
	case True:
		return true
	case And:
		return !slices.ContainsFunc(c.Conds, func(p Cond) bool { return !part(p) })
	case Or:
		return slices.ContainsFunc(c.Conds, part)
	case Not:
		return !part(c.Conds[0])
	case Matches:
		return matches(c.Values[0])
	case Some, None:
		return false
	default:
	}
	have, spec := get(c.Field)
	if c.Op == IsNull {
		want, _ := strconv.ParseBool(c.Values[0])
		return (len(have) == 0) == want
	}
	return slices.ContainsFunc(have, func(v string) bool {
		return slices.ContainsFunc(c.Values, func(operand string) bool { return compare(c.Op, spec.Type, v, operand) })
	})
}

func compare(op Op, typ PropType, v, operand string) bool {
	switch op {
	case Contains:
		return strings.Contains(v, operand)
	case StartsWith:
		return strings.HasPrefix(v, operand)
	case EndsWith:
		return strings.HasSuffix(v, operand)
	default:
	}
	switch typ {
	case IntProp, FloatProp:
		a, errA := strconv.ParseFloat(v, 64)
		b, errB := strconv.ParseFloat(operand, 64)
		return errA == nil && errB == nil && order(op, a, b)
	case DateProp:
		a, errA := ParseDate(v)
		b, errB := ParseDate(operand)
		return errA == nil && errB == nil && orderDates(op, a, b)
	case StringProp, BoolProp:
	}
	return v == operand
}

func orderDates(op Op, a, b Date) bool {
	if op != Eq && op != In && op != Includes && (!a.Known() || !b.Known()) {
		return false
	}
	switch op {
	case Lt:
		return a.Latest < b.Earliest
	case Gt:
		return a.Earliest > b.Latest
	case Lte:
		return a.Latest <= b.Latest
	case Gte:
		return a.Earliest >= b.Earliest
	default:
		return a.Text == b.Text
	}
}

func order(op Op, a, b float64) bool {
	switch op {
	case Lt:
		return a < b
	case Lte:
		return a <= b
	case Gt:
		return a > b
	case Gte:
		return a >= b
	default:
		return a == b
	}
}
