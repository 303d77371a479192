package neo4jstore

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"entangle/graph"
	"entangle/graph/fold"
)

const (
	always cypher = "true"
	// never is not the literal: the planner would fold it into all beside it, and
	// refuse the hint on an index whose condition is gone.
	never cypher = "$seen IS NULL"
)

// compiler turns conditions into Cypher. Fields come from the vocabulary, every
// value becomes a parameter. A comparison with an absent property gives null,
// which WHERE, AND, OR and EXISTS take as false; only NOT has to make it so, and is
// carried to the comparisons.
type compiler struct {
	params map[string]any
	// hidden are the sources that a citation is not shown with.
	hidden []string
	hops   int
}

func (v *view) compiler() *compiler {
	c := &compiler{params: map[string]any{"seen": v.seen, "first": nativeDay(graph.MinDay), "last": nativeDay(graph.MaxDay)}}
	for id := range v.state.hidden {
		c.hidden = append(c.hidden, string(id))
	}
	slices.Sort(c.hidden)
	return c
}

// param adds a value and returns its place.
func (c *compiler) param(value any) cypher {
	name := "p" + strconv.Itoa(len(c.params))
	c.params[name] = value
	return cypher("$" + name)
}

// seenNode and seenTie are what a view shows: what is settled and not too narrow.
func seenNode(n cypher) cypher {
	return n + "._key IS NOT NULL AND coalesce(" + n + ".marking, 'CLEAR') IN $seen"
}

func seenTie(r cypher) cypher {
	return r + "._startEarliest IS NOT NULL AND coalesce(" + r + ".marking, 'CLEAR') IN $seen"
}

// seenEnds is a tie r with both its ends, a and b.
func seenEnds() cypher {
	return seenTie("r") + " AND " + seenNode("a") + " AND " + seenNode("b")
}

// node compiles a condition on the node in variable n, of one of the kinds.
func (c *compiler) node(n cypher, of []graph.Kind, cond graph.Cond) cypher {
	switch cond.Op {
	case graph.Some, graph.None:
		return c.hop(n, cond)
	case graph.True, graph.And, graph.Or, graph.Not:
		return c.joined(cond, func(part graph.Cond) cypher { return c.node(n, of, part) })
	case graph.Matches:
		key := fold.Key(cond.Values[0])
		return "coalesce(" + n + "._keys, " + n + "._keysLong) CONTAINS " + c.param(key)
	default: // compares a field
	}
	field := n + "." + word(cond.Field)
	switch cond.Field {
	case propID, propName:
		return c.leaf(cond, graph.PropSpec{}, field, true)
	case propTypes, propAliases:
		return c.leaf(cond, graph.PropSpec{List: true}, field, false)
	case propMarking:
		return c.leaf(cond, graph.PropSpec{}, "coalesce("+field+", 'CLEAR')", true)
	}
	spec, _ := graph.FieldSpec(false, cond.Field)
	test := c.leaf(cond, spec, field, false)
	if guard := kindsWith(of, cond.Field); guard != "" {
		if isNull(cond) {
			return "(" + test + " OR NOT " + n + ":" + guard + ")"
		}
		return "(" + n + ":" + guard + " AND " + test + ")"
	}
	return test
}

// isNull reports a test for absence, which what lacks the column passes too.
func isNull(cond graph.Cond) bool {
	if cond.Op != graph.IsNull {
		return false
	}
	want, _ := strconv.ParseBool(cond.Values[0])
	return want
}

// kindsWith names the kinds that have a column, "" where every one of those asked
// for does: others may use its name for something of their own.
func kindsWith(of []graph.Kind, name string) cypher {
	return having(graph.Kinds(), of, func(row graph.KindInfo) (graph.Kind, []graph.PropSpec) { return row.Kind, row.Props }, name)
}

func typesWith(of []graph.TieType, name string) cypher {
	return having(graph.TieTypes(), of, func(row graph.TieInfo) (graph.TieType, []graph.PropSpec) { return row.Type, row.Props }, name)
}

