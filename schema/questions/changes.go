package questions

import (
	"context"
	"fmt"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
	"entangle/schema/typed"
)

// changesQuestion is the root field that asks what changed between two days.
func (b *builder) changesQuestion() Question {
	row, _ := queries.QuestionNamed("changes")
	args := b.pictureArgs()
	delete(args, "asOf")
	for name, help := range map[string]string{"from": "The first day.", "to": "The second, later day."} {
		args[name] = &graphql.ArgumentConfig{Type: typed.Required(b.Date), Description: help}
	}
	args["nodes"] = &graphql.ArgumentConfig{
		Type:        graphql.NewList(typed.Required(graphql.String)),
		Description: "Institutions and groups to look at, as ids, keys, aliases or whole names; all where left out.",
	}
	args["first"] = &graphql.ArgumentConfig{
		Type: graphql.Int, DefaultValue: reportPage, Description: fmt.Sprintf("The most of each list to return, 0 to %d.", b.cfg.MaxPage),
	}
	args["model"] = &graphql.ArgumentConfig{Type: b.modelInput, Description: "Parameters of the exposures that differ from the defaults."}
	return Question{
		Question: row,
		Field: &graphql.Field{
			Type:        typed.Required(b.newChangesReport()),
			Description: "What changed between two days: holders of posts, ties of groups and institutions, exposures. A change of the record may be one of the world, or of what was observed of it.",
			Args:        args,
			Resolve: inRequest(b, func(ctx context.Context, req Request, _ any, args map[string]any) (any, error) {
				return b.changes(ctx, req, row, args)
			}),
		},
		Cost: costOf(row, func(context.Context, Request, map[string]any) (queries.ChangesInput, error) {
			return queries.DefaultChanges(), nil
		}),
	}
}

// changesReport is the answer with the most of each list to return.
type changesReport struct {
	*queries.ChangesReport
	first int
}

func (b *builder) changes(ctx context.Context, req Request, row queries.Question, args map[string]any) (r changesReport, err error) {
	in := queries.ChangesInput{Params: worlds.DefaultParams()}
	if r.first, err = typed.First(args, reportPage, b.cfg.MaxPage); err != nil {
		return r, err
	}
	if err := b.readModel(ctx, req, &in.Params, args["model"]); err != nil {
		return r, err
	}
	if args["nodes"] != nil {
		if in.Nodes, err = req.Refs(ctx, "nodes", exposedKinds, texts(args["nodes"])); err != nil {
			return r, err
		}
	}
	args["asOf"] = args["from"]
	before, err := b.picture(ctx, req, args, row)
	if err != nil {
		return r, err
	}
	args["asOf"] = args["to"]
	after, err := b.picture(ctx, req, args, row)
	if err != nil {
		return r, err
	}
	r.ChangesReport, err = queries.Changes(ctx, before, after, in)
	return r, err
}

// firstChanges lists the first of a list.
func firstChanges[T any](item *graphql.Object, help string, list func(changesReport) []T) *graphql.Field {
	return typed.Field(typed.List(item), help, func(r changesReport) any {
		items := list(r)
		return items[:min(r.first, len(items))]
	})
}

func (b *builder) newChangesReport() *graphql.Object {
	picture := b.report.basis.record
	count := func(help string, get func(queries.ChangeCounts) int) *graphql.Field {
		return typed.Field(typed.Required(graphql.Int), help, func(r changesReport) any { return get(r.Counts) })
	}
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "ChangesReport",
		Description: "What changed between two days.",
		Fields: graphql.Fields{
			"from":             typed.Field(typed.Required(picture), "What the first picture rests on.", func(r changesReport) any { return r.From }),
			"to":               typed.Field(typed.Required(picture), "What the second picture rests on; the two differ in the day.", func(r changesReport) any { return r.To }),
			"nodes":            namedField(b, func(r changesReport) []queries.Ref { return r.Nodes }),
			"cameCount":        count("How many came to a post; once for each institution it is in.", func(c queries.ChangeCounts) int { return c.Came }),
			"wentCount":        count("How many left a post.", func(c queries.ChangeCounts) int { return c.Went }),
			"beganCount":       count("How many ties began.", func(c queries.ChangeCounts) int { return c.Began }),
			"endedCount":       count("How many ended.", func(c queries.ChangeCounts) int { return c.Ended }),
			"roseCount":        count("How many exposures mostly rose.", func(c queries.ChangeCounts) int { return c.Rose }),
			"fellCount":        count("How many exposures mostly fell.", func(c queries.ChangeCounts) int { return c.Fell }),
			"institutionCount": typed.Field(typed.Required(graphql.Int), "How many institutions had posts change hands.", func(r changesReport) any { return len(r.Institutions) }),
			"institutions": firstChanges(b.newTurnover(), "Institutions whose posts changed hands, most changes first; posts of none come last.",
				func(r changesReport) []queries.Turnover { return r.Institutions }),
			"ties": firstChanges(b.newTieChange(), "Ties that began or ended, other than HOLDS and POST_IN, and that join a group or an institution to something; by type and nodes.",
				func(r changesReport) []queries.TieChange { return r.Ties }),
			"exposures": firstChanges(b.newExposureChange(), "Exposures that changed, the largest change first.",
				func(r changesReport) []queries.ExposureChange { return r.Exposures }),
		},
	})
}

