package questions

import (
	"context"
	"fmt"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
	"entangle/schema/exec"
	"entangle/schema/typed"
)

const (
	explained    = queries.DefaultExplain
	maxExplained = 100
)

// targetKinds are the kinds that a purge can strike.
var targetKinds = []graph.Kind{graph.Group, graph.Person, graph.Post, graph.RevenueStream, graph.Institution}

// purgeQuestion is the root field that asks what a purge would fracture.
func (b *builder) purgeQuestion() Question {
	args := typed.Args(b.pictureArgs(), b.drawArgs(), graphql.FieldConfigArgument{
		"targets":   targetsArg,
		"explain":   {Type: graphql.Int, DefaultValue: explained, Description: fmt.Sprintf("For how many institutions, the worst first, why is answered, 0 to %d.", maxExplained)},
		"model":     {Type: b.modelInput, Description: "Parameters of the model that differ from the defaults."},
		"distances": {Type: graphql.Boolean, DefaultValue: false, Description: "Compute DF also if the network is large; as an estimate if it is very large."},
	})
	return askedBy(b, "purge",
		"Which institutions a purge would fracture. Every probability is conditional on the stated model and its parameters; "+
			"intervals cover sampling error only.",
		b.newPurge(), args, b.readPurge)
}

func (b *builder) readPurge(ctx context.Context, req Request, args map[string]any) (in queries.PurgeInput, err error) {
	in = queries.PurgeInput{Params: worlds.DefaultParams()}
	if in.Draw, err = b.drawOf(args, queries.DefaultSamples); err != nil {
		return in, err
	}
	if in.Explain, err = whole(args, "explain", explained, 0, maxExplained); err != nil {
		return in, err
	}
	if !exec.Selected(ctx).Has("institutions", "why") {
		in.Explain = 0
	}
	if in.Network = exec.Selected(ctx).Has("network"); in.Network {
		in.Distances, _ = args["distances"].(bool)
	}
	in.Defaults = exec.Selected(ctx).Has("defaults")
	if err := b.readModel(ctx, req, &in.Params, args["model"]); err != nil {
		return in, err
	}
	if in.Targets, err = req.Refs(ctx, "targets", targetKinds, texts(args["targets"])); err != nil {
		return in, err
	}
	in.Institutions, err = namedOutcomes(ctx, req)
	return in, err
}

// namedOutcomes are the institutions that the selection of a purge asks for by name:
// they are told of even where nothing touches them.
func namedOutcomes(ctx context.Context, req Request) ([]graph.ID, error) {
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
	return req.Refs(ctx, "of", []graph.Kind{graph.Institution}, names)
}