func having[R any, L interface {
	comparable
	fmt.Stringer
}](rows []R, of []L, read func(R) (L, []graph.PropSpec), name string) cypher {
	var with []string
	all := true
	for _, row := range rows {
		label, props := read(row)
		if len(of) > 0 && !slices.Contains(of, label) {
			continue
		}
		if _, ok := graph.Spec(props, name); ok {
			with = append(with, label.String())
		} else {
			all = false
		}
	}
	if all {
		return ""
	}
	return anyOf(with)
}

func (c *compiler) joined(cond graph.Cond, part func(graph.Cond) cypher) cypher {
	switch cond.Op {
	case graph.Not:
		if inner, ok := negated(cond.Conds[0]); ok {
			return part(inner)
		}
		return "NOT coalesce(" + part(cond.Conds[0]) + ", false)"
	case graph.And, graph.Or:
		pieces := make([]cypher, len(cond.Conds))
		for i, p := range cond.Conds {
			pieces[i] = "(" + part(p) + ")"
		}
		if cond.Op == graph.And {
			return "(" + join(append(pieces, always), " AND ") + ")"
		}
		return "(" + join(append(pieces, never), " OR ") + ")"
	default:
		return always
	}
}

// negated carries NOT inwards, to the comparisons: around EXISTS within one another
// it can take the planner minutes. False for what is a comparison itself.
func negated(cond graph.Cond) (graph.Cond, bool) {
	opposite, ok := map[graph.Op]graph.Op{graph.And: graph.Or, graph.Or: graph.And, graph.Some: graph.None, graph.None: graph.Some}[cond.Op]
	switch {
	case cond.Op == graph.True:
		return graph.Cond{Op: graph.Or}, true
	case cond.Op == graph.Not:
		return cond.Conds[0], true
	case !ok:
		return cond, false
	}
	cond.Op = opposite
	if cond.Hop != nil {
		return cond, true
	}
	list := make([]graph.Cond, len(cond.Conds))
	for i, c := range cond.Conds {
		list[i] = graph.Cond{Op: graph.Not, Conds: []graph.Cond{c}}
	}
	cond.Conds = list
	return cond, true
}

// hop compiles a step over a tie to the node at its other end.
func (c *compiler) hop(n cypher, cond graph.Cond) cypher {
	c.hops++
	number := cypher(strconv.Itoa(c.hops))
	r, m := "r"+number, "n"+number
	h := cond.Hop
	test := "EXISTS { MATCH " + pattern(n, r, m, h.Type, h.Dir) + " WHERE " + m + ":" + labelEntity + " AND " + seenTie(r) + " AND " + seenNode(m) +
		" AND " + c.where(r, []graph.TieType{h.Type}, h.Tie) + " AND " + c.node(m, nil, h.Far) + " }"
	if cond.Op == graph.None {
		return "NOT " + test
	}
	return test
}

// pattern is the step from n over a tie r to m.
func pattern(n, r, m cypher, typ graph.TieType, dir graph.Dir) cypher {
	tie := "-[" + r + ":" + word(typ.String()) + "]-"
	far := "(" + m + ")"
	switch {
	case typ.Info().Symmetric:
		return "(" + n + ")" + tie + far
	case dir == graph.Back:
		return "(" + n + ")<" + tie + far
	}
	return "(" + n + ")" + tie + ">" + far
}

// where compiles what selects ties.
func (c *compiler) where(r cypher, of []graph.TieType, w graph.TieWhere) cypher {
	statuses := w.Statuses
	if len(statuses) == 0 {
		statuses = []graph.Status{graph.Accepted, graph.Conflict}
	}
	names := make([]string, len(statuses))
	for i, s := range statuses {
		names[i] = s.String()
	}
	tests := []cypher{"coalesce(" + r + ".status, 'ACCEPTED') IN " + c.param(names)}
	if w.MinConfidence > 0 {
		tests = append(tests, r+".confidence >= "+c.param(w.MinConfidence))
	}
	if w.AsOf != nil {
		tests = append(tests, c.asOf(r, *w.AsOf))
	}
	if w.During != nil {
		tests = append(tests, r+"._startEarliest <= "+c.param(nativeDay(w.During[1])), boundOf(r, propEndLatest)+" >= "+c.param(nativeDay(w.During[0])))
	}
	if w.Cond.Op != graph.True {
		tests = append(tests, "("+c.tie(r, of, w.Cond)+")")
	}
	return join(tests, " AND ")
}

