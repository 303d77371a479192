package schema

import (
	"context"
	"fmt"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
)

// pathsField is the root field that asks how two nodes hang together.
func (b *builder) pathsField() graphql.Fields {
	end := &graphql.ArgumentConfig{Type: required(graphql.String), Description: "A node, as id, key, alias or whole name."}
	args := merged(pictureArgs(), b.drawArgs(), graphql.FieldConfigArgument{
		"from":    end,
		"to":      end,
		"types":   {Type: graphql.NewList(required(b.enums.tieType)), Description: "Types of tie to follow, both ways; all where left out."},
		"maxHops": {Type: graphql.Int, DefaultValue: queries.DefaultHops, Description: fmt.Sprintf("The most ties of a path, 1 to %d.", queries.MaxHops)},
		"first":   {Type: graphql.Int, DefaultValue: queries.DefaultPaths, Description: fmt.Sprintf("The most paths, 1 to %d.", queries.MaxPaths)},
	})
	return graphql.Fields{
		"paths": &graphql.Field{
			Type: required(b.newPaths()), Description: "How two nodes hang together: the likeliest paths, and the probability that any path is there.",
			Args: args,
			Resolve: withSession(func(ctx context.Context, s *session, _ any, args map[string]any) (any, error) {
				return b.paths(ctx, s, args)
			}),
		},
	}
}

func (b *builder) paths(ctx context.Context, s *session, args map[string]any) (*queries.PathsReport, error) {
	var in queries.PathsInput
	var err error
	if in.Draw, err = b.drawOf(args, queries.DefaultSamples); err != nil {
		return nil, err
	}
	if in.MaxHops, err = whole(args, "maxHops", queries.DefaultHops, 1, queries.MaxHops); err != nil {
		return nil, err
	}
	if in.Limit, err = whole(args, "first", queries.DefaultPaths, 1, queries.MaxPaths); err != nil {
		return nil, err
	}
	types, given := args["types"].([]any)
	if given && len(types) == 0 {
		return nil, badInput("types: an empty list names no type; leave it out for all")
	}
	for _, t := range types {
		in.Types = append(in.Types, t.(graph.TieType))
	}
	for _, end := range []struct {
		arg string
		id  *graph.ID
	}{{"from", &in.From}, {"to", &in.To}} {
		ids, err := s.refsIn(ctx, end.arg, nil, []string{args[end.arg].(string)})
		if err != nil {
			return nil, err
		}
		*end.id = ids[0]
	}
	snapshot, err := b.picture(ctx, s, args)
	if err != nil {
		return nil, err
	}
	return queries.PathsBetween(ctx, snapshot, in)
}

func (b *builder) newPaths() *graphql.Object {
	path := graphql.NewObject(graphql.ObjectConfig{
		Name:        "Path",
		Description: "A way from one node to another that visits none twice.",
		Fields: graphql.Fields{
			"steps":      fieldOf(listOf(b.report.step), "Its ties.", func(p queries.Path) any { return p.Steps }),
			"confidence": fieldOf(required(graphql.Float), "The probability that all of them hold. Of parallel ties the surest is taken.", func(p queries.Path) any { return p.Confidence }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "PathsReport",
		Description: "How two nodes hang together.",
		Fields: graphql.Fields{
			"from":      entityField(b.entity, "Where the paths begin.", func(r *queries.PathsReport) graph.ID { return r.From.ID }),
			"to":        entityField(b.entity, "Where they lead.", func(r *queries.PathsReport) graph.ID { return r.To.ID }),
			"paths":     fieldOf(listOf(path), "The paths, the likeliest first.", func(r *queries.PathsReport) any { return r.Paths }),
			"connected": fieldOf(required(b.report.estimate), "The probability that some path of any length is there.", func(r *queries.PathsReport) any { return r.Connected }),
			"types":     fieldOf(listOf(b.enums.tieType), "The types of tie that were followed.", func(r *queries.PathsReport) any { return r.Types }),
			"maxHops":   fieldOf(required(graphql.Int), "The most ties that a path could have.", func(r *queries.PathsReport) any { return r.MaxHops }),
			"basis":     fieldOf(required(b.report.basis.draw), "What the probability rests on.", func(r *queries.PathsReport) any { return r.Basis }),
		},
	})
}