const possibleHelp = "The dates leave open whether any of the claims holds on the day."

func (b *builder) newTurnover() *graphql.Object {
	holding := graphql.NewObject(graphql.ObjectConfig{
		Name:        "ChangedHolding",
		Description: "A person in a post on one of the two days and not on the other.",
		Fields: graphql.Fields{
			"post":     entityField(b, b.Kinds[graph.Post], "The post.", func(h queries.Holding) graph.ID { return h.Post.ID }),
			"person":   entityField(b, b.Kinds[graph.Person], "Who holds it on that day.", func(h queries.Holding) graph.ID { return h.Person.ID }),
			"ties":     typed.Field(typed.List(graphql.String), "Keys of the claims.", func(h queries.Holding) any { return tieKeys(h.Ties) }),
			"possible": typed.Field(typed.Required(graphql.Boolean), possibleHelp, func(h queries.Holding) any { return h.Possible }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Turnover",
		Description: "Who came to the posts of an institution and who went.",
		Fields: graphql.Fields{
			"institution": maybeInstitution(b, "The institution, null for posts that are in none.", func(u queries.Turnover) *queries.Ref { return u.Institution }),
			"came":        typed.Field(typed.List(holding), "Who came, by post and person.", func(u queries.Turnover) any { return u.Came }),
			"went":        typed.Field(typed.List(holding), "Who went, by post and person.", func(u queries.Turnover) any { return u.Went }),
		},
	})
}

func tieKeys(ids []graph.ID) []string {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = string(id)
	}
	return keys
}

func (b *builder) newTieChange() *graphql.Object {
	type change = queries.TieChange
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "TieChange",
		Description: "A tie that stands on one of the two days and not on the other. Claims that join the same nodes in the same form are one.",
		Fields: graphql.Fields{
			"type":     typed.Field(typed.Required(b.TieType), "What it claims.", func(c change) any { return c.Type }),
			"from":     entityField(b, b.Entity, "Where it starts.", func(c change) graph.ID { return c.From.ID }),
			"to":       entityField(b, b.Entity, "Where it leads.", func(c change) graph.ID { return c.To.ID }),
			"began":    typed.Field(typed.Required(graphql.Boolean), "It stands on the later day; else it ended.", func(c change) any { return c.Began }),
			"ties":     typed.Field(typed.List(graphql.String), "Keys of the claims.", func(c change) any { return tieKeys(c.Ties) }),
			"possible": typed.Field(typed.Required(graphql.Boolean), possibleHelp, func(c change) any { return c.Possible }),
		},
	})
}

func (b *builder) newExposureChange() *graphql.Object {
	share := graphql.NewObject(graphql.ObjectConfig{
		Name:        "ShareChange",
		Description: "An expected share on the two days.",
		Fields: graphql.Fields{
			"support": typed.Field(typed.Required(b.support), "The support.", func(s queries.ShareChange) any { return s.Support }),
			"before":  typed.Field(typed.Required(graphql.Float), "On the first day, 0–1.", func(s queries.ShareChange) any { return s.Before }),
			"after":   typed.Field(typed.Required(graphql.Float), "On the second.", func(s queries.ShareChange) any { return s.After }),
		},
	})
	type change = queries.ExposureChange
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "ExposureChange",
		Description: "The shares of one institution in one group's hands on the two days.",
		Fields: graphql.Fields{
			"institution": entityField(b, b.Kinds[graph.Institution], "The institution.", func(c change) graph.ID { return c.Institution.ID }),
			"group":       entityField(b, b.Kinds[graph.Group], "The group.", func(c change) graph.ID { return c.Group.ID }),
			"largest":     typed.Field(typed.Required(graphql.Float), "The largest change of a share, with its sign.", func(c change) any { return c.Largest }),
			"shares":      typed.Field(typed.List(share), "The supports whose share changed.", func(c change) any { return c.Shares }),
		},
	})
}