// The unbounded ends of time in statements: parameters of every compiler.
const (
	minDay cypher = "$first"
	maxDay cypher = "$last"
)

// boundOf is a bound of a tie's span: as it is stored, or where it is not, as it
// follows from the others (see encodeBounds).
func boundOf(r cypher, name string) cypher {
	var unsaid cypher
	switch name {
	case propEndLatest:
		unsaid = maxDay
	case propEndEarliest:
		unsaid = r + "._endLatest, " + r + "._startEarliest"
	case propStartLatest: // with no start either: the last day it may have
		unsaid = "CASE " + r + "._startEarliest WHEN " + minDay + " THEN coalesce(" + r + "._endLatest, " + maxDay + ") ELSE " + r + "._startEarliest END"
	default:
		unsaid = r + "._startEarliest"
	}
	return "coalesce(" + r + "." + word(name) + ", " + unsaid + ")"
}

// asOf is graph.GapPolicy.Holds.
func (c *compiler) asOf(r cypher, a graph.AsOf) cypher {
	d := c.param(nativeDay(a.Day))
	possible := r + "._startEarliest <= " + d + " AND " + boundOf(r, propEndLatest) + " >= " + d
	certain := boundOf(r, propStartLatest) + " <= " + d + " AND " + boundOf(r, propEndEarliest) + " >= " + d
	switch a.Gap.Mode {
	case graph.Strict:
		return possible + " AND " + certain
	case graph.Extend:
		before, after := c.param(dateAt(int64(a.Day)-int64(a.Gap.Days))), c.param(dateAt(int64(a.Day)+int64(a.Gap.Days)))
		// Cases, not a formula of AND and OR: the planner would multiply that out.
		return possible + " AND CASE WHEN " + certain + " THEN true" +
			" WHEN " + boundOf(r, propStartLatest) + " > " + d + " THEN " + r + "._startEarliest <> " + minDay + " OR " + boundOf(r, propStartLatest) + " <= " + after +
			" WHEN " + boundOf(r, propEndLatest) + " <> " + maxDay + " THEN true" +
			" ELSE " + boundOf(r, propEvidence) + " <> " + minDay + " AND " + boundOf(r, propEvidence) + " >= " + before + " END"
	case graph.Fading, graph.Contiguous:
	}
	return possible
}

// tie compiles a condition on the tie in variable r, of one of the types.
func (c *compiler) tie(r cypher, of []graph.TieType, cond graph.Cond) cypher {
	switch cond.Op {
	case graph.True, graph.And, graph.Or, graph.Not:
		return c.joined(cond, func(part graph.Cond) cypher { return c.tie(r, of, part) })
	case graph.Matches, graph.Some, graph.None: // refused by Cond.CheckTies
		return never
	default: // compares a field
	}
	field := r + "." + word(cond.Field)
	switch cond.Field {
	case propID:
		return c.leaf(cond, graph.PropSpec{}, field, true)
	case propConfidence:
		return c.leaf(cond, graph.PropSpec{Type: graph.FloatProp}, field, true)
	case propStatus:
		return c.leaf(cond, graph.PropSpec{}, "coalesce("+field+", 'ACCEPTED')", true)
	case propDerived:
		return c.leaf(cond, graph.PropSpec{Type: graph.BoolProp}, "coalesce("+field+", false)", true)
	case propWeight:
		return c.leaf(cond, graph.PropSpec{Type: graph.FloatProp}, field, false)
	case propGrade:
		return c.leaf(cond, graph.PropSpec{}, field, false)
	case "source":
		sources := r + "." + propSources
		if len(c.hidden) > 0 {
			sources = "[source IN " + sources + " WHERE NOT source IN " + c.param(c.hidden) + "]"
		}
		return c.leaf(cond, graph.PropSpec{List: true}, sources, false)
	}
	spec, _ := graph.FieldSpec(true, cond.Field)
	test := c.leaf(cond, spec, field, false)
	if guard := typesWith(of, cond.Field); guard != "" {
		if isNull(cond) {
			return "(" + test + " OR NOT " + r + ":" + guard + ")"
		}
		return "(" + r + ":" + guard + " AND " + test + ")"
	}
	return test
}

