package exec

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/graphql-go/graphql"
)

// complete puts a resolved value into its slot: leaves are checked and kept, objects wait for the next level.
func (x *execution) complete(ctx context.Context, at *node, slot int, t *typ, f *field, v any) {
	if x.stopped {
		return
	}
	if thunk, ok := v.(func() (any, error)); ok {
		x.pending = append(x.pending, pending{at: at, slot: slot, t: t, field: f, thunk: thunk})
		return
	}
	if isNil(v) {
		if t.nonNull {
			x.fail(ctx, at, slot, t, f, &nullError{parent: f.def.parent.name, field: f.def.name})
			return
		}
		x.grow(4)
		return
	}
	var err error
	switch t.kind {
	case kindScalar, kindEnum:
		var size int
		if at.vals[slot], size, err = leafOf(t.named, v); err == nil {
			x.grow(int64(size))
		}
	case kindList:
		err = x.list(ctx, at, slot, t, f, v)
	case kindObject:
		err = x.object(ctx, at, slot, t, f, t.named, v)
	default:
		var obj *named
		if obj, err = x.runtimeType(ctx, t.named, f, v); err == nil {
			err = x.object(ctx, at, slot, t, f, obj, v)
		}
	}
	if err != nil {
		x.fail(ctx, at, slot, t, f, err)
	}
}

// isNil reports nil and typed nil pointers. A nil slice is an empty list.
func isNil(v any) bool {
	switch v.(type) {
	case nil:
		return true
	case string, int, float64, bool, map[string]any, []any:
		return false
	}
	switch v := v.(type) {
	case *string:
		return v == nil
	case *List:
		return v == nil
	}
	rv := reflect.ValueOf(v)
	return rv.Kind() == reflect.Pointer && rv.IsNil()
}

