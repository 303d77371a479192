package sqlitestore

import (
	"context"
	"database/sql/driver"
	"maps"
	"reflect"
	"slices"

	"entangle/graph"
	"entangle/graph/fold"
)

// batchWriter applies one batch inside a transaction.
type batchWriter struct {
	conn    *conn
	batch   graph.Batch
	decoder decoder
	applied graph.Applied
	refs    map[graph.ID]ref // nodes of the store that the batch speaks of
	loads   map[graph.ID]int64
	said    map[graph.ID]graph.Load // what the store said of its loads before
	changes graph.Changes
	names   int64 // number of the last name
	steps   int
}

// ref is what a tie has to know of a node.
type ref struct {
	kind    graph.Kind
	marking graph.Marking
}

func (w *batchWriter) run(ctx context.Context) (graph.Applied, error) {
	still := context.WithoutCancel(ctx)
	if err := w.lookUp(still); err != nil {
		return w.applied, err
	}
	if problems := w.batch.Validate(func(id graph.ID) graph.Kind { return w.refs[id].kind }); len(problems) > 0 {
		return w.applied, &graph.BatchError{Problems: problems}
	}
	if err := w.nodes(ctx); err != nil {
		return w.applied, err
	}
	if err := w.ties(ctx); err != nil {
		return w.applied, err
	}
	if w.applied.Changed() {
		if err := w.commitLoad(still); err != nil {
			return w.applied, err
		}
	}
	if err := ctx.Err(); err != nil {
		return w.applied, err
	}
	var err error
	w.applied.Version, err = w.conn.version(still)
	return w.applied, err
}

// commitLoad keeps what the batch says of its load and moves the versions.
func (w *batchWriter) commitLoad(ctx context.Context) error {
	if l := w.batch.Load; l.ID != "" {
		const keep = `INSERT INTO load (id, dataset, format) VALUES (?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET dataset = excluded.dataset, format = excluded.format`
		if err := w.conn.exec(ctx, keep, string(l.ID), l.Dataset, l.Format); err != nil {
			return err
		}
	}
	return w.moveVersions(ctx)
}

// step asks the context now and then.
func (w *batchWriter) step(ctx context.Context) error {
	if w.steps++; w.steps%64 == 0 {
		return ctx.Err()
	}
	return nil
}

// idList writes ids for json_each. An id that no store takes is left out.
func idList[T ~string](ids []T) string {
	list := make([]string, 0, len(ids))
	for _, id := range ids {
		if findable(string(id)) {
			list = append(list, string(id))
		}
	}
	return string(appendList(nil, list))
}

// lookUp reads the kinds and markings of all nodes that the batch names, and
// the loads.
func (w *batchWriter) lookUp(ctx context.Context) error {
	named := map[graph.ID]bool{}
	cited := func(list []graph.Citation) {
		for _, c := range list {
			named[c.Source] = true
		}
	}
	for _, n := range w.batch.Nodes {
		named[n.ID] = true
		cited(n.Citations)
	}
	for _, t := range w.batch.Ties {
		named[t.From], named[t.To] = true, true
		cited(t.Citations)
	}
	w.refs = make(map[graph.ID]ref, len(named))
	const find = `SELECT n.id, n.kind, n.marking FROM json_each(?) k CROSS JOIN node n ON n.id = k.value`
	ids := slices.Sorted(maps.Keys(named))
	err := w.conn.query(ctx, find, []driver.Value{idList(ids)}, func(row []driver.Value) error {
		w.refs[graph.ID(text(row[0]))] = ref{kind: w.decoder.kinds[text(row[1])], marking: graph.Marking(number(row[2]))}
		return nil
	})
	if err != nil {
		return err
	}
	if w.names, err = w.conn.one(ctx, "SELECT coalesce(max(no), 0) FROM name"); err != nil {
		return err
	}
	w.loads, w.said = map[graph.ID]int64{}, map[graph.ID]graph.Load{}
	return w.conn.query(ctx, "SELECT no, id, dataset, format FROM load", nil, func(row []driver.Value) error {
		id := graph.ID(text(row[1]))
		w.loads[id] = number(row[0])
		w.said[id] = graph.Load{ID: id, Dataset: text(row[2]), Format: text(row[3])}
		w.decoder.loads[number(row[0])] = graph.ID(text(row[1]))
		return nil
	})
}

