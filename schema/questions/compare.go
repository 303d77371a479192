package questions

import (
	"context"
	"slices"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/schema/typed"
)

// compareQuestion is the root field that asks how two purges differ.
func (b *builder) compareQuestion() Question {
	args := typed.Args(b.pictureArgs(), b.drawArgs(), graphql.FieldConfigArgument{
		"targets":     targetsArg,
		"model":       {Type: b.modelInput, Description: "Parameters of the model of the first purge that differ from the defaults."},
		"withTargets": {Type: graphql.NewList(typed.Required(graphql.String)), Description: "What the second purge strikes; the same where left out."},
		"withModel":   {Type: b.modelInput, Description: "Parameters of the second purge that differ from the defaults; those of the first where left out."},
	})
	return askedBy(b, "compare",
		"How two purges differ, each simulated in the same worlds, so that what differs is due to the purges and not to the draw. "+inSameWorlds,
		b.newCompareReport(), args, b.readCompare)
}

func (b *builder) readCompare(ctx context.Context, req Request, args map[string]any) (in queries.CompareInput, err error) {
	if in.Draw, err = b.drawOf(args, queries.DefaultSamples); err != nil {
		return in, err
	}
	if in.First, err = b.scenario(ctx, req, "targets", args["targets"], args["model"]); err != nil {
		return in, err
	}
	targets, model := args["withTargets"], args["withModel"]
	if targets == nil && model == nil {
		return in, typed.BadInput("withTargets and withModel are both left out: say what the second purge strikes, or its model")
	}
	if targets == nil {
		targets = args["targets"]
	}
	if model == nil {
		model = args["model"]
	}
	in.Second, err = b.scenario(ctx, req, "withTargets", targets, model)
	return in, err
}

func (b *builder) newCompareReport() *graphql.Object {
	side := graphql.NewObject(graphql.ObjectConfig{
		Name:        "ComparedPurge",
		Description: "One of two purges that are compared.",
		Fields: graphql.Fields{
			"targets":      refsField(b, "What is struck.", func(c queries.Compared) []queries.Ref { return c.Targets }),
			"model":        typed.Field(typed.Required(b.report.model), "The parameters.", func(c queries.Compared) any { return c.Params }),
			"noRecord":     typed.Field(typed.Required(graphql.Boolean), "True if none of what is struck is on record on the day. The figures of this purge, and those that compare with it, are then as wide as possible.", func(c queries.Compared) any { return c.NoRecord }),
			"fractured":    typed.Field(typed.Required(b.report.spread), "The number of institutions of the state fractured in a world: what is the targets' own of either purge does not count.", func(c queries.Compared) any { return c.Fractured }),
			"ownFractured": typed.Field(typed.Required(b.report.spread), "The number of the targets' own institutions fractured in a world.", func(c queries.Compared) any { return c.OwnFractured }),
			"none":         typed.Field(typed.Required(b.report.estimate), "The probability that none of the state fractures.", func(c queries.Compared) any { return c.None }),
			"stakes":       stakesField(b, func(c queries.Compared) []queries.Stake { return c.Stakes }),
			"circling":     typed.Field(b.report.estimate, "The share of worlds in which groups change sides for ever, as in the basis, of this purge; null if there is none.", func(c queries.Compared) any { return maybe(c.Circling) }),
		},
	})
	type report = *queries.CompareReport
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "CompareReport",
		Description: "How two purges differ, counted in the same worlds.",
		Fields: ownFields(b, graphql.Fields{
			"basis":            typed.Field(typed.Required(b.report.basis.purge), "What the answer rests on; its model is that of the first purge.", func(r report) any { return r.Basis }),
			"first":            typed.Field(typed.Required(side), "The first purge.", func(r report) any { return r.First }),
			"second":           typed.Field(typed.Required(side), "The second purge.", func(r report) any { return r.Second }),
			"same":             typed.Field(typed.Required(graphql.Boolean), "True if both strike the same of what is there on the day, under the same model. Then nothing differs, exactly.", func(r report) any { return r.Same }),
			"institutionCount": typed.Field(typed.Required(graphql.Int), "How many institutions fracture in some world of either.", func(r report) any { return len(r.Institutions) }),
			"institutions":     b.comparisonsField(),
			"fractured":        typed.Field(typed.Required(b.report.amount), "The mean difference, second less first, of the number of institutions of the state fractured in a world.", func(r report) any { return r.Fractured }),
			"ownFractured":     typed.Field(typed.Required(b.report.amount), "The mean difference, second less first, of the number of the targets' own institutions fractured in a world.", func(r report) any { return r.OwnFractured }),
			"none":             typed.Field(typed.Required(b.report.amount), "The difference, second less first, of the probabilities that none of the state fractures.", func(r report) any { return r.None }),
		}, "the targets'", func(r report) []queries.Ref { return r.OwnInstitutions }),
	})
}

