package loaders_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"entangle/loaders"
	"entangle/loaders/loadertest"
)

// endless repeats a text up to a size.
type endless struct {
	text string
	left int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && e.left > 0 {
		k := copy(p[n:min(len(p), n+e.left)], e.text)
		n, e.left = n+k, e.left-k
	}
	return n, nil
}

// TestLongCellsTakeNoMemory: a cell that never ends, in quotation marks, in lines or in
// one line, takes as much as a row may have and no more, and what follows is read.
func TestLongCellsTakeNoMemory(t *testing.T) {
	const size = 64 << 20
	for name, tt := range map[string]struct {
		open, text string
		rows       int // good rows behind the long one
	}{
		"one line":           {"x,", strings.Repeat("y", 1<<10), 1},
		"one quoted line":    {`x,"`, strings.Repeat("y", 1<<10), 1},
		"quoted and escaped": {`x,"`, strings.Repeat(`""`, 1<<10), 1},
	} {
		t.Run(name, func(t *testing.T) {
			file := io.MultiReader(strings.NewReader("a,b\n"+tt.open), &endless{tt.text, size}, strings.NewReader("\n1,2\n"))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			table, err := loaders.NewTable(file)
			if err != nil {
				t.Fatal(err)
			}
			good, bad := 0, 0
			for row, err := range table.Rows(t.Context()) {
				switch {
				case err != nil:
					t.Fatal(err)
				case row.Bad != nil:
					bad++
				default:
					good++
				}
			}
			runtime.ReadMemStats(&after)
			if took := after.TotalAlloc - before.TotalAlloc; took > 32*loaders.MaxRow {
				t.Errorf("%d bytes were taken for a row of which %d may be", took, loaders.MaxRow)
			}
			if good != tt.rows || bad == 0 {
				t.Errorf("%d rows are good and %d bad", good, bad)
			}
		})
	}
}

