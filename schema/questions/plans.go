package questions

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
	"entangle/schema/typed"
)

// What the questions share that search for a plan: a set of groups, an order, a set
// of measures.

// planTypes are the types of these questions.
type planTypes struct {
	weights             *graphql.InputObject
	weight, risk        *graphql.Object
	optimality, verdict *graphql.Enum
}

func (b *builder) newPlanTypes() planTypes {
	return planTypes{
		weights: graphql.NewInputObject(graphql.InputObjectConfig{
			Name:        "WeightInput",
			Description: "How much the fracture of an institution counts, or of institutions of a type. An institution counts as itself, else as the first of its types that has a weight, else 1. What is a candidate's own is weighed apart, unless a weight names the institution.",
			Fields: graphql.InputObjectConfigFieldMap{
				"weight":      {Type: typed.Required(graphql.Float), Description: "The weight, 0 to 1000 in thousandths. An institution of weight 0 may break."},
				"type":        {Type: graphql.String, Description: "A type of institution."},
				"institution": {Type: graphql.String, Description: "One institution, as an id, key, alias or whole name."},
			},
		}),
		weight: graphql.NewObject(graphql.ObjectConfig{
			Name:        "Weight",
			Description: "How much the fracture of an institution counts, or of institutions of a type.",
			Fields: graphql.Fields{
				"weight":      typed.Field(typed.Required(graphql.Float), "The weight.", func(w weightRow) any { return w.weight }),
				"type":        typed.Field(graphql.String, "The type of institution.", func(w weightRow) any { return typed.TextOrNull(w.typ) }),
				"institution": typed.Field(graphql.ID, "The institution.", func(w weightRow) any { return b.institutionOrNull(w.institution) }),
			},
		}),
		risk: graphql.NewObject(graphql.ObjectConfig{
			Name:        "Risk",
			Description: "An institution with the probability that it fractures.",
			Fields: graphql.Fields{
				"institution": entityField(b, b.Kinds[graph.Institution], "The institution.", func(r queries.Risk) graph.ID { return r.ID }),
				"own":         ownMark("a candidate's", func(r queries.Risk) bool { return r.Own }),
				"weight":      typed.Field(typed.Required(graphql.Float), "How much it counts.", func(r queries.Risk) any { return r.Weight }),
				"fractured":   typed.Field(typed.Required(b.report.estimate), "The probability.", func(r queries.Risk) any { return r.Fractured }),
			},
		}),
		optimality: typed.Enum("Optimality", "How good the search was, in the worlds of the search. The result is estimated again in other worlds.", []typed.Value{
			{Name: string(queries.ExactSearch), Go: queries.ExactSearch, Help: "No plan is better: every alternative was compared or excluded by a bound."},
			{Name: string(queries.HeuristicSearch), Go: queries.HeuristicSearch, Help: "A good plan; a better one may exist."},
		}),
		verdict: typed.Enum("Verdict", "Whether a figure stays within a limit, by its interval.", []typed.Value{
			{Name: string(queries.Within), Go: queries.Within, Help: "The whole interval is within the limit."},
			{Name: string(queries.Unclear), Go: queries.Unclear, Help: "The limit lies inside the interval."},
			{Name: string(queries.Beyond), Go: queries.Beyond, Help: "The whole interval is above the limit."},
		}),
	}
}

// planArgs are the arguments of these questions.
func (b *builder) planArgs() graphql.FieldConfigArgument {
	return typed.Args(b.pictureArgs(), b.drawArgs(), graphql.FieldConfigArgument{
		"weights": {Type: graphql.NewList(typed.Required(b.plans.weights)), Description: "How much the fracture of institutions counts, where it is not 1."},
		"search":  {Type: graphql.Int, DefaultValue: min(queries.DefaultSearch, b.cfg.MaxSearch), Description: fmt.Sprintf("Number of worlds in which is searched, 1 to %d; samples other worlds, with a seed derived from this one, estimate the result.", b.cfg.MaxSearch)},
		"model":   {Type: b.modelInput, Description: "Parameters of the model that differ from the defaults."},
	})
}

