package neo4jstore

import (
	"strings"

	"entangle/graph"
)

// What a statement reads along a tie fits if the store would have left it so: both ends are
// taken in, the type joins their kinds, the computed bounds are those of the dates, and the
// confidence is one. Then its order and its conditions can be left to the server. What does not
// fit others have written, and it is read and judged as it is (fresh.go). What else may be wrong
// with a tie, such as its weight, is found when the tie is read.

// boundsFit tests the computed bounds of the tie in variable r.
func boundsFit(r cypher) cypher {
	return statement("bounds_fit", parts{"OF": r, "BOUNDS": joinedBounds(r)})
}

// fits tests a step from n, which is taken in, over r to m. It is never null.
func fits(n, r, m cypher, typ graph.TieType, dir graph.Dir) cypher {
	return "coalesce(" + m + ":" + labelEntity + " AND " + m + "._key IS NOT NULL AND " + joinFits(n, m, typ, dir) +
		" AND " + r + ".confidence >= 0 AND " + r + ".confidence <= 1 AND " + boundsFit(r) + ", false)"
}

// joinFits tests whether a type of ties joins the kinds of two nodes.
func joinFits(n, m cypher, typ graph.TieType, dir graph.Dir) cypher {
	far := map[graph.Kind][]string{}
	var order []graph.Kind
	add := func(from, to graph.Kind) {
		if far[from] == nil {
			order = append(order, from)
		}
		far[from] = append(far[from], to.String())
	}
	row := typ.Info()
	for _, ends := range row.Ends {
		near, other := ends.From, ends.To
		if dir == graph.Back && !row.Symmetric {
			near, other = other, near
		}
		add(near, other)
		if row.Symmetric && near != other {
			add(other, near)
		}
	}
	byFar, ways := map[string][]string{}, []string{}
	for _, near := range order {
		way := string(anyOf(far[near]))
		if byFar[way] == nil {
			ways = append(ways, way)
		}
		byFar[way] = append(byFar[way], near.String())
	}
	var tests []string
	for _, way := range ways {
		tests = append(tests, string(n)+":"+string(anyOf(byFar[way]))+" AND "+string(m)+":"+way)
	}
	return cypher("(" + strings.Join(tests, " OR ") + ")")
}

// joined reports whether a type of ties may lead from one kind to another. A symmetric tie may be
// stored either way.
func joined(typ graph.TieType, from, to graph.Kind) bool {
	return typ.Joins(from, to) || typ.Info().Symmetric && typ.Joins(to, from)
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
