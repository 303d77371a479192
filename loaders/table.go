package loaders

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"strings"
	"unicode/utf8"
)

// MaxRow bounds one row of a table in bytes, and so how far a quotation mark
// that is never closed can reach: the row is rejected and reading goes on with
// the line after the one that opened it.
const MaxRow = 256 << 10

// Table reads delimited text (RFC 4180) row by row. It differs from the
// standard library's reader in what real files need: the line and column of
// every cell, and going on after a broken row. A quotation mark inside a cell
// that does not begin with one is an ordinary character.
type Table struct {
	// Header are the names of the columns with their places.
	Header []Cell
	index  map[string]int
	r      *bufio.Reader
	comma  byte
	line   int // lines taken so far
	row    int
	crlf   bool     // lines end in CR LF, so line breaks inside cells do too
	unread [][]byte // lines to be read again after a broken row
	done   bool
	err    error // what reading ended with, where that is not io.EOF
}

// Cell is one value of a table.
type Cell struct {
	Text         string
	Line, Column int
}

// Row is one row of a table.
type Row struct {
	table *Table
	// Number counts rows from 1, blank lines and the header left out.
	Number int
	Line   int
	Cells  []Cell
	// Bad says why the row cannot be read; Cells are then empty.
	Bad *Reject
	// Extra is the number of empty cells past the header that were dropped.
	Extra int
}

