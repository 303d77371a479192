package queries

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"entangle/queries/worlds"
)

// RequirementRule is a row of a file of requirements: what is needed of a support by
// one institution, by a type of institution, or by all where neither is given.
type RequirementRule struct {
	Support worlds.Support
	worlds.Requirement
	Type string
	// Institution as the file names it: the caller knows what that may be.
	Institution string
	// At is where the file says whom the rule is for.
	At FilePlace
}

// FilePlace is a place in a file: line and column are counted from 1, columns in
// bytes.
type FilePlace struct {
	File         string
	Line, Column int
}

func (p FilePlace) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// The columns of a file of requirements. A note is for people.
var requirementColumns = []string{"support", "need", "floor", "type", "institution", "note"}

// maxProblems bounds how many rows of a file are complained about at once.
const maxProblems = 20

// ReadRequirements reads requirements from CSV (RFC 4180, UTF-8): a header with the
// columns support, need and floor, and, for rows that do not speak for all, type or
// institution; a column note is left to people. Name is that of the file, for errors:
// they wrap ErrInput, name place, value and what to do, and are joined, one a row.
func ReadRequirements(name string, r io.Reader) ([]RequirementRule, error) {
	f := &requirementFile{name: name, csv: csv.NewReader(r), first: map[string]int{}}
	f.csv.TrimLeadingSpace = true
	if err := f.header(); err != nil {
		return nil, err
	}
	var rules []RequirementRule
	var problems []error
	for len(problems) < maxProblems {
		fields, err := f.csv.Read()
		if errors.Is(err, io.EOF) {
			return rules, errors.Join(problems...)
		}
		if err != nil {
			return nil, errors.Join(append(problems, f.unreadable(err))...)
		}
		rule, err := f.rule(fields)
		if err != nil {
			problems = append(problems, err)
		}
		rules = append(rules, rule)
	}
	return nil, errors.Join(append(problems, fmt.Errorf("%w: %s: the rest was not looked at", worlds.ErrInput, name))...)
}

type requirementFile struct {
	name string
	csv  *csv.Reader
	// columns: the place in a row of each column, -1 where there is none.
	columns map[string]int
	first   map[string]int // line of the rule for the same, by what it is for
}

func (f *requirementFile) header() error {
	head, err := f.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%w: %s: empty; it begins with a line support,need,floor,type,institution", worlds.ErrInput, f.name)
	case err != nil:
		return f.unreadable(err)
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	f.columns = map[string]int{}
	for _, column := range requirementColumns {
		f.columns[column] = -1
	}
	for i, word := range head {
		column := strings.ToLower(strings.TrimSpace(word))
		at, known := f.columns[column]
		switch {
		case !known && len(head) == 1 && strings.ContainsAny(word, ";\t"):
			return f.wrong(0, "%q: columns are separated by commas here", word)
		case !known:
			return f.wrong(i, "%q: no such column; these are: %s", word, strings.Join(requirementColumns, ", "))
		case at >= 0:
			return f.wrong(i, "%q: the column is there twice", word)
		}
		f.columns[column] = i
	}
	for _, column := range requirementColumns[:3] {
		if f.columns[column] < 0 {
			return f.wrong(0, "column %s is missing; the header is support,need,floor and, where rows do not speak for all, type,institution", column)
		}
	}
	return nil
}

// rule reads a row.
func (f *requirementFile) rule(fields []string) (rule RequirementRule, err error) {
	text := func(column string) (string, int) {
		i := f.columns[column]
		if i < 0 {
			return "", 0
		}
		return strings.TrimSpace(fields[i]), i
	}
	support, at := text("support")
	if rule.Support, err = worlds.ParseSupport(strings.ToUpper(support)); err != nil {
		var names []string
		for _, s := range worlds.Supports() {
			names = append(names, s.String())
		}
		return rule, f.wrong(at, "support %q: one of %s", support, strings.Join(names, ", "))
	}
	for _, share := range []struct {
		column string
		value  *float64
	}{{"need", &rule.Need}, {"floor", &rule.Floor}} {
		word, at := text(share.column)
		v, err := strconv.ParseFloat(word, 64)
		if err != nil || !(v >= 0 && v <= 1) {
			return rule, f.wrong(at, "%s %q: a retained share from 0 to 1 is wanted, such as 0.6", share.column, word)
		}
		*share.value = v
	}
	if floor, at := text("floor"); rule.Floor > rule.Need {
		return rule, f.wrong(at, "floor %s is above the need %g: under its floor an institution has collapsed, under its need it is fractured", floor, rule.Need)
	}
	var ofType, ofOne int
	rule.Type, ofType = text("type")
	rule.Institution, ofOne = text("institution")
	rule.At = f.place(at)
	switch {
	case rule.Type != "" && rule.Institution != "":
		return rule, f.wrong(ofOne, "institution %q and type %q: a row is for one of them; leave the other empty", rule.Institution, rule.Type)
	case rule.Type != "":
		rule.At = f.place(ofType)
	case rule.Institution != "":
		rule.At = f.place(ofOne)
	}
	whom := fmt.Sprintf("%s/%q/%q", rule.Support, rule.Type, rule.Institution)
	if line, ok := f.first[whom]; ok {
		return rule, f.wrong(f.columns["support"], "%s: line %d already says what is needed of it for the same; keep one", rule.Support, line)
	}
	f.first[whom] = rule.At.Line
	return rule, nil
}

func (f *requirementFile) place(field int) FilePlace {
	line, column := f.csv.FieldPos(field)
	return FilePlace{File: f.name, Line: line, Column: column}
}

func (f *requirementFile) wrong(field int, format string, args ...any) error {
	return fmt.Errorf("%w: %s: %s", worlds.ErrInput, f.place(field), fmt.Sprintf(format, args...))
}

// unreadable is the error of a row that is not CSV.
func (f *requirementFile) unreadable(err error) error {
	bad, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	why := bad.Err.Error()
	if errors.Is(err, csv.ErrFieldCount) {
		why = "the row does not have as many fields as the header"
	}
	return fmt.Errorf("%w: %s: %s", worlds.ErrInput, FilePlace{f.name, bad.Line, bad.Column}, why)
}
