package questions

import (
	"github.com/graphql-go/graphql"

	"entangle/queries/worlds"
	"entangle/schema/typed"
)

var supportHelp = map[worlds.Support]string{
	worlds.Staff:     "The weight of filled posts that keep a holder.",
	worlds.Command:   "The weight of staying staff with a line of command to an apex.",
	worlds.Force:     "The strength of its units that stays.",
	worlds.Funding:   "The share of its money that keeps flowing.",
	worlds.Provision: "The share of its providers that have not fractured.",
}

func newSupport() *graphql.Enum {
	var values []typed.Value
	for _, s := range worlds.Supports() {
		values = append(values, typed.Value{Name: s.String(), Go: s, Help: supportHelp[s]})
	}
	return typed.Enum("Support", "What an institution stands on.", values)
}

func newMethod() *graphql.Enum {
	return typed.Enum("PurgeMethod", "How the answer to a purge is reached.", []typed.Value{
		{Name: string(worlds.Auto), Go: worlds.Auto, Help: "Exact where so few uncertain ties and responses matter that every world takes about as long as a sample, sampled else."},
		{Name: string(worlds.Sampled), Go: worlds.Sampled, Help: "Worlds are drawn; probabilities have an interval."},
		{Name: string(worlds.Exact), Go: worlds.Exact, Help: "Every world is gone through; probabilities are exact."},
	})
}
