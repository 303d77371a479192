package questions

import (
	"context"
	"fmt"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/typed"
)

// vacanciesQuestion is the root field that asks which posts nobody certainly holds.
func (b *builder) vacanciesQuestion() Question {
	args := typed.Args(b.pictureArgs(), graphql.FieldConfigArgument{
		"institutions": {
			Type:        graphql.NewList(typed.Required(graphql.String)),
			Description: "Institutions to look at, as ids, keys, aliases or whole names; every one with a post where left out.",
		},
		"first":    {Type: graphql.Int, DefaultValue: queries.DefaultFirst, Description: fmt.Sprintf("The most of each list to return, 0 to %d.", b.cfg.MaxPage)},
		"evidence": {Type: graphql.Int, DefaultValue: queries.DefaultEvidence, Description: fmt.Sprintf("The most claims told for each post, 0 to %d.", maxEvidence)},
	})
	return askedBy(b, "vacancies",
		"Which posts of institutions are vacant on record, which have no holder on record at all, and which only a doubtful one, who acts or holds them possibly. "+
			"The three mean different things and are never added up.",
		b.newVacanciesReport(), args,
		func(ctx context.Context, req Request, args map[string]any) (in queries.VacanciesInput, err error) {
			if in.First, err = typed.First(args, queries.DefaultFirst, b.cfg.MaxPage); err != nil {
				return in, err
			}
			if in.Evidence, err = whole(args, "evidence", queries.DefaultEvidence, 0, maxEvidence); err != nil {
				return in, err
			}
			if args["institutions"] != nil {
				in.Institutions, err = req.Refs(ctx, "institutions", []graph.Kind{graph.Institution}, texts(args["institutions"]))
			}
			return in, err
		})
}

func (b *builder) newVacanciesReport() *graphql.Object {
	count := func(help string, of func(queries.VacantBody) int) *graphql.Field {
		return typed.Field(typed.Required(graphql.Int), help, func(v queries.VacantBody) any { return of(v) })
	}
	kind := graphql.NewEnum(graphql.EnumConfig{
		Name: "VacancyKind", Description: "How a post is without a certain holder.",
		Values: graphql.EnumValueConfigMap{
			string(queries.Vacant):   {Value: queries.Vacant, Description: "Nobody holds it on record, and a tenure ended or the vacancy is stated."},
			string(queries.NoHolder): {Value: queries.NoHolder, Description: "Nobody holds it on record, and nothing says that anybody did."},
			string(queries.Doubtful): {Value: queries.Doubtful, Description: "Whoever holds it on record acts only, or holds it possibly, by the dates of the claim."},
		},
	})
	body := graphql.NewObject(graphql.ObjectConfig{
		Name: "VacantBody", Description: "The posts of an institution that nobody certainly holds, counted by kind.",
		Fields: graphql.Fields{
			"institution": entityField(b, b.Kinds[graph.Institution], "The institution.", func(v queries.VacantBody) graph.ID { return v.ID }),
			"posts":       count("Its posts on record.", func(v queries.VacantBody) int { return v.Posts }),
			"vacant":      count("Those that are vacant on record.", func(v queries.VacantBody) int { return v.Vacant }),
			"noHolder":    count("Those that have no holder on record.", func(v queries.VacantBody) int { return v.NoHolder }),
			"doubtful":    count("Those that have only a possible or acting holder.", func(v queries.VacantBody) int { return v.Doubtful }),
		},
	})
	post := graphql.NewObject(graphql.ObjectConfig{
		Name: "Vacancy", Description: "A post that nobody certainly holds.",
		Fields: graphql.Fields{
			"post":        entityField(b, b.Kinds[graph.Post], "The post.", func(v queries.Vacancy) graph.ID { return v.ID }),
			"institution": entityField(b, b.Kinds[graph.Institution], "The institution that it is in; a post of two is told for both.", func(v queries.Vacancy) graph.ID { return v.Institution.ID }),
			"kind":        typed.Field(typed.Required(kind), "How it is without a certain holder.", func(v queries.Vacancy) any { return v.Kind }),
			"since": typed.Field(b.PartialDate, "The end of the last tenure, or since when the vacancy is stated, whichever is later.", func(v queries.Vacancy) any {
				if !v.Since.Known() {
					return nil
				}
				return v.Since
			}),
			"stated": typed.Field(typed.Required(graphql.Boolean), "The vacancy is stated, from a day by then.", func(v queries.Vacancy) any { return v.Stated }),
			"ties":   typed.Field(typed.List(b.report.step), "The claim of the last tenure, or those of the doubtful holders, the surest first.", func(v queries.Vacancy) any { return v.Ties }),
		},
	})
	type report = *queries.VacanciesReport
	return graphql.NewObject(graphql.ObjectConfig{
		Name: "VacanciesReport", Description: "Which posts nobody certainly holds.",
		Fields: graphql.Fields{
			"bodies":       typed.Field(typed.List(body), "Institutions with a post, the most vacant ones first, then by those without holder, then by doubtful ones.", func(r report) any { return r.Bodies }),
			"bodyCount":    typed.Field(typed.Required(graphql.Int), "How many institutions have a post.", func(r report) any { return r.BodyCount }),
			"posts":        typed.Field(typed.List(post), "The posts, by institution, kind and weight.", func(r report) any { return r.Posts }),
			"postCount":    typed.Field(typed.Required(graphql.Int), "How many posts there are.", func(r report) any { return r.PostCount }),
			"institutions": namedField(b, func(r report) []queries.Ref { return r.Institutions }),
			"basis":        typed.Field(typed.Required(b.report.basis.record), "What the answer rests on.", func(r report) any { return r.Basis }),
		},
	})
}