// comparisonsField lists institutions: the first, or those asked for.
func (b *builder) comparisonsField() *graphql.Field {
	field := firstOf(b, b.newComparison(), "The institutions that fracture in some world of either, the largest difference first; the targets' own last.", reportPage,
		func(list []queries.Comparison) []queries.Comparison { return list })
	field.Args["of"] = &graphql.ArgumentConfig{
		Type: graphql.NewList(typed.Required(graphql.String)), Description: "Only these institutions, in the same order, as ids, keys, aliases or whole names.",
	}
	list := field.Resolve
	field.Resolve = inRequest(b, func(ctx context.Context, req Request, r *queries.CompareReport, args map[string]any) (any, error) {
		all := r.Institutions
		if names, ok := args["of"].([]any); ok {
			ids, err := req.Refs(ctx, "of", []graph.Kind{graph.Institution}, texts(names))
			if err != nil {
				return nil, err
			}
			all = slices.DeleteFunc(slices.Clone(all), func(c queries.Comparison) bool { return !slices.Contains(ids, c.ID) })
		}
		return list(graphql.ResolveParams{Context: ctx, Source: all, Args: args})
	})
	return field
}

func (b *builder) newComparison() *graphql.Object {
	test := graphql.NewObject(graphql.ObjectConfig{
		Name:        "PairedTest",
		Description: "The test of McNemar that neither purge fractures the institution more often.",
		Fields: graphql.Fields{
			"p":     typed.Field(typed.Required(graphql.Float), "Two-sided probability of so uneven a split by chance. Tests of several institutions are not corrected for their number.", func(t *estimate.Test) any { return t.P }),
			"exact": typed.Field(typed.Required(graphql.Boolean), "True: by the binomial distribution, which is used below 25 discordant worlds. False: by the normal one.", func(t *estimate.Test) any { return t.Exact }),
		},
	})
	type comparison = queries.Comparison
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Comparison",
		Description: "How two purges differ for one institution.",
		Fields: graphql.Fields{
			"institution": entityField(b, b.Kinds[graph.Institution], "The institution.", func(c comparison) graph.ID { return c.ID }),
			"own":         ownMark("the targets'", func(c comparison) bool { return c.Own }),
			"first":       typed.Field(typed.Required(b.report.estimate), "The probability that the first purge fractures it.", func(c comparison) any { return c.First }),
			"second":      typed.Field(typed.Required(b.report.estimate), "The probability that the second does.", func(c comparison) any { return c.Second }),
			"onlyFirst":   typed.Field(typed.Required(b.report.estimate), "The probability that the first does and the second does not; its count is McNemar's b.", func(c comparison) any { return c.OnlyFirst }),
			"onlySecond":  typed.Field(typed.Required(b.report.estimate), "The probability that the second does and the first does not; its count is McNemar's c.", func(c comparison) any { return c.OnlySecond }),
			"difference":  typed.Field(typed.Required(b.report.amount), "Second less first, with the standard error of paired counts.", func(c comparison) any { return c.Difference }),
			"test":        typed.Field(test, "Null for an exact answer, and if both purges are the same.", func(c comparison) any { return c.Test }),
		},
	})
}
