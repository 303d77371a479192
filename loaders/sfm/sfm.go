package sfm

import (
	"context"
	"iter"
	"slices"
	"strings"

	"entangle/graph"
	"entangle/loaders"
)

// Format reads the sheets.
type Format struct{}

// Properties describes the format.
func (Format) Properties() loaders.Properties {
	return loaders.Properties{
		Name: "sfm", Title: "Security Force Monitor research sheets", Extensions: []string{"csv", "tsv"},
		Docs: "Units, persons, persons_extra and sources in the importer's form. Relations become PART_OF with their class, locations LOCATED_AT, postings a post that the person HOLDS.",
	}
}

// sheet is one kind of file of the format.
type sheet struct {
	name string
	// key is the column that no other sheet has.
	key  string
	rank int
	// status is the column that says whether a row is published, "" for none.
	status string
	// used are the columns that are read, without those for the source, the
	// confidence and the parts of dates.
	used []string
	rows func(*line) []loaders.Record
}

// sheets are read in the order of their rank: sources before what cites them.
var sheets = []sheet{
	{name: "sources", key: "source:access_point_id:admin", rank: 0, used: sourceColumns, rows: (*line).sourceRow},
	{name: "units", key: "unit:id:admin", rank: 1, status: "unit:status:admin", used: unitColumns, rows: (*line).unitRow},
	{name: "persons", key: "person:id:admin", rank: 2, status: "person:status:admin", used: personColumns, rows: (*line).personRow},
	{name: "persons_extra", key: "person_extra:id:admin", rank: 3, used: extraColumns, rows: (*line).extraRow},
}

func sheetOf(header []string) (sheet, bool) {
	for _, s := range sheets {
		if slices.Contains(header, s.key) {
			return s, true
		}
	}
	return sheet{}, false
}

// Detect looks for the column of ids in the first line.
func (Format) Detect(head []byte) loaders.Match {
	if s, ok := sheetOf(loaders.HeaderOf(head)); ok {
		return loaders.Match{Score: 95, Part: s.name, Rank: s.rank}
	}
	return loaders.Match{}
}

// Read reads one sheet; its header tells which.
func (Format) Read(ctx context.Context, in loaders.Content) iter.Seq2[loaders.Record, error] {
	return func(yield func(loaders.Record, error) bool) {
		file, err := in.Open()
		if err != nil {
			yield(loaders.Record{}, err)
			return
		}
		defer file.Close()
		table, err := loaders.NewTable(file)
		if err != nil {
			yield(loaders.Record{}, err)
			return
		}
		sh, ok := sheetOf(table.Names())
		if !ok {
			yield(loaders.Record{}, &loaders.Fault{Place: loaders.Place{Line: 1}, Reason: "no sheet of this format: the header has none of " + keyColumns()})
			return
		}
		if !yield(loaders.Record{Notes: sh.notes(table, in.Denied)}, nil) {
			return
		}
		for row, err := range table.Rows(ctx) {
			if err != nil {
				yield(loaders.Record{}, err)
				return
			}
			for _, rec := range sh.records(row, in.Denied) {
				if !yield(rec, nil) {
					return
				}
			}
		}
	}
}

func keyColumns() string {
	var keys []string
	for _, s := range sheets {
		keys = append(keys, s.key)
	}
	return strings.Join(keys, ", ")
}

// notes names the columns that are not loaded.
func (s sheet) notes(t *loaders.Table, denied func(string) bool) []loaders.Note {
	var notes []loaders.Note
	for _, cell := range t.Header {
		name := cell.Text
		base := name
		for _, suffix := range []string{":source", ":confidence", "_year", "_month", "_day"} {
			base = strings.TrimSuffix(base, suffix)
		}
		// The sheets cite "posting_unit:source" for the column posting_unit_name.
		known := slices.Contains(s.used, name) || slices.Contains(s.used, base) || slices.Contains(s.used, base+"_name")
		switch {
		case denied(name):
			notes = append(notes, loaders.Note{Field: name, Text: "not loaded: on the privacy list"})
		case known || name == s.key || name == s.status:
		case strings.HasSuffix(name, ":admin"):
			notes = append(notes, loaders.Note{Field: name, Text: "not loaded: an :admin column"})
		default:
			notes = append(notes, loaders.Note{Field: name, Text: "not loaded: no place for it in the vocabulary"})
		}
	}
	return notes
}

// records makes the records of one row.
func (s sheet) records(row loaders.Row, denied func(string) bool) []loaders.Record {
	l := &line{row: row, denied: denied}
	if row.Bad != nil {
		rec := l.record(s.name, nil)
		rec.Rejects = []loaders.Reject{*row.Bad}
		return []loaders.Record{*rec}
	}
	if status := l.get(s.status); s.status != "" && row.Has(s.status) && status != "3" {
		rec := l.record(s.name, nil)
		rec.Bad(row.Place(s.status), loaders.CodeUnpublished, "not published: only rows of status 3 are")
		return []loaders.Record{*rec}
	}
	records := s.rows(l)
	if row.Extra > 0 {
		records[0].Repaired(loaders.Place{Line: row.Line}, "", "empty-cells-past-the-header")
	}
	return records
}

// line is one row of a sheet.
type line struct {
	row    loaders.Row
	denied func(string) bool
}

// get returns a cell without the blanks around it.
func (l *line) get(column string) string {
	if l.denied(column) {
		return ""
	}
	return strings.TrimSpace(l.row.Get(column))
}

// record starts a record; fields says in which columns the fields stand that
// validation names.
func (l *line) record(collection string, fields map[string]string) *loaders.Record {
	rec := &loaders.Record{Row: l.row.Number, Line: l.row.Line, Collection: collection}
	if l.row.Bad == nil {
		rec.Locate = func(field string) loaders.Place {
			if column, ok := fields[field]; ok {
				field = column
			}
			return l.row.Place(field)
		}
	}
	return rec
}

// id makes a node's id of an id in the sheets; the same in all of them.
func id(uuid string) graph.ID {
	if uuid == "" {
		return ""
	}
	return graph.ID("sfm:" + strings.ToLower(uuid))
}

// list splits a cell at semicolons, with or without blanks around them.
func list(cell string) []string {
	var out []string
	for part := range strings.SplitSeq(cell, ";") {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(out, part) {
			out = append(out, part)
		}
	}
	return out
}
