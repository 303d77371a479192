package neo4jstore

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
)

// write sends the differences, nodes before ties.
func (m *merge) write(ctx context.Context) error {
	nothing := func(*neo4j.Record) {}
	for _, kind := range slices.Sorted(maps.Keys(m.createNodes)) {
		rows := m.createNodes[kind]
		err := chunks(ctx, m.runner, "create_nodes", parts{"KIND": word(kind.String())}, "rows", rows, nil, func(r *neo4j.Record) {
			places, _ := r.Values[0].([]any) // one for each row, in their order
			for i, place := range places {
				id, _ := rows[i][propID].(string)
				m.places[graph.ID(id)] = placeOf(place)
			}
			rows = rows[len(places):]
		})
		if err != nil {
			return err
		}
	}
	if err := chunks(ctx, m.runner, "update_nodes", nil, "rows", m.updateNodes, nil, nothing); err != nil {
		return err
	}
	if err := chunks(ctx, m.runner, "label_long", nil, "ids", m.longNames, nil, nothing); err != nil {
		return err
	}
	if err := chunks(ctx, m.runner, "delete_ties", nil, "elements", m.deleteTies, nil, nothing); err != nil {
		return err
	}
	for _, typ := range slices.Sorted(maps.Keys(m.createTies)) {
		if err := m.create(ctx, typ, m.createTies[typ]); err != nil {
			return err
		}
	}
	if err := chunks(ctx, m.runner, "update_ties", nil, "rows", m.updateTies, nil, nothing); err != nil {
		return err
	}
	if m.moved {
		if _, err := m.run(ctx, "mark_moved_ties", nil, nil); err != nil {
			return err
		}
	}
	observed, err := m.observed(ctx)
	if err != nil {
		return err
	}
	if load := m.batch.Load; load.ID != "" && !m.known.saved(load) {
		if err := m.saveLoad(ctx, load, &observed); err != nil {
			return err
		}
	}
	versions, err := m.moveVersions(ctx, observed)
	m.applied.Version = standing{versions: versions}.of(graph.Red)
	return err
}

// saveLoad keeps what the batch says of its load. Where that is new, those who see the load
// observe it.
func (m *merge) saveLoad(ctx context.Context, load graph.Load, observed *graph.Marking) error {
	rows, err := m.run(ctx, "save_load", nil, map[string]any{"id": string(load.ID), "dataset": load.Dataset, "format": load.Format})
	if err != nil || *observed == graph.Clear || len(rows) == 0 || rows[0].Values[0] != true {
		return err
	}
	seen, err := m.observedLoad(ctx, load.ID)
	*observed = min(*observed, seen)
	return err
}

// newTie is a tie to be created.
type newTie struct {
	from, to graph.ID
	props    map[string]any
}

// create creates ties of a type. Between nodes of which it is known where they are,
// no index is asked.
func (m *merge) create(ctx context.Context, typ graph.TieType, ties []newTie) error {
	slices.SortFunc(ties, func(a, b newTie) int { // neighbours on the server's pages
		return strings.Compare(string(a.from), string(b.from))
	})
	var rows, placed []map[string]any
	for _, t := range ties {
		from, to := m.place(t.from), m.place(t.to)
		if from == nowhere || to == nowhere {
			rows = append(rows, map[string]any{"from": string(t.from), "to": string(t.to), "props": t.props})
		} else {
			placed = append(placed, map[string]any{"from": from, "to": to, "props": t.props})
		}
	}
	fill, nothing := parts{"TYPE": word(typ.String())}, func(*neo4j.Record) {}
	if err := chunks(ctx, m.runner, "create_ties_at", fill, "rows", placed, nil, nothing); err != nil {
		return err
	}
	return chunks(ctx, m.runner, "create_ties", fill, "rows", rows, nil, nothing)
}

// place returns where a node is that this transaction or the census knows of.
func (m *merge) place(id graph.ID) int64 {
	if at, ok := m.places[id]; ok {
		return at
	}
	if m.known == nil {
		return nowhere
	}
	return m.known.place(id)
}

// tieBalance counts the ties of each type that are created. One that gives way to a tie of
// another type is not counted: it makes the adopter look at its type, which is harmless.
func (m *merge) tieBalance() map[graph.TieType]int {
	balance := map[graph.TieType]int{}
	for typ, list := range m.createTies {
		balance[typ] += len(list)
	}
	return balance
}
