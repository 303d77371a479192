package sqlitestore

import (
	"database/sql/driver"
	"slices"
	"strconv"
	"strings"

	"entangle/graph"
	"entangle/graph/fold"
)

// builder writes a condition as SQL. Values are parameters (?1, ?2, …) without
// exception; table names, columns and JSON paths come from the code and the
// vocabulary. Every part it writes is 0 or 1, never NULL, so that NOT means what
// it means in graph.Cond.
type builder struct {
	clearance graph.Marking
	args      []driver.Value
	tables    int
}

// arg gives the parameter that stands for a value.
func (b *builder) arg(v driver.Value) string {
	b.args = append(b.args, v)
	return "?" + strconv.Itoa(len(b.args))
}

// alias gives a table name of its own to every step of a hop.
func (b *builder) alias(prefix string) string {
	b.tables++
	return prefix + strconv.Itoa(b.tables)
}

// join joins parts; long lists as a tree, so that they do not count as deep.
func join(parts []string, op, empty string) string {
	const width = 16
	switch {
	case len(parts) == 0:
		return empty
	case len(parts) == 1:
		return parts[0]
	case len(parts) <= width:
		return "(" + strings.Join(parts, op) + ")"
	}
	half := len(parts) / 2
	return "(" + join(parts[:half], op, empty) + op + join(parts[half:], op, empty) + ")"
}

// cond writes a condition on the node or tie with the table alias at.
func (b *builder) cond(c graph.Cond, tie bool, at string) string {
	part := func(list []graph.Cond) []string {
		out := make([]string, len(list))
		for i, p := range list {
			out[i] = b.cond(p, tie, at)
		}
		return out
	}
	switch c.Op {
	case graph.True:
		return "1"
	case graph.And:
		return join(part(c.Conds), " AND ", "1")
	case graph.Or:
		return join(part(c.Conds), " OR ", "0")
	case graph.Not:
		return "NOT " + part(c.Conds)[0]
	case graph.Some:
		return b.hop(c.Hop, at)
	case graph.None:
		return "NOT " + b.hop(c.Hop, at)
	case graph.Matches:
		return b.matches(c.Values[0], at)
	default:
		return b.leaf(c, tie, at)
	}
}

// hop: a tie fits whose other end fits.
func (b *builder) hop(h *graph.Hop, at string) string {
	var ways []string
	for _, way := range waysOf(h.Type, h.Dir) {
		t, n := b.alias("t"), b.alias("n")
		where := []string{
			t + "." + way.near + " = " + at + ".id", t + ".type = " + b.arg(h.Type.String()),
			t + ".visible <= " + b.arg(int64(b.clearance)), b.tieWhere(h.Tie, t),
		}
		from := "tie " + t
		if h.Far.Op != graph.True {
			from += " JOIN node " + n + " ON " + n + ".id = " + t + "." + way.far
			where = append(where, b.cond(h.Far, false, n))
		}
		ways = append(ways, "EXISTS (SELECT 1 FROM "+from+" WHERE "+strings.Join(where, " AND ")+")")
	}
	return join(ways, " OR ", "0")
}

// way is how a tie is followed: from the end that is asked to the other.
type way struct{ near, far string }

func waysOf(typ graph.TieType, dir graph.Dir) []way {
	out, back := way{"from_id", "to_id"}, way{"to_id", "from_id"}
	switch {
	case typ.Info().Symmetric:
		return []way{out, back}
	case dir == graph.Back:
		return []way{back}
	}
	return []way{out}
}

// tieWhere writes TieWhere.Match.
func (b *builder) tieWhere(w graph.TieWhere, t string) string {
	var parts []string
	if len(w.Statuses) == 0 {
		parts = append(parts, t+".status <> "+b.arg(int64(graph.Rejected)))
	} else {
		var tests []string
		for _, s := range w.Statuses {
			tests = append(tests, t+".status = "+b.arg(int64(s)))
		}
		parts = append(parts, join(tests, " OR ", "0"))
	}
	if w.MinConfidence != 0 {
		parts = append(parts, t+".confidence >= "+b.arg(w.MinConfidence))
	}
	if w.AsOf != nil {
		parts = append(parts, b.asOf(*w.AsOf, t)...)
	}
	if w.During != nil {
		parts = append(parts, t+".start_earliest <= "+b.arg(int64(w.During[1])), t+".end_latest >= "+b.arg(int64(w.During[0])))
	}
	if w.Cond.Op != graph.True {
		parts = append(parts, b.cond(w.Cond, true, t))
	}
	return join(parts, " AND ", "1")
}

