package neo4jstore

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
)

// Others write to the database by Cypher of their own: they create nodes and
// relationships without what this package computes, or change texts beneath it.
// Settling finds those by their stamps, gives the valid ones their computed
// properties and takes them from the invalid ones. Reads show what has them.

// settle looks at what was committed up to the bookmark and not by this store.
func (s *Store) settle(ctx context.Context, bookmark string) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if s.isSettled(bookmark) { // our own writer did it while we waited
		return nil
	}
	empty, err := s.isEmpty(ctx)
	if err != nil {
		return err
	}
	if empty {
		s.problems.note(findings{bookmark: bookmark}, nil)
		s.setCensus(newCensus(bookmark))
		s.setSettled(bookmark)
		return nil
	}
	s.setCensus(nil)
	// Ties are valid between settled nodes, so they are looked at again once.
	for range 2 {
		found, err := s.unsettled(ctx)
		if err != nil {
			return err
		}
		s.tell(found.problems)
		if len(found.nodes) == 0 && len(found.ties) == 0 {
			s.setSettled(found.bookmark)
			return nil
		}
		err = s.adopt(ctx, found)
		if errors.Is(err, ErrReadOnly) {
			s.conf.Log.WarnContext(ctx, "what others wrote cannot be served: the database takes no writes",
				slog.Int("nodes", len(found.nodes)), slog.Int("ties", len(found.ties)))
			s.setSettled(found.bookmark)
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// findings are what a look at the database gave.
type findings struct {
	bookmark    string
	nodes, ties []map[string]any // rows of update_nodes and update_ties
	long        []string
	moved       bool // see isMoved
	problems    []graph.Problem
}

// unsettled reads what is not as this store would have left it, and decides what
// is to be done.
func (s *Store) unsettled(ctx context.Context) (findings, error) {
	var found findings
	bookmark, err := s.transact(ctx, neo4j.AccessModeRead, func(r runner) error {
		found = findings{}
		if err := r.unsettledNodes(ctx, &found); err != nil {
			return err
		}
		return r.unsettledTies(ctx, &found)
	})
	found.bookmark = bookmark
	s.problems.note(found, err)
	return found, err
}

// adopt writes the decisions, a batch in each transaction: what is committed stays where a
// later one fails. The state counts as settled when the last is committed, and nobody else
// committed meanwhile; else it is looked at again.
func (s *Store) adopt(ctx context.Context, found findings) error {
	at, clean := found.bookmark, true
	commit := func(statement, param string, rows any) error {
		var before string
		bookmark, err := s.transact(ctx, neo4j.AccessModeWrite, func(r runner) error {
			if _, err := r.lock(ctx); err != nil {
				return err
			}
			if found.moved {
				if _, err := r.run(ctx, "mark_moved_ties", nil, nil); err != nil {
					return err
				}
			}
			if _, err := r.run(ctx, statement, nil, map[string]any{param: rows}); err != nil {
				return err
			}
			if _, err := r.moveVersions(ctx, graph.Clear); err != nil {
				return err
			}
			var err error
			before, err = s.bookmark(ctx, neo4j.AccessModeWrite)
			return err
		})
		clean, at = clean && before == at, bookmark
		return err
	}
	for rows := range slices.Chunk(found.nodes, s.conf.BatchSize) {
		if err := commit("update_nodes", "rows", rows); err != nil {
			return err
		}
	}
	for ids := range slices.Chunk(found.long, s.conf.BatchSize) {
		if err := commit("label_long", "ids", ids); err != nil {
			return err
		}
	}
	for rows := range slices.Chunk(found.ties, s.conf.BatchSize) {
		if err := commit("update_ties", "rows", rows); err != nil {
			return err
		}
	}
	if clean {
		s.setSettled(at)
	}
	return nil
}

func (r runner) unsettledNodes(ctx context.Context, found *findings) error {
	fill := parts{"KINDS": anyOf(kindNames(nil)), "LOCATED": located(), "COLUMN": statement("column", parts{"OF": "n"}), "CITED": statement("cited", parts{"OF": "n"})}
	params := map[string]any{"kinds": kindNames(nil), "markings": graph.Markings(), "columns": nodeColumns(), "nameKinds": usualKinds(), "scripts": usualScripts()}
	rows, err := r.run(ctx, "unsettled_nodes", fill, params)
	if err != nil || len(rows) == 0 {
		return err
	}
	ids, sources := map[graph.ID]bool{}, map[graph.ID]bool{}
	for _, row := range rows {
		n, _ := decodeNode(row.Values[0].(dbtype.Node))
		ids[n.ID] = true
		for _, c := range n.Citations {
			sources[c.Source] = true
		}
	}
	owners, known, err := r.owners(ctx, ids, sources)
	if err != nil {
		return err
	}
	for _, row := range rows { // a source among them may be cited by another
		if n, problems := decodeNode(row.Values[0].(dbtype.Node)); len(problems) == 0 && known[n.ID] == 0 {
			known[n.ID] = n.Kind
		}
	}
	for _, row := range rows {
		found.node(row.Values[0].(dbtype.Node), owners, known)
	}
	return nil
}

// owners tells which node has each id, and of what kind the cited nodes are.
func (r runner) owners(ctx context.Context, ids, cited map[graph.ID]bool) (owners map[graph.ID]string, known map[graph.ID]graph.Kind, err error) {
	all := map[graph.ID]bool{}
	maps.Copy(all, ids)
	maps.Copy(all, cited)
	owners, known = map[graph.ID]string{}, map[graph.ID]graph.Kind{}
	err = chunks(ctx, r, "owners", nil, "ids", sorted(all), map[string]any{"kinds": kindNames(nil)}, func(row *neo4j.Record) {
		id, kind := kindOf(row)
		owners[id], _ = row.Values[2].(string)
		known[id] = kind
	})
	return owners, known, err
}

// node decides about one node.
func (f *findings) node(stored dbtype.Node, owners map[graph.ID]string, known map[graph.ID]graph.Kind) {
	n, problems := decodeNode(stored)
	isEntity := slices.Contains(stored.Labels, labelEntity)
	if len(problems) == 0 {
		problems = graph.Batch{Nodes: []graph.Node{n}, Gone: lost(isEntity, n.Citations)}.Validate(func(id graph.ID) graph.Kind { return known[id] })
	}
	if owner := owners[n.ID]; len(problems) == 0 && owner != "" && owner != stored.ElementId {
		problems = doubled("node", stored.ElementId, n.ID)
	}
	computed := map[string]any{propKey: nil}
	if len(problems) == 0 {
		owners[n.ID] = stored.ElementId
		computed = map[string]any{}
		computeNode(computed, n)
		encodeProps(computed, n.Kind.Info().Props, n.Props)
	}
	f.tell(stored.ElementId, problems)
	if len(problems) > 0 && !isEntity { // a stranger's: nothing of it is ours
		return
	}
	changed := differences(stored.Props, computed)
	if len(changed) == 0 && isEntity {
		return
	}
	f.nodes = append(f.nodes, map[string]any{"element": stored.ElementId, "props": changed})
	if _, ok := changed[propKeysLong]; ok {
		f.long = append(f.long, string(n.ID))
	}
}

// lost are the sources of a claim that was served, or loaded, before somebody changed it: what it
// cites was there, and was deleted where it is not.
func lost(served bool, citations []graph.Citation) (ids []graph.ID) {
	for _, c := range citations {
		if served {
			ids = append(ids, c.Source)
		}
	}
	return ids
}

// differences keeps what a node or tie has not as it should be.
func differences(have, want map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range want {
		if _, isList := value.([]string); isList {
			continue // a list of the vocabulary, which was read and is as it was
		}
		if !same(have[name], value) && !isDay(have[name], value) {
			out[name] = value
		}
	}
	return out
}

func (r runner) unsettledTies(ctx context.Context, found *findings) error {
	fill := parts{"TYPES": anyOf(typeNames(nil)), "COLUMN": statement("column", parts{"OF": "r"}), "CITED": statement("cited", parts{"OF": "r"}), "BOUNDS": joinedBounds()}
	params := map[string]any{"statuses": graph.Statuses(), "markings": graph.Markings(), "grades": grades(), "columns": tieColumns(), "kinds": kindNames(nil), "joins": joins(), "first": nativeDay(graph.MinDay)}
	rows, err := r.run(ctx, "unsettled_ties", fill, params)
	if err != nil || len(rows) == 0 {
		return err
	}
	ids, others := map[graph.ID]bool{}, map[graph.ID]bool{}
	for _, row := range rows {
		t, _, _ := tieOf(row)
		t = t.Normal()
		ids[t.ID], others[t.From], others[t.To] = true, true, true
		for _, c := range t.Citations {
			others[c.Source] = true
		}
	}
	_, known, err := r.owners(ctx, nil, others)
	if err != nil {
		return err
	}
	owners := map[graph.ID]string{}
	err = chunks(ctx, r, "stored_ties", ofTypes(anyOf(typeNames(nil))), "ids", sorted(ids), nil, func(row *neo4j.Record) {
		t, rel, _ := tieOf(row)
		if _, settled := rel.Props[propStartEarliest]; settled {
			owners[t.ID] = rel.ElementId
		}
	})
	if err != nil {
		return err
	}
	for _, row := range rows {
		found.tie(row, owners, known)
	}
	return nil
}

// tie decides about one relationship. One without an id gets the id that the
// claim derives.
func (f *findings) tie(row *neo4j.Record, owners map[graph.ID]string, known map[graph.ID]graph.Kind) {
	t, rel, problems := tieOf(row)
	if _, ok := rel.Props[propConfidence]; !ok {
		t.Confidence = graph.Confidence{}
	}
	t = t.Normal()
	if len(problems) == 0 {
		_, isBounded := rel.Props[propStartEarliest]
		problems = graph.Batch{Ties: []graph.Tie{t}, Gone: lost(isBounded || t.Load != "", t.Citations)}.Validate(func(id graph.ID) graph.Kind { return known[id] })
	}
	if owner := owners[t.ID]; len(problems) == 0 && owner != "" && owner != rel.ElementId {
		problems = doubled("tie", rel.ElementId, t.ID)
	}
	f.tell(rel.ElementId, problems)
	computed := map[string]any{propStartEarliest: nil}
	if len(problems) == 0 {
		owners[t.ID] = rel.ElementId
		computed = encodeTie(t)
		f.moved = f.moved || isMoved(t)
	}
	if changed := differences(rel.Props, computed); len(changed) > 0 {
		f.ties = append(f.ties, map[string]any{"element": rel.ElementId, "props": changed})
	}
}
