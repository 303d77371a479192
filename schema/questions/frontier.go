package questions

import (
	"context"
	"fmt"
	"maps"
	"strconv"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/typed"
)

// frontierQuestion is the root field that asks how far a purge can go.
func (b *builder) frontierQuestion() Question {
	benefit := graphql.NewInputObject(graphql.InputObjectConfig{
		Name:        "BenefitInput",
		Description: "The benefit of purging a group, by the caller's judgement.",
		Fields: graphql.InputObjectConfigFieldMap{
			"group":   {Type: typed.Required(graphql.String), Description: "The group, as an id, key, alias or whole name."},
			"benefit": {Type: typed.Required(graphql.Float), Description: "Its benefit, 0.001 to 1000."},
		},
	})
	args := typed.Args(b.planArgs(), graphql.FieldConfigArgument{
		"groups":    {Type: graphql.NewList(typed.Required(graphql.String)), Description: "The groups that may be purged, as ids, keys, aliases or whole names; every armed group where left out."},
		"benefits":  {Type: graphql.NewList(typed.Required(benefit)), Description: "The benefit of purging the groups, where it is not 1."},
		"tolerance": {Type: graphql.Float, DefaultValue: queries.DefaultTolerance, Description: "A purge fractures nothing if no institution of a weight above 0 fractures with a greater probability, 0 to below 1."},
		"threshold": {Type: graphql.Float, DefaultValue: queries.DefaultThreshold, Description: "A group alone hits an institution if it fractures it with a greater probability, 0 to below 1."},
		"beam":      {Type: graphql.Int, DefaultValue: queries.DefaultBeam, Description: fmt.Sprintf("How many sets of each size a heuristic search keeps, 1 to %d.", queries.MaxBeam)},
	})
	return askedBy(b, "frontier",
		"How far a purge can go: the largest purge that fractures nothing, and what every further benefit costs in fractured institutions. "+inSameWorlds,
		b.newFrontierReport(), args, b.readFrontier)
}

func (b *builder) readFrontier(ctx context.Context, req Request, args map[string]any) (in queries.FrontierInput, err error) {
	in = queries.DefaultFrontier()
	p, err := b.readPlan(ctx, req, args)
	if err != nil {
		return in, err
	}
	in.Draw, in.Params, in.Weights, in.Search = p.Draw, p.params, p.weights, p.search
	for name, v := range map[string]*float64{"tolerance": &in.Tolerance, "threshold": &in.Threshold} {
		if *v, err = shareArg(args, name, *v); err != nil {
			return in, err
		}
	}
	if in.Beam, err = whole(args, "beam", queries.DefaultBeam, 1, queries.MaxBeam); err != nil {
		return in, err
	}
	groups := []graph.Kind{graph.Group}
	if args["groups"] != nil {
		if in.Groups, err = req.Refs(ctx, "groups", groups, texts(args["groups"])); err != nil {
			return in, err
		}
	}
	in.Benefit = map[graph.ID]float64{}
	list, _ := args["benefits"].([]any)
	for _, item := range list {
		row := item.(map[string]any)
		name := row["group"].(string)
		ids, err := req.Refs(ctx, "benefits", groups, []string{name})
		if err != nil {
			return in, err
		}
		if err := once(in.Benefit, ids[0], row["benefit"].(float64), "benefits", fmt.Sprintf("group %q", name)); err != nil {
			return in, err
		}
	}
	return in, nil
}

func (b *builder) newFrontierReport() *graphql.Object {
	type report = *queries.FrontierReport
	point := b.newFrontierPoint()
	fields := ownFields(b, graphql.Fields{
		"basis":      typed.Field(typed.Required(b.report.basis.purge), "What the estimates rest on.", func(r report) any { return r.Basis }),
		"groupCount": typed.Field(typed.Required(graphql.Int), "How many groups may be purged.", func(r report) any { return len(r.Groups) }),
		"groups": firstOf(b, b.newFrontierGroup(), "The groups that may be purged, by key.", reportPage,
			func(r report) []queries.FrontierGroup { return r.Groups }),
		"safe":           typed.Field(typed.Required(point), "The purge with the largest benefit that fractures nothing.", func(r report) any { return r.Safe }),
		"safeBound":      typed.Field(typed.Required(graphql.Float), "In the worlds of the search no purge that fractures nothing has a larger benefit.", func(r report) any { return r.SafeBound }),
		"safeOptimality": typed.Field(typed.Required(b.plans.optimality), "Whether one with a larger benefit may exist.", func(r report) any { return r.SafeOptimality }),
		"anyCount":       typed.Field(typed.Required(graphql.Int), "How many points the ANY rule has.", func(r report) any { return len(r.Any) }),
		"any": firstOf(b, point, "The best purges at every price of fractured weight under the ANY rule, by which an institution breaks if one of the groups alone hits it. "+
			"Each contains the one before; exact for that rule, one minimum cut a price.", queries.DefaultPoints, func(r report) []queries.FrontierPoint { return r.Any }),
		"curveCount": typed.Field(typed.Required(graphql.Int), "How many points the curve has.", func(r report) any { return len(r.Curve) }),
		"curve": firstOf(b, point, "The Pareto frontier of all purges whose outcome is known: no other has at least the benefit with less expected weight. In the order of benefit.", queries.DefaultPoints,
			func(r report) []queries.FrontierPoint { return r.Curve }),
		"curveOptimality": typed.Field(typed.Required(b.plans.optimality), "EXACT if the outcome of every set of groups is known. That takes at most 20 groups that take something from an institution.", func(r report) any { return r.CurveOptimality }),
		"tolerance":       typed.Field(typed.Required(graphql.Float), "The probability up to which a fracture was tolerated.", func(r report) any { return r.Tolerance }),
		"threshold":       typed.Field(typed.Required(graphql.Float), "The probability above which a group alone hits an institution.", func(r report) any { return r.Threshold }),
		"beam":            typed.Field(typed.Required(graphql.Int), "How many sets of each size a heuristic search kept.", func(r report) any { return r.Beam }),
		"weights":         weightsField(b, func(r report) queries.Weights { return r.Weights }),
		"omitted":         typed.Field(typed.Required(graphql.Int), "How many points were left out because the curve has too many.", func(r report) any { return r.Omitted }),
	}, "some group's", func(r report) []queries.Ref { return r.OwnInstitutions })
	maps.Copy(fields, b.searchFields(
		func(r any) any { return strconv.FormatUint(r.(report).SearchSeed, 10) },
		func(r any) any { return r.(report).SearchSamples }, func(r any) any { return r.(report).Sets }))
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "FrontierReport",
		Description: "How far a purge can go. Sets are chosen in some worlds and estimated in others.",
		Fields:      fields,
	})
}

