package neo4jstore

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"entangle/graph"
	"entangle/graph/fold"
)

// Others write while we read. What they wrote has no computed properties yet, or old ones, so
// neither an index nor a condition of a statement can be trusted with it. A look-up by id and a
// step along ties find it all the same: they read it as it is and judge it here, by the rules by
// which the adopter takes it in. Nobody waits for that.

// spot is a node by our id and, where the store does not know it yet, by the server's.
type spot struct {
	id      graph.ID
	element string
}

// strays looks ids up among the nodes that the store has not taken in.
func (v *view) strays(ctx context.Context, ids []graph.ID) ([]judgedNode, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := v.read(ctx, "strays", parts{"KINDS": kindsByID()}, map[string]any{"ids": valid(ids)})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	stored := make([]dbtype.Node, 0, len(rows))
	for _, row := range rows {
		if n, ok := row.Values[0].(dbtype.Node); ok && !isTaken(n) {
			stored = append(stored, n)
		}
	}
	return v.judge(ctx, stored)
}

// isTaken reports whether the store has taken a node in.
func isTaken(n dbtype.Node) bool {
	return slices.Contains(n.Labels, labelEntity) && n.Props[propKey] != nil
}

// kindsByID matches nodes of each kind by the index of their ids.
func kindsByID() cypher {
	pieces := make([]cypher, 0, len(graph.Kinds()))
	for _, row := range graph.Kinds() {
		pieces = append(pieces, "MATCH (n:"+word(row.Name)+") WHERE n.id IN $ids RETURN n")
	}
	return join(pieces, "\nUNION ALL\n  ")
}

// judge decides about nodes as the adopter will, and has it do so. What is valid and seen comes
// back, without citations of hidden sources.
func (v *view) judge(ctx context.Context, stored []dbtype.Node) ([]judgedNode, error) {
	var f findings
	if err := f.judgeNodes(ctx, v.read, stored); err != nil {
		return nil, err
	}
	v.store.tell(f.problems)
	var seen []judgedNode
	var elements []string
	for _, n := range f.judged {
		elements = append(elements, n.stored.ElementId)
		if n.valid && n.Marking <= v.clearance() {
			n.Citations = v.shown(n.Citations)
			seen = append(seen, n)
		}
	}
	v.store.adopter.find(elements, nil)
	return seen, nil
}

// clearance is what the view shows at most.
func (v *view) clearance() graph.Marking { return graph.Marking(len(v.seen) - 1) }

// end is a node at an end of a tie, nil where it is not served.
type end struct {
	node   *graph.Node
	fits   bool // taken in as it is
	stored dbtype.Node
}

// pagesAsTheyAre makes pages of ties among which some do not fit. Ties and nodes are read
// whole, ordered and held against the query here.
func (v *view) pagesAsTheyAre(ctx context.Context, s hop, near []spot) (found, error) {
	out := found{nodes: map[graph.ID]*graph.Node{}, pages: map[graph.ID]graph.AdjacentPage{}}
	ids, elements := []graph.ID{}, []string{}
	for _, p := range near {
		if p.element != "" {
			elements = append(elements, p.element)
		} else {
			ids = append(ids, p.id)
		}
	}
	rows, err := v.read(ctx, "raw_ties", parts{"PATTERN": rawPattern(s.query.Type, s.query.Dir)}, map[string]any{"ids": valid(ids), "elements": elements})
	if err != nil {
		return out, err
	}
	var raw []rawNear
	for _, row := range rows {
		if n, ok := row.Values[0].(dbtype.Node); ok {
			list, _ := row.Values[1].([]any)
			raw = append(raw, rawNear{n, list})
		}
	}
	ends, err := v.ends(ctx, raw)
	if err != nil {
		return out, err
	}
	ties, err := v.tiesAsTheyAre(ctx, raw, ends)
	if err != nil {
		return out, err
	}
	for _, r := range raw {
		n := ends[r.near.ElementId]
		if n == nil || n.node == nil {
			continue
		}
		page, err := v.pageOf(ctx, s.query, ties[r.near.ElementId], ends)
		if err != nil {
			return out, err
		}
		if len(page.Ties) > 0 || page.More {
			out.pages[n.node.ID] = page
		}
		for _, far := range page.Far {
			out.nodes[far.ID] = far
		}
	}
	return out, nil
}

