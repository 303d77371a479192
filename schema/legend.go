package schema

import (
	"github.com/graphql-go/graphql"

	"entangle/graph"
)

// legend is the vocabulary as data, for front-ends.
type legend struct{ vocabulary }

// vocabularyField is the root field that tells the vocabulary.
func (b *builder) vocabularyField() graphql.Fields {
	prop := b.newPropInfo()
	return graphql.Fields{
		"vocabulary": &graphql.Field{
			Type: required(graphql.NewObject(graphql.ObjectConfig{
				Name:        "Vocabulary",
				Description: "What the graph is made of, as data: for legends and forms.",
				Fields: graphql.Fields{
					"kinds":    fieldOf(listOf(b.newKindInfo(prop)), "The kinds of node.", func(l legend) any { return l.kinds }),
					"tieTypes": fieldOf(listOf(b.newTieInfo(prop)), "The types of tie.", func(l legend) any { return l.ties }),
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
			"name":   fieldOf(required(graphql.String), "Its name, also that of the field that has it.", func(s graph.PropSpec) any { return s.Name }),
			"type":   fieldOf(required(b.enums.propType), "The type of its values.", func(s graph.PropSpec) any { return s.Type }),
			"list":   fieldOf(required(graphql.Boolean), "It may have several values.", func(s graph.PropSpec) any { return s.List }),
			"values": fieldOf(listOf(graphql.String), "The only values it may have; empty where any goes.", func(s graph.PropSpec) any { return s.Enum }),
			"help":   fieldOf(required(graphql.String), "What it says.", func(s graph.PropSpec) any { return s.Help }),
		},
	})
}

func (b *builder) newKindInfo(prop *graphql.Object) *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "KindInfo",
		Description: "A kind of node.",
		Fields: graphql.Fields{
			"kind":   fieldOf(required(b.enums.kind), "The kind; also the name of its type.", func(k graph.KindInfo) any { return k.Kind }),
			"plural": fieldOf(required(graphql.String), "The root field that lists it.", func(k graph.KindInfo) any { return k.Plural }),
			"help":   fieldOf(required(graphql.String), "What it is.", func(k graph.KindInfo) any { return k.Help }),
			"types":  fieldOf(listOf(graphql.String), "Known values of its types; data may have others.", func(k graph.KindInfo) any { return k.Types }),
			"props":  fieldOf(listOf(prop), "Its properties besides names.", func(k graph.KindInfo) any { return k.Props }),
		},
	})
}

func (b *builder) newTieInfo(prop *graphql.Object) *graphql.Object {
	ends := graphql.NewObject(graphql.ObjectConfig{
		Name:        "TieEnds",
		Description: "A pair of kinds that a type of tie may join.",
		Fields: graphql.Fields{
			"from": fieldOf(required(b.enums.kind), "The kind it starts at.", func(e graph.Ends) any { return e.From }),
			"to":   fieldOf(required(b.enums.kind), "The kind it leads to.", func(e graph.Ends) any { return e.To }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "TieTypeInfo",
		Description: "A type of tie.",
		Fields: graphql.Fields{
			"type":      fieldOf(required(b.enums.tieType), "The type.", func(t graph.TieInfo) any { return t.Type }),
			"ends":      fieldOf(listOf(ends), "The kinds it may join.", func(t graph.TieInfo) any { return t.Ends }),
			"out":       fieldOf(required(graphql.String), "The field that follows it from its start.", func(t graph.TieInfo) any { return t.Out }),
			"in":        fieldOf(required(graphql.String), "The field that follows it back from its end.", func(t graph.TieInfo) any { return t.In }),
			"symmetric": fieldOf(required(graphql.Boolean), "It has no direction.", func(t graph.TieInfo) any { return t.Symmetric }),
			"weight":    fieldOf(graphql.String, "What its weight means; null where it has no meaning.", func(t graph.TieInfo) any { return textOrNil(t.Weight) }),
			"props":     fieldOf(listOf(prop), "Its properties.", func(t graph.TieInfo) any { return t.Props }),
			"help":      fieldOf(required(graphql.String), "What it claims.", func(t graph.TieInfo) any { return t.Help }),
		},
	})
}
