package schema

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/exec"
)

// PurgeDocument asks for the whole answer of a purge; its variables are the
// arguments of the field purge.
//
//go:embed purge.graphql
var PurgeDocument string

const (
	explained    = queries.DefaultExplain
	maxExplained = 100
)

// targetKinds are the kinds that a purge can strike.
var targetKinds = []graph.Kind{graph.Group, graph.Person, graph.Post}

// purgeField is the root field that asks what a purge would fracture.
func (b *builder) purgeField() graphql.Fields {
	args := merged(pictureArgs(), b.drawArgs(), graphql.FieldConfigArgument{
		"targets":   {Type: listOf(graphql.String), Description: "The groups, persons and posts that are struck: ids, keys, aliases, or whole names that only one of them has."},
		"explain":   {Type: graphql.Int, DefaultValue: explained, Description: fmt.Sprintf("For how many institutions, the worst first, why is worked out, 0 to %d.", maxExplained)},
		"model":     {Type: b.modelInput, Description: "Parameters of the model that differ from the defaults."},
		"distances": {Type: graphql.Boolean, DefaultValue: false, Description: "Work DF out for the network also where it is large, as an estimate where need be."},
	})
	return graphql.Fields{
		"purge": &graphql.Field{
			Type: required(b.newPurge()),
			Description: "Which institutions a purge would fracture. Every probability is conditional on the stated model and its parameters; " +
				"intervals cover sampling error only.",
			Args: args,
			Resolve: withSession(func(ctx context.Context, s *session, _ any, args map[string]any) (any, error) {
				return b.purge(ctx, s, args)
			}),
		},
	}
}

func (b *builder) purge(ctx context.Context, s *session, args map[string]any) (*queries.PurgeReport, error) {
	in := queries.PurgeInput{Params: queries.DefaultParams()}
	var err error
	if in.Draw, err = b.drawOf(args, queries.DefaultSamples); err != nil {
		return nil, err
	}
	if in.Explain, err = whole(args, "explain", explained, 0, maxExplained); err != nil {
		return nil, err
	}
	if !exec.Selected(ctx).Has("institutions", "why") {
		in.Explain = 0
	}
	if in.Network = exec.Selected(ctx).Has("network"); in.Network {
		in.Distances, _ = args["distances"].(bool)
	}
	in.Defaults = exec.Selected(ctx).Has("defaults")
	if err := b.readModel(ctx, s, &in.Params, args["model"]); err != nil {
		return nil, err
	}
	if in.Targets, err = s.refsIn(ctx, "targets", targetKinds, texts(args["targets"])); err != nil {
		return nil, err
	}
	if in.Institutions, err = namedOutcomes(ctx, s); err != nil {
		return nil, err
	}
	snapshot, err := b.picture(ctx, s, args)
	if err != nil {
		return nil, err
	}
	return queries.Purge(ctx, snapshot, in)
}

// namedOutcomes are the institutions that the selection of a purge asks for by name:
// they are told of even where nothing touches them.
func namedOutcomes(ctx context.Context, s *session) ([]graph.ID, error) {
	var names []string
	for _, v := range exec.Selected(ctx).At("institutions").Argument("of") {
		switch v := v.(type) {
		case string:
			names = append(names, v)
		case []any:
			names = append(names, texts(v)...)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	return s.refsIn(ctx, "of", []graph.Kind{graph.Institution}, names)
}

// ResolveTargets finds the groups, persons and posts that references name; see
// ResolveRefs.
func ResolveTargets(ctx context.Context, r graph.Reader, refs []string) ([]graph.ID, error) {
	return ResolveRefs(ctx, r, targetKinds, refs)
}
