// The likeliest simple paths between two nodes.
//
// Invariant: no two paths that are found are the same; the next is the likeliest that leaves a found
// one at some node.
// Source: Yen 1971, Management Science 17:712, over shortest paths with a bound on their hops.
// Cost: O(paths × hops) searches of O(hops × ties) each.

package queries

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// PathsInput asks how two nodes are connected.
type PathsInput struct {
	From, To graph.ID
	// Types of tie to follow, every type where empty. Ties are followed both ways.
	Types []graph.TieType
	// MaxHops bounds the length of a path, DefaultHops where 0.
	MaxHops int
	// Limit is the number of paths, DefaultPaths where 0.
	Limit int
	// Draw is for the probability of a connection: DefaultSamples worlds where it does
	// not say.
	worlds.Draw
}

// Path is a simple path from one node to another: it visits no node twice.
type Path struct {
	Steps []Step
	// Confidence is the product over the ties: the probability that all of them
	// hold. Of parallel ties the surest is taken.
	Confidence float64
}

// PathsReport says how two nodes are connected.
type PathsReport struct {
	From, To Ref
	// Paths, the likeliest first, then the shorter, then by the ids of the ties.
	Paths []Path
	// Connected is the probability that some path, of any length, exists: the two-terminal
	// reliability of the ties followed.
	Connected estimate.Estimate
	// Types, MaxHops and Limit are those of the question.
	Types          []graph.TieType
	MaxHops, Limit int
	// Basis of Connected.
	Basis DrawBasis
}

func (in *PathsInput) check(s *projection.Snapshot) (from, to int32, err error) {
	in.MaxHops = cmp.Or(in.MaxHops, DefaultHops)
	in.Limit = cmp.Or(in.Limit, DefaultPaths)
	if err := in.Check(DefaultSamples); err != nil {
		return 0, 0, err
	}
	switch {
	case in.MaxHops < 1 || in.MaxHops > MaxHops:
		return 0, 0, fmt.Errorf("%w: maxHops %d is outside 1 to %d", worlds.ErrInput, in.MaxHops, MaxHops)
	case in.Limit < 1 || in.Limit > MaxPaths:
		return 0, 0, fmt.Errorf("%w: %d paths (1 to %d)", worlds.ErrInput, in.Limit, MaxPaths)
	case in.From == in.To:
		return 0, 0, fmt.Errorf("%w: a path leads from one node to another, both are %q", worlds.ErrInput, in.From)
	}
	var ok [2]bool
	from, ok[0] = s.Index(in.From)
	to, ok[1] = s.Index(in.To)
	switch {
	case !ok[0]:
		return 0, 0, fmt.Errorf("%w: %q", worlds.ErrUnknown, in.From)
	case !ok[1]:
		return 0, 0, fmt.Errorf("%w: %q", worlds.ErrUnknown, in.To)
	}
	if len(in.Types) == 0 {
		for _, row := range graph.TieTypes() {
			in.Types = append(in.Types, row.Type)
		}
	}
	slices.Sort(in.Types)
	in.Types = slices.Compact(in.Types)
	return from, to, nil
}

// PathsBetween returns the likeliest paths (Yen 1971, Management Science
// 17:712, over shortest paths in −ln confidence with at most MaxHops ties) and
// the probability of a connection. It fails with ErrInput or ErrUnknown, and
// with ctx.Err() when the context ends.
func PathsBetween(ctx context.Context, s *projection.Snapshot, in PathsInput) (*PathsReport, error) {
	from, to, err := in.check(s)
	if err != nil {
		return nil, err
	}
	r := &PathsReport{From: s.Ref(from), To: s.Ref(to), Types: in.Types, MaxHops: in.MaxHops, Limit: in.Limit}
	f := newFinder(ctx, s, &in, from, to)
	if r.Paths, err = f.likeliest(ctx, in.Limit); err != nil {
		return nil, err
	}
	var how worlds.Drawn
	if r.Connected, how, err = worlds.Connect(ctx, s, in.Types, &in.Draw, from, to); err != nil {
		return nil, err
	}
	r.Basis = drawBasis(s, how)
	r.missing(s, &in)
	return r, nil
}

// finder searches the part of the graph that lies on some way of at most
// maxHops ties.
type finder struct {
	s        *projection.Snapshot
	from, to int32
	hops     int
	arcs     map[int32][]arc
	// ended tells, asked at each node, whether the context has: what is found is then of
	// no use.
	ended func() bool
}

// arc is the surest tie to a neighbour.
type arc struct {
	to, tie int32
	cost    float64
}

// hopCost makes the shorter of two equally sure paths the cheaper.
const hopCost = 1e-9

func newFinder(ctx context.Context, s *projection.Snapshot, in *PathsInput, from, to int32) *finder {
	f := &finder{s: s, from: from, to: to, hops: in.MaxHops, arcs: map[int32][]arc{}, ended: func() bool { return ctx.Err() != nil }}
	ahead := f.distances(in.Types, from)
	behind := f.distances(in.Types, to)
	on := func(node int32) bool {
		a, okA := ahead[node]
		b, okB := behind[node]
		return okA && okB && a+b <= in.MaxHops
	}
	for node := range ahead {
		if f.ended() {
			break
		}
		if !on(node) {
			continue
		}
		best := map[int32]arc{}
		s.Neighbours(in.Types, node, func(t, other int32) {
			p := s.Chance(t)
			if p == 0 || !on(other) {
				return
			}
			a := arc{to: other, tie: t, cost: hopCost - math.Log(p)}
			if old, ok := best[other]; !ok || a.cost < old.cost || a.cost == old.cost && a.tie < old.tie {
				best[other] = a
			}
		})
		list := make([]arc, 0, len(best))
		for _, a := range best {
			list = append(list, a)
		}
		slices.SortFunc(list, func(a, b arc) int { return cmp.Compare(a.to, b.to) })
		f.arcs[node] = list
	}
	return f
}

