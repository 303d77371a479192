package neo4jstore

import (
	"cmp"
	"context"
	"iter"
	"math"
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
	if err := cmp.Or(checkTypes(q.Types), q.Where.Cond.CheckTies(q.Types)); err != nil {
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
	fill["SEEN"], fill["WHERE"] = seenEnds("r", "a", "b"), c.where("r", q.Types, q.Where)
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

// adjacent compiles what Adjacent and CountAdjacent have in common.
func (v *view) adjacent(ctx context.Context, q graph.AdjacentQuery) (parts, *compiler, error) {
	if err := v.check(ctx); err != nil {
		return nil, nil, err
	}
	if err := checkTypes([]graph.TieType{q.Type}); err != nil {
		return nil, nil, err
	}
	if err := cmp.Or(q.Where.Cond.CheckTies([]graph.TieType{q.Type}), q.Far.CheckNodes(nil)); err != nil {
		return nil, nil, err
	}
	ids := slices.Clone(q.Nodes)
	slices.Sort(ids)
	c := v.compiler()
	c.params["ids"] = valid(slices.Compact(ids))
	return parts{
		"SEEN_N": seenNode("n"), "SEEN_STEP": seenTie("r") + " AND " + seenNode("m"),
		"STEP":  pattern("n", "r", "m", q.Type, q.Dir),
		"WHERE": c.where("r", []graph.TieType{q.Type}, q.Where),
		"FAR":   c.node("m", nil, q.Far),
	}, c, nil
}

// Adjacent pages through the ties of some nodes by one statement.
func (v *view) Adjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	fill, c, err := v.adjacent(ctx, q)
	if err != nil || len(q.Nodes) == 0 {
		return map[graph.ID]graph.AdjacentPage{}, err
	}
	fill["AFTER"] = always
	if q.After != nil {
		start := c.param(int64(q.After.Start))
		fill["AFTER"] = "(r._startEarliest > " + start + " OR (r._startEarliest = " + start + " AND r.id > " + c.param(validText(string(q.After.ID))) + "))"
	}
	c.params["limit"] = math.MaxInt32
	if q.Limit > 0 {
		c.params["limit"] = q.Limit + 1 // one more tells that more follow
	}
	rows, err := v.read(ctx, "adjacent", fill, c.params)
	if err != nil {
		return nil, err
	}
	read := map[graph.ID]int{}
	out := map[graph.ID]graph.AdjacentPage{}
	for _, r := range rows {
		near, _ := r.Values[0].(string)
		rel, _ := r.Values[1].(dbtype.Relationship)
		far, _ := r.Values[2].(string)
		id := graph.ID(near)
		read[id]++
		page := out[id]
		if q.Limit > 0 && read[id] > q.Limit {
			page.More = true
			out[id] = page
			continue
		}
		from, to := near, far
		if r.Values[3] != true {
			from, to = far, near
		}
		t, problems := decodeTie(rel, graph.ID(from), graph.ID(to))
		if len(problems) > 0 {
			v.store.tell(problems)
			continue
		}
		t.Citations = v.shown(t.Citations)
		page.Ties = append(page.Ties, t)
		out[id] = page
	}
	return out, nil
}

// CountAdjacent counts the ties of some nodes.
func (v *view) CountAdjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]int, error) {
	fill, c, err := v.adjacent(ctx, q)
	if err != nil || len(q.Nodes) == 0 {
		return map[graph.ID]int{}, err
	}
	rows, err := v.read(ctx, "count_adjacent", fill, c.params)
	if err != nil {
		return nil, err
	}
	out := make(map[graph.ID]int, len(rows))
	for _, r := range rows {
		id, _ := r.Values[0].(string)
		count, _ := r.Values[1].(int64)
		out[graph.ID(id)] = int(count)
	}
	return out, nil
}
