package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/typed"
)

// whereInput is an input type for conditions on nodes or ties, with what its
// fields mean.
type whereInput struct {
	object *graphql.InputObject
	fields map[string]whereField
}

// whereField is a field of such a type: a column with its operators, or a step
// over a tie.
type whereField struct {
	typ    graphql.Input
	help   string
	column string
	enum   []string // the only values of the column, none where any goes
	known  []string // values that are known, where others may be too
	idOf   []string // types whose global ids are compared, none for other columns
	hop    *hopInput
}

// hopInput is a step over a tie to other nodes.
type hopInput struct {
	info  graph.TieInfo
	dir   graph.Dir
	where *tieWhereInput
}

func list(words []string) string { return strings.Join(words, ", ") }

// newWhere makes the input type once for each name; fill adds its fields, which
// may refer to it again.
func (b *builder) newWhere(name, help string, fill func(w *whereInput)) *whereInput {
	if w := b.wheres[name]; w != nil {
		return w
	}
	w := &whereInput{fields: map[string]whereField{}}
	b.wheres[name] = w
	w.object = graphql.NewInputObject(graphql.InputObjectConfig{
		Name: name, Description: help + " Several fields must all fit.",
		Fields: graphql.InputObjectConfigFieldMapThunk(func() graphql.InputObjectConfigFieldMap {
			fields := logic(w.object)
			for field, f := range w.fields {
				fields[field] = &graphql.InputObjectFieldConfig{Type: f.typ, Description: f.help}
			}
			return fields
		}),
	})
	fill(w)
	return w
}

// logic are the fields that join conditions.
func logic(of *graphql.InputObject) graphql.InputObjectConfigFieldMap {
	list := graphql.NewList(graphql.NewNonNull(of))
	return graphql.InputObjectConfigFieldMap{
		"AND": {Type: list, Description: "All of these fit."},
		"OR":  {Type: list, Description: "One of these fits; an empty list fits nothing."},
		"NOT": {Type: of, Description: "This does not fit."},
	}
}

func (b *builder) column(class, column, help string) whereField {
	return whereField{typ: b.operators[class], column: column, help: help}
}

// nodeWhere makes the input type for conditions on nodes of the kinds: of one
// kind, or of any where there are several.
func (b *builder) nodeWhere(kinds []graph.Kind) *whereInput {
	help := "Conditions on nodes of the kind " + b.farName(kinds) + "."
	if len(kinds) > 1 {
		kinds, help = b.all(), "Conditions on nodes of any kind. A node without the property or tie does not fit."
	}
	return b.newWhere(b.farName(kinds)+"Where", help, func(w *whereInput) {
		id := b.column("id", "id", "The global id.")
		for _, k := range kinds {
			id.idOf = append(id.idOf, b.kind(k).Name)
		}
		w.fields["id"] = id
		w.fields["key"] = b.column("key", "id", "The id in the data.")
		w.fields["name"] = b.column("name", "name", "The name.")
		types := b.column("set", "types", "What it is in particular.")
		for _, k := range kinds {
			types.known = append(types.known, b.kind(k).Types...)
		}
		w.fields["types"] = types
		w.fields["aliases"] = b.column("set", "aliases", "Identifiers elsewhere, as scheme:value.")
		w.fields["marking"] = b.column("marking", "marking", "Who may see it, by the Traffic Light Protocol.")
		for _, s := range b.nodeColumns(kinds) {
			f := b.column(columnClass(s, false), s.Name, propHelp(s))
			f.enum = s.Enum
			w.fields[s.Name] = f
		}
		for _, f := range b.fieldsOf(kinds) {
			hop := &hopInput{info: f.info, dir: f.dir, where: b.tieWhere(f.info, f.far)}
			w.fields[f.name] = whereField{typ: b.hopFilter(f, hop), hop: hop, help: f.help()}
		}
	})
}

// edgeWhere makes the input type for conditions on ties of one type, or of any
// where the rows are several.
func (b *builder) edgeWhere(rows []graph.TieInfo) *whereInput {
	name, help := tieTypeName+"Where", "Conditions on ties of any type. A tie without the property does not fit."
	if len(rows) == 1 {
		name = pascal(rows[0].Name) + tieTypeName + "Where"
		help = "Conditions on ties of the type " + rows[0].Name + "."
	}
	return b.newWhere(name, help, func(w *whereInput) {
		id := b.column("id", "id", "The global id.")
		id.idOf = []string{tieTypeName}
		source := b.column("source", "source", "The sources it cites, by global id.")
		source.idOf = []string{b.kind(graph.Source).Name}
		w.fields["id"] = id
		w.fields["source"] = source
		w.fields["confidence"] = b.column("float", "confidence", "The probability that it holds.")
		w.fields["weight"] = b.column("float", "weight", "Its weight, 0–1.")
		w.fields["grade"] = b.column("text", "grade", "The Admiralty grade, such as B2.")
		w.fields["derived"] = b.column("boolean", "derived", "Whether a rule inferred it.")
		for _, s := range tieColumns(rows) {
			f := b.column(columnClass(s, mixed(rows, s.Name)), s.Name, propHelp(s))
			f.enum = s.Enum
			w.fields[s.Name] = f
		}
	})
}

