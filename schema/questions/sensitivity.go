package questions

import (
	"context"
	"fmt"

	"github.com/graphql-go/graphql"

	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/schema/typed"
)

// sensitivityQuestion is the root field that asks which parameters an answer hangs on.
func (b *builder) sensitivityQuestion() Question {
	factor := graphql.NewInputObject(graphql.InputObjectConfig{
		Name:        "FactorInput",
		Description: "A parameter that is varied, and its range.",
		Fields: graphql.InputObjectConfigFieldMap{
			"parameter": {Type: typed.Required(graphql.String), Description: "A numeric parameter of the model, or needs, which multiplies every requirement."},
			"low":       {Type: typed.Required(graphql.Float), Description: "Its least value."},
			"high":      {Type: typed.Required(graphql.Float), Description: "Its largest."},
		},
	})
	args := typed.Args(b.pictureArgs(), b.drawArgsOf(queries.ManySamples), graphql.FieldConfigArgument{
		"targets":      targetsArg,
		"model":        {Type: b.modelInput, Description: "Parameters of the model that differ from the defaults; those that are varied start from their ranges instead."},
		"institution":  institutionArg("the number of institutions fractured"),
		"parameters":   {Type: graphql.NewList(typed.Required(factor)), Description: "What is varied; where left out, every numeric parameter, over the ranges of docs/questions.md."},
		"trajectories": {Type: graphql.Int, DefaultValue: queries.DefaultTrajectories, Description: fmt.Sprintf("Number r of effects of each of the D parameters, 2 to %d; r(D + 1) purges are simulated.", queries.MaxTrajectories)},
		"levels":       {Type: graphql.Int, DefaultValue: queries.DefaultLevels, Description: "Number of values a parameter takes in its range, even, 2 to 64."},
	})
	return askedBy(b, "sensitivity",
		"Which parameters of the model an answer depends on: elementary effects (Morris 1991), every run in the same worlds. AUTO samples. "+inSameWorlds,
		b.newSensitivityReport(), args, b.readSensitivity)
}

func (b *builder) readSensitivity(ctx context.Context, req Request, args map[string]any) (in queries.SensitivityInput, err error) {
	if in.Draw, err = b.drawOf(args, queries.ManySamples); err != nil {
		return in, err
	}
	if in.Scenario, err = b.scenario(ctx, req, "targets", args["targets"], args["model"]); err != nil {
		return in, err
	}
	if in.Institution, err = askedInstitution(ctx, req, args); err != nil {
		return in, err
	}
	if in.Trajectories, err = whole(args, "trajectories", queries.DefaultTrajectories, 2, queries.MaxTrajectories); err != nil {
		return in, err
	}
	if in.Levels, err = whole(args, "levels", queries.DefaultLevels, 2, 64); err != nil {
		return in, err
	}
	list, given := args["parameters"].([]any)
	if given && len(list) == 0 {
		return in, typed.BadInput("parameters: an empty list varies nothing; leave it out for all")
	}
	for _, item := range list {
		row := item.(map[string]any)
		in.Factors = append(in.Factors, queries.Factor{Name: row["parameter"].(string), Low: row["low"].(float64), High: row["high"].(float64)})
	}
	return in, nil
}

func (b *builder) newSensitivityReport() *graphql.Object {
	number := func(help string, get func(queries.Effect) float64) *graphql.Field {
		return typed.Field(typed.Required(graphql.Float), help, func(e queries.Effect) any { return get(e) })
	}
	over := func(help string, get func(queries.Effect) estimate.Amount) *graphql.Field {
		return typed.Field(typed.Required(b.report.amount), help+" Its interval is over trajectories that might have been drawn.", func(e queries.Effect) any { return get(e) })
	}
	effect := graphql.NewObject(graphql.ObjectConfig{
		Name:        "ParameterEffect",
		Description: "How the output changes with one parameter, over its whole range.",
		Fields: graphql.Fields{
			"parameter": typed.Field(typed.Required(graphql.String), "The parameter.", func(e queries.Effect) any { return e.Name }),
			"low":       number("Its least value.", func(e queries.Effect) float64 { return e.Low }),
			"high":      number("Its largest.", func(e queries.Effect) float64 { return e.High }),
			"mu":        over("The mean of the elementary effects.", func(e queries.Effect) estimate.Amount { return e.Mu }),
			"muStar":    over("The mean of their sizes, in which rises and falls do not cancel out.", func(e queries.Effect) estimate.Amount { return e.MuStar }),
			"sigma":     over("Their standard deviation: 0 where the output is linear in the parameter and no other changes what it does.", func(e queries.Effect) estimate.Amount { return e.Sigma }),
		},
	})
	type report = *queries.SensitivityReport
	count := func(help string, get func(report) int) *graphql.Field {
		return typed.Field(typed.Required(graphql.Int), help, func(r report) any { return get(r) })
	}
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "SensitivityReport",
		Description: "Which parameters of the model an answer depends on.",
		Fields: ownFields(b, graphql.Fields{
			"basis":        typed.Field(typed.Required(b.report.basis.purge), "What the answer with the parameters as given rests on.", func(r report) any { return r.Basis }),
			"targets":      refsField(b, "What is struck.", func(r report) []queries.Ref { return r.Targets }),
			"institution":  maybeInstitution(b, "The institution in question, null for the number fractured of the state.", func(r report) *queries.Ref { return r.Institution }),
			"given":        typed.Field(typed.Required(b.report.amount), "The output with the parameters as given: the probability that the institution fractures, or the mean number of institutions of the state fractured.", func(r report) any { return r.Given }),
			"ownFractured": typed.Field(typed.Required(b.report.amount), "The mean number of the targets' own institutions fractured, with the parameters as given.", func(r report) any { return r.OwnFractured }),
			"effects":      typed.Field(typed.List(effect), "The parameters, the largest muStar first.", func(r report) any { return r.Effects }),
			"runs":         count("How many purges were simulated for the effects.", func(r report) int { return r.Runs }),
			"trajectories": count("Number of effects of each parameter.", func(r report) int { return r.Trajectories }),
			"levels":       count("Number of values a parameter takes.", func(r report) int { return r.Levels }),
		}, "the targets'", func(r report) []queries.Ref { return r.OwnInstitutions }),
	})
}
