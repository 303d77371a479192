package exec

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/vektah/gqlparser/v2/ast"
)

// plan is what an operation asks of the objects that it has met so far, by their types. Where no variable decides which
// fields are asked for, all requests of a document share it; it is then worked out once.
type plan struct {
	door   *Door
	doc    *document
	root   *named
	vars   map[string]any // what @skip and @include are evaluated with, nil where the plan is shared
	shared bool

	top        *selection
	mu         sync.Mutex
	fields     int // made so far: the number of the next
	selections int
}

// selection is what is asked of an object of one type: its fields in document order.
type selection struct {
	no     int // in the plan
	obj    *named
	fields []*field
	weight int64 // JSON bytes of the keys and braces
}

// field is one response key of a selection, with all places of the document that ask for it.
type field struct {
	no     int // in the plan
	key    string
	keyAny any    // key, boxed once for response paths
	label  []byte // the key as JSON, with its colon
	nodes  []*ast.Field
	def    *fieldDef // nil for __typename

	// constant arguments are coerced once; those with variables are the execution's.
	constant bool
	args     map[string]any
	argErr   error
	still    bool // no argument below has a variable

	subs atomic.Pointer[[]*selection] // one for each object type met
	kept sync.Map                     // of resolvers
}

// planFields is how many fields the shared plan of a document may have: as many as its weight in the cache pays for.
func (d *document) planFields() int { return 8 + len(d.source)/4 }

// planFor returns the plan of an operation: the one that its document keeps, where that is the same for all requests.
func (d *Door) planFor(doc *document, op *ast.OperationDefinition, root *named, vars map[string]any) *plan {
	if doc.varying {
		return newPlan(&plan{door: d, doc: doc, root: root, vars: vars}, op)
	}
	doc.mu.Lock()
	defer doc.mu.Unlock()
	p := doc.plans[op]
	if p == nil {
		if doc.plans == nil {
			doc.plans = map[*ast.OperationDefinition]*plan{}
		}
		p = newPlan(&plan{door: d, doc: doc, root: root, shared: true}, op)
		doc.plans[op] = p
	}
	if p.size() > doc.planFields() {
		// Objects of very many types were met: requests pay for themselves from now on.
		return newPlan(&plan{door: d, doc: doc, root: root}, op)
	}
	return p
}

func newPlan(p *plan, op *ast.OperationDefinition) *plan {
	p.top = p.collect(p.root, op.SelectionSet)
	return p
}

func (p *plan) size() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fields
}

