package questions

import (
	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/typed"
)

// newStake makes the type that says what a purge takes from a group.
func (b *builder) newStake(amount *graphql.Object) *graphql.Object {
	loss := graphql.NewObject(graphql.ObjectConfig{
		Name:        "StakeLoss",
		Description: "What there is before a purge and what of it is lost: means over the worlds.",
		Fields: graphql.Fields{
			"before": typed.Field(typed.Required(amount), "What there is on record.", func(l queries.Loss) any { return l.Before }),
			"lost":   typed.Field(typed.Required(amount), "What of it is lost.", func(l queries.Loss) any { return l.Lost }),
		},
	})
	of := func(help string, what func(s queries.Stake) *queries.Loss) *graphql.Field {
		return typed.Field(loss, help+" Null if there is none on record.", func(s queries.Stake) any { return maybe(what(s)) })
	}
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Stake",
		Description: "What one group has on record, and what a purge takes of it.",
		Fields: graphql.Fields{
			"group":    entityField(b, b.Entity, "The group.", func(s queries.Stake) graph.ID { return s.ID }),
			"members":  of("Its members.", func(s queries.Stake) *queries.Loss { return s.Members }),
			"posts":    of("The posts that its members hold.", func(s queries.Stake) *queries.Loss { return s.Posts }),
			"strength": of("The strength of the institutions that it controls, in persons, by its share of each.", func(s queries.Stake) *queries.Loss { return s.Strength }),
			"streams":  of("The revenue streams that it controls, by its share of each, and those that fund it, whole.", func(s queries.Stake) *queries.Loss { return s.Streams }),
			"diverted": of("The part of the streams that it diverts. What of it is lost can come back to those whom the streams are due to: a gain that no figure of an institution has. Nothing comes back of a stream that is cut.", func(s queries.Stake) *queries.Loss { return s.Diverted }),
		},
	})
}

// stakesField lists the stakes of a purge.
func stakesField[S any](b *builder, stakes func(S) []queries.Stake) *graphql.Field {
	return typed.Field(typed.List(b.report.stake), "What the groups have that are struck, that hold a stream that is cut or that are enrolled in an institution that is disbanded, and what the purge takes of it; of two purges that are compared, the groups of either. By key.",
		func(s S) any { return stakes(s) })
}
