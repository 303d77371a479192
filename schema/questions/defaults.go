package questions

import (
	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
	"entangle/schema/typed"
)

// newDefaults makes the type of how much rests on default confidences.
func (b *builder) newDefaults() *graphql.Object {
	resting := graphql.NewObject(graphql.ObjectConfig{
		Name:        "Resting",
		Description: "How much of an institution's fractures rests on ties with the default confidence.",
		Fields: graphql.Fields{
			"institution": entityField(b, b.Kinds[graph.Institution], "The institution.", func(r queries.Resting) graph.ID { return r.ID }),
			"fractured":   typed.Field(typed.Required(b.report.estimate), "The probability with them.", func(r queries.Resting) any { return r.Fractured }),
			"without":     typed.Field(typed.Required(b.report.estimate), "The probability without them, in the same worlds.", func(r queries.Resting) any { return r.Without }),
			"resting":     typed.Field(typed.Required(b.report.estimate), "The probability that it fractures with these ties and not without them.", func(r queries.Resting) any { return r.Resting }),
		},
	})
	return graphql.NewObject(graphql.ObjectConfig{
		Name:        "Defaults",
		Description: "How much of a purge's answer rests on ties whose confidence is the default, since the data has neither a number nor a grade. The purge is simulated with and without them in the same worlds.",
		Fields: graphql.Fields{
			"ties":    typed.Field(typed.Required(graphql.Int), "Ties of the picture with the default confidence.", func(d *queries.Defaults) any { return d.Ties }),
			"method":  typed.Field(typed.Required(b.method), "How it was reached.", func(d *queries.Defaults) any { return d.Method }),
			"samples": typed.Field(typed.Required(graphql.Int), "Number of worlds drawn; 0 where every world was gone through, or there are no such ties.", func(d *queries.Defaults) any { return d.Samples }),
			"share":   typed.Field(typed.Required(b.report.amount), "Share of the fractures (pairs of an institution and a world) that do not happen without them.", func(d *queries.Defaults) any { return d.Share }),
			"institutions": firstOf(b, resting, "Institutions that fracture in some world, those that depend on them most first.", reportPage,
				func(d *queries.Defaults) []queries.Resting { return d.Institutions }),
		},
	})
}