// rawNear is a node with its ties of a type and their other ends, as they are.
type rawNear struct {
	near dbtype.Node
	ties []any // pairs of relationship and node
}

func (r rawNear) each(f func(rel dbtype.Relationship, far dbtype.Node)) {
	for _, pair := range r.ties {
		values, _ := pair.([]any)
		if len(values) != 2 {
			continue
		}
		rel, okRel := values[0].(dbtype.Relationship)
		far, okFar := values[1].(dbtype.Node)
		if okRel && okFar {
			f(rel, far)
		}
	}
}

// rawPattern is pattern without a word on the far end.
func rawPattern(typ graph.TieType, dir graph.Dir) cypher {
	tie := "-[r:" + word(typ.String()) + "]-"
	switch {
	case typ.Info().Symmetric:
		return "(n)" + tie + "(m)"
	case dir == graph.Back:
		return "(n)<" + tie + "(m)"
	}
	return "(n)" + tie + ">(m)"
}

// ends judges the nodes at all ends, by the server's ids.
func (v *view) ends(ctx context.Context, raw []rawNear) (map[string]*end, error) {
	all := map[string]*end{}
	var unknown []dbtype.Node
	add := func(n dbtype.Node) {
		if all[n.ElementId] != nil {
			return
		}
		e := &end{stored: n}
		all[n.ElementId] = e
		if e.fits = isTaken(n); !e.fits {
			unknown = append(unknown, n)
			return
		}
		node, problems := decodeNode(n)
		if len(problems) > 0 {
			v.store.tell(problems)
			v.store.adopter.find([]string{n.ElementId}, nil)
			return
		}
		if node.Marking <= v.clearance() {
			node.Citations = v.shown(node.Citations)
			e.node = &node
		}
	}
	for _, r := range raw {
		add(r.near)
		r.each(func(_ dbtype.Relationship, far dbtype.Node) { add(far) })
	}
	judged, err := v.judge(ctx, unknown)
	for _, n := range judged {
		all[n.stored.ElementId].node = &n.Node
	}
	return all, err
}

// rawTie is a tie that is served, with the server's id of its far end.
type rawTie struct {
	graph.Tie
	far string
}

// tiesAsTheyAre judges the ties, by the server's ids of their near ends. Hidden ones are left out.
func (v *view) tiesAsTheyAre(ctx context.Context, raw []rawNear, ends map[string]*end) (map[string][]rawTie, error) {
	var tested []*testedTie
	sources := map[graph.ID]bool{}
	for _, r := range raw {
		r.each(func(rel dbtype.Relationship, far dbtype.Node) {
			t := testTie(rel, far, ends)
			if t == nil {
				return
			}
			t.near = r.near.ElementId
			tested = append(tested, t)
			if !t.fits {
				for _, c := range t.Citations {
					sources[c.Source] = true
				}
			}
		})
	}
	_, known, _, err := ownersOf(ctx, v.read, nil, sources)
	if err != nil {
		return nil, err
	}
	out := map[string][]rawTie{}
	var elements []string
	for _, t := range tested {
		if !t.fits {
			elements = append(elements, t.rel.ElementId)
			t.validate(known)
		}
		if len(t.problems) > 0 {
			v.store.tell(t.problems)
			continue
		}
		if t.Marking <= v.clearance() {
			t.Citations = v.shown(t.Citations)
			out[t.near] = append(out[t.near], t.rawTie)
		}
	}
	v.store.adopter.find(nil, elements)
	return out, nil
}

// testedTie is a tie between two ends that are served.
type testedTie struct {
	rawTie
	near     string
	rel      dbtype.Relationship
	fits     bool
	from, to graph.Node
	problems []graph.Problem
}

// testTie reads a relationship between nodes; nil where an end is not served.
func testTie(rel dbtype.Relationship, far dbtype.Node, ends map[string]*end) *testedTie {
	from, to := ends[rel.StartElementId], ends[rel.EndElementId]
	if from == nil || to == nil || from.node == nil || to.node == nil {
		return nil
	}
	t := &testedTie{rel: rel, from: *from.node, to: *to.node}
	t.Tie, t.problems = decodeTie(rel, from.node.ID, to.node.ID)
	t.far = far.ElementId
	computed := encodeTie(t.Tie)
	t.fits = len(t.problems) == 0 && rel.Props[propStartEarliest] != nil && rel.Props[propID] != nil
	for _, name := range slices.Concat(boundNames, []string{propSpan}) {
		t.fits = t.fits && same(rel.Props[name], computed[name])
	}
	if _, ok := rel.Props[propConfidence]; !ok {
		t.Confidence, t.fits = graph.Confidence{}, false
	}
	t.fits = t.fits && joined(t.Type, t.from.Kind, t.to.Kind)
	return t
}

