package schema

import (
	"context"
	"fmt"
	"strings"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/typed"
)

// entityFieldNames are the fields that every node has whatever its kind.
var entityFieldNames = []string{
	"id", "key", "kind", "name", "names", "types", "aliases", "marking", "load", "citations",
}

// newEntity makes the interface that nodes of every kind implement: the common
// fields and the properties that all kinds have.
func (b *builder) newEntity() *graphql.Interface {
	return graphql.NewInterface(graphql.InterfaceConfig{
		Name:        "Entity",
		Description: "A node of any kind, with the fields that all kinds have.",
		Fields: graphql.FieldsThunk(func() graphql.Fields {
			fields := b.commonFields()
			for _, s := range b.sharedColumns() {
				fields[s.Name] = b.nodeProp(s)
			}
			return fields
		}),
		ResolveType: func(p graphql.ResolveTypeParams) *graphql.Object { return b.typeOf(p.Value) },
	})
}

// typeOf is the object type of a value that an interface stands for.
func (b *builder) typeOf(v any) *graphql.Object {
	switch v := v.(type) {
	case *graph.Node:
		return b.objects[v.Kind]
	case *graph.Tie:
		return b.tie
	}
	return nil
}

// newKind makes the object type of a kind.
func (b *builder) newKind(row graph.KindInfo) *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        row.Name,
		Description: row.Help,
		Interfaces:  []*graphql.Interface{b.node, b.entity},
		Fields: graphql.FieldsThunk(func() graphql.Fields {
			fields := b.commonFields()
			for _, s := range row.Props {
				fields[s.Name] = b.nodeProp(s)
			}
			for _, f := range b.fieldsOf([]graph.Kind{row.Kind}) {
				fields[f.name] = b.tieField(row.Kind, f)
			}
			return fields
		}),
	})
}

func (b *builder) commonFields() graphql.Fields {
	return graphql.Fields{
		"id": typed.Field(typed.Required(graphql.ID), "Global id, stable across reloads and stores.",
			func(n *graph.Node) any { return encodeID(b.kind(n.Kind).Name, n.ID) }),
		"key": typed.Field(typed.Required(graphql.String), "The node's id in the data.",
			func(n *graph.Node) any { return (*string)(&n.ID) }),
		"kind": typed.Field(typed.Required(b.enums.kind), "What the node is.",
			func(n *graph.Node) any { return n.Kind }),
		"name": typed.Field(typed.Required(graphql.String), "The primary name.",
			func(n *graph.Node) any {
				if len(n.Names) == 0 {
					return n.Name()
				}
				return &n.Names[0].Text // a pointer needs no allocation
			}),
		"names": typed.Field(typed.List(b.name), "Every name, the primary one first.",
			func(n *graph.Node) any { return n.Names }),
		"types": typed.Field(typed.List(graphql.String), "What it is in particular, as a set: armed_group and party, say.",
			func(n *graph.Node) any { return n.Types }),
		"aliases": typed.Field(typed.List(graphql.String), "Identifiers of the same thing elsewhere, as scheme:value.",
			func(n *graph.Node) any { return n.Aliases }),
		"marking": typed.Field(typed.Required(b.enums.marking), "Who may see it, by the Traffic Light Protocol.",
			func(n *graph.Node) any { return n.Marking }),
		"load": loadField(b.load, "The load that first brought the node.",
			func(n *graph.Node) graph.ID { return n.Load }),
		"citations": typed.Field(typed.List(b.citation), "What its properties rest on.",
			func(n *graph.Node) any { return n.Citations }),
	}
}

// nodeProp makes the field of a column of a kind.
func (b *builder) nodeProp(s graph.PropSpec) *graphql.Field {
	return typed.Field(b.propOutput(s), propHelp(s), func(n *graph.Node) any { return propValue(s, n.Props) })
}

// propOutput is the output type of a column: null where it is absent, but a list
// is empty.
func (b *builder) propOutput(s graph.PropSpec) graphql.Output {
	t := map[graph.PropType]graphql.Type{
		graph.StringProp: graphql.String,
		graph.IntProp:    graphql.Int,
		graph.FloatProp:  graphql.Float,
		graph.BoolProp:   graphql.Boolean,
		graph.DateProp:   b.date,
	}[s.Type]
	if s.List {
		return typed.List(t)
	}
	return t
}

