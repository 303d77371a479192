package native

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"

	"entangle/graph"
)

// Write writes everything that a view can see as nodes.csv and ties.csv,
// sources before what cites them, ties of every status, each in the order of
// their ids. Loading the pair into an empty store gives equal content, but for
// the loads that brought it. What cites a source that was deleted says so in the
// column gone. Columns that no node or tie uses are left out, so
// the data is read twice. The error is graph.ErrMoved where somebody committed
// between the beginning and the end and the reader saw it: the files are then of no
// one state.
//
// The files are lossless and meant for loaders, not for spreadsheets: see the
// package comment.
func Write(ctx context.Context, reader graph.Reader, nodesW, tiesW io.Writer) error {
	sources := map[graph.ID]bool{}
	for n, err := range reader.Nodes(ctx, graph.NodeQuery{Kinds: []graph.Kind{graph.Source}}) {
		if err != nil {
			return err
		}
		sources[n.ID] = true
	}
	if err := writeNodes(ctx, reader, sources, nodesW); err != nil {
		return err
	}
	if err := writeTies(ctx, reader, sources, tiesW); err != nil {
		return err
	}
	if graph.Moved(reader) {
		return fmt.Errorf("%w: export again", graph.ErrMoved)
	}
	return nil
}

// cells are the non-empty cells of a row by column name.
type cells map[string]string

func (c cells) set(name, text string) {
	if text != "" {
		c[name] = text
	}
}

func (c cells) props(props graph.Props, specs []graph.PropSpec) {
	for name, values := range props {
		if spec, ok := graph.Spec(specs, name); ok && spec.List {
			c.set(name, joinList(values))
		} else if len(values) > 0 {
			c.set(name, values[0])
		}
	}
}

// citations sets the columns of what is cited, of which there are some sources.
func (c cells) citations(list []graph.Citation, there map[graph.ID]bool) {
	sources, pages, quotes := make([]string, len(list)), make([]string, len(list)), make([]string, len(list))
	paged, quoted := false, false
	var gone []string
	for i, ci := range list {
		if id := string(ci.Source); !there[ci.Source] && !slices.Contains(gone, id) {
			gone = append(gone, id)
		}
		sources[i], pages[i], quotes[i] = string(ci.Source), ci.Page, ci.Quote
		paged, quoted = paged || ci.Page != "", quoted || ci.Quote != ""
	}
	c.set("sources", joinList(sources))
	c.set("gone", joinList(gone))
	if paged {
		c.set("pages", joinList(pages))
	}
	if quoted {
		c.set("quotes", joinList(quotes))
	}
}

func nodeCells(n graph.Node, sources map[graph.ID]bool) cells {
	c := cells{}
	c.props(n.Props, n.Kind.Info().Props)
	full := make([]string, len(n.Names))
	for i, name := range n.Names {
		full[i] = string(name.Kind) + ":" + name.Lang + ":" + name.Script + ":" + name.Text
	}
	c.set("name", n.Name())
	c.set("names", joinList(full))
	c.set("types", joinList(n.Types))
	c.set("ids", joinList(n.Aliases))
	if n.Marking != graph.Clear {
		c.set("marking", n.Marking.String())
	}
	c.citations(n.Citations, sources)
	return c
}

func tieCells(t graph.Tie, sources map[graph.ID]bool) cells {
	c := cells{}
	c.props(t.Props, t.Type.Info().Props)
	c.set("id", string(t.ID))
	c.set("start", t.Span.Start.Text)
	c.set("end", t.Span.End.Text)
	c.set("first", t.Span.First.Text)
	c.set("last", t.Span.Last.Text)
	c.set("confidence", strconv.FormatFloat(t.Confidence.Value, 'g', -1, 64))
	c.set("confidenceRule", t.Confidence.Rule)
	if t.Weight.Known {
		c.set("weight", strconv.FormatFloat(t.Weight.Value, 'g', -1, 64))
	}
	c.set("grade", t.Grade.String())
	if t.Marking != graph.Clear {
		c.set("marking", t.Marking.String())
	}
	if t.Status != graph.Accepted {
		c.set("status", t.Status.String())
	}
	c.set("conflictSet", t.ConflictSet)
	if t.Derived {
		c.set("derived", "true")
	}
	c.set("derivedBy", t.DerivedBy)
	c.set("note", t.Note)
	c.citations(t.Citations, sources)
	return c
}

