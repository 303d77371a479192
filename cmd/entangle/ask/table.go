package ask

import (
	"io"
	"strings"
	"unicode/utf8"
)

// column is one of a table. A figure is printed whole whatever its width; a name is
// shortened, and a text broken into lines, where the table would be wider than the page.
type column struct {
	head  string
	least int // to which it may be narrowed; 0 for a figure
	text  bool
}

const (
	leastName = 16
	leastText = 20
)

func figure(head string) column { return column{head: head} }
func called(head string) column { return column{head: head, least: leastName} }
func told(head string) column   { return column{head: head, least: leastText, text: true} }

// table lines cells up in columns with two blanks between them.
type table struct {
	page    *page
	indent  string
	columns []column
	rows    [][]string
}

func newTable(p *page, columns ...column) *table {
	t := &table{page: p, columns: columns}
	heads := make([]string, len(columns))
	for i, c := range columns {
		heads[i] = c.head
	}
	t.row(heads...)
	return t
}

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

// caption adds a line across all columns.
func (t *table) caption(line string) { t.rows = append(t.rows, []string{line}) }

// captioned tells a caption from a row.
func (t *table) captioned(row []string) bool { return len(row) < len(t.columns) }

// print prints the table.
func (t *table) print() error {
	widths := t.widths()
	var out strings.Builder
	for _, row := range t.rows {
		if t.captioned(row) {
			out.WriteString(t.indent + row[0] + "\n")
			continue
		}
		t.printRow(&out, widths, row)
	}
	// Past the page, which would break a line that no column could be narrowed for.
	_, err := io.WriteString(t.page.w, out.String())
	return err
}

// widths are those of the widest cells, narrowed to the page: the widest of those that
// may be narrowed gives way first.
func (t *table) widths() []int {
	widths := make([]int, len(t.columns))
	total := len(t.indent) + 2*(len(widths)-1)
	for i := range widths {
		for _, row := range t.rows {
			if !t.captioned(row) {
				widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
			}
		}
		total += widths[i]
	}
	for !t.page.wide && total > columns {
		widest := -1
		for i, c := range t.columns {
			if c.least > 0 && widths[i] > c.least && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		total--
	}
	return widths
}

func (t *table) printRow(out *strings.Builder, widths []int, row []string) {
	cells := make([][]string, len(row))
	height := 1
	for i, cell := range row {
		cells[i] = []string{cell}
		switch c := t.columns[i]; {
		case c.text && utf8.RuneCountInString(cell) > widths[i]:
			cells[i] = wrapped(cell, widths[i])
		case c.least > 0:
			cells[i][0] = shortened(cell, widths[i])
		}
		height = max(height, len(cells[i]))
	}
	for n := range height {
		var line strings.Builder
		line.WriteString(t.indent)
		for i := range cells {
			cell := ""
			if n < len(cells[i]) {
				cell = cells[i][n]
			}
			line.WriteString(cell + strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(cell))+2))
		}
		out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}
