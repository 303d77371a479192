package sqlitestore

import (
	"context"
	"database/sql/driver"

	"entangle/graph"
)

// standing is where the data stands for a clearance.
type standing struct {
	commit  int64 // counts all commits
	version graph.Version
}

func (c *conn) standing(ctx context.Context, clearance graph.Marking) (at standing, err error) {
	const read = "SELECT m.version, o.version FROM meta m CROSS JOIN observed o WHERE o.clearance = ?"
	err = c.query(ctx, read, []driver.Value{int64(min(clearance, graph.Red))}, func(row []driver.Value) error {
		at = standing{commit: number(row[0]), version: graph.Version(text(row[1]))}
		return nil
	})
	return at, err
}

// version is that of a reading from which nothing is hidden.
func (c *conn) version(ctx context.Context) (graph.Version, error) {
	at, err := c.standing(ctx, graph.Red)
	return at.version, err
}

// moveVersions counts the commit and renews the versions of the clearances that observe it.
func (w *batchWriter) moveVersions(ctx context.Context) error {
	observed, err := w.observed(ctx)
	if err != nil {
		return err
	}
	if err := w.conn.exec(ctx, "UPDATE meta SET version = version + 1"); err != nil {
		return err
	}
	return w.conn.exec(ctx, "UPDATE observed SET version = lower(hex(randomblob(16))) WHERE clearance >= ?", int64(observed))
}

// observed returns the lowest clearance that observes what was written.
func (w *batchWriter) observed(ctx context.Context) (graph.Marking, error) {
	known := func(id graph.ID) (graph.Marking, bool) {
		r, ok := w.refs[id]
		return r.marking, ok
	}
	observed, err := w.changes.Observed(known, func(ids []graph.ID) (map[graph.ID]graph.Marking, error) {
		found := map[graph.ID]graph.Marking{}
		const find = `SELECT n.id, n.marking FROM json_each(?) k CROSS JOIN node n ON n.id = k.value`
		err := w.conn.query(ctx, find, []driver.Value{idList(ids)}, func(row []driver.Value) error {
			found[graph.ID(text(row[0]))] = graph.Marking(number(row[1]))
			return nil
		})
		return found, err
	})
	if err != nil {
		return observed, err
	}
	carriers, err := w.observedLoad(ctx, observed)
	return min(observed, carriers), err
}

// observedLoad returns the lowest clearance below another that sees the batch's load, where the
// batch says of it another thing than was said before. It reads an index of all nodes and one of
// all ties, once for each load that is said another thing of.
func (w *batchWriter) observedLoad(ctx context.Context, below graph.Marking) (graph.Marking, error) {
	l := w.batch.Load
	said, there := w.said[l.ID] // nothing carried a load that is new
	if !there || said == l || below == graph.Clear {
		return graph.Nobody, nil
	}
	const find = `SELECT coalesce(min(m), ?3) FROM (
		SELECT min(marking) AS m FROM node WHERE load = ?1 AND marking < ?2
		UNION ALL SELECT min(visible) FROM tie INDEXED BY tie_type WHERE load = ?1 AND visible < ?2)`
	lowest, err := w.conn.one(ctx, find, w.loads[l.ID], int64(below), int64(graph.Nobody))
	return graph.Marking(lowest), err
}
