package questions

import (
	"maps"

	"github.com/graphql-go/graphql"

	"entangle/queries/estimate"
	"entangle/schema/typed"
)

// The types of what is estimated over the worlds: a probability, a mean, how a number
// varies.

func newEstimate() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Estimate",
		Description: "A probability under the stated model, with the Wilson 95% interval of its sampling error; of an exact answer both bounds equal it.",
		Fields: graphql.Fields{
			"p":      typed.Field(typed.Required(graphql.Float), "The probability, 0–1.", func(e estimate.Estimate) any { return e.P }),
			"low":    typed.Field(typed.Required(graphql.Float), "Lower bound of the interval.", func(e estimate.Estimate) any { return e.Low }),
			"high":   typed.Field(typed.Required(graphql.Float), "Upper bound of the interval.", func(e estimate.Estimate) any { return e.High }),
			"count":  typed.Field(typed.Required(graphql.Int), "In how many worlds it happened; 0 of an exact answer.", func(e estimate.Estimate) any { return e.Count }),
			"worlds": typed.Field(typed.Required(graphql.Int), "Of how many; 0 of an exact answer.", func(e estimate.Estimate) any { return e.Worlds }),
		},
	})
}

func newAmount() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Amount",
		Description: "A mean over the worlds under the stated model, with the 95% interval of its sampling error; of an exact answer both bounds equal it.",
		Fields: meanFields(meanHelp{
			name: "value", mean: "The mean.", se: "Its standard error; 0 of an exact answer.",
			low: "Lower bound of the interval.", high: "Upper bound of the interval.",
		}, func(a estimate.Amount) estimate.Amount { return a }),
	})
}

func newSpread() *graphql.Object {
	fields := meanFields(meanHelp{
		name: "mean", mean: "Its mean.", se: errorOfMean,
		low: "Lower bound of the interval of the mean.", high: "Upper bound of the interval of the mean.",
	}, func(s estimate.Spread) estimate.Amount {
		return estimate.Amount{Value: s.Mean, SE: s.SE, Low: s.Low, High: s.High}
	})
	maps.Copy(fields, quantileFields(graphql.Int, ".", func(s estimate.Spread) [3]int { return [3]int{s.Q05, s.Q50, s.Q95} }))
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Spread",
		Description: "How a number varies over the worlds, its mean with the 95% interval of its sampling error; of an exact answer both bounds equal it.",
		Fields:      fields,
	})
}

const errorOfMean = "The standard error of the mean; 0 of an exact answer."

// meanHelp is the name of the field that has a mean, and the help of its fields.
type meanHelp struct{ name, mean, se, low, high string }

// besideOthers is the help of a mean that stands among other figures.
func besideOthers(mean string) meanHelp {
	return meanHelp{
		name: "mean", mean: mean, se: errorOfMean,
		low: "Lower bound of the 95% interval of the mean; of an exact answer both bounds equal it.", high: "Upper bound of that interval.",
	}
}

// meanFields tell a mean over the worlds with its standard error and its interval.
func meanFields[S any](help meanHelp, of func(S) estimate.Amount) graphql.Fields {
	field := func(help string, get func(estimate.Amount) float64) *graphql.Field {
		return typed.Field(typed.Required(graphql.Float), help, func(s S) any { return get(of(s)) })
	}
	return graphql.Fields{
		help.name: field(help.mean, func(a estimate.Amount) float64 { return a.Value }),
		"se":      field(help.se, func(a estimate.Amount) float64 { return a.SE }),
		"low":     field(help.low, func(a estimate.Amount) float64 { return a.Low }),
		"high":    field(help.high, func(a estimate.Amount) float64 { return a.High }),
	}
}

// quantileFields tell the quantiles at 5, 50 and 95% of a number over the worlds; end
// closes the sentences of their help.
func quantileFields[S any, N int | float64](typ graphql.Output, end string, of func(S) [3]N) graphql.Fields {
	field := func(help string, i int) *graphql.Field {
		return typed.Field(typed.Required(typ), help+end, func(s S) any { return of(s)[i] })
	}
	return graphql.Fields{"q05": field("Its 5% quantile", 0), "q50": field("Its median", 1), "q95": field("Its 95% quantile", 2)}
}
