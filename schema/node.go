package schema

import (
	"context"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/typed"
)

// newNode makes Relay's interface of everything with a global id.
func (b *builder) newNode() *graphql.Interface {
	return graphql.NewInterface(graphql.InterfaceConfig{
		Name:        "Node",
		Description: "Anything with a global id: nodes of every kind, and ties.",
		Fields: graphql.Fields{
			"id": &graphql.Field{Type: typed.Required(graphql.ID), Description: "Global id, stable across reloads and stores."},
		},
		ResolveType: func(p graphql.ResolveTypeParams) *graphql.Object { return b.typeOf(p.Value) },
	})
}

// nodeFields are the root fields that find things by what names them.
func (b *builder) nodeFields() graphql.Fields {
	id := &graphql.ArgumentConfig{Type: typed.Required(graphql.ID), Description: "Global id, as a field id gives it."}
	return graphql.Fields{
		"node": &graphql.Field{
			Type: b.node, Description: "The node or tie with a global id, null where there is none.",
			Args: graphql.FieldConfigArgument{"id": id},
			Resolve: withSession(func(ctx context.Context, s *session, _ any, args map[string]any) (any, error) {
				id := args["id"].(string)
				b.lookAhead(ctx, s, id)
				return s.global(ctx, id)
			}),
		},
		"nodes": &graphql.Field{
			Type:        typed.Required(graphql.NewList(b.node)),
			Description: "The nodes and ties with these global ids, in the order asked for; null where there is none.",
			Args: graphql.FieldConfigArgument{
				"ids": &graphql.ArgumentConfig{Type: typed.List(graphql.ID), Description: "Global ids."},
			},
			Resolve: withSession(func(ctx context.Context, s *session, _ any, args map[string]any) (any, error) {
				ids := args["ids"].([]any)
				if len(ids) > b.cfg.MaxPage {
					return nil, typed.BadInput("ids: %d ids; at most %d at once", len(ids), b.cfg.MaxPage)
				}
				b.lookAhead(ctx, s, ids...)
				out := make([]any, len(ids))
				for i, id := range ids {
					found, err := s.global(ctx, id.(string))
					if err != nil {
						return nil, err
					}
					out[i] = found
				}
				return out, nil
			}),
		},
		"entity": &graphql.Field{
			Type:        b.entity,
			Description: "The node that a reference of the data names: its key or one of its aliases (wikidata:Q123); null where there is none.",
			Args: graphql.FieldConfigArgument{
				"ref": &graphql.ArgumentConfig{Type: typed.Required(graphql.String), Description: "Key or alias."},
			},
			Resolve: withSession(func(ctx context.Context, s *session, _ any, args map[string]any) (any, error) {
				ref := args["ref"].(string)
				found, err := s.view.Resolve(ctx, []string{ref})
				if err != nil {
					return nil, err
				}
				if id, ok := found[ref]; ok {
					return s.nodes.Load(ctx, id), nil
				}
				return nil, nil
			}),
		},
	}
}

// global returns the thunk of what a global id names. An id of the wrong kind
// names nothing.
func (s *session) global(ctx context.Context, id string) (thunk, error) {
	typ, key, err := ParseGlobalID(id)
	if err != nil {
		return nil, err
	}
	if typ == tieTypeName {
		return s.ties.Load(ctx, key), nil
	}
	return s.nodes.LoadThen(ctx, key, func(n *graph.Node, found bool) (any, error) {
		if !found || n.Kind.String() != typ {
			return nil, nil
		}
		return n, nil
	}), nil
}
