package questions

import (
	"context"
	"math"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
	"entangle/schema/typed"
)

// What the questions share that simulate several purges in the same worlds.

const inSameWorlds = "Every probability is conditional on the stated model and its parameters; intervals cover sampling error only."

var targetsArg = &graphql.ArgumentConfig{
	Type: typed.List(graphql.String), Description: "What is struck: groups, persons and posts; revenue streams, which are cut; institutions, which are disbanded. Ids, keys, aliases, or whole names that only one of them has.",
}

// drawArgsOf are drawArgs with another default number of worlds.
func (b *builder) drawArgsOf(samples int) graphql.FieldConfigArgument {
	args := b.drawArgs()
	args["samples"].DefaultValue = min(samples, b.cfg.MaxSamples)
	return args
}

// drawOf reads these arguments.
func (b *builder) drawOf(args map[string]any, samples int) (worlds.Draw, error) {
	d := worlds.Draw{Method: worlds.Auto, Workers: b.cfg.Workers, Progress: b.cfg.Progress}
	if m, ok := args["method"].(worlds.Method); ok {
		d.Method = m
	}
	var err error
	if d.Samples, err = whole(args, "samples", min(samples, b.cfg.MaxSamples), 1, b.cfg.MaxSamples); err != nil {
		return d, err
	}
	seed, err := whole(args, "seed", queries.DefaultSeed, 0, math.MaxInt32)
	d.Seed = uint64(seed)
	return d, err
}

// scenario reads what is struck, which the argument arg says, and the model of a purge.
func (b *builder) scenario(ctx context.Context, req Request, arg string, targets, model any) (sc queries.Scenario, err error) {
	sc.Params = worlds.DefaultParams()
	if err := b.readModel(ctx, req, &sc.Params, model); err != nil {
		return sc, err
	}
	sc.Targets, err = req.Refs(ctx, arg, targetKinds, texts(targets))
	return sc, err
}

// askedInstitution finds the institution that an argument names, none where it is
// left out.
func askedInstitution(ctx context.Context, req Request, args map[string]any) (graph.ID, error) {
	name, ok := args["institution"].(string)
	if !ok {
		return "", nil
	}
	ids, err := req.Refs(ctx, "institution", []graph.Kind{graph.Institution}, []string{name})
	if err != nil {
		return "", err
	}
	return ids[0], nil
}

// institutionArg names the institution in question.
func institutionArg(instead string) *graphql.ArgumentConfig {
	return &graphql.ArgumentConfig{
		Type: graphql.String, Description: "The institution in question, as an id, key, alias or whole name; where left out, " + instead + ".",
	}
}

// shareArg reads a number between 0 and 1.
func shareArg(args map[string]any, name string, standard float64) (float64, error) {
	f, ok := args[name].(float64)
	if !ok {
		return standard, nil
	}
	if !(f >= 0 && f <= 1) {
		return 0, typed.BadInput("%s: %g is outside 0 to 1", name, f)
	}
	return f, nil
}

// refsField lists nodes that a report names.
func refsField[S any](b *builder, help string, refs func(S) []queries.Ref) *graphql.Field {
	return &graphql.Field{
		Type: typed.List(b.Entity), Description: help,
		Resolve: inRequest(b, func(ctx context.Context, req Request, src S, _ map[string]any) (any, error) {
			return refNodes(ctx, req, refs(src)), nil
		}),
	}
}

// namedField lists the nodes that a question named, null where it named none.
func namedField[S any](b *builder, refs func(S) []queries.Ref) *graphql.Field {
	return &graphql.Field{
		Type: graphql.NewList(typed.Required(b.Entity)), Description: "The nodes that were asked about; null where none was named.",
		Resolve: inRequest(b, func(ctx context.Context, req Request, src S, _ map[string]any) (any, error) {
			if list := refs(src); list != nil {
				return refNodes(ctx, req, list), nil
			}
			return nil, nil
		}),
	}
}

// maybeInstitution is the institution of a report, null where there is none.
func maybeInstitution[S any](b *builder, help string, ref func(S) *queries.Ref) *graphql.Field {
	return &graphql.Field{
		Type: b.Kinds[graph.Institution], Description: help,
		Resolve: inRequest(b, func(ctx context.Context, req Request, src S, _ map[string]any) (any, error) {
			if r := ref(src); r != nil {
				return req.Node(ctx, r.ID), nil
			}
			return nil, nil
		}),
	}
}
