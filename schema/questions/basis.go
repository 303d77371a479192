package questions

import (
	"maps"
	"strconv"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
	"entangle/schema/typed"
)

// basisTypes are the types of what answers rest on: of questions that simulate purges,
// of those that only draw worlds, of those that draw none.
type basisTypes struct{ purge, draw, record *graphql.Object }

func (b *builder) newBasisTypes(model, estimate *graphql.Object) basisTypes {
	missing, halfLife := b.newMissing(), b.newHalfLife()
	object := func(name, of string, sets ...graphql.Fields) *graphql.Object {
		fields := graphql.Fields{}
		for _, set := range sets {
			maps.Copy(fields, set)
		}
		return graphql.NewObject(graphql.ObjectConfig{
			Name: name, Description: "What an answer " + of + " rests on. With the arguments that the answer repeats, it is enough to ask again.", Fields: fields,
		})
	}
	return basisTypes{
		purge: object("Basis", "that simulates purges",
			pictureFields(b, missing, halfLife, func(x queries.Basis) queries.Picture { return x.Picture }),
			drawFields(b, func(x queries.Basis) worlds.Drawn { return x.Drawn }),
			graphql.Fields{
				"model":     typed.Field(typed.Required(model), "The parameters.", func(x queries.Basis) any { return x.Params }),
				"converged": typed.Field(typed.Required(graphql.Boolean), "In every world the response ended within maxWaves waves.", func(x queries.Basis) any { return x.Converged }),
				"circling":  typed.Field(estimate, "The share of worlds in which groups change sides for ever (model.switchover), of the purge in which it is largest of all that were simulated for the answer. Such a world counts by the worst of its states: the probability that an institution fractures may be too high by this share and is never too low, and the difference of two may be off by it in both directions. Null if there is none.", func(x queries.Basis) any { return maybe(x.Circling) }),
				"waves":     typed.Field(typed.Required(graphql.Int), "The last wave in which an institution fractured.", func(x queries.Basis) any { return x.Waves }),
			}),
		draw: object("DrawBasis", "that draws worlds, but has no model of a purge,",
			pictureFields(b, missing, halfLife, func(x queries.DrawBasis) queries.Picture { return x.Picture }),
			drawFields(b, func(x queries.DrawBasis) worlds.Drawn { return x.Drawn })),
		record: object("RecordBasis", "that draws no worlds",
			pictureFields(b, missing, halfLife, func(x queries.RecordBasis) queries.Picture { return x.Picture }),
			graphql.Fields{
				"model": typed.Field(model, "The parameters; null where the question has none.", func(x queries.RecordBasis) any { return maybe(x.Params) }),
			}),
	}
}

// pictureFields tell of which picture of the data something was asked.
func pictureFields[S any](b *builder, missing, halfLife *graphql.Object, of func(S) queries.Picture) graphql.Fields {
	field := func(typ graphql.Output, help string, get func(queries.Picture) any) *graphql.Field {
		return typed.Field(typed.Required(typ), help, func(s S) any { return get(of(s)) })
	}
	return graphql.Fields{
		"dataVersion":    field(graphql.String, "The state of the data.", func(p queries.Picture) any { return string(p.Version) }),
		"snapshot":       field(graphql.String, "Hash of the picture that the question was asked of. Equal hashes mean equal pictures, in any store.", func(p queries.Picture) any { return p.Hash }),
		"asOf":           field(b.Date, "The day.", func(p queries.Picture) any { return p.AsOf }),
		"gap":            field(b.Gap, "The gap policy: which ties stood if their dates leave it open.", func(p queries.Picture) any { return p.Gap }),
		"minConfidence":  field(graphql.Float, "Ties with a smaller confidence on the day were left out.", func(p queries.Picture) any { return p.MinConfidence }),
		"evidenceUntil":  typed.Field(b.Date, "Ties all of whose sources are dated after this day were left out, and later observations; null: none.", func(s S) any { return maybe(of(s).EvidenceUntil) }),
		"halfLives":      typed.Field(typed.List(halfLife), "The half-lives by which ties fade under the gap policy fading.", func(s S) any { return of(s).HalfLives }),
		"nodes":          field(graphql.Int, "Nodes of the picture.", func(p queries.Picture) any { return p.Nodes }),
		"ties":           field(graphql.Int, "Ties of the picture.", func(p queries.Picture) any { return p.Ties }),
		"defaultedTies":  field(graphql.Int, "How many of them rest on the default confidence.", func(p queries.Picture) any { return p.DefaultedTies }),
		"possibleTies":   field(graphql.Int, "How many of them are possible, not certain, on the day.", func(p queries.Picture) any { return p.PossibleTies }),
		"omittedTies":    field(graphql.Int, "How many more are possible on the day and were left out by the gap policy.", func(p queries.Picture) any { return p.OmittedTies }),
		"fadedTies":      field(graphql.Int, "How many of them have less than their stated confidence for the age of their evidence.", func(p queries.Picture) any { return p.FadedTies }),
		"agelessTies":    field(graphql.Int, "How many of them are possible, and neither they nor a source has a date to tell their age by: they stand whole.", func(p queries.Picture) any { return p.AgelessTies }),
		"structuralTies": field(graphql.Int, "How many of them are structure that nobody dated, which stands under every gap policy.", func(p queries.Picture) any { return p.StructuralTies }),
		"laterTies":      field(graphql.Int, "How many of them rest on evidence later than the day alone.", func(p queries.Picture) any { return p.LaterTies }),
		"lateTies":       field(graphql.Int, "How many more may hold on the day and were left out by evidenceUntil.", func(p queries.Picture) any { return p.LateTies }),
		"untimedTies":    field(graphql.Int, "How many of them nothing says when they were first told, no dated source and no observation: evidenceUntil leaves them in.", func(p queries.Picture) any { return p.UntimedTies }),
		"distantTies":    field(graphql.Int, "How many of them have dated evidence, but none within distantYears of the day.", func(p queries.Picture) any { return p.DistantTies }),
		"undatedTies":    field(graphql.Int, "How many of them have no date at all.", func(p queries.Picture) any { return p.UndatedTies }),
		"distantYears":   field(graphql.Int, "Evidence that is more than this many years from the day is distant.", func(p queries.Picture) any { return p.DistantYears }),
		"missing":        field(missing, "The nodes named in the question that are not on record on the day. A missing record does not mean that a node is safe.", func(p queries.Picture) any { return p.Missing }),
		"conditional":    field(graphql.String, "What the answer is conditional on, in a sentence.", func(p queries.Picture) any { return p.Conditional }),
	}
}

