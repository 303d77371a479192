package exec

import (
	"context"
	"runtime/debug"

	"github.com/graphql-go/graphql"
)

// Each is how a field is resolved whose value depends on its source alone. A resolver may return it in place of a value where
// Levels says so: it is called for all objects from then on, in all requests, and the resolver no more.
type Each func(source any) (any, error)

// Level is how a field is resolved of all objects of a level at once. A resolver may return it in place of a value where
// Levels says so. It writes the value of each source to its place in out, a *Failure for an error, and may return what is to
// be done once all fields of the level were asked for: what is read with others is written then. An error is that of all
// sources. A resolver that has returned one is not told the path of its field any more.
type Level func(ctx context.Context, sources, out []any) (later func() error, err error)

// Failure is the error of one source in a Level.
type Failure struct{ Err error }

// List is a list as a Level may return it: a pointer to it needs no allocation of its own.
type List []any

type levelKey struct{}

// Levels reports whether a resolver may return an Each or a Level; ctx is ResolveParams.Context.
func Levels(ctx context.Context) bool {
	return ctx != nil && ctx.Value(levelKey{}) != nil
}

// later is a field of a level of which the values are still to come.
type later struct {
	g      *group
	out    []any
	finish func() error
}

// call calls a resolver; a panic becomes an error, which fail masks and logs.
func call(resolve graphql.FieldResolveFn, p graphql.ResolveParams) (v any, err error) {
	defer func() {
		if r := recover(); r != nil {
			v, err = nil, &panicked{value: r, stack: debug.Stack()}
		}
	}()
	return resolve(p)
}

// each resolves a field of the objects of a group from one of them on. A panic is the error of its object: the next one is
// the turn of another call.
func (x *execution) each(ctx context.Context, g *group, slot int, f *field, from int, resolve Each) {
	for from < len(g.nodes) {
		from = x.eachFrom(ctx, g, slot, f, from, resolve)
	}
}

func (x *execution) eachFrom(ctx context.Context, g *group, slot int, f *field, i int, resolve Each) (next int) {
	calling := false
	defer func() {
		if !calling {
			return
		}
		if r := recover(); r != nil {
			x.fail(ctx, g.nodes[i], slot, f.def.t, f, &panicked{value: r, stack: debug.Stack()})
			next = i + 1
		}
	}()
	for ; i < len(g.nodes); i++ {
		if !x.turn(ctx) {
			return len(g.nodes)
		}
		nd := g.nodes[i]
		if x.gone(nd) {
			continue
		}
		calling = true
		v, err := resolve(g.srcs[i])
		calling = false
		if err != nil {
			x.fail(ctx, nd, slot, f.def.t, f, err)
			continue
		}
		x.complete(ctx, nd, slot, f.def.t, f, v)
	}
	return i
}

// resolveLevel resolves a field of all objects of a group at once, from one of them on.
func (x *execution) resolveLevel(ctx context.Context, within *resolving, g *group, slot int, f *field, from int, resolve Level) {
	if from > 0 {
		g = &group{sel: g.sel, nodes: g.nodes[from:], srcs: g.srcs[from:]}
	}
	f.def.inLevels.Store(true)
	x.calls += len(g.nodes)
	out := x.arena.slots(len(g.nodes))
	finish, err := guarded(func() (func() error, error) { return resolve(within, g.srcs, out) }) //nolint:contextcheck // within is made of it
	switch {
	case err != nil:
		x.failAll(ctx, g, slot, f, err)
	case finish != nil:
		x.pending = append(x.pending, pending{field: f, slot: slot, later: &later{g: g, out: out, finish: finish}})
	default:
		x.completeLevel(ctx, g, slot, f, out)
	}
}

// finish is the second half of a Level.
func (x *execution) finish(ctx context.Context, p pending) {
	l := p.later
	if _, err := guarded(func() (struct{}, error) { return struct{}{}, l.finish() }); err != nil {
		x.failAll(ctx, l.g, p.slot, p.field, err)
		return
	}
	x.completeLevel(ctx, l.g, p.slot, p.field, l.out)
}

func (x *execution) completeLevel(ctx context.Context, g *group, slot int, f *field, out []any) {
	for i, nd := range g.nodes {
		if i%checkEvery == 0 && !x.alive(ctx) || x.stopped {
			return
		}
		if x.gone(nd) {
			continue
		}
		if failed, ok := out[i].(*Failure); ok {
			x.fail(ctx, nd, slot, f.def.t, f, failed.Err)
			continue
		}
		x.complete(ctx, nd, slot, f.def.t, f, out[i])
	}
}

func (x *execution) failAll(ctx context.Context, g *group, slot int, f *field, err error) {
	for _, nd := range g.nodes {
		x.fail(ctx, nd, slot, f.def.t, f, err)
	}
}

func guarded[T any](call func() (T, error)) (v T, err error) {
	defer func() {
		if r := recover(); r != nil {
			var none T
			v, err = none, &panicked{value: r, stack: debug.Stack()}
		}
	}()
	return call()
}
