package questions

import (
	"context"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
	"entangle/schema/typed"
)

// entanglementQuestion is the root field that asks for every group which institutions
// its purge would fracture.
func (b *builder) entanglementQuestion() Question {
	args := typed.Args(b.pictureArgs(), b.drawArgsOf(queries.ManySamples), graphql.FieldConfigArgument{
		"groups": {Type: graphql.NewList(typed.Required(graphql.String)), Description: "The groups that are purged, one at a time, as ids, keys, aliases or whole names; every group where left out."},
		"minP":   {Type: graphql.Float, DefaultValue: 0.0, Description: "Leaves out pairs with a smaller probability, 0–1."},
		"model":  {Type: b.modelInput, Description: "Parameters of the model that differ from the defaults."},
	})
	return askedBy(b, "entanglement",
		"For each group, which institutions a purge of that group alone would fracture, in the same worlds. "+inSameWorlds,
		b.newEntanglementReport(), args, b.readEntanglement)
}

func (b *builder) readEntanglement(ctx context.Context, req Request, args map[string]any) (in queries.EntanglementInput, err error) {
	in.Params = worlds.DefaultParams()
	if in.Draw, err = b.drawOf(args, queries.ManySamples); err != nil {
		return in, err
	}
	if in.MinP, err = shareArg(args, "minP", 0); err != nil {
		return in, err
	}
	if err := b.readModel(ctx, req, &in.Params, args["model"]); err != nil {
		return in, err
	}
	if args["groups"] != nil {
		in.Groups, err = req.Refs(ctx, "groups", []graph.Kind{graph.Group}, texts(args["groups"]))
	}
	return in, err
}

func (b *builder) newEntanglementReport() *graphql.Object {
	type row = queries.GroupEntanglement
	group := graphql.NewObject(graphql.ObjectConfig{
		Name:        "GroupEntanglement",
		Description: "What the purge of one group alone does.",
		Fields: ownFields(b, graphql.Fields{
			"group":            entityField(b, b.Kinds[graph.Group], "The group.", func(g row) graph.ID { return g.ID }),
			"fractured":        typed.Field(typed.Required(b.report.spread), "The number of institutions of the state fractured in a world: the group's own do not count.", func(g row) any { return g.Fractured }),
			"ownFractured":     typed.Field(typed.Required(b.report.spread), "The number of the group's own institutions fractured in a world.", func(g row) any { return g.OwnFractured }),
			"none":             typed.Field(typed.Required(b.report.estimate), "The probability that none of the state fractures.", func(g row) any { return g.None }),
			"institutionCount": typed.Field(typed.Required(graphql.Int), "How many institutions of the state fracture in some world.", func(g row) any { return g.Institutions }),
		}, "the group's", func(g row) []queries.Ref { return g.OwnInstitutions }),
	})
	pair := graphql.NewObject(graphql.ObjectConfig{
		Name:        "EntangledPair",
		Description: "A group and an institution that its purge would fracture.",
		Fields: graphql.Fields{
			"group":       entityField(b, b.Kinds[graph.Group], "The group.", func(e queries.Entangled) graph.ID { return e.Group.ID }),
			"institution": entityField(b, b.Kinds[graph.Institution], "The institution.", func(e queries.Entangled) graph.ID { return e.Institution.ID }),
			"own":         ownMark("the group's", func(e queries.Entangled) bool { return e.Own }),
			"fractured":   typed.Field(typed.Required(b.report.estimate), "The probability that the institution fractures if the group is purged.", func(e queries.Entangled) any { return e.Fractured }),
		},
	})
	type report = *queries.EntanglementReport
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "EntanglementReport",
		Description: "Which institutions a purge of each group would fracture: the matrix of groups and institutions without its zeros.",
		Fields: graphql.Fields{
			"basis":      typed.Field(typed.Required(b.report.basis.purge), "What the answer rests on.", func(r report) any { return r.Basis }),
			"groupCount": typed.Field(typed.Required(graphql.Int), "How many groups were purged.", func(r report) any { return len(r.Groups) }),
			"groups": firstOf(b, group, "The groups, those first whose purge fractures most institutions of the state on average.", reportPage,
				func(r report) []row { return r.Groups }),
			"pairCount": typed.Field(typed.Required(graphql.Int), "How many pairs there are.", func(r report) any { return len(r.Pairs) }),
			"pairs": firstOf(b, pair, "The pairs, the likeliest first; those of a group and its own last. The first of many look likelier than they are, since the largest of many estimates tends to be too large.", reportPage,
				func(r report) []queries.Entangled { return r.Pairs }),
			"minP":    typed.Field(typed.Required(graphql.Float), "The probability under which pairs were left out.", func(r report) any { return r.MinP }),
			"omitted": typed.Field(typed.Required(graphql.Int), "How many pairs minP left out.", func(r report) any { return r.Omitted }),
		},
	})
}
