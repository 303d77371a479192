package neo4jstore

import (
	"context"
	"iter"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
)

// pageSize is how many rows a stream asks for at a time. Between pages nothing is
// open on the server.
const pageSize = 5_000

// Nodes streams nodes page by page, each continuing behind the last of the one
// before.
func (v *view) Nodes(ctx context.Context, q graph.NodeQuery) iter.Seq2[graph.Node, error] {
	return func(yield func(graph.Node, error) bool) {
		after, sent := q.After, 0
		for {
			limit := pageSize
			if q.Limit > 0 {
				limit = min(limit, q.Limit-sent)
			}
			page, last, err := v.nodePage(ctx, q, after, limit)
			if err != nil {
				yield(graph.Node{}, err)
				return
			}
			for _, n := range page {
				if err := v.check(ctx); err != nil {
					yield(graph.Node{}, err)
					return
				}
				if !yield(n, nil) {
					return
				}
				sent++
			}
			if last == nil || q.Limit > 0 && sent >= q.Limit {
				return
			}
			after = last
		}
	}
}

// nodePage reads at most limit nodes. last is where the next page begins, nil
// behind the end.
func (v *view) nodePage(ctx context.Context, q graph.NodeQuery, after *graph.NodeCursor, limit int) (page []graph.Node, last *graph.NodeCursor, err error) {
	fill, c, err := v.selectNodes(q)
	if err != nil {
		return nil, nil, err
	}
	fill["AFTER"], fill["ORDER"] = c.behind(q, after)
	rows, err := v.read(ctx, "nodes", fill, with(c.params, map[string]any{"limit": limit}))
	if err != nil {
		return nil, nil, err
	}
	page = make([]graph.Node, 0, len(rows))
	for i, r := range rows {
		n, ok := v.node(r.Values[0])
		if ok {
			page = append(page, n)
		}
		if i == limit-1 {
			last = cursorAt(r.Values[0], n.ID)
		}
	}
	return page, last, nil
}

func (v *view) selectNodes(q graph.NodeQuery) (parts, *compiler, error) {
	if err := q.Check(); err != nil {
		return nil, nil, err
	}
	c := v.compiler()
	return parts{"KINDS": onlyKinds(q.Kinds), "SEEN": seenNode("n"), "WHERE": c.node("n", q.Kinds, q.Where)}, c, nil
}

// behind compiles the place of a cursor and the order. The first comparison of
// each is one that an index answers, in its order.
func (c *compiler) behind(q graph.NodeQuery, after *graph.NodeCursor) (place, order cypher) {
	more, direction := cypher(" > "), cypher("")
	if q.Desc {
		more, direction = " < ", " DESC"
	}
	id := ""
	key, rest := "", ""
	if after != nil {
		id = validText(string(after.ID))
		key, rest = splitKey(validText(after.Key))
	}
	idParam := c.param(id)
	if q.Order == graph.OrderID {
		if after == nil { // no id is empty
			return "n.id > " + idParam, "n.id" + direction
		}
		return "n.id" + more + idParam, "n.id" + direction
	}
	order = "n._key" + direction + ", coalesce(n._keyRest, '')" + direction + ", n.id" + direction
	keyParam := c.param(key)
	if after == nil {
		return "n._key >= " + keyParam, order
	}
	restParam := c.param(rest)
	place = "n._key" + more[:2] + "= " + keyParam + " AND (n._key" + more + keyParam +
		" OR coalesce(n._keyRest, '')" + more + restParam +
		" OR (coalesce(n._keyRest, '') = " + restParam + " AND n.id" + more + idParam + "))"
	return place, order
}

// CountNodes counts nodes.
func (v *view) CountNodes(ctx context.Context, q graph.NodeQuery) (int, error) {
	if err := v.check(ctx); err != nil {
		return 0, err
	}
	fill, c, err := v.selectNodes(q)
	if err != nil {
		return 0, err
	}
	rows, err := v.read(ctx, "count_nodes", fill, c.params)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	count, _ := rows[0].Values[0].(int64)
	return int(count), nil
}

// cursorAt is the place of a row, from the properties that it is ordered by.
func cursorAt(value any, id graph.ID) *graph.NodeCursor {
	stored, _ := value.(dbtype.Node)
	key, _ := stored.Props[propKey].(string)
	rest, _ := stored.Props[propKeyRest].(string)
	return &graph.NodeCursor{Key: key + rest, ID: id}
}
