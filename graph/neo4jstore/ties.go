package neo4jstore

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
)

// Ties streams ties in the order of their ids. The first page, and a list that is
// limited, comes by one statement over all types. Each type has an index of its
// own, so from there a longer stream merges one stream a type, page by page.
func (v *view) Ties(ctx context.Context, q graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return func(yield func(graph.Tie, error) bool) {
		queues, err := v.queues(ctx, q)
		if err != nil {
			yield(graph.Tie{}, err)
			return
		}
		for sent := 0; q.Limit == 0 || sent < q.Limit; sent++ {
			t, ok, err := v.nextTie(ctx, q, queues)
			if err == nil && ok {
				err = v.check(ctx)
			}
			if err != nil {
				yield(graph.Tie{}, err)
				return
			}
			if !ok || !yield(t, nil) {
				return
			}
		}
	}
}

// tieQueue is a part of a stream of ties, in the order of ids.
type tieQueue struct {
	types []graph.TieType
	ready []graph.Tie
	after string // the last id that was read
	more  bool   // there may be further ones
}

func (v *view) queues(ctx context.Context, q graph.TieQuery) ([]*tieQueue, error) {
	if err := v.check(ctx); err != nil {
		return nil, err
	}
	if err := q.Check(); err != nil {
		return nil, err
	}
	first := &tieQueue{types: q.Types, after: validText(string(q.After)), more: true}
	queues := []*tieQueue{first}
	if err := v.fetch(ctx, q, first); err != nil || !first.more || len(q.Types) == 1 || q.Limit > 0 && q.Limit <= pageSize {
		return queues, err
	}
	first.more = false
	for _, row := range graph.TieTypes() {
		if len(q.Types) == 0 || slices.Contains(q.Types, row.Type) {
			queues = append(queues, &tieQueue{types: []graph.TieType{row.Type}, after: first.after, more: true})
		}
	}
	return queues, nil
}

// nextTie takes the smallest id from the queues, reading on where one has run out.
func (v *view) nextTie(ctx context.Context, q graph.TieQuery, queues []*tieQueue) (t graph.Tie, ok bool, err error) {
	next := queues[0]
	if len(queues) > 1 && len(next.ready) > 0 { // the first page is before all others
		t, next.ready = next.ready[0], next.ready[1:]
		return t, true, nil
	}
	next = nil
	for _, u := range queues {
		for len(u.ready) == 0 && u.more {
			if err := v.fetch(ctx, q, u); err != nil {
				return t, false, err
			}
		}
		if len(u.ready) > 0 && (next == nil || u.ready[0].ID < next.ready[0].ID) {
			next = u
		}
	}
	if next == nil {
		return t, false, nil
	}
	t, next.ready = next.ready[0], next.ready[1:]
	return t, true, nil
}

// fetch reads the next ties of a queue.
func (v *view) fetch(ctx context.Context, q graph.TieQuery, u *tieQueue) error {
	limit := pageSize
	if q.Limit > 0 {
		limit = min(limit, q.Limit)
	}
	c := v.compiler()
	fill := ofTypes(anyOf(typeNames(u.types)))
	fill["SEEN"], fill["WHERE"] = seenEnds(), c.where("r", q.Types, q.Where)
	rows, err := v.read(ctx, "ties", fill, with(c.params, map[string]any{"limit": limit, "after": u.after}))
	if err != nil {
		return err
	}
	for _, r := range rows {
		if rel, ok := r.Values[0].(dbtype.Relationship); ok {
			u.after, _ = rel.Props[propID].(string)
		}
		if t, ok := v.tie(r); ok {
			u.ready = append(u.ready, t)
		}
	}
	u.more = len(rows) == limit
	return nil
}

// CountTies counts ties.
func (v *view) CountTies(ctx context.Context, q graph.TieQuery) (int, error) {
	if err := cmp.Or(v.check(ctx), q.Check()); err != nil {
		return 0, err
	}
	c := v.compiler()
	fill := ofTypes(anyOf(typeNames(q.Types)))
	fill["SEEN"], fill["WHERE"] = seenEnds(), c.where("r", q.Types, q.Where)
	rows, err := v.read(ctx, "count_ties", fill, c.params)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	count, _ := rows[0].Values[0].(int64)
	return int(count), nil
}

// adjacent compiles the ties of n that a query asks for, and their far ends m.
func (c *compiler) adjacent(q graph.AdjacentQuery) parts {
	return parts{
		"PATTERN": pattern("n", "r", "m", q.Type, q.Dir),
		"FITS":    fits("n", "r", "m", q.Type, q.Dir),
		"SEEN":    seenTie("r") + " AND " + seenNode("m"),
		"WHERE":   c.where("r", []graph.TieType{q.Type}, q.Where),
		"FAR":     c.node("m", nil, q.Far),
	}
}

// CountAdjacent counts the ties of some nodes.
func (v *view) CountAdjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]int, error) {
	if err := cmp.Or(v.check(ctx), q.Check()); err != nil || len(q.Nodes) == 0 {
		return map[graph.ID]int{}, err
	}
	c := v.compiler()
	c.params["ids"] = valid(q.Nodes)
	fill := c.adjacent(q)
	fill["NEAR"] = seenNode("n")
	rows, err := v.read(ctx, "count_adjacent", fill, c.params)
	if err != nil {
		return nil, err
	}
	out := make(map[graph.ID]int, len(rows))
	there := map[graph.ID]bool{}
	var unfit []spot
	for _, r := range rows {
		text, _ := r.Values[0].(string)
		id := graph.ID(text)
		there[id] = true
		if r.Values[2] != int64(0) {
			unfit = append(unfit, spot{id: id})
		} else if count, _ := r.Values[1].(int64); count > 0 {
			out[id] = int(count)
		}
	}
	return out, v.countAsTheyAre(ctx, q, there, unfit, out)
}

// countAsTheyAre counts the ties of nodes among which some do not fit, and of nodes that the
// store has not taken in.
func (v *view) countAsTheyAre(ctx context.Context, q graph.AdjacentQuery, there map[graph.ID]bool, unfit []spot, out map[graph.ID]int) error {
	strays, err := v.strays(ctx, slices.DeleteFunc(slices.Clone(q.Nodes), func(id graph.ID) bool { return there[id] }))
	if err != nil {
		return err
	}
	for _, n := range strays {
		unfit = append(unfit, spot{n.ID, n.stored.ElementId})
	}
	if len(unfit) == 0 {
		return nil
	}
	q.After, q.Limit = nil, 0
	more, err := v.pagesAsTheyAre(ctx, hopOf(0, q), unfit)
	for id, page := range more.pages {
		out[id] = len(page.Ties)
	}
	return err
}
