package native

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"entangle/graph"
	"entangle/loaders"
)

// Role is what the special columns of neo4j-admin headers are for.
const (
	roleID     = "ID"
	roleLabel  = "LABEL"
	roleStart  = "START_ID"
	roleEnd    = "END_ID"
	roleType   = "TYPE"
	roleIgnore = "IGNORE"
)

// nodeColumns are the columns of nodes.csv besides :ID, :LABEL and the
// properties of the kinds.
var nodeColumns = []column{
	{"name", "", "The primary name."},
	{"name_native", "", "The name in the bearer's own script."},
	{"aliases", "string[]", "Further names."},
	{"names", "string[]", "Every name in full, as kind:lang:script:text; it stands alone where its first text is the cell of name."},
	{"types", "string[]", "Types, such as armed_group;party."},
	{"ids", "string[]", "Identifiers elsewhere, as scheme:value."},
	{"marking", "", "TLP marking; empty is CLEAR."},
	{"sources", "string[]", "Ids of the sources."},
	{"pages", "string[]", "Pages, one for each source in order."},
	{"quotes", "string[]", "Quotations, one for each source in order."},
	{"gone", "string[]", "Ids among sources that lead to no source, since it was deleted."},
}

// tieColumns are the columns of ties.csv besides :START_ID, :END_ID, :TYPE and
// the properties of the types.
var tieColumns = []column{
	{"id", "", "Id of the claim; derived from what it claims where empty."},
	{"start", "", "Start, EDTF; .. is open, empty unknown."},
	{"end", "", "End, EDTF; .. is open, empty unknown."},
	{"first", "", "First day on which a source observed it."},
	{"last", "", "Last day on which a source observed it."},
	{"confidence", "float", "Probability 0–1 that the claim holds; derived from the grade where empty."},
	{"confidenceRule", "", "Rule that gave the confidence; stated where empty."},
	{"weight", "float", "Weight 0–1; empty is unknown."},
	{"grade", "", "Admiralty grade, such as B2."},
	{"marking", "", "TLP marking; empty is CLEAR."},
	{"status", "", "accepted, conflict or rejected; empty is accepted."},
	{"conflictSet", "", "Name of the set of claims that contradict each other."},
	{"derived", "boolean", "A rule inferred the claim."},
	{"derivedBy", "", "The rule that inferred it."},
	{"sources", "string[]", "Ids of the sources."},
	{"pages", "string[]", "Pages, one for each source in order."},
	{"quotes", "string[]", "Quotations, one for each source in order."},
	{"gone", "string[]", "Ids among sources that lead to no source, since it was deleted."},
	{"note", "", "Remark on the claim."},
}

// Column is one column of a file, as documentation lists it.
type Column struct {
	Name string
	// Type is the suffix of the header, "" for text: int, float, boolean, string[].
	Type string
	Help string
}

// Columns lists the columns of nodes.csv or ties.csv besides those of
// neo4j-admin: the fixed ones, then the properties of the vocabulary.
func Columns(ties bool) []Column {
	columns := columnsOf(nodeColumns, graph.PropsOf(nil))
	if ties {
		columns = columnsOf(tieColumns, graph.TiePropsOf(nil))
	}
	out := make([]Column, len(columns))
	for i, c := range columns {
		out[i] = Column{c.name, c.typ, c.help}
	}
	return out
}

// column is one column: its name, its type suffix and what it is.
type column struct{ name, typ, help string }

func (c column) header() string {
	if c.typ == "" {
		return c.name
	}
	return c.name + ":" + c.typ
}

// propColumn is the column of a property of the vocabulary.
func propColumn(s graph.PropSpec) column {
	typ := map[graph.PropType]string{graph.IntProp: "int", graph.FloatProp: "float", graph.BoolProp: "boolean"}[s.Type]
	if s.List {
		typ = "string[]"
	}
	return column{s.Name, typ, s.Help}
}

// columnsOf are the fixed columns followed by the properties.
func columnsOf(fixed []column, specs []graph.PropSpec) []column {
	out := slices.Clone(fixed)
	for _, s := range specs {
		out = append(out, propColumn(s))
	}
	return out
}

var headerPattern = regexp.MustCompile(`^([^:]*)(?::([A-Za-z_]+(?:\[\])?)(?:\(([^()]*)\))?(?:\{[^{}]*\})?)?$`)

// plan says what the columns of a file are.
type plan struct {
	table *loaders.Table
	// header finds a column's header cell by its name, or by its role.
	header map[string]string
	// spaces are the id spaces of the columns :ID(space) by role.
	spaces map[string]string
	notes  []loaders.Note
	// props are the properties that any row of the file may have.
	props []graph.PropSpec
}