// TestQuoteThatIsNotClosed: it reaches as far as a row may, not to the end of the file:
// the row is rejected and the lines behind it are read.
func TestQuoteThatIsNotClosed(t *testing.T) {
	var text strings.Builder
	text.WriteString("a,b\n0,\"open\n")
	const lines = 40_000
	for i := range lines {
		fmt.Fprintf(&text, "%d,somebody\n", i)
	}
	table, err := loaders.NewTable(strings.NewReader(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	next := 0
	for row, err := range table.Rows(t.Context()) {
		switch {
		case err != nil:
			t.Fatal(err)
		case row.Bad != nil && (row.Line != 2 || row.Bad.Column != 3):
			t.Errorf("line %d, column %d is bad: %s", row.Line, row.Bad.Column, row.Bad.Reason)
		case row.Bad == nil:
			if row.Get("a") != strconv.Itoa(next) || row.Line != next+3 {
				t.Fatalf("line %d has %q, want %d", row.Line, row.Get("a"), next)
			}
			next++
		}
	}
	if next != lines {
		t.Errorf("%d lines are read behind the open quotation mark, of %d", next, lines)
	}
}

// TestOpenQuoteReadsNoFurther: to find out that a quotation mark is not closed takes no more
// of the file than a row may have, and what the buffer holds.
func TestOpenQuoteReadsNoFurther(t *testing.T) {
	rest := &endless{"somebody\n", 64 << 20}
	table, err := loaders.NewTable(io.MultiReader(strings.NewReader("a,b\n0,\"open\n"), rest))
	if err != nil {
		t.Fatal(err)
	}
	row, err := table.Next()
	if err != nil || row.Bad == nil {
		t.Fatalf("%+v, %v", row, err)
	}
	if read := 64<<20 - rest.left; read > loaders.MaxRow+(128<<10) {
		t.Errorf("%d bytes were read", read)
	}
}

// TestRowsAtTheBound: a row of exactly MaxRow bytes is read, one of a byte more is not.
func TestRowsAtTheBound(t *testing.T) {
	for _, quoted := range []bool{false, true} {
		for more, good := range map[int]bool{0: true, 1: false} {
			cell := strings.Repeat("y", loaders.MaxRow+more-len("x,\n"))
			if quoted { // over two lines
				cell = `"` + strings.Repeat("y", loaders.MaxRow/2) + "\n" + strings.Repeat("y", loaders.MaxRow/2+more-len("x,\"\n\"\n")) + `"`
			}
			table, err := loaders.NewTable(strings.NewReader("a,b\nx," + cell + "\n1,2\n"))
			if err != nil {
				t.Fatal(err)
			}
			row, err := table.Next()
			if err != nil || !quoted && (row.Bad == nil) != good {
				t.Errorf("quoted %t, %d bytes more: bad %v, %v", quoted, more, row.Bad, err)
			}
			if quoted && row.Bad != nil { // the bound is looked at where a line is taken
				t.Errorf("a quoted row of %d bytes: %v", loaders.MaxRow+more, row.Bad)
			}
		}
	}
}

// TestNotesAreInOrder: notes are listed by field and text, however many there are.
func TestNotesAreInOrder(t *testing.T) {
	var head strings.Builder
	head.WriteString("\ufeff:ID,:LABEL,name")
	for i := range 20 {
		fmt.Fprintf(&head, ",x%02d", (i*7)%20)
	}
	rep := run(t, loadertest.NewMemory(), loaders.Options{}, csvFile("n.csv", head.String()+"\n"))
	if len(rep.Files[0].Notes) != 21 {
		t.Fatalf("%d notes", len(rep.Files[0].Notes))
	}
	for i, n := range rep.Files[0].Notes {
		if want := fmt.Sprintf("x%02d", i-1); i > 0 && n.Field != want || i == 0 && n.Field != "" {
			t.Errorf("note %d is of %q", i, n.Field)
		}
	}
}

// TestDelimiterIsFound by the first line outside of quotation marks.
func TestDelimiterIsFound(t *testing.T) {
	for head, want := range map[string]byte{
		"a,b": ',', "a\tb,c\td": '\t', "a;b;c,d": ';', "a|b": '|', "\"a;b;c;d\",e": ',', "a": ',', "a,b;c": ',', "a,b\nc;d;e;f;g": ',', "\"a\n;;;\",b": ',',
	} {
		if got := loaders.Delimiter([]byte(head)); got != want {
			t.Errorf("%q: %q, want %q", head, got, want)
		}
	}
}

func TestTableErrors(t *testing.T) {
	if _, err := loaders.NewTable(bytes.NewReader(nil)); err == nil || !strings.Contains(err.Error(), "no header") {
		t.Errorf("nothing: %v", err)
	}
	table, err := loaders.NewTable(io.MultiReader(strings.NewReader("a,b\n1,2\n3,"), brokenReader{}))
	if err != nil {
		t.Fatal(err)
	}
	var last error
	good := 0
	for _, err := range table.Rows(t.Context()) {
		if last = err; err == nil {
			good++
		}
	}
	fault, ok := errors.AsType[*loaders.Fault](last)
	if good != 1 || !ok || fault.Line != 3 || !strings.Contains(fault.Reason, errFire.Error()) {
		t.Errorf("%d rows and %v", good, last)
	}
	if _, err := table.Next(); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("behind the failure: %v", err)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errFire }

// TestLineBreaksInCells: they are what the file's own are, and come in as one sign.
func TestLineBreaksInCells(t *testing.T) {
	for text, want := range map[string]string{
		"a,b\r\n1,\"x\r\ny\"\r\n": "x\ny", "a,b\n1,\"x\r\ny\"\n": "x\r\ny", "a,b\n1,\"x\ny\"\n": "x\ny", "a,b\r\n1,\"x\ny\"\r\n": "x\ny",
	} {
		table, err := loaders.NewTable(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		row, err := table.Next()
		if err != nil || row.Get("b") != want {
			t.Errorf("%q: %q, %v; want %q", text, row.Get("b"), err, want)
		}
	}
}

// TestRepairsAreBounded: as rejects are; all are counted.
func TestRepairsAreBounded(t *testing.T) {
	var text strings.Builder
	text.WriteString(":ID,:LABEL,name,born\n")
	for i := range 20 {
		fmt.Fprintf(&text, "p%d,Person,P,1970-%d\n", i, i%9+1)
	}
	rep := run(t, loadertest.NewMemory(), loaders.Options{KeepDetails: 7}, csvFile("n.csv", text.String()))
	f := rep.Files[0]
	if len(f.Repairs) != 7 || len(f.RepairCounts) != 1 || f.RepairCounts[0].Count != 20 || f.Rows.Repaired != 20 {
		t.Errorf("%d listed, %v counted, rows %+v", len(f.Repairs), f.RepairCounts, f.Rows)
	}
	for i := 1; i < len(f.Repairs); i++ {
		if f.Repairs[i-1].Line >= f.Repairs[i].Line {
			t.Errorf("line %d before line %d", f.Repairs[i-1].Line, f.Repairs[i].Line)
		}
	}
}

// TestGzipOfTheBound: as many bytes as there may be are read.
func TestGzipOfTheBound(t *testing.T) {
	text := nodeHead + "a,Group,A,,\n"
	for more, rows := range map[int]int{0: 1, -1: 0} {
		rep := run(t, loadertest.NewMemory(), loaders.Options{MaxBytes: int64(len(text) + more)}, loaders.Bytes("n.csv.gz", zipped(t, text)))
		if got := rep.Files[0].Rows; got.Accepted != rows {
			t.Errorf("%d bytes more than may be: %+v", -more, got)
		}
	}
}

// TestScriptOfTwo: where two scripts have as many letters the first that came to so many
// is told, whatever the order of the table.
func TestScriptOfTwo(t *testing.T) {
	for text, want := range map[string]string{"aب": "Latn", "بa": "Arab", "abب": "Latn", "بدa": "Arab", "aبدb": "Arab"} {
		if got := loaders.Script(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
