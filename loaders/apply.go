package loaders

import (
	"context"
	"errors"
	"hash/maphash"
	"maps"
	"slices"

	"entangle/graph"
)

// apply sends items to the store and settles them. Where the store finds a
// problem in some, those are rejected and the others returned, to be judged
// again without them.
func (r *run) apply(ctx context.Context, items []*item, look lookup) (again []*item, err error) {
	if len(items) == 0 {
		return nil, nil
	}
	built := r.build(items, look)
	applied, unsourced, err := r.send(ctx, built.batches(r.opt.BatchSize), look)
	if bad, ok := errors.AsType[*graph.BatchError](err); ok {
		return r.blame(items, bad), nil
	}
	r.report.Unsourced += unsourced
	if err != nil {
		r.report.add(applied)
		return nil, err
	}
	applied.NodesUpdated = max(applied.NodesUpdated-built.grown, 0)
	r.report.add(applied)
	for _, n := range built.nodes {
		r.kinds[n.ID] = n.Kind
		for _, a := range n.Aliases {
			if old, ok := r.aliases[a]; !ok || n.ID < old {
				r.aliases[a] = n.ID
			}
		}
	}
	maps.Copy(r.claims, built.claims)
	for _, it := range items {
		it.rec.Repairs = append(it.rec.Repairs, it.extra...)
		it.file.settle(it.rec)
	}
	return nil, nil
}

// blame rejects the items in which the store found problems; all of them where
// the problems name none.
func (r *run) blame(items []*item, bad *graph.BatchError) (rest []*item) {
	byItem := map[string][]graph.Problem{}
	for _, p := range bad.Problems {
		byItem[p.Item] = append(byItem[p.Item], p)
	}
	for _, it := range items {
		for _, n := range it.rec.Nodes {
			for _, p := range byItem["node "+string(n.ID)] {
				it.rec.Bad(it.rec.at(p), CodeValue, p.Reason)
			}
		}
		for _, t := range it.rec.Ties {
			for _, p := range byItem["tie "+string(t.ID)] {
				it.rec.Bad(it.rec.tiePlace(t, p), CodeValue, p.Reason)
			}
		}
		if len(it.rec.Rejects) == 0 {
			rest = append(rest, it)
		}
	}
	if len(rest) == len(items) {
		for _, it := range items {
			it.rec.Bad(Place{Line: it.rec.Line}, CodeValue, bad.Error())
		}
		rest = nil
	}
	for _, it := range items {
		if len(it.rec.Rejects) > 0 {
			it.file.settle(it.rec)
		}
	}
	return rest
}

// built is what items come to: every node once, every claim once.
type built struct {
	nodes  []graph.Node
	ties   []graph.Tie
	loads  map[graph.ID]graph.Load
	claims map[uint64]claim
	// gone are deleted sources that are cited, and sources that nodes of the store cite.
	gone []graph.ID
	// grown counts nodes of this run that get more in them: part of creating
	// them, not updates.
	grown int
}

func (r *run) build(items []*item, look lookup) built {
	b := built{loads: map[graph.ID]graph.Load{}, claims: map[uint64]claim{}}
	at := map[graph.ID]int{} // index in nodes
	for _, it := range items {
		it.extra = nil
		b.gone = append(b.gone, it.rec.Gone...)
		b.loads[it.file.load.ID] = it.file.load
		for _, n := range it.rec.Nodes {
			n.Load = it.file.load.ID
			i, here := at[n.ID]
			_, sent := r.kinds[n.ID]
			switch {
			case here:
				b.nodes[i] = it.join(b.nodes[i], n)
			case sent: // by an earlier batch of this run
				old := r.current(n.ID, look)
				joined := it.join(old, n)
				if sameNode(old, joined) {
					continue
				}
				b.grown++
				for _, c := range old.Citations { // the store has them, be they deleted or not
					b.gone = append(b.gone, c.Source)
				}
				at[n.ID] = len(b.nodes)
				b.nodes = append(b.nodes, joined)
			default:
				at[n.ID] = len(b.nodes)
				b.nodes = append(b.nodes, n)
			}
		}
		for _, t := range it.rec.Ties {
			tie := t.Tie // normal since it was judged
			key := maphash.String(seed, string(tie.ID))
			_, sent := r.claims[key]
			_, here := b.claims[key]
			if sent || here {
				it.file.note(Note{Text: "a row repeats a claim of an earlier row"})
				continue
			}
			b.claims[key] = claim{hashTie(tie), it.rec.Line}
			tie.Load = it.file.load.ID
			b.ties = append(b.ties, tie)
		}
	}
	r.addStubs(&b, items, at, look)
	return b
}

// addStubs adds the stubs of nodes that nobody has.
func (r *run) addStubs(b *built, items []*item, at map[graph.ID]int, look lookup) {
	for _, it := range items {
		for _, n := range it.rec.Stubs {
			_, here := at[n.ID]
			_, sent := r.kinds[n.ID]
			_, stored := look.nodes[n.ID]
			if here || sent || stored {
				continue
			}
			n.Load = it.file.load.ID
			at[n.ID] = len(b.nodes)
			b.nodes = append(b.nodes, n)
		}
	}
}

// current is a node that an earlier batch of this run applied.
func (r *run) current(id graph.ID, look lookup) graph.Node {
	if n, ok := r.pretend[id]; ok {
		return n
	}
	return look.nodes[id]
}