// mixed reports whether a column is a list in some rows and not in others.
func mixed(rows []graph.TieInfo, column string) bool {
	var lists, singles bool
	for _, row := range rows {
		if s, ok := graph.Spec(row.Props, column); ok {
			lists, singles = lists || s.List, singles || !s.List
		}
	}
	return lists && singles
}

// hopFilter makes the input type that asks for ties to other nodes.
func (b *builder) hopFilter(f tieField, hop *hopInput) *graphql.InputObject {
	name := pascal(f.info.Name) + b.farName(f.far) + "Filter"
	if made := b.filters[name]; made != nil {
		return made
	}
	fields := graphql.InputObjectConfigFieldMap{
		"some": {Type: hop.where.object, Description: "There is such a tie."},
		"none": {Type: hop.where.object, Description: "There is no such tie."},
	}
	for name, arg := range b.tieArgs() {
		fields[name] = &graphql.InputObjectFieldConfig{Type: arg.Type, Description: arg.Description}
	}
	b.filters[name] = graphql.NewInputObject(graphql.InputObjectConfig{
		Name:        name,
		Description: fmt.Sprintf("Asks for ties of the type %s; asOf, gap, during, minConfidence and status say which ties count. At most %d such steps inside each other.", f.info.Name, graph.MaxHops),
		Fields:      fields,
	})
	return b.filters[name]
}

// compile turns what a client gave into a condition. path names the place in
// errors.
func (w *whereInput) compile(path string, given any) (graph.Cond, error) {
	in, _ := given.(map[string]any)
	var parts []graph.Cond
	for _, name := range slices.Sorted(maps.Keys(in)) {
		at := path + "." + name
		part, err := w.part(at, name, in[name])
		if err != nil {
			return graph.Cond{}, err
		}
		parts = append(parts, part)
	}
	return graph.All(parts...), nil
}

func (w *whereInput) part(at, name string, given any) (graph.Cond, error) {
	if given == nil {
		return graph.Cond{}, typed.BadInput("%s: null is no condition; leave it out", at)
	}
	f, ok := w.fields[name]
	if !ok {
		return joinLogic(name, given, func(i int, v any) (graph.Cond, error) {
			return w.compile(place(at, i), v)
		})
	}
	operators := given.(map[string]any)
	if f.hop != nil {
		return f.hop.compile(at, operators)
	}
	return f.condition(at, operators)
}

func place(at string, i int) string {
	if i < 0 {
		return at
	}
	return fmt.Sprintf("%s[%d]", at, i)
}

// joinLogic compiles AND, OR and NOT; one compiles a part, i is -1 for NOT.
func joinLogic(name string, given any, one func(i int, v any) (graph.Cond, error)) (graph.Cond, error) {
	if name == "NOT" {
		c, err := one(-1, given)
		return graph.Cond{Op: graph.Not, Conds: []graph.Cond{c}}, err
	}
	items, _ := given.([]any)
	parts := make([]graph.Cond, len(items))
	for i, item := range items {
		var err error
		if parts[i], err = one(i, item); err != nil {
			return graph.Cond{}, err
		}
	}
	if name == "AND" {
		return graph.All(parts...), nil
	}
	return graph.Cond{Op: graph.Or, Conds: parts}, nil
}

// compile turns a step over a tie into conditions, some and none joined.
func (h *hopInput) compile(path string, given map[string]any) (graph.Cond, error) {
	ties, err := tieSelection(path, given)
	if err != nil {
		return graph.Cond{}, err
	}
	var parts []graph.Cond
	for _, q := range []struct {
		name string
		op   graph.Op
	}{{"some", graph.Some}, {"none", graph.None}} {
		where, ok := given[q.name]
		if !ok {
			continue
		}
		at := path + "." + q.name
		if where == nil {
			return graph.Cond{}, typed.BadInput("%s: null is no condition; leave it out, or write {} for any tie", at)
		}
		hop := &graph.Hop{Type: h.info.Type, Dir: h.dir, Tie: ties}
		if hop.Tie.Cond, hop.Far, err = h.where.compile(at, where); err != nil {
			return graph.Cond{}, err
		}
		parts = append(parts, graph.Cond{Op: q.op, Hop: hop})
	}
	if len(parts) == 0 {
		return graph.Cond{}, typed.BadInput("%s: says neither some nor none", path)
	}
	return graph.All(parts...), nil
}