// validate holds the tie against the vocabulary.
func (t *testedTie) validate(known map[graph.ID]graph.Kind) {
	t.Tie = t.Normal()
	if len(t.problems) > 0 {
		return
	}
	_, isBounded := t.rel.Props[propStartEarliest]
	t.problems = graph.Batch{Ties: []graph.Tie{t.Tie}, Gone: lost(isBounded || t.Load != "", t.Citations)}.Validate(func(id graph.ID) graph.Kind {
		switch id {
		case t.from.ID:
			return t.from.Kind
		case t.to.ID:
			return t.to.Kind
		}
		return known[id]
	})
}

// pageOf selects and orders the ties of one node.
func (v *view) pageOf(ctx context.Context, q graph.AdjacentQuery, ties []rawTie, ends map[string]*end) (graph.AdjacentPage, error) {
	var page graph.AdjacentPage
	fitting, err := v.farFits(ctx, q.Far, ties, ends)
	if err != nil {
		return page, err
	}
	ties = slices.DeleteFunc(ties, func(t rawTie) bool {
		return !q.Where.Match(t.Tie) || !fitting(ends[t.far]) || q.After != nil && !isBehind(t.Tie, *q.After)
	})
	slices.SortFunc(ties, func(a, b rawTie) int {
		return cmp.Or(cmp.Compare(a.Span.Bounds().StartEarliest, b.Span.Bounds().StartEarliest), cmp.Compare(a.ID, b.ID))
	})
	if q.Limit > 0 && len(ties) > q.Limit {
		page.More, ties = true, ties[:q.Limit]
	}
	for _, t := range ties {
		page.Ties = append(page.Ties, t.Tie)
		page.Far = append(page.Far, ends[t.far].node)
	}
	return page, nil
}

func isBehind(t graph.Tie, at graph.TieCursor) bool {
	return cmp.Or(cmp.Compare(t.Span.Bounds().StartEarliest, at.Start), cmp.Compare(t.ID, at.ID)) > 0
}

// farFits holds far ends against a condition. Where it goes on along further ties the server is
// asked, which knows what is taken in: a new node has no such ties until then.
func (v *view) farFits(ctx context.Context, cond graph.Cond, ties []rawTie, ends map[string]*end) (func(*end) bool, error) {
	taken := map[graph.ID]bool{}
	hops := hasHop(cond)
	if hops {
		ids := map[graph.ID]bool{}
		for _, t := range ties {
			if e := ends[t.far]; e.fits {
				ids[e.node.ID] = true
			}
		}
		c := v.compiler()
		c.params["ids"] = sorted(ids)
		rows, err := v.read(ctx, "nodes_fitting", parts{"SEEN": seenNode("n"), "WHERE": c.node("n", nil, cond)}, c.params)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			id, _ := r.Values[0].(string)
			taken[graph.ID(id)] = true
		}
	}
	return func(e *end) bool {
		if hops && e.fits {
			return taken[e.node.ID]
		}
		return matchAlone(cond, *e.node)
	}, nil
}

func hasHop(c graph.Cond) bool {
	return c.Hop != nil || slices.ContainsFunc(c.Conds, hasHop)
}

// matchAlone holds a node that has no ties against a condition.
func matchAlone(c graph.Cond, n graph.Node) bool {
	part := func(p graph.Cond) bool { return matchAlone(p, n) }
	switch c.Op {
	case graph.And:
		return !slices.ContainsFunc(c.Conds, func(p graph.Cond) bool { return !part(p) })
	case graph.Or:
		return slices.ContainsFunc(c.Conds, part)
	case graph.Not:
		return !part(c.Conds[0])
	case graph.Some, graph.None:
		return c.Op == graph.None
	default:
		return c.MatchNode(n, fold.Key)
	}
}

// merge adds what was read as it is to what a statement gave.
func (f *found) merge(more found) {
	maps.Copy(f.nodes, more.nodes)
	maps.Copy(f.pages, more.pages)
}
