package questions

import (
	"context"
	"fmt"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/typed"
)

// pathsQuestion is the root field that asks how two nodes hang together.
func (b *builder) pathsQuestion() Question {
	end := &graphql.ArgumentConfig{Type: typed.Required(graphql.String), Description: "A node, as id, key, alias or whole name."}
	args := typed.Args(b.pictureArgs(), b.drawArgs(), graphql.FieldConfigArgument{
		"from":    end,
		"to":      end,
		"types":   {Type: graphql.NewList(typed.Required(b.TieType)), Description: "Types of tie to follow, both ways; all where left out."},
		"maxHops": {Type: graphql.Int, DefaultValue: queries.DefaultHops, Description: fmt.Sprintf("The most ties of a path, 1 to %d.", queries.MaxHops)},
		"first":   {Type: graphql.Int, DefaultValue: queries.DefaultPaths, Description: fmt.Sprintf("The most paths, 1 to %d.", queries.MaxPaths)},
	})
	return askedBy(b, "paths", "How two nodes are connected: the likeliest paths, and the probability that at least one path exists.",
		b.newPaths(), args, b.readPaths)
}

func (b *builder) readPaths(ctx context.Context, req Request, args map[string]any) (in queries.PathsInput, err error) {
	if in.Draw, err = b.drawOf(args, queries.DefaultSamples); err != nil {
		return in, err
	}
	if in.MaxHops, err = whole(args, "maxHops", queries.DefaultHops, 1, queries.MaxHops); err != nil {
		return in, err
	}
	if in.Limit, err = whole(args, "first", queries.DefaultPaths, 1, queries.MaxPaths); err != nil {
		return in, err
	}
	types, given := args["types"].([]any)
	if given && len(types) == 0 {
		return in, typed.BadInput("types: an empty list names no type; leave it out for all")
	}
	for _, t := range types {
		in.Types = append(in.Types, t.(graph.TieType))
	}
	for _, end := range []struct {
		arg string
		id  *graph.ID
	}{{"from", &in.From}, {"to", &in.To}} {
		ids, err := req.Refs(ctx, end.arg, nil, []string{args[end.arg].(string)})
		if err != nil {
			return in, err
		}
		*end.id = ids[0]
	}
	return in, nil
}

func (b *builder) newPaths() *graphql.Object {
	path := graphql.NewObject(graphql.ObjectConfig{
		Name:        "Path",
		Description: "A path from one node to another that visits no node twice.",
		Fields: graphql.Fields{
			"steps":      typed.Field(typed.List(b.report.step), "Its ties.", func(p queries.Path) any { return p.Steps }),
			"confidence": typed.Field(typed.Required(graphql.Float), "The probability that all of them hold. Of parallel ties the surest is taken.", func(p queries.Path) any { return p.Confidence }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "PathsReport",
		Description: "How two nodes are connected.",
		Fields: graphql.Fields{
			"from":      entityField(b, b.Entity, "Where the paths begin.", func(r *queries.PathsReport) graph.ID { return r.From.ID }),
			"to":        entityField(b, b.Entity, "Where they lead.", func(r *queries.PathsReport) graph.ID { return r.To.ID }),
			"paths":     typed.Field(typed.List(path), "The paths, the likeliest first.", func(r *queries.PathsReport) any { return r.Paths }),
			"connected": typed.Field(typed.Required(b.report.estimate), "The probability that some path, of any length, exists.", func(r *queries.PathsReport) any { return r.Connected }),
			"types":     typed.Field(typed.List(b.TieType), "The types of tie that were followed.", func(r *queries.PathsReport) any { return r.Types }),
			"maxHops":   typed.Field(typed.Required(graphql.Int), "The largest number of ties in a path.", func(r *queries.PathsReport) any { return r.MaxHops }),
			"basis":     typed.Field(typed.Required(b.report.basis.draw), "What the probability rests on.", func(r *queries.PathsReport) any { return r.Basis }),
		},
	})
}
