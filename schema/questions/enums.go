package questions

import (
	"fmt"

	"github.com/graphql-go/graphql"

	"entangle/queries"
	"entangle/schema/typed"
)

var supportHelp = map[queries.Support]string{
	queries.Staff:     "The weight of filled posts that keep a holder.",
	queries.Command:   "The weight of staying staff with a line of command to an apex.",
	queries.Force:     "The strength of its units that stays.",
	queries.Funding:   "The share of its money that keeps flowing.",
	queries.Provision: "The share of its providers that have not fractured.",
}

func newSupport() *graphql.Enum {
	var values []typed.Value
	for _, s := range queries.Supports() {
		values = append(values, typed.Value{Name: s.String(), Go: s, Help: supportHelp[s]})
	}
	return typed.Enum("Support", "What an institution stands on.", values)
}

func newMethod() *graphql.Enum {
	return typed.Enum("PurgeMethod", "How the answer to a purge is reached.", []typed.Value{
		{Name: string(queries.Auto), Go: queries.Auto, Help: fmt.Sprintf("EXACT if at most %d uncertain ties and responses matter, otherwise SAMPLED.", queries.MaxExact)},
		{Name: string(queries.Sampled), Go: queries.Sampled, Help: "Worlds are drawn; probabilities have an interval."},
		{Name: string(queries.Exact), Go: queries.Exact, Help: "Every world is gone through; probabilities are exact."},
	})
}
