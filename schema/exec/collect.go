package exec

import (
	"context"
	"slices"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

// Selection tells a resolver which fields are asked of what it returns.
type Selection struct {
	doc   *document
	vars  map[string]any
	nodes []*ast.Field
	at    *field // nil for what At returned
	run   *execution
}

type selectionKey struct{}

// resolving is the context of a resolver: it tells what is selected, without an allocation for each thing told.
type resolving struct {
	context.Context //nolint:containedctx // it is one
	sel             Selection
}

func (r *resolving) Value(key any) any {
	switch key.(type) {
	case selectionKey:
		return &r.sel
	case levelKey:
		return true
	}
	return r.Context.Value(key)
}

// Selected returns the selection of the field that is being resolved; ctx is ResolveParams.Context. Names are those of
// the schema, not aliases; fields under any type condition count, those that @skip or @include leave out do not.
func Selected(ctx context.Context) Selection {
	if s, ok := ctx.Value(selectionKey{}).(*Selection); ok {
		return *s
	}
	return Selection{}
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
	fields := s.run.plan.sub(s.at, obj).fields
	out := make([]Asked, 0, len(fields))
	for _, f := range fields {
		if f.def == nil {
			continue
		}
		if args, err := s.run.argsOf(f); err == nil {
			out = append(out, Asked{f.def.name, args, s.run.selected(f)})
		}
	}
	return out
}

// Kept is where a resolver keeps what it worked out from what is selected below the field and, where own, from the field's
// arguments too; nil where that may differ from one request of the document to the next. What is kept is shared by them.
func (s Selection) Kept(own bool) *sync.Map {
	if s.at == nil || !s.run.plan.shared || !s.at.still || own && !s.at.constant {
		return nil
	}
	return &s.at.kept
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
