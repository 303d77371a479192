package questions

import (
	"maps"
	"strconv"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/typed"
)

// basisTypes are the types of what answers rest on: of questions that simulate purges,
// of those that only draw worlds, of those that draw none.
type basisTypes struct{ purge, draw, record *graphql.Object }

func (b *builder) newBasisTypes(model *graphql.Object) basisTypes {
	missing := b.newMissing()
	object := func(name, of string, sets ...graphql.Fields) *graphql.Object {
		fields := graphql.Fields{}
		for _, set := range sets {
			maps.Copy(fields, set)
		}
		return graphql.NewObject(graphql.ObjectConfig{
			Name: name, Description: "What an answer " + of + " rests on: with the arguments that the answer tells, enough to ask again.", Fields: fields,
		})
	}
	return basisTypes{
		purge: object("Basis", "that simulates purges",
			pictureFields(b, missing, func(x queries.Basis) queries.Picture { return x.Picture }),
			drawFields(b, func(x queries.Basis) queries.DrawBasis { return x.DrawBasis }),
			graphql.Fields{
				"model":     typed.Field(typed.Required(model), "The parameters.", func(x queries.Basis) any { return x.Params }),
				"converged": typed.Field(typed.Required(graphql.Boolean), "The response had come to rest in every world before the cap of waves.", func(x queries.Basis) any { return x.Converged }),
				"waves":     typed.Field(typed.Required(graphql.Int), "The last wave in which an institution fractured.", func(x queries.Basis) any { return x.Waves }),
			}),
		draw: object("DrawBasis", "that draws worlds, but has no model of a purge,",
			pictureFields(b, missing, func(x queries.DrawBasis) queries.Picture { return x.Picture }),
			drawFields(b, func(x queries.DrawBasis) queries.DrawBasis { return x })),
		record: object("RecordBasis", "that draws no worlds",
			pictureFields(b, missing, func(x queries.RecordBasis) queries.Picture { return x.Picture }),
			graphql.Fields{
				"model": typed.Field(model, "The parameters; null where the question has none.", func(x queries.RecordBasis) any { return maybe(x.Params) }),
			}),
	}
}

// pictureFields tell of which picture of the data something was asked.
func pictureFields[S any](b *builder, missing *graphql.Object, of func(S) queries.Picture) graphql.Fields {
	field := func(typ graphql.Output, help string, get func(queries.Picture) any) *graphql.Field {
		return typed.Field(typed.Required(typ), help, func(s S) any { return get(of(s)) })
	}
	return graphql.Fields{
		"dataVersion":   field(graphql.String, "The state of the data.", func(p queries.Picture) any { return string(p.Version) }),
		"snapshot":      field(graphql.String, "Hash of the picture it was asked of: equal hashes, equal pictures, in any store.", func(p queries.Picture) any { return p.Hash }),
		"asOf":          field(b.Date, "The day.", func(p queries.Picture) any { return p.AsOf }),
		"gap":           field(b.Gap, "Which ties stood where the data is silent.", func(p queries.Picture) any { return p.Gap }),
		"minConfidence": field(graphql.Float, "Ties that are less sure were left out.", func(p queries.Picture) any { return p.MinConfidence }),
		"nodes":         field(graphql.Int, "Nodes of the picture.", func(p queries.Picture) any { return p.Nodes }),
		"ties":          field(graphql.Int, "Ties of the picture.", func(p queries.Picture) any { return p.Ties }),
		"defaultedTies": field(graphql.Int, "How many of them rest on the default confidence.", func(p queries.Picture) any { return p.DefaultedTies }),
		"possibleTies":  field(graphql.Int, "How many of them are possible, not certain, on the day.", func(p queries.Picture) any { return p.PossibleTies }),
		"omittedTies":   field(graphql.Int, "How many more are possible on the day and were left out by the gap policy.", func(p queries.Picture) any { return p.OmittedTies }),
		"distantTies":   field(graphql.Int, "How many of them rest on dated evidence none of which is within distantYears of the day.", func(p queries.Picture) any { return p.DistantTies }),
		"undatedTies":   field(graphql.Int, "How many of them have no date at all.", func(p queries.Picture) any { return p.UndatedTies }),
		"distantYears":  field(graphql.Int, "From how many years on evidence is distant.", func(p queries.Picture) any { return p.DistantYears }),
		"missing":       field(missing, "What of what was asked about is not on record on the day: no record is not safety.", func(p queries.Picture) any { return p.Missing }),
		"conditional":   field(graphql.String, "What the answer is conditional on, in a sentence.", func(p queries.Picture) any { return p.Conditional }),
	}
}