func (x *execution) list(ctx context.Context, at *node, slot int, t *typ, f *field, v any) error {
	n := x.node(at, slot, t)
	items, ok := v.([]any)
	if list, named := v.(*List); named {
		items, ok = *list, true
	}
	if ok {
		n.vals = x.arena.slots(len(items))
		at.vals[slot] = n
		x.grow(int64(2 + len(items)))
		for i, item := range items {
			if !x.item(ctx, n, i, t.elem, f, item) {
				return nil
			}
		}
		return nil
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer {
		rv = rv.Elem()
	}
	if rv.Kind() != reflect.Slice && rv.Kind() != reflect.Array {
		return fmt.Errorf("field %s.%s must be a list, its resolver returned %T", f.def.parent.name, f.def.name, v)
	}
	n.vals = x.arena.slots(rv.Len())
	at.vals[slot] = n
	x.grow(int64(2 + rv.Len()))
	for i := range rv.Len() {
		if !x.item(ctx, n, i, t.elem, f, rv.Index(i).Interface()) {
			return nil
		}
	}
	return nil
}

func (x *execution) item(ctx context.Context, list *node, i int, t *typ, f *field, v any) bool {
	if i%checkEvery == 0 && !x.alive(ctx) {
		return false
	}
	x.complete(ctx, list, i, t, f, v)
	return !x.stopped && !list.dead
}

// object makes a node and queues it, with its source, for the next level.
func (x *execution) object(ctx context.Context, at *node, slot int, t *typ, f *field, obj *named, v any) error {
	if check := obj.object.IsTypeOf; check != nil {
		ok, err := guard(func() (any, error) {
			return check(graphql.IsTypeOfParams{Value: v, Info: x.info(f.def.parent, f), Context: ctx}), nil
		})
		if err != nil {
			return err
		}
		if ok != true {
			return fmt.Errorf("expected a value of type %s, got %T", obj.name, v)
		}
	}
	if x.objects++; x.objects > x.door.limits.Objects {
		x.stop(limitError("the answer has more than %d objects; ask for smaller pages (first) or fewer levels", x.door.limits.Objects))
		return nil
	}
	if obj.meta {
		if x.meta++; x.meta > x.door.limits.IntrospectionNodes {
			x.stop(limitError("introspection yields more than %d objects", x.door.limits.IntrospectionNodes))
			return nil
		}
	}
	sel := x.plan.sub(f, obj)
	n := x.node(at, slot, t)
	n.sel = sel
	at.vals[slot] = n
	x.grow(sel.weight)
	if x.stopped {
		return nil
	}
	g := x.group(sel)
	g.nodes = append(g.nodes, n)
	g.srcs = append(g.srcs, v)
	return nil
}

// group returns the objects of the next level that have a selection.
func (x *execution) group(sel *selection) *group {
	for len(x.groups) <= sel.no {
		x.groups = append(x.groups, nil)
	}
	g := x.groups[sel.no]
	if g == nil {
		g = x.arena.group()
		g.sel = sel
		x.groups[sel.no] = g
		x.next = append(x.next, g)
	}
	return g
}

func (x *execution) node(parent *node, slot int, t *typ) *node {
	n := x.arena.node()
	n.parent, n.index, n.nonNull = parent, int32(slot), t.nonNull
	return n
}

// runtimeType finds the object type of a value that is declared as interface or union.
func (x *execution) runtimeType(ctx context.Context, n *named, f *field, v any) (*named, error) {
	info := x.info(f.def.parent, f)
	found, err := guard(func() (any, error) {
		if n.resolve != nil {
			return n.resolve(graphql.ResolveTypeParams{Value: v, Info: info, Context: ctx}), nil
		}
		for _, m := range n.members {
			check := m.object.IsTypeOf
			if check != nil && check(graphql.IsTypeOfParams{Value: v, Info: info, Context: ctx}) {
				return m.object, nil
			}
		}
		return (*graphql.Object)(nil), nil
	})
	if err != nil {
		return nil, err
	}
	obj, _ := found.(*graphql.Object)
	if obj == nil {
		return nil, fmt.Errorf("no object type of %s fits a %T in field %s.%s", n.name, v, f.def.parent.name, f.def.name)
	}
	m := x.door.types[obj.Name()]
	if m == nil || !m.fits[n.name] {
		return nil, fmt.Errorf("%s is not a possible type of %s in field %s.%s", obj.Name(), n.name, f.def.parent.name, f.def.name)
	}
	return m, nil
}

// plain resolves a field without a resolver as graphql-go does: a FieldResolver, a struct's field by its name or its
// json or graphql tag, or a map's value. Which field of a struct fits is remembered.
func (def *fieldDef) plain(x *execution, g *group, i int, f *field, params graphql.ResolveParams) (any, error) {
	src := g.srcs[i]
	switch src := src.(type) {
	case nil:
		return nil, nil
	case map[string]any:
		v := src[def.name]
		if call, ok := v.(func() any); ok {
			return call(), nil
		}
		return v, nil
	case graphql.FieldResolver:
		params.Source, params.Info = src, x.info(g.sel.obj, f)
		params.Info.Path = &graphql.ResponsePath{Prev: g.nodes[i].responsePath(), Key: f.keyAny}
		return src.Resolve(params)
	}
	rv := reflect.ValueOf(src)
	if rv.Kind() == reflect.Pointer {
		rv = rv.Elem()
	}
	switch {
	case rv.Kind() == reflect.Struct:
		at, ok := def.structs.Load(rv.Type())
		if !ok {
			at = fieldIndex(rv.Type(), def.name)
			def.structs.Store(rv.Type(), at)
		}
		if at.(int) < 0 {
			return nil, nil
		}
		return rv.Field(at.(int)).Interface(), nil
	case rv.Kind() == reflect.Map && rv.Type().Key().Kind() == reflect.String:
		v := rv.MapIndex(reflect.ValueOf(def.name).Convert(rv.Type().Key()))
		if !v.IsValid() {
			return nil, nil
		}
		if call, ok := reflect.TypeAssert[func() any](v); ok {
			return call(), nil
		}
		return v.Interface(), nil
	}
	return nil, nil
}

func fieldIndex(t reflect.Type, name string) int {
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		if strings.EqualFold(f.Name, name) {
			return i
		}
		for _, tag := range []string{"json", "graphql"} {
			if first, _, _ := strings.Cut(f.Tag.Get(tag), ","); first == name {
				return i
			}
		}
	}
	return -1
}
