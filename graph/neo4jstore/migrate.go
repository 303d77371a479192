package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
	"entangle/graph/fold"
)

// A database says which layout its data has: the number of the last step that was taken.
// Steps are taken one after another when a store is opened. Each may be repeated, so that
// one that was interrupted goes on. The layouts are:
//
//  1. the first;
//  2. what goes without saying is not written;
//  3. ids are unique within each kind and type; closed versions have a place apart, nodes
//     with the label _Past; the database says by which folding its keys were made;
//  4. the text of a tie's dates has its bounds too;
//  5. the bounds of dates are DATEs, in place of numbers of days; the stamp of a node has
//     those of its dates too; a place with coordinates has a POINT.
type step struct {
	number int64
	take   func(context.Context, *Store) error // nil where the schema is all of it
}

var steps = []step{
	{2, func(ctx context.Context, s *Store) error {
		return s.once(ctx, "migrate_names", nil)
	}},
	{3, nil},
	{4, nil}, // what it did is done by the next
	{5, func(ctx context.Context, s *Store) error { return s.nativeDays(ctx) }},
}

// layout is the newest.
func layout() int64 { return steps[len(steps)-1].number }

// errNoSchema: the node that carries the schema's version is gone.
var errNoSchema = errors.New("the database has no schema")

// The oldest server whose Cypher the statements need: CALL (x) { … } came with 5.23.
const oldestMajor, oldestMinor = 5, 23

// migrated makes sure, once, that the server can be worked with and has the
// schema. It tries again at every call until it succeeds.
func (s *Store) migrated(ctx context.Context) error {
	s.mu.Lock()
	ready := s.ready
	s.mu.Unlock()
	if ready {
		return s.check(ctx)
	}
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	s.mu.Lock()
	ready = s.ready
	s.mu.Unlock()
	if ready {
		return nil
	}
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if _, err := s.lookIfEmpty(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready = true
	return nil
}

func (s *Store) migrate(ctx context.Context) error {
	rows, _, err := s.read(ctx, "meta", nil, nil)
	if err != nil {
		return err
	}
	if err := s.checkServer(ctx); err != nil {
		return err
	}
	m := metaOf(rows)
	if err := s.checkLayout(m.layout); err != nil {
		return err
	}
	later := false
	if s.conf.Filling && (m.layout == 0 || m.unfinished) {
		if later, _, err = s.isEmpty(ctx); err != nil {
			return err
		}
	}
	made, err := s.makeSchema(ctx, later)
	if err != nil {
		return err
	}
	s.tellDrift(ctx, s.Drift())
	if m.current(later) {
		s.tellSchema(ctx, made)
		return nil
	}
	if err := s.advance(ctx, m); err != nil {
		return err
	}
	_, err = s.transact(ctx, neo4j.AccessModeWrite, func(r runner) error { return r.done(ctx, later) })
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.unfinished = later
	}
	return err
}

// meta is what a database says of itself.
type meta struct {
	layout     int64 // 0 where it says nothing: it is new, or was imported
	vocabulary string
	unfinished bool
	folding    int64    // by which the keys were made
	refolded   graph.ID // up to which node they were made anew
	versions   bool     // each clearance has one
}

func metaOf(rows []*neo4j.Record) meta {
	m := meta{folding: 1}
	if len(rows) == 0 {
		m.folding = fold.Version
		return m
	}
	m.layout, _ = rows[0].Values[0].(int64)
	m.vocabulary, _ = rows[0].Values[1].(string)
	m.unfinished, _ = rows[0].Values[2].(bool)
	if folding, ok := rows[0].Values[3].(int64); ok {
		m.folding = folding
	}
	id, _ := rows[0].Values[4].(string)
	m.refolded = graph.ID(id)
	m.versions = versionsOf(rows[0].Values[5]) != nil
	return m
}

// current reports that nothing is to be done; later, that a part of the schema is put off.
func (m meta) current(later bool) bool {
	return m.layout == layout() && m.vocabulary == vocabulary() && m.folding == fold.Version && m.unfinished == later && m.versions
}

// checkLayout refuses what a newer program has made.
func (s *Store) checkLayout(have int64) error {
	if have > layout() {
		return fmt.Errorf("%w: database %q at %s has schema %d, this program knows up to %d: use a newer one", ErrServer, s.conf.Database, s.conf.URI, have, layout())
	}
	return nil
}

// advance takes the steps from the layout that the database has, and folds the names anew
// where that was done in another way.
func (s *Store) advance(ctx context.Context, m meta) error {
	if err := s.once(ctx, "migrate_tokens", map[string]any{"properties": properties()}); err != nil {
		return err
	}
	for _, step := range steps {
		if m.layout == 0 || m.layout >= step.number {
			continue
		}
		if step.take != nil {
			if err := step.take(ctx, s); err != nil {
				return err
			}
		}
		if err := s.once(ctx, "migrate_step", map[string]any{"schema": step.number}); err != nil {
			return err
		}
	}
	if m.folding == fold.Version {
		return nil
	}
	return s.refold(ctx, m.refolded)
}

