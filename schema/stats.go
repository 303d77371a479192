package schema

import (
	"context"

	"github.com/graphql-go/graphql"

	"entangle/graph"
)

// stats are the counts of a view with the rows they are listed by.
type stats struct {
	session *session
	counts  graph.Counts
}

type kindCount struct {
	kind  graph.Kind
	count int
}

type typeCount struct {
	typ   graph.TieType
	count int
}

// statsFields are the root fields about the data as a whole.
func (b *builder) statsFields() graphql.Fields {
	return graphql.Fields{
		"dataVersion": &graphql.Field{
			Type: required(graphql.String), Description: "Names the state of the data that this answer was read from: equal versions, equal data.",
			Resolve: withSession(func(_ context.Context, s *session, _ any, _ map[string]any) (any, error) {
				return string(s.view.Version()), nil
			}),
		},
		"stats": &graphql.Field{
			Type: required(b.newStats()), Description: "How much there is, as far as the caller may see.",
			Resolve: withSession(func(ctx context.Context, s *session, _ any, _ map[string]any) (any, error) {
				counts, err := s.view.Counts(ctx)
				return stats{session: s, counts: counts}, err
			}),
		},
	}
}

func (b *builder) newStats() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Stats",
		Description: "How much data there is.",
		Fields: graphql.Fields{
			"nodes": fieldOf(required(graphql.Int), "Number of nodes.", func(s stats) any {
				n, _ := s.counts.Total()
				return n
			}),
			"ties": fieldOf(required(graphql.Int), "Number of ties, rejected ones included.", func(s stats) any {
				_, n := s.counts.Total()
				return n
			}),
			"byKind": fieldOf(listOf(b.newKindCount()), "Nodes by kind, every kind listed.", func(s stats) any {
				var out []kindCount
				for _, row := range b.kinds {
					out = append(out, kindCount{row.Kind, s.counts.Nodes[row.Kind]})
				}
				return out
			}),
			"byType": fieldOf(listOf(b.newTypeCount()), "Ties by type, every type listed.", func(s stats) any {
				var out []typeCount
				for _, row := range b.ties {
					out = append(out, typeCount{row.Type, s.counts.Ties[row.Type]})
				}
				return out
			}),
			"loads": &graphql.Field{
				Type: listOf(b.load), Description: "The loads that brought the data.",
				Resolve: of(func(p graphql.ResolveParams, s stats) (any, error) { return s.session.view.Loads(p.Context) }),
			},
		},
	})
}

func (b *builder) newKindCount() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "KindCount",
		Description: "Number of nodes of a kind.",
		Fields: graphql.Fields{
			"kind":  fieldOf(required(b.enums.kind), "The kind.", func(c kindCount) any { return c.kind }),
			"count": fieldOf(required(graphql.Int), "How many.", func(c kindCount) any { return c.count }),
		},
	})
}

func (b *builder) newTypeCount() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "TieTypeCount",
		Description: "Number of ties of a type.",
		Fields: graphql.Fields{
			"type":  fieldOf(required(b.enums.tieType), "The type.", func(c typeCount) any { return c.typ }),
			"count": fieldOf(required(graphql.Int), "How many.", func(c typeCount) any { return c.count }),
		},
	})
}