// distances returns the nodes within the hops of a node.
func (f *finder) distances(types []graph.TieType, from int32) map[int32]int {
	at := map[int32]int{from: 0}
	queue := []int32{from}
	for len(queue) > 0 && !f.ended() {
		node := queue[0]
		queue = queue[1:]
		if at[node] == f.hops {
			continue
		}
		f.s.Neighbours(types, node, func(_, other int32) {
			if _, seen := at[other]; !seen {
				at[other] = at[node] + 1
				queue = append(queue, other)
			}
		})
	}
	return at
}

// walk is a path as nodes and arcs.
type walk struct {
	arcs []arc
	cost float64
}

func (w walk) less(o walk) int {
	return cmp.Or(cmp.Compare(w.cost, o.cost), slices.CompareFunc(w.arcs, o.arcs, func(a, b arc) int { return cmp.Compare(a.tie, b.tie) }))
}

// maxContradictory bounds how many ways that no world has are passed over.
const maxContradictory = 1000

func (f *finder) likeliest(ctx context.Context, limit int) ([]Path, error) {
	var paths []Path
	var found, candidates []walk
	if first, ok := f.shortest(f.from, f.hops, nil, nil); ok {
		candidates = append(candidates, first)
	}
	for len(paths) < limit && len(candidates) > 0 && len(found) < limit+maxContradictory {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		slices.SortFunc(candidates, walk.less)
		best := candidates[0]
		candidates = candidates[1:]
		found = append(found, best)
		if !f.contradicts(best) {
			paths = append(paths, f.path(best))
		}
		for _, c := range f.spurs(best, found) {
			same := func(w walk) bool { return w.less(c) == 0 }
			if !slices.ContainsFunc(candidates, same) && !slices.ContainsFunc(found, same) {
				candidates = append(candidates, c)
			}
		}
	}
	return paths, ctx.Err()
}

// contradicts reports whether two ties of a walk are alternatives, so that no world
// has it.
func (f *finder) contradicts(w walk) bool {
	seen := map[int32]bool{}
	for _, a := range w.arcs {
		if set := f.s.Tie(a.tie).Conflict; set != 0 {
			if seen[set] {
				return true
			}
			seen[set] = true
		}
	}
	return false
}

func (f *finder) path(w walk) Path {
	p := Path{Confidence: 1}
	ties := make([]int32, len(w.arcs))
	for i, a := range w.arcs {
		ties[i] = a.tie
		p.Confidence *= f.s.Chance(a.tie)
	}
	p.Steps, p.Confidence = worlds.Steps(f.s, f.from, ties...), estimate.Round(p.Confidence)
	return p
}

// spurs leaves a found path at each of its nodes by another arc.
func (f *finder) spurs(w walk, found []walk) []walk {
	var out []walk
	at, visited, cost := f.from, map[int32]bool{}, 0.0
	for i, a := range w.arcs {
		barred := map[int32]bool{}
		for _, other := range found {
			if len(other.arcs) > i && slices.EqualFunc(other.arcs[:i], w.arcs[:i], func(x, y arc) bool { return x.tie == y.tie }) {
				barred[other.arcs[i].to] = true
			}
		}
		if spur, ok := f.shortest(at, f.hops-i, visited, barred); ok {
			out = append(out, walk{arcs: append(slices.Clone(w.arcs[:i]), spur.arcs...), cost: cost + spur.cost})
		}
		visited[at] = true
		at = a.to
		cost += a.cost
	}
	return out
}

// shortest finds the cheapest walk to the target in at most hops arcs that
// avoids visited nodes and does not begin with a step to a barred one: one
// round of relaxation for every hop, O(hops × arcs).
func (f *finder) shortest(from int32, hops int, visited, barred map[int32]bool) (walk, bool) {
	type label struct {
		cost float64
		by   arc
		from int32
	}
	rounds := []map[int32]label{{from: {}}}
	best := 0
	for h := 1; h <= hops; h++ {
		next := map[int32]label{}
		for node, at := range rounds[h-1] {
			if f.ended() {
				return walk{}, false
			}
			if node == f.to {
				continue
			}
			for _, a := range f.arcs[node] {
				if visited[a.to] || a.to == from || h == 1 && barred[a.to] {
					continue
				}
				c := at.cost + a.cost
				old, ok := next[a.to]
				if !ok || c < old.cost || c == old.cost && node < old.from {
					next[a.to] = label{cost: c, by: a, from: node}
				}
			}
		}
		rounds = append(rounds, next)
		if l, ok := next[f.to]; ok && (best == 0 || l.cost < rounds[best][f.to].cost) {
			best = h
		}
	}
	if best == 0 {
		return walk{}, false
	}
	w := walk{cost: rounds[best][f.to].cost, arcs: make([]arc, best)}
	for at, h := f.to, best; h > 0; h-- {
		l := rounds[h][at]
		w.arcs[h-1], at = l.by, l.from
	}
	return w, true
}
