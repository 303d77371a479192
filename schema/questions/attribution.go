package questions

import (
	"context"
	"fmt"
	"strconv"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/typed"
)

// attributionQuestion is the root field that asks which of several targets makes the
// damage of their purge.
func (b *builder) attributionQuestion() Question {
	args := typed.Args(b.pictureArgs(), b.drawArgs(), graphql.FieldConfigArgument{
		"targets":     targetsArg,
		"institution": institutionArg("the number of institutions fractured is attributed"),
		"threshold":   {Type: graphql.Float, DefaultValue: queries.DefaultSufficient, Description: "The probability from which a set of targets suffices to fracture an institution, above 0 to 1."},
		"model":       {Type: b.modelInput, Description: "Parameters of the model that differ from the defaults."},
	})
	return askedBy(b, "attribution",
		"How much of the damage of a purge is due to each of its targets: purged alone, spared alone, and on average over all orders. "+inSameWorlds,
		b.newAttributionReport(), args, b.readAttribution)
}

func (b *builder) readAttribution(ctx context.Context, req Request, args map[string]any) (in queries.AttributionInput, err error) {
	if in.Draw, err = b.drawOf(args, queries.DefaultSamples); err != nil {
		return in, err
	}
	if in.Threshold, err = shareArg(args, "threshold", queries.DefaultSufficient); err != nil {
		return in, err
	}
	if in.Threshold == 0 {
		return in, typed.BadInput("threshold: 0 is not above 0")
	}
	sc, err := b.scenario(ctx, req, "targets", args["targets"], args["model"])
	if err != nil {
		return in, err
	}
	in.Targets, in.Params = sc.Targets, sc.Params
	in.Institution, err = askedInstitution(ctx, req, args)
	return in, err
}

func (b *builder) newAttributionReport() *graphql.Object {
	share := graphql.NewObject(graphql.ObjectConfig{
		Name:        "AttributedShare",
		Description: "One target's part in the damage. The three figures differ if targets are redundant or only work together.",
		Fields: graphql.Fields{
			"target":  entityField(b, b.Entity, "The target.", func(a queries.Attributed) graph.ID { return a.ID }),
			"solo":    typed.Field(typed.Required(b.report.amount), "The damage if it alone is purged.", func(a queries.Attributed) any { return a.Solo }),
			"lastOut": typed.Field(typed.Required(b.report.amount), "How much damage is avoided if it alone is spared.", func(a queries.Attributed) any { return a.LastOut }),
			"shapley": typed.Field(typed.Required(b.report.amount), "Its Shapley value: what it adds on average over all orders of the targets. The values sum to the whole damage.", func(a queries.Attributed) any { return a.Shapley }),
		},
	})
	set := graphql.NewObject(graphql.ObjectConfig{
		Name:        "SufficientSet",
		Description: "A set of targets that suffices to fracture an institution, and of which no proper subset does.",
		Fields: graphql.Fields{
			"targets":   refsField(b, "The targets.", func(s queries.SufficientSet) []queries.Ref { return s.Targets }),
			"fractured": typed.Field(typed.Required(b.report.estimate), "The probability that their purge fractures it.", func(s queries.SufficientSet) any { return s.Fractured }),
			"close":     typed.Field(typed.Required(graphql.Boolean), "The interval contains the threshold, or the interval of a subset reaches it. Other worlds might give another result.", func(s queries.SufficientSet) any { return s.Close }),
		},
	})
	sufficient := graphql.NewObject(graphql.ObjectConfig{
		Name:        "Sufficient",
		Description: "The minimal sets of targets that suffice to fracture an institution.",
		Fields: graphql.Fields{
			"institution": entityField(b, b.Kinds[graph.Institution], "The institution.", func(s queries.Sufficient) graph.ID { return s.ID }),
			"own":         ownMark("some target's", func(s queries.Sufficient) bool { return s.Own }),
			"fractured":   typed.Field(typed.Required(b.report.estimate), "The probability that the whole purge fractures it.", func(s queries.Sufficient) any { return s.Fractured }),
			"setCount":    typed.Field(typed.Required(graphql.Int), "How many sets there are.", func(s queries.Sufficient) any { return len(s.Sets) }),
			"sets":        firstOf(b, set, "The sets, the smallest first.", reportPage, func(s queries.Sufficient) []queries.SufficientSet { return s.Sets }),
		},
	})
	type report = *queries.AttributionReport
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "AttributionReport",
		Description: "How much of the damage of a purge is due to each of its targets.",
		Fields: ownFields(b, graphql.Fields{
			"basis":        typed.Field(typed.Required(b.report.basis.purge), "What the answer rests on.", func(r report) any { return r.Basis }),
			"institution":  maybeInstitution(b, "The institution whose fracture is attributed; null for the number of institutions of the state fractured.", func(r report) *queries.Ref { return r.Institution }),
			"whole":        typed.Field(typed.Required(b.report.amount), "The damage of the whole purge: a probability, or a number of institutions of the state. What is some target's own is no damage, in whatever set.", func(r report) any { return r.Whole }),
			"ownFractured": typed.Field(typed.Required(b.report.amount), "The number of the targets' own institutions that the whole purge fractures on average.", func(r report) any { return r.OwnFractured }),
			"shares":       typed.Field(typed.List(share), "The targets, the largest share first.", func(r report) any { return r.Shares }),
			"subsets":      typed.Field(typed.Required(graphql.Boolean), fmt.Sprintf("True: every subset of the targets was purged, as is done for up to %d targets. False: orders of the targets were drawn.", queries.MaxSubsets), func(r report) any { return r.Subsets }),
			"freshSeed":    typed.Field(typed.Required(graphql.String), "Seed of the worlds, as many again, in which the sets that suffice were judged; 0 if they were judged in the worlds of the basis.", func(r report) any { return strconv.FormatUint(r.FreshSeed, 10) }),
			"orders":       typed.Field(typed.Required(graphql.Int), "How many orders were drawn.", func(r report) any { return r.Orders }),
			"threshold":    typed.Field(typed.Required(graphql.Float), "The probability from which a set suffices.", func(r report) any { return r.Threshold }),
			"sufficientCount": typed.Field(typed.Required(graphql.Int), "How many institutions the whole purge fractures with at least the threshold; 0 where orders were drawn.",
				func(r report) any { return len(r.Sufficient) }),
			"sufficient": firstOf(b, sufficient, "The institutions that the whole purge fractures with at least the threshold, with the sets that suffice, the likeliest first; some target's own last.", reportPage, func(r report) []queries.Sufficient { return r.Sufficient }),
		}, "some target's", func(r report) []queries.Ref { return r.OwnInstitutions }),
	})
}
