package sqlitestore

import (
	"database/sql/driver"
	"fmt"
	"math"
	"strconv"
	"strings"

	"entangle/graph"
)

// Columns that a node and a tie are read from, in the order that scan expects.
const (
	nodeColumns = `n.id, n.kind, n.names, n.types, n.aliases, n.props, n.citations, n.marking, n.load`
	tieColumns  = `t.id, t.type, t.from_id, t.to_id, t.span, t.seen, t.confidence, t.rule, t.weight, t.grade, t.status,
		t.conflict_set, t.derived, t.derived_by, t.note, t.props, t.citations, t.marking, t.load`
)

// labels turn what a file says into the vocabulary.
type labels struct {
	kinds map[string]graph.Kind
	types map[string]graph.TieType
}

func newLabels() labels {
	l := labels{kinds: map[string]graph.Kind{}, types: map[string]graph.TieType{}}
	for _, row := range graph.Kinds() {
		l.kinds[row.Name] = row.Kind
	}
	for _, row := range graph.TieTypes() {
		l.types[row.Name] = row.Type
	}
	return l
}

// decoder turns rows into nodes and ties. It keeps the dates and grades it has
// read: there are few different ones.
type decoder struct {
	labels
	loads  map[int64]graph.ID
	hidden map[graph.ID]bool // sources that a view may not see
	spans  map[string][2]graph.Date
	grades map[string]graph.Grade
}

func newDecoder(l labels, of *state) decoder {
	return decoder{labels: l, loads: of.loads, hidden: of.hidden, spans: map[string][2]graph.Date{}, grades: map[string]graph.Grade{}}
}

// maxSpans bounds the dates a decoder keeps.
const maxSpans = 1 << 15

func text(v driver.Value) string {
	s, _ := v.(string) // NULL is ""
	return s
}

func number(v driver.Value) int64 {
	n, _ := v.(int64)
	return n
}

func (d *decoder) node(row []driver.Value) (graph.Node, error) {
	n := graph.Node{ID: graph.ID(text(row[0])), Kind: d.kinds[text(row[1])], Marking: graph.Marking(number(row[7])), Load: d.load(row[8])}
	if n.Kind == 0 {
		return n, fmt.Errorf("node %s: %w: kind %q; a newer program wrote it", n.ID, graph.ErrVocabulary, text(row[1]))
	}
	names := reader{s: text(row[2])}
	err := names.lists(func(f []string) {
		f = append(f, "", "", "", "")
		n.Names = append(n.Names, graph.Name{Text: f[0], Lang: f[1], Script: f[2], Kind: graph.NameKind(f[3])})
	})
	if err == nil {
		n.Types, err = readList(text(row[3]))
	}
	if err == nil {
		n.Aliases, err = readList(text(row[4]))
	}
	if err == nil {
		n.Props, err = readProps(text(row[5]))
	}
	if err == nil {
		n.Citations, err = d.citations(text(row[6]))
	}
	if err != nil {
		return n, fmt.Errorf("node %s: %w", n.ID, err)
	}
	return n, nil
}

func (d *decoder) tie(row []driver.Value) (graph.Tie, error) {
	t := graph.Tie{
		ID: graph.ID(text(row[0])), Type: d.types[text(row[1])], From: graph.ID(text(row[2])), To: graph.ID(text(row[3])),
		Status: graph.Status(number(row[10])), ConflictSet: text(row[11]), Derived: number(row[12]) != 0, DerivedBy: text(row[13]), Note: text(row[14]),
		Marking: graph.Marking(number(row[17])), Load: d.load(row[18]),
	}
	if t.Type == 0 {
		return t, fmt.Errorf("tie %s: %w: type %q; a newer program wrote it", t.ID, graph.ErrVocabulary, text(row[1]))
	}
	t.Confidence.Value, _ = row[6].(float64)
	t.Confidence.Rule = text(row[7])
	if w, ok := row[8].(float64); ok {
		t.Weight = graph.KnownShare(w)
	}
	var err error
	t.Span.Start, t.Span.End, err = d.span(text(row[4]))
	if err == nil {
		t.Span.First, t.Span.Last, err = d.span(text(row[5]))
	}
	if err == nil {
		t.Grade, err = d.grade(text(row[9]))
	}
	if err == nil {
		t.Props, err = readProps(text(row[15]))
	}
	if err == nil {
		t.Citations, err = d.citations(text(row[16]))
	}
	if err != nil {
		return t, fmt.Errorf("tie %s: %w", t.ID, err)
	}
	return t, nil
}

func (d *decoder) load(v driver.Value) graph.ID {
	no, ok := v.(int64)
	if !ok {
		return ""
	}
	return d.loads[no]
}