// plan is what these questions have in common.
type plan struct {
	worlds.Draw
	params  worlds.Params
	weights queries.Weights
	search  int
}

func (b *builder) readPlan(ctx context.Context, req Request, args map[string]any) (p plan, err error) {
	p.params = worlds.DefaultParams()
	if p.Draw, err = b.drawOf(args, queries.DefaultSamples); err != nil {
		return p, err
	}
	if p.search, err = whole(args, "search", min(queries.DefaultSearch, b.cfg.MaxSearch), 1, b.cfg.MaxSearch); err != nil {
		return p, err
	}
	if err := b.readModel(ctx, req, &p.params, args["model"]); err != nil {
		return p, err
	}
	p.weights = queries.Weights{ByType: map[string]float64{}, ByInstitution: map[graph.ID]float64{}}
	list, _ := args["weights"].([]any)
	for _, item := range list {
		if err := readWeight(ctx, req, &p.weights, item.(map[string]any)); err != nil {
			return p, err
		}
	}
	return p, nil
}

func readWeight(ctx context.Context, req Request, w *queries.Weights, in map[string]any) error {
	typ, ofType := in["type"].(string)
	name, ofOne := in["institution"].(string)
	switch weight := in["weight"].(float64); {
	case ofType == ofOne:
		return typed.BadInput("weights: a weight is for a type or for an institution: give one of them")
	case ofType:
		typ, err := institutionType("weights", typ)
		if err != nil {
			return err
		}
		return once(w.ByType, typ, weight, "weights", fmt.Sprintf("type %q", typ))
	default:
		ids, err := req.Refs(ctx, "weights", []graph.Kind{graph.Institution}, []string{name})
		if err != nil {
			return err
		}
		return once(w.ByInstitution, ids[0], weight, "weights", fmt.Sprintf("institution %q", name))
	}
}

// institutionType reads a type of institution that something is said of.
func institutionType(at, word string) (string, error) {
	if err := typed.Spelled(word, graph.Institution.Info().Types); err != nil {
		return "", typed.BadInput("%s: %w", at, err)
	}
	return word, nil
}

// weightRow is an entry of the weights that were given.
type weightRow struct {
	typ         string
	institution graph.ID
	weight      float64
}

func weightRows(w queries.Weights) []weightRow {
	var out []weightRow
	for _, typ := range slices.Sorted(maps.Keys(w.ByType)) {
		out = append(out, weightRow{typ: typ, weight: w.ByType[typ]})
	}
	for _, id := range slices.Sorted(maps.Keys(w.ByInstitution)) {
		out = append(out, weightRow{institution: id, weight: w.ByInstitution[id]})
	}
	return out
}

// weightsField is the field with the weights of a question.
func weightsField[S any](b *builder, weights func(S) queries.Weights) *graphql.Field {
	return typed.Field(typed.List(b.plans.weight), "How much the fracture of institutions counts, where it is not 1.", func(s S) any { return weightRows(weights(s)) })
}

// searchFields are the fields of a report that tell how was searched.
func (b *builder) searchFields(seed, samples, sets func(any) any) graphql.Fields {
	field := func(typ graphql.Output, help string, get func(any) any) *graphql.Field {
		return &graphql.Field{Type: typed.Required(typ), Description: help, Resolve: func(p graphql.ResolveParams) (any, error) { return get(p.Source), nil }}
	}
	return graphql.Fields{
		"searchSeed":    field(graphql.String, "Seed of the worlds of the search, a whole number.", seed),
		"searchSamples": field(graphql.Int, "Number of worlds of the search; 0 where it went through all.", samples),
		"simulated":     field(graphql.Int, "How many purges the search simulated.", sets),
	}
}
