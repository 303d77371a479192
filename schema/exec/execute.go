package exec

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/graphql-go/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// checkEvery is how many resolver calls or list items pass between two looks at the context.
const checkEvery = 1024

// node is an object or a list of the response while it is built. A slot of vals holds nil, a leaf in Go form, or *node.
type node struct {
	parent  *node
	sel     *selection // nil for a list
	vals    []any
	path    *graphql.ResponsePath // of an object, once a resolver asked for it
	index   int32                 // slot in the parent
	nonNull bool                  // the slot may not be null
	dead    bool                  // became null because something in it did
}

// group holds the objects of one level that share a selection, with their sources.
type group struct {
	sel   *selection
	nodes []*node
	srcs  []any
}

// pending is a slot whose value waits for a thunk, or a field of a level that is to be finished.
type pending struct {
	at    *node
	slot  int
	t     *typ
	field *field
	thunk func() (any, error)
	later *later
}

type execution struct {
	door    *Door
	doc     *document
	vars    map[string]any
	plan    *plan
	args    []coerced // by the number of the field
	groups  []*group  // of the next level, by the number of the selection
	next    []*group
	pending []pending
	arena   *arena

	errs    []*Error
	omitted int
	killed  bool // some node is dead
	stopped bool // the whole answer is null: time or size ran out

	calls   int
	objects int
	meta    int // objects of the introspection system
	bytes   int64
}

// execute runs an operation and returns its data, nil if that is null.
func (x *execution) execute(ctx context.Context, op *ast.OperationDefinition) *node {
	sel := x.plan.top
	top := &node{sel: sel, nonNull: true}
	g := &group{sel: sel, nodes: []*node{top}, srcs: []any{nil}}
	x.bytes += sel.weight
	if op.Operation == ast.Mutation {
		// The root fields of a mutation run one after another, each with all that is selected below it.
		for i := range sel.fields {
			x.level(ctx, g, i, i+1)
		}
	} else {
		x.level(ctx, g, 0, len(sel.fields))
	}
	if top.dead || x.stopped {
		return nil
	}
	return top
}

// level resolves fields of a group, then all levels below them.
func (x *execution) level(ctx context.Context, g *group, from, to int) {
	x.resolve(ctx, g, from, to)
	x.flush(ctx)
	for len(x.next) > 0 && x.alive(ctx) {
		now := x.next
		x.next = x.arena.spareNext[:0]
		for _, g := range now {
			x.groups[g.sel.no] = nil
		}
		for _, g := range now {
			x.resolve(ctx, g, 0, len(g.sel.fields))
		}
		x.flush(ctx)
		x.arena.spareNext = now
	}
	clear(x.groups)
	x.next = nil
}

// flush calls the thunks of a level; those that return thunks again are called in a further round.
func (x *execution) flush(ctx context.Context) {
	for len(x.pending) > 0 {
		now := x.pending
		x.pending = x.arena.sparePending[:0]
		for i, p := range now {
			if i%checkEvery == 0 && !x.alive(ctx) {
				return
			}
			if p.later != nil {
				if !x.stopped {
					x.finish(ctx, p)
				}
				continue
			}
			if x.gone(p.at) {
				continue
			}
			v, err := guard(p.thunk)
			if err != nil {
				x.fail(ctx, p.at, p.slot, p.t, p.field, err)
				continue
			}
			x.complete(ctx, p.at, p.slot, p.t, p.field, v)
		}
		x.arena.sparePending = now
	}
}

// alive reports whether execution goes on; it ends with the context.
func (x *execution) alive(ctx context.Context) bool {
	if !x.stopped && ctx.Err() != nil {
		x.stop(newError(CodeTimeout, "the request ran out of time; ask for less or for a smaller page"))
	}
	return !x.stopped
}

// turn counts a call of a resolver and reports whether it may be made.
func (x *execution) turn(ctx context.Context) bool {
	x.calls++
	return !x.stopped && (x.calls%checkEvery != 0 || x.alive(ctx))
}

func (x *execution) stop(err *Error) {
	if !x.stopped {
		x.stopped = true
		x.errs = append(x.errs, err)
	}
	x.next, x.pending = nil, nil
}

// resolve calls the resolvers of fields [from, to) for all objects of a group.
func (x *execution) resolve(ctx context.Context, g *group, from, to int) {
	n := len(g.sel.fields)
	if g.nodes[0].vals == nil {
		slots := x.arena.slots(n * len(g.nodes))
		for i, nd := range g.nodes {
			nd.vals = slots[i*n : (i+1)*n : (i+1)*n]
		}
	}
	for i := from; i < to && x.alive(ctx); i++ {
		f := g.sel.fields[i]
		if f.def == nil {
			for _, nd := range g.nodes {
				nd.vals[i] = g.sel.obj.label
			}
			x.grow(int64(len(g.nodes) * (len(g.sel.obj.name) + 2)))
			continue
		}
		args, err := x.argsOf(f)
		switch {
		case err != nil:
			x.failAll(ctx, g, i, f, Errorf(CodeBadInput, "%w", err))
		case f.def.resolve == nil:
			x.resolvePlain(ctx, g, i, f, args)
		default:
			x.resolveField(ctx, g, i, f, args)
		}
	}
}

