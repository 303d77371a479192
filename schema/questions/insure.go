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

var measureHelp = map[queries.MeasureKind]string{
	queries.Successor: "A successor is named for a post: the post stays filled when its holders are lost.",
	queries.Ally:      "A group is won over: it does not rally. It can still be struck.",
	queries.Coalition: "A group gets seats in the government: neither it nor any group that is part or a wing of it rallies.",
	queries.Stream:    "A revenue stream keeps paying, whoever holds it.",
	queries.Provider:  "Another body can do the work of an institution: those who depend on it do not lose its share when it fractures.",
}

// insureQuestion is the root field that asks what to have in place before a purge.
func (b *builder) insureQuestion() Question {
	var kinds []typed.Value
	for _, k := range queries.MeasureKinds() {
		kinds = append(kinds, typed.Value{Name: string(k), Go: k, Help: measureHelp[k]})
	}
	kind := typed.Enum("MeasureKind", "A way to be ready for a purge.", kinds)
	args := typed.Args(b.planArgs(), graphql.FieldConfigArgument{
		"targets": targetsArg,
		"limit":   {Type: graphql.Float, DefaultValue: 0.0, Description: "The largest mean fractured weight that is accepted of the worst worlds."},
		"level":   {Type: graphql.Float, DefaultValue: queries.DefaultLevel, Description: "The share of worlds that are not among the worst, 0 to 0.999: with 0.9 the worst tenth count."},
		"size":    {Type: graphql.Int, DefaultValue: queries.DefaultSize, Description: fmt.Sprintf("The largest number of measures, 1 to %d.", queries.MaxSize)},
		"kinds":   {Type: graphql.NewList(typed.Required(kind)), Description: "Kinds of measures that may be taken; all where left out."},
	})
	return askedBy(b, "insure",
		"Which measures keep the damage of a purge within a limit: the smallest set that keeps the mean fractured weight of the worst worlds within it, or the best set found. "+inSameWorlds,
		b.newInsureReport(kind), args, b.readInsure)
}

func (b *builder) readInsure(ctx context.Context, req Request, args map[string]any) (in queries.InsureInput, err error) {
	in = queries.DefaultInsure()
	p, err := b.readPlan(ctx, req, args)
	if err != nil {
		return in, err
	}
	in.Draw, in.Params, in.Weights, in.Search = p.Draw, p.params, p.weights, p.search
	if limit, ok := args["limit"].(float64); ok {
		in.Limit = limit
	}
	if in.Level, err = shareArg(args, "level", queries.DefaultLevel); err != nil {
		return in, err
	}
	if in.Size, err = whole(args, "size", queries.DefaultSize, 1, queries.MaxSize); err != nil {
		return in, err
	}
	list, _ := args["kinds"].([]any)
	for _, item := range list {
		k, ok := item.(queries.MeasureKind)
		if !ok {
			return in, fmt.Errorf("schema: a kind of measure is a %T", item)
		}
		in.Kinds = append(in.Kinds, k)
	}
	in.Targets, err = req.Refs(ctx, "targets", targetKinds, texts(args["targets"]))
	return in, err
}

