package storetest

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"entangle/graph"
	"entangle/graph/fold"
)

// modelView is a reading of a model: what the clearance allows, copied.
type modelView struct {
	model    *Model
	version  graph.Version
	nodes    []graph.Node
	keys     map[string]string // of every name
	ties     []graph.Tie
	nodeByID map[graph.ID]graph.Node
	tieByID  map[graph.ID]graph.Tie
	byEnd    [2]map[graph.ID][]graph.Tie // ties by their from and by their to
	loads    []graph.Load
	closed   atomic.Bool
}

func newModelView(m *Model, clearance graph.Marking) *modelView {
	v := &modelView{
		model: m, version: m.state(clearance), keys: map[string]string{},
		nodeByID: map[graph.ID]graph.Node{}, tieByID: map[graph.ID]graph.Tie{},
		byEnd: [2]map[graph.ID][]graph.Tie{{}, {}},
	}
	all := m.shown(clearance)
	for _, id := range slices.Sorted(maps.Keys(all.nodes)) {
		n := cloneNode(all.nodes[id])
		v.nodes = append(v.nodes, n)
		v.nodeByID[id] = n
		for _, name := range n.Names {
			v.keys[name.Text] = fold.Key(name.Text)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(all.ties)) {
		t := cloneTie(all.ties[id])
		v.ties = append(v.ties, t)
		v.tieByID[id] = t
		v.byEnd[graph.Out][t.From] = append(v.byEnd[graph.Out][t.From], t)
		v.byEnd[graph.Back][t.To] = append(v.byEnd[graph.Back][t.To], t)
	}
	for _, id := range slices.Sorted(maps.Keys(all.loads)) {
		v.loads = append(v.loads, all.loads[id])
	}
	return v
}

func (v *modelView) check(ctx context.Context) error {
	v.model.mu.RLock()
	defer v.model.mu.RUnlock()
	if v.closed.Load() {
		return fmt.Errorf("model view: %w", graph.ErrClosed)
	}
	return v.model.check(ctx)
}

// Version returns the version at the opening.
func (v *modelView) Version() graph.Version { return v.version }

// Close ends the view.
func (v *modelView) Close() error {
	v.closed.Store(true)
	return nil
}

// NodesByID looks nodes up.
func (v *modelView) NodesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Node, error) {
	out := map[graph.ID]graph.Node{}
	for _, id := range ids {
		if n, ok := v.nodeByID[id]; ok {
			out[id] = cloneNode(n)
		}
	}
	return out, v.check(ctx)
}

// TiesByID looks ties up.
func (v *modelView) TiesByID(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Tie, error) {
	out := map[graph.ID]graph.Tie{}
	for _, id := range ids {
		if t, ok := v.tieByID[id]; ok {
			out[id] = cloneTie(t)
		}
	}
	return out, v.check(ctx)
}

// Resolve maps references to ids: a node's own id goes before any alias.
func (v *modelView) Resolve(ctx context.Context, refs []string) (map[string]graph.ID, error) {
	out := map[string]graph.ID{}
	for _, ref := range refs {
		if _, ok := v.nodeByID[graph.ID(ref)]; ok {
			out[ref] = graph.ID(ref)
			continue
		}
		for _, n := range v.nodes {
			if slices.Contains(n.Aliases, ref) {
				out[ref] = n.ID
				break
			}
		}
	}
	return out, v.check(ctx)
}

func (v *modelView) listNodes(ctx context.Context, q graph.NodeQuery) ([]graph.Node, error) {
	if err := v.check(ctx); err != nil {
		return nil, err
	}
	if err := q.Check(); err != nil {
		return nil, err
	}
	var out []graph.Node
	for _, n := range v.nodes {
		if (len(q.Kinds) == 0 || slices.Contains(q.Kinds, n.Kind)) && v.fits(q.Where, n) {
			out = append(out, cloneNode(n))
		}
	}
	return out, nil
}