// asOf writes GapPolicy.Holds over the bounds.
func (b *builder) asOf(a graph.AsOf, t string) []string {
	day := b.arg(int64(a.Day))
	parts := []string{t + ".start_earliest <= " + day, t + ".end_latest >= " + day}
	certain := "(" + t + ".start_latest <= " + day + " AND " + t + ".end_earliest >= " + day + ")"
	switch a.Gap.Mode {
	case graph.Strict:
		return append(parts, certain)
	case graph.Extend:
		never, ever := b.arg(int64(graph.MinDay)), b.arg(int64(graph.MaxDay))
		return append(parts, join([]string{
			certain,
			"(" + t + ".start_latest > " + day + " AND (" + t + ".start_earliest <> " + never + " OR " + t + ".start_latest <= " + b.arg(int64(a.Day)+int64(a.Gap.Days)) + "))",
			"(" + t + ".start_latest <= " + day + " AND (" + t + ".end_latest <> " + ever +
				" OR (" + t + ".evidence <> " + never + " AND " + t + ".evidence >= " + b.arg(int64(a.Day)-int64(a.Gap.Days)) + ")))",
		}, " OR ", "0"))
	case graph.Fading, graph.Contiguous:
	}
	return parts
}

// column is how a field is read: SQL for its text and for what it compares by,
// each NULL where the field is absent.
type column struct {
	typ  graph.PropType
	text string
	num  string
	days [2]string
	// list is a table expression for a field of several values, "" for one; the
	// others then speak of its row j.
	list string
}

func (b *builder) column(field string, tie bool, at string) column {
	switch field {
	case "id", "name", "grade":
		return column{text: at + "." + field}
	case "marking":
		return column{text: labelCase(at+".marking", graph.Markings())}
	case "status":
		return column{text: labelCase(at+".status", graph.Statuses())}
	case "derived":
		return column{typ: graph.BoolProp, text: labelCase(at+".derived", []string{"false", "true"})}
	case "types", "aliases":
		return column{list: "json_each(" + at + "." + field + ") j", text: "j.value"}
	case "source":
		source := "json_extract(j.value, '$[0]')"
		unseen := "SELECT id " + hiddenSources + " " + b.arg(int64(b.clearance))
		return column{list: "(SELECT " + source + " AS value FROM json_each(" + at + ".citations) j WHERE " + source + " NOT IN (" + unseen + ")) j", text: "j.value"}
	case "confidence":
		return column{typ: graph.FloatProp, text: at + ".confidence", num: at + ".confidence"}
	}
	if tie && field == "weight" {
		return column{typ: graph.FloatProp, text: at + ".weight", num: at + ".weight"}
	}
	spec, _ := graph.FieldSpec(tie, field)
	return propColumn(spec, at)
}

// labelCase writes a number as its name.
func labelCase(of string, names []string) string {
	var s strings.Builder
	s.WriteString("(CASE " + of)
	for i, name := range names {
		s.WriteString(" WHEN " + strconv.Itoa(i) + " THEN '" + name + "'")
	}
	return s.String() + " END)"
}

// propColumn reads a property; its name comes from the vocabulary.
func propColumn(spec graph.PropSpec, at string) column {
	path := "'$." + spec.Name
	ordered := spec.Type != graph.StringProp && spec.Type != graph.BoolProp
	if !spec.List {
		key := func(index string) string { return "json_extract(" + at + ".keys, " + path + "[0]" + index + "')" }
		return column{
			typ: spec.Type, text: "json_extract(" + at + ".props, " + path + "[0]')",
			num: key(""), days: [2]string{key("[0]"), key("[1]")},
		}
	}
	c := column{typ: spec.Type, list: "json_each(" + at + ".props, " + path + "') j", text: "j.value"}
	if ordered { // text and key of a value stand at the same place of the two lists
		key := "json_extract(" + at + ".keys, " + path + "[' || j.key || ']"
		c.num, c.days = key+"')", [2]string{key + "[0]')", key + "[1]')"}
	}
	return c
}

// leaf writes a comparison, as Cond.MatchNode and MatchTie make it.
func (b *builder) leaf(c graph.Cond, tie bool, at string) string {
	col := b.column(c.Field, tie, at)
	if c.Op == graph.IsNull {
		absent := col.text + " IS NULL"
		if col.list != "" {
			absent = "NOT EXISTS (SELECT 1 FROM " + col.list + ")"
		}
		if null, err := strconv.ParseBool(c.Values[0]); err == nil && null {
			return "(" + absent + ")"
		}
		return "NOT (" + absent + ")"
	}
	test := b.anyValue(c, col)
	if col.list != "" {
		return "EXISTS (SELECT 1 FROM " + col.list + " WHERE " + test + ")"
	}
	if c.Field == "id" || c.Field == "name" {
		return "(" + test + ")" // never NULL, and without ifnull an index serves it
	}
	return "ifnull(" + test + ", 0)"
}

