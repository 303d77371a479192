package loaders_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/loaders"
)

// shown writes a row with the place of each of its cells.
func shown(row loaders.Row) string {
	if row.Bad != nil {
		return fmt.Sprintf("%d: line %d bad at %d:%d %q: %s", row.Number, row.Line, row.Bad.Line, row.Bad.Column, row.Bad.Value, row.Bad.Reason)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d: line %d", row.Number, row.Line)
	for _, c := range row.Cells {
		fmt.Fprintf(&b, " %d:%d%q", c.Line, c.Column, c.Text)
	}
	if row.Extra > 0 {
		fmt.Fprintf(&b, " and %d more", row.Extra)
	}
	return b.String()
}

// TestCells: each row of a table with the places of its cells, the broken ones with what
// is wrong; lines count on whatever stands in them.
func TestCells(t *testing.T) {
	const fewer = "the row has fewer cells than the header has columns"
	const more = "the row has more cells than the header has columns: is a delimiter inside a value not quoted?"
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"plain":               {"a,b\n1,2\n3,4", []string{`1: line 2 2:1"1" 2:3"2"`, `2: line 3 3:1"3" 3:3"4"`}},
		"characters":          {"a,b\näöü,ب\n", []string{`1: line 2 2:1"äöü" 2:5"ب"`}},
		"empty lines":         {"\n\r\na,b\n\n1,2\n\r\n\x1a\n3,4\n\x1a", []string{`1: line 5 5:1"1" 5:3"2"`, `2: line 8 8:1"3" 8:3"4"`}},
		"a sign that is text": {"a,b\n\x1a,\n\x1a\x1a,x\n", []string{`1: line 2 2:1"\x1a" 2:3""`, `2: line 3 3:1"\x1a\x1a" 3:4"x"`}},
		"quoted":              {"a,b\n\"1\"\"x\"\"\",\",\"\n", []string{`1: line 2 2:1"1\"x\"" 2:10","`}},
		"quoted over lines":   {"a,b\n\"1\n\n2\",3\n4,5\n", []string{`1: line 2 2:1"1\n\n2" 4:4"3"`, `2: line 5 5:1"4" 5:3"5"`}},
		"a mark inside":       {"a,b\n1\"x\",2\n", []string{`1: line 2 2:1"1\"x\"" 2:6"2"`}},
		"too few":             {"a,b\n1\n2,3\n", []string{`1: line 2 bad at 2:1 "1": ` + fewer, `2: line 3 3:1"2" 3:3"3"`}},
		"too many":            {"a;b\n1;2;3\n", []string{`1: line 2 bad at 2:1 "1;2;3": ` + more}},
		"empty behind":        {"a,b\n1,2,,\n1,2,,3\n1,,,\n", []string{`1: line 2 2:1"1" 2:3"2" and 2 more`, `2: line 3 bad at 3:1 "1,2,,3": ` + more, `3: line 4 4:1"1" 4:3"" and 2 more`}},
		"text behind a mark": {"a,b\n\"1\"x,2\n3,4\n", []string{
			`1: line 2 bad at 2:1 "1": text after the closing quotation mark: a quotation mark inside a quoted value is written ""`, `2: line 3 3:1"3" 3:3"4"`,
		}},
		// The lines that an open mark ran over are read again.
		"an open mark": {"a,b\n1,\"x\n3,4\n5,6", []string{
			`1: line 2 bad at 2:3 "x\n3,4\n5,6": a quotation mark is opened here and never closed`, `2: line 3 3:1"3" 3:3"4"`, `3: line 4 4:1"5" 4:3"6"`,
		}},
		"an open mark over a closed one": {"a,b\n\"x,1\n\"y\",\"z\n2,3\n", []string{
			`1: line 2 bad at 2:1 "x,1\n": text after the closing quotation mark: a quotation mark inside a quoted value is written ""`,
			`2: line 3 bad at 3:5 "z\n2,3\n": a quotation mark is opened here and never closed`, `3: line 4 4:1"2" 4:3"3"`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			table, err := loaders.NewTable(strings.NewReader(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for row, err := range table.Rows(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, shown(row))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if want := strings.Count(tt.text, "\n") + 1; table.Line() != want && table.Line() != want-1 {
				t.Errorf("%d lines read of %d", table.Line(), want)
			}
			if row, err := table.Next(); !errors.Is(err, io.EOF) {
				t.Errorf("behind the end: %s, %v", shown(row), err)
			}
		})
	}
}

// TestHeaders: names without the blanks around them, and what is no header with its place.
func TestHeaders(t *testing.T) {
	for text, want := range map[string][]string{
		" a , b\n": {"a", "b"}, "\n\n\"a\"\t b\n": {"a", "b"}, "a,,\n": {"a", "", ""}, "a": {"a"}, "": nil, "\n\n": nil, "\"a": nil, "\"a\"b,c\n": nil,
	} {
		if diff := cmp.Diff(want, loaders.HeaderOf([]byte(text))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	for text, want := range map[string]loaders.Fault{
		"":           {Place: loaders.Place{Line: 1}, Reason: "no header: the file has no rows"},
		"\n\"a":      {Place: loaders.Place{Line: 2, Column: 1, Value: "a"}, Reason: "the header cannot be read: a quotation mark is opened here and never closed"},
		"\na,b, a\n": {Place: loaders.Place{Line: 2, Column: 5, Value: "a"}, Reason: "two columns have this name"},
	} {
		_, err := loaders.NewTable(strings.NewReader(text))
		fault, ok := errors.AsType[*loaders.Fault](err)
		if !ok {
			t.Fatalf("%q: %v", text, err)
		}
		if diff := cmp.Diff(&want, fault); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	if _, err := loaders.NewTable(brokenReader{}); !errors.Is(err, errFire) {
		t.Errorf("a file that cannot be read: %v", err)
	}
}

// TestColumns: by name, with their places; what a table does not have is empty, and its
// place is that of the row.
func TestColumns(t *testing.T) {
	table, err := loaders.NewTable(strings.NewReader("a,,b\n\n1,2,3\nx\n"))
	if err != nil {
		t.Fatal(err)
	}
	row, err := table.Next()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]loaders.Place{
		"a": {Line: 3, Column: 1, Field: "a", Index: 1, Value: "1"}, "b": {Line: 3, Column: 5, Field: "b", Index: 3, Value: "3"},
		"c": {Line: 3, Field: "c"},
	} {
		if diff := cmp.Diff(want, row.Place(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if has := name != "c"; row.Get(name) != want.Value || row.Has(name) != has || table.Has(name) != has {
			t.Errorf("%s: %q, has %t and %t", name, row.Get(name), row.Has(name), table.Has(name))
		}
	}
	bad, err := table.Next()
	if err != nil || bad.Bad == nil {
		t.Fatalf("%s, %v", shown(bad), err)
	}
	if got, want := bad.Place("a"), (loaders.Place{Line: 4, Field: "a"}); got != want || bad.Get("a") != "" {
		t.Errorf("of a broken row: %+v, %q", got, bad.Get("a"))
	}
}

// TestLongRowIsNamed: by its line and its beginning, and the next is read.
func TestLongRowIsNamed(t *testing.T) {
	table, err := loaders.NewTable(strings.NewReader("a,b\n1,2\n" + strings.Repeat("y", loaders.MaxRow+1) + "\n3,4\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for row, err := range table.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, shown(row))
	}
	want := []string{`1: line 2 2:1"1" 2:3"2"`, `2: line 3 bad at 3:1 "` + strings.Repeat("y", 200) + `": the row is longer than 256 KiB`, `3: line 4 4:1"3" 4:3"4"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
