package questions

import (
	"context"
	"fmt"
	"strconv"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/typed"
)

// verifyQuestion is the root field that asks which doubtful tie is most worth
// checking.
func (b *builder) verifyQuestion() Question {
	args := typed.Args(b.pictureArgs(), b.drawArgs(), graphql.FieldConfigArgument{
		"targets":     targetsArg,
		"institution": institutionArg("the answer is about the number of institutions fractured"),
		"ties":        {Type: graphql.Int, DefaultValue: queries.DefaultTies, Description: fmt.Sprintf("The largest number of ties listed, 1 to %d.", b.cfg.MaxPage)},
		"model":       {Type: b.modelInput, Description: "Parameters of the model that differ from the defaults."},
	})
	return askedBy(b, "verify",
		"Which uncertain ties are most worth checking before a purge: by how much the answer would change if one knew whether the tie holds, and which share of its variance would go. "+inSameWorlds,
		b.newVerifyReport(), args, b.readVerify)
}

func (b *builder) readVerify(ctx context.Context, req Request, args map[string]any) (in queries.VerifyInput, err error) {
	if in.Draw, err = b.drawOf(args, queries.DefaultSamples); err != nil {
		return in, err
	}
	if in.Ties, err = whole(args, "ties", queries.DefaultTies, 1, b.cfg.MaxPage); err != nil {
		return in, err
	}
	sc, err := b.scenario(ctx, req, "targets", args["targets"], args["model"])
	if err != nil {
		return in, err
	}
	in.Targets, in.Params = sc.Targets, sc.Params
	in.Institution, err = askedInstitution(ctx, req, args)
	return in, err
}

func (b *builder) newVerifyReport() *graphql.Object {
	type doubtful = queries.DoubtfulTie
	tie := graphql.NewObject(graphql.ObjectConfig{
		Name:        "DoubtfulTie",
		Description: "An uncertain tie, and how the answer would change if one knew about it.",
		Fields: graphql.Fields{
			"tie": &graphql.Field{
				Type: typed.Required(b.Tie), Description: "The tie, with its dates, grade and sources.",
				Resolve: inRequest(b, func(ctx context.Context, req Request, d doubtful, _ map[string]any) (any, error) {
					return req.Tie(ctx, d.Tie), nil
				}),
			},
			"type":       typed.Field(typed.Required(b.TieType), "Its type.", func(d doubtful) any { return d.Type }),
			"from":       entityField(b, b.Entity, "The node that it leaves.", func(d doubtful) graph.ID { return d.From.ID }),
			"to":         entityField(b, b.Entity, "The node that it reaches.", func(d doubtful) graph.ID { return d.To.ID }),
			"confidence": typed.Field(typed.Required(graphql.Float), "The probability that it holds on the day, 0–1.", func(d doubtful) any { return d.Confidence }),
			"defaulted":  typed.Field(typed.Required(graphql.Boolean), "The confidence is the default: nobody stated it.", func(d doubtful) any { return d.Defaulted }),
			"ifTrue":     typed.Field(typed.Required(b.report.amount), "What the answer becomes if the tie is known to hold.", func(d doubtful) any { return d.IfTrue }),
			"ifFalse":    typed.Field(typed.Required(b.report.amount), "What the answer becomes if the tie is known not to hold.", func(d doubtful) any { return d.IfFalse }),
			"importance": typed.Field(typed.Required(b.report.amount), "The difference of the two: Birnbaum's importance.", func(d doubtful) any { return d.Importance }),
			"shift":      typed.Field(typed.Required(b.report.amount), "The expected change of the answer.", func(d doubtful) any { return d.Shift }),
			"explained":  typed.Field(typed.Required(b.report.amount), "Share of the answer's variance over the worlds that knowing the tie takes away, 0–1.", func(d doubtful) any { return d.Explained }),
		},
	})
	type report = *queries.VerifyReport
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "VerifyReport",
		Description: "Which uncertain ties are most worth checking. A sampled answer finds them in one set of worlds and judges them in another.",
		Fields: ownFields(b, graphql.Fields{
			"basis":        typed.Field(typed.Required(b.report.basis.purge), "What the answer rests on; of the set of worlds in which ties were found.", func(r report) any { return r.Basis }),
			"targets":      refsField(b, "What is struck.", func(r report) []queries.Ref { return r.Targets }),
			"institution":  maybeInstitution(b, "The institution in question; null for the number of institutions of the state fractured.", func(r report) *queries.Ref { return r.Institution }),
			"now":          typed.Field(typed.Required(b.report.amount), "The answer with what is known today: a probability, or a number of institutions.", func(r report) any { return r.Now }),
			"ownFractured": typed.Field(typed.Required(b.report.amount), "The number of the targets' own institutions that fracture on average; these are not in the answer.", func(r report) any { return r.OwnFractured }),
			"variance":     typed.Field(typed.Required(b.report.amount), "Its variance over the worlds.", func(r report) any { return r.Variance }),
			"ties":         typed.Field(typed.List(tie), "The ties, by the variance that knowing them takes away.", func(r report) any { return r.Ties }),
			"freshSeed":    typed.Field(typed.Required(graphql.String), "Seed of the worlds, as many again, in which the ties were judged; 0 if they were judged in the worlds of the basis.", func(r report) any { return strconv.FormatUint(r.FreshSeed, 10) }),
			"doubtful":     typed.Field(typed.Required(graphql.Int), "How many uncertain ties may matter.", func(r report) any { return r.Doubtful }),
			"undecided":    typed.Field(typed.Required(graphql.Int), "How many of them cannot be judged: they hold, or do not hold, in too few worlds.", func(r report) any { return r.Undecided }),
		}, "the targets'", func(r report) []queries.Ref { return r.OwnInstitutions }),
	})
}
