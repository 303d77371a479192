package neo4jstore

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
	"entangle/graph/memory"
)

// maxHops bounds how many queries one statement answers. Its plan is made once, but
// takes longer with each: about 50 ms.
const maxHops = 8

// lookup is one statement: nodes by their ids, and the ties that hops lead over.
type lookup struct {
	ids   []graph.ID
	nodes bool       // the nodes themselves are wanted
	first *selection // of them
	hops  []hop
}

// hop asks for ties of what was found: by the hop number from, counted from 1;
// 0 is the beginning.
type hop struct {
	from      int
	query     graph.AdjacentQuery
	ties, far *selection
	key       string // under which pages are kept; "" where they are not
}

func hopOf(from int, q graph.AdjacentQuery) hop {
	key, _ := pageOf(q)
	return hop{from: from, query: q, ties: tiesWanted(q.Want), far: nodesWanted(q.Want), key: key}
}

// along adds what will be asked next, as far as it can be kept until then.
func along(hops []hop, from int, w *graph.Want) []hop {
	if w == nil {
		return hops
	}
	for _, q := range w.Next {
		if len(hops) == maxHops {
			break
		}
		if s := hopOf(from, q); s.key != "" && q.Check() == nil {
			hops = append(hops, s)
			hops = along(hops, len(hops), q.Want)
		}
	}
	return hops
}

// found is what a hop, or the beginning, gave.
type found struct {
	nodes map[graph.ID]*graph.Node // nil for one that is not valid
	pages map[graph.ID]graph.AdjacentPage
	// walked are those of the nodes that the statement went on from; unfit are those whose
	// ties it could not order and select.
	walked []graph.ID
	unfit  []spot
}

// lookUp reads nodes and what hangs on them by one statement, and keeps it. The
// beginning comes first in the answer, then the hops. What others have written and is not
// taken in yet is read by further statements.
func (v *view) lookUp(ctx context.Context, l lookup) ([]found, error) {
	fill, params := v.compileLookup(l)
	rows, into, err := v.readInto(ctx, "look_up", fill, params)
	if err != nil {
		return nil, err
	}
	out := make([]found, 1+len(l.hops))
	if len(rows) != 1 {
		return out, nil
	}
	there, row := rows[0].Values[0], rows[0].Values[1:]
	if l.nodes {
		out[0].nodes = v.readNodes(row[0], l.first, into)
		row = row[1:]
	}
	strays, err := v.begin(ctx, l, there, &out[0], into)
	if err != nil {
		return nil, err
	}
	for i, s := range l.hops {
		at := &out[i+1]
		at.nodes = v.readNodes(row[2*i+1], s.far, into)
		for id := range at.nodes {
			at.walked = append(at.walked, id)
		}
		v.readPages(row[2*i], s, at)
		if s.from == 0 {
			at.unfit = append(at.unfit, strays...)
		}
		if len(at.unfit) > 0 {
			more, err := v.pagesAsTheyAre(ctx, s, at.unfit)
			if err != nil {
				return nil, err
			}
			at.merge(more)
		}
		if s.key == "" {
			continue
		}
		for _, id := range out[s.from].walked {
			into.KeepPage(id, s.key, at.pages[id])
		}
	}
	return out, nil
}

// begin reads of the nodes asked for those that the store has not taken in. Hops do not go on
// from them.
func (v *view) begin(ctx context.Context, l lookup, there any, at *found, into *state) (strays []spot, err error) {
	known := map[graph.ID]bool{}
	for _, id := range listOf(there) {
		known[graph.ID(id)] = true
	}
	var missing []graph.ID
	for _, id := range l.ids {
		if known[id] {
			at.walked = append(at.walked, id)
		} else {
			missing = append(missing, id)
		}
	}
	nodes, err := v.strays(ctx, missing)
	if err != nil {
		return nil, err
	}
	for _, n := range nodes {
		strays = append(strays, spot{n.ID, n.stored.ElementId})
		if l.nodes {
			into.KeepNode(&n.Node, l.first.name())
			at.nodes[n.ID] = &n.Node
		}
	}
	for _, id := range missing {
		if !slices.ContainsFunc(strays, func(p spot) bool { return p.id == id }) {
			at.walked = append(at.walked, id) // nobody has it: it has no ties either
		}
	}
	return strays, nil
}

// listOf reads a list of texts.
func listOf(value any) []string {
	list, _ := value.([]any)
	out := make([]string, 0, len(list))
	for _, v := range list {
		if text, ok := v.(string); ok {
			out = append(out, text)
		}
	}
	return out
}