// join adds what a later row says of a node that an earlier row of the load
// brought. Where they disagree on a property the earlier row stays, so that a
// reload ends where it began.
func (it *item) join(old, n graph.Node) graph.Node {
	props := graph.Props{}
	for _, name := range n.Props.Names() {
		was, ok := old.Props[name]
		if !ok || len(was) == 0 || slices.Equal(was, n.Props[name]) {
			props[name] = n.Props[name]
			continue
		}
		at := it.rec.place(name)
		at.Value = n.Props.Text(name)
		it.extra = append(it.extra, Repair{Place: at, Became: old.Props.Text(name), Rule: "earlier-row-stays"})
	}
	n.Props = props
	return graph.MergeNode(old, n)
}

func sameNode(a, b graph.Node) bool {
	full := func(p graph.Props) graph.Props {
		p = maps.Clone(p)
		maps.DeleteFunc(p, func(_ string, v []string) bool { return len(v) == 0 })
		return p
	}
	return a.Kind == b.Kind && a.Marking == b.Marking && slices.Equal(a.Names, b.Names) && slices.Equal(a.Types, b.Types) &&
		slices.Equal(a.Aliases, b.Aliases) && slices.Equal(a.Citations, b.Citations) &&
		maps.EqualFunc(full(a.Props), full(b.Props), slices.Equal[[]string])
}

// batches cuts what was built into batches: one where it fits, otherwise nodes
// before ties, and sources before what cites them.
func (b built) batches(size int) []graph.Batch {
	nodes, ties := map[graph.ID][]graph.Node{}, map[graph.ID][]graph.Tie{}
	for _, n := range b.nodes {
		nodes[n.Load] = append(nodes[n.Load], n)
	}
	for _, t := range b.ties {
		ties[t.Load] = append(ties[t.Load], t)
	}
	loads := slices.Sorted(maps.Keys(b.loads))
	if len(loads) == 1 && len(b.nodes)+len(b.ties) <= 2*size {
		return []graph.Batch{{Load: b.loads[loads[0]], Nodes: b.nodes, Ties: b.ties, Gone: b.gone}}
	}
	var out []graph.Batch
	for _, sources := range []bool{true, false} {
		for _, load := range loads {
			chunk := size
			some := slices.DeleteFunc(slices.Clone(nodes[load]), func(n graph.Node) bool { return (n.Kind == graph.Source) != sources })
			if sources && slices.ContainsFunc(some, func(n graph.Node) bool { return len(n.Citations) > 0 }) {
				chunk = max(len(some), 1) // sources that may cite one another
			}
			for part := range slices.Chunk(some, chunk) {
				out = append(out, graph.Batch{Load: b.loads[load], Nodes: part, Gone: b.gone})
			}
		}
	}
	for _, load := range loads {
		for chunk := range slices.Chunk(ties[load], size) {
			out = append(out, graph.Batch{Load: b.loads[load], Ties: chunk, Gone: b.gone})
		}
	}
	return out
}

func (r *run) send(ctx context.Context, batches []graph.Batch, look lookup) (sum graph.Applied, unsourced int, err error) {
	for _, b := range batches {
		if len(b.Nodes)+len(b.Ties) == 0 {
			continue
		}
		apply := r.store.Apply
		if r.opt.DryRun {
			apply = func(ctx context.Context, b graph.Batch) (graph.Applied, error) { return r.dry(ctx, b, look) }
		}
		a, err := apply(ctx, b)
		if err != nil {
			return sum, unsourced, err
		}
		sum.Version = a.Version
		sum.NodesCreated += a.NodesCreated
		sum.NodesUpdated += a.NodesUpdated
		sum.NodesSame += a.NodesSame
		sum.TiesCreated += a.TiesCreated
		sum.TiesUpdated += a.TiesUpdated
		sum.TiesSame += a.TiesSame
		for _, t := range b.Ties {
			if len(t.Citations) == 0 {
				unsourced++
			}
		}
	}
	return sum, unsourced, nil
}

// dry tells what applying a batch would change.
func (r *run) dry(ctx context.Context, b graph.Batch, look lookup) (a graph.Applied, err error) {
	for _, n := range b.Nodes {
		old, ok := r.pretend[n.ID]
		if !ok {
			old, ok = look.nodes[n.ID]
		}
		next := n
		if ok {
			next = graph.MergeNode(old, n)
		}
		switch {
		case !ok:
			a.NodesCreated++
		case sameNode(old, next):
			a.NodesSame++
		default:
			a.NodesUpdated++
		}
		r.pretend[n.ID] = next
	}
	ids := make([]graph.ID, len(b.Ties))
	for i, t := range b.Ties {
		ids[i] = t.ID
	}
	view, err := r.store.View(ctx, graph.Red)
	if err != nil {
		return a, err
	}
	defer view.Close()
	stored, err := view.TiesByID(ctx, ids)
	if err != nil {
		return a, err
	}
	for _, t := range b.Ties {
		switch old, ok := stored[t.ID]; {
		case !ok:
			a.TiesCreated++
		case hashTie(old.Normal()) == hashTie(t):
			a.TiesSame++
		default:
			a.TiesUpdated++
		}
	}
	return a, nil
}