// collect is CollectFields of the specification, for some selection sets on one object type. The caller holds the lock.
func (p *plan) collect(obj *named, sets ...ast.SelectionSet) *selection {
	s := &selection{no: p.selections, obj: obj, weight: 2}
	p.selections++
	byKey := map[string]*field{}
	seen := map[string]bool{}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, sel := range set {
			switch sel := sel.(type) {
			case *ast.Field:
				if !included(sel.Directives, p.vars) {
					continue
				}
				if f := byKey[sel.Alias]; f != nil {
					f.nodes = append(f.nodes, sel)
					continue
				}
				f := p.newField(obj, sel)
				byKey[sel.Alias] = f
				s.fields = append(s.fields, f)
				s.weight += int64(len(f.label)) + 1
			case *ast.InlineFragment:
				if included(sel.Directives, p.vars) && (sel.TypeCondition == "" || obj.fits[sel.TypeCondition]) {
					walk(sel.SelectionSet)
				}
			case *ast.FragmentSpread:
				f := p.doc.fragments[sel.Name]
				if f != nil && !seen[sel.Name] && included(sel.Directives, p.vars) {
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
	if p.shared {
		for _, f := range s.fields {
			f.still = !slices.ContainsFunc(f.nodes, func(n *ast.Field) bool { return p.doc.variablesIn(n.SelectionSet, map[string]bool{}) })
		}
	}
	return s
}

func (p *plan) newField(obj *named, node *ast.Field) *field {
	f := &field{no: p.fields, key: node.Alias, keyAny: node.Alias, nodes: []*ast.Field{node}}
	p.fields++
	f.label = append(appendString(nil, node.Alias), ':')
	if node.Name == "__typename" {
		return f
	}
	f.def = obj.fields[node.Name]
	if obj == p.root && isIntrospection(node.Name) {
		f.def = p.door.meta[node.Name]
	}
	if f.constant = !variableArguments(node.Arguments); f.constant {
		f.args, f.argErr = (&coercion{}).arguments(f.def.args, node.Arguments)
	}
	return f
}

// sub returns the selection of the field on an object type.
func (p *plan) sub(f *field, obj *named) *selection {
	if s := f.subOn(obj); s != nil {
		return s
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := f.subOn(obj); s != nil { // another request was faster
		return s
	}
	sets := make([]ast.SelectionSet, len(f.nodes))
	for i, n := range f.nodes {
		sets[i] = n.SelectionSet
	}
	s := p.collect(obj, sets...)
	subs := []*selection{s}
	if known := f.subs.Load(); known != nil {
		subs = append(slices.Clone(*known), s)
	}
	f.subs.Store(&subs)
	return s
}

func (f *field) subOn(obj *named) *selection {
	if subs := f.subs.Load(); subs != nil {
		for _, s := range *subs {
			if s.obj == obj {
				return s
			}
		}
	}
	return nil
}

// argsOf returns the arguments of a field, the same map for all objects of it.
func (x *execution) argsOf(f *field) (map[string]any, error) {
	if f.constant {
		return f.args, f.argErr
	}
	for len(x.args) <= f.no {
		x.args = append(x.args, coerced{})
	}
	a := &x.args[f.no]
	if !a.done {
		a.done = true
		a.args, a.err = (&coercion{vars: x.vars}).arguments(f.def.args, f.nodes[0].Arguments)
	}
	return a.args, a.err
}

// coerced are the arguments of a field in one execution.
type coerced struct {
	done bool
	args map[string]any
	err  error
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

// variableArguments reports whether an argument has a variable in it.
func variableArguments(args ast.ArgumentList) bool {
	return slices.ContainsFunc(args, func(a *ast.Argument) bool { return hasVariable(a.Value) })
}

// variablesIn reports whether a field of a selection set, or one below it, has a variable among its arguments.
func (d *document) variablesIn(set ast.SelectionSet, seen map[string]bool) bool {
	return slices.ContainsFunc(set, func(sel ast.Selection) bool {
		switch sel := sel.(type) {
		case *ast.Field:
			return variableArguments(sel.Arguments) || d.variablesIn(sel.SelectionSet, seen)
		case *ast.InlineFragment:
			return d.variablesIn(sel.SelectionSet, seen)
		case *ast.FragmentSpread:
			f := d.fragments[sel.Name]
			if f == nil || seen[sel.Name] {
				return false
			}
			seen[sel.Name] = true
			return d.variablesIn(f.SelectionSet, seen)
		}
		return false
	})
}

// variableDirectives reports whether a directive of a selection set has a variable: which fields are asked for may then
// differ from request to request.
func variableDirectives(set ast.SelectionSet) bool {
	in := func(dirs ast.DirectiveList) bool {
		return slices.ContainsFunc(dirs, func(d *ast.Directive) bool { return variableArguments(d.Arguments) })
	}
	return slices.ContainsFunc(set, func(sel ast.Selection) bool {
		switch sel := sel.(type) {
		case *ast.Field:
			return in(sel.Directives) || variableDirectives(sel.SelectionSet)
		case *ast.InlineFragment:
			return in(sel.Directives) || variableDirectives(sel.SelectionSet)
		case *ast.FragmentSpread:
			return in(sel.Directives)
		}
		return false
	})
}

// varies reports whether variables decide which fields the document asks for.
func (d *document) varies() bool {
	return slices.ContainsFunc(d.ast.Operations, func(op *ast.OperationDefinition) bool { return variableDirectives(op.SelectionSet) }) ||
		slices.ContainsFunc(d.ast.Fragments, func(f *ast.FragmentDefinition) bool { return variableDirectives(f.SelectionSet) })
}