// manyValues is how many values of In become one list parameter.
const manyValues = 8

func (b *builder) anyValue(c graph.Cond, col column) string {
	textual := col.typ == graph.StringProp || col.typ == graph.BoolProp
	if textual && (c.Op == graph.In || c.Op == graph.Eq) && len(c.Values) > manyValues {
		return col.text + " IN (SELECT value FROM json_each(" + b.arg(idList(c.Values)) + "))"
	}
	tests := make([]string, len(c.Values))
	for i, v := range c.Values {
		tests[i] = b.compare(c.Op, col, v)
	}
	return join(tests, " OR ", "0")
}

func (b *builder) compare(op graph.Op, col column, operand string) string {
	switch op {
	case graph.Contains:
		return "instr(" + col.text + ", " + b.arg(operand) + ") > 0"
	case graph.StartsWith:
		return b.affix(col.text, operand, "1, "+strconv.Itoa(len(operand)))
	case graph.EndsWith:
		return b.affix(col.text, operand, strconv.Itoa(-len(operand)))
	default:
	}
	switch col.typ {
	case graph.IntProp, graph.FloatProp:
		return b.compareNumber(op, col, operand)
	case graph.DateProp:
		return b.compareDate(op, col, operand)
	case graph.StringProp, graph.BoolProp:
	}
	return col.text + " = " + b.arg(operand)
}

// affix compares a piece by bytes: substr of text counts letters, and stops at
// what it takes for the end.
func (b *builder) affix(text, operand, piece string) string {
	if operand == "" {
		return text + " IS NOT NULL"
	}
	return "substr(CAST(" + text + " AS BLOB), " + piece + ") = CAST(" + b.arg(operand) + " AS BLOB)"
}

var signs = map[graph.Op]string{graph.Lt: " < ", graph.Lte: " <= ", graph.Gt: " > ", graph.Gte: " >= "}

func (b *builder) compareNumber(op graph.Op, col column, operand string) string {
	f, err := strconv.ParseFloat(operand, 64)
	if err != nil {
		return "0"
	}
	sign, ok := signs[op]
	if !ok {
		sign = " = "
	}
	if strings.HasPrefix(col.num, "json_") {
		return col.num + sign + b.arg(orderKey(f))
	}
	return col.num + sign + b.arg(f)
}

// compareDate compares by what is certain; see graph.Cond.
func (b *builder) compareDate(op graph.Op, col column, operand string) string {
	d, err := graph.ParseDate(operand)
	if err != nil {
		return "0"
	}
	first, last := col.days[0], col.days[1]
	if _, ordered := signs[op]; ordered && !d.Known() {
		return "0"
	}
	switch op {
	case graph.Lt:
		return last + " < " + b.arg(int64(d.Earliest))
	case graph.Gt:
		return first + " > " + b.arg(int64(d.Latest))
	case graph.Lte:
		return last + " <= " + b.arg(int64(d.Latest))
	case graph.Gte:
		return first + " >= " + b.arg(int64(d.Earliest))
	default:
		return col.text + " = " + b.arg(d.Text)
	}
}

// matches: one of the node's names has the folded text in its key.
func (b *builder) matches(text, at string) string {
	key := fold.Key(text)
	if key == "" {
		return "1" // every node has a name, and every key has the empty text
	}
	where := "instr(m.key, " + b.arg(key) + ") > 0"
	if pieces := piecesOf(key); len(pieces) > 0 {
		where = "m.no IN (SELECT rowid FROM name_piece WHERE name_piece MATCH " + b.arg(strings.Join(pieces, " AND ")) + ") AND " + where
	}
	return at + ".id IN (SELECT m.node FROM name m WHERE " + where + ")"
}

// piecesOf cuts a key into quoted pieces of three letters, as the index keeps
// them. A key has letters, digits and blanks only, so that quoting is enough.
func piecesOf(key string) []string {
	letters := []rune(key)
	var pieces []string
	for i := 0; i+3 <= len(letters) && len(pieces) < maxPieces; i++ {
		pieces = append(pieces, `"`+string(letters[i:i+3])+`"`)
	}
	slices.Sort(pieces)
	return slices.Compact(pieces)
}

// maxPieces bounds a search in the index; what it finds is checked anyway.
const maxPieces = 32