// Delimiter returns the delimiter of a table from its first line that is not blank: the
// most frequent of comma, tab, semicolon and bar outside quotation marks.
func Delimiter(head []byte) byte {
	head = bytes.TrimLeft(head, "\r\n\x1a")
	counts := map[byte]int{}
	quoted := false
	for _, c := range head {
		if c == '"' {
			quoted = !quoted
		}
		if c == '\n' && !quoted {
			break
		}
		if !quoted {
			counts[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte{'\t', ';', '|'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}

// NewTable reads the header and finds the delimiter in it. The error is a
// *Fault where the header is no header.
func NewTable(r io.Reader) (*Table, error) {
	t, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	for i, c := range t.Header {
		if _, ok := t.index[c.Text]; ok && c.Text != "" {
			return nil, &Fault{Place: Place{Line: c.Line, Column: c.Column, Value: c.Text}, Reason: "two columns have this name"}
		}
		t.index[c.Text] = i
	}
	return t, nil
}

// HeaderOf returns the names of the columns of a table that begins like head,
// nil where it does not begin like a table. It is for Format.Detect.
func HeaderOf(head []byte) []string {
	t, err := readHeader(bytes.NewReader(head))
	if err != nil {
		return nil
	}
	return t.Names()
}

// Names returns the names of the columns.
func (t *Table) Names() []string {
	names := make([]string, len(t.Header))
	for i, c := range t.Header {
		names[i] = c.Text
	}
	return names
}

func readHeader(r io.Reader) (*Table, error) {
	t := &Table{r: bufio.NewReaderSize(r, 64<<10), index: map[string]int{}}
	head, err := t.r.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return nil, err
	}
	t.comma = Delimiter(head)
	if i := bytes.IndexByte(head, '\n'); i > 0 {
		t.crlf = head[i-1] == '\r'
	}
	row, err := t.next()
	switch {
	case errors.Is(err, io.EOF):
		return nil, &Fault{Place: Place{Line: 1}, Reason: "no header: the file has no rows"}
	case err != nil:
		return nil, err
	case row.Bad != nil:
		return nil, &Fault{Place: row.Bad.Place, Reason: "the header cannot be read: " + row.Bad.Reason}
	}
	for i, c := range row.Cells {
		row.Cells[i].Text = strings.TrimSpace(c.Text)
	}
	t.Header = row.Cells
	return t, nil
}

// Has reports whether the table has a column.
func (t *Table) Has(name string) bool { _, ok := t.index[name]; return ok }

// Line is the number of lines read so far.
func (t *Table) Line() int { return t.line }

// Next returns the next row, io.EOF after the last one. A broken row comes with
// Bad set and is no error.
func (t *Table) Next() (Row, error) {
	row, err := t.next()
	if err != nil {
		return row, err
	}
	t.row++
	row.Number = t.row
	row.table = t
	if row.Bad != nil {
		return row, nil
	}
	want := len(t.Header)
	for len(row.Cells) > want && row.Cells[len(row.Cells)-1].Text == "" {
		row.Cells = row.Cells[:len(row.Cells)-1]
		row.Extra++
	}
	if len(row.Cells) != want {
		reason := "the row has fewer cells than the header has columns"
		if len(row.Cells) > want {
			reason = "the row has more cells than the header has columns: is a delimiter inside a value not quoted?"
		}
		row.Bad = &Reject{Place: Place{Line: row.Line, Column: 1, Value: row.text(t.comma)}, Code: CodeSyntax, Reason: reason}
		row.Cells = nil
	}
	return row, nil
}

// Rows streams the rows that are left, the broken ones too. Where the file cannot be
// read to its end the last error is a *Fault that names the line.
func (t *Table) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for ctx.Err() == nil {
			row, err := t.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Row{}, Unreadable(err, t.line+1))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (r Row) text(comma byte) string {
	parts := make([]string, len(r.Cells))
	for i, c := range r.Cells {
		parts[i] = c.Text
	}
	return strings.Join(parts, string(comma))
}

// Get returns the text of a column, "" where the table has no such column.
func (r Row) Get(name string) string {
	if i, ok := r.table.index[name]; ok && i < len(r.Cells) {
		return r.Cells[i].Text
	}
	return ""
}

// Has reports whether the row's table has a column.
func (r Row) Has(name string) bool { return r.table.Has(name) }

// Place returns where a column's value stands in the row.
func (r Row) Place(name string) Place {
	i, ok := r.table.index[name]
	if !ok || i >= len(r.Cells) {
		return Place{Line: r.Line, Field: name}
	}
	c := r.Cells[i]
	return Place{Line: c.Line, Column: c.Column, Field: name, Index: i + 1, Value: c.Text}
}

// next reads a row without regard to the header.
func (t *Table) next() (Row, error) {
	for {
		first, err := t.takeLine()
		if err != nil {
			return Row{}, err
		}
		if blank(first) {
			continue
		}
		return t.parse(first)
	}
}

// blank lines are skipped; so is the end-of-file mark of old systems.
func blank(line []byte) bool {
	line = chomp(line)
	return len(line) == 0 || (len(line) == 1 && line[0] == 0x1A)
}

// chomp removes the line's end: LF or CR LF.
func chomp(line []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte{'\n'}), []byte{'\r'})
}

func (t *Table) takeLine() ([]byte, error) {
	if len(t.unread) > 0 {
		line := t.unread[0]
		t.unread = t.unread[1:]
		t.line++
		return line, nil
	}
	if t.done {
		return nil, t.end()
	}
	var line []byte
	for {
		part, err := t.r.ReadSlice('\n')
		if len(line) <= MaxRow { // one byte past the bound is enough to know
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			t.done = true
			if !errors.Is(err, io.EOF) { // the line is cut: it is part of the fault
				t.err = err
				line = nil
			}
			if len(line) == 0 {
				return nil, t.end()
			}
		}
		t.line++
		return line, nil
	}
}

func (t *Table) end() error {
	if t.err != nil {
		return t.err
	}
	return io.EOF
}

// parse splits a row that begins with the line first, taking further lines
// where a quoted cell runs on.
func (t *Table) parse(first []byte) (Row, error) {
	row := Row{table: t, Line: t.line}
	if len(first) > MaxRow {
		row.Bad = &Reject{
			Place: Place{Line: t.line, Column: 1, Value: string(first[:200])}, Code: CodeSyntax, Reason: "the row is longer than 256 KiB",
		}
		return row, nil
	}
	s := scanner{table: t, rest: first, line: t.line, column: 1, size: len(first)}
	for {
		cell, more, bad := s.cell()
		if bad != nil {
			t.unread = append(s.taken, t.unread...)
			t.line -= len(s.taken)
			row.Bad, row.Cells = bad, nil
			return row, nil
		}
		row.Cells = append(row.Cells, cell)
		if !more {
			return row, nil
		}
	}
}

// scanner splits the lines of one row.
type scanner struct {
	table        *Table
	rest         []byte
	line, column int
	size         int
	taken        [][]byte // lines after the first
}

// cell reads one cell; more says that another follows in the row.
func (s *scanner) cell() (cell Cell, more bool, bad *Reject) {
	cell = Cell{Line: s.line, Column: s.column}
	if len(s.rest) > 0 && s.rest[0] == '"' {
		return s.quoted(cell)
	}
	text := chomp(s.rest)
	if i := bytes.IndexByte(text, s.table.comma); i >= 0 {
		cell.Text = string(text[:i])
		s.skip(i + 1)
		return cell, true, nil
	}
	cell.Text = string(text)
	return cell, false, nil
}

func (s *scanner) skip(n int) {
	s.column += utf8.RuneCount(s.rest[:n])
	s.rest = s.rest[n:]
}

func (s *scanner) quoted(cell Cell) (_ Cell, more bool, bad *Reject) {
	var text strings.Builder
	s.skip(1)
	for {
		i := bytes.IndexByte(s.rest, '"')
		if i < 0 {
			text.Write(s.rest)
			if !s.nextLine() {
				return cell, false, s.bad(cell, text.String(), "a quotation mark is opened here and never closed")
			}
			continue
		}
		text.Write(s.rest[:i])
		s.skip(i + 1)
		if len(s.rest) > 0 && s.rest[0] == '"' {
			text.WriteByte('"')
			s.skip(1)
			continue
		}
		cell.Text = text.String()
		if s.table.crlf {
			cell.Text = strings.ReplaceAll(cell.Text, "\r\n", "\n")
		}
		switch after := chomp(s.rest); {
		case len(after) == 0:
			return cell, false, nil
		case after[0] == s.table.comma:
			s.skip(1)
			return cell, true, nil
		}
		return cell, false, s.bad(cell, text.String(), `text after the closing quotation mark: a quotation mark inside a quoted value is written ""`)
	}
}

// nextLine goes on with the row's next line, false where there is none.
func (s *scanner) nextLine() bool {
	if s.size > MaxRow {
		return false
	}
	line, err := s.table.takeLine()
	if err != nil {
		return false
	}
	s.taken = append(s.taken, line)
	s.size += len(line)
	s.line++
	s.column = 1
	s.rest = line
	return true
}

func (s *scanner) bad(cell Cell, value, reason string) *Reject {
	return &Reject{Place: Place{Line: cell.Line, Column: cell.Column, Value: shorten(value)}, Code: CodeSyntax, Reason: reason}
}
