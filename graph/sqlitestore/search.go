package sqlitestore

import (
	"context"
	"database/sql/driver"
	"strings"

	"entangle/graph"
	"entangle/graph/fold"
)

// Search finds nodes by name; see graph.Reader. The index of three-letter pieces
// finds the names that may have the longer words, which are then looked into; a
// text of one or two letters looks into all names.
func (v *view) Search(ctx context.Context, q graph.SearchQuery) ([]graph.Hit, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	key := fold.Key(q.Text)
	if key == "" {
		return nil, ctx.Err()
	}
	b := &builder{clearance: v.clearance}
	query := searchText(b, q, key)
	var hits []graph.Hit
	err := v.query(ctx, query, b.args, func(row []driver.Value) error {
		hits = append(hits, graph.Hit{
			Node: graph.ID(text(row[0])), Kind: v.decoder.kinds[text(row[1])], Name: text(row[2]), Rank: int(number(row[3])),
		})
		return nil
	})
	return hits, err
}

func searchText(b *builder, q graph.SearchQuery, key string) string {
	whole, inside := b.arg(key), b.arg(" "+key)
	rank := "CASE WHEN m.key = " + whole + " THEN 0 WHEN instr(m.key, " + whole + ") = 1 THEN 1 WHEN instr(m.key, " + inside + ") > 0 THEN 2 ELSE 3 END"
	var where, pieces []string
	for word := range strings.FieldsSeq(key) {
		where = append(where, "instr(m.key, "+b.arg(word)+") > 0")
		if len(where) <= maxPieces {
			pieces = append(pieces, piecesOf(word)...)
		}
	}
	names := "name m"
	if len(pieces) > 0 {
		names = "name_piece p CROSS JOIN name m ON m.no = p.rowid"
		where = append(where, "p.name_piece MATCH "+b.arg(strings.Join(pieces[:min(len(pieces), maxPieces)], " AND ")))
	}
	where = append(where, "n.marking <= "+b.arg(int64(b.clearance)), oneOf(b, "n.kind", q.Kinds))
	limit := q.Limit
	if limit == 0 {
		limit = 20
	}
	return "SELECT node, kind, text, rank FROM (" +
		"SELECT node, kind, text, rank, length, row_number() OVER (PARTITION BY node ORDER BY rank, length, pos) AS place FROM (" +
		"SELECT m.node, n.kind, m.text, m.pos, " + rank + " AS rank, length(m.text) AS length FROM " + names +
		" CROSS JOIN node n ON n.id = m.node WHERE " + join(where, " AND ", "1") +
		")) WHERE place = 1 ORDER BY rank, length, node LIMIT " + b.arg(int64(limit))
}
