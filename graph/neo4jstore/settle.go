package neo4jstore

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
)

// Others write to the database by Cypher of their own: they create nodes and relationships
// without what this package computes, or change texts beneath it. What a reader meets, what the
// counts show and what a sweep finds is judged here: the valid get their computed properties,
// and they are taken from the invalid. Reads show what has them.

// elements are nodes and ties by the server's own ids.
type elements struct{ nodes, ties []string }

// Settle takes in what others have written until now. Look-ups and steps along ties do not need
// it; lists, searches, counts and pictures of everything have what was taken in. An open store
// does so by itself, beside its readers (adopter.go); who opens one for a single answer, or has
// to know, settles it first. It reads every node and tie, unless nobody else has committed since
// the last time. Callers who come while it does so share one further reading.
func (s *Store) Settle(ctx context.Context) error {
	at, err := s.where(ctx)
	if err != nil || s.isOwn(s.settledAt(), at.bookmark) {
		return err
	}
	_, err = s.settles.ask(ctx, s, func(ctx context.Context) (struct{}, error) {
		empty, err := s.lookIfEmpty(ctx)
		if err == nil && !empty {
			_, err = s.sweepThrough(ctx, false)
		}
		return struct{}{}, err
	})
	return err
}

// lookIfEmpty reports whether the database has nothing of anybody. Then all is known of it.
func (s *Store) lookIfEmpty(ctx context.Context) (bool, error) {
	empty, bookmark, err := s.isEmpty(ctx)
	if err != nil || !empty {
		return false, err
	}
	s.problems.note(nil)
	s.setCensus(newCensus(bookmark))
	s.setSettled(bookmark)
	return true, nil
}

// takeIn judges what was found and adopts what is valid of it; the log is told of the rest. It
// returns what it found, as it is now.
func (s *Store) takeIn(ctx context.Context, of elements) (findings, error) {
	found, err := s.takeInQuietly(ctx, of)
	s.tell(found.problems)
	return found, err
}

// takeInQuietly is takeIn for whoever tells the log.
func (s *Store) takeInQuietly(ctx context.Context, of elements) (findings, error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return findings{}, err
	}
	defer unlock()
	return s.takeInLocked(ctx, of)
}

// takeInLocked is takeInQuietly for whoever has the right to write.
func (s *Store) takeInLocked(ctx context.Context, of elements) (findings, error) {
	found, err := s.judge(ctx, of)
	if err != nil || len(found.nodes) == 0 && len(found.ties) == 0 {
		return found, err
	}
	err = s.adopt(ctx, &found)
	if errors.Is(err, ErrReadOnly) {
		s.conf.Log.WarnContext(ctx, "what others wrote cannot be served: the database takes no writes",
			slog.Int("nodes", len(found.nodes)), slog.Int("ties", len(found.ties)))
		return found, nil
	}
	return found, err
}

// findings are what a look at nodes and ties gave.
type findings struct {
	bookmark    string           // where the database stood, and stands when it is adopted
	nodes, ties []map[string]any // rows of update_nodes and update_ties
	long        []string
	moved       bool // see isMoved
	problems    []graph.Problem
	judged      []judgedNode
	judgedTies  []judgedTie
	// observed is the lowest clearance that sees what is to be adopted. What was seen before, and
	// is not any more, the next sweep finds by its digests.
	observed graph.Marking
}

// judgedNode is a node that was looked at.
type judgedNode struct {
	graph.Node
	stored dbtype.Node
	valid  bool
}

// judgedTie is a valid tie that was looked at, with the clearance that it takes to see it.
type judgedTie struct {
	graph.Tie
	seen graph.Marking
}

// judge reads what was found and decides what is to be done.
func (s *Store) judge(ctx context.Context, of elements) (findings, error) {
	var found findings
	bookmark, err := s.transact(ctx, neo4j.AccessModeRead, func(r runner) error {
		found = findings{observed: graph.Nobody}
		if err := r.foundNodes(ctx, of.nodes, &found); err != nil {
			return err
		}
		return r.foundTies(ctx, of.ties, &found)
	})
	found.bookmark = bookmark
	return found, err
}

// adoptTimeout bounds a transaction that adopts: who holds a lock on what others wrote must not
// keep the store's writers waiting.
const adoptTimeout = 5 * time.Second

