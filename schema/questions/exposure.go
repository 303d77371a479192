package questions

import (
	"context"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
	"entangle/schema/typed"
)

const maxEvidence = 20

// exposedKinds are the kinds that exposure is asked of.
var exposedKinds = []graph.Kind{graph.Institution, graph.Group}

// exposureQuestion is the root field that asks what of institutions hangs on which
// groups.
func (b *builder) exposureQuestion() Question {
	args := typed.Args(b.pictureArgs(), graphql.FieldConfigArgument{
		"nodes":    {Type: graphql.NewList(typed.Required(graphql.String)), Description: "Institutions and groups to look at, as ids, keys, aliases or whole names; every pair where left out."},
		"minShare": {Type: graphql.Float, DefaultValue: 0.0, Description: "Leaves out pairs whose largest share is smaller, 0–1."},
		"evidence": {Type: graphql.Int, DefaultValue: causePage, Description: "The largest number of ways for each pair, 0 to 20."},
		"model":    {Type: b.modelInput, Description: "Parameters of the model that differ from the defaults; those of the response change nothing here."},
	})
	return askedBy(b, "exposure",
		"Which share of each support of an institution is in which group's hands, as an expected value over the confidence of the ties. No purge is simulated and nobody responds.",
		b.newExposureReport(), args, b.readExposure)
}

func (b *builder) readExposure(ctx context.Context, req Request, args map[string]any) (in queries.ExposureInput, err error) {
	in.Params = worlds.DefaultParams()
	if in.Evidence, err = whole(args, "evidence", causePage, 0, maxEvidence); err != nil {
		return in, err
	}
	if in.MinShare, err = shareArg(args, "minShare", 0); err != nil {
		return in, err
	}
	if err := b.readModel(ctx, req, &in.Params, args["model"]); err != nil {
		return in, err
	}
	if args["nodes"] != nil {
		in.Nodes, err = req.Refs(ctx, "nodes", exposedKinds, texts(args["nodes"]))
	}
	return in, err
}

func (b *builder) newExposureReport() *graphql.Object {
	share := graphql.NewObject(graphql.ObjectConfig{
		Name:        "ExposedShare",
		Description: "The expected share of a support in a group's hands.",
		Fields: graphql.Fields{
			"support": typed.Field(typed.Required(b.support), "The support.", func(s queries.ExposedShare) any { return s.Support }),
			"share":   typed.Field(typed.Required(graphql.Float), "Records and claims joined by the coverage, 0–1.", func(s queries.ExposedShare) any { return s.Share }),
			"records": typed.Field(typed.Required(graphql.Float), "The share of the posts that are on record.", func(s queries.ExposedShare) any { return s.Records }),
			"claims":  typed.Field(typed.Required(graphql.Float), "The share by aggregate claims, which speak for the posts that are not on record.", func(s queries.ExposedShare) any { return s.Claims }),
		},
	})
	hold := b.newHold()
	pair := graphql.NewObject(graphql.ObjectConfig{
		Name:        "Exposure",
		Description: "The shares of one institution that are in one group's hands.",
		Fields: graphql.Fields{
			"institution":   entityField(b, b.Kinds[graph.Institution], "The institution.", func(e queries.Exposure) graph.ID { return e.Institution.ID }),
			"group":         entityField(b, b.Kinds[graph.Group], "The group.", func(e queries.Exposure) graph.ID { return e.Group.ID }),
			"largest":       typed.Field(typed.Required(graphql.Float), "The largest of the shares.", func(e queries.Exposure) any { return e.Largest }),
			"shares":        typed.Field(typed.List(share), "The shares by support; supports of which the group has nothing are left out.", func(e queries.Exposure) any { return e.Shares }),
			"evidence":      typed.Field(typed.List(hold), "The ways in which the group holds its part, those with the largest share first, each once.", func(e queries.Exposure) any { return e.Evidence }),
			"evidenceCount": typed.Field(typed.Required(graphql.Int), "How many ways there are.", func(e queries.Exposure) any { return len(e.Evidence) + e.More }),
		},
	})
	type report = *queries.ExposureReport
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "ExposureReport",
		Description: "Which share of an institution is in which group's hands.",
		Fields: graphql.Fields{
			"pairCount":    typed.Field(typed.Required(graphql.Int), "How many pairs there are.", func(r report) any { return len(r.Pairs) }),
			"pairs":        firstOf(b, pair, "The pairs, the largest share first.", reportPage, func(r report) []queries.Exposure { return r.Pairs }),
			"placeholders": refsField(b, "The institutions among those named that are placeholders, for units that nobody knows. They have no exposure.", func(r report) []queries.Ref { return r.Placeholders }),
			"leftOut":      typed.Field(typed.Required(graphql.Int), "How many placeholders were left out: these, and all others that groups have something of.", func(r report) any { return r.LeftOut }),
			"nodes":        namedField(b, func(r report) []queries.Ref { return r.Nodes }),
			"minShare":     typed.Field(typed.Required(graphql.Float), "Pairs whose largest share is smaller were left out.", func(r report) any { return r.MinShare }),
			"basis":        typed.Field(typed.Required(b.report.basis.record), "What the answer rests on.", func(r report) any { return r.Basis }),
		},
	})
}

// newHold makes the type of a way in which a group holds a part.
func (b *builder) newHold() *graphql.Object {
	part := graphql.NewObject(graphql.ObjectConfig{
		Name:        "HeldShare",
		Description: "The expected share of a support that a group holds by one way.",
		Fields: graphql.Fields{
			"support": typed.Field(typed.Required(b.support), "The support.", func(s queries.HeldShare) any { return s.Support }),
			"share":   typed.Field(typed.Required(graphql.Float), "The share, 0–1.", func(s queries.HeldShare) any { return s.Share }),
			"counts":  typed.Field(typed.Required(graphql.Float), "The part of the share that counts. Of several claims of one holder the largest does: those of one holder add up to what they hold together.", func(s queries.HeldShare) any { return s.Counts }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Hold",
		Description: "One way in which a group holds a part of an institution.",
		Fields: graphql.Fields{
			"supports": typed.Field(typed.List(part), "The supports of which it holds a share by this way, the largest first.", func(h queries.Hold) any { return h.Supports }),
			"share":    typed.Field(typed.Required(graphql.Float), "The largest of those shares, 0–1.", func(h queries.Hold) any { return h.Share }),
			"lost":     entityField(b, b.Entity, "Whose hold it is: the group, its member, or a unit or stream.", func(h queries.Hold) graph.ID { return h.Lost.ID }),
			"path":     typed.Field(typed.List(b.report.step), "From the group to the institution, tie by tie.", func(h queries.Hold) any { return h.Path }),
		},
	})
}
