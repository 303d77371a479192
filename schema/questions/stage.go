package questions

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/typed"
)

// stageQuestion is the root field that asks in which order to purge.
func (b *builder) stageQuestion() Question {
	recovery := graphql.NewInputObject(graphql.InputObjectConfig{
		Name:        "RecoveryInput",
		Description: "How fast the losses of institutions of a type are restored.",
		Fields: graphql.InputObjectConfigFieldMap{
			"type":   {Type: typed.Required(graphql.String), Description: "The type of institution."},
			"stages": {Type: typed.Required(graphql.Int), Description: "After how many stages, 1 to 16; 0 for never."},
		},
	})
	args := typed.Args(b.planArgs(), graphql.FieldConfigArgument{
		"targets":        {Type: typed.List(graphql.String), Description: "What is struck, each in a stage of its own: groups, persons and posts; revenue streams, which are cut; institutions, which are disbanded. Ids, keys, aliases, or whole names that only one of them has."},
		"recovery":       {Type: graphql.Int, DefaultValue: queries.DefaultRecovery, Description: "After how many stages the losses of a stage are restored: 1 is before the next stage, 0 never. Whoever was lost stays lost, but posts are filled again, and units and streams have passed to others."},
		"recoveryByType": {Type: graphql.NewList(typed.Required(recovery)), Description: "The recovery of types of institution that differ."},
		"limit":          {Type: graphql.Float, Description: "The expected weight at which the purge is broken off."},
		"budget":         {Type: graphql.Int, DefaultValue: queries.DefaultBudget, Description: fmt.Sprintf("How many purges the search may simulate, 1 to %d.", queries.MaxBudget)},
	})
	return askedBy(b, "stage",
		"In which order to purge targets so that as little as possible is broken at any one time, with recovery between the stages. "+inSameWorlds,
		b.newStageReport(), args, b.readStage)
}

func (b *builder) readStage(ctx context.Context, req Request, args map[string]any) (in queries.StageInput, err error) {
	p, err := b.readPlan(ctx, req, args)
	if err != nil {
		return in, err
	}
	in.Draw, in.Params, in.Weights, in.Search = p.Draw, p.params, p.weights, p.search
	if in.Recovery, err = whole(args, "recovery", queries.DefaultRecovery, 0, queries.MaxRecovery); err != nil {
		return in, err
	}
	if in.Budget, err = whole(args, "budget", queries.DefaultBudget, 1, queries.MaxBudget); err != nil {
		return in, err
	}
	if limit, ok := args["limit"].(float64); ok {
		in.Limit = &limit
	}
	in.RecoveryByType = map[string]int{}
	list, _ := args["recoveryByType"].([]any)
	for _, item := range list {
		row := item.(map[string]any)
		typ, err := institutionType("recoveryByType", row["type"].(string))
		if err != nil {
			return in, err
		}
		if err := once(in.RecoveryByType, typ, row["stages"].(int), "recoveryByType", fmt.Sprintf("type %q", typ)); err != nil {
			return in, err
		}
	}
	in.Targets, err = req.Refs(ctx, "targets", targetKinds, texts(args["targets"]))
	return in, err
}

// recoveryRow is an entry of the recoveries by type.
type recoveryRow struct {
	typ    string
	stages int
}

func recoveryRows(table map[string]int) []recoveryRow {
	var out []recoveryRow
	for _, typ := range slices.Sorted(maps.Keys(table)) {
		out = append(out, recoveryRow{typ, table[typ]})
	}
	return out
}

