package questions

import (
	"context"
	"slices"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/typed"
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
		Description: "A node with the probability that it is struck, rallies or is lost.",
		Fields: graphql.Fields{
			"node":   entityField(b, b.Entity, "The node.", func(l queries.Likely) graph.ID { return l.ID }),
			"chance": typed.Field(typed.Required(b.report.estimate), "The probability.", func(l queries.Likely) any { return l.Chance }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Purge",
		Description: "What a purge would do. Every probability is conditional on the stated model and its parameters; intervals cover sampling error only.",
		Fields: ownFields(b, graphql.Fields{
			"targets":          refsField(b, "What is struck.", func(r *queries.PurgeReport) []queries.Ref { return r.Targets }),
			"network":          typed.Field(typed.Required(b.newNetworkChange()), "The bare network before and after.", func(r *queries.PurgeReport) any { return r.Network }),
			"defaults":         typed.Field(typed.Required(b.newDefaults()), "How much of the answer rests on ties whose confidence is the default, since the data has neither a number nor a grade.", func(r *queries.PurgeReport) any { return r.Defaults }),
			"basis":            typed.Field(typed.Required(b.report.basis.purge), "What the answer rests on: enough to repeat it.", func(r *queries.PurgeReport) any { return r.Basis }),
			"institutions":     b.outcomesField(),
			"institutionCount": typed.Field(typed.Required(graphql.Int), "How many institutions are listed: those touched in some world, those within reach that no world drawn touched, and those asked for by name.", func(r *queries.PurgeReport) any { return len(r.Institutions) }),
			"touchedCount":     typed.Field(typed.Required(graphql.Int), "How many of them are touched in some world.", func(r *queries.PurgeReport) any { return r.Touched }),
			"fractured":        typed.Field(typed.Required(b.report.spread), "The number of institutions of the state fractured in a world: the targets' own do not count.", func(r *queries.PurgeReport) any { return r.Fractured }),
			"ownFractured":     typed.Field(typed.Required(b.report.spread), "The number of the targets' own institutions fractured in a world.", func(r *queries.PurgeReport) any { return r.OwnFractured }),
			"none":             typed.Field(typed.Required(b.report.estimate), "The probability that none of the state fractures.", func(r *queries.PurgeReport) any { return r.None }),
			"stakes":           stakesField(b, func(r *queries.PurgeReport) []queries.Stake { return r.Stakes }),
			"struckCount":      typed.Field(typed.Required(graphql.Int), "How many groups are struck in some world.", func(r *queries.PurgeReport) any { return len(r.Struck) }),
			"ralliedCount":     typed.Field(typed.Required(graphql.Int), "How many groups rally in some world.", func(r *queries.PurgeReport) any { return len(r.Rallied) }),
			"lostCount":        typed.Field(typed.Required(graphql.Int), "How many persons and posts are lost in some world.", func(r *queries.PurgeReport) any { return len(r.Lost) }),
			"struck": firstOf(b, likely, "Groups struck, the likeliest first. A group that was struck in no world drawn is not listed; its probability is at most unseen of the basis.", reportPage,
				func(r *queries.PurgeReport) []queries.Likely { return r.Struck }),
			"rallied": firstOf(b, likely, "Groups that rally to the struck, the likeliest first. A group that rallied in no world drawn is not listed; its probability is at most unseen of the basis.", reportPage,
				func(r *queries.PurgeReport) []queries.Likely { return r.Rallied }),
			"lost": firstOf(b, likely, "Persons and posts lost, the likeliest first. A node that was lost in no world drawn is not listed; its probability is at most unseen of the basis.", reportPage,
				func(r *queries.PurgeReport) []queries.Likely { return r.Lost }),
		}, "the targets'", func(r *queries.PurgeReport) []queries.Ref { return r.OwnInstitutions }),
	})
}

// outcomesField lists institutions of a report: the first, or those asked for.
func (b *builder) outcomesField() *graphql.Field {
	field := firstOf(b, b.newOutcome(), "The institutions touched in some world: the likeliest to fracture first, then the likeliest to be touched; the targets' own after all others. Then those within reach that no world drawn touched; their probabilities are 0 with an upper bound, and their supports are whole.",
		reportPage, func(list []queries.Outcome) []queries.Outcome { return list })
	field.Args["of"] = &graphql.ArgumentConfig{
		Type: graphql.NewList(typed.Required(graphql.String)),
		Description: "Only these institutions, in the same order: ids, keys, aliases, or whole names that only one of them has. " +
			"An institution that nothing can touch is listed too, with 0 and no interval, and with its supports whole.",
	}
	list := field.Resolve
	field.Resolve = inRequest(b, func(ctx context.Context, req Request, r *queries.PurgeReport, args map[string]any) (any, error) {
		outcomes := r.Institutions
		if names, ok := args["of"].([]any); ok {
			ids, err := req.Refs(ctx, "of", []graph.Kind{graph.Institution}, texts(names))
			if err != nil {
				return nil, err
			}
			outcomes = slices.DeleteFunc(slices.Clone(outcomes), func(o queries.Outcome) bool { return !slices.Contains(ids, o.ID) })
		}
		return list(graphql.ResolveParams{Context: ctx, Source: outcomes, Args: args})
	})
	return field
}

// refNodes are the nodes that a report names.
func refNodes(ctx context.Context, req Request, refs []queries.Ref) []any {
	out := make([]any, len(refs))
	for i, ref := range refs {
		out[i] = req.Node(ctx, ref.ID)
	}
	return out
}
