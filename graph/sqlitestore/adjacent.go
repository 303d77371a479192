package sqlitestore

import (
	"cmp"
	"context"
	"database/sql/driver"
	"slices"
	"strings"

	"entangle/graph"
	"entangle/graph/memory"
)

// adjacentWhere writes, for each way the type is followed, which ties x of the
// node k.value the query selects.
func (v *view) adjacentWhere(b *builder, q graph.AdjacentQuery) ([]string, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	var ways []string
	for _, way := range waysOf(q.Type, q.Dir) {
		where := []string{
			"x." + way.near + " = k.value", "x.type = " + b.arg(q.Type.String()),
			"x.visible <= " + b.arg(int64(v.clearance)), b.tieWhere(q.Where, "x"),
		}
		if q.After != nil {
			where = append(where, "(x.start_earliest, x.id) > ("+b.arg(int64(q.After.Start))+", "+b.arg(string(q.After.ID))+")")
		}
		if q.Far.Op != graph.True {
			where = append(where, "EXISTS (SELECT 1 FROM node f WHERE f.id = x."+way.far+" AND "+b.cond(q.Far, false, "f")+")")
		}
		ways = append(ways, strings.Join(where, " AND "))
	}
	return ways, nil
}

// Adjacent pages through the ties of nodes; see graph.Reader.
func (v *view) Adjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	out, err := v.sharedPages(ctx, q)
	if err != nil {
		return nil, err
	}
	for id, page := range out {
		out[id] = memory.ClonePage(page)
	}
	return out, nil
}

// readPages reads pages in one statement: for each node the first ids in order are picked from
// the index, which stops at the limit, and the rows of those alone are read.
func (v *view) readPages(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	b := &builder{clearance: v.clearance}
	ways, err := v.adjacentWhere(b, q)
	if err != nil {
		return nil, err
	}
	picks := make([]string, len(ways))
	for i, where := range ways {
		picks[i] = "SELECT x.no, x.id, x.start_earliest FROM tie x WHERE " + where
	}
	limit := int64(-1)
	if q.Limit > 0 {
		limit = int64(q.Limit) + 1
	}
	query := "SELECT " + tieColumns + ", k.value FROM json_each(" + b.arg(idList(distinct(q.Nodes))) + ") k CROSS JOIN tie t ON t.no IN (SELECT no FROM (" +
		strings.Join(picks, " UNION ALL ") + ") ORDER BY start_earliest, id LIMIT " + b.arg(limit) + ")"
	pages := make(map[graph.ID]graph.AdjacentPage, len(q.Nodes))
	err = v.query(ctx, query, b.args, func(row []driver.Value) error {
		t, err := v.decoder.tie(row)
		if err != nil {
			return err
		}
		at := graph.ID(text(row[len(row)-1]))
		page := pages[at]
		page.Ties = append(page.Ties, t)
		pages[at] = page
		return nil
	})
	if err != nil {
		return nil, err
	}
	for at, page := range pages {
		slices.SortFunc(page.Ties, func(a, b graph.Tie) int {
			return cmp.Or(cmp.Compare(a.Span.Bounds().StartEarliest, b.Span.Bounds().StartEarliest), cmp.Compare(a.ID, b.ID))
		})
		if q.Limit > 0 && len(page.Ties) > q.Limit {
			page.Ties, page.More = page.Ties[:q.Limit], true
		}
		pages[at] = page
	}
	return pages, nil
}

// CountAdjacent counts the ties of nodes in one statement.
func (v *view) CountAdjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]int, error) {
	q.After = nil
	b := &builder{clearance: v.clearance}
	ways, err := v.adjacentWhere(b, q)
	if err != nil {
		return nil, err
	}
	sums := make([]string, len(ways))
	for i, where := range ways {
		sums[i] = "(SELECT count(*) FROM tie x WHERE " + where + ")"
	}
	query := "SELECT k.value, " + strings.Join(sums, " + ") + " FROM json_each(" + b.arg(idList(distinct(q.Nodes))) + ") k"
	counts := make(map[graph.ID]int, len(q.Nodes))
	err = v.query(ctx, query, b.args, func(row []driver.Value) error {
		if n := number(row[1]); n > 0 {
			counts[graph.ID(text(row[0]))] = int(n)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return counts, nil
}

func distinct(ids []graph.ID) []graph.ID {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}