// fits is MatchNode with the hops followed.
func (v *modelView) fits(c graph.Cond, n graph.Node) bool {
	part := func(p graph.Cond) bool { return v.fits(p, n) }
	switch c.Op {
	case graph.And:
		return !slices.ContainsFunc(c.Conds, func(p graph.Cond) bool { return !part(p) })
	case graph.Or:
		return slices.ContainsFunc(c.Conds, part)
	case graph.Not:
		return !part(c.Conds[0])
	case graph.Some, graph.None:
		some := slices.ContainsFunc(v.step(n.ID, c.Hop.Type, c.Hop.Dir), func(t graph.Tie) bool {
			return c.Hop.Tie.Match(t) && v.fits(c.Hop.Far, v.nodeByID[t.Other(n.ID)])
		})
		return some == (c.Op == graph.Some)
	default:
		return c.MatchNode(n, v.key)
	}
}

func (v *modelView) key(text string) string {
	if key, ok := v.keys[text]; ok {
		return key
	}
	return fold.Key(text)
}

// step returns the ties of a type at a node, in the order of Adjacent.
func (v *modelView) step(id graph.ID, typ graph.TieType, dir graph.Dir) []graph.Tie {
	ties := slices.Clone(v.byEnd[dir][id])
	if typ.Info().Symmetric {
		ties = slices.Concat(v.byEnd[graph.Out][id], v.byEnd[graph.Back][id])
	}
	ties = slices.DeleteFunc(ties, func(t graph.Tie) bool { return t.Type != typ })
	slices.SortFunc(ties, func(a, b graph.Tie) int { return compareCursors(cursorOf(a), cursorOf(b)) })
	return ties
}

func cursorOf(t graph.Tie) graph.TieCursor {
	return graph.TieCursor{Start: t.Span.Bounds().StartEarliest, ID: t.ID}
}

func compareCursors(a, b graph.TieCursor) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.ID, b.ID))
}

// Nodes lists nodes.
func (v *modelView) Nodes(ctx context.Context, q graph.NodeQuery) iter.Seq2[graph.Node, error] {
	return func(yield func(graph.Node, error) bool) {
		list, err := v.listNodes(ctx, q)
		if err != nil {
			yield(graph.Node{}, err)
			return
		}
		order := func(a, b graph.NodeCursor) int {
			c := cmp.Compare(a.ID, b.ID)
			if q.Order == graph.OrderName {
				c = cmp.Or(cmp.Compare(a.Key, b.Key), c)
			}
			if q.Desc {
				return -c
			}
			return c
		}
		slices.SortFunc(list, func(a, b graph.Node) int { return order(nodeCursor(a), nodeCursor(b)) })
		sent := 0
		for _, n := range list {
			if q.After != nil && order(nodeCursor(n), *q.After) <= 0 {
				continue
			}
			if err := v.check(ctx); err != nil {
				yield(graph.Node{}, err)
				return
			}
			if q.Limit > 0 && sent == q.Limit || !yield(n, nil) {
				return
			}
			sent++
		}
	}
}

func nodeCursor(n graph.Node) graph.NodeCursor {
	return graph.NodeCursor{Key: fold.Key(n.Name()), ID: n.ID}
}

// CountNodes counts nodes.
func (v *modelView) CountNodes(ctx context.Context, q graph.NodeQuery) (int, error) {
	list, err := v.listNodes(ctx, q)
	return len(list), err
}

// Ties lists ties.
func (v *modelView) Ties(ctx context.Context, q graph.TieQuery) iter.Seq2[graph.Tie, error] {
	return func(yield func(graph.Tie, error) bool) {
		if err := cmp.Or(v.check(ctx), q.Check()); err != nil {
			yield(graph.Tie{}, err)
			return
		}
		sent := 0
		for _, t := range v.ties {
			if t.ID <= q.After && q.After != "" || len(q.Types) > 0 && !slices.Contains(q.Types, t.Type) || !q.Where.Match(t) {
				continue
			}
			if err := v.check(ctx); err != nil {
				yield(graph.Tie{}, err)
				return
			}
			if q.Limit > 0 && sent == q.Limit || !yield(cloneTie(t), nil) {
				return
			}
			sent++
		}
	}
}

