package schema

import (
	"maps"
	"slices"
	"strconv"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/typed"
)

// operand names the operator of a condition and what it takes.
type operator struct {
	op   graph.Op
	list bool // takes a list
	help string
}

// operators are the names of @neo4j/graphql v7, with matches and isNull.
var operators = map[string]operator{
	"eq":         {op: graph.Eq, help: "Equal."},
	"in":         {op: graph.In, list: true, help: "Equal to one of these."},
	"contains":   {op: graph.Contains, help: "Contains this; case counts."},
	"startsWith": {op: graph.StartsWith, help: "Begins with this; case counts."},
	"endsWith":   {op: graph.EndsWith, help: "Ends with this; case counts."},
	"matches":    {op: graph.Matches, help: "Some name contains this, whatever its case, diacritics, article or spelling of Arabic letters."},
	"lt":         {op: graph.Lt, help: "Less; of dates: certainly before."},
	"lte":        {op: graph.Lte, help: "Less or equal; of dates: its last possible day is not after that of the operand."},
	"gt":         {op: graph.Gt, help: "Greater; of dates: certainly after."},
	"gte":        {op: graph.Gte, help: "Greater or equal; of dates: its first possible day is not before that of the operand."},
	"includes":   {op: graph.Includes, help: "Has this among its values."},
	"isNull":     {op: graph.IsNull, help: "Whether it is absent."},
}

// operand is a class of columns: the input type of its conditions.
type operand struct {
	name, help string
	typ        graphql.Input
	operators  []string
}

var operands = map[string]operand{
	"text":    {"StringWhere", "A condition on a text.", graphql.String, []string{"eq", "in", "contains", "startsWith", "endsWith", "isNull"}},
	"name":    {"NameWhere", "A condition on the name: matches looks at every name, the others at the primary one.", graphql.String, []string{"eq", "in", "contains", "startsWith", "endsWith", "matches"}},
	"int":     {"IntWhere", "A condition on a whole number.", graphql.Int, []string{"eq", "in", "lt", "lte", "gt", "gte", "isNull"}},
	"float":   {"FloatWhere", "A condition on a number.", graphql.Float, []string{"eq", "in", "lt", "lte", "gt", "gte", "isNull"}},
	"boolean": {"BooleanWhere", "A condition on a truth value.", graphql.Boolean, []string{"eq", "isNull"}},
	"date":    {"DateWhere", "A condition on a partial date: it fits if all that is certain about the date fits. eq and in compare the text.", edtfScalar, []string{"eq", "in", "lt", "lte", "gt", "gte", "isNull"}},
	"set":     {"StringSetWhere", "A condition on a set of texts.", graphql.String, []string{"includes", "isNull"}},
	"id":      {"IDWhere", "A condition on a global id.", graphql.ID, []string{"eq", "in"}},
	"key":     {"KeyWhere", "A condition on the id in the data.", graphql.String, []string{"eq", "in", "startsWith"}},
	"source":  {"CitedWhere", "A condition on the sources that a tie cites.", graphql.ID, []string{"includes", "isNull"}},
}

func newOperators() map[string]*graphql.InputObject {
	out := map[string]*graphql.InputObject{}
	for class, o := range operands {
		out[class] = o.object()
	}
	return out
}

// markingOperators are apart because their operand is an enumeration made from
// the table.
func (b *builder) markingOperators() *graphql.InputObject {
	return operand{"MarkingWhere", "A condition on the marking.", b.enums.marking, []string{"eq", "in"}}.object()
}

func (o operand) object() *graphql.InputObject {
	fields := graphql.InputObjectConfigFieldMap{}
	for _, name := range o.operators {
		typ := graphql.Type(o.typ)
		switch op := operators[name]; {
		case name == "isNull":
			typ = graphql.Boolean
		case op.list:
			typ = graphql.NewList(graphql.NewNonNull(typ))
		}
		fields[name] = &graphql.InputObjectFieldConfig{Type: typ, Description: operators[name].help}
	}
	return graphql.NewInputObject(graphql.InputObjectConfig{
		Name: o.name, Description: o.help + " Several operators must all fit.", Fields: fields,
	})
}

// columnClass is the class of a column's conditions.
func columnClass(s graph.PropSpec, mixed bool) string {
	if s.List && !mixed {
		return "set"
	}
	return map[graph.PropType]string{
		graph.StringProp: "text", graph.IntProp: "int", graph.FloatProp: "float", graph.BoolProp: "boolean", graph.DateProp: "date",
	}[s.Type]
}

// condition compiles the operators given for a column.
func (f whereField) condition(path string, given map[string]any) (graph.Cond, error) {
	var parts []graph.Cond
	for _, name := range slices.Sorted(maps.Keys(given)) {
		op := operators[name]
		at := path + "." + name
		if given[name] == nil {
			return graph.Cond{}, typed.BadInput("%s: null is no value to compare with; leave the operator out, or ask isNull", at)
		}
		items, ok := given[name].([]any)
		if !ok {
			items = []any{given[name]}
		}
		c := graph.Cond{Op: op.op, Field: f.column, Values: make([]string, len(items))}
		for i, item := range items {
			text, err := f.operand(op, item)
			if err != nil {
				return graph.Cond{}, typed.BadInput("%s: %w", at, err)
			}
			c.Values[i] = text
		}
		parts = append(parts, c)
	}
	return graph.All(parts...), nil
}

// operand writes a value as conditions have it.
func (f whereField) operand(op operator, v any) (string, error) {
	switch v := v.(type) {
	case string:
		if f.idOf != nil && op.op != graph.IsNull {
			return f.local(v)
		}
		if exact := op.op == graph.Eq || op.op == graph.In || op.op == graph.Includes; exact && len(f.enum) > 0 && !slices.Contains(f.enum, v) {
			return "", typed.BadInput("%q is never a value here (one of %s)", v, list(f.enum))
		}
		if op.op == graph.Includes {
			return v, typed.Spelled(v, f.known)
		}
		return v, nil
	case int:
		return strconv.Itoa(v), nil
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), nil
	case bool:
		return strconv.FormatBool(v), nil
	case graph.Date:
		return v.Text, nil
	case graph.Marking:
		return v.String(), nil
	}
	return "", typed.BadInput("a %T cannot be compared", v)
}

// local takes a global id apart; its type must be one that the field can have.
func (f whereField) local(global string) (string, error) {
	typ, id, err := ParseGlobalID(global)
	if err != nil {
		return "", err
	}
	if !slices.Contains(f.idOf, typ) {
		return "", typed.BadInput("%q is the id of a %s, not of a %s", global, typ, list(f.idOf))
	}
	return string(id), nil
}
