package neo4jstore

import (
	"context"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
)

// nativeDays is the step to layout 5. What is done already is not looked for again, so
// that a step that was interrupted goes on.
func (s *Store) nativeDays(ctx context.Context) error {
	// One statement for all types: to plan it takes longer than to look through them.
	fill := parts{"TYPES": anyOf(typeNames(nil)), "DAYS": numbersToDays(), "NUMBERS": joinedNumbers(), "BOUNDS": joinedBounds("r")}
	if err := s.inTransactions(ctx, "migrate_days", fill); err != nil {
		return err
	}
	return s.nodePages(ctx, "", func(r runner, after graph.ID) (graph.ID, error) {
		rows, err := r.run(ctx, "numbered_nodes", parts{"LOCATED": located()}, map[string]any{"after": string(after), "bounds": nodeBounds(), "limit": s.conf.BatchSize})
		if err != nil || len(rows) == 0 {
			return after, err
		}
		nodes, last := renumbered(rows)
		_, err = r.run(ctx, "update_nodes", nil, map[string]any{"rows": nodes})
		return last, err
	})
}

// renumbered computes nodes anew that nobody has changed, and tells the id of the last.
// One that somebody has changed is looked at like those of others: its stamp is wrong.
func renumbered(rows []*neo4j.Record) (nodes []map[string]any, last graph.ID) {
	for _, row := range rows {
		stored, ok := row.Values[0].(dbtype.Node)
		if !ok {
			continue
		}
		n, problems := decodeNode(stored)
		last = n.ID
		if len(problems) > 0 || stored.Props[propStamp] != stampOfTexts(n) {
			continue
		}
		computed := map[string]any{}
		computeNode(computed, n)
		encodeProps(computed, n.Kind.Info().Props, n.Props)
		for _, spec := range n.Kind.Info().Props {
			delete(computed, spec.Name) // they are as they were
		}
		nodes = append(nodes, map[string]any{"element": stored.ElementId, "props": computed})
	}
	return nodes, last
}

// nodeBounds are the DATEs beside the dates of nodes.
func nodeBounds() []string {
	var names []string
	for _, row := range graph.Kinds() {
		for _, spec := range row.Props {
			if spec.Type == graph.DateProp {
				names = append(names, dateBound(spec.Name, earliest), dateBound(spec.Name, latest))
			}
		}
	}
	return names
}

// located are the kinds with a latitude and a longitude.
func located() cypher { return anyOf(locatedKinds()) }

func locatedKinds() (names []string) {
	for _, row := range graph.Kinds() {
		if _, ok := graph.Spec(row.Props, propLat); ok {
			names = append(names, row.Name)
		}
	}
	return names
}

// isNumber is a bound of the tie r as a number of days, as layout 4 had it.
func isNumber(at cypher) cypher {
	return at + " IS :: INTEGER NOT NULL AND -2147483648 <= " + at + " <= 2147483647"
}

// numbersToDays are assignments that make DATEs of the bounds of r.
func numbersToDays() cypher {
	list := make([]cypher, len(boundNames))
	for i, name := range boundNames {
		at := "r." + word(name)
		list[i] = at + " = CASE WHEN " + isNumber(at) + " THEN date('1970-01-01') + duration({days: " + at + "}) ELSE " + at + " END"
	}
	return join(list, ", ")
}

// joinedNumbers is joinedBounds of layout 4.
func joinedNumbers() cypher {
	list := make([]cypher, len(boundNames))
	for i, name := range boundNames {
		at := "r." + word(name)
		list[i] = "CASE WHEN " + isNumber(at) + " THEN toString(" + at + ") WHEN " + at + " IS NULL THEN '' ELSE '?' END"
	}
	return "('|' + " + join(list, " + ',' + ") + ")"
}
