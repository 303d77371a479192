package storetest

import (
	"slices"

	"pgregory.net/rapid"

	"entangle/graph"
)

var leafOps = []graph.Op{
	graph.Eq, graph.In, graph.Contains, graph.StartsWith, graph.EndsWith, graph.Matches,
	graph.Lt, graph.Lte, graph.Gt, graph.Gte, graph.IsNull, graph.Includes,
}

var nodeFieldNames = []string{"id", "name", "types", "aliases", "marking"}

var tieFieldNames = []string{"id", "confidence", "weight", "status", "grade", "derived", "source"}

// randomLeaf compares a field with a value that data of its kind may have. Now
// and then the condition is one that a store refuses.
func randomLeaf(t *rapid.T, tie bool, fields []string, specs []graph.PropSpec) graph.Cond {
	fields = slices.Clone(fields)
	for _, s := range specs {
		fields = append(fields, s.Name)
	}
	c := graph.Cond{Op: pick(t, "op", leafOps), Field: pick(t, "field", fields)}
	if c.Op == graph.Matches && !tie {
		c.Field = "name"
	}
	count := 1
	if c.Op == graph.In {
		count = rapid.IntRange(0, 3).Draw(t, "values")
	}
	for range count {
		c.Values = append(c.Values, randomOperand(t, tie, c))
	}
	return c
}

func randomOperand(t *rapid.T, tie bool, c graph.Cond) string {
	switch {
	case c.Op == graph.IsNull:
		return pick(t, "null", []string{"true", "false"})
	case c.Op == graph.Matches:
		return pick(t, "match", append([]string{"a", "li", "", "ab nahr", "برج 3", "nor qu"}, poolNames...))
	case c.Field == "id" && tie:
		return pick(t, "tie id", []string{"own-1", "t-", "own", "'"})
	case c.Field == "id":
		return string(pick(t, "id", append(allRandomIDs(), "Person", "'1", "")))
	case c.Field == "name":
		return pick(t, "name", append([]string{"A", "al", "ئ", ""}, poolNames...))
	case c.Field == "source":
		return string(pick(t, "source", randomIDs(graph.Source)))
	case c.Field == "types":
		return pick(t, "type", poolTypes)
	case c.Field == "aliases":
		return pick(t, "alias", []string{"x:1", "y:1", ":"})
	case c.Field == "marking":
		return pick(t, "marking", graph.Markings())
	case c.Field == "status":
		return pick(t, "status", graph.Statuses())
	case c.Field == "grade":
		return pick(t, "grade", []string{"A1", "-2", "B"})
	}
	spec, _ := graph.FieldSpec(tie, c.Field)
	spec.Bounded, spec.Min = false, -1e300
	return randomValue(t, spec)
}

func randomTieCond(t *rapid.T, types []graph.TieType, depth int) graph.Cond {
	if depth > 0 && chance(t, "join", 30) {
		return randomJoin(t, func(t *rapid.T) graph.Cond { return randomTieCond(t, types, depth-1) })
	}
	if chance(t, "true", 20) {
		return graph.Cond{}
	}
	return randomLeaf(t, true, tieFieldNames, graph.TiePropsOf(types))
}

func randomJoin(t *rapid.T, part func(*rapid.T) graph.Cond) graph.Cond {
	c := graph.Cond{Op: pick(t, "join op", []graph.Op{graph.And, graph.Or, graph.Not})}
	count := 1
	if c.Op != graph.Not {
		count = rapid.IntRange(0, 3).Draw(t, "parts")
	}
	for range count {
		c.Conds = append(c.Conds, part(t))
	}
	return c
}