func (b *builder) newFrontierGroup() *graphql.Object {
	type group = queries.FrontierGroup
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "FrontierGroup",
		Description: "A group that may be purged.",
		Fields: graphql.Fields{
			"group":       entityField(b, b.Kinds[graph.Group], "The group.", func(g group) graph.ID { return g.ID }),
			"benefit":     typed.Field(typed.Required(graphql.Float), "The benefit of purging it.", func(g group) any { return g.Benefit }),
			"expected":    typed.Field(typed.Required(b.report.amount), "The expected weight that its purge alone fractures of the state, in the worlds of the search.", func(g group) any { return g.Expected }),
			"ownExpected": typed.Field(typed.Required(b.report.amount), "That of what is some group's own, which is no damage.", func(g group) any { return g.OwnExpected }),
			"hitCount":    typed.Field(typed.Required(graphql.Int), "How many institutions it hits alone.", func(g group) any { return len(g.Hits) }),
			"hits":        firstOf(b, b.plans.risk, "The institutions that it hits alone, the likeliest first.", queries.DefaultRisks, func(g group) []queries.Risk { return g.Hits }),
			"free":        typed.Field(typed.Required(graphql.Boolean), "In no world of the search does its purge take anything from a support of an institution.", func(g group) any { return g.Free }),
		},
	})
}

func (b *builder) newFrontierPoint() *graphql.Object {
	type point = queries.FrontierPoint
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "FrontierPoint",
		Description: "One purge of a frontier.",
		Fields: graphql.Fields{
			"groups":      refsField(b, "The groups purged, by key.", func(p point) []queries.Ref { return p.Groups }),
			"benefit":     typed.Field(typed.Required(graphql.Float), "The benefit of purging them.", func(p point) any { return p.Benefit }),
			"any":         typed.Field(typed.Required(graphql.Float), "The weight of the institutions that one of the groups alone hits.", func(p point) any { return p.Any }),
			"searched":    typed.Field(typed.Required(graphql.Float), "The expected weight of what it fractures in the worlds of the search. It was chosen by these worlds, so this is not an estimate and has no interval.", func(p point) any { return p.Searched }),
			"expected":    typed.Field(typed.Required(b.report.amount), "The expected weight of what it fractures of the state, in worlds that the search did not use.", func(p point) any { return p.Expected }),
			"ownExpected": typed.Field(typed.Required(b.report.amount), "That of what is some group's own, which is no damage.", func(p point) any { return p.OwnExpected }),
			"riskCount":   typed.Field(typed.Required(graphql.Int), "How many institutions it fractures in some world.", func(p point) any { return len(p.Risks) }),
			"risks":       firstOf(b, b.plans.risk, "Those institutions, the likeliest first.", queries.DefaultRisks, func(p point) []queries.Risk { return p.Risks }),
			"verdict":     typed.Field(typed.Required(b.plans.verdict), "Whether it fractures nothing: no institution of the state of a weight above 0 with more than the tolerance.", func(p point) any { return p.Verdict }),
			"supported":   typed.Field(typed.Required(graphql.Boolean), "Whether it is the best at some price of fractured weight. Otherwise it lies in a gap of the curve, and no price finds it.", func(p point) any { return p.Supported }),
			"price":       typed.Field(graphql.Float, "Benefit gained for each unit of weight over the previous supported point; null for the first point and for unsupported ones.", func(p point) any { return maybe(p.Price) }),
		},
	})
}

// maybe is null for no number.
func maybe[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}
