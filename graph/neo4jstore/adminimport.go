package neo4jstore

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
)

// AdminImport says what WriteAdminImport wrote.
type AdminImport struct {
	Nodes, Ties int
	// Arguments is the name of the file in the folder that holds the arguments of
	// neo4j-admin database import full behind the name of the database. They name
	// the other files from the folder.
	Arguments string
}

// arrayDelimiter stands between the elements of a list in a cell: the unit
// separator, which no text has a use for. neo4j-admin has no escape for it.
const arrayDelimiter = "\x1f"

const (
	argumentsFile = "import.args"
	labelLoad     = "EntangleLoad"
)

// WriteAdminImport writes all that a reader can see into a folder, as files that
// `neo4j-admin database import full` takes as they are: one for each kind, each
// type and the loads, with their headers, and the arguments. The folder is made;
// files that are there already are an error, and so is a reader that has moved
// (graph.ErrMoved). On any error nothing is left behind.
//
// The imported database is what Apply would have made of the data, but for the
// schema, which Open sees to when it finds none. Nothing has to be settled.
func WriteAdminImport(ctx context.Context, r graph.Reader, dir string) (AdminImport, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return AdminImport{}, err
	}
	w := &adminWriter{dir: dir, tables: map[string]*adminTable{}}
	err := w.write(ctx, r)
	if err = errors.Join(err, w.close(err == nil)); err != nil {
		return AdminImport{}, errors.Join(err, w.remove())
	}
	return AdminImport{Nodes: w.nodes, Ties: w.ties, Arguments: argumentsFile}, nil
}

// adminWriter holds one table for each kind of thing.
type adminWriter struct {
	dir         string
	tables      map[string]*adminTable
	created     []string
	nodes, ties int
}

func (w *adminWriter) write(ctx context.Context, r graph.Reader) error {
	loads, err := r.Loads(ctx)
	if err != nil {
		return err
	}
	for _, l := range loads {
		if err := w.row("nodes", labelLoad, idColumn("Load", string(l.ID)), map[string]any{"dataset": l.Dataset, "format": l.Format}); err != nil {
			return err
		}
	}
	for n, err := range r.Nodes(ctx, graph.NodeQuery{}) {
		if err != nil {
			return err
		}
		if err := w.node(n); err != nil {
			return err
		}
	}
	every := graph.TieWhere{Statuses: []graph.Status{graph.Accepted, graph.Conflict, graph.Rejected}}
	for t, err := range r.Ties(ctx, graph.TieQuery{Where: every}) {
		if err != nil {
			return err
		}
		w.ties++
		ends := []adminCell{{":START_ID(" + labelEntity + ")", string(t.From)}, {":END_ID(" + labelEntity + ")", string(t.To)}}
		if err := w.row("relationships", t.Type.String(), ends, encodeTie(t)); err != nil {
			return fmt.Errorf("tie %q: %w", t.ID, err)
		}
	}
	if graph.Moved(r) {
		return fmt.Errorf("%w: export again", graph.ErrMoved)
	}
	return nil
}

func (w *adminWriter) node(n graph.Node) error {
	w.nodes++
	props := encodeNode(n)
	delete(props, propID)
	special := idColumn(labelEntity, string(n.ID))
	// More labels than those of the file: names too long for the index.
	long := ""
	if props[propKeysLong] != nil {
		long = labelLong
	}
	if err := w.row("nodes", n.Kind.String(), append(special, adminCell{":LABEL", long}), props); err != nil {
		return fmt.Errorf("node %q: %w", n.ID, err)
	}
	return nil
}

// idColumn is the column of ids, which are properties too, in an id space of its
// own: a load may have the id of a node.
func idColumn(space, id string) []adminCell {
	return []adminCell{{"id:ID(" + space + ")", id}}
}

// adminCell is a column that every row has, by its header, and its text in a row.
type adminCell struct{ header, text string }

// adminTable is one file of rows. Its header is a file of its own, written last:
// only then it is known which columns are used, and for what.
type adminTable struct {
	option  string // nodes or relationships
	name    string
	file    *os.File
	out     *bufio.Writer
	special []string
	columns []string // names of properties, in the order of cells
	types   map[string]string
}

