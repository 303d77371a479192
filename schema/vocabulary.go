package schema

import (
	"fmt"
	"slices"
	"strings"

	"entangle/graph"
)

// vocabulary is the table that the schema is made from. Everything in this
// package reads rows from here, never a named kind or type of tie.
type vocabulary struct {
	kinds []graph.KindInfo
	ties  []graph.TieInfo
}

// tieField is a field of a kind that leads over ties of one type to the nodes
// at their other ends.
type tieField struct {
	name string
	info graph.TieInfo
	dir  graph.Dir
	far  []graph.Kind // in the order of the table
}

// fieldsOf returns the tie fields of the kinds: for each type that may start or
// end at one of them.
func (v vocabulary) fieldsOf(kinds []graph.Kind) []tieField {
	var out []tieField
	for _, row := range v.ties {
		var to, from []graph.Kind
		for _, e := range row.Ends {
			if slices.Contains(kinds, e.From) {
				to = append(to, e.To)
			}
			if slices.Contains(kinds, e.To) {
				from = append(from, e.From)
			}
		}
		if row.Symmetric {
			to, from = append(to, from...), nil
		}
		if len(to) > 0 {
			out = append(out, tieField{name: row.Out, info: row, dir: graph.Out, far: v.ordered(to)})
		}
		if len(from) > 0 {
			out = append(out, tieField{name: row.In, info: row, dir: graph.Back, far: v.ordered(from)})
		}
	}
	return out
}

// ordered returns the kinds in the order of the table, each once.
func (v vocabulary) ordered(kinds []graph.Kind) []graph.Kind {
	var out []graph.Kind
	for _, row := range v.kinds {
		if slices.Contains(kinds, row.Kind) {
			out = append(out, row.Kind)
		}
	}
	return out
}

func (v vocabulary) all() []graph.Kind {
	out := make([]graph.Kind, len(v.kinds))
	for i, row := range v.kinds {
		out[i] = row.Kind
	}
	return out
}

func (v vocabulary) kind(k graph.Kind) graph.KindInfo {
	i := slices.IndexFunc(v.kinds, func(row graph.KindInfo) bool { return row.Kind == k })
	return v.kinds[i]
}

// nodeColumns returns the columns that nodes of the kinds may have. A column
// that several kinds have must have one type.
func (v vocabulary) nodeColumns(kinds []graph.Kind) []graph.PropSpec {
	var rows [][]graph.PropSpec
	for _, row := range v.kinds {
		if slices.Contains(kinds, row.Kind) {
			rows = append(rows, row.Props)
		}
	}
	return mergeColumns(rows)
}

// tieColumns returns the columns that ties of the rows may have.
func tieColumns(rows []graph.TieInfo) []graph.PropSpec {
	props := make([][]graph.PropSpec, len(rows))
	for i, row := range rows {
		props[i] = row.Props
	}
	return mergeColumns(props)
}

// sharedColumns returns the columns that every kind has: fields of Entity.
func (v vocabulary) sharedColumns() []graph.PropSpec {
	var out []graph.PropSpec
	for _, s := range v.kinds[0].Props {
		everywhere := !slices.ContainsFunc(v.kinds, func(row graph.KindInfo) bool {
			other, ok := graph.Spec(row.Props, s.Name)
			return !ok || other.Type != s.Type || other.List != s.List
		})
		if everywhere {
			out = append(out, s)
		}
	}
	return out
}

// mergeColumns unites columns by name: a list if any of them is, an enumeration
// only if all of them are, with all their helps.
func mergeColumns(rows [][]graph.PropSpec) []graph.PropSpec {
	var out []graph.PropSpec
	for _, row := range rows {
		for _, s := range row {
			i := slices.IndexFunc(out, func(have graph.PropSpec) bool { return have.Name == s.Name })
			if i < 0 {
				s.Enum = slices.Clone(s.Enum)
				out = append(out, s)
				continue
			}
			have := &out[i]
			have.List = have.List || s.List
			if len(have.Enum) == 0 || len(s.Enum) == 0 {
				have.Enum = nil
			}
			for _, e := range s.Enum {
				if len(have.Enum) > 0 && !slices.Contains(have.Enum, e) {
					have.Enum = append(have.Enum, e)
				}
			}
			if !strings.Contains(have.Help, s.Help) {
				have.Help += " " + s.Help
			}
		}
	}
	return out
}

// check reports what in the table cannot become a schema.
func (v vocabulary) check() error {
	reserved := map[string]string{}
	for _, name := range entityFieldNames {
		reserved[name] = "every node has that field"
	}
	for _, kind := range v.kinds {
		seen := map[string]string{}
		for _, s := range kind.Props {
			if why := reserved[s.Name] + seen[s.Name]; why != "" {
				return fmt.Errorf("schema: %s.%s: %s", kind.Name, s.Name, why)
			}
			seen[s.Name] = "a property has that name"
		}
		for _, f := range v.fieldsOf([]graph.Kind{kind.Kind}) {
			if why := reserved[f.name] + seen[f.name]; why != "" {
				return fmt.Errorf("schema: %s.%s (%s): %s", kind.Name, f.name, f.info.Name, why)
			}
			seen[f.name] = f.info.Name + " has that field"
		}
	}
	if err := v.checkNames(); err != nil {
		return err
	}
	types := map[string]graph.PropSpec{}
	for _, row := range v.ties {
		for _, s := range row.Props {
			if slices.Contains(tieFieldNames, s.Name) {
				return fmt.Errorf("schema: %s.%s: every tie has that field", row.Name, s.Name)
			}
			if have, ok := types[s.Name]; ok && have.Type != s.Type {
				return fmt.Errorf("schema: %s.%s: another type of tie has it with another type", row.Name, s.Name)
			}
			types[s.Name] = s
		}
	}
	return nil
}

// checkNames holds that a field name means one thing whatever the kind, one
// column or one type of tie in one direction: filters on nodes of several kinds
// rely on it.
func (v vocabulary) checkNames() error {
	meaning := map[string]string{}
	for _, f := range v.fieldsOf(v.all()) {
		if other, ok := meaning[f.name]; ok {
			return fmt.Errorf("schema: the field %s is of %s and of %s", f.name, other, f.info.Name)
		}
		meaning[f.name] = f.info.Name
	}
	types := map[string]graph.PropSpec{}
	for _, row := range v.kinds {
		for _, s := range row.Props {
			if have, ok := types[s.Name]; ok && have.Type != s.Type {
				return fmt.Errorf("schema: %s.%s: another kind has it with another type", row.Name, s.Name)
			}
			if typ, ok := meaning[s.Name]; ok {
				return fmt.Errorf("schema: %s.%s: ties of type %s have a field of that name", row.Name, s.Name, typ)
			}
			types[s.Name] = s
		}
	}
	return nil
}

// pascal turns a type's name into a part of a GraphQL type name: MEMBER_OF is
// MemberOf.
func pascal(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(strings.ToLower(name), "_") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}