// compileLookup writes the statement.
func (v *view) compileLookup(l lookup) (parts, map[string]any) {
	c := v.compiler()
	c.params["ids"] = valid(l.ids)
	var hops, results []cypher
	if l.nodes {
		results = append(results, nodesOf("s0", l.first))
	}
	for i, s := range l.hops {
		n := cypher(strconv.Itoa(i + 1))
		fill := c.adjacent(s.query)
		fill["FROM"], fill["FOUND"], fill["TIES"] = "s"+cypher(strconv.Itoa(s.from)), "s"+n, "t"+n
		fill["AFTER"] = c.after(s.query.After)
		limit := math.MaxInt32
		if s.query.Limit > 0 {
			limit = s.query.Limit + 1 // one more tells that more follow
		}
		fill["LIMIT"] = c.param(limit)
		if fill["TIE"] = "r"; s.ties != nil {
			fill["TIE"] = s.ties.of("r", "r.id")
		}
		hops = append(hops, statement("hop", fill))
		results = append(results, "t"+n, nodesOf("s"+n, s.far))
	}
	return parts{"SEEN": seenNode("n"), "HOPS": join(hops, "\n"), "COLUMNS": join(results, ", ")}, c.params
}

// nodesOf writes a list of nodes, or of their columns.
func nodesOf(list cypher, c *selection) cypher {
	if c == nil {
		return list
	}
	return "[x IN " + list + " | [" + c.of("x", "x.id", "labels(x)") + "]]"
}

// after compiles the place behind a tie.
func (c *compiler) after(place *graph.TieCursor) cypher {
	if place == nil {
		return always
	}
	start := c.param(nativeDay(place.Start))
	return "(r._startEarliest > " + start + " OR (r._startEarliest = " + start + " AND r.id > " + c.param(validText(string(place.ID))) + "))"
}

// readNodes reads a list of nodes. Those that are at hand already are the same
// ones.
func (v *view) readNodes(value any, c *selection, into *state) map[graph.ID]*graph.Node {
	list, _ := value.([]any)
	out := make(map[graph.ID]*graph.Node, len(list))
	for _, stored := range list {
		id, n, valid := v.readNode(stored, c, into)
		if !valid {
			n = nil
		}
		if id != "" {
			out[id] = n
		}
	}
	return out
}

func (v *view) readNode(stored any, c *selection, into *state) (graph.ID, *graph.Node, bool) {
	d := decoder{what: "node", props: rawProps{sel: c}}
	var labels []string
	var id any
	switch stored := stored.(type) {
	case dbtype.Node:
		d.id, d.props.all, labels, id = stored.ElementId, stored.Props, stored.Labels, stored.Props[propID]
	case []any:
		id, d.props.values = stored[0], stored[2:]
		list, _ := stored[1].([]any)
		labels = make([]string, len(list))
		for i, l := range list {
			labels[i], _ = l.(string)
		}
	}
	text, _ := id.(string)
	if n, ok := into.Node(graph.ID(text), c.name()); ok {
		return n.ID, n, true
	}
	if text == "" { // it was asked for by its id, so it has lost it since
		return "", nil, false
	}
	n := d.node(text, labels)
	if len(d.problems) > 0 {
		v.store.tell(d.problems)
		return n.ID, nil, false
	}
	n.Citations = v.shown(n.Citations)
	into.KeepNode(&n, c.name())
	return n.ID, &n, true
}

// readPages reads rows of near id, far id, whether it fits, and tie, each node's beside each
// other in the order of its page. Nodes without ties stay out, and so do those of whose ties one
// does not fit: it comes first.
func (v *view) readPages(value any, s hop, at *found) {
	rows, _ := value.([]any)
	at.pages = map[graph.ID]graph.AdjacentPage{}
	for len(rows) > 0 {
		near := rowOf(rows[0], 0)
		end := slices.IndexFunc(rows, func(r any) bool { return rowOf(r, 0) != near })
		if end < 0 {
			end = len(rows)
		}
		first, _ := rows[0].([]any)
		page, fits := graph.AdjacentPage{}, first[2] == true
		if fits {
			page, fits = v.readPage(near, rows[:end], s, at.nodes)
		}
		if !fits {
			at.unfit = append(at.unfit, spot{id: near})
		} else if len(page.Ties) > 0 || page.More {
			at.pages[near] = page
		}
		rows = rows[end:]
	}
}

func rowOf(row any, i int) graph.ID {
	values, _ := row.([]any)
	text, _ := values[i].(string)
	return graph.ID(text)
}