func propHelp(s graph.PropSpec) string {
	if len(s.Enum) == 0 {
		return s.Help
	}
	return fmt.Sprintf("%s One of %s.", s.Help, strings.Join(s.Enum, ", "))
}

// propValue reads a column in the Go form of its type.
func propValue(s graph.PropSpec, props graph.Props) any {
	values := props[s.Name]
	if !s.List {
		if len(values) == 0 {
			return nil
		}
		if s.Type == graph.StringProp {
			return &values[0]
		}
		return one(s.Type, values[0])
	}
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = one(s.Type, v)
	}
	return out
}

func one(t graph.PropType, text string) any {
	p := graph.Props{"v": {text}}
	switch t {
	case graph.IntProp:
		if n, ok := p.Int("v"); ok {
			return n
		}
	case graph.FloatProp:
		if f, ok := p.Float("v"); ok {
			return f
		}
	case graph.BoolProp:
		return p.Bool("v")
	case graph.DateProp:
		return dateOrNil(p.Date("v"))
	case graph.StringProp:
		return text
	}
	return nil
}

func newName() *graphql.Object {
	var kinds []string
	for _, k := range graph.NameKinds() {
		kinds = append(kinds, string(k))
	}
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Name",
		Description: "A name as a source writes it.",
		Fields: graphql.Fields{
			"text":   typed.Field(typed.Required(graphql.String), "The name, never folded or cleaned.", func(n graph.Name) any { return n.Text }),
			"lang":   typed.Field(graphql.String, "Language, BCP 47.", func(n graph.Name) any { return typed.TextOrNull(n.Lang) }),
			"script": typed.Field(graphql.String, "Script, ISO 15924.", func(n graph.Name) any { return typed.TextOrNull(n.Script) }),
			"kind":   typed.Field(graphql.String, "What the name is to its bearer: "+strings.Join(kinds, ", ")+", or another word, such as former.", func(n graph.Name) any { return typed.TextOrNull(string(n.Kind)) }),
		},
	})
}

func newLoad() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Load",
		Description: "A load that brought data.",
		Fields: graphql.Fields{
			"key":     typed.Field(typed.Required(graphql.String), "The load's id.", func(l graph.Load) any { return string(l.ID) }),
			"dataset": typed.Field(typed.Required(graphql.String), "The data it brought; a later edition keeps the name.", func(l graph.Load) any { return l.Dataset }),
			"format":  typed.Field(typed.Required(graphql.String), "The format it came in.", func(l graph.Load) any { return l.Format }),
		},
	})
}

// loadField makes a field that finds a load by its id.
func loadField[S any](load *graphql.Object, help string, id func(S) graph.ID) *graphql.Field {
	return &graphql.Field{
		Type: load, Description: help,
		Resolve: withSession(func(ctx context.Context, s *session, src S, _ map[string]any) (any, error) {
			if id(src) == "" {
				return nil, nil
			}
			return s.loads.Load(ctx, id(src)), nil
		}),
	}
}

func (b *builder) newCitation() *graphql.Object {
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Citation",
		Description: "The place in a source that a claim rests on.",
		Fields: graphql.FieldsThunk(func() graphql.Fields {
			return graphql.Fields{
				"key": typed.Field(typed.Required(graphql.String), "The id of the source, also of one that was deleted.", func(c graph.Citation) any { return c.Source }),
				"source": &graphql.Field{
					Type: b.objects[graph.Source], Description: "The source, null where somebody has deleted it.",
					Resolve: withSession(func(ctx context.Context, s *session, c graph.Citation, _ map[string]any) (any, error) {
						return s.source(ctx, c.Source), nil
					}),
				},
				"page":  typed.Field(graphql.String, "Page, or another place in it.", func(c graph.Citation) any { return typed.TextOrNull(c.Page) }),
				"quote": typed.Field(graphql.String, "The words it rests on.", func(c graph.Citation) any { return typed.TextOrNull(c.Quote) }),
			}
		}),
	})
}

// withSession makes a resolver that reads the store for a source of type S.
func withSession[S any](resolve func(context.Context, *session, S, map[string]any) (any, error)) graphql.FieldResolveFn {
	return typed.Within(
		func(p graphql.ResolveParams) (*session, error) { return sessionOf(p.Context) },
		func(p graphql.ResolveParams, s *session, src S) (any, error) {
			return resolve(p.Context, s, src, p.Args)
		})
}
