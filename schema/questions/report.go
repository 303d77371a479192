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
	estimate, amount, spread, step, cause, model, network, stake *graphql.Object
	basis                                                        basisTypes
}

func (b *builder) newReportTypes() reportTypes {
	step, model, amount, estimate := b.newStep(), b.newModel(), newAmount(), newEstimate()
	return reportTypes{
		estimate: estimate, amount: amount, spread: newSpread(), step: step, cause: b.newCause(step), model: model, basis: b.newBasisTypes(model, estimate),
		network: newNetworkState(amount), stake: b.newStake(amount),
	}
}

// newCause makes the type of one loss or hold.
func (b *builder) newCause(step *graphql.Object) *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Cause",
		Description: "One loss and how it comes about.",
		Fields: graphql.Fields{
			"share": typed.Field(typed.Required(graphql.Float), "Share of the support that it takes, 0–1.", func(c queries.Cause) any { return c.Share }),
			"lost":  entityField(b, b.Entity, "Whose loss it is.", func(c queries.Cause) graph.ID { return c.Lost.ID }),
			"path":  typed.Field(typed.List(step), "From the target to the institution, tie by tie.", func(c queries.Cause) any { return c.Path }),
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
			"confidence": typed.Field(typed.Required(graphql.Float), "The probability that the tie holds on the day, 0–1.", func(s queries.Step) any { return s.Confidence }),
			"stated":     typed.Field(typed.Required(graphql.Float), "The confidence that the record states, 0–1, before it faded with the age of its evidence.", func(s queries.Step) any { return s.Stated }),
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