// CountTies counts ties.
func (v *modelView) CountTies(ctx context.Context, q graph.TieQuery) (int, error) {
	q.After, q.Limit = "", 0
	list, err := collect(v.Ties(ctx, q))
	return len(list), err
}

// Adjacent pages through nodes' ties.
func (v *modelView) Adjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]graph.AdjacentPage, error) {
	if err := cmp.Or(v.check(ctx), q.Check()); err != nil {
		return nil, err
	}
	out := map[graph.ID]graph.AdjacentPage{}
	for _, id := range q.Nodes {
		var page graph.AdjacentPage
		for _, t := range v.step(id, q.Type, q.Dir) {
			if q.After != nil && compareCursors(cursorOf(t), *q.After) <= 0 || !q.Where.Match(t) || !v.fits(q.Far, v.nodeByID[t.Other(id)]) {
				continue
			}
			if q.Limit > 0 && len(page.Ties) == q.Limit {
				page.More = true
				break
			}
			page.Ties = append(page.Ties, cloneTie(t))
		}
		if len(page.Ties) > 0 {
			out[id] = page
		}
	}
	return out, nil
}

// CountAdjacent counts nodes' ties.
func (v *modelView) CountAdjacent(ctx context.Context, q graph.AdjacentQuery) (map[graph.ID]int, error) {
	q.After, q.Limit = nil, 0
	pages, err := v.Adjacent(ctx, q)
	out := map[graph.ID]int{}
	for id, page := range pages {
		out[id] = len(page.Ties)
	}
	return out, err
}

// Search finds nodes by name. A name has a word where its folded key contains
// the word's; the shorter name is the one with fewer code points as written.
func (v *modelView) Search(ctx context.Context, q graph.SearchQuery) ([]graph.Hit, error) {
	if err := cmp.Or(v.check(ctx), q.Check()); err != nil {
		return nil, err
	}
	key := fold.Key(q.Text)
	if key == "" {
		return nil, nil
	}
	better := func(a, b graph.Hit) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(utf8.RuneCountInString(a.Name), utf8.RuneCountInString(b.Name)))
	}
	var hits []graph.Hit
	for _, n := range v.nodes {
		if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, n.Kind) {
			continue
		}
		var found []graph.Hit
		for _, name := range n.Names {
			if rank, ok := rankOf(v.keys[name.Text], key); ok {
				found = append(found, graph.Hit{Node: n.ID, Kind: n.Kind, Name: name.Text, Rank: rank})
			}
		}
		if len(found) > 0 {
			hits = append(hits, slices.MinFunc(found, better))
		}
	}
	slices.SortStableFunc(hits, better)
	return hits[:min(len(hits), cmp.Or(q.Limit, 20))], nil
}

func rankOf(name, text string) (rank int, ok bool) {
	for word := range strings.FieldsSeq(text) {
		if !strings.Contains(name, word) {
			return 0, false
		}
	}
	switch {
	case name == text:
		return 0, true
	case strings.HasPrefix(name, text):
		return 1, true
	case strings.Contains(name, " "+text):
		return 2, true
	}
	return 3, true
}

// Counts counts by kind and type.
func (v *modelView) Counts(ctx context.Context) (graph.Counts, error) {
	c := graph.Counts{Nodes: map[graph.Kind]int{}, Ties: map[graph.TieType]int{}}
	for _, n := range v.nodes {
		c.Nodes[n.Kind]++
	}
	for _, t := range v.ties {
		c.Ties[t.Type]++
	}
	return c, v.check(ctx)
}

// Loads lists the loads that visible nodes and ties carry.
func (v *modelView) Loads(ctx context.Context) ([]graph.Load, error) {
	return slices.Clone(v.loads), v.check(ctx)
}
