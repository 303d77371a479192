package exec

import (
	"context"
	"fmt"
	"math"

	"github.com/vektah/gqlparser/v2/ast"
)

// sat adds and multiplies without overflow; every total stays within an int32.
func satAdd(a, b int) int { return min(a+b, math.MaxInt32) }

func satMul(a, b int) int {
	if a != 0 && b > math.MaxInt32/a {
		return math.MaxInt32
	}
	return a * b
}

// totals are what a selection set comes to when its fragments are expanded.
type totals struct {
	fields int // selections of any kind
	depth  int // nested fields; introspection counts nothing
}

// measurer computes totals; those of a fragment are computed once, so that a fragment spread a million times costs one
// look. A cycle counts as nothing here, the validator reports it.
type measurer struct {
	doc     *document
	done    map[string]totals
	open    map[string]bool
	aliases int
	names   map[string]bool // of fields
}

// measure applies the limits that need the parsed document but neither the schema nor the variables.
func (d *Door) measure(doc *document) *Error {
	l := d.limits
	if n := len(doc.ast.Operations); n > l.Operations {
		return limitError("the document has %d operations, the limit is %d", n, l.Operations)
	}
	if n := len(doc.ast.Fragments); n > l.Fragments {
		return limitError("the document has %d fragments, the limit is %d", n, l.Fragments)
	}
	m := &measurer{doc: doc, done: map[string]totals{}, open: map[string]bool{}, names: map[string]bool{}}
	for _, f := range doc.ast.Fragments {
		m.fragment(f.Name)
	}
	for _, op := range doc.ast.Operations {
		t := m.set(op.SelectionSet)
		if t.fields > l.ExpandedFields {
			return limitError("the operation selects %d fields once its fragments are expanded, the limit is %d", t.fields, l.ExpandedFields)
		}
		if t.depth > l.FieldDepth {
			return limitError("the operation nests fields %d deep, the limit is %d", t.depth, l.FieldDepth)
		}
		if n := m.roots(op.SelectionSet, map[string]bool{}); n > l.RootFields {
			return limitError("the operation has %d root fields, the limit is %d", n, l.RootFields)
		}
	}
	if m.aliases > l.Aliases {
		return limitError("the document has %d aliases, the limit is %d", m.aliases, l.Aliases)
	}
	doc.fields = sortedKeys(m.names)
	return nil
}

func (m *measurer) set(sels ast.SelectionSet) totals {
	var sum totals
	for _, sel := range sels {
		var t totals
		switch sel := sel.(type) {
		case *ast.Field:
			m.names[sel.Name] = true
			if sel.Alias != sel.Name {
				m.aliases++
			}
			t = m.set(sel.SelectionSet)
			if t.depth++; isIntrospection(sel.Name) {
				m.doc.introspection = true
				t.depth = 1
			}
		case *ast.InlineFragment:
			t = m.set(sel.SelectionSet)
		case *ast.FragmentSpread:
			t = m.fragment(sel.Name)
		}
		sum.fields = satAdd(sum.fields, satAdd(t.fields, 1))
		sum.depth = max(sum.depth, t.depth)
	}
	return sum
}

func isIntrospection(field string) bool { return field == "__schema" || field == "__type" }

func (m *measurer) fragment(name string) totals {
	if t, ok := m.done[name]; ok {
		return t
	}
	f := m.doc.fragments[name]
	if f == nil || m.open[name] {
		return totals{}
	}
	m.open[name] = true
	t := m.set(f.SelectionSet)
	delete(m.open, name)
	m.done[name] = t
	return t
}

// roots counts the fields at the root; a fragment counts where it is first spread.
func (m *measurer) roots(sels ast.SelectionSet, seen map[string]bool) int {
	n := 0
	for _, sel := range sels {
		switch sel := sel.(type) {
		case *ast.Field:
			n++
		case *ast.InlineFragment:
			n += m.roots(sel.SelectionSet, seen)
		case *ast.FragmentSpread:
			if f := m.doc.fragments[sel.Name]; f != nil && !seen[sel.Name] {
				seen[sel.Name] = true
				n += m.roots(f.SelectionSet, seen)
			}
		}
	}
	return n
}

