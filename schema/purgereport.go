package schema

import (
	"context"
	"slices"
	"strconv"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
)

// The items of a report's lists where first is left out.
const (
	reportPage = 50
	failedPage = 2
	causePage  = 3
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
			"absent":           fieldOf(listOf(b.newAbsent()), "The targets that were not there on the day.", func(r *queries.PurgeReport) any { return r.Absent }),
			"network":          fieldOf(required(b.newNetworkChange()), "The bare network before and after.", func(r *queries.PurgeReport) any { return r.Network }),
			"defaults":         fieldOf(required(b.newDefaults()), "How much rests on ties whose confidence nobody stated and no grade gives.", func(r *queries.PurgeReport) any { return r.Defaults }),
			"basis":            fieldOf(required(b.report.basis), "What the answer rests on: enough to repeat it.", func(r *queries.PurgeReport) any { return r.Basis }),
			"institutions":     b.outcomesField(),
			"institutionCount": fieldOf(required(graphql.Int), "How many institutions are touched in some world.", func(r *queries.PurgeReport) any { return len(r.Institutions) }),
			"fractured":        fieldOf(required(b.report.spread), "The number of institutions fractured in a world.", func(r *queries.PurgeReport) any { return r.Fractured }),
			"none":             fieldOf(required(b.report.estimate), "The probability that none fractures.", func(r *queries.PurgeReport) any { return r.None }),
			"struck": firstOf(b, likely, "Groups struck, the likeliest first.", reportPage,
				func(r *queries.PurgeReport) []queries.Likely { return r.Struck }),
			"rallied": firstOf(b, likely, "Groups that rally to the struck, the likeliest first.", reportPage,
				func(r *queries.PurgeReport) []queries.Likely { return r.Rallied }),
			"lost": firstOf(b, likely, "Persons and posts lost, the likeliest first.", reportPage,
				func(r *queries.PurgeReport) []queries.Likely { return r.Lost }),
		},
	})
}

// outcomesField lists institutions of a report: the first, or those asked for.
func (b *builder) outcomesField() *graphql.Field {
	field := firstOf(b, b.newOutcome(), "The institutions touched in some world, the likeliest to fracture first, then the likelier to be touched.",
		reportPage, func(list []queries.Outcome) []queries.Outcome { return list })
	field.Args["of"] = &graphql.ArgumentConfig{
		Type: graphql.NewList(required(graphql.String)),
		Description: "Only these institutions, in the same order: ids, keys, aliases, or whole names that only one of them has. " +
			"One that is touched in no world is not listed.",
	}
	list := field.Resolve
	field.Resolve = withSession(func(ctx context.Context, s *session, r *queries.PurgeReport, args map[string]any) (any, error) {
		outcomes := r.Institutions
		if names, ok := args["of"].([]any); ok {
			ids, err := ResolveRefs(ctx, s.view, []graph.Kind{graph.Institution}, texts(names))
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

// newBasis makes the type of what an answer rests on.
func (b *builder) newBasis(model *graphql.Object) *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Basis",
		Description: "What an answer rests on: enough to repeat it.",
		Fields: graphql.Fields{
			"method":        fieldOf(required(b.enums.method), "How it was reached.", func(x queries.Basis) any { return x.Method }),
			"samples":       fieldOf(required(graphql.Int), "Number of worlds drawn; 0 of an exact answer.", func(x queries.Basis) any { return x.Samples }),
			"seed":          fieldOf(required(graphql.String), "Seed of the draws, a whole number.", func(x queries.Basis) any { return strconv.FormatUint(x.Seed, 10) }),
			"generator":     fieldOf(required(graphql.String), "Name and version of the generator.", func(x queries.Basis) any { return x.Generator }),
			"coins":         fieldOf(required(graphql.Int), "Number of uncertain ties and responses that may matter; 4096 is that many or more.", func(x queries.Basis) any { return x.Coins }),
			"dataVersion":   fieldOf(required(graphql.String), "The state of the data.", func(x queries.Basis) any { return string(x.Version) }),
			"snapshot":      fieldOf(required(graphql.String), "Hash of the picture it was asked of: equal hashes, equal pictures, in any store.", func(x queries.Basis) any { return x.Hash }),
			"asOf":          fieldOf(required(dateScalar), "The day.", func(x queries.Basis) any { return x.AsOf }),
			"gap":           fieldOf(required(gapScalar), "Which ties stood where the data is silent.", func(x queries.Basis) any { return x.Gap }),
			"model":         fieldOf(required(model), "The parameters.", func(x queries.Basis) any { return x.Params }),
			"converged":     fieldOf(required(graphql.Boolean), "The response had come to rest in every world before the cap of waves.", func(x queries.Basis) any { return x.Converged }),
			"waves":         fieldOf(required(graphql.Int), "The last wave in which an institution fractured.", func(x queries.Basis) any { return x.Waves }),
			"nodes":         fieldOf(required(graphql.Int), "Nodes of the picture.", func(x queries.Basis) any { return x.Nodes }),
			"ties":          fieldOf(required(graphql.Int), "Ties of the picture.", func(x queries.Basis) any { return x.Ties }),
			"defaultedTies": fieldOf(required(graphql.Int), "How many of them rest on the default confidence.", func(x queries.Basis) any { return x.DefaultedTies }),
			"possibleTies":  fieldOf(required(graphql.Int), "How many of them are possible, not certain, on the day.", func(x queries.Basis) any { return x.PossibleTies }),
		},
	})
}
