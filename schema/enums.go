package schema

import (
	"fmt"

	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/queries"
)

// enums are the enumerations, their values those of package graph.
type enums struct {
	kind, tieType, propType   *graphql.Enum
	marking, status, presence *graphql.Enum
	nodeSort, searchRank      *graphql.Enum
	support, method           *graphql.Enum
}

type enumValue struct {
	name  string
	value any
	help  string
}

func newEnum(name, help string, values []enumValue) *graphql.Enum {
	m := graphql.EnumValueConfigMap{}
	for _, v := range values {
		m[v.name] = &graphql.EnumValueConfig{Value: v.value, Description: v.help}
	}
	return graphql.NewEnum(graphql.EnumConfig{Name: name, Description: help, Values: m})
}

// nodeSort is an order of a list of nodes.
type nodeSort struct {
	Order graph.NodeOrder
	Desc  bool
}

var (
	supportHelp = map[queries.Support]string{
		queries.Staff:     "The weight of filled posts that keep a holder.",
		queries.Command:   "The weight of staying staff with a line of command to an apex.",
		queries.Force:     "The strength of its units that stays.",
		queries.Funding:   "The share of its money that keeps flowing.",
		queries.Provision: "The share of its providers that have not fractured.",
	}
	markingHelp = map[graph.Marking]string{
		graph.Clear:       "May be told to anyone.",
		graph.Green:       "May be told within the community.",
		graph.Amber:       "May be told within the organisation and to its clients who need it.",
		graph.AmberStrict: "May be told within the organisation only.",
		graph.Red:         "For the eyes of those it was given to.",
	}
	statusHelp = map[graph.Status]string{
		graph.Accepted: "Stands.",
		graph.Conflict: "Sources contradict each other: every side is kept.",
		graph.Rejected: "Known wrong, kept for the record; left out unless asked for.",
	}
)

func newEnums(v vocabulary) enums {
	var kinds, types, markings, statuses, supports []enumValue
	for _, s := range queries.Supports() {
		supports = append(supports, enumValue{s.String(), s, supportHelp[s]})
	}
	for _, row := range v.kinds {
		kinds = append(kinds, enumValue{row.Name, row.Kind, row.Help})
	}
	for _, row := range v.ties {
		types = append(types, enumValue{row.Name, row.Type, row.Help})
	}
	for i, name := range graph.Markings() {
		markings = append(markings, enumValue{name, graph.Marking(i), markingHelp[graph.Marking(i)]})
	}
	for i, name := range graph.Statuses() {
		statuses = append(statuses, enumValue{name, graph.Status(i), statusHelp[graph.Status(i)]})
	}
	return enums{
		kind:    newEnum("NodeKind", "What a node is.", kinds),
		tieType: newEnum("TieType", "What a tie claims.", types),
		marking: newEnum("Marking", "Traffic Light Protocol 2.0: who may be told.", markings),
		status:  newEnum("ClaimStatus", "How a claim stands among others.", statuses),
		presence: newEnum("Presence", "Whether a claim holds on a day, as far as its dates tell.", []enumValue{
			{graph.No.String(), graph.No, "It does not: it began later or had ended."},
			{graph.Possible.String(), graph.Possible, "It may: the dates leave it open."},
			{graph.Certain.String(), graph.Certain, "It does."},
		}),
		nodeSort: newEnum("NodeSort", "The order of a list of nodes.", []enumValue{
			{"NAME_ASC", nodeSort{Order: graph.OrderName}, "By folded primary name, then by key."},
			{"NAME_DESC", nodeSort{Order: graph.OrderName, Desc: true}, "By folded primary name backwards."},
			{"KEY_ASC", nodeSort{Order: graph.OrderID}, "By key."},
			{"KEY_DESC", nodeSort{Order: graph.OrderID, Desc: true}, "By key backwards."},
		}),
		searchRank: newEnum("SearchRank", "How well a name fits what was searched for.", []enumValue{
			{"WHOLE_NAME", 0, "It is the name."},
			{"NAME_START", 1, "The name begins with it."},
			{"WORD_START", 2, "A word of the name begins with it."},
			{"INSIDE", 3, "It stands inside the name."},
		}),
		support: newEnum("Support", "What an institution stands on.", supports),
		method: newEnum("PurgeMethod", "How the answer to a purge is reached.", []enumValue{
			{string(queries.Auto), queries.Auto, fmt.Sprintf("Exact where at most %d uncertain ties and responses matter, sampled else.", queries.MaxExact)},
			{string(queries.Sampled), queries.Sampled, "Worlds are drawn; probabilities have an interval."},
			{string(queries.Exact), queries.Exact, "Every world is gone through; probabilities are exact."},
		}),
		propType: newEnum("PropType", "The type of a property's values.", []enumValue{
			{"STRING", graph.StringProp, "Text."},
			{"INT", graph.IntProp, "A whole number."},
			{"FLOAT", graph.FloatProp, "A number."},
			{"BOOLEAN", graph.BoolProp, "True or false."},
			{"DATE", graph.DateProp, "A partial date, EDTF level 1."},
		}),
	}
}
