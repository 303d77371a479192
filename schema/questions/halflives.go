package questions

import (
	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/typed"
)

// newHalfLifeInput makes the input type of half-lives.
func (b *builder) newHalfLifeInput() *graphql.InputObject {
	return graphql.NewInputObject(graphql.InputObjectConfig{
		Name:        "HalfLifeInput",
		Description: "After how many years without evidence a tie of a type keeps half of its confidence.",
		Fields: graphql.InputObjectConfigFieldMap{
			"type":  {Type: typed.Required(b.TieType), Description: "The type of tie."},
			"post":  {Type: graphql.String, Description: "A type of post, of HOLDS only; where left out, every post that no other row names."},
			"years": {Type: graphql.Float, Description: "The years, 0 or more; where left out the tie does not fade."},
		},
	})
}

// newHalfLife makes the type that echoes half-lives.
func (b *builder) newHalfLife() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "HalfLife",
		Description: "After how many years without evidence a tie of a type keeps half of its confidence.",
		Fields: graphql.Fields{
			"type":  typed.Field(typed.Required(b.TieType), "The type of tie.", func(h graph.HalfLife) any { return h.Type }),
			"post":  typed.Field(graphql.String, "The type of post; null for posts of no other row, and of other types of tie.", func(h graph.HalfLife) any { return typed.TextOrNull(h.Post) }),
			"years": typed.Field(graphql.Float, "The years; null where it does not fade.", func(h graph.HalfLife) any { return yearsOrNull(h.Years) }),
		},
	})
}

func yearsOrNull(years float64) any {
	if years == graph.Endless {
		return nil
	}
	return years
}

// halfLivesArg reads half-lives; null is as if left out.
func halfLivesArg(given any) (graph.HalfLives, error) {
	list, _ := given.([]any)
	rows := make([]graph.HalfLife, 0, len(list))
	for _, item := range list {
		in := item.(map[string]any)
		row := graph.HalfLife{Type: in["type"].(graph.TieType), Years: graph.Endless}
		row.Post, _ = in["post"].(string)
		if years, ok := in["years"].(float64); ok {
			row.Years = years
		}
		rows = append(rows, row)
	}
	h, err := graph.NewHalfLives(rows...)
	if err != nil {
		return h, typed.BadInput("halfLives: %s", err)
	}
	return h, nil
}