// coster estimates how many objects an operation may ask for. A field costs one if it selects fields of its own, unless
// Options.FieldCost says otherwise; its selection costs as often as its list may have items. first and last give that
// number, PageSize stands in where a field has these arguments but neither is given, ListSize for lists without them.
// A connection hands its number down to the lists in it (edges, nodes).
type coster struct {
	ctx   context.Context //nolint:containedctx // of one call of Prepare
	asker any
	door  *Door
	doc   *document
	vars  map[string]any
	// priced counts the prices of the schema's own.
	priced int
	// dearest is the field of the highest price of its own, and why it has it.
	dearest struct {
		name, why string
		cost      int
	}
}

// advice says how an operation could cost less: by the dearest field, where that is half of the cost.
func (c *coster) advice(cost int) string {
	if d := c.dearest; d.why != "" && d.cost >= cost/2 {
		return fmt.Sprintf("%s alone costs %d: %s", d.name, d.cost, d.why)
	}
	return "ask for smaller pages or fewer nested lists"
}

// cost returns the saturating total of an operation. The document passed measure, so the walk is short.
func (c *coster) set(sels ast.SelectionSet, page int) int {
	sum := 0
	for _, sel := range sels {
		switch sel := sel.(type) {
		case *ast.Field:
			if included(sel.Directives, c.vars) {
				sum = satAdd(sum, c.field(sel, page))
			}
		case *ast.InlineFragment:
			if included(sel.Directives, c.vars) {
				sum = satAdd(sum, c.set(sel.SelectionSet, page))
			}
		case *ast.FragmentSpread:
			if f := c.doc.fragments[sel.Name]; f != nil && included(sel.Directives, c.vars) {
				sum = satAdd(sum, c.set(f.SelectionSet, page))
			}
		}
	}
	return sum
}

// field prices a field; page is what a connection around it handed down, or 0.
func (c *coster) field(f *ast.Field, page int) int {
	if f.ObjectDefinition == nil || isIntrospection(f.Name) || f.Name == "__typename" {
		return 0
	}
	parent := c.door.types[f.ObjectDefinition.Name]
	if parent == nil || parent.fields[f.Name] == nil {
		return 0
	}
	def := parent.fields[f.Name]
	own := 0
	if len(f.SelectionSet) > 0 {
		own = 1
	}
	if hook := c.door.opts.FieldCost; hook != nil {
		n, why := hook(c.ctx, c.asker, parent.name, f.Name, func() map[string]any { return c.arguments(def, f) })
		if n >= 0 {
			own = n
			c.priced++
		}
		if n > c.dearest.cost {
			c.dearest.name, c.dearest.cost, c.dearest.why = f.Name, n, why
		}
	}
	list := isList(def.t)
	times, down := 1, 0
	switch {
	case def.paged():
		n := c.pageSize(def, f)
		if list {
			times = n
		} else {
			down = n
		}
	case list && page > 0:
		times = page
	case list:
		times = c.door.limits.ListSize
	}
	if len(f.SelectionSet) == 0 {
		return own
	}
	// The objects of a list are what its selection is run on, so they count as often as the selection.
	inner := c.below(f, down)
	if list {
		return satAdd(own, satMul(times, satAdd(inner, 1)))
	}
	return satAdd(own, inner)
}

// below prices the selection of a field. Where no variable and no price of the schema's own is in it, all requests of the
// document have the price that the first had.
func (c *coster) below(f *ast.Field, down int) int {
	if c.doc.varying {
		return c.set(f.SelectionSet, down)
	}
	if kept, ok := c.doc.costs.Load(f); ok {
		if kept := kept.(keptCost); kept.down == down {
			return kept.cost
		}
		return c.set(f.SelectionSet, down)
	}
	priced := c.priced
	cost := c.set(f.SelectionSet, down)
	if c.priced == priced && !c.doc.variablesIn(f.SelectionSet, map[string]bool{}) {
		c.doc.costs.LoadOrStore(f, keptCost{down: down, cost: cost})
	}
	return cost
}

// keptCost is the price of a selection that is run on so many objects.
type keptCost struct{ down, cost int }

func isList(t *typ) bool { return t.kind == kindList }

// arguments are those of a field, nil where they cannot be read.
func (c *coster) arguments(def *fieldDef, f *ast.Field) map[string]any {
	args, err := (&coercion{vars: c.vars}).arguments(def.args, f.Arguments)
	if err != nil {
		return nil
	}
	return args
}

func (c *coster) pageSize(def *fieldDef, f *ast.Field) int {
	args := c.arguments(def, f)
	size, given := 0, false
	for _, name := range []string{"first", "last"} {
		if n, ok := args[name].(int); ok {
			size, given = max(size, n), true
		}
	}
	if !given {
		return c.door.limits.PageSize
	}
	return size
}