// newPlan reads the header of a file that may have some fixed columns and some
// properties.
func newPlan(t *loaders.Table, fixed []column, props []graph.PropSpec, denied func(string) bool) (*plan, error) {
	known := columnsOf(fixed, props)
	p := &plan{table: t, props: props, header: map[string]string{}, spaces: map[string]string{}}
	for _, cell := range t.Header {
		m := headerPattern.FindStringSubmatch(cell.Text)
		if m == nil {
			p.note(cell.Text, "not a column header of the form name:type: not loaded")
			continue
		}
		name, key := m[1], m[1]
		switch m[2] {
		case roleID, roleLabel, roleStart, roleEnd, roleType:
			key = ":" + m[2]
			p.spaces[key] = m[3]
		case roleIgnore:
			p.note(cell.Text, "marked :IGNORE: not loaded")
			continue
		default:
			if denied(name) || denied(cell.Text) {
				p.note(cell.Text, "not loaded: on the privacy list")
				continue
			}
			if !slices.ContainsFunc(known, func(c column) bool { return c.name == name }) {
				p.note(cell.Text, "no such column: not loaded")
				continue
			}
		}
		if first, ok := p.header[key]; ok {
			return nil, &loaders.Fault{
				Place:  loaders.Place{Line: cell.Line, Column: cell.Column, Value: cell.Text},
				Reason: fmt.Sprintf("two columns are %s (the other is %s)", key, first),
			}
		}
		p.header[key] = cell.Text
	}
	return p, nil
}

func (p *plan) note(field, text string) {
	p.notes = append(p.notes, loaders.Note{Field: field, Text: text})
}

func (p *plan) has(keys ...string) bool {
	return !slices.ContainsFunc(keys, func(k string) bool { return p.header[k] == "" })
}

// line is one row under a plan, becoming a record.
type line struct {
	*plan
	row loaders.Row
	rec *loaders.Record
}

func (l line) get(key string) string { return l.row.Get(l.header[key]) }

func (l line) place(key string) loaders.Place {
	if h, ok := l.header[key]; ok {
		return l.row.Place(h)
	}
	return loaders.Place{Line: l.row.Line, Field: key}
}

func (l line) bad(key string, code loaders.Code, reason string) {
	l.rec.Bad(l.place(key), code, reason)
}

// ref reads an id of a column that may have an id space.
func (l line) ref(key string) graph.ID {
	id := l.get(key)
	if space := l.spaces[key]; space != "" && id != "" {
		id = space + "/" + id
	}
	return graph.ID(id)
}

// list reads an array: values between ";", in which "\;" is ";" and "\\" is "\".
func (l line) list(key string) []string { return splitList(l.get(key)) }

func splitList(s string) []string {
	if s == "" {
		return nil
	}
	var out []string
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == ';' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		case s[i] == ';':
			out = append(out, b.String())
			b.Reset()
		default:
			b.WriteByte(s[i])
		}
	}
	return append(out, b.String())
}

var listEscaper = strings.NewReplacer(`\`, `\\`, `;`, `\;`)

func joinList(values []string) string {
	escaped := make([]string, len(values))
	for i, v := range values {
		escaped[i] = listEscaper.Replace(v)
	}
	return strings.Join(escaped, ";")
}

// nonEmpty leaves out empty values: "a;;b" has two.
func nonEmpty(values []string) []string {
	return slices.DeleteFunc(values, func(v string) bool { return strings.TrimSpace(v) == "" })
}

// propsOf reads the cells of the properties in specs, and rejects cells of
// properties that belong to something else.
func (l line) propsOf(specs []graph.PropSpec, what string) graph.Props {
	var props graph.Props
	for _, other := range l.props {
		if _, mine := graph.Spec(specs, other.Name); !mine && l.get(other.Name) != "" {
			l.bad(other.Name, loaders.CodeValue, "no such property of "+what)
		}
	}
	for _, spec := range specs {
		text := l.get(spec.Name)
		if text == "" {
			continue
		}
		values := []string{text}
		if spec.List {
			values = nonEmpty(splitList(text))
		}
		for i, v := range values {
			values[i] = l.value(spec, v)
		}
		props = props.Set(spec.Name, values...) // leaves out what was bad
	}
	return props
}

// value returns the canonical form of one value; what is wrong is rejected,
// what is written differently is a repair.
func (l line) value(spec graph.PropSpec, v string) string {
	if spec.Type == graph.DateProp {
		return l.date(spec.Name, v).Text
	}
	canonical, err := spec.Check(v)
	if err != nil {
		l.bad(spec.Name, loaders.CodeValue, err.Error())
		return ""
	}
	if canonical != v {
		l.rec.Repaired(l.place(spec.Name), canonical, "canonical-form")
	}
	return canonical
}

func (l line) date(key, v string) graph.Date {
	text, rule, err := loaders.CleanDate(v)
	if err != nil {
		l.bad(key, loaders.CodeValue, loaders.DateReason(err))
		return graph.Date{}
	}
	if rule != "" {
		l.rec.Repaired(l.place(key), text, rule)
	}
	d, _ := graph.ParseDate(text)
	return d
}

func (l line) marking() graph.Marking {
	m, err := graph.ParseMarking(l.get("marking"))
	if err != nil {
		l.bad("marking", loaders.CodeValue, err.Error())
	}
	return m
}

func (l line) citations() []graph.Citation {
	sources, pages, quotes := l.list("sources"), l.list("pages"), l.list("quotes")
	for _, id := range l.list("gone") {
		if id != "" && !slices.Contains(sources, id) {
			l.bad("gone", loaders.CodeValue, fmt.Sprintf("%q is not among the sources of the row", id))
		}
		l.rec.Gone = append(l.rec.Gone, graph.ID(id))
	}
	for _, list := range []struct {
		key    string
		values []string
	}{{"pages", pages}, {"quotes", quotes}} {
		if len(list.values) > len(sources) {
			l.bad(list.key, loaders.CodeValue, fmt.Sprintf(`%d values for %d sources: a ; inside a value is written \;`, len(list.values), len(sources)))
			return nil
		}
	}
	var out []graph.Citation
	for i, s := range sources {
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
