package schema

import (
	"context"
	"fmt"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/typed"
)

const (
	searchPage = 20
	searchMax  = 100
	// searchText bounds what is searched for, in bytes: no name is longer.
	searchText = 600
)

// searchField is the root field that finds nodes by name.
func (b *builder) searchField() graphql.Fields {
	hit := graphql.NewObject(graphql.ObjectConfig{
		Name:        "SearchHit",
		Description: "A node found by one of its names.",
		Fields: graphql.Fields{
			"node": &graphql.Field{
				Type: typed.Required(b.entity), Description: "The node.",
				Resolve: withSession(func(ctx context.Context, s *session, h graph.Hit, _ map[string]any) (any, error) {
					return s.node(ctx, h.Node), nil
				}),
			},
			"name": typed.Field(typed.Required(graphql.String), "The name that was found, as it is written.", func(h graph.Hit) any { return h.Name }),
			"rank": typed.Field(typed.Required(b.enums.searchRank), "How well it fits.", func(h graph.Hit) any { return h.Rank }),
		},
	})
	return graphql.Fields{
		"search": &graphql.Field{
			Type:        typed.List(hit),
			Description: "Finds nodes by name in Latin or Arabic letters, whatever the case, diacritics, article or spelling, the best first. The name must have every word.",
			Args: graphql.FieldConfigArgument{
				"text":  {Type: typed.Required(graphql.String), Description: "The words."},
				"kinds": {Type: graphql.NewList(typed.Required(b.enums.kind)), Description: "Kinds to look among; all where left out."},
				"first": {Type: graphql.Int, DefaultValue: searchPage, Description: fmt.Sprintf("The most to return, 1 to %d.", searchMax)},
			},
			Resolve: withSession(func(ctx context.Context, s *session, _ any, args map[string]any) (any, error) {
				q := graph.SearchQuery{Text: args["text"].(string), Limit: searchPage}
				if n, ok := args["first"].(int); ok {
					if q.Limit = n; n < 1 || n > searchMax {
						return nil, typed.BadInput("first: %d is outside 1 to %d", n, searchMax)
					}
				}
				if len(q.Text) > searchText {
					return nil, typed.BadInput("text: %d bytes; at most %d can be searched for", len(q.Text), searchText)
				}
				kinds, _ := args["kinds"].([]any)
				for _, k := range kinds {
					q.Kinds = append(q.Kinds, k.(graph.Kind))
				}
				return s.view.Search(ctx, q)
			}),
		},
	}
}
