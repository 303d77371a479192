package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
)

// schemaVersion is raised with every change of the migration or of the layout of
// properties. With version 2 nodes and ties have fewer properties: what the absence of
// one stands for is what version 1 wrote out, which is still read.
const schemaVersion = 2

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
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready = true
	return nil
}

func (s *Store) migrate(ctx context.Context) error {
	vocabulary := vocabulary()
	rows, _, err := s.read(ctx, "meta", nil, nil)
	if err != nil {
		return err
	}
	if err := s.checkServer(ctx); err != nil {
		return err
	}
	var have int64
	if len(rows) > 0 {
		have, _ = rows[0].Values[0].(int64)
		if have > schemaVersion {
			return fmt.Errorf("%w: database %q at %s has schema %d, this program knows up to %d: use a newer one", ErrServer, s.conf.Database, s.conf.URI, have, schemaVersion)
		}
		if have == schemaVersion && rows[0].Values[1] == vocabulary && rows[0].Values[2] != true {
			return nil
		}
	}
	later := false
	if s.conf.Filling {
		if later, err = s.isEmpty(ctx); err != nil {
			return err
		}
	}
	if err := s.makeSchema(ctx, migration(later)); err != nil {
		return err
	}
	_, err = s.transact(ctx, neo4j.AccessModeWrite, func(r runner) error {
		if _, err := r.run(ctx, "migrate_tokens", nil, map[string]any{"properties": properties()}); err != nil {
			return err
		}
		if have == 1 {
			if _, err := r.run(ctx, "migrate_names", nil, nil); err != nil {
				return err
			}
		}
		return r.done(ctx, later)
	})
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.unfinished = later
	}
	return err
}

// vocabulary names the kinds and types that the schema is for.
func vocabulary() string {
	return strings.Join(append(kindNames(nil), typeNames(nil)...), " ")
}

// done notes that the schema is there, all of it or all but what comes later.
func (r runner) done(ctx context.Context, later bool) error {
	params := map[string]any{"schema": schemaVersion, "vocabulary": vocabulary(), "unfinished": nil}
	if later {
		params["unfinished"] = true
	}
	_, err := r.run(ctx, "migrate_done", nil, params)
	return err
}

// Finish makes what a store that is Filling has put off: the index of names. It does
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
	if err := s.makeSchema(ctx, putOff()); err != nil {
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
	add(map[string]any{"dataset": nil, "format": nil, "movedTies": nil, "unfinished": nil})
	return names
}

// step is one statement of the migration. Each may be repeated.
type step struct {
	name string
	fill parts
}

// putOff are the steps that may come behind a first load: an index of names that is
// made when the names are there costs half of one that every batch adds to.
func putOff() []step { return []step{{name: "migrate_index_names"}} }

// migration lists the steps, without those that are put off where they come later.
func migration(later bool) []step {
	steps := []step{
		{name: "migrate_constraint_meta"},
		{name: "migrate_constraint_entity"},
		{name: "migrate_index_aliases"},
		{name: "migrate_index_markings"},
	}
	if !later {
		steps = append(steps, putOff()...)
	}
	for _, row := range graph.Kinds() {
		steps = append(steps, step{"migrate_index_kind", parts{"KIND": word(row.Name)}})
	}
	for _, row := range graph.TieTypes() {
		steps = append(steps, step{"migrate_index_type", parts{"TYPE": word(row.Name)}})
	}
	return steps
}

// makeSchema makes constraints and indexes in one transaction, which takes nothing
// else beside it, and waits for what they hold.
func (s *Store) makeSchema(ctx context.Context, steps []step) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("schema of database %q: %w", s.conf.Database, err)
		}
	}()
	_, err = s.transact(ctx, neo4j.AccessModeWrite, func(r runner) error {
		for _, step := range steps {
			if _, err := r.run(ctx, step.name, step.fill, nil); err != nil {
				return fmt.Errorf("%s: %w", step.name, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = s.transact(ctx, neo4j.AccessModeWrite, func(r runner) error {
		_, err := r.run(ctx, "migrate_await", nil, nil)
		return err
	})
	return err
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
