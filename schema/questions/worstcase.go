package questions

import (
	"context"

	"github.com/graphql-go/graphql"

	"entangle/queries"
	"entangle/schema/typed"
)

// worstCaseQuestion is the root field that asks what as many losses could have done.
func (b *builder) worstCaseQuestion() Question {
	args := typed.Args(b.pictureArgs(), graphql.FieldConfigArgument{
		"targets": targetsArg,
		"model":   {Type: b.modelInput, Description: "Parameters of the model that differ from the defaults; only those of the reach change anything here."},
	})
	return askedBy(b, "worstCase",
		"The worst that the same number of losses could have done to the network of persons, groups, posts and institutions: a reference for a purge, not a forecast of it.",
		b.newWorstCaseReport(), args,
		func(ctx context.Context, req Request, args map[string]any) (in queries.WorstCaseInput, err error) {
			sc, err := b.scenario(ctx, req, "targets", args["targets"], args["model"])
			return queries.WorstCaseInput(sc), err
		})
}

func (b *builder) newWorstCaseReport() *graphql.Object {
	type report = *queries.WorstCaseReport
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "WorstCaseReport",
		Description: "A purge beside the worst that as many losses could do. optimality says whether there may be worse.",
		Fields: graphql.Fields{
			"targets":     refsField(b, "What is struck.", func(r report) []queries.Ref { return r.Targets }),
			"purgedCount": typed.Field(typed.Required(graphql.Int), "How many persons and groups the purge strikes by any claim that stands, however unsure.", func(r report) any { return len(r.Purged) }),
			"purged":      refsField(b, "The persons and groups that the purge strikes, by kind and key.", func(r report) []queries.Ref { return r.Purged }),
			"worst":       refsField(b, "The worst losses found: as many persons and groups, or fewer if no more are needed, those with the most ties first.", func(r report) []queries.Ref { return r.Worst }),
			"before":      typed.Field(typed.Required(b.report.network), "The network as it is.", func(r report) any { return r.Before }),
			"afterPurge":  typed.Field(typed.Required(b.report.network), "Without those that the purge strikes.", func(r report) any { return r.AfterPurge }),
			"afterWorst":  typed.Field(typed.Required(b.report.network), "Without the worst losses found.", func(r report) any { return r.AfterWorst }),
			"optimality":  typed.Field(typed.Required(b.plans.optimality), "EXACT if every set of as many losses was compared by F. Otherwise there may be worse.", func(r report) any { return r.Optimality }),
			"basis":       typed.Field(typed.Required(b.report.basis.record), "What the answer rests on.", func(r report) any { return r.Basis }),
		},
	})
}