// drawFields tell how a probability was worked out.
func drawFields[S any](b *builder, of func(S) queries.DrawBasis) graphql.Fields {
	field := func(typ graphql.Output, help string, get func(queries.DrawBasis) any) *graphql.Field {
		return typed.Field(typed.Required(typ), help, func(s S) any { return get(of(s)) })
	}
	return graphql.Fields{
		"method":    field(b.method, "How it was reached.", func(d queries.DrawBasis) any { return d.Method }),
		"samples":   field(graphql.Int, "Number of worlds drawn; 0 of an exact answer.", func(d queries.DrawBasis) any { return d.Samples }),
		"seed":      field(graphql.String, "Seed of the draws, a whole number.", func(d queries.DrawBasis) any { return strconv.FormatUint(d.Seed, 10) }),
		"generator": field(graphql.String, "Name and version of the generator.", func(d queries.DrawBasis) any { return d.Generator }),
		"unseen":    field(graphql.Float, "The most that the probability may be of what was seen in no world: the upper bound of Wilson's 95% interval for none of the samples; 0 of an exact answer.", func(d queries.DrawBasis) any { return d.Unseen }),
		"coins":     field(graphql.Int, "Number of uncertain ties and responses that may matter; 4096 is that many or more.", func(d queries.DrawBasis) any { return d.Coins }),
	}
}

// newMissing makes the type of what is not on record.
func (b *builder) newMissing() *graphql.Object {
	type missing = queries.Missing
	absent := graphql.NewObject(graphql.ObjectConfig{
		Name:        "Absent",
		Description: "A node that certainly was not there on the day.",
		Fields: graphql.Fields{
			"node": entityField(b, b.Entity, "The node.", func(a queries.Absent) graph.ID { return a.ID }),
			"what": typed.Field(typed.Required(graphql.String), "What the date is of: born, founded, died or dissolved.", func(a queries.Absent) any { return a.What }),
			"date": typed.Field(typed.Required(b.PartialDate), "The date.", func(a queries.Absent) any { return a.Date }),
			"gone": typed.Field(typed.Required(graphql.Boolean), "It was there before the day; else it came after it.", func(a queries.Absent) any { return a.Gone }),
			"note": typed.Field(typed.Required(graphql.String), "The same as a sentence.", func(a queries.Absent) any { return a.String() }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Missing",
		Description: "What of what was asked about is not on record on the day. A plan holds nothing of it.",
		Fields: graphql.Fields{
			"absent":     typed.Field(typed.List(absent), "What certainly was not there: it came later or had gone before.", func(m missing) any { return m.Absent }),
			"vacant":     refsField(b, "Posts to be struck that nobody holds on record on the day.", func(m missing) []queries.Ref { return m.Vacant }),
			"unrecorded": refsField(b, "What may have been there, but no tie of it stands on the day.", func(m missing) []queries.Ref { return m.Unrecorded }),
			"noRecord":   typed.Field(typed.Required(graphql.Boolean), "Nothing is left of what was asked about, or no tie at all stands on the day: the answer has no data, and its intervals are as wide as can be.", func(m missing) any { return m.NoRecord }),
		},
	})
}
