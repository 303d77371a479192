package data_test

import (
	"encoding/csv"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"

	"entangle/data"
	"entangle/graph"
)

// row is one line of a file: column name without its type → cell.
type row struct {
	line  int
	cells map[string]string
}

// readRows reads a file of the sample. The columns are known by the part of
// the header before the type; the special columns keep their colon.
func readRows(t *testing.T, name string) []row {
	t.Helper()
	f, err := data.Iraq().Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	header, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	columns := make([]string, len(header))
	for i, h := range header {
		columns[i] = h
		if base, _, found := strings.Cut(h, ":"); found && base != "" {
			columns[i] = base
		}
	}
	var rows []row
	for {
		record, err := r.Read()
		if record == nil {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		line, _ := r.FieldPos(0)
		cells := make(map[string]string, len(record))
		for i, v := range record {
			cells[columns[i]] = v
		}
		rows = append(rows, row{line, cells})
	}
	return rows
}

// list splits an array cell: items apart by ";", a backslash before ";" or "\".
func list(cell string) []string {
	if cell == "" {
		return nil
	}
	var items []string
	var item strings.Builder
	for i := 0; i < len(cell); i++ {
		switch c := cell[i]; {
		case c == '\\' && i+1 < len(cell):
			i++
			item.WriteByte(cell[i])
		case c == ';':
			items = append(items, item.String())
			item.Reset()
		default:
			item.WriteByte(c)
		}
	}
	return append(items, item.String())
}

// props takes the cells of the columns in specs and reports every other cell
// that is not empty and not among the fixed columns: it would be lost.
func props(t *testing.T, r row, specs []graph.PropSpec, fixed []string) graph.Props {
	t.Helper()
	out := graph.Props{}
	for name, cell := range r.cells {
		if cell == "" || slices.Contains(fixed, name) {
			continue
		}
		spec, ok := graph.Spec(specs, name)
		switch {
		case !ok:
			t.Errorf("line %d: column %s holds %q, which does not belong to this kind or type", r.line, name, cell)
		case spec.List:
			out = out.Set(name, list(cell)...)
		default:
			out = out.Set(name, cell)
		}
	}
	return out
}

func citations(r row) []graph.Citation {
	var out []graph.Citation
	pages, quotes := list(r.cells["pages"]), list(r.cells["quotes"])
	for i, s := range list(r.cells["sources"]) {
		c := graph.Citation{Source: graph.ID(s)}
		if i < len(pages) {
			c.Page = pages[i]
		}
		if i < len(quotes) {
			c.Quote = quotes[i]
		}
		out = append(out, c)
	}
	return out
}

var nodeFixed = []string{":ID", ":LABEL", "name", "name_native", "aliases", "types", "ids", "sources", "marking"}

func node(t *testing.T, r row) graph.Node {
	t.Helper()
	kind, err := graph.ParseKind(r.cells[":LABEL"])
	if err != nil {
		t.Fatalf("line %d: %v", r.line, err)
	}
	n := graph.Node{
		ID: graph.ID(r.cells[":ID"]), Kind: kind,
		Names:     []graph.Name{{Text: r.cells["name"], Kind: graph.PrimaryName}},
		Types:     list(r.cells["types"]),
		Props:     props(t, r, kind.Info().Props, nodeFixed),
		Aliases:   list(r.cells["ids"]),
		Citations: citations(r),
	}
	if native := r.cells["name_native"]; native != "" {
		n.Names = append(n.Names, graph.Name{Text: native, Kind: graph.NativeName})
	}
	for _, a := range list(r.cells["aliases"]) {
		n.Names = append(n.Names, graph.Name{Text: a, Kind: graph.AliasName})
	}
	return n
}

var tieFixed = []string{
	":START_ID", ":END_ID", ":TYPE", "start", "end", "first", "last", "confidence", "confidenceRule", "weight", "grade",
	"status", "conflictSet", "derived", "derivedBy", "sources", "pages", "quotes", "note",
}

func tie(t *testing.T, r row) graph.Tie {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Fatalf("line %d: %v", r.line, err)
		}
	}
	typ, err := graph.ParseTieType(r.cells[":TYPE"])
	must(err)
	out := graph.Tie{
		Type: typ, From: graph.ID(r.cells[":START_ID"]), To: graph.ID(r.cells[":END_ID"]),
		ConflictSet: r.cells["conflictSet"], Derived: r.cells["derived"] == "true", DerivedBy: r.cells["derivedBy"],
		Note: r.cells["note"], Citations: citations(r),
		Props: props(t, r, typ.Info().Props, tieFixed),
	}
	for name, d := range map[string]*graph.Date{
		"start": &out.Span.Start, "end": &out.Span.End, "first": &out.Span.First, "last": &out.Span.Last,
	} {
		*d, err = graph.ParseDate(r.cells[name])
		must(err)
	}
	out.Confidence.Rule = r.cells["confidenceRule"]
	out.Confidence.Value, err = strconv.ParseFloat(r.cells["confidence"], 64)
	must(err)
	if w := r.cells["weight"]; w != "" {
		v, err := strconv.ParseFloat(w, 64)
		must(err)
		out.Weight = graph.KnownShare(v)
	}
	out.Grade, err = graph.ParseGrade(r.cells["grade"])
	must(err)
	out.Status, err = graph.ParseStatus(r.cells["status"])
	must(err)
	return out
}

// sample is the whole of it, ties in canonical form with their ids.
func sample(t *testing.T) graph.Batch {
	t.Helper()
	var b graph.Batch
	for _, r := range readRows(t, "nodes.csv") {
		b.Nodes = append(b.Nodes, node(t, r))
	}
	for _, r := range readRows(t, "ties.csv") {
		b.Ties = append(b.Ties, tie(t, r))
	}
	return b.Normal()
}

func text(t *testing.T, name string) string {
	t.Helper()
	raw, err := fs.ReadFile(data.Iraq(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
