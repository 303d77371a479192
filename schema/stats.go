package schema

import (
	"context"
	"time"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/typed"
)

// stats are the counts of a view with the rows they are listed by.
type stats struct {
	session *session
	counts  graph.Counts
	// adoption is how far the store has come with what others wrote, nil where there is nothing
	// to be told of that, or not to the caller.
	adoption *graph.Adoption
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
			Type: typed.Required(graphql.String), Description: "Names the state of the data that this answer was read from: equal versions, equal data.",
			Resolve: withSession(func(_ context.Context, s *session, _ any, _ map[string]any) (any, error) {
				return string(s.view.Version()), nil
			}),
		},
		"stats": &graphql.Field{
			Type: typed.Required(b.newStats()), Description: "How much there is, as far as the caller may see.",
			Resolve: withSession(func(ctx context.Context, s *session, _ any, _ map[string]any) (any, error) {
				counts, err := s.view.Counts(ctx)
				return stats{session: s, counts: counts, adoption: b.adoption(s.clearance)}, err
			}),
		},
	}
}

// adoption is told to those only from whom nothing is hidden: it counts what they may see and
// what they may not.
func (b *builder) adoption(clearance graph.Marking) *graph.Adoption {
	a, ok := b.cfg.Store.(graph.Adopting)
	if !ok || clearance < graph.Red {
		return nil
	}
	now := a.Adoption()
	return &now
}

func (b *builder) newStats() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Stats",
		Description: "How much data there is.",
		Fields: graphql.Fields{
			"nodes": typed.Field(typed.Required(graphql.Int), "Number of nodes.", func(s stats) any {
				n, _ := s.counts.Total()
				return n
			}),
			"ties": typed.Field(typed.Required(graphql.Int), "Number of ties, rejected ones included.", func(s stats) any {
				_, n := s.counts.Total()
				return n
			}),
			"byKind": typed.Field(typed.List(b.newKindCount()), "Nodes by kind, every kind listed.", func(s stats) any {
				var out []kindCount
				for _, row := range b.kinds {
					out = append(out, kindCount{row.Kind, s.counts.Nodes[row.Kind]})
				}
				return out
			}),
			"byType": typed.Field(typed.List(b.newTypeCount()), "Ties by type, every type listed.", func(s stats) any {
				var out []typeCount
				for _, row := range b.ties {
					out = append(out, typeCount{row.Type, s.counts.Ties[row.Type]})
				}
				return out
			}),
			"pending": typed.Field(graphql.Int, "Nodes and ties that others wrote and that are not taken in yet, as far as the store knows: look-ups find them, lists, searches and counts do not. Null for a store that nobody else writes to, and for a clearance below RED.", func(s stats) any {
				if s.adoption == nil {
					return nil
				}
				return s.adoption.Pending
			}),
			"sweepAge": typed.Field(graphql.Int, "Seconds since the store last ended a look at everything, which finds what others wrote and nobody has met. Null before the first, and where pending is null.", func(s stats) any {
				if s.adoption == nil || s.adoption.Swept.IsZero() || b.cfg.Clock == nil {
					return nil
				}
				return int(b.cfg.Clock().Sub(s.adoption.Swept) / time.Second)
			}),
			"loads": &graphql.Field{
				Type: typed.List(b.load), Description: "The loads that brought the data.",
				Resolve: typed.Resolve(func(p graphql.ResolveParams, s stats) (any, error) { return s.session.view.Loads(p.Context) }),
			},
		},
	})
}

func (b *builder) newKindCount() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "KindCount",
		Description: "Number of nodes of a kind.",
		Fields: graphql.Fields{
			"kind":  typed.Field(typed.Required(b.enums.kind), "The kind.", func(c kindCount) any { return c.kind }),
			"count": typed.Field(typed.Required(graphql.Int), "How many.", func(c kindCount) any { return c.count }),
		},
	})
}

func (b *builder) newTypeCount() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "TieTypeCount",
		Description: "Number of ties of a type.",
		Fields: graphql.Fields{
			"type":  typed.Field(typed.Required(b.enums.tieType), "The type.", func(c typeCount) any { return c.typ }),
			"count": typed.Field(typed.Required(graphql.Int), "How many.", func(c typeCount) any { return c.count }),
		},
	})
}
