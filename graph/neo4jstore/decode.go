package neo4jstore

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
)

// decoder reads properties that anyone may have written and collects what is
// wrong with them.
type decoder struct {
	what     string // node or tie
	id       string // its id, the server's where it has none of ours
	props    rawProps
	problems []graph.Problem
}

func (d *decoder) bad(rule graph.Rule, field string, value any, reason string) {
	p := graph.Problem{Rule: rule, Item: d.what + " " + d.id, Field: field, Value: fmt.Sprint(value), Reason: reason}
	d.problems = append(d.problems, p.Shown())
}

func (d *decoder) text(name string) string {
	switch v := d.props.get(name).(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		d.bad(graph.RuleType, name, v, fmt.Sprintf("not a string (%T)", v))
		return ""
	}
}

func (d *decoder) list(name string) []string {
	switch v := d.props.get(name).(type) {
	case nil:
		return nil
	case []any:
		out := make([]string, len(v))
		for i, element := range v {
			s, ok := element.(string)
			if !ok {
				d.bad(graph.RuleList, name, v, "not a list of strings")
				return nil
			}
			out[i] = s
		}
		return slices.Clip(out)
	default:
		d.bad(graph.RuleList, name, v, "not a list of strings")
		return nil
	}
}

func (d *decoder) float(name string) (float64, bool) {
	switch v := d.props.get(name).(type) {
	case nil:
	case float64:
		return v, true
	case int64:
		return float64(v), true
	default:
		d.bad(graph.RuleNumber, name, v, "not a number")
	}
	return 0, false
}

func (d *decoder) bool(name string) bool {
	switch v := d.props.get(name).(type) {
	case nil:
	case bool:
		return v
	default:
		d.bad(graph.RuleType, name, v, "not a boolean")
	}
	return false
}

func (d *decoder) marking() graph.Marking {
	name := d.text(propMarking)
	if name == "" {
		return graph.Clear
	}
	i := slices.Index(graph.Markings(), name)
	if i < 0 {
		d.bad(graph.RuleWord, propMarking, name, "not the name of a marking")
		return graph.Red
	}
	return graph.Marking(i)
}

func (d *decoder) citations() []graph.Citation {
	sources, pages, quotes := d.list(propSources), d.list(propPages), d.list(propQuotes)
	d.beside(propSources, len(sources), propPages, propQuotes)
	if len(sources) == 0 {
		return nil
	}
	out := make([]graph.Citation, len(sources))
	for i, s := range sources {
		out[i] = graph.Citation{Source: graph.ID(s), Page: at(pages, i), Quote: at(quotes, i)}
	}
	return out
}

// beside checks the lists that run beside another: each has an element for each of the n
// things that the other tells of, or none.
func (d *decoder) beside(other string, n int, lists ...string) {
	if slices.ContainsFunc(d.problems, func(p graph.Problem) bool { return p.Field == other }) {
		return // it is no list itself
	}
	for _, name := range lists {
		if list, _ := d.props.get(name).([]any); len(list) > 0 && len(list) != n {
			what := map[string]string{propSources: "sources", propOtherNames: "names"}[other]
			d.bad(graph.RuleList, name, list, fmt.Sprintf("%d elements where there are %d %s: one for each, an empty text where there is nothing to say", len(list), n, what))
		}
	}
}

// at reads a list that runs beside another and may be empty.
func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

func (d *decoder) properties(specs []graph.PropSpec) graph.Props {
	var props graph.Props
	for _, spec := range specs {
		v := d.props.get(spec.Name)
		if v == nil {
			continue
		}
		var values []string
		if spec.List {
			values = d.list(spec.Name)
		} else if text, ok := d.value(spec, v); ok {
			values = []string{text}
		}
		if len(values) > 0 {
			if props == nil {
				props = graph.Props{}
			}
			props[spec.Name] = values
		}
	}
	return props
}

