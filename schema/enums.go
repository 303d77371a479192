package schema

import (
	"github.com/graphql-go/graphql"

	"entangle/graph"
	"entangle/schema/typed"
)

// enums are the enumerations, their values those of package graph.
type enums struct {
	kind, tieType, propType   *graphql.Enum
	marking, status, presence *graphql.Enum
	nodeSort, searchRank      *graphql.Enum
}

// nodeSort is an order of a list of nodes.
type nodeSort struct {
	Order graph.NodeOrder
	Desc  bool
}

var (
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
	var kinds, types, markings, statuses []typed.Value
	for _, row := range v.kinds {
		kinds = append(kinds, typed.Value{Name: row.Name, Go: row.Kind, Help: row.Help})
	}
	for _, row := range v.ties {
		types = append(types, typed.Value{Name: row.Name, Go: row.Type, Help: row.Help})
	}
	for i, name := range graph.Markings() {
		markings = append(markings, typed.Value{Name: name, Go: graph.Marking(i), Help: markingHelp[graph.Marking(i)]})
	}
	for i, name := range graph.Statuses() {
		statuses = append(statuses, typed.Value{Name: name, Go: graph.Status(i), Help: statusHelp[graph.Status(i)]})
	}
	return enums{
		kind:    typed.Enum("NodeKind", "What a node is.", kinds),
		tieType: typed.Enum("TieType", "What a tie claims.", types),
		marking: typed.Enum("Marking", "Traffic Light Protocol 2.0: who may see it.", markings),
		status:  typed.Enum("ClaimStatus", "How a claim stands among others.", statuses),
		presence: typed.Enum("Presence", "Whether a claim holds on a day, by its dates.", []typed.Value{
			{Name: graph.No.String(), Go: graph.No, Help: "It does not: it began later or had ended."},
			{Name: graph.Possible.String(), Go: graph.Possible, Help: "It may: the dates leave it open."},
			{Name: graph.Certain.String(), Go: graph.Certain, Help: "It does."},
		}),
		nodeSort: typed.Enum("NodeSort", "The order of a list of nodes.", []typed.Value{
			{Name: "NAME_ASC", Go: nodeSort{Order: graph.OrderName}, Help: "By folded primary name (without case and diacritics), then by key."},
			{Name: "NAME_DESC", Go: nodeSort{Order: graph.OrderName, Desc: true}, Help: "By folded primary name (without case and diacritics), then by key, descending."},
			{Name: "KEY_ASC", Go: nodeSort{Order: graph.OrderID}, Help: "By key."},
			{Name: "KEY_DESC", Go: nodeSort{Order: graph.OrderID, Desc: true}, Help: "By key, descending."},
		}),
		searchRank: typed.Enum("SearchRank", "How well a name fits what was searched for.", []typed.Value{
			{Name: "WHOLE_NAME", Go: 0, Help: "It is the name."},
			{Name: "NAME_START", Go: 1, Help: "The name begins with it."},
			{Name: "WORD_START", Go: 2, Help: "A word of the name begins with it."},
			{Name: "INSIDE", Go: 3, Help: "It stands inside the name."},
		}),
		propType: typed.Enum("PropType", "The type of a property's values.", []typed.Value{
			{Name: "STRING", Go: graph.StringProp, Help: "Text."},
			{Name: "INT", Go: graph.IntProp, Help: "A whole number."},
			{Name: "FLOAT", Go: graph.FloatProp, Help: "A number."},
			{Name: "BOOLEAN", Go: graph.BoolProp, Help: "True or false."},
			{Name: "DATE", Go: graph.DateProp, Help: "A partial date, EDTF level 1."},
		}),
	}
}
