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

// tieQueue is the part of a stream of ties that one type gives, in the order of
// ids.
type tieQueue struct {
	typ   graph.TieType
	ready []graph.Tie
	after string // the last id that was read
	more  bool   // there may be further ones
}

// Ties streams ties in the order of their ids. Each type has an index of its own,
// so the stream merges one queue a type: the first page of all comes by one
// statement, what a type has beyond it page by page.
func (v *view) Ties(ctx context.Context, q graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return func(yield func(graph.Tie, error) bool) {
		queues, err := v.firstTies(ctx, q)
		if err != nil {
			yield(graph.Tie{}, err)
			return
		}
		for sent := 0; q.Limit == 0 || sent < q.Limit; sent++ {
			if err := v.refill(ctx, q, queues); err != nil {
				yield(graph.Tie{}, err)
				return
			}
			queues = slices.DeleteFunc(queues, func(u *tieQueue) bool { return len(u.ready) == 0 })
			if len(queues) == 0 {
				return
			}
			next := slices.MinFunc(queues, func(a, b *tieQueue) int { return cmp.Compare(a.ready[0].ID, b.ready[0].ID) })
			t := next.ready[0]
			next.ready = next.ready[1:]
			if err := v.check(ctx); err != nil {
				yield(graph.Tie{}, err)
				return
			}
			if !yield(t, nil) {
				return
			}
		}
	}
}

func (v *view) firstTies(ctx context.Context, q graph.TieQuery) ([]*tieQueue, error) {
	if err := v.check(ctx); err != nil {
		return nil, err
	}
	if err := cmp.Or(checkTypes(q.Types), q.Where.Cond.CheckTies(q.Types)); err != nil {
		return nil, err
	}
	var queues []*tieQueue
	for _, row := range graph.TieTypes() {
		if len(q.Types) == 0 || slices.Contains(q.Types, row.Type) {
			queues = append(queues, &tieQueue{typ: row.Type, after: validText(string(q.After)), more: true})
		}
	}
	limit := pageSize / len(queues)
	if q.Limit > 0 {
		limit = min(limit, q.Limit)
	}
	return queues, v.fetch(ctx, q, queues, limit)
}

// refill reads on where a queue has run out.
func (v *view) refill(ctx context.Context, q graph.TieQuery, queues []*tieQueue) error {
	for _, u := range queues {
		for len(u.ready) == 0 && u.more {
			if err := v.fetch(ctx, q, []*tieQueue{u}, pageSize); err != nil {
				return err
			}
		}
	}
	return nil
}

// fetch reads the next ties of some queues, at most limit of each.
func (v *view) fetch(ctx context.Context, q graph.TieQuery, queues []*tieQueue, limit int) error {
	c := v.compiler()
	fill := parts{"SEEN": seenEnds("r", "a", "b"), "WHERE": c.where("r", q.Types, q.Where)}
	with(c.params, map[string]any{"limit": limit, "after": queues[0].after})
	branches := make([]cypher, len(queues))
	for i, u := range queues {
		fill["TYPE"] = word(u.typ.String())
		branches[i] = statement("ties", fill)
	}
	name := "ties"
	if len(queues) > 1 {
		name, fill = "ties_union", parts{"BRANCHES": join(branches, "\nUNION ALL\n")}
	}
	rows, err := v.read(ctx, name, fill, c.params)
	if err != nil {
		return err
	}
	got := make(map[string]int, len(queues))
	byType := make(map[string]*tieQueue, len(queues))
	for _, u := range queues {
		byType[u.typ.String()] = u
	}
	for _, r := range rows {
		rel, ok := r.Values[0].(dbtype.Relationship)
		if !ok {
			continue
		}
		u := byType[rel.Type]
		got[rel.Type]++
		if id, ok := rel.Props[propID].(string); ok {
			u.after = max(u.after, id)
		}
		if t, ok := v.tie(r); ok {
			u.ready = append(u.ready, t)
		}
	}
	for _, u := range queues {
		u.more = got[u.typ.String()] == limit
		slices.SortFunc(u.ready, func(a, b graph.Tie) int { return cmp.Compare(a.ID, b.ID) }) // Cypher promises no order behind a UNION
	}
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