// readPage reads the page of a node; false where a tie, or a node at its other end, is not valid.
func (v *view) readPage(near graph.ID, rows []any, s hop, far map[graph.ID]*graph.Node) (graph.AdjacentPage, bool) {
	page := graph.AdjacentPage{}
	if limit := s.query.Limit; limit > 0 && len(rows) > limit {
		page.More, rows = true, rows[:limit]
	}
	page.Ties, page.Far = make([]graph.Tie, 0, len(rows)), make([]*graph.Node, 0, len(rows))
	for _, row := range rows {
		other := rowOf(row, 1)
		from, to := near, other
		if s.query.Dir == graph.Back {
			from, to = other, near
		}
		t, ok := v.readTie(row.([]any)[3:], s, from, to)
		if !ok || far[other] == nil {
			return graph.AdjacentPage{}, false
		}
		page.Ties = append(page.Ties, t)
		page.Far = append(page.Far, far[other])
	}
	return page, true
}

// readTie reads a relationship, or its id and columns.
func (v *view) readTie(values []any, s hop, from, to graph.ID) (graph.Tie, bool) {
	if rel, ok := values[0].(dbtype.Relationship); ok {
		return v.served(decodeTie(rel, from, to))
	}
	d := decoder{what: "tie", props: rawProps{sel: s.ties, values: values[1:]}}
	id, _ := values[0].(string)
	t := d.tie(id, s.query.Type, from, to)
	return v.served(t, d.problems)
}

// NodesByID looks nodes up.
func (v *view) NodesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Node, error) {
	shared, err := v.sharedNodes(ctx, ids, nil)
	out := make(map[graph.ID]graph.Node, len(shared))
	for id, n := range shared {
		out[id] = memory.CloneNode(*n)
	}
	return out, err
}

// sharedNodes looks up what is not at hand.
func (v *view) sharedNodes(ctx context.Context, ids []graph.ID, w *graph.Want) (map[graph.ID]*graph.Node, error) {
	if err := v.check(ctx); err != nil {
		return nil, err
	}
	out := make(map[graph.ID]*graph.Node, len(ids))
	l := lookup{nodes: true, first: nodesWanted(w)}
	fields := l.first.name()
	for _, id := range ids {
		n, ok := v.state.Node(id, fields)
		if !ok {
			n, ok = v.own.Node(id, fields)
		}
		if ok {
			out[id] = n
		} else {
			l.ids = append(l.ids, id)
		}
	}
	if l.ids = v.store.present(v.state.bookmark, l.ids); len(l.ids) == 0 {
		return out, nil
	}
	l.hops = along(nil, 0, w)
	read, err := v.lookUp(ctx, l)
	if err != nil {
		return nil, err
	}
	for id, n := range read[0].nodes {
		if n != nil {
			out[id] = n
		}
	}
	return out, nil
}

// Adjacent pages through the ties of some nodes.
func (v *view) Adjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	out, err := v.sharedPages(ctx, q)
	for id, page := range out {
		out[id] = memory.ClonePage(page)
	}
	return out, err
}

// sharedPages pages through the ties of some nodes by one statement, for those whose
// pages are not at hand. The nodes at the other ends come along: whoever asks for
// ties mostly asks for them next.
func (v *view) sharedPages(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	if err := cmp.Or(v.check(ctx), q.Check()); err != nil {
		return nil, err
	}
	out := make(map[graph.ID]graph.AdjacentPage, len(q.Nodes))
	s := hopOf(0, q)
	missing := q.Nodes
	if s.key != "" {
		missing = nil
		for _, id := range q.Nodes {
			if !v.recall(out, id, s.key) {
				missing = append(missing, id)
			}
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	read, err := v.lookUp(ctx, lookup{ids: missing, hops: along([]hop{s}, 1, q.Want)})
	if err != nil {
		return nil, err
	}
	maps.Copy(out, read[1].pages)
	return out, nil
}

// recall puts a page that is at hand into an answer; one without ties stays out.
func (v *view) recall(out map[graph.ID]graph.AdjacentPage, id graph.ID, query string) bool {
	page, ok := v.state.Page(id, query)
	if !ok {
		page, ok = v.own.Page(id, query)
	}
	if ok && (len(page.Ties) > 0 || page.More) {
		out[id] = page
	}
	return ok
}

// sharing reads for callers that change nothing of what they are given.
type sharing struct{ *view }

var _ graph.Selecting = sharing{}

// Shared returns a reader that makes no copies of what it keeps.
func (v *view) Shared() graph.Reader { return sharing{v} }

// NodesWanted looks nodes up.
func (s sharing) NodesWanted(ctx context.Context, ids []graph.ID, w *graph.Want) (map[graph.ID]*graph.Node, error) {
	return s.sharedNodes(ctx, ids, w)
}

// Adjacent pages through the ties of some nodes.
func (s sharing) Adjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	return s.sharedPages(ctx, q)
}
