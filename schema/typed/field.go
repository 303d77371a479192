// Package typed makes types of graphql-go whose fields read Go values of a known
// type, and reads what arguments have in common. The types of the graph (package
// schema) and those of the questions (schema/questions) are made with it.
package typed

import (
	"fmt"
	"maps"

	"github.com/graphql-go/graphql"

	"entangle/schema/exec"
)

// Field makes a field that reads its source, which is an S.
func Field[S any](typ graphql.Output, help string, get func(S) any) *graphql.Field {
	each := exec.Each(func(source any) (any, error) {
		src, ok := source.(S)
		if !ok {
			return nil, fmt.Errorf("schema: a field of %T got a %T", src, source)
		}
		return get(src), nil
	})
	return &graphql.Field{
		Type: typ, Description: help,
		Resolve: func(p graphql.ResolveParams) (any, error) {
			if exec.Levels(p.Context) {
				return each, nil
			}
			src, err := source[S](p)
			if err != nil {
				return nil, err
			}
			return get(src), nil
		},
	}
}

// Resolve makes a resolver from a function of the source. Its errors are Shown.
func Resolve[S any](resolve func(graphql.ResolveParams, S) (any, error)) graphql.FieldResolveFn {
	return func(p graphql.ResolveParams) (any, error) {
		src, err := source[S](p)
		if err != nil {
			return nil, err
		}
		v, err := resolve(p, src)
		return v, Shown(err)
	}
}

// Within makes a resolver from a function of the source that works within something
// that the context carries, as find says. A root field has no source: its S is any.
func Within[W, S any](find func(graphql.ResolveParams) (W, error), resolve func(graphql.ResolveParams, W, S) (any, error)) graphql.FieldResolveFn {
	return func(p graphql.ResolveParams) (any, error) {
		w, err := find(p)
		if err != nil {
			return nil, err
		}
		var src S
		if p.Source != nil {
			if src, err = source[S](p); err != nil {
				return nil, err
			}
		}
		v, err := resolve(p, w, src)
		return v, Shown(err)
	}
}

func source[S any](p graphql.ResolveParams) (S, error) {
	src, ok := p.Source.(S)
	if !ok {
		return src, fmt.Errorf("schema: field %s got a %T", p.Info.FieldName, p.Source)
	}
	return src, nil
}

// Required is the type without null.
func Required(t graphql.Type) graphql.Type { return graphql.NewNonNull(t) }

// List is the type of lists of items, none of them null.
func List(item graphql.Type) graphql.Type {
	return graphql.NewNonNull(graphql.NewList(graphql.NewNonNull(item)))
}

// TextOrNull is null for no text.
func TextOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Value is a value of an enumeration: its name in GraphQL, what it is in Go, and what
// it means.
type Value struct {
	Name string
	Go   any
	Help string
}

// Enum makes an enumeration.
func Enum(name, help string, values []Value) *graphql.Enum {
	m := graphql.EnumValueConfigMap{}
	for _, v := range values {
		m[v.Name] = &graphql.EnumValueConfig{Value: v.Go, Description: v.Help}
	}
	return graphql.NewEnum(graphql.EnumConfig{Name: name, Description: help, Values: m})
}

// Args joins sets of arguments.
func Args(sets ...graphql.FieldConfigArgument) graphql.FieldConfigArgument {
	out := graphql.FieldConfigArgument{}
	for _, set := range sets {
		maps.Copy(out, set)
	}
	return out
}
