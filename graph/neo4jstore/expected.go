package neo4jstore

import (
	"math"
	"strings"

	"entangle/graph"
)

// What the statements that look for others' writes are told of the vocabulary.

// columns tell the statements what the vocabulary expects of each property.
func columns(specs []graph.PropSpec) []map[string]any {
	out := make([]map[string]any, len(specs))
	for i, spec := range specs {
		c := map[string]any{"name": spec.Name, "type": "string", "date": spec.Type == graph.DateProp, "first": dateBound(spec.Name, earliest), "last": dateBound(spec.Name, latest), "enum": listOrNil(spec.Enum), "min": spec.Min, "max": math.Inf(1)}
		switch {
		case spec.List:
			c["type"] = "list"
		case spec.Type == graph.IntProp:
			c["type"], c["max"] = "integer", math.MaxInt32
		case spec.Type == graph.FloatProp:
			c["type"] = "float"
		case spec.Type == graph.BoolProp:
			c["type"] = "boolean"
		case spec.Type == graph.DateProp:
			c["type"] = "date"
		}
		if spec.Bounded {
			c["max"] = spec.Max
		}
		out[i] = c
	}
	return out
}

func nodeColumns() map[string]any {
	all := map[string]any{}
	for _, row := range graph.Kinds() {
		all[row.Name] = columns(row.Props)
	}
	return all
}

// joins are the kinds that each type joins, from one end to the other.
func joins() map[string]any {
	all := map[string]any{}
	for _, row := range graph.TieTypes() {
		pairs := make([][]string, 0, len(row.Ends))
		for _, ends := range row.Ends {
			pairs = append(pairs, []string{ends.From.String(), ends.To.String()})
			if row.Symmetric && ends.From != ends.To { // it may be stored either way
				pairs = append(pairs, []string{ends.To.String(), ends.From.String()})
			}
		}
		all[row.Name] = pairs
	}
	return all
}

func tieColumns() map[string]any {
	all := map[string]any{}
	for _, row := range graph.TieTypes() {
		all[row.Name] = columns(row.Props)
	}
	return all
}

// usualKinds are the kinds of name that need no second look, the unsaid one too.
func usualKinds() []string {
	kinds := []string{""}
	for _, k := range graph.NameKinds() {
		kinds = append(kinds, string(k))
	}
	return kinds
}

// usualScripts are the scripts that need no second look, the unknown one too. Those of
// ISO 15924 that are missing here are served as well.
func usualScripts() []string {
	return strings.Split(",Latn,Arab,Cyrl,Hebr,Grek,Hans,Hant,Hani,Jpan,Hira,Kana,Kore,Hang,Armn,Geor,Syrc,Deva,Beng,Taml,Telu,Thai,Ethi,Aran,Zyyy,Zzzz", ",")
}

// grades are all grades as they are stored.
func grades() []string {
	var all []string
	for _, letter := range "ABCDEF-" {
		for _, digit := range "123456-" {
			if letter != '-' || digit != '-' {
				all = append(all, string(letter)+string(digit))
			}
		}
	}
	return all
}
