package exec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// merger decides whether fields that share a response name can be merged (section 5.3.2 of the specification).
//
// The rule as the specification states it compares pairs of fields and is quadratic to exponential. Following the
// method that Simon Adameit published for Sangria in 2018 the two conditions are checked one after the other on sets of fields:
//
//   - sameness: fields of one response name that may meet on one object must have the same name and arguments;
//   - shape: all fields of a response name must have the same shape, whatever their parents.
//
// Both relations are equivalences within a set, so each field is compared with the first one only. The children of the
// fields of one response name form the next set. A set is named by the selection sets merged into it and checked once.
// The sum of all sets is bounded by a budget besides.
type merger struct {
	door   *Door
	doc    *document
	ids    map[*ast.Field]int
	args   map[*ast.Field]string
	done   map[string]bool
	told   map[[2]*ast.Field]bool
	work   int
	errs   []*Error
	spent  bool
	buffer []byte
}

func (d *Door) mergeable(doc *document) []*Error {
	m := &merger{door: d, doc: doc, ids: map[*ast.Field]int{}, args: map[*ast.Field]string{}, done: map[string]bool{}, told: map[[2]*ast.Field]bool{}}
	for _, op := range doc.ast.Operations {
		root := m.flatten([]ast.SelectionSet{op.SelectionSet})
		m.sameness(root, "")
		m.shapes(root, "")
	}
	if m.spent {
		return []*Error{limitError("the document takes more than %d comparisons to validate", d.limits.ValidationWork)}
	}
	return m.errs
}

func (m *merger) stop() bool { return m.spent || len(m.errs) >= m.door.limits.Errors }

// groups are fields by response name, in the order of first appearance.
type groups struct {
	names  []string
	fields map[string][]*ast.Field
}

// flatten collects the fields of some selection sets; a fragment is entered once.
func (m *merger) flatten(sets []ast.SelectionSet) groups {
	g := groups{fields: map[string][]*ast.Field{}}
	seen := map[string]bool{}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, sel := range set {
			if m.work++; m.work > m.door.limits.ValidationWork {
				m.spent = true
				return
			}
			switch sel := sel.(type) {
			case *ast.Field:
				if g.fields[sel.Alias] == nil {
					g.names = append(g.names, sel.Alias)
				}
				g.fields[sel.Alias] = append(g.fields[sel.Alias], sel)
			case *ast.InlineFragment:
				walk(sel.SelectionSet)
			case *ast.FragmentSpread:
				if f := m.doc.fragments[sel.Name]; f != nil && !seen[sel.Name] {
					seen[sel.Name] = true
					walk(f.SelectionSet)
				}
			}
		}
	}
	for _, set := range sets {
		walk(set)
	}
	return g
}

// once reports whether the children of these fields are met for the first time by this check.
func (m *merger) once(check byte, fields []*ast.Field) bool {
	ids := make([]int, 0, len(fields))
	for _, f := range fields {
		if len(f.SelectionSet) == 0 {
			continue
		}
		if _, ok := m.ids[f]; !ok {
			m.ids[f] = len(m.ids)
		}
		ids = append(ids, m.ids[f])
	}
	if len(ids) == 0 {
		return false
	}
	slices.Sort(ids)
	m.buffer = append(m.buffer[:0], check)
	for _, id := range slices.Compact(ids) {
		m.buffer = strconv.AppendInt(append(m.buffer, ' '), int64(id), 36)
	}
	if m.done[string(m.buffer)] {
		return false
	}
	m.done[string(m.buffer)] = true
	return true
}

func children(fields []*ast.Field) []ast.SelectionSet {
	var sets []ast.SelectionSet
	for _, f := range fields {
		if len(f.SelectionSet) > 0 {
			sets = append(sets, f.SelectionSet)
		}
	}
	return sets
}

func (m *merger) shapes(g groups, path string) {
	for _, name := range g.names {
		fields := g.fields[name]
		for _, f := range fields[1:] {
			if m.stop() {
				return
			}
			if a, b, ok := m.sameShape(fields[0], f); !ok {
				m.conflict(path+name, fields[0], f, fmt.Sprintf("they return conflicting types %q and %q", a, b))
				break
			}
		}
		if !m.stop() && m.once('t', fields) {
			m.shapes(m.flatten(children(fields)), path+name+".")
		}
	}
}