func (d *decoder) span(s string) (from, to graph.Date, err error) {
	if s == "" {
		return graph.Date{}, graph.Date{}, nil
	}
	if have, ok := d.spans[s]; ok {
		return have[0], have[1], nil
	}
	span, err := graph.ParseInterval(s)
	if err != nil {
		return graph.Date{}, graph.Date{}, err
	}
	if len(d.spans) >= maxSpans {
		clear(d.spans)
	}
	d.spans[s] = [2]graph.Date{span.Start, span.End}
	return span.Start, span.End, nil
}

func (d *decoder) grade(s string) (graph.Grade, error) {
	if s == "" {
		return graph.Grade{}, nil
	}
	if g, ok := d.grades[s]; ok {
		return g, nil
	}
	g, err := graph.ParseGrade(s)
	if err == nil {
		d.grades[s] = g
	}
	return g, err
}

func (d *decoder) citations(s string) ([]graph.Citation, error) {
	if s == "" {
		return nil, nil
	}
	var list []graph.Citation
	r := reader{s: s}
	err := r.lists(func(f []string) {
		f = append(f, "", "", "")
		if c := (graph.Citation{Source: graph.ID(f[0]), Page: f[1], Quote: f[2]}); !d.hidden[c.Source] {
			list = append(list, c)
		}
	})
	return list, err
}

func readProps(s string) (graph.Props, error) {
	if s == "" {
		return nil, nil
	}
	props := graph.Props{}
	return props, readMap(s, func(name string, values []string) { props[name] = values })
}

// null is what an empty text is kept as.
func null(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}

func namesText(names []graph.Name) string {
	b := []byte{'['}
	for i, n := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendList(b, trimmed(n.Text, n.Lang, n.Script, string(n.Kind)))
	}
	return string(append(b, ']'))
}

func citationsText(list []graph.Citation) string {
	if len(list) == 0 {
		return ""
	}
	b := []byte{'['}
	for i, c := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendList(b, trimmed(string(c.Source), c.Page, c.Quote))
	}
	return string(append(b, ']'))
}

// trimmed leaves out the empty fields at the end.
func trimmed(fields ...string) []string {
	for len(fields) > 1 && fields[len(fields)-1] == "" {
		fields = fields[:len(fields)-1]
	}
	return fields
}

// propsText writes properties and, where they compare by more than their text,
// the keys they compare by.
func propsText(specs []graph.PropSpec, props graph.Props) (values, keys string) {
	if len(props) == 0 {
		return "", ""
	}
	v, k := []byte{'{'}, []byte{'{'}
	for _, name := range props.Names() {
		if len(v) > 1 {
			v = append(v, ',')
		}
		v = append(appendQuoted(v, name), ':')
		v = appendList(v, props[name])
		spec, _ := graph.Spec(specs, name)
		if spec.Type == graph.StringProp || spec.Type == graph.BoolProp {
			continue
		}
		if len(k) > 1 {
			k = append(k, ',')
		}
		k = append(appendQuoted(k, name), ':', '[')
		for i, value := range props[name] {
			if i > 0 {
				k = append(k, ',')
			}
			k = appendKey(k, spec.Type, value)
		}
		k = append(k, ']')
	}
	if len(k) > 1 {
		keys = string(append(k, '}'))
	}
	return string(append(v, '}')), keys
}

// appendKey appends what a value compares by: a date's first and last day, a
// number as an integer of the same order; null where nothing compares.
func appendKey(b []byte, typ graph.PropType, value string) []byte {
	if typ == graph.DateProp {
		d, err := graph.ParseDate(value)
		if err != nil || !d.Known() {
			return append(b, "null"...)
		}
		b = strconv.AppendInt(append(b, '['), int64(d.Earliest), 10)
		b = strconv.AppendInt(append(b, ','), int64(d.Latest), 10)
		return append(b, ']')
	}
	f, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return append(b, "null"...)
	}
	return strconv.AppendInt(b, orderKey(f), 10)
}

// orderKey maps numbers to integers of the same order: SQLite reads integers
// exactly, decimal fractions only nearly.
func orderKey(f float64) int64 {
	if f == 0 {
		f = 0 // minus zero equals zero
	}
	bits := int64(math.Float64bits(f))
	if bits < 0 {
		bits ^= math.MaxInt64
	}
	return bits
}

func intervalText(from, to graph.Date) driver.Value {
	if from.Text == "" && to.Text == "" {
		return nil
	}
	var b strings.Builder
	b.WriteString(from.Text)
	b.WriteByte('/')
	b.WriteString(to.Text)
	return b.String()
}
