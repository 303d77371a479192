package exec

import (
	"context"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// selection is what is asked of an object of one type: its fields in document order.
type selection struct {
	obj    *named
	fields []*field
	weight int64  // JSON bytes of the keys and braces
	group  *group // objects waiting for the next level
}

// field is one response key of a selection, with all places of the document that ask for it.
type field struct {
	key    string
	keyAny any    // key, boxed once for response paths
	label  []byte // the key as JSON, with its colon
	nodes  []*ast.Field
	def    *fieldDef // nil for __typename
	args   map[string]any
	argErr error
	subs   []*selection // one for each object type met
}

// collect is CollectFields of the specification, for some selection sets on one object type.
func (x *execution) collect(obj *named, sets ...ast.SelectionSet) *selection {
	s := &selection{obj: obj, weight: 2}
	byKey := map[string]*field{}
	seen := map[string]bool{}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, sel := range set {
			switch sel := sel.(type) {
			case *ast.Field:
				if !included(sel.Directives, x.vars) {
					continue
				}
				if f := byKey[sel.Alias]; f != nil {
					f.nodes = append(f.nodes, sel)
					continue
				}
				f := x.newField(obj, sel)
				byKey[sel.Alias] = f
				s.fields = append(s.fields, f)
				s.weight += int64(len(f.label)) + 1
			case *ast.InlineFragment:
				if included(sel.Directives, x.vars) && (sel.TypeCondition == "" || obj.fits[sel.TypeCondition]) {
					walk(sel.SelectionSet)
				}
			case *ast.FragmentSpread:
				f := x.doc.fragments[sel.Name]
				if f != nil && !seen[sel.Name] && included(sel.Directives, x.vars) {
					seen[sel.Name] = true
					if obj.fits[f.TypeCondition] {
						walk(f.SelectionSet)
					}
				}
			}
		}
	}
	for _, set := range sets {
		walk(set)
	}
	return s
}

func (x *execution) newField(obj *named, node *ast.Field) *field {
	f := &field{key: node.Alias, keyAny: node.Alias, nodes: []*ast.Field{node}}
	f.label = append(appendString(nil, node.Alias), ':')
	if node.Name == "__typename" {
		return f
	}
	f.def = obj.fields[node.Name]
	if obj == x.root && isIntrospection(node.Name) {
		f.def = x.door.meta[node.Name]
	}
	f.args, f.argErr = (&coercion{vars: x.vars}).arguments(f.def.args, node.Arguments)
	return f
}

// sub returns the selection of the field on an object type.
func (x *execution) sub(f *field, obj *named) *selection {
	for _, s := range f.subs {
		if s.obj == obj {
			return s
		}
	}
	sets := make([]ast.SelectionSet, len(f.nodes))
	for i, n := range f.nodes {
		sets[i] = n.SelectionSet
	}
	s := x.collect(obj, sets...)
	f.subs = append(f.subs, s)
	return s
}

// included evaluates @skip and @include.
func included(dirs ast.DirectiveList, vars map[string]any) bool {
	for _, dir := range dirs {
		if dir.Name != "skip" && dir.Name != "include" {
			continue
		}
		arg := dir.Arguments.ForName("if")
		if arg == nil {
			continue
		}
		on := arg.Value.Raw == "true"
		if arg.Value.Kind == ast.Variable {
			on, _ = vars[arg.Value.Raw].(bool)
		}
		if on == (dir.Name == "skip") {
			return false
		}
	}
	return true
}

// Selection tells a resolver which fields are asked of what it returns.
type Selection struct {
	doc   *document
	vars  map[string]any
	nodes []*ast.Field
	at    *field // nil for what At returned
	run   *execution
}

type selectionKey struct{}

// Selected returns the selection of the field that is being resolved; ctx is ResolveParams.Context. Names are those of
// the schema, not aliases; fields under any type condition count, those that @skip or @include leave out do not.
func Selected(ctx context.Context) Selection {
	s, _ := ctx.Value(selectionKey{}).(Selection)
	return s
}

func (s Selection) children() []*ast.Field {
	var out []*ast.Field
	seen := map[string]bool{}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, sel := range set {
			switch sel := sel.(type) {
			case *ast.Field:
				if included(sel.Directives, s.vars) {
					out = append(out, sel)
				}
			case *ast.InlineFragment:
				if included(sel.Directives, s.vars) {
					walk(sel.SelectionSet)
				}
			case *ast.FragmentSpread:
				if f := s.doc.fragments[sel.Name]; f != nil && !seen[sel.Name] && included(sel.Directives, s.vars) {
					seen[sel.Name] = true
					walk(f.SelectionSet)
				}
			}
		}
	}
	for _, n := range s.nodes {
		walk(n.SelectionSet)
	}
	return out
}

// Names returns the selected field names, each once, in document order.
func (s Selection) Names() []string {
	var names []string
	for _, f := range s.children() {
		if !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

// Asked is a field that is asked of an object, with the arguments that its resolver will get: the same map.
type Asked struct {
	Name string
	Args map[string]any
	Selection
}

// On returns the fields that will be asked of an object of the type, should the field that is being resolved return one:
// those that apply to the type, in the order of the answer, without those whose arguments are wrong. It may be asked of
// what Selected and On return, not of what At does.
func (s Selection) On(object string) []Asked {
	if s.run == nil || s.at == nil {
		return nil
	}
	obj := s.run.door.types[object]
	if obj == nil || obj.kind != kindObject {
		return nil
	}
	fields := s.run.sub(s.at, obj).fields
	out := make([]Asked, 0, len(fields))
	for _, f := range fields {
		if f.def != nil && f.argErr == nil {
			out = append(out, Asked{f.def.name, f.args, s.run.selected(f)})
		}
	}
	return out
}

// selected is what a resolver of the field is told.
func (x *execution) selected(f *field) Selection {
	return Selection{doc: x.doc, vars: x.vars, nodes: f.nodes, at: f, run: x}
}

// At returns the selection of the field that path leads to; it is empty if the field is not selected.
func (s Selection) At(path ...string) Selection {
	for _, name := range path {
		kids := s.children()
		s.nodes = slices.DeleteFunc(kids, func(f *ast.Field) bool { return f.Name != name })
		s.at = nil
	}
	return s
}

// Has reports whether the field that path leads to is selected, as in Has("totalCount") or Has("edges", "node").
func (s Selection) Has(path ...string) bool { return len(s.At(path...).nodes) > 0 }

// Argument returns what an argument of the selected field is set to, once for each place of the document that sets it;
// the value is as the document or its variables have it, before defaults and coercion.
func (s Selection) Argument(name string) []any {
	var out []any
	for _, f := range s.nodes {
		if arg := f.Arguments.ForName(name); arg != nil {
			if v, err := arg.Value.Value(s.vars); err == nil && v != nil {
				out = append(out, v)
			}
		}
	}
	return out
}
