package questions

import (
	"maps"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/schema/typed"
)

// newOutcome makes the type of what befalls one institution.
func (b *builder) newOutcome() *graphql.Object {
	waves := meanFields(besideOthers("The mean wave."), func(w *queries.WaveOutcome) estimate.Amount {
		return estimate.Amount{Value: w.Mean, SE: w.SE, Low: w.Low, High: w.High}
	})
	waves["mode"] = typed.Field(typed.Required(graphql.Int), "The most frequent wave.", func(w *queries.WaveOutcome) any { return w.Mode })
	waves["earliest"] = typed.Field(typed.Required(graphql.Int), "The earliest wave.", func(w *queries.WaveOutcome) any { return w.Earliest })
	wave := graphql.NewObject(graphql.ObjectConfig{
		Name:        "WaveOutcome",
		Description: "In which wave an institution fractures, over the worlds in which it does; wave 0 is the strike itself.",
		Fields:      waves,
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "InstitutionOutcome",
		Description: "What happens to one institution.",
		Fields: graphql.Fields{
			"institution":   entityField(b, b.Kinds[graph.Institution], "The institution.", func(o queries.Outcome) graph.ID { return o.ID }),
			"own":           ownMark("the targets'", func(o queries.Outcome) bool { return o.Own }),
			"fractured":     typed.Field(typed.Required(b.report.estimate), "The probability that it is fractured or collapsed.", func(o queries.Outcome) any { return o.Fractured }),
			"noData":        typed.Field(typed.Required(graphql.Boolean), "None of its supports has data in any world: nothing can be said of it, and its probabilities are as wide as can be.", func(o queries.Outcome) any { return o.NoData }),
			"least":         typed.Field(b.report.estimate, "Only if groups change sides for ever in some world (basis.circling), otherwise null: the probability that the institution fractures in every state of such a world. fractured then counts worlds in which it does in some state.", func(o queries.Outcome) any { return maybe(o.Least) }),
			"intact":        typed.Field(typed.Required(b.report.estimate), "The probability that it is not touched. The four classes sum to 1.", func(o queries.Outcome) any { return o.Intact }),
			"strained":      typed.Field(typed.Required(b.report.estimate), "The probability that it is touched and stands.", func(o queries.Outcome) any { return o.Strained }),
			"fracturedOnly": typed.Field(typed.Required(b.report.estimate), "The probability that it is fractured and not collapsed.", func(o queries.Outcome) any { return o.FracturedOnly }),
			"collapsed":     typed.Field(typed.Required(b.report.estimate), "The probability that it is collapsed: two supports under their need, or one under its floor.", func(o queries.Outcome) any { return o.Collapsed }),
			"supports":      typed.Field(typed.List(b.newSupportOutcome()), "The supports that have data in some world.", func(o queries.Outcome) any { return o.Supports }),
			"wave":          typed.Field(wave, "When it fractures; null where it never does.", func(o queries.Outcome) any { return o.Wave }),
			"coverage":      typed.Field(typed.Required(graphql.Float), "Share of its leading posts for which a holder is on record, 0–1.", func(o queries.Outcome) any { return o.Coverage }),
			"why":           typed.Field(b.newWitness(), "One world that shows how it fractures; null beyond the number of institutions that explain asks for.", func(o queries.Outcome) any { return o.Why }),
		},
	})
}

func (b *builder) newSupportOutcome() *graphql.Object {
	fields := graphql.Fields{
		"support": typed.Field(typed.Required(b.support), "The support.", func(s queries.SupportOutcome) any { return s.Support }),
		"need":    typed.Field(typed.Required(graphql.Float), needHelp, func(s queries.SupportOutcome) any { return s.Requirement.Need }),
		"floor":   typed.Field(typed.Required(graphql.Float), floorHelp, func(s queries.SupportOutcome) any { return s.Requirement.Floor }),
		"data":    typed.Field(typed.Required(b.report.estimate), "The probability that it has data.", func(s queries.SupportOutcome) any { return s.Data }),
		"below":   typed.Field(typed.Required(b.report.estimate), "The probability, over all worlds, that it is under its need.", func(s queries.SupportOutcome) any { return s.Below }),
		"records": typed.Field(typed.Required(b.report.amount), "Part of the figure that rests on records, on average; the rest rests on aggregate claims.", func(s queries.SupportOutcome) any { return s.Records }),
	}
	maps.Copy(fields, meanFields(besideOthers("Mean of the retained share over the worlds in which it has data."), func(s queries.SupportOutcome) estimate.Amount {
		return estimate.Amount{Value: s.Mean, SE: s.SE, Low: s.Low, High: s.High}
	}))
	maps.Copy(fields, quantileFields(graphql.Float, ", rounded down to a hundredth.", func(s queries.SupportOutcome) [3]float64 {
		return [3]float64{s.Q05, s.Q50, s.Q95}
	}))
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "SupportOutcome",
		Description: "What an institution keeps of one support, over the worlds. A share is relative to the same world before the purge.",
		Fields:      fields,
	})
}

// newWitness makes the type of the explanation.
func (b *builder) newWitness() *graphql.Object {
	failed := graphql.NewObject(graphql.ObjectConfig{
		Name:        "FailedSupport",
		Description: "A support that fell in the world of a witness.",
		Fields: graphql.Fields{
			"support":  typed.Field(typed.Required(b.support), "The support.", func(f queries.FailedSupport) any { return f.Support }),
			"retained": typed.Field(typed.Required(graphql.Float), "The share retained in that world, 0–1.", func(f queries.FailedSupport) any { return f.Retained }),
			"need":     typed.Field(typed.Required(graphql.Float), needHelp, func(f queries.FailedSupport) any { return f.Need }),
			"causes": firstOf(b, b.report.cause, "The losses behind it, the heaviest first.", causePage,
				func(f queries.FailedSupport) []queries.Cause { return f.Causes }),
			"causeCount": typed.Field(typed.Required(graphql.Int), "How many losses are behind it; the list may be shorter.", func(f queries.FailedSupport) any { return len(f.Causes) + f.More }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Witness",
		Description: "What happens to an institution in one world: the first world in which it fractured in its most frequent wave. If it never fractured, the first world in which it was strained.",
		Fields: graphql.Fields{
			"world":     typed.Field(typed.Required(graphql.Int), "Number of the world: with the seed it can be replayed.", func(w *queries.Witness) any { return w.World }),
			"wave":      typed.Field(typed.Required(graphql.Int), "The wave in which it fell.", func(w *queries.Witness) any { return w.Wave }),
			"fractured": typed.Field(typed.Required(graphql.Boolean), "False where it is strained only.", func(w *queries.Witness) any { return w.Fractured }),
			"failed": firstOf(b, failed, "The supports that fell there, the most damaged first.", failedPage,
				func(w *queries.Witness) []queries.FailedSupport { return w.Failed }),
			"failedCount": typed.Field(typed.Required(graphql.Int), "How many fell there.", func(w *queries.Witness) any { return len(w.Failed) }),
		},
	})
}
