package schema

import (
	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/typed"
)

// legend is the vocabulary as data, for front-ends.
type legend struct{ vocabulary }

// vocabularyField is the root field that returns the vocabulary.
func (b *builder) vocabularyField() graphql.Fields {
	prop := b.newPropInfo()
	return graphql.Fields{
		"vocabulary": &graphql.Field{
			Type: typed.Required(graphql.NewObject(graphql.ObjectConfig{
				Name:        "Vocabulary",
				Description: "What the graph is made of, as data: for legends and forms.",
				Fields: graphql.Fields{
					"kinds":    typed.Field(typed.List(b.newKindInfo(prop)), "The kinds of node.", func(l legend) any { return l.kinds }),
					"tieTypes": typed.Field(typed.List(b.newTieInfo(prop)), "The types of tie.", func(l legend) any { return l.ties }),
				},
			})),
			Description: "What the graph is made of, as data: for legends and forms.",
			Resolve:     func(graphql.ResolveParams) (any, error) { return legend{b.vocabulary}, nil },
		},
	}
}

func (b *builder) newPropInfo() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "PropInfo",
		Description: "A property of a kind of node or a type of tie.",
		Fields: graphql.Fields{
			"name":   typed.Field(typed.Required(graphql.String), "Its name, also that of the field that has it.", func(s graph.PropSpec) any { return s.Name }),
			"type":   typed.Field(typed.Required(b.enums.propType), "The type of its values.", func(s graph.PropSpec) any { return s.Type }),
			"list":   typed.Field(typed.Required(graphql.Boolean), "It may have several values.", func(s graph.PropSpec) any { return s.List }),
			"values": typed.Field(typed.List(graphql.String), "The only values it may have; empty where any goes.", func(s graph.PropSpec) any { return s.Enum }),
			"help":   typed.Field(typed.Required(graphql.String), "What it says.", func(s graph.PropSpec) any { return s.Help }),
		},
	})
}

func (b *builder) newKindInfo(prop *graphql.Object) *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "KindInfo",
		Description: "A kind of node.",
		Fields: graphql.Fields{
			"kind":   typed.Field(typed.Required(b.enums.kind), "The kind; also the name of its type.", func(k graph.KindInfo) any { return k.Kind }),
			"plural": typed.Field(typed.Required(graphql.String), "The root field that lists it.", func(k graph.KindInfo) any { return k.Plural }),
			"help":   typed.Field(typed.Required(graphql.String), "What it is.", func(k graph.KindInfo) any { return k.Help }),
			"types":  typed.Field(typed.List(graphql.String), "Known values of its types; data may have others.", func(k graph.KindInfo) any { return k.Types }),
			"props":  typed.Field(typed.List(prop), "Its properties besides names.", func(k graph.KindInfo) any { return k.Props }),
		},
	})
}

func (b *builder) newTieInfo(prop *graphql.Object) *graphql.Object {
	ends := graphql.NewObject(graphql.ObjectConfig{
		Name:        "TieEnds",
		Description: "A pair of kinds that a type of tie may join.",
		Fields: graphql.Fields{
			"from": typed.Field(typed.Required(b.enums.kind), "The kind it starts at.", func(e graph.Ends) any { return e.From }),
			"to":   typed.Field(typed.Required(b.enums.kind), "The kind it leads to.", func(e graph.Ends) any { return e.To }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "TieTypeInfo",
		Description: "A type of tie.",
		Fields: graphql.Fields{
			"type":      typed.Field(typed.Required(b.enums.tieType), "The type.", func(t graph.TieInfo) any { return t.Type }),
			"ends":      typed.Field(typed.List(ends), "The kinds it may join.", func(t graph.TieInfo) any { return t.Ends }),
			"out":       typed.Field(typed.Required(graphql.String), "The field of its source node that leads to its target node.", func(t graph.TieInfo) any { return t.Out }),
			"in":        typed.Field(typed.Required(graphql.String), "The field of its target node that leads to its source node.", func(t graph.TieInfo) any { return t.In }),
			"symmetric": typed.Field(typed.Required(graphql.Boolean), "It has no direction.", func(t graph.TieInfo) any { return t.Symmetric }),
			"weight":    typed.Field(graphql.String, "What its weight means; null where it has no meaning.", func(t graph.TieInfo) any { return typed.TextOrNull(t.Weight) }),
			"halfLife": typed.Field(graphql.Float, "After how many years without evidence it keeps half of its confidence; null where it does not fade. HOLDS has more by type of post.", func(t graph.TieInfo) any {
				if t.HalfLife == graph.Endless {
					return nil
				}
				return t.HalfLife
			}),
			"ages":      typed.Field(typed.Required(graphql.String), "Why it has that half-life.", func(t graph.TieInfo) any { return t.Ages }),
			"structure": typed.Field(typed.Required(graphql.Boolean), "It is structure: where nobody dated it, it stands under every gap policy.", func(t graph.TieInfo) any { return t.Structure }),
			"props":     typed.Field(typed.List(prop), "Its properties.", func(t graph.TieInfo) any { return t.Props }),
			"help":      typed.Field(typed.Required(graphql.String), "What it claims.", func(t graph.TieInfo) any { return t.Help }),
		},
	})
}