// load gives the number of a load, making a row for a new one.
func (w *batchWriter) load(ctx context.Context, id graph.ID) (driver.Value, error) {
	if id == "" {
		return nil, nil
	}
	if no, ok := w.loads[id]; ok {
		return no, nil
	}
	no, err := w.conn.one(ctx, "INSERT INTO load (id, dataset, format) VALUES (?, '', '') RETURNING no", string(id))
	w.loads[id] = no
	return no, err
}

func (w *batchWriter) nodes(ctx context.Context) error {
	known, err := w.knownNodes(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	next := make(map[graph.ID]graph.Node, len(w.batch.Nodes))
	for _, n := range w.batch.Nodes {
		n.Props = present(n.Props)
		if n.Load == "" {
			n.Load = w.batch.Load.ID
		}
		if old, ok := next[n.ID]; ok {
			n = graph.MergeNode(old, n)
		} else if old, ok := known[n.ID]; ok {
			n = graph.MergeNode(old, n)
		}
		next[n.ID] = n
	}
	for _, id := range slices.Sorted(maps.Keys(next)) {
		if err := w.step(ctx); err != nil {
			return err
		}
		if err := w.putNode(context.WithoutCancel(ctx), known, next[id]); err != nil {
			return err
		}
	}
	return nil
}

// present returns the properties that have values.
func present(p graph.Props) graph.Props {
	out := make(graph.Props, len(p))
	for name, values := range p {
		if len(values) > 0 {
			out[name] = values
		}
	}
	return out
}

func (w *batchWriter) knownNodes(ctx context.Context) (map[graph.ID]graph.Node, error) {
	var ids []graph.ID
	for _, n := range w.batch.Nodes {
		if w.refs[n.ID].kind != 0 {
			ids = append(ids, n.ID)
		}
	}
	known := make(map[graph.ID]graph.Node, len(ids))
	err := w.conn.query(ctx, nodesByID, []driver.Value{idList(ids), int64(graph.Red)}, func(row []driver.Value) error {
		n, err := w.decoder.node(row)
		known[n.ID] = n
		return err
	})
	return known, err
}

func (w *batchWriter) putNode(ctx context.Context, known map[graph.ID]graph.Node, n graph.Node) error {
	old, was := known[n.ID]
	switch {
	case !was:
		w.applied.NodesCreated++
		w.changes.Node(nil, &n)
	case equalNodes(old, n):
		w.applied.NodesSame++
		return nil
	default:
		w.applied.NodesUpdated++
		w.changes.Node(&old, &n)
	}
	w.refs[n.ID] = ref{kind: n.Kind, marking: n.Marking}
	load, err := w.load(ctx, n.Load)
	if err != nil {
		return err
	}
	values, keys := propsText(n.Kind.Info().Props, n.Props)
	const put = `REPLACE INTO node (id, kind, name, name_key, names, types, aliases, props, keys, citations, marking, load)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	err = w.conn.exec(ctx, put, string(n.ID), n.Kind.String(), n.Name(), fold.Key(n.Name()), namesText(n.Names), null(listText(n.Types)),
		null(listText(n.Aliases)), null(values), null(keys), null(citationsText(n.Citations)), int64(n.Marking), load)
	if err != nil {
		return err
	}
	return w.putBeside(ctx, old, n)
}

// putBeside keeps what is found by other ways than the id: new names and
// aliases, and a stricter marking on the ties that lead to the node.
func (w *batchWriter) putBeside(ctx context.Context, old, n graph.Node) error {
	for pos := len(old.Names); pos < len(n.Names); pos++ {
		name := n.Names[pos].Text
		key := fold.Key(name)
		w.names++
		if err := w.conn.exec(ctx, "INSERT INTO name (no, node, pos, text, key) VALUES (?, ?, ?, ?, ?)", w.names, string(n.ID), int64(pos), name, key); err != nil {
			return err
		}
		if err := w.conn.exec(ctx, "INSERT INTO name_piece (rowid, key) VALUES (?, ?)", w.names, key); err != nil {
			return err
		}
	}
	for _, alias := range n.Aliases[min(len(old.Aliases), len(n.Aliases)):] {
		if err := w.conn.exec(ctx, "INSERT OR IGNORE INTO alias VALUES (?, ?)", alias, string(n.ID)); err != nil {
			return err
		}
	}
	if len(old.Names) == 0 || n.Marking <= old.Marking {
		return nil
	}
	for _, hide := range []string{
		"UPDATE tie SET visible = max(visible, ?) WHERE from_id = ?",
		"UPDATE tie SET visible = max(visible, ?) WHERE to_id = ?",
	} {
		if err := w.conn.exec(ctx, hide, int64(n.Marking), string(n.ID)); err != nil {
			return err
		}
	}
	return nil
}

func (w *batchWriter) ties(ctx context.Context) error {
	last := make(map[graph.ID]graph.Tie, len(w.batch.Ties))
	for _, t := range w.batch.Ties {
		t.Props = present(t.Props)
		if t.Load == "" {
			t.Load = w.batch.Load.ID
		}
		last[t.ID] = t
	}
	ids := slices.Sorted(maps.Keys(last)) // neighbours in the file are written together
	known, err := w.knownTies(context.WithoutCancel(ctx), ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := w.step(ctx); err != nil {
			return err
		}
		old, was := known[id]
		t := last[id]
		switch {
		case !was:
			w.applied.TiesCreated++
			w.changes.Tie(nil, &t)
		case equalTies(old, t):
			w.applied.TiesSame++
			continue
		default:
			w.applied.TiesUpdated++
			w.changes.Tie(&old, &t)
		}
		if err := w.putTie(context.WithoutCancel(ctx), t); err != nil {
			return err
		}
	}
	return nil
}

func (w *batchWriter) knownTies(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Tie, error) {
	known := map[graph.ID]graph.Tie{}
	if len(ids) == 0 {
		return known, nil
	}
	err := w.conn.query(ctx, tiesByID, []driver.Value{idList(ids), int64(graph.Red)}, func(row []driver.Value) error {
		t, err := w.decoder.tie(row)
		known[t.ID] = t
		return err
	})
	return known, err
}

func (w *batchWriter) putTie(ctx context.Context, t graph.Tie) error {
	load, err := w.load(ctx, t.Load)
	if err != nil {
		return err
	}
	var weight driver.Value
	if t.Weight.Known {
		weight = t.Weight.Value
	}
	values, keys := propsText(t.Type.Info().Props, t.Props)
	visible := max(t.Marking, w.refs[t.From].marking, w.refs[t.To].marking)
	b := t.Span.Bounds()
	derived := int64(0)
	if t.Derived {
		derived = 1
	}
	const put = `REPLACE INTO tie (id, type, from_id, to_id, span, seen, confidence, rule, weight, grade, status, conflict_set,
		derived, derived_by, note, props, keys, citations, marking, load, visible,
		start_earliest, start_latest, end_earliest, end_latest, evidence)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	return w.conn.exec(ctx, put, string(t.ID), t.Type.String(), string(t.From), string(t.To), intervalText(t.Span.Start, t.Span.End),
		intervalText(t.Span.First, t.Span.Last), t.Confidence.Value, t.Confidence.Rule, weight, null(t.Grade.String()), int64(t.Status),
		null(t.ConflictSet), derived, null(t.DerivedBy), null(t.Note), null(values), null(keys), null(citationsText(t.Citations)),
		int64(t.Marking), load, int64(visible),
		int64(b.StartEarliest), int64(b.StartLatest), int64(b.EndEarliest), int64(b.EndLatest), int64(b.Evidence))
}

func equalNodes(a, b graph.Node) bool {
	return a.Kind == b.Kind && a.Marking == b.Marking && a.Load == b.Load && slices.Equal(a.Names, b.Names) && slices.Equal(a.Types, b.Types) &&
		slices.Equal(a.Aliases, b.Aliases) && slices.Equal(a.Citations, b.Citations) && equalProps(a.Props, b.Props)
}

func equalProps(a, b graph.Props) bool { return maps.EqualFunc(a, b, slices.Equal[[]string]) }

// equalTies compares all but the load.
func equalTies(a, b graph.Tie) bool {
	if !slices.Equal(a.Citations, b.Citations) || !equalProps(a.Props, b.Props) {
		return false
	}
	a.Citations, a.Props, a.Load = nil, nil, ""
	b.Citations, b.Props, b.Load = nil, nil, ""
	return reflect.DeepEqual(a, b)
}
