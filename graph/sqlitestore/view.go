package sqlitestore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"entangle/graph"
	"entangle/graph/memory"
)

// view reads one state: it holds a connection inside a read transaction, which
// in WAL mode keeps the state of its first read whatever others commit.
//
// The connection is held only while a statement runs. A stream reads a piece,
// lets go and hands the piece out, so that a caller may ask other things while
// it ranges.
type view struct {
	store     *Store
	clearance graph.Marking
	state     *state
	closed    atomic.Bool
	// turn is held by the one who uses what follows.
	turn    chan struct{}
	conn    *conn // nil when closed
	decoder decoder
}

// View opens a reading; see graph.Store.
func (s *Store) View(ctx context.Context, clearance graph.Marking) (graph.View, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c, err := s.take(ctx)
	if err != nil {
		return nil, err
	}
	v := &view{store: s, clearance: clearance, turn: make(chan struct{}, 1), conn: c}
	if err := v.begin(ctx); err != nil {
		return nil, errors.Join(err, v.release(ctx))
	}
	s.mu.Lock()
	closed := s.closed
	if !closed {
		s.views[v] = struct{}{}
	}
	s.mu.Unlock()
	if closed {
		return nil, errors.Join(s.errClosed(), v.release(ctx))
	}
	return v, nil
}

// begin opens the transaction.
func (v *view) begin(ctx context.Context) (err error) {
	if err := v.conn.begin(ctx, "BEGIN"); err != nil {
		return err
	}
	if v.state, err = v.store.stateOf(ctx, v.conn, v.clearance); err != nil {
		return err
	}
	v.decoder = newDecoder(v.store.labels, v.state)
	return nil
}

// hiddenSources ends with the clearance.
const hiddenSources = "FROM node WHERE kind = 'Source' AND marking > 0 AND marking >"

// release ends the transaction and gives the connection back.
func (v *view) release(ctx context.Context) error {
	c := v.conn
	v.conn = nil
	if err := c.exec(context.WithoutCancel(ctx), "ROLLBACK"); err != nil {
		return errors.Join(err, c.close())
	}
	return v.store.give(c)
}

// Version is the version at the opening.
func (v *view) Version() graph.Version { return v.state.version }

// Close ends the view; closing it again does nothing.
func (v *view) Close() error {
	v.closed.Store(true)
	v.turn <- struct{}{}
	defer func() { <-v.turn }()
	if v.conn == nil {
		return nil
	}
	v.store.mu.Lock()
	delete(v.store.views, v)
	v.store.mu.Unlock()
	return v.release(context.Background())
}

// query runs a statement on the view's connection when it is its turn.
func (v *view) query(ctx context.Context, query string, args []driver.Value, row func([]driver.Value) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case v.turn <- struct{}{}:
		defer func() { <-v.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if v.conn == nil {
		return fmt.Errorf("view of database %s: %w", v.store.path, graph.ErrClosed)
	}
	return v.conn.query(ctx, query, args, row)
}

const (
	nodesByID  = `SELECT ` + nodeColumns + ` FROM json_each(?) k CROSS JOIN node n ON n.id = k.value WHERE n.marking <= ?`
	tiesByID   = `SELECT ` + tieColumns + ` FROM json_each(?) k CROSS JOIN tie t ON t.id = k.value WHERE t.visible <= ?`
	nodesByRef = `SELECT k.value, coalesce(
			(SELECT n.id FROM node n WHERE n.id = k.value AND n.marking <= ?2),
			(SELECT min(a.node) FROM alias a JOIN node n ON n.id = a.node WHERE a.alias = k.value AND n.marking <= ?2)) AS id
		FROM json_each(?1) k`
)

// findable reports whether a text can be in a store at all: the others, NUL and
// broken UTF-8, are refused by validation, and SQLite would cut them.
func findable(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// NodesByID looks nodes up; see graph.Reader.
func (v *view) NodesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Node, error) {
	shared, err := v.sharedNodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[graph.ID]graph.Node, len(shared))
	for id, n := range shared {
		out[id] = memory.CloneNode(*n)
	}
	return out, nil
}

// TiesByID looks ties up; see graph.Reader.
func (v *view) TiesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Tie, error) {
	out := make(map[graph.ID]graph.Tie, len(ids))
	err := v.query(ctx, tiesByID, []driver.Value{idList(ids), int64(v.clearance)}, func(row []driver.Value) error {
		t, err := v.decoder.tie(row)
		out[t.ID] = t
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Resolve maps references to ids: a node's own id goes before any alias.
func (v *view) Resolve(ctx context.Context, refs []string) (map[string]graph.ID, error) {
	out := make(map[string]graph.ID, len(refs))
	err := v.query(ctx, nodesByRef, []driver.Value{idList(refs), int64(v.clearance)}, func(row []driver.Value) error {
		if id, ok := row[1].(string); ok {
			out[text(row[0])] = graph.ID(id)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Counts counts by kind and type; see graph.Reader.
func (v *view) Counts(ctx context.Context) (graph.Counts, error) {
	c := graph.Counts{Nodes: map[graph.Kind]int{}, Ties: map[graph.TieType]int{}}
	const count = `SELECT 'node', kind, count(*) FROM node WHERE marking <= ?1 GROUP BY kind
		UNION ALL SELECT 'tie', type, count(*) FROM tie INDEXED BY tie_type WHERE visible <= ?1 GROUP BY type`
	err := v.query(ctx, count, []driver.Value{int64(v.clearance)}, func(row []driver.Value) error {
		if label := text(row[1]); text(row[0]) == "node" {
			c.Nodes[v.decoder.kinds[label]] = int(number(row[2]))
		} else {
			c.Ties[v.decoder.types[label]] = int(number(row[2]))
		}
		return nil
	})
	return c, err
}

// Loads lists the loads that visible nodes and ties carry; see graph.Reader.
func (v *view) Loads(ctx context.Context) ([]graph.Load, error) {
	const list = `SELECT id, dataset, format FROM load WHERE no IN (
			SELECT load FROM node WHERE marking <= ?1 UNION SELECT load FROM tie INDEXED BY tie_type WHERE visible <= ?1)
		ORDER BY id`
	var out []graph.Load
	err := v.query(ctx, list, []driver.Value{int64(v.clearance)}, func(row []driver.Value) error {
		out = append(out, graph.Load{ID: graph.ID(text(row[0])), Dataset: text(row[1]), Format: text(row[2])})
		return nil
	})
	return out, err
}