func randomNodeCond(t *rapid.T, kinds []graph.Kind, depth, hops int) graph.Cond {
	switch {
	case depth > 0 && chance(t, "join", 35):
		return randomJoin(t, func(t *rapid.T) graph.Cond { return randomNodeCond(t, kinds, depth-1, hops) })
	case hops > 0 && chance(t, "hop", 45):
		row := pick(t, "hop type", graph.TieTypes())
		h := &graph.Hop{
			Type: row.Type, Dir: pick(t, "dir", []graph.Dir{graph.Out, graph.Back}),
			Tie: randomTieWhere(t, []graph.TieType{row.Type}), Far: randomNodeCond(t, nil, depth-1, hops-1),
		}
		return graph.Cond{Op: pick(t, "quantifier", []graph.Op{graph.Some, graph.None}), Hop: h}
	case chance(t, "true", 10):
		return graph.Cond{}
	}
	return randomLeaf(t, false, nodeFieldNames, graph.PropsOf(kinds))
}

func randomTieWhere(t *rapid.T, types []graph.TieType) graph.TieWhere {
	var w graph.TieWhere
	if chance(t, "as of", 35) {
		gap := graph.GapPolicy{Mode: pick(t, "gap", []graph.GapMode{graph.Contiguous, graph.Strict, graph.Extend}), Days: pick(t, "days", []int{0, 90, 800, 100_000})}
		w.AsOf = &graph.AsOf{Day: pick(t, "day", poolDays), Gap: gap}
	}
	if chance(t, "during", 25) {
		w.During = &[2]graph.Day{pick(t, "from", poolDays), pick(t, "to", poolDays)}
	}
	w.Statuses = some(t, "statuses", []graph.Status{graph.Accepted, graph.Conflict, graph.Rejected}, 3)
	if chance(t, "sure", 25) {
		w.MinConfidence = pick(t, "min", poolShares)
	}
	w.Cond = randomTieCond(t, types, 2)
	return w
}

func randomNodeQuery(t *rapid.T) graph.NodeQuery {
	var kinds []graph.Kind
	for _, row := range graph.Kinds() {
		if chance(t, row.Name, 15) {
			kinds = append(kinds, row.Kind)
		}
	}
	q := graph.NodeQuery{
		Kinds: kinds, Where: randomNodeCond(t, kinds, 3, graph.MaxHops),
		Order: pick(t, "order", []graph.NodeOrder{graph.OrderID, graph.OrderName}), Desc: chance(t, "desc", 50),
		Limit: pick(t, "limit", []int{0, 0, 1, 5}),
	}
	if chance(t, "after", 20) {
		q.After = &graph.NodeCursor{Key: pick(t, "key", []string{"", "adan kesh", "mira"}), ID: pick(t, "after", allRandomIDs())}
	}
	return q
}

func randomTieQuery(t *rapid.T) graph.TieQuery {
	var types []graph.TieType
	for _, row := range graph.TieTypes() {
		if chance(t, row.Name, 8) {
			types = append(types, row.Type)
		}
	}
	return graph.TieQuery{
		Types: types, Where: randomTieWhere(t, types),
		After: pick(t, "after", []graph.ID{"", "", "own-3", "t-h"}), Limit: pick(t, "limit", []int{0, 0, 1, 5}),
	}
}

func randomAdjacent(t *rapid.T) graph.AdjacentQuery {
	row := pick(t, "type", graph.TieTypes())
	q := graph.AdjacentQuery{
		Nodes: allRandomIDs(), Type: row.Type, Dir: pick(t, "dir", []graph.Dir{graph.Out, graph.Back}),
		Limit: pick(t, "limit", []int{0, 1, 2, 5}),
	}
	if chance(t, "where", 60) {
		q.Where = randomTieWhere(t, []graph.TieType{row.Type})
	}
	if chance(t, "far", 40) {
		q.Far = randomNodeCond(t, nil, 2, graph.MaxHops)
	}
	if chance(t, "after", 20) {
		q.Nodes = q.Nodes[:1]
		q.After = &graph.TieCursor{Start: pick(t, "start", poolDays), ID: "t-h"}
	}
	return q
}