func (b *builder) newInsureReport(kind *graphql.Enum) *graphql.Object {
	type (
		report = *queries.InsureReport
		taken  = queries.MeasureTaken
	)
	measure := optionFields(b, kind, func(m taken) queries.Option { return m.Option })
	measure["tail"] = typed.Field(typed.Required(b.report.amount), "The mean fractured weight of the worst worlds with this measure and those before it.", func(m taken) any { return m.TailAfter })
	measure["expected"] = typed.Field(typed.Required(b.report.amount), "The expected weight with this measure and those before it.", func(m taken) any { return m.ExpectedAfter })
	measure["ownExpected"] = typed.Field(typed.Required(b.report.amount), "That of what is the targets' own.", func(m taken) any { return m.OwnExpectedAfter })
	option := optionFields(b, kind, func(o queries.Option) queries.Option { return o })
	option["tail"] = typed.Field(typed.Required(b.report.amount), "The mean fractured weight of the worst worlds with this measure alone, in the worlds of the search.", func(o queries.Option) any { return o.Tail })
	option["expected"] = typed.Field(typed.Required(b.report.amount), "The expected weight with it alone.", func(o queries.Option) any { return o.Expected })
	fields := ownFields(b, graphql.Fields{
		"basis":       typed.Field(typed.Required(b.report.basis.purge), "What the estimates rest on.", func(r report) any { return r.Basis }),
		"targets":     refsField(b, "What is struck.", func(r report) []queries.Ref { return r.Targets }),
		"limit":       typed.Field(typed.Required(graphql.Float), "The largest mean fractured weight that is accepted of the worst worlds.", func(r report) any { return r.Limit }),
		"level":       typed.Field(typed.Required(graphql.Float), "The share of worlds that are not among the worst: with 0.9 the worst tenth count.", func(r report) any { return r.Level }),
		"size":        typed.Field(typed.Required(graphql.Int), "The largest number of measures.", func(r report) any { return r.Size }),
		"kinds":       typed.Field(typed.List(kind), "The kinds of measures that might be taken.", func(r report) any { return r.Kinds }),
		"weights":     weightsField(b, func(r report) queries.Weights { return r.Weights }),
		"tail":        typed.Field(typed.Required(b.report.amount), "The mean fractured weight of the worst worlds, its conditional value at risk, without any measure.", func(r report) any { return r.Tail }),
		"expected":    typed.Field(typed.Required(b.report.amount), "The expected weight without any measure.", func(r report) any { return r.Expected }),
		"ownExpected": typed.Field(typed.Required(b.report.amount), "That of what is the targets' own, without any measure: it is no damage and in no tail.", func(r report) any { return r.OwnExpected }),
		"measures": typed.Field(typed.List(graphql.NewObject(graphql.ObjectConfig{
			Name: "Measure", Description: "A measure of the set that was found.", Fields: measure,
		})), "The measures, each the one that helps most after those before it.", func(r report) any { return r.Measures }),
		"verdict":     typed.Field(typed.Required(b.plans.verdict), "Whether the tail with all measures is within the limit.", func(r report) any { return r.Verdict }),
		"searched":    typed.Field(typed.Required(graphql.Float), "The tail with all measures in the worlds of the search. The measures were chosen by these worlds, so this is not an estimate and has no interval.", func(r report) any { return r.Searched }),
		"optimality":  typed.Field(typed.Required(b.plans.optimality), "EXACT if no smaller set keeps the limit and no set of the same size has a smaller tail.", func(r report) any { return r.Optimality }),
		"optionCount": typed.Field(typed.Required(graphql.Int), "How many measures guard against something that the purge takes.", func(r report) any { return r.OptionCount }),
		"options": firstOf(b, graphql.NewObject(graphql.ObjectConfig{
			Name: "MeasureOption", Description: "A measure and what it does alone.", Fields: option,
		}), "The measures of which sets were tried, those that help most alone first.", reportPage, func(r report) []queries.Option { return r.Options }),
	}, "the targets'", func(r report) []queries.Ref { return r.OwnInstitutions })
	maps.Copy(fields, b.searchFields(
		func(r any) any { return strconv.FormatUint(r.(report).SearchSeed, 10) },
		func(r any) any { return r.(report).SearchSamples }, func(r any) any { return r.(report).Sets }))
	return graphql.NewObject(graphql.ObjectConfig{
		Name: "InsureReport", Description: "Which measures keep the damage of a purge within a limit. Measures are chosen in some worlds and estimated in others.", Fields: fields,
	})
}

// optionFields are those that say what a measure is.
func optionFields[S any](b *builder, kind *graphql.Enum, option func(S) queries.Option) graphql.Fields {
	return graphql.Fields{
		"kind": typed.Field(typed.Required(kind), "Its kind.", func(s S) any { return option(s).Kind }),
		"node": entityField(b, b.Entity, "The post, group, stream or institution.", func(s S) graph.ID { return option(s).Node.ID }),
		"institution": maybeInstitution(b, "The institution that a post is in; null for other measures.", func(s S) *queries.Ref {
			if at := option(s).Institution; at.ID != "" {
				return &at
			}
			return nil
		}),
		"happens": typed.Field(typed.Required(b.report.estimate), "The probability of what it guards against: that the post is vacated, the group rallies, the stream is cut, the provider fractures.", func(s S) any { return option(s).Happens }),
	}
}