// drawFields tell how a probability was worked out.
func drawFields[S any](b *builder, of func(S) worlds.Drawn) graphql.Fields {
	field := func(typ graphql.Output, help string, get func(worlds.Drawn) any) *graphql.Field {
		return typed.Field(typed.Required(typ), help, func(s S) any { return get(of(s)) })
	}
	return graphql.Fields{
		"method":    field(b.method, "How it was reached.", func(d worlds.Drawn) any { return d.Method }),
		"samples":   field(graphql.Int, "Number of worlds drawn; 0 of an exact answer.", func(d worlds.Drawn) any { return d.Samples }),
		"seed":      field(graphql.String, "Seed of the draws, a whole number.", func(d worlds.Drawn) any { return strconv.FormatUint(d.Seed, 10) }),
		"generator": field(graphql.String, "Name and version of the generator.", func(d worlds.Drawn) any { return d.Generator }),
		"unseen":    field(graphql.Float, "The largest probability of an event that was seen in no world: the upper bound of Wilson's 95% interval for 0 of the samples; 0 of an exact answer.", func(d worlds.Drawn) any { return d.Unseen }),
		"coins":     field(graphql.Int, "Number of uncertain ties and responses that may matter; 4096 is that many or more.", func(d worlds.Drawn) any { return d.Coins }),
	}
}

// newMissing makes the type of what is not on record.
func (b *builder) newMissing() *graphql.Object {
	type missing = queries.Missing
	absent := graphql.NewObject(graphql.ObjectConfig{
		Name:        "Absent",
		Description: "A node that was certainly not there on the day.",
		Fields: graphql.Fields{
			"node": entityField(b, b.Entity, "The node.", func(a queries.Absent) graph.ID { return a.ID }),
			"what": typed.Field(typed.Required(graphql.String), "What happened on the date: born, founded, died or dissolved.", func(a queries.Absent) any { return a.What }),
			"date": typed.Field(typed.Required(b.PartialDate), "The date.", func(a queries.Absent) any { return a.Date }),
			"gone": typed.Field(typed.Required(graphql.Boolean), "True: it was there before the day. False: it came after the day.", func(a queries.Absent) any { return a.Gone }),
			"note": typed.Field(typed.Required(graphql.String), "The same as a sentence.", func(a queries.Absent) any { return a.String() }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Missing",
		Description: "The nodes named in the question that are not on record on the day. A plan leaves them out.",
		Fields: graphql.Fields{
			"absent":      typed.Field(typed.List(absent), "Nodes that were certainly not there: they came later or had gone before.", func(m missing) any { return m.Absent }),
			"vacant":      refsField(b, "Target posts that nobody holds on record on the day.", func(m missing) []queries.Ref { return m.Vacant }),
			"unrecorded":  refsField(b, "Nodes that may have been there, but no tie of which stands on the day.", func(m missing) []queries.Ref { return m.Unrecorded }),
			"unsupported": refsField(b, "Institutions asked about none of whose supports has data on the day: whatever is struck, nothing can be said of them.", func(m missing) []queries.Ref { return m.Unsupported }),
			"noRecord":    typed.Field(typed.Required(graphql.Boolean), "True if none of the nodes asked about is on record, or no tie at all stands on the day. The answer then has no data, and its intervals are as wide as possible.", func(m missing) any { return m.NoRecord }),
		},
	})
}