func (m *merger) sameness(g groups, path string) {
	for _, name := range g.names {
		for _, fields := range m.meeting(g.fields[name]) {
			for _, f := range fields[1:] {
				if m.stop() {
					return
				}
				if fields[0].Name != f.Name {
					m.conflict(path+name, fields[0], f, fmt.Sprintf("%q and %q are different fields", fields[0].Name, f.Name))
					break
				}
				if m.arguments(fields[0]) != m.arguments(f) {
					m.conflict(path+name, fields[0], f, "they have differing arguments")
					break
				}
			}
			if !m.stop() && m.once('s', fields) {
				m.sameness(m.flatten(children(fields)), path+name+".")
			}
		}
	}
}

// meeting splits fields into the sets that may meet on one object: those of each object type with those of all
// interfaces and unions.
func (m *merger) meeting(fields []*ast.Field) [][]*ast.Field {
	var objects []string
	concrete := map[string]bool{}
	for _, f := range fields {
		if p := f.ObjectDefinition; p != nil && p.Kind == ast.Object && !concrete[p.Name] {
			concrete[p.Name] = true
			objects = append(objects, p.Name)
		}
	}
	if len(objects) < 2 {
		return [][]*ast.Field{fields}
	}
	m.work += len(objects) * len(fields)
	m.spent = m.spent || m.work > m.door.limits.ValidationWork
	var sets [][]*ast.Field
	for _, o := range objects {
		if m.spent {
			break
		}
		var set []*ast.Field
		for _, f := range fields {
			if p := f.ObjectDefinition; p == nil || p.Kind != ast.Object || p.Name == o {
				set = append(set, f)
			}
		}
		sets = append(sets, set)
	}
	return sets
}

func (m *merger) conflict(path string, a, b *ast.Field, why string) {
	if m.told[[2]*ast.Field{a, b}] {
		return
	}
	m.told[[2]*ast.Field{a, b}] = true
	m.errs = append(m.errs, newError(CodeValidation, fmt.Sprintf(
		"Fields %q conflict because %s. Use different aliases on the fields to fetch both if this was intentional.", path, why),
		at(a.Position), at(b.Position)))
}

// arguments returns a text that is the same for two fields exactly if their arguments are.
func (m *merger) arguments(f *ast.Field) string {
	if len(f.Arguments) == 0 {
		return ""
	}
	if s, ok := m.args[f]; ok {
		return s
	}
	parts := make([]string, len(f.Arguments))
	for i, a := range f.Arguments {
		parts[i] = a.Name + ":" + canonical(a.Value)
	}
	slices.Sort(parts)
	s := strings.Join(parts, ",")
	m.args[f] = s
	return s
}

// canonical prints a value with the fields of its objects sorted; their order has no meaning.
func canonical(v *ast.Value) string {
	switch v.Kind {
	case ast.ObjectValue, ast.ListValue:
		parts := make([]string, len(v.Children))
		for i, child := range v.Children {
			parts[i] = child.Name + ":" + canonical(child.Value)
		}
		if v.Kind == ast.ListValue {
			return "[" + strings.Join(parts, ",") + "]"
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ",") + "}"
	default:
		return v.String()
	}
}

func (m *merger) sameShape(a, b *ast.Field) (string, string, bool) {
	if a.Definition == nil || b.Definition == nil {
		return "", "", true
	}
	ta, tb := a.Definition.Type, b.Definition.Type
	sa, sb := ta.String(), tb.String()
	if sa == sb {
		return sa, sb, true
	}
	for {
		if ta.NonNull != tb.NonNull || (ta.Elem == nil) != (tb.Elem == nil) {
			return sa, sb, false
		}
		if ta.Elem == nil {
			break
		}
		ta, tb = ta.Elem, tb.Elem
	}
	if ta.NamedType == tb.NamedType {
		return sa, sb, true
	}
	da, db := m.door.ast.Types[ta.NamedType], m.door.ast.Types[tb.NamedType]
	return sa, sb, da != nil && db != nil && da.IsCompositeType() && db.IsCompositeType()
}