// resolvePlain resolves a field without a resolver.
func (x *execution) resolvePlain(ctx context.Context, g *group, slot int, f *field, args map[string]any) {
	params := graphql.ResolveParams{Args: args, Context: ctx}
	for i, nd := range g.nodes {
		if !x.turn(ctx) {
			return
		}
		if x.gone(nd) {
			continue
		}
		v, err := guard(func() (any, error) { return f.def.plain(x, g, i, f, params) })
		if err != nil {
			x.fail(ctx, nd, slot, f.def.t, f, err)
			continue
		}
		x.complete(ctx, nd, slot, f.def.t, f, v)
	}
}

func (x *execution) resolveField(ctx context.Context, g *group, slot int, f *field, args map[string]any) {
	if each := f.def.each.Load(); each != nil {
		x.each(ctx, g, slot, f, 0, *each)
		return
	}
	within := &resolving{Context: ctx}
	if !f.def.t.leaf() {
		within.sel = x.selected(f)
	}
	params := graphql.ResolveParams{Args: args, Context: within, Info: x.info(g.sel.obj, f)}
	for i, nd := range g.nodes {
		if !x.turn(ctx) {
			return
		}
		if x.gone(nd) {
			continue
		}
		params.Source = g.srcs[i]
		if !f.def.inLevels.Load() {
			params.Info.Path = &graphql.ResponsePath{Prev: nd.responsePath(), Key: f.keyAny}
		}
		v, err := call(f.def.resolve, params)
		if err != nil {
			x.fail(ctx, nd, slot, f.def.t, f, err)
			continue
		}
		switch v := v.(type) {
		case Each:
			f.def.each.Store(&v)
			x.each(ctx, g, slot, f, i, v)
			return
		case Level:
			x.resolveLevel(ctx, within, g, slot, f, i, v)
			return
		}
		x.complete(ctx, nd, slot, f.def.t, f, v)
	}
}

func (x *execution) info(obj *named, f *field) graphql.ResolveInfo {
	return graphql.ResolveInfo{
		FieldName:      f.def.name,
		ReturnType:     f.def.out,
		ParentType:     obj.object,
		Schema:         x.door.schema,
		VariableValues: x.vars,
	}
}

// panicked is what a recovered panic becomes.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// guard calls the code of a schema; a panic becomes an error, which fail masks and logs.
func guard(call func() (any, error)) (v any, err error) {
	defer func() {
		if r := recover(); r != nil {
			v, err = nil, &panicked{value: r, stack: debug.Stack()}
		}
	}()
	return call()
}

// gone reports whether a node or something around it has become null.
func (x *execution) gone(n *node) bool {
	if !x.killed {
		return false
	}
	for ; n != nil; n = n.parent {
		if n.dead {
			return true
		}
	}
	return false
}

// responsePath returns the path of an object or list; nil for the root.
func (n *node) responsePath() *graphql.ResponsePath {
	if n.parent == nil {
		return nil
	}
	if n.path == nil {
		n.path = &graphql.ResponsePath{Prev: n.parent.responsePath(), Key: n.parent.keyOf(int(n.index))}
	}
	return n.path
}

func (n *node) keyOf(slot int) any {
	if n.sel != nil {
		return n.sel.fields[slot].keyAny
	}
	return slot
}

// pathOf returns the path of a slot for an error.
func (n *node) pathOf(slot int) []any {
	var path []any
	for n != nil {
		path = append(path, n.keyOf(slot))
		slot, n = int(n.index), n.parent
	}
	for i, j := 0, len(path)-1; i < j; i, j = i+1, j-1 {
		path[i], path[j] = path[j], path[i]
	}
	return path
}

// fail records a field error and makes the slot null, and what is around it as far as null is not allowed.
func (x *execution) fail(ctx context.Context, at *node, slot int, t *typ, f *field, err error) {
	if x.stopped || x.gone(at) {
		return
	}
	x.report(ctx, at, slot, f, err)
	at.vals[slot] = nil
	x.grow(4)
	for nonNull := t.nonNull; nonNull; {
		at.dead, x.killed = true, true
		if at.parent == nil {
			return
		}
		nonNull = at.nonNull
		at.parent.vals[at.index] = nil
		at = at.parent
	}
}

func (x *execution) report(ctx context.Context, at *node, slot int, f *field, err error) {
	if len(x.errs) >= x.door.limits.FieldErrors {
		x.omitted++
		return
	}
	e, masked := x.door.public(ctx, err)
	e.Path = at.pathOf(slot)
	for _, n := range f.nodes {
		if e.Locations = append(e.Locations, Location{Line: n.Position.Line, Column: n.Position.Column}); len(e.Locations) == 10 {
			break
		}
	}
	x.errs = append(x.errs, e)
	if masked {
		attrs := []slog.Attr{slog.Any("errorId", e.Extensions["errorId"]), slog.Any("path", e.Path), slog.Any("error", err)}
		if p, ok := errors.AsType[*panicked](err); ok {
			attrs = append(attrs, slog.String("stack", string(p.stack)))
		}
		x.door.opts.Log.LogAttrs(ctx, slog.LevelError, "resolver failed", attrs...)
	}
}

// grow counts bytes of the answer and stops when it is too long.
func (x *execution) grow(n int64) {
	if x.bytes += n; x.bytes > x.door.limits.ResponseBytes && !x.stopped {
		x.stop(limitError("the answer is longer than %d bytes; ask for fewer fields or a smaller page", x.door.limits.ResponseBytes))
	}
}