// leaf compares a field with the operands. present says that it is never absent.
func (c *compiler) leaf(cond graph.Cond, spec graph.PropSpec, field cypher, present bool) cypher {
	if cond.Op == graph.IsNull {
		want, _ := strconv.ParseBool(cond.Values[0])
		switch {
		case present && want:
			return never
		case present:
			return always
		case spec.List && want:
			return "size(coalesce(" + field + ", [])) = 0"
		case spec.List:
			return "size(coalesce(" + field + ", [])) > 0"
		case want:
			return field + " IS NULL"
		}
		return field + " IS NOT NULL"
	}
	if spec.List { // a column may be a list for one type and a value for another
		return "any(item IN [] + " + field + " WHERE " + c.compare(cond, spec, "item") + ")"
	}
	return c.compare(cond, spec, field)
}

func (c *compiler) compare(cond graph.Cond, spec graph.PropSpec, field cypher) cypher {
	values := valid(cond.Values)
	switch spec.Type {
	case graph.IntProp, graph.FloatProp:
		return c.number(cond, field)
	case graph.BoolProp:
		var list []bool
		for _, v := range values {
			if v == "true" || v == "false" {
				list = append(list, v == "true")
			}
		}
		return field + " IN " + c.param(list)
	case graph.DateProp:
		return c.date(cond, field)
	case graph.StringProp:
	}
	operator := map[graph.Op]cypher{graph.Contains: " CONTAINS ", graph.StartsWith: " STARTS WITH ", graph.EndsWith: " ENDS WITH "}[cond.Op]
	if operator == "" {
		return field + " IN " + c.param(values)
	}
	if !utf8.ValidString(cond.Values[0]) {
		return never
	}
	return field + operator + c.param(values[0])
}

var comparison = map[graph.Op]cypher{graph.Lt: " < ", graph.Lte: " <= ", graph.Gt: " > ", graph.Gte: " >= "}

// number compares as floating point, as the contract does for whole numbers too.
func (c *compiler) number(cond graph.Cond, field cypher) cypher {
	var list []float64
	for _, v := range cond.Values {
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			list = append(list, f)
		}
	}
	operator, ordered := comparison[cond.Op]
	switch {
	case len(list) == 0:
		return never
	case ordered:
		return "toFloatOrNull(" + field + ")" + operator + c.param(list[0])
	}
	return "toFloatOrNull(" + field + ") IN " + c.param(list)
}

// date compares days, or texts for equality.
func (c *compiler) date(cond graph.Cond, field cypher) cypher {
	var texts []string
	var first graph.Date
	for _, v := range cond.Values {
		if d, err := graph.ParseDate(v); err == nil {
			texts, first = append(texts, d.Text), d
		}
	}
	bound := func(which string) cypher {
		return field[:len(field)-len(cond.Field)] + word(dateBound(cond.Field, which))
	}
	switch {
	case len(texts) == 0:
		return never
	case comparison[cond.Op] == "":
		return "toStringOrNull(" + field + ") IN " + c.param(texts) // it may be a native DATE
	case !first.Known():
		return never
	}
	switch cond.Op {
	case graph.Lt:
		return bound(latest) + " < " + c.param(nativeDay(first.Earliest))
	case graph.Gt:
		return bound(earliest) + " > " + c.param(nativeDay(first.Latest))
	case graph.Lte:
		return bound(latest) + " <= " + c.param(nativeDay(first.Latest))
	default: // Gte
		return bound(earliest) + " >= " + c.param(nativeDay(first.Earliest))
	}
}
