package schema

import (
	"context"
	"slices"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
)

// The items of a report's lists where first is left out.
const (
	reportPage = queries.DefaultFirst
	failedPage = 2
	causePage  = queries.DefaultEvidence
)

// newPurge makes the type of the answer.
func (b *builder) newPurge() *graphql.Object {
	likely := graphql.NewObject(graphql.ObjectConfig{
		Name:        "Likely",
		Description: "A node with the probability of what befalls it.",
		Fields: graphql.Fields{
			"node":   entityField(b.entity, "The node.", func(l queries.Likely) graph.ID { return l.ID }),
			"chance": fieldOf(required(b.report.estimate), "The probability.", func(l queries.Likely) any { return l.Chance }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Purge",
		Description: "What a purge would do. Every probability is conditional on the stated model and its parameters; intervals cover sampling error only.",
		Fields: graphql.Fields{
			"targets": &graphql.Field{
				Type: listOf(b.entity), Description: "What is struck.",
				Resolve: of(func(p graphql.ResolveParams, r *queries.PurgeReport) (any, error) {
					return refNodes(p.Context, r.Targets)
				}),
			},
			"network":          fieldOf(required(b.newNetworkChange()), "The bare network before and after.", func(r *queries.PurgeReport) any { return r.Network }),
			"defaults":         fieldOf(required(b.newDefaults()), "How much rests on ties whose confidence nobody stated and no grade gives.", func(r *queries.PurgeReport) any { return r.Defaults }),
			"basis":            fieldOf(required(b.report.basis.purge), "What the answer rests on: enough to repeat it.", func(r *queries.PurgeReport) any { return r.Basis }),
			"institutions":     b.outcomesField(),
			"institutionCount": fieldOf(required(graphql.Int), "How many institutions are told of: those touched in some world, those within reach that were in none of the worlds drawn, and those asked for by name.", func(r *queries.PurgeReport) any { return len(r.Institutions) }),
			"touchedCount":     fieldOf(required(graphql.Int), "How many of them are touched in some world.", func(r *queries.PurgeReport) any { return r.Touched }),
			"fractured":        fieldOf(required(b.report.spread), "The number of institutions fractured in a world.", func(r *queries.PurgeReport) any { return r.Fractured }),
			"none":             fieldOf(required(b.report.estimate), "The probability that none fractures.", func(r *queries.PurgeReport) any { return r.None }),
			"struckCount":      fieldOf(required(graphql.Int), "How many groups are struck in some world.", func(r *queries.PurgeReport) any { return len(r.Struck) }),
			"ralliedCount":     fieldOf(required(graphql.Int), "How many groups rally in some world.", func(r *queries.PurgeReport) any { return len(r.Rallied) }),
			"lostCount":        fieldOf(required(graphql.Int), "How many persons and posts are lost in some world.", func(r *queries.PurgeReport) any { return len(r.Lost) }),
			"struck": firstOf(b, likely, "Groups struck, the likeliest first; whom no world drawn showed is not listed, with at most the chance unseen of the basis.", reportPage,
				func(r *queries.PurgeReport) []queries.Likely { return r.Struck }),
			"rallied": firstOf(b, likely, "Groups that rally to the struck, the likeliest first; whom no world drawn showed is not listed, and rallies with at most the chance unseen of the basis.", reportPage,
				func(r *queries.PurgeReport) []queries.Likely { return r.Rallied }),
			"lost": firstOf(b, likely, "Persons and posts lost, the likeliest first; whom no world drawn showed is not listed, with at most the chance unseen of the basis.", reportPage,
				func(r *queries.PurgeReport) []queries.Likely { return r.Lost }),
		},
	})
}

// outcomesField lists institutions of a report: the first, or those asked for.
func (b *builder) outcomesField() *graphql.Field {
	field := firstOf(b, b.newOutcome(), "The institutions touched in some world, the likeliest to fracture first, then the likelier to be touched; behind them those within reach that were in none of the worlds drawn: their chances are 0 with an upper bound.",
		reportPage, func(list []queries.Outcome) []queries.Outcome { return list })
	field.Args["of"] = &graphql.ArgumentConfig{
		Type: graphql.NewList(required(graphql.String)),
		Description: "Only these institutions, in the same order: ids, keys, aliases, or whole names that only one of them has. " +
			"One that nothing can touch is told of as well, with 0 and no interval.",
	}
	list := field.Resolve
	field.Resolve = withSession(func(ctx context.Context, s *session, r *queries.PurgeReport, args map[string]any) (any, error) {
		outcomes := r.Institutions
		if names, ok := args["of"].([]any); ok {
			ids, err := s.refsIn(ctx, "of", []graph.Kind{graph.Institution}, texts(names))
			if err != nil {
				return nil, err
			}
			outcomes = slices.DeleteFunc(slices.Clone(outcomes), func(o queries.Outcome) bool { return !slices.Contains(ids, o.ID) })
		}
		return list(graphql.ResolveParams{Context: ctx, Source: outcomes, Args: args})
	})
	return field
}

func refNodes(ctx context.Context, refs []queries.Ref) (any, error) {
	s, err := sessionOf(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(refs))
	for i, ref := range refs {
		out[i] = s.node(ctx, ref.ID)
	}
	return out, nil
}
