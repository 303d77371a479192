package schema

import (
	"context"
	"maps"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/typed"
)

// tieFieldNames are the fields that every tie has whatever its type.
var tieFieldNames = []string{
	"id", "key", "type", "from", "to", "start", "end", "first", "last", "presence", "standing", "confidence", "weight",
	"grade", "marking", "status", "conflictSet", "derived", "derivedBy", "note", "citations", "load",
}

// newTie makes the one type of all ties: their common fields and every property
// of the table.
func (b *builder) newTie() *graphql.Object {
	confidence := graphql.NewObject(graphql.ObjectConfig{
		Name:        "Confidence",
		Description: "The probability that a claim holds, with the rule that gave it.",
		Fields: graphql.Fields{
			"value": typed.Field(typed.Required(graphql.Float), "Probability, 0–1.", func(c graph.Confidence) any { return c.Value }),
			"rule":  typed.Field(typed.Required(graphql.String), "The rule and its version; “stated” where the data gives the number.", func(c graph.Confidence) any { return c.Rule }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        tieTypeName,
		Description: "A claim that something joins two nodes: dated, graded, sourced. Several of one type between the same two nodes are normal: two tenures, or two sources.",
		Interfaces:  []*graphql.Interface{b.node},
		Fields: graphql.FieldsThunk(func() graphql.Fields {
			fields := graphql.Fields{}
			for _, group := range []graphql.Fields{b.tieClaim(confidence), b.tieDates(), b.tieOrigin()} {
				maps.Copy(fields, group)
			}
			for _, s := range tieColumns(b.ties) {
				fields[s.Name] = typed.Field(b.propOutput(s), propHelp(s), func(t *graph.Tie) any { return propValue(s, t.Props) })
			}
			return fields
		}),
	})
}

// tieClaim are the fields that say what is claimed and how sure it is.
func (b *builder) tieClaim(confidence *graphql.Object) graphql.Fields {
	end := func(help string, id func(*graph.Tie) graph.ID) *graphql.Field {
		return &graphql.Field{
			Type: typed.Required(b.entity), Description: help,
			Resolve: withSession(func(ctx context.Context, s *session, t *graph.Tie, _ map[string]any) (any, error) {
				return s.node(ctx, id(t)), nil
			}),
		}
	}
	return graphql.Fields{
		"id":         typed.Field(typed.Required(graphql.ID), "Global id, stable across reloads and stores.", func(t *graph.Tie) any { return GlobalTieID(t.ID) }),
		"key":        typed.Field(typed.Required(graphql.String), "The tie's id in the data, derived from what it claims.", func(t *graph.Tie) any { return (*string)(&t.ID) }),
		"type":       typed.Field(typed.Required(b.enums.tieType), "What it claims.", func(t *graph.Tie) any { return t.Type }),
		"from":       end("The node it starts at; of a symmetric type, the one with the smaller key.", func(t *graph.Tie) graph.ID { return t.From }),
		"to":         end("The node it leads to.", func(t *graph.Tie) graph.ID { return t.To }),
		"confidence": typed.Field(typed.Required(confidence), "How sure it is.", func(t *graph.Tie) any { return t.Confidence }),
		"weight": typed.Field(graphql.Float, "Its weight, 0–1; vocabulary says what it means for the type. Null where the data does not say, which is neither 0 nor 1.", func(t *graph.Tie) any {
			if !t.Weight.Known {
				return nil
			}
			return t.Weight.Value
		}),
		"grade":       typed.Field(graphql.String, "Admiralty grade: reliability of the source A–F, credibility of the information 1–6. F and 6 are “cannot be judged”. Null where not graded.", func(t *graph.Tie) any { return typed.TextOrNull(t.Grade.String()) }),
		"marking":     typed.Field(typed.Required(b.enums.marking), "Who may see it, by the Traffic Light Protocol.", func(t *graph.Tie) any { return t.Marking }),
		"status":      typed.Field(typed.Required(b.enums.status), "How it stands among other claims.", func(t *graph.Tie) any { return t.Status }),
		"conflictSet": typed.Field(graphql.String, "Names the set of claims that contradict each other: at most one of them is true.", func(t *graph.Tie) any { return typed.TextOrNull(t.ConflictSet) }),
	}
}

// tieDates are the fields that say when it holds.
func (b *builder) tieDates() graphql.Fields {
	date := func(help string, get func(graph.Span) graph.Date) *graphql.Field {
		return typed.Field(b.date, help, func(t *graph.Tie) any { return dateOrNil(get(t.Span)) })
	}
	asOf := &graphql.ArgumentConfig{Type: typed.Required(dateScalar), Description: "The day."}
	return graphql.Fields{
		"start": date("When it began, as stated.", func(s graph.Span) graph.Date { return s.Start }),
		"end":   date("When it ended, as stated; “..” where it has not.", func(s graph.Span) graph.Date { return s.End }),
		"first": date("The first day on which a source observed it: not its start.", func(s graph.Span) graph.Date { return s.First }),
		"last":  date("The last day on which a source observed it: not its end.", func(s graph.Span) graph.Date { return s.Last }),
		"presence": {
			Type: typed.Required(b.enums.presence), Description: "Whether it holds on a day, as far as the dates tell.",
			Args: graphql.FieldConfigArgument{"asOf": asOf},
			Resolve: func(p graphql.ResolveParams) (any, error) {
				return p.Source.(*graph.Tie).Span.At(p.Args["asOf"].(graph.Day)), nil
			},
		},
		"standing": {
			Type: typed.Required(graphql.Boolean), Description: "Whether it counts as standing on a day under a gap policy.",
			Args: graphql.FieldConfigArgument{"asOf": asOf, "gap": &graphql.ArgumentConfig{Type: gapScalar, Description: gapHelp}},
			Resolve: func(p graphql.ResolveParams) (any, error) {
				gap, _ := p.Args["gap"].(graph.GapPolicy)
				return gap.Holds(p.Source.(*graph.Tie).Span.Bounds(), p.Args["asOf"].(graph.Day)), nil
			},
		},
	}
}

// tieOrigin are the fields that say where it comes from.
func (b *builder) tieOrigin() graphql.Fields {
	return graphql.Fields{
		"derived":   typed.Field(typed.Required(graphql.Boolean), "A rule inferred it; no source says so.", func(t *graph.Tie) any { return t.Derived }),
		"derivedBy": typed.Field(graphql.String, "The rule that inferred it.", func(t *graph.Tie) any { return typed.TextOrNull(t.DerivedBy) }),
		"note":      typed.Field(graphql.String, "A remark by whoever entered it.", func(t *graph.Tie) any { return typed.TextOrNull(t.Note) }),
		"citations": typed.Field(typed.List(b.citation), "What it rests on.", func(t *graph.Tie) any { return t.Citations }),
		"load":      loadField(b.load, "The load that brought it last.", func(t *graph.Tie) graph.ID { return t.Load }),
	}
}
