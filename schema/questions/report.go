package questions

import (
	"context"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/typed"
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
			"share": typed.Field(typed.Required(graphql.Float), "Share of the support that it takes, 0–1.", func(c queries.Cause) any { return c.Share }),
			"lost":  entityField(b, b.Entity, "Whose loss it is.", func(c queries.Cause) graph.ID { return c.Lost.ID }),
			"path":  typed.Field(typed.List(step), "From the target to the institution, tie by tie.", func(c queries.Cause) any { return c.Path }),
		},
	})
}

func newEstimate() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Estimate",
		Description: "A probability under the stated model, with the Wilson 95% interval of its sampling error; of an exact answer both bounds equal it.",
		Fields: graphql.Fields{
			"p":      typed.Field(typed.Required(graphql.Float), "The probability, 0–1.", func(e queries.Estimate) any { return e.P }),
			"low":    typed.Field(typed.Required(graphql.Float), "Lower bound of the interval.", func(e queries.Estimate) any { return e.Low }),
			"high":   typed.Field(typed.Required(graphql.Float), "Upper bound of the interval.", func(e queries.Estimate) any { return e.High }),
			"count":  typed.Field(typed.Required(graphql.Int), "In how many worlds it happened; 0 of an exact answer.", func(e queries.Estimate) any { return e.Count }),
			"worlds": typed.Field(typed.Required(graphql.Int), "Of how many; 0 of an exact answer.", func(e queries.Estimate) any { return e.Worlds }),
		},
	})
}

func newAmount() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Amount",
		Description: "A mean over the worlds under the stated model, with the 95% interval of its sampling error; of an exact answer both bounds equal it.",
		Fields: graphql.Fields{
			"value": typed.Field(typed.Required(graphql.Float), "The mean.", func(a queries.Amount) any { return a.Value }),
			"se":    typed.Field(typed.Required(graphql.Float), "Its standard error; 0 of an exact answer.", func(a queries.Amount) any { return a.SE }),
			"low":   typed.Field(typed.Required(graphql.Float), "Lower bound of the interval.", func(a queries.Amount) any { return a.Low }),
			"high":  typed.Field(typed.Required(graphql.Float), "Upper bound of the interval.", func(a queries.Amount) any { return a.High }),
		},
	})
}

func newSpread() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Spread",
		Description: "How a number varies over the worlds, its mean with the 95% interval of its sampling error; of an exact answer both bounds equal it.",
		Fields: graphql.Fields{
			"mean": typed.Field(typed.Required(graphql.Float), "Its mean.", func(s queries.Spread) any { return s.Mean }),
			"se":   typed.Field(typed.Required(graphql.Float), "The standard error of the mean; 0 of an exact answer.", func(s queries.Spread) any { return s.SE }),
			"low":  typed.Field(typed.Required(graphql.Float), "Lower bound of the interval of the mean.", func(s queries.Spread) any { return s.Low }),
			"high": typed.Field(typed.Required(graphql.Float), "Upper bound of the interval of the mean.", func(s queries.Spread) any { return s.High }),
			"q05":  typed.Field(typed.Required(graphql.Int), "Its 5% quantile.", func(s queries.Spread) any { return s.Q05 }),
			"q50":  typed.Field(typed.Required(graphql.Int), "Its median.", func(s queries.Spread) any { return s.Q50 }),
			"q95":  typed.Field(typed.Required(graphql.Int), "Its 95% quantile.", func(s queries.Spread) any { return s.Q95 }),
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
				Type: typed.Required(b.Tie), Description: "The tie, with its dates, grade and sources.",
				Resolve: inRequest(b, func(ctx context.Context, req Request, step queries.Step, _ map[string]any) (any, error) {
					return req.Tie(ctx, step.Tie), nil
				}),
			},
			"type":       typed.Field(typed.Required(b.TieType), "Its type.", func(s queries.Step) any { return s.Type }),
			"from":       entityField(b, b.Entity, "The node that the step leaves.", func(s queries.Step) graph.ID { return s.From.ID }),
			"to":         entityField(b, b.Entity, "The node that it reaches.", func(s queries.Step) graph.ID { return s.To.ID }),
			"along":      typed.Field(typed.Required(graphql.Boolean), "False where the tie is followed from its end.", func(s queries.Step) any { return s.Along }),
			"confidence": typed.Field(typed.Required(graphql.Float), "The probability that the tie holds, 0–1.", func(s queries.Step) any { return s.Confidence }),
		},
	})
}

// firstOf makes a field that lists the first items of something worked out.
func firstOf[S, T any](b *builder, item *graphql.Object, help string, standard int, list func(S) []T) *graphql.Field {
	return &graphql.Field{
		Type: typed.List(item), Description: help,
		Args: graphql.FieldConfigArgument{
			"first": typed.FirstArg(standard, b.cfg.MaxPage),
		},
		Resolve: typed.Resolve(func(p graphql.ResolveParams, src S) (any, error) {
			first, err := typed.First(p.Args, standard, b.cfg.MaxPage)
			if err != nil {
				return nil, err
			}
			items := list(src)
			return items[:min(first, len(items))], nil
		}),
	}
}

// entityField makes a field that finds a node by its id.
func entityField[S any](b *builder, typ graphql.Output, help string, id func(S) graph.ID) *graphql.Field {
	return &graphql.Field{
		Type: typed.Required(typ), Description: help,
		Resolve: inRequest(b, func(ctx context.Context, req Request, src S, _ map[string]any) (any, error) {
			return req.Node(ctx, id(src)), nil
		}),
	}
}
