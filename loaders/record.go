package loaders

import (
	"errors"
	"fmt"

	"entangle/graph"
)

// Place is where a value stands in a file. Fields that are not known are zero.
type Place struct {
	// Line counts from 1.
	Line int `json:"line,omitempty"`
	// Column is the character in the line at which the value begins, from 1.
	Column int `json:"column,omitempty"`
	// Field is the name of the column, or the path of a JSON value.
	Field string `json:"field,omitempty"`
	// Index is the number of the column in a table, from 1.
	Index int `json:"index,omitempty"`
	// Value is the value as it is written.
	Value string `json:"value,omitempty"`
}

// Repair is a value that was read differently from how it is written.
type Repair struct {
	Place
	// Became is the value that was loaded.
	Became string `json:"became"`
	// Rule names what was done, such as "date-trailing-dash".
	Rule string `json:"rule"`
}

// Code sorts the reasons for which something is rejected.
type Code string

// The codes of rejects.
const (
	CodeFile        Code = "file"        // the file cannot be read, or not to its end
	CodeSyntax      Code = "syntax"      // the row is not well formed
	CodeValue       Code = "value"       // a value is not what its column takes
	CodeVocabulary  Code = "vocabulary"  // a kind or tie type that does not exist
	CodeMissing     Code = "missing"     // an end or a source that nobody has
	CodeDuplicate   Code = "duplicate"   // the same claim with other particulars
	CodeUnpublished Code = "unpublished" // the source says: not for publication
)

// Reject is a value, a row or a file that was not loaded.
type Reject struct {
	File string `json:"file"`
	Place
	Collection string `json:"collection,omitempty"`
	Code       Code   `json:"code"`
	Reason     string `json:"reason"`
}

// String writes the reject on one line: file:line:column: field "value": reason.
func (r Reject) String() string {
	s := r.File
	if r.Line > 0 {
		s += fmt.Sprintf(":%d", r.Line)
		if r.Column > 0 {
			s += fmt.Sprintf(":%d", r.Column)
		}
	}
	switch {
	case r.Index > 0:
		s += fmt.Sprintf(": column %d (%s) %q", r.Index, r.Field, shorten(r.Value))
	case r.Field != "":
		s += fmt.Sprintf(": %s %q", r.Field, shorten(r.Value))
	case r.Value != "":
		s += fmt.Sprintf(": %q", shorten(r.Value))
	}
	return s + ": " + r.Reason
}

// Note tells something of a file as a whole: a column that is not loaded, a
// byte order mark. Equal notes are counted together.
type Note struct {
	Field string `json:"field,omitempty"`
	Text  string `json:"text"`
	// Count is in how many places it was so.
	Count int `json:"count"`
}

// Tie is a claim of a record with the columns that name its ends.
type Tie struct {
	graph.Tie
	FromField, ToField string
}

// Record is what a format read from one row, or from a part of one: a unit, and
// its relation to another unit, are two records of one row of a table. A record
// is taken as a whole or not at all.
type Record struct {
	// Row numbers the rows of the file from 1 and does not fall. Row 0 marks a
	// record that carries nothing but Notes.
	Row int
	// Collection says what is counted: "persons", "ties".
	Collection string
	Line       int
	Nodes      []graph.Node
	// Stubs are nodes that stand in for things known by their id alone. They
	// are created only where nobody has a node of that id.
	Stubs []graph.Node
	Ties  []Tie
	// Gone are sources that the record cites and of which it says that they were
	// deleted: it is taken without them. It is taken with those that are there.
	Gone    []graph.ID
	Repairs []Repair
	// Rejects, where not empty, say why the record cannot be taken; the reader
	// found them.
	Rejects []Reject
	Notes   []Note
	// Locate finds the place of a field; nil where only the line is known.
	Locate func(field string) Place
}

// Bad adds a reject at a place.
func (r *Record) Bad(at Place, code Code, reason string) {
	r.Rejects = append(r.Rejects, Reject{Place: at, Code: code, Reason: reason})
}

// Repaired adds a repair at a place.
func (r *Record) Repaired(at Place, became, rule string) {
	r.Repairs = append(r.Repairs, Repair{Place: at, Became: became, Rule: rule})
}

func (r *Record) place(field string) Place {
	if r.Locate == nil || field == "" {
		return Place{Line: r.Line, Field: field}
	}
	return r.Locate(field)
}

// Fault ends the reading of a file: what came before it stays. A reader yields
// it as the error of its stream.
type Fault struct { //nolint:errname // what is wrong with a file, told in the report; no call fails with it
	Place
	Reason string
}

func (f *Fault) Error() string {
	return fmt.Sprintf("line %d: %q: %s", f.Line, shorten(f.Value), f.Reason)
}

// Unreadable is the fault of a file that could be read up to a line: what the input
// says of itself (broken gzip data), or that reading failed there.
func Unreadable(err error, line int) *Fault {
	fault, ok := errors.AsType[*Fault](err)
	if !ok {
		return &Fault{Place: Place{Line: line}, Reason: "reading failed: " + err.Error() + "; what came before is loaded"}
	}
	if fault.Line == 0 {
		fault.Line = line
	}
	return fault
}

// shorten keeps messages readable and cuts at a whole character.
func shorten(s string) string {
	const most = 120
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
