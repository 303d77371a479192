package schema

import (
	"context"
	"fmt"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/estimate"
)

// reportTypes are the types that the answers of several questions use.
type reportTypes struct {
	estimate, amount, spread, step, cause, model, network *graphql.Object
	basis                                                 basisTypes
}

func (b *builder) newReportTypes() reportTypes {
	step, model, amount := b.newStep(), b.newModel(), newAmount()
	return reportTypes{
		estimate: newEstimate(), amount: amount, spread: newSpread(), step: step, cause: b.newCause(step), model: model, basis: b.newBasisTypes(model),
		network: newNetworkState(amount),
	}
}

// newCause makes the type of one loss or hold.
func (b *builder) newCause(step *graphql.Object) *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Cause",
		Description: "One loss and the way it comes about.",
		Fields: graphql.Fields{
			"share": fieldOf(required(graphql.Float), "Share of the support that it takes, 0–1.", func(c queries.Cause) any { return c.Share }),
			"lost":  entityField(b.entity, "Whose loss it is.", func(c queries.Cause) graph.ID { return c.Lost.ID }),
			"path":  fieldOf(listOf(step), "From the target to the institution, tie by tie.", func(c queries.Cause) any { return c.Path }),
		},
	})
}

func newEstimate() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Estimate",
		Description: "A probability under the stated model, with the Wilson 95% interval of its sampling error; of an exact answer both bounds equal it.",
		Fields: graphql.Fields{
			"p":      fieldOf(required(graphql.Float), "The probability, 0–1.", func(e estimate.Estimate) any { return e.P }),
			"low":    fieldOf(required(graphql.Float), "Lower bound of the interval.", func(e estimate.Estimate) any { return e.Low }),
			"high":   fieldOf(required(graphql.Float), "Upper bound of the interval.", func(e estimate.Estimate) any { return e.High }),
			"count":  fieldOf(required(graphql.Int), "In how many worlds it happened; 0 of an exact answer.", func(e estimate.Estimate) any { return e.Count }),
			"worlds": fieldOf(required(graphql.Int), "Of how many; 0 of an exact answer.", func(e estimate.Estimate) any { return e.Worlds }),
		},
	})
}

func newAmount() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Amount",
		Description: "A mean over the worlds under the stated model, with the 95% interval of its sampling error; of an exact answer both bounds equal it.",
		Fields: graphql.Fields{
			"value": fieldOf(required(graphql.Float), "The mean.", func(a estimate.Amount) any { return a.Value }),
			"se":    fieldOf(required(graphql.Float), "Its standard error; 0 of an exact answer.", func(a estimate.Amount) any { return a.SE }),
			"low":   fieldOf(required(graphql.Float), "Lower bound of the interval.", func(a estimate.Amount) any { return a.Low }),
			"high":  fieldOf(required(graphql.Float), "Upper bound of the interval.", func(a estimate.Amount) any { return a.High }),
		},
	})
}

func newSpread() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Spread",
		Description: "How a number varies over the worlds, its mean with the 95% interval of its sampling error; of an exact answer both bounds equal it.",
		Fields: graphql.Fields{
			"mean": fieldOf(required(graphql.Float), "Its mean.", func(s estimate.Spread) any { return s.Mean }),
			"se":   fieldOf(required(graphql.Float), "The standard error of the mean; 0 of an exact answer.", func(s estimate.Spread) any { return s.SE }),
			"low":  fieldOf(required(graphql.Float), "Lower bound of the interval of the mean.", func(s estimate.Spread) any { return s.Low }),
			"high": fieldOf(required(graphql.Float), "Upper bound of the interval of the mean.", func(s estimate.Spread) any { return s.High }),
			"q05":  fieldOf(required(graphql.Int), "Its 5% quantile.", func(s estimate.Spread) any { return s.Q05 }),
			"q50":  fieldOf(required(graphql.Int), "Its median.", func(s estimate.Spread) any { return s.Q50 }),
			"q95":  fieldOf(required(graphql.Int), "Its 95% quantile.", func(s estimate.Spread) any { return s.Q95 }),
		},
	})
}

// newStep makes the type of a tie in a path.
func (b *builder) newStep() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Step",
		Description: "A tie of a path, as it is followed.",
		Fields: graphql.Fields{
			"tie": &graphql.Field{
				Type: required(b.tie), Description: "The tie, with its dates, grade and sources.",
				Resolve: withSession(func(ctx context.Context, s *session, step queries.Step, _ map[string]any) (any, error) {
					return s.tie(ctx, step.Tie), nil
				}),
			},
			"type":       fieldOf(required(b.enums.tieType), "Its type.", func(s queries.Step) any { return s.Type }),
			"from":       entityField(b.entity, "The node that the step leaves.", func(s queries.Step) graph.ID { return s.From.ID }),
			"to":         entityField(b.entity, "The node that it reaches.", func(s queries.Step) graph.ID { return s.To.ID }),
			"along":      fieldOf(required(graphql.Boolean), "False where the tie is followed from its end.", func(s queries.Step) any { return s.Along }),
			"confidence": fieldOf(required(graphql.Float), "The probability that the tie holds, 0–1.", func(s queries.Step) any { return s.Confidence }),
		},
	})
}

// firstOf makes a field that lists the first items of something worked out.
func firstOf[S, T any](b *builder, item *graphql.Object, help string, standard int, list func(S) []T) *graphql.Field {
	return &graphql.Field{
		Type: listOf(item), Description: help,
		Args: graphql.FieldConfigArgument{
			"first": {Type: graphql.Int, DefaultValue: standard, Description: fmt.Sprintf("The most to return, 0 to %d.", b.cfg.MaxPage)},
		},
		Resolve: of(func(p graphql.ResolveParams, src S) (any, error) {
			first, _, err := b.pageOf(p.Args, standard)
			if err != nil {
				return nil, err
			}
			items := list(src)
			return items[:min(first, len(items))], nil
		}),
	}
}

// entityField makes a field that finds a node by its id.
func entityField[S any](typ graphql.Output, help string, id func(S) graph.ID) *graphql.Field {
	return &graphql.Field{
		Type: required(typ), Description: help,
		Resolve: withSession(func(ctx context.Context, s *session, src S, _ map[string]any) (any, error) {
			return s.node(ctx, id(src)), nil
		}),
	}
}
