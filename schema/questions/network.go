package questions

import (
	"strconv"

	"github.com/graphql-go/graphql"

	"entangle/queries"
	"entangle/schema/typed"
)

// newNetworkState makes the type of how far the bare network has come apart.
func newNetworkState(amount *graphql.Object) *graphql.Object {
	type (
		state = queries.NetworkState
		away  = queries.DistanceState
	)
	distance := graphql.NewObject(graphql.ObjectConfig{
		Name:        "DistanceFragmentation",
		Description: "Borgatti's DF: 1 minus the mean of 1/distance over pairs of nodes, where 1/distance is 0 for pairs that cannot reach each other.",
		Fields: graphql.Fields{
			"residual": typed.Field(typed.Required(amount), "DF among the nodes that are left.", func(d away) any { return d.Residual }),
			"original": typed.Field(typed.Required(amount), "The same over all nodes that there were: lost nodes count as isolated.", func(d away) any { return d.Original }),
			"seed":     typed.Field(typed.Required(graphql.String), "Seed of the draw of those nodes; 0 where they were all.", func(d away) any { return strconv.FormatUint(d.Seed, 10) }),
			"sources":  typed.Field(typed.Required(graphql.Int), "From how many nodes distances were counted.", func(d away) any { return d.Sources }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "NetworkState",
		Description: "How fragmented the network is. Ties count whatever their direction and confidence.",
		Fields: graphql.Fields{
			"nodes":      typed.Field(typed.Required(graphql.Int), "How many nodes are left.", func(s state) any { return s.Nodes }),
			"components": typed.Field(typed.Required(graphql.Int), "Into how many components they fall.", func(s state) any { return s.Components }),
			"largest":    typed.Field(typed.Required(graphql.Int), "How many of them the largest has.", func(s state) any { return s.Largest }),
			"residual":   typed.Field(typed.Required(graphql.Float), "Borgatti's F among the nodes that are left: the share of pairs that cannot reach each other.", func(s state) any { return s.Residual }),
			"original":   typed.Field(typed.Required(graphql.Float), "The same over all nodes that there were: lost nodes count as isolated.", func(s state) any { return s.Original }),
			"distance": typed.Field(distance, "DF; null if it was not computed, because the network is large or because the question does not include it.", func(s state) any {
				if s.Distance.Sources == 0 {
					return nil
				}
				return s.Distance
			}),
		},
	})
}

// newNetworkChange makes the type of the network before and after a purge.
func (b *builder) newNetworkChange() *graphql.Object {
	type change = *queries.NetworkChange
	return graphql.NewObject(graphql.ObjectConfig{
		Name: "NetworkChange",
		Description: "The bare network of persons, groups, posts and institutions before a purge and without those it strikes, for comparison with other work on key players. " +
			"It is not the model of a purge: nobody responds, and every claim that stands counts as certain.",
		Fields: graphql.Fields{
			"removed": typed.Field(typed.Required(graphql.Int), "How many persons and groups the purge strikes by any claim that stands, however unsure.", func(c change) any { return c.Removed }),
			"before":  typed.Field(typed.Required(b.report.network), "The network as it is.", func(c change) any { return c.Before }),
			"after":   typed.Field(typed.Required(b.report.network), "Without them.", func(c change) any { return c.After }),
		},
	})
}