func (d *decoder) value(spec graph.PropSpec, v any) (string, bool) {
	if spec.Type == graph.DateProp {
		return d.dateText(spec.Name, v)
	}
	switch v := v.(type) {
	case string:
		if spec.Type == graph.StringProp {
			return v, true
		}
	case int64:
		switch spec.Type {
		case graph.IntProp:
			return strconv.FormatInt(v, 10), true
		case graph.FloatProp:
			return strconv.FormatFloat(float64(v), 'g', -1, 64), true
		case graph.StringProp, graph.BoolProp, graph.DateProp:
		}
	case float64:
		if spec.Type == graph.FloatProp {
			return strconv.FormatFloat(v, 'g', -1, 64), true
		}
	case bool:
		if spec.Type == graph.BoolProp {
			return strconv.FormatBool(v), true
		}
	}
	rule := graph.RuleType
	if spec.Type == graph.IntProp || spec.Type == graph.FloatProp {
		rule = graph.RuleNumber
	}
	d.bad(rule, spec.Name, v, "not "+[...]string{"a string", "a whole number", "a number", "a boolean"}[spec.Type])
	return "", false
}

// decodeNode reads a node. A node with problems is not to be served.
func decodeNode(in dbtype.Node) (graph.Node, []graph.Problem) {
	d := decoder{what: "node", id: in.ElementId, props: rawProps{all: in.Props}}
	id := d.text(propID)
	if id == "" && len(d.problems) == 0 {
		d.bad(graph.RuleIDMissing, propID, "", "a node needs an id")
	}
	return d.node(id, in.Labels), d.problems
}

// node reads what was asked for.
func (d *decoder) node(id string, labels []string) graph.Node {
	if id != "" {
		d.id = id
	}
	n := graph.Node{ID: graph.ID(id), Kind: d.kind(labels)}
	if d.props.read(propName) {
		n.Names = d.nodeNames()
	}
	n.Types, n.Aliases, n.Citations = d.list(propTypes), d.list(propAliases), d.citations()
	n.Marking, n.Load = d.marking(), graph.ID(d.text(propLoad))
	if n.Kind.Valid() {
		n.Props = d.properties(n.Kind.Info().Props)
	}
	if len(d.problems) == 0 {
		whole := n
		if len(whole.Names) == 0 { // they were not asked for
			whole.Names = unread
		}
		d.problems = graph.ValidateNode(whole)
	}
	return n
}

// unread stands for names that were not read.
var unread = []graph.Name{{Text: "-"}}

// nodeNames reads the primary name and, beside it, those that were asked for.
func (d *decoder) nodeNames() []graph.Name {
	name := d.text(propName)
	if stored := d.props.get(propName); stored == nil || stored == "" {
		d.bad(graph.RuleNameMissing, propName, "", "a node needs a name")
	}
	others := d.list(propOtherNames)
	langs, scripts, kinds := d.list(propNameLangs), d.list(propNameScripts), d.list(propNameKinds)
	names := make([]graph.Name, 1+len(others))
	d.beside(propOtherNames, len(names), propNameLangs, propNameScripts, propNameKinds)
	for i := range names {
		names[i] = graph.Name{Text: name, Lang: at(langs, i), Script: at(scripts, i), Kind: graph.NameKind(at(kinds, i))}
		if i > 0 {
			names[i].Text = others[i-1]
		}
		if len(kinds) == 0 {
			names[i].Kind = unsaidKind(i)
		}
	}
	return names
}

// kind finds the one label that is a kind.
func (d *decoder) kind(labels []string) graph.Kind {
	var found graph.Kind
	for _, l := range labels {
		k, err := graph.ParseKind(l)
		if err != nil {
			continue
		}
		if found.Valid() {
			d.bad(graph.RuleKind, "labels", labels, "more than one kind")
			return 0
		}
		found = k
	}
	if !found.Valid() {
		d.bad(graph.RuleKind, "labels", labels, "no kind of the vocabulary")
	}
	return found
}

// decodeTie reads a tie between the nodes of the ids.
func decodeTie(in dbtype.Relationship, from, to graph.ID) (graph.Tie, []graph.Problem) {
	d := decoder{what: "tie", id: in.ElementId, props: rawProps{all: in.Props}}
	id := d.text(propID)
	typ, err := graph.ParseTieType(in.Type)
	if err != nil {
		d.bad(graph.RuleTieType, "type", in.Type, "no type of the vocabulary")
		return graph.Tie{ID: graph.ID(id), From: from, To: to}, d.problems
	}
	return d.tie(id, typ, from, to), d.problems
}