func (b *builder) newStageReport() *graphql.Object {
	type (
		report = *queries.StageReport
		stage  = queries.StageOutcome
	)
	one := graphql.NewObject(graphql.ObjectConfig{
		Name:        "StageOutcome",
		Description: "One stage of a purge, after it was carried out and others have responded.",
		Fields: graphql.Fields{
			"target":      entityField(b, b.Entity, "What it strikes.", func(s stage) graph.ID { return s.Target.ID }),
			"expected":    typed.Field(typed.Required(b.report.amount), "The expected weight of what is fractured of the state then.", func(s stage) any { return s.Expected }),
			"ownExpected": typed.Field(typed.Required(b.report.amount), "That of what is some target's own, which is no damage.", func(s stage) any { return s.OwnExpected }),
			"riskCount":   typed.Field(typed.Required(graphql.Int), "How many institutions are fractured then in some world.", func(s stage) any { return len(s.Risks) }),
			"risks":       firstOf(b, b.plans.risk, "Those institutions, the likeliest first.", queries.DefaultRisks, func(s stage) []queries.Risk { return s.Risks }),
			"verdict":     typed.Field(b.plans.verdict, "Whether the expected weight is within the limit; null where there is none.", func(s stage) any { return judged(s.Verdict) }),
		},
	})
	byType := graphql.NewObject(graphql.ObjectConfig{
		Name:        "Recovery",
		Description: "How fast the losses of institutions of a type are restored.",
		Fields: graphql.Fields{
			"type":   typed.Field(typed.Required(graphql.String), "The type of institution.", func(r recoveryRow) any { return r.typ }),
			"stages": typed.Field(typed.Required(graphql.Int), "After how many stages; 0 for never.", func(r recoveryRow) any { return r.stages }),
		},
	})
	fields := ownFields(b, graphql.Fields{
		"basis":          typed.Field(typed.Required(b.report.basis.purge), "What the estimates rest on.", func(r report) any { return r.Basis }),
		"targets":        refsField(b, "What is struck, in the order given.", func(r report) []queries.Ref { return r.Targets }),
		"recovery":       typed.Field(typed.Required(graphql.Int), "After how many stages losses are restored; 0 is never.", func(r report) any { return r.Recovery }),
		"recoveryByType": typed.Field(typed.List(byType), "The recovery of types of institution that differ.", func(r report) any { return recoveryRows(r.RecoveryByType) }),
		"limit":          typed.Field(graphql.Float, "The expected weight at which the purge is broken off; null for none.", func(r report) any { return maybe(r.Limit) }),
		"budget":         typed.Field(typed.Required(graphql.Int), "The largest number of purges that the search could simulate.", func(r report) any { return r.Budget }),
		"weights":        weightsField(b, func(r report) queries.Weights { return r.Weights }),
		"stages":         typed.Field(typed.List(one), "The stages in the order found.", func(r report) any { return r.Stages }),
		"peak":           typed.Field(typed.Required(b.report.amount), "The largest expected weight of a stage.", func(r report) any { return r.Peak }),
		"peakStage":      typed.Field(typed.Required(graphql.Int), "The number of the stage with the peak, from 1.", func(r report) any { return r.PeakStage }),
		"searched":       typed.Field(typed.Required(graphql.Float), "The peak in the worlds of the search. The order was chosen by these worlds, so this is not an estimate and has no interval.", func(r report) any { return r.Searched }),
		"bound":          typed.Field(typed.Required(graphql.Float), "In the worlds of the search no order has a lower peak.", func(r report) any { return r.Bound }),
		"optimality":     typed.Field(typed.Required(b.plans.optimality), "Whether an order with a lower peak may exist.", func(r report) any { return r.Optimality }),
		"asGiven":        typed.Field(typed.Required(b.report.amount), "The peak of the order in which the targets were given.", func(r report) any { return r.AsGiven }),
		"atOnce":         typed.Field(typed.Required(b.report.amount), "The expected weight of purging them all at once.", func(r report) any { return r.AtOnce }),
		"ownAtOnce":      typed.Field(typed.Required(b.report.amount), "That of what is some target's own, of purging them all at once.", func(r report) any { return r.OwnAtOnce }),
		"orderMatters":   typed.Field(typed.Required(graphql.Boolean), "False if nothing ever recovers: losses then only grow, and the peak of every order is that of the purge of all at once.", func(r report) any { return r.OrderMatters }),
		"verdict":        typed.Field(b.plans.verdict, "Whether every stage is within the limit; null where there is none.", func(r report) any { return judged(r.Verdict) }),
		"abort":          typed.Field(graphql.Int, "The number of the first stage that is over the limit with its whole interval: break off before it. Null where none is.", func(r report) any { return maybe(r.Abort) }),
		"unclear":        typed.Field(graphql.Int, "The number of the first stage before abort whose interval contains the limit. Null if there is none.", func(r report) any { return maybe(r.Unclear) }),
	}, "some target's", func(r report) []queries.Ref { return r.OwnInstitutions })
	maps.Copy(fields, b.searchFields(
		func(r any) any { return strconv.FormatUint(r.(report).SearchSeed, 10) },
		func(r any) any { return r.(report).SearchSamples }, func(r any) any { return r.(report).Runs }))
	return graphql.NewObject(graphql.ObjectConfig{
		Name: "StageReport", Description: "In which order to purge. The order is chosen in some worlds and estimated in others.", Fields: fields,
	})
}

// judged is null for no verdict.
func judged(v queries.Verdict) any {
	if v == "" {
		return nil
	}
	return v
}
