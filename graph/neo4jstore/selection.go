package neo4jstore

import (
	"slices"
	"strings"

	"entangle/graph"
)

// selection is the properties that are read of a node or a tie; nil stands for all.
type selection struct {
	key   string // tells two selections apart
	props []string
}

// Some fields of the vocabulary's terms are kept in several properties.
var (
	nodeParts = map[string][]string{
		"names":     {propName, propOtherNames, propNameLangs, propNameScripts, propNameKinds},
		"citations": {propSources, propPages, propQuotes},
	}
	tieParts = map[string][]string{
		"span":       {propStart, propEnd, propFirst, propLast},
		"confidence": {propConfidence, propRule},
		"derived":    {propDerived, propDerivedBy},
		"citations":  {propSources, propPages, propQuotes},
	}
)

func selectionOf(fields graph.Fields, several map[string][]string) *selection {
	c := &selection{key: strings.Join(fields, " ")}
	for _, f := range fields {
		in, ok := several[f]
		if !ok {
			in = []string{f}
		}
		for _, p := range in {
			if !slices.Contains(c.props, p) {
				c.props = append(c.props, p)
			}
		}
	}
	return c
}

func nodesWanted(w *graph.Want) *selection {
	if w == nil {
		return nil
	}
	return selectionOf(graph.FieldsOf(false, w.Node...), nodeParts)
}

func tiesWanted(w *graph.Want) *selection {
	if w == nil {
		return nil
	}
	return selectionOf(graph.FieldsOf(true, w.Tie...), tieParts)
}

// name is what a selection is kept under.
func (c *selection) name() string {
	if c == nil {
		return "*"
	}
	return c.key
}

// of lists them as they are read of a variable, behind what comes first.
func (c *selection) of(variable cypher, first ...cypher) cypher {
	for _, p := range c.props {
		first = append(first, variable+"."+word(p))
	}
	return join(first, ", ")
}

// rawProps are those of a node or tie as the driver brings them: all by name,
// or the values of columns.
type rawProps struct {
	all    map[string]any
	sel    *selection // nil: all
	values []any
}

func (p rawProps) get(name string) any {
	if p.sel == nil {
		return p.all[name]
	}
	if i := slices.Index(p.sel.props, name); i >= 0 && i < len(p.values) {
		return p.values[i]
	}
	return nil
}

// read reports whether the property was asked for.
func (p rawProps) read(name string) bool {
	return p.sel == nil || slices.Contains(p.sel.props, name)
}