// writeNodes passes over the nodes twice: for the columns, then for the rows.
func writeNodes(ctx context.Context, reader graph.Reader, sources map[graph.ID]bool, w io.Writer) error {
	var rest []graph.Kind
	for _, row := range graph.Kinds() {
		if row.Kind != graph.Source {
			rest = append(rest, row.Kind)
		}
	}
	each := func(do func(n graph.Node, c cells) error) error {
		for _, kinds := range [][]graph.Kind{{graph.Source}, rest} {
			for n, err := range reader.Nodes(ctx, graph.NodeQuery{Kinds: kinds}) {
				if err != nil {
					return err
				}
				if err := do(n, nodeCells(n, sources)); err != nil {
					return err
				}
			}
		}
		return nil
	}
	out := newWriter(w, columnsOf(nodeColumns, graph.PropsOf(nil)), ":ID", ":LABEL")
	if err := each(func(_ graph.Node, c cells) error { out.use(c); return nil }); err != nil {
		return err
	}
	out.header()
	if err := each(func(n graph.Node, c cells) error { return out.row(c, string(n.ID), n.Kind.String()) }); err != nil {
		return err
	}
	return out.close()
}

func writeTies(ctx context.Context, reader graph.Reader, sources map[graph.ID]bool, w io.Writer) error {
	every := graph.TieQuery{Where: graph.TieWhere{Statuses: []graph.Status{graph.Accepted, graph.Conflict, graph.Rejected}}}
	each := func(do func(t graph.Tie, c cells) error) error {
		for t, err := range reader.Ties(ctx, every) {
			if err != nil {
				return err
			}
			if err := do(t, tieCells(t, sources)); err != nil {
				return err
			}
		}
		return nil
	}
	out := newWriter(w, columnsOf(tieColumns, graph.TiePropsOf(nil)), ":START_ID", ":END_ID", ":TYPE")
	if err := each(func(_ graph.Tie, c cells) error { out.use(c); return nil }); err != nil {
		return err
	}
	out.header()
	err := each(func(t graph.Tie, c cells) error { return out.row(c, string(t.From), string(t.To), t.Type.String()) })
	if err != nil {
		return err
	}
	return out.close()
}

// writer writes the columns that are used.
type writer struct {
	csv     *csv.Writer
	special []string
	columns []column
	used    map[string]bool
}

func newWriter(w io.Writer, columns []column, special ...string) *writer {
	return &writer{csv: csv.NewWriter(w), special: special, columns: columns, used: map[string]bool{}}
}

func (w *writer) use(c cells) {
	for name := range c {
		w.used[name] = true
	}
}

func (w *writer) header() {
	w.columns = slices.DeleteFunc(w.columns, func(c column) bool { return !w.used[c.name] })
	head := slices.Clone(w.special)
	for _, c := range w.columns {
		head = append(head, c.header())
	}
	_ = w.csv.Write(head) // the writer keeps its first error for close
}

func (w *writer) row(c cells, special ...string) error {
	row := slices.Clone(special)
	written := 0
	for _, col := range w.columns {
		text, ok := c[col.name]
		if ok {
			written++
		}
		row = append(row, text)
	}
	if written != len(c) { // a column that the first reading did not see
		return fmt.Errorf("%w: export again", graph.ErrMoved)
	}
	return w.csv.Write(row)
}

func (w *writer) close() error {
	w.csv.Flush()
	return w.csv.Error()
}
