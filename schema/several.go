package schema

import (
	"context"
	"math"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
)

// What the questions share that simulate several purges in the same worlds.

const inSameWorlds = "Every probability is conditional on the stated model and its parameters; intervals cover sampling error only."

var targetsArg = &graphql.ArgumentConfig{
	Type: listOf(graphql.String), Description: "The groups, persons and posts that are struck: ids, keys, aliases, or whole names that only one of them has.",
}

// drawArgsOf are drawArgs with another default number of worlds.
func (b *builder) drawArgsOf(samples int) graphql.FieldConfigArgument {
	args := b.drawArgs()
	args["samples"].DefaultValue = min(samples, b.cfg.MaxSamples)
	return args
}

// drawOf reads these arguments.
func (b *builder) drawOf(args map[string]any, samples int) (queries.Draw, error) {
	d := queries.Draw{Method: queries.Auto, Workers: b.cfg.Workers, Progress: b.cfg.Progress}
	if m, ok := args["method"].(queries.Method); ok {
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
func (b *builder) scenario(ctx context.Context, s *session, arg string, targets, model any) (sc queries.Scenario, err error) {
	sc.Params = queries.DefaultParams()
	if err := b.readModel(ctx, s, &sc.Params, model); err != nil {
		return sc, err
	}
	sc.Targets, err = s.refsIn(ctx, arg, targetKinds, texts(targets))
	return sc, err
}

// askedInstitution finds the institution that an argument names, none where it is
// left out.
func askedInstitution(ctx context.Context, s *session, args map[string]any) (graph.ID, error) {
	name, ok := args["institution"].(string)
	if !ok {
		return "", nil
	}
	ids, err := s.refsIn(ctx, "institution", []graph.Kind{graph.Institution}, []string{name})
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
		return 0, badInput("%s: %g is outside 0 to 1", name, f)
	}
	return f, nil
}

// questionField makes the root field of a question: it reads its arguments, takes
// the picture and asks.
func questionField[In, Report any](b *builder, name, help string, report *graphql.Object, args graphql.FieldConfigArgument,
	read func(context.Context, *session, map[string]any) (In, error),
	ask func(context.Context, *projection.Snapshot, In) (Report, error),
) graphql.Fields {
	return graphql.Fields{name: &graphql.Field{
		Type: required(report), Description: help, Args: args,
		Resolve: withSession(func(ctx context.Context, s *session, _ any, args map[string]any) (any, error) {
			in, err := read(ctx, s, args)
			if err != nil {
				return nil, err
			}
			snapshot, err := b.picture(ctx, s, args)
			if err != nil {
				return nil, err
			}
			return ask(ctx, snapshot, in)
		}),
	}}
}

// refsField lists nodes that a report names.
func refsField[S any](b *builder, help string, refs func(S) []queries.Ref) *graphql.Field {
	return &graphql.Field{
		Type: listOf(b.entity), Description: help,
		Resolve: of(func(p graphql.ResolveParams, src S) (any, error) { return refNodes(p.Context, refs(src)) }),
	}
}

// namedField lists the nodes that a question named, null where it named none.
func namedField[S any](b *builder, refs func(S) []queries.Ref) *graphql.Field {
	return &graphql.Field{
		Type: graphql.NewList(required(b.entity)), Description: "The nodes that were asked about; null where none was named.",
		Resolve: of(func(p graphql.ResolveParams, src S) (any, error) {
			if list := refs(src); list != nil {
				return refNodes(p.Context, list)
			}
			return nil, nil
		}),
	}
}

// maybeInstitution is the institution of a report, null where there is none.
func maybeInstitution[S any](b *builder, help string, ref func(S) *queries.Ref) *graphql.Field {
	return &graphql.Field{
		Type: b.objects[graph.Institution], Description: help,
		Resolve: withSession(func(ctx context.Context, s *session, src S, _ map[string]any) (any, error) {
			if r := ref(src); r != nil {
				return s.node(ctx, r.ID), nil
			}
			return nil, nil
		}),
	}
}