// once runs a statement in a transaction of its own.
func (s *Store) once(ctx context.Context, name string, params map[string]any) error {
	_, err := s.transact(ctx, neo4j.AccessModeWrite, func(r runner) error {
		_, err := r.run(ctx, name, nil, params)
		return err
	})
	return err
}

// refold computes the keys of names anew, from behind a node on, a page in each transaction.
func (s *Store) refold(ctx context.Context, after graph.ID) error {
	return s.nodePages(ctx, after, func(r runner, after graph.ID) (graph.ID, error) {
		rows, err := r.run(ctx, "refold_nodes", nil, map[string]any{"after": string(after), "limit": s.conf.BatchSize})
		if err != nil || len(rows) == 0 {
			return after, err
		}
		nodes, long := refolded(rows)
		last := graph.ID(long[len(long)-1])
		if _, err := r.run(ctx, "update_nodes", nil, map[string]any{"rows": nodes}); err != nil {
			return after, err
		}
		if _, err := r.run(ctx, "label_long", nil, map[string]any{"ids": long}); err != nil {
			return after, err
		}
		_, err = r.run(ctx, "refolded", nil, map[string]any{"id": string(last)})
		return last, err
	})
}

// nodePages goes through nodes in the order of their ids, from behind one on, a page in each
// transaction. page returns the last node of its page, that which it was given at the end.
func (s *Store) nodePages(ctx context.Context, after graph.ID, page func(r runner, after graph.ID) (last graph.ID, err error)) error {
	for {
		last := after
		_, err := s.transact(ctx, neo4j.AccessModeWrite, func(r runner) error {
			_, err := r.lock(ctx)
			if err == nil {
				last, err = page(r, after)
			}
			return err
		})
		if err != nil || last == after {
			return err
		}
		after = last
	}
}

// refolded computes what depends on names, and lists the ids.
func refolded(rows []*neo4j.Record) (nodes []map[string]any, ids []string) {
	for _, row := range rows {
		stored, ok := row.Values[0].(dbtype.Node)
		if !ok {
			continue
		}
		n, _ := decodeNode(stored)
		computed := map[string]any{}
		computeNode(computed, n)
		nodes = append(nodes, map[string]any{"element": stored.ElementId, "props": computed})
		ids = append(ids, string(n.ID))
	}
	return nodes, ids
}

// vocabulary names the kinds and types that the schema is for.
func vocabulary() string {
	return strings.Join(append(kindNames(nil), typeNames(nil)...), " ")
}

// done notes that the schema is there, all of it or all but what comes later.
func (r runner) done(ctx context.Context, later bool) error {
	params := map[string]any{"schema": layout(), "vocabulary": vocabulary(), "unfinished": nil, "folding": fold.Version, "last": int64(graph.Red)}
	if later {
		params["unfinished"] = true
	}
	_, err := r.run(ctx, "migrate_done", nil, params)
	return err
}

// Finish makes what a store that is Filling has put off: the indexes of names and the unique
// ids of each kind. It does
// nothing where that is there.
func (s *Store) Finish(ctx context.Context) error {
	if err := s.migrated(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	unfinished := s.unfinished
	s.mu.Unlock()
	if !unfinished {
		return nil
	}
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := s.makeSchema(ctx, false); err != nil {
		return err
	}
	_, err = s.transact(ctx, neo4j.AccessModeWrite, func(r runner) error { return r.done(ctx, false) })
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.unfinished = false
	}
	return err
}

// properties are all that a node or a tie may have, with values of no matter.
func properties() map[string]any {
	names := map[string]any{}
	add := func(props map[string]any) {
		for name := range props {
			names[name] = true
		}
	}
	for _, row := range graph.Kinds() {
		add(encodeNode(graph.Node{Kind: row.Kind}))
	}
	for _, row := range graph.TieTypes() {
		add(encodeTie(graph.Tie{Type: row.Type}))
	}
	add(map[string]any{"dataset": nil, "format": nil, "movedTies": nil, "versions": nil, "unfinished": nil, "folding": nil, "refolded": nil, propDouble: nil})
	return names
}

// checkServer refuses what is no Neo4j, or one that is too old, by what the server
// says of itself when a connection is made.
func (s *Store) checkServer(ctx context.Context) error {
	info, err := s.presentLink().driver.GetServerInfo(ctx)
	if err != nil {
		return s.explain(ctx, err)
	}
	text, ok := strings.CutPrefix(info.Agent(), "Neo4j/")
	if !ok {
		return fmt.Errorf("%w: %s calls itself %q, which is no Neo4j", ErrServer, s.conf.URI, info.Agent())
	}
	if !recent(text) {
		return fmt.Errorf("%w: %s runs Neo4j %s: %d.%d or newer is needed", ErrServer, s.conf.URI, text, oldestMajor, oldestMinor)
	}
	return nil
}

// recent compares a version such as "5.26.30", "2025.04.0" or "5.27-aura".
func recent(version string) bool {
	version, _, _ = strings.Cut(version, "-")
	fields := strings.SplitN(version, ".", 3)
	if len(fields) < 2 {
		return false
	}
	major, errMajor := strconv.Atoi(fields[0])
	minor, errMinor := strconv.Atoi(fields[1])
	return errMajor == nil && errMinor == nil && (major > oldestMajor || major == oldestMajor && minor >= oldestMinor)
}
