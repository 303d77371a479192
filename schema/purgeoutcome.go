package schema

import (
	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
)

// newOutcome makes the type of what befalls one institution.
func (b *builder) newOutcome() *graphql.Object {
	wave := graphql.NewObject(graphql.ObjectConfig{
		Name:        "WaveOutcome",
		Description: "In which wave an institution fractures, over the worlds in which it does; wave 0 is the strike itself.",
		Fields: graphql.Fields{
			"mode":     fieldOf(required(graphql.Int), "The most frequent wave.", func(w *queries.WaveOutcome) any { return w.Mode }),
			"earliest": fieldOf(required(graphql.Int), "The earliest wave.", func(w *queries.WaveOutcome) any { return w.Earliest }),
			"mean":     fieldOf(required(graphql.Float), "The mean wave.", func(w *queries.WaveOutcome) any { return w.Mean }),
			"se":       fieldOf(required(graphql.Float), "The standard error of the mean; 0 of an exact answer.", func(w *queries.WaveOutcome) any { return w.SE }),
			"low":      fieldOf(required(graphql.Float), "Lower bound of the 95% interval of the mean; of an exact answer both bounds equal it.", func(w *queries.WaveOutcome) any { return w.Low }),
			"high":     fieldOf(required(graphql.Float), "Upper bound of that interval.", func(w *queries.WaveOutcome) any { return w.High }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "InstitutionOutcome",
		Description: "What befalls one institution.",
		Fields: graphql.Fields{
			"institution":   entityField(b.objects[graph.Institution], "The institution.", func(o queries.Outcome) graph.ID { return o.ID }),
			"own":           fieldOf(required(graphql.Boolean), "Whether it is the targets' own: a target holds it by a CONTROLS of stated confidence 0.5 or more and stated weight above 0.5, in another form than a portfolio, or it is under the command of one so held.", func(o queries.Outcome) any { return o.Own }),
			"fractured":     fieldOf(required(b.report.estimate), "The probability that it is fractured or collapsed.", func(o queries.Outcome) any { return o.Fractured }),
			"intact":        fieldOf(required(b.report.estimate), "The probability that it is not touched. The four classes sum to 1.", func(o queries.Outcome) any { return o.Intact }),
			"strained":      fieldOf(required(b.report.estimate), "The probability that it is touched and stands.", func(o queries.Outcome) any { return o.Strained }),
			"fracturedOnly": fieldOf(required(b.report.estimate), "The probability that it is fractured and not collapsed.", func(o queries.Outcome) any { return o.FracturedOnly }),
			"collapsed":     fieldOf(required(b.report.estimate), "The probability that it is collapsed: two supports under their need, or one under its floor.", func(o queries.Outcome) any { return o.Collapsed }),
			"supports":      fieldOf(listOf(b.newSupportOutcome()), "The supports that have data in some world.", func(o queries.Outcome) any { return o.Supports }),
			"wave":          fieldOf(wave, "When it fractures; null where it never does.", func(o queries.Outcome) any { return o.Wave }),
			"coverage":      fieldOf(required(graphql.Float), "Share of its leading posts for which a holder is on record, 0–1.", func(o queries.Outcome) any { return o.Coverage }),
			"why":           fieldOf(b.newWitness(), "One world that shows how it comes about; null beyond the number asked for by explain.", func(o queries.Outcome) any { return o.Why }),
		},
	})
}

func (b *builder) newSupportOutcome() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "SupportOutcome",
		Description: "How one support of an institution fares over the worlds. Shares are of the same world before the purge.",
		Fields: graphql.Fields{
			"support": fieldOf(required(b.enums.support), "The support.", func(s queries.SupportOutcome) any { return s.Support }),
			"need":    fieldOf(required(graphql.Float), needHelp, func(s queries.SupportOutcome) any { return s.Requirement.Need }),
			"floor":   fieldOf(required(graphql.Float), floorHelp, func(s queries.SupportOutcome) any { return s.Requirement.Floor }),
			"data":    fieldOf(required(b.report.estimate), "The probability that it has data.", func(s queries.SupportOutcome) any { return s.Data }),
			"mean":    fieldOf(required(graphql.Float), "Mean of the retained share over the worlds in which it has data.", func(s queries.SupportOutcome) any { return s.Mean }),
			"se":      fieldOf(required(graphql.Float), "The standard error of the mean; 0 of an exact answer.", func(s queries.SupportOutcome) any { return s.SE }),
			"low":     fieldOf(required(graphql.Float), "Lower bound of the 95% interval of the mean; of an exact answer both bounds equal it.", func(s queries.SupportOutcome) any { return s.Low }),
			"high":    fieldOf(required(graphql.Float), "Upper bound of that interval.", func(s queries.SupportOutcome) any { return s.High }),
			"q05":     fieldOf(required(graphql.Float), "Its 5% quantile, rounded down to a hundredth.", func(s queries.SupportOutcome) any { return s.Q05 }),
			"q50":     fieldOf(required(graphql.Float), "Its median, rounded down to a hundredth.", func(s queries.SupportOutcome) any { return s.Q50 }),
			"q95":     fieldOf(required(graphql.Float), "Its 95% quantile, rounded down to a hundredth.", func(s queries.SupportOutcome) any { return s.Q95 }),
			"below":   fieldOf(required(b.report.estimate), "The probability, over all worlds, that it is under its need.", func(s queries.SupportOutcome) any { return s.Below }),
			"records": fieldOf(required(b.report.amount), "Part of the figure that rests on records, on average; the rest rests on aggregate claims.", func(s queries.SupportOutcome) any { return s.Records }),
		},
	})
}

// newWitness makes the type of the explanation.
func (b *builder) newWitness() *graphql.Object {
	failed := graphql.NewObject(graphql.ObjectConfig{
		Name:        "FailedSupport",
		Description: "A support that fell in the world of a witness.",
		Fields: graphql.Fields{
			"support":  fieldOf(required(b.enums.support), "The support.", func(f queries.FailedSupport) any { return f.Support }),
			"retained": fieldOf(required(graphql.Float), "What is left of it there, 0–1.", func(f queries.FailedSupport) any { return f.Retained }),
			"need":     fieldOf(required(graphql.Float), needHelp, func(f queries.FailedSupport) any { return f.Need }),
			"causes": firstOf(b, b.report.cause, "The losses behind it, the heaviest first.", causePage,
				func(f queries.FailedSupport) []queries.Cause { return f.Causes }),
			"causeCount": fieldOf(required(graphql.Int), "How many losses are behind it; not all of them are told.", func(f queries.FailedSupport) any { return len(f.Causes) + f.More }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Witness",
		Description: "An institution's fate in one world: the first of its most frequent wave in which it fractured, or, where it never did, the first in which it was strained.",
		Fields: graphql.Fields{
			"world":     fieldOf(required(graphql.Int), "Number of the world: with the seed it can be replayed.", func(w *queries.Witness) any { return w.World }),
			"wave":      fieldOf(required(graphql.Int), "The wave in which it fell.", func(w *queries.Witness) any { return w.Wave }),
			"fractured": fieldOf(required(graphql.Boolean), "False where it is strained only.", func(w *queries.Witness) any { return w.Fractured }),
			"failed": firstOf(b, failed, "The supports that fell there, the most damaged first.", failedPage,
				func(w *queries.Witness) []queries.FailedSupport { return w.Failed }),
			"failedCount": fieldOf(required(graphql.Int), "How many fell there.", func(w *queries.Witness) any { return len(w.Failed) }),
		},
	})
}