func (t *adminTable) header() string {
	cells := slices.Clone(t.special)
	for _, name := range t.columns {
		if typ, used := t.types[name]; used {
			cells = append(cells, name+":"+typ)
		} else {
			cells = append(cells, ":IGNORE")
		}
	}
	return strings.Join(cells, ",") + "\n"
}

func (w *adminWriter) row(option, name string, special []adminCell, props map[string]any) error {
	t := w.tables[name]
	if t == nil {
		f, err := w.create(option + "-" + name + ".csv")
		if err != nil {
			return err
		}
		t = &adminTable{option: option, name: name, file: f, out: bufio.NewWriter(f), types: map[string]string{}}
		t.columns = slices.Sorted(maps.Keys(props)) // those of the vocabulary: all rows of a table have the same
		for _, c := range special {
			t.special = append(t.special, c.header)
		}
		w.tables[name] = t
	}
	cells := make([]string, 0, len(special)+len(t.columns))
	for _, c := range special {
		if c.text == "" { // no further label
			cells = append(cells, "")
			continue
		}
		cells = append(cells, quotedCell(c.text))
	}
	for _, column := range t.columns {
		text, typ, err := adminValue(props[column])
		if err != nil {
			return fmt.Errorf("%s: %w", column, err)
		}
		if typ != "" {
			if was := cmp.Or(t.types[column], typ); was != typ {
				return fmt.Errorf("%s: a value of type %s where others are %s", column, typ, was)
			}
			t.types[column] = typ
		}
		cells = append(cells, text)
	}
	_, err := t.out.WriteString(strings.Join(cells, ",") + "\n")
	return err
}

// adminValue is a property as a cell and its type; an absent one is an empty cell
// without quotes.
func adminValue(v any) (cell, typ string, err error) {
	switch v := v.(type) {
	case nil:
		return "", "", nil
	case string:
		return quotedCell(v), "string", nil
	case int64:
		return strconv.FormatInt(v, 10), "long", nil
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), "double", nil
	case bool:
		return strconv.FormatBool(v), "boolean", nil
	case dbtype.Date:
		return isoDay(v), "date", nil
	case dbtype.Point2D:
		return quotedCell(fmt.Sprintf("{latitude:%v,longitude:%v}", v.Y, v.X)), "point{crs:wgs-84}", nil
	case []string:
		for _, element := range v {
			if strings.Contains(element, arrayDelimiter) {
				return "", "", fmt.Errorf("%w: %q holds U+001F, which stands between the elements of a list in these files", graph.ErrInvalid, element)
			}
		}
		return quotedCell(strings.Join(v, arrayDelimiter)), "string[]", nil
	}
	return "", "", fmt.Errorf("a %T cannot be written", v)
}

// quotedCell quotes every text, also the empty one, which is not the absent one.
func quotedCell(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// create makes a file that only the user can read: it may hold what is marked red.
func (w *adminWriter) create(name string) (*os.File, error) {
	path := filepath.Join(w.dir, name)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the user names the folder
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%s is there already: name another folder", path)
	}
	if err == nil {
		w.created = append(w.created, path)
	}
	return f, err
}

// close ends the files, and where all went well writes headers and arguments.
func (w *adminWriter) close(well bool) error {
	arguments := []string{"--array-delimiter=U+001F", "--multiline-fields=true"}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(w.tables)) {
		t := w.tables[name]
		errs = append(errs, t.out.Flush(), t.file.Close())
		labels := name
		if t.option == "nodes" && name != labelLoad {
			labels = labelEntity + ":" + name
		}
		header, rows := t.option+"-"+name+"-header.csv", t.option+"-"+name+".csv"
		// Neo4j 2026 does not find a file whose path has no folder.
		arguments = append(arguments, "--"+t.option+"="+labels+"=./"+header+",./"+rows)
		if well {
			errs = append(errs, w.text(header, t.header()))
		}
	}
	if well {
		errs = append(errs, w.text(argumentsFile, strings.Join(arguments, "\n")+"\n"))
	}
	return errors.Join(errs...)
}

func (w *adminWriter) text(name, text string) error {
	f, err := w.create(name)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// remove leaves nothing of a half-written import.
func (w *adminWriter) remove() error {
	var errs []error
	for _, path := range w.created {
		errs = append(errs, os.Remove(path))
	}
	return errors.Join(errs...)
}
