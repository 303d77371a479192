package questions

import (
	"context"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
	"entangle/schema/typed"
)

// footholdsQuestion is the root field that asks on what one can rely.
func (b *builder) footholdsQuestion() Question {
	args := typed.Args(b.pictureArgs(), b.drawArgs(), graphql.FieldConfigArgument{
		"office":       {Type: typed.Required(graphql.String), Description: "The post that lines of command lead to, as id, key, alias or whole name."},
		"groups":       {Type: typed.List(graphql.String), Description: "The groups that nobody in a line may be tied to: ids, keys, aliases or whole names."},
		"institutions": {Type: graphql.NewList(typed.Required(graphql.String)), Description: "The institutions to look at, as ids, keys, aliases or whole names; all where left out."},
		"model":        {Type: b.modelInput, Description: "Parameters of the model that differ from the defaults: subGroups, wings, bridge, leadingPosts and sourceCorrelation change something here. followers is always on."},
	})
	return askedBy(b, "footholds",
		"On which institutions can one rely: which share of the posts of each has an unbroken line of command to an office that passes nobody tied to given groups. Tied is who is a member of them, or loyal to them. Every probability is conditional on the record; what is not on record is not safe.",
		b.newFootholdsReport(), args, b.readFootholds)
}

func (b *builder) readFootholds(ctx context.Context, req Request, args map[string]any) (in queries.FootholdsInput, err error) {
	in.Params = worlds.DefaultParams()
	if in.Draw, err = b.drawOf(args, queries.DefaultSamples); err != nil {
		return in, err
	}
	if err := b.readModel(ctx, req, &in.Params, args["model"]); err != nil {
		return in, err
	}
	office, err := req.Refs(ctx, "office", []graph.Kind{graph.Post}, []string{args["office"].(string)})
	if err != nil {
		return in, err
	}
	in.Office = office[0]
	if in.Groups, err = req.Refs(ctx, "groups", []graph.Kind{graph.Group}, texts(args["groups"])); err != nil {
		return in, err
	}
	if args["institutions"] != nil {
		in.Institutions, err = req.Refs(ctx, "institutions", []graph.Kind{graph.Institution}, texts(args["institutions"]))
	}
	return in, err
}

func (b *builder) newFootholdsReport() *graphql.Object {
	share := func(help string, of func(f queries.Foothold) estimate.Amount) *graphql.Field {
		return typed.Field(typed.Required(b.report.amount), help, func(f queries.Foothold) any { return of(f) })
	}
	foothold := graphql.NewObject(graphql.ObjectConfig{
		Name:        "Foothold",
		Description: "What of one institution can be relied on. Shares are of its filled posts, by weight, over the worlds in which some post is filled; relied, tied, through and noLine sum to one.",
		Fields: graphql.Fields{
			"institution": entityField(b, b.Kinds[graph.Institution], "The institution.", func(f queries.Foothold) graph.ID { return f.ID }),
			"data":        typed.Field(typed.Required(b.report.estimate), "The probability that some post of it is filled.", func(f queries.Foothold) any { return f.Data }),
			"relied":      share("Nobody tied holds the post, and a line to the office passes nobody tied.", func(f queries.Foothold) estimate.Amount { return f.Relied }),
			"some":        typed.Field(typed.Required(b.report.estimate), "The probability that there is such a post.", func(f queries.Foothold) any { return f.Some }),
			"tied":        share("Somebody tied holds the post.", func(f queries.Foothold) estimate.Amount { return f.Tied }),
			"through":     share("Nobody tied holds the post, and every line to the office passes somebody tied.", func(f queries.Foothold) estimate.Amount { return f.Through }),
			"noLine":      share("Nobody tied holds the post, and no line to the office is on record.", func(f queries.Foothold) estimate.Amount { return f.NoLine }),
			"least":       share("Relied times the part of the leading posts that is filled on record: what is not on record counts as not to be relied on.", func(f queries.Foothold) estimate.Amount { return f.Least }),
			"coverage":    typed.Field(typed.Required(graphql.Float), "The part of its leading posts for which a holder is on record, 0–1.", func(f queries.Foothold) any { return f.Coverage }),
			"backers":     typed.Field(typed.List(b.report.step), "The claims by which somebody backs it, the surest first.", func(f queries.Foothold) any { return f.Backers }),
		},
	})
	type report = *queries.FootholdsReport
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "FootholdsReport",
		Description: "On which institutions one can rely.",
		Fields: graphql.Fields{
			"office":           entityField(b, b.Kinds[graph.Post], "The post that the lines lead to.", func(r report) graph.ID { return r.Office.ID }),
			"groups":           refsField(b, "The groups that nobody in a line may be tied to.", func(r report) []queries.Ref { return r.Groups }),
			"institutionCount": typed.Field(typed.Required(graphql.Int), "How many institutions have a post that is filled in some world.", func(r report) any { return len(r.Institutions) }),
			"institutions": firstOf(b, foothold, "The institutions, those on which one can most surely rely first: by the lower end of least, then of relied.", reportPage,
				func(r report) []queries.Foothold { return r.Institutions }),
			"silentCount": typed.Field(typed.Required(graphql.Int), "How many institutions that were looked at have no filled post in any world seen. Nothing is known of them: that is not safety.", func(r report) any { return len(r.Silent) }),
			"silent":      refsField(b, "These, by key.", func(r report) []queries.Ref { return r.Silent }),
			"basis":       typed.Field(typed.Required(b.report.basis.purge), "What the answer rests on.", func(r report) any { return r.Basis }),
		},
	})
}
