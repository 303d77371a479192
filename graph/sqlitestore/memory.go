package sqlitestore

import (
	"context"
	"database/sql/driver"
	"fmt"
	"maps"
	"slices"

	"entangle/graph"
	"entangle/graph/memory"
)

// state is what was read of the data as one commit left it, under one clearance, and what
// decoding needs of it. Views of that commit share it, so that nothing in it goes stale. What
// was read is kept over commits that the clearance does not observe; which sources are hidden
// is not, since such a commit may bring some.
type state struct {
	*memory.Memory // nil where nothing is kept
	standing
	loads  map[int64]graph.ID
	hidden map[graph.ID]bool // sources that the clearance does not cover
}

// stateOf returns the state of the present, from the connection of a view that has just begun.
func (s *Store) stateOf(ctx context.Context, c *conn, clearance graph.Marking) (*state, error) {
	// One row: a watch over the context would cost more than it.
	at, err := c.standing(context.WithoutCancel(ctx), clearance)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	known := s.states[clearance]
	s.mu.Unlock()
	if known != nil && known.commit == at.commit {
		return known, nil
	}
	st := &state{standing: at, loads: map[int64]graph.ID{}, hidden: map[graph.ID]bool{}}
	switch {
	case known != nil && known.version == at.version:
		st.Memory = known.Memory
	case s.settings.kept > 0:
		st.Memory = memory.New(s.settings.kept)
	}
	if err := st.learn(ctx, c, clearance); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.states[clearance]; known != nil && known.commit == at.commit {
		return known, nil
	}
	s.states[clearance] = st
	return st, nil
}

// learn reads what decoding needs: the names of loads and the sources that are out of sight.
func (st *state) learn(ctx context.Context, c *conn, clearance graph.Marking) error {
	err := c.query(ctx, "SELECT no, id FROM load", nil, func(row []driver.Value) error {
		st.loads[number(row[0])] = graph.ID(text(row[1]))
		return nil
	})
	if err != nil {
		return err
	}
	return c.query(ctx, "SELECT id "+hiddenSources+" ?", []driver.Value{int64(clearance)}, func(row []driver.Value) error {
		st.hidden[graph.ID(text(row[0]))] = true
		return nil
	})
}

// check is the beginning of a call that memory may answer.
func (v *view) check(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if v.closed.Load() {
		return fmt.Errorf("view of database %s: %w", v.store.path, graph.ErrClosed)
	}
	return nil
}

// whole names what is kept of a node: all of it.
const whole = ""

// sharedNodes looks up what is not at hand.
func (v *view) sharedNodes(ctx context.Context, ids []graph.ID) (map[graph.ID]*graph.Node, error) {
	if err := v.check(ctx); err != nil {
		return nil, err
	}
	out := make(map[graph.ID]*graph.Node, len(ids))
	missing := ids
	if v.state.Memory != nil {
		missing = nil
		for _, id := range ids {
			if n, ok := v.state.Node(id, whole); ok {
				out[id] = n
			} else {
				missing = append(missing, id)
			}
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	err := v.query(ctx, nodesByID, []driver.Value{idList(missing), int64(v.clearance)}, func(row []driver.Value) error {
		n, err := v.decoder.node(row)
		if err != nil {
			return err
		}
		out[n.ID] = &n
		if v.state.Memory != nil {
			v.state.KeepNode(&n, whole)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// sharedPages pages through the ties of nodes whose pages are not at hand; the caller must not
// change the pages.
func (v *view) sharedPages(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	pages := make([]graph.AdjacentPage, len(q.Nodes))
	if err := v.pagesTo(ctx, q, pages); err != nil {
		return nil, err
	}
	out := make(map[graph.ID]graph.AdjacentPage, len(q.Nodes))
	for i, id := range q.Nodes {
		if len(pages[i].Ties) > 0 || pages[i].More {
			out[id] = pages[i]
		}
	}
	return out, nil
}

// pagesTo writes the page of each node to its place. Where the caller says that it reads the
// nodes at the other ends they come along.
func (v *view) pagesTo(ctx context.Context, q graph.AdjacentQuery, pages []graph.AdjacentPage) error {
	if err := v.check(ctx); err != nil {
		return err
	}
	query, keep := memory.Query(q)
	if keep = keep && v.state.Memory != nil; !keep {
		read, err := v.readPages(ctx, q)
		for i, id := range q.Nodes {
			pages[i] = read[id]
		}
		return err
	}
	if q.Want != nil {
		query += " far"
	}
	missing := v.state.Pages(q.Nodes, query, pages)
	if len(missing) == 0 {
		return nil
	}
	ids := make([]graph.ID, len(missing))
	for i, at := range missing {
		ids[i] = q.Nodes[at]
	}
	q.Nodes = ids
	read, err := v.readPages(ctx, q)
	if err != nil {
		return err
	}
	if q.Want != nil {
		if err := v.addFar(ctx, read); err != nil {
			return err
		}
	}
	for i, at := range missing {
		pages[at] = read[ids[i]]
		v.state.KeepPage(ids[i], query, pages[at])
	}
	return nil
}

// addFar puts the nodes at the other ends beside the ties of pages.
func (v *view) addFar(ctx context.Context, pages map[graph.ID]graph.AdjacentPage) error {
	ids := map[graph.ID]bool{}
	for at, page := range pages {
		for _, t := range page.Ties {
			ids[t.Other(at)] = true
		}
	}
	if len(ids) == 0 {
		return nil
	}
	nodes, err := v.sharedNodes(ctx, slices.Sorted(maps.Keys(ids)))
	if err != nil {
		return err
	}
	for at, page := range pages {
		page.Far = make([]*graph.Node, len(page.Ties))
		for i, t := range page.Ties {
			page.Far[i] = nodes[t.Other(at)]
		}
		pages[at] = page
	}
	return nil
}

// sharing reads for callers that change nothing of what they are given.
type sharing struct{ *view }

var (
	_ graph.Sharing   = (*view)(nil)
	_ graph.Selecting = sharing{}
	_ graph.Paging    = sharing{}
)

// Shared returns a reader that makes no copies of what it keeps.
func (v *view) Shared() graph.Reader { return sharing{v} }

// NodesWanted looks nodes up.
func (s sharing) NodesWanted(ctx context.Context, ids []graph.ID, _ *graph.Want) (map[graph.ID]*graph.Node, error) {
	return s.sharedNodes(ctx, ids)
}

// Adjacent pages through the ties of some nodes.
func (s sharing) Adjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	return s.sharedPages(ctx, q)
}

// AdjacentTo pages through the ties of some nodes.
func (s sharing) AdjacentTo(ctx context.Context, q graph.AdjacentQuery, pages []graph.AdjacentPage) error {
	return s.pagesTo(ctx, q, pages)
}
