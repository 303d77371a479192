package sqlitestore

import (
	"context"
	"database/sql/driver"
	"fmt"
	"iter"
	"strings"

	"entangle/graph"
	"entangle/graph/fold"
)

// A stream reads pieces, each longer than the one before: a caller who leaves
// early has not paid for more, one who reads all makes few turns.
const (
	firstPiece = 64
	lastPiece  = 4096
)

// oneOf keeps rows whose label is one of several. For more than one the index
// on the label is passed over: rows must come in the order of the list.
func oneOf[T fmt.Stringer](b *builder, column string, of []T) string {
	if len(of) == 1 {
		return column + " = " + b.arg(of[0].String())
	}
	var tests []string
	for _, v := range of {
		tests = append(tests, "+"+column+" = "+b.arg(v.String()))
	}
	return join(tests, " OR ", "1")
}

// nodeWhere writes what a node query selects, without its cursor.
func (v *view) nodeWhere(b *builder, q graph.NodeQuery) (string, error) {
	if err := q.Check(); err != nil {
		return "", err
	}
	parts := []string{"n.marking <= " + b.arg(int64(v.clearance)), oneOf(b, "n.kind", q.Kinds)}
	parts = append(parts, b.cond(q.Where, false, "n"))
	return strings.Join(parts, " AND "), nil
}

// Nodes streams nodes; see graph.Reader.
func (v *view) Nodes(ctx context.Context, q graph.NodeQuery) iter.Seq2[graph.Node, error] {
	return func(yield func(graph.Node, error) bool) {
		q := q // the loop below moves the cursor; the stream may run again
		left, piece := q.Limit, firstPiece
		for {
			size := piece
			if q.Limit > 0 {
				size = min(size, left)
			}
			nodes, err := v.nodePiece(ctx, q, size)
			for _, n := range nodes {
				if !yield(n, nil) {
					return
				}
			}
			if err != nil {
				yield(graph.Node{}, err)
				return
			}
			left -= len(nodes)
			if len(nodes) < size || q.Limit > 0 && left == 0 {
				return
			}
			last := nodes[len(nodes)-1]
			q.After = &graph.NodeCursor{Key: fold.Key(last.Name()), ID: last.ID}
			piece = min(piece*4, lastPiece)
		}
	}
}

func (v *view) nodePiece(ctx context.Context, q graph.NodeQuery, size int) ([]graph.Node, error) {
	b := &builder{clearance: v.clearance}
	where, err := v.nodeWhere(b, q)
	if err != nil {
		return nil, err
	}
	direction, sign := "", ">"
	if q.Desc {
		direction, sign = " DESC", "<"
	}
	order := "n.id" + direction
	if q.Order == graph.OrderName {
		order = "n.name_key" + direction + ", " + order
	}
	if q.After != nil {
		if q.Order == graph.OrderName {
			where += " AND (n.name_key, n.id) " + sign + " (" + b.arg(q.After.Key) + ", " + b.arg(string(q.After.ID)) + ")"
		} else {
			where += " AND n.id " + sign + " " + b.arg(string(q.After.ID))
		}
	}
	query := "SELECT " + nodeColumns + " FROM node n WHERE " + where + " ORDER BY " + order + " LIMIT " + b.arg(int64(size))
	nodes := make([]graph.Node, 0, min(size, 1024))
	err = v.query(ctx, query, b.args, func(row []driver.Value) error {
		n, err := v.decoder.node(row)
		if err == nil {
			nodes = append(nodes, n)
		}
		return err
	})
	return nodes, err
}

// CountNodes counts nodes; see graph.Reader.
func (v *view) CountNodes(ctx context.Context, q graph.NodeQuery) (int, error) {
	b := &builder{clearance: v.clearance}
	where, err := v.nodeWhere(b, q)
	if err != nil {
		return 0, err
	}
	return v.count(ctx, "SELECT count(*) FROM node n WHERE "+where, b)
}

// Ties streams ties; see graph.Reader.
func (v *view) Ties(ctx context.Context, q graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return func(yield func(graph.Tie, error) bool) {
		q := q
		left, piece := q.Limit, firstPiece
		for {
			size := piece
			if q.Limit > 0 {
				size = min(size, left)
			}
			ties, err := v.tiePiece(ctx, q, size)
			for _, t := range ties {
				if !yield(t, nil) {
					return
				}
			}
			if err != nil {
				yield(graph.Tie{}, err)
				return
			}
			left -= len(ties)
			if len(ties) < size || q.Limit > 0 && left == 0 {
				return
			}
			q.After = ties[len(ties)-1].ID
			piece = min(piece*4, lastPiece)
		}
	}
}

// tiesWhere checks a query and writes its conditions on t, but for the place of the page.
func (v *view) tiesWhere(b *builder, q graph.TieQuery) (string, error) {
	if err := q.Check(); err != nil {
		return "", err
	}
	return strings.Join([]string{"t.visible <= " + b.arg(int64(v.clearance)), oneOf(b, "t.type", q.Types), b.tieWhere(q.Where, "t")}, " AND "), nil
}

// CountTies counts ties; see graph.Reader.
func (v *view) CountTies(ctx context.Context, q graph.TieQuery) (int, error) {
	b := &builder{clearance: v.clearance}
	where, err := v.tiesWhere(b, q)
	if err != nil {
		return 0, err
	}
	return v.count(ctx, "SELECT count(*) FROM tie t WHERE "+where, b)
}

// count runs a statement that counts.
func (v *view) count(ctx context.Context, query string, b *builder) (count int, err error) {
	err = v.query(ctx, query, b.args, func(row []driver.Value) error {
		count = int(number(row[0]))
		return nil
	})
	return count, err
}

func (v *view) tiePiece(ctx context.Context, q graph.TieQuery, size int) ([]graph.Tie, error) {
	b := &builder{clearance: v.clearance}
	where, err := v.tiesWhere(b, q)
	if err != nil {
		return nil, err
	}
	if q.After != "" {
		where += " AND t.id > " + b.arg(string(q.After))
	}
	query := "SELECT " + tieColumns + " FROM tie t WHERE " + where + " ORDER BY t.id LIMIT " + b.arg(int64(size))
	ties := make([]graph.Tie, 0, min(size, 1024))
	err = v.query(ctx, query, b.args, func(row []driver.Value) error {
		t, err := v.decoder.tie(row)
		if err == nil {
			ties = append(ties, t)
		}
		return err
	})
	return ties, err
}