// tie reads what was asked for.
func (d *decoder) tie(id string, typ graph.TieType, from, to graph.ID) graph.Tie {
	if id != "" {
		d.id = id
	}
	t := graph.Tie{ID: graph.ID(id), Type: typ, From: from, To: to}
	if typ.Info().Symmetric && from > to {
		t.From, t.To = to, from
	}
	if d.props.sel != nil && len(d.props.sel.props) == 0 {
		return t
	}
	var err error
	t.Span = graph.Span{Start: d.date(propStart), End: d.date(propEnd), First: d.date(propFirst), Last: d.date(propLast)}
	t.Confidence.Value, _ = d.float(propConfidence)
	t.Confidence.Rule = d.text(propRule)
	t.Weight.Value, t.Weight.Known = d.float(propWeight)
	if t.Grade, err = graph.ParseGrade(d.text(propGrade)); err != nil {
		d.bad(graph.RuleWord, propGrade, d.props.get(propGrade), err.Error())
	}
	if t.Status, err = graph.ParseStatus(d.text(propStatus)); err != nil {
		d.bad(graph.RuleWord, propStatus, d.props.get(propStatus), err.Error())
	}
	t.ConflictSet, t.Derived, t.DerivedBy = d.text(propConflictSet), d.bool(propDerived), d.text(propDerivedBy)
	t.Note, t.Load = d.text(propNote), graph.ID(d.text(propLoad))
	t.Marking, t.Citations = d.marking(), d.citations()
	t.Props = d.properties(typ.Info().Props)
	if len(d.problems) == 0 { // its ends are judged where their kinds are known
		ends := typ.Info().Ends[0]
		d.problems = graph.ValidateTie(t, ends.From, ends.To)
	}
	return t
}

func (d *decoder) date(name string) graph.Date {
	v := d.props.get(name)
	if v == nil {
		return graph.Date{}
	}
	text, ok := d.dateText(name, v)
	if !ok {
		return graph.Date{}
	}
	date, err := graph.ParseDate(text)
	if err != nil {
		d.bad(graph.RuleDate, name, text, err.Error())
		return graph.Date{}
	}
	return date
}

// dateText reads a date as the text that it is in EDTF: a text, or a day that was
// written as a native DATE.
func (d *decoder) dateText(name string, v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case dbtype.Date:
		if text, ok := dayText(v); ok {
			return text, true
		}
		d.bad(graph.RuleDate, name, v, "EDTF level 1 has no day before the year -9999 or after 9999: write the year alone, such as 'Y12000'")
	case dbtype.LocalDateTime, time.Time: // a ZONED DATETIME
		d.bad(graph.RuleDate, name, v, "a day is meant, and this has a time of day: write date(…) of it, or an EDTF text")
	default:
		d.bad(graph.RuleDate, name, v, fmt.Sprintf("a date is an EDTF text or a native DATE, not this (%T)", v))
	}
	return "", false
}

// dayText writes a native DATE as the EDTF day that it is; false where EDTF has
// none.
func dayText(v dbtype.Date) (string, bool) {
	t := v.Time()
	if y := t.Year(); y < -9999 || y > 9999 {
		return "", false
	}
	return t.Format(time.DateOnly), true
}

// tieOf reads a row of relationship and the ids of its ends.
func tieOf(r *neo4j.Record) (graph.Tie, dbtype.Relationship, []graph.Problem) {
	rel, _ := r.Values[0].(dbtype.Relationship)
	from, okFrom := r.Values[1].(string)
	to, okTo := r.Values[2].(string)
	t, problems := decodeTie(rel, graph.ID(from), graph.ID(to))
	if !okFrom || !okTo {
		problems = append(problems, graph.Problem{Rule: graph.RuleEndMissing, Item: "tie " + string(t.ID), Field: "ends", Value: fmt.Sprint(r.Values[1:3]), Reason: "an end has no id that is a string"})
	}
	return t, rel, problems
}