// adopt writes the decisions, a batch in each transaction: what is committed stays where a
// later one fails.
func (s *Store) adopt(ctx context.Context, found *findings) error {
	commit := func(statement, param string, rows any) error {
		bookmark, err := s.commitOwn(ctx, adoptTimeout, func(r runner) error {
			if found.moved {
				if _, err := r.run(ctx, "mark_moved_ties", nil, nil); err != nil {
					return err
				}
			}
			if _, err := r.run(ctx, statement, nil, map[string]any{param: rows}); err != nil {
				return err
			}
			_, err := r.moveVersions(ctx, found.observed)
			return err
		})
		if err == nil {
			found.bookmark = bookmark
		}
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
	return nil
}

func (r runner) foundNodes(ctx context.Context, elements []string, found *findings) error {
	var stored []dbtype.Node
	err := chunks(ctx, r, "found_nodes", nil, "elements", elements, nil, func(row *neo4j.Record) {
		if n, ok := row.Values[0].(dbtype.Node); ok {
			stored = append(stored, n)
		}
	})
	if err != nil {
		return err
	}
	return found.judgeNodes(ctx, r.run, stored)
}

// asking sends a statement and returns its rows: within a transaction, or in one of its own.
type asking func(ctx context.Context, name string, fill parts, params map[string]any) ([]*neo4j.Record, error)

// judgeNodes decides about nodes.
func (f *findings) judgeNodes(ctx context.Context, ask asking, stored []dbtype.Node) error {
	if len(stored) == 0 {
		return nil
	}
	ids, sources := map[graph.ID]bool{}, map[graph.ID]bool{}
	for _, node := range stored {
		n, _ := decodeNode(node)
		ids[n.ID] = true
		for _, c := range n.Citations {
			sources[c.Source] = true
		}
	}
	owners, known, _, err := ownersOf(ctx, ask, ids, sources)
	if err != nil {
		return err
	}
	for _, node := range stored { // a source among them may be cited by another
		if n, problems := decodeNode(node); len(problems) == 0 && known[n.ID] == 0 {
			known[n.ID] = n.Kind
		}
	}
	for _, node := range stored {
		f.node(node, owners, known)
	}
	return nil
}

// ownersOf tells which node has each id, and the kinds and markings of the nodes.
func ownersOf(ctx context.Context, ask asking, ids, cited map[graph.ID]bool) (owners map[graph.ID]string, known map[graph.ID]graph.Kind, markings map[graph.ID]graph.Marking, err error) {
	all := map[graph.ID]bool{}
	maps.Copy(all, ids)
	maps.Copy(all, cited)
	owners, known, markings = map[graph.ID]string{}, map[graph.ID]graph.Kind{}, map[graph.ID]graph.Marking{}
	for part := range slices.Chunk(sorted(all), DefaultBatchSize) {
		rows, err := ask(ctx, "owners", nil, map[string]any{"ids": part, "kinds": kindNames(nil)})
		if err != nil {
			return nil, nil, nil, err
		}
		for _, row := range rows {
			id, kind := kindOf(row)
			if element, _ := row.Values[2].(string); owners[id] == "" {
				owners[id], known[id], markings[id] = element, kind, markingOf(row.Values[3])
			}
		}
	}
	return owners, known, markings, nil
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
	f.judged = append(f.judged, judgedNode{n, stored, len(problems) == 0})
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
	f.observed = min(f.observed, markingOf(stored.Props[propMarking]))
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

func (r runner) foundTies(ctx context.Context, elements []string, found *findings) error {
	fill := parts{"TYPES": anyOf(typeNames(nil))}
	var rows []*neo4j.Record
	asked := map[string]bool{}
	add := func(row *neo4j.Record) {
		if rel, ok := row.Values[0].(dbtype.Relationship); ok && !asked[rel.ElementId] {
			asked[rel.ElementId] = true
			rows = append(rows, row)
		}
	}
	if err := chunks(ctx, r, "found_ties", fill, "elements", elements, nil, add); err != nil || len(rows) == 0 {
		return err
	}
	ids := map[graph.ID]bool{}
	for _, row := range rows {
		t, _, _ := tieOf(row)
		ids[t.Normal().ID] = true
	}
	owners := map[graph.ID]string{}
	err := chunks(ctx, r, "stored_ties", ofTypes(anyOf(typeNames(nil))), "ids", sorted(ids), nil, func(row *neo4j.Record) {
		t, rel, _ := tieOf(row)
		if _, settled := rel.Props[propStartEarliest]; settled {
			if owners[t.ID] == "" || rel.ElementId < owners[t.ID] { // always the same one
				owners[t.ID] = rel.ElementId
			}
			add(row) // it may have to give way
		}
	})
	if err != nil {
		return err
	}
	others := map[graph.ID]bool{}
	for _, row := range rows {
		t, _, _ := tieOf(row)
		others[t.From], others[t.To] = true, true
		for _, c := range t.Citations {
			others[c.Source] = true
		}
	}
	_, known, markings, err := ownersOf(ctx, r.run, nil, others)
	if err != nil {
		return err
	}
	for _, row := range rows {
		found.tie(row, owners, known, markings)
	}
	return nil
}

// tie decides about one relationship. One without an id gets the id that the
// claim derives.
func (f *findings) tie(row *neo4j.Record, owners map[graph.ID]string, known map[graph.ID]graph.Kind, markings map[graph.ID]graph.Marking) {
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
		f.judgedTies = append(f.judgedTies, judgedTie{t, max(t.Marking, markings[t.From], markings[t.To])})
	}
	if changed := differences(rel.Props, computed); len(changed) > 0 {
		f.observed = min(f.observed, max(markingOf(rel.Props[propMarking]), markings[t.From], markings[t.To]))
		f.ties = append(f.ties, map[string]any{"element": rel.ElementId, "props": changed})
	}
}
