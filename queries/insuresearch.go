// Which measures keep the damage of a purge within a limit: every small set, then greedy growth
// with exchanges.
//
// Invariant: a measure guards against something that the purge does in some world of the search;
// sets of up to three measures are all tried, so that among the listed ones none is missed.
// Source: greedy growth: Nemhauser, Wolsey, Fisher 1978, Math. Program. 14:265 (whose bound needs
// submodularity, which does not hold here); conditional value at risk: Rockafellar, Uryasev 2000.
// Cost: one purge a measure, C(20, 3) for the sets of three, 20 · size for each step beyond.

package queries

import (
	"cmp"
	"context"
	"slices"

	"entangle/graph"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// happened counts, by node, in how many worlds something happened that a measure guards
// against.
type happened struct {
	total float64
	at    map[int32]float64
}

func newHappened() *happened { return &happened{at: map[int32]float64{}} }

func (h *happened) visit(s *worlds.Seen) {
	h.total += s.Weigh(everyWorld)
	s.Preventable(func(node int32, mask uint64) { h.at[node] += s.Weigh(mask) })
}

func (h *happened) merge(o *happened) {
	h.total += o.total
	for node, n := range o.at {
		h.at[node] += n
	}
}

// find lists the measures against what the purge takes in some world, those that help most
// alone first.
func (n *insuring) find(ctx context.Context) error {
	h, c, err := worlds.Together(ctx, worlds.NewPurges(n.m), &n.search, newHappened, (*happened).visit, (*happened).merge)
	if err != nil {
		return err
	}
	n.seen.Also(c.Settled)
	n.offer(h)
	n.coalitions(h)
	slices.SortFunc(n.options, func(a, b option) int {
		return cmp.Or(-cmp.Compare(a.worlds, b.worlds), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.node, b.node))
	})
	n.found = len(n.options)
	n.options = n.options[:min(len(n.options), maxAlone)]
	for i := range n.options {
		o := &n.options[i]
		o.Happens = estimate.Probability(c.Exact(), o.worlds, h.total)
	}
	return n.rank(ctx)
}

// against is the kind of measure that guards a node of a kind.
var against = map[graph.Kind]MeasureKind{
	graph.Post: Successor, graph.Group: Ally, graph.RevenueStream: Stream, graph.Institution: Provider,
}

// offer lists the measures that guard one node each.
func (n *insuring) offer(h *happened) {
	s := n.m.Snapshot
	for node, count := range h.at {
		kind := against[s.Kind(node)]
		if !n.offered(kind) {
			continue
		}
		o := option{Option: Option{Kind: kind, Node: s.Ref(node)}, node: node, guards: []int32{node}, worlds: count}
		if kind == Successor {
			if in := s.Out(graph.PostIn, node); len(in) > 0 {
				o.Institution = s.Ref(s.Tie(in[0]).To)
			}
		}
		n.options = append(n.options, o)
	}
}

// coalitions lists a measure for each group that has others below it (parts or wings by any
// claim) of which some rally.
func (n *insuring) coalitions(h *happened) {
	if !n.offered(Coalition) {
		return
	}
	lo, hi := n.m.Snapshot.Range(graph.Group)
	for group := lo; group < hi; group++ {
		below := n.below(group)
		worlds := h.at[group]
		for _, g := range below {
			worlds = max(worlds, h.at[g])
		}
		if len(below) > 0 && worlds > 0 {
			n.options = append(n.options, option{
				Option: Option{Kind: Coalition, Node: n.m.Snapshot.Ref(group)}, node: group, guards: append(below, group), worlds: worlds,
			})
		}
	}
}

// below lists the groups that are part or a wing of a group, their parts and wings, and so
// on.
func (n *insuring) below(group int32) []int32 {
	var out []int32
	met := map[int32]bool{group: true}
	for queue := []int32{group}; len(queue) > 0; queue = queue[1:] {
		for _, typ := range []graph.TieType{graph.PartOf, graph.WingOf} {
			for _, t := range n.m.Snapshot.In(typ, queue[0]) {
				if part := n.m.Snapshot.Tie(t).From; !met[part] {
					met[part] = true
					out, queue = append(out, part), append(queue, part)
				}
			}
		}
	}
	return out
}

// rank tries each measure alone and keeps those that help most. A measure that does nothing
// alone may still help together with others, so the search is heuristic if the list was
// cut.
func (n *insuring) rank(ctx context.Context) error {
	sets := [][]int32{nil}
	for i := range n.options {
		sets = append(sets, []int32{int32(i)})
	}
	list, err := n.visit(ctx, sets)
	if err != nil {
		return err
	}
	n.base = list[0]
	for i := range n.options {
		n.options[i].alone = list[i+1]
	}
	slices.SortStableFunc(n.options, func(a, b option) int {
		return cmp.Or(cmp.Compare(a.alone.tail, b.alone.tail), cmp.Compare(a.alone.mean, b.alone.mean))
	})
	n.cut = n.found > maxOptions
	n.options = n.options[:min(len(n.options), maxOptions)]
	for i := range n.options {
		o, exact := &n.options[i], n.search.Method == worlds.Exact
		o.Tail, o.Expected = o.alone.toll.tail(n.in.Level, exact, &n.counts), o.alone.toll.expected(exact, &n.counts)
	}
	n.tried = map[string]*insured{"": n.base} // the numbers have changed
	return nil
}

// visit simulates the sets of measures that were not simulated yet.
func (n *insuring) visit(ctx context.Context, sets [][]int32) ([]*insured, error) {
	out := make([]*insured, len(sets))
	var todo []*insured
	for i, set := range sets {
		key := keyOf(set)
		if n.tried[key] == nil {
			n.tried[key] = &insured{set: set}
			todo = append(todo, n.tried[key])
		}
		out[i] = n.tried[key]
	}
	for chunk := range slices.Chunk(todo, 128) {
		batch := make([][]int32, len(chunk))
		for i, s := range chunk {
			batch[i] = s.set
		}
		list, _, err := n.tolls(ctx, &n.search, batch)
		if err != nil {
			return nil, err
		}
		for i, t := range list {
			chunk[i].tail, chunk[i].mean = estimate.Round(estimate.Tail(t.levels(), n.in.Level)), t.mean()
			if len(chunk[i].set) == 1 {
				chunk[i].toll = t
			}
		}
	}
	return out, nil
}

func keyOf(set []int32) string {
	b := make([]byte, 0, 2*len(set))
	for _, i := range set {
		b = append(b, byte(i>>8), byte(i))
	}
	return string(b)
}

// safer orders sets by tail, then mean, then measures.
func safer(a, b *insured) int {
	return cmp.Or(cmp.Compare(a.tail, b.tail), cmp.Compare(a.mean, b.mean), slices.Compare(a.set, b.set))
}

// choose returns the smallest set that keeps the limit, and whether it is certain that no
// set is smaller or, at its size, better.
func (n *insuring) choose(ctx context.Context) (best *insured, exact bool, err error) {
	best = n.base
	for size := 1; size <= min(n.in.Size, exhaustiveSize) && best.tail > n.in.Limit; size++ {
		list, err := n.visit(ctx, combinations(len(n.options), size))
		if err != nil {
			return nil, false, err
		}
		for _, s := range list {
			if safer(s, best) < 0 && (s.tail < best.tail || s.mean < best.mean) {
				best = s
			}
		}
	}
	if best.tail <= n.in.Limit || n.in.Size <= exhaustiveSize || len(n.options) <= exhaustiveSize {
		// Where allies may side with the state, a measure may cause a loss against which no
		// listed measure guards.
		return best, !n.cut && (len(best.set) == 0 || n.in.Params.Monotone()), nil
	}
	best, err = n.grow(ctx, best)
	return best, false, err
}

// combinations lists the sets of a size out of n things.
func combinations(n, size int) [][]int32 {
	var out [][]int32
	set := make([]int32, size)
	var fill func(at, from int)
	fill = func(at, from int) {
		if at == size {
			out = append(out, slices.Clone(set))
			return
		}
		for i := from; i < n; i++ {
			set[at] = int32(i)
			fill(at+1, i+1)
		}
	}
	fill(0, 0)
	return out
}

// grow adds the measure that helps most and exchanges measures as long as that
// helps.
func (n *insuring) grow(ctx context.Context, best *insured) (*insured, error) {
	for len(best.set) < n.in.Size && best.tail > n.in.Limit {
		var sets [][]int32
		for i := range n.options {
			if !slices.Contains(best.set, int32(i)) {
				sets = append(sets, withMeasure(best.set, int32(i)))
			}
		}
		next, err := n.safest(ctx, sets)
		if err != nil {
			return nil, err
		}
		if next == nil || next.tail >= best.tail && next.mean >= best.mean {
			return best, nil
		}
		if best, err = n.exchange(ctx, next); err != nil {
			return nil, err
		}
	}
	return best, nil
}

func (n *insuring) exchange(ctx context.Context, best *insured) (*insured, error) {
	for {
		var sets [][]int32
		for at := range best.set {
			without := slices.Delete(slices.Clone(best.set), at, at+1)
			for i := range n.options {
				if !slices.Contains(best.set, int32(i)) {
					sets = append(sets, withMeasure(without, int32(i)))
				}
			}
		}
		next, err := n.safest(ctx, sets)
		if err != nil || next == nil || safer(next, best) >= 0 {
			return best, err
		}
		best = next
	}
}

func withMeasure(set []int32, i int32) []int32 {
	out := append(slices.Clone(set), i)
	slices.Sort(out)
	return out
}

// safest simulates sets and returns the best of them, nil for none.
func (n *insuring) safest(ctx context.Context, sets [][]int32) (*insured, error) {
	list, err := n.visit(ctx, sets)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return slices.MinFunc(list, safer), nil
}

// inOrder sorts measures so that each is the one that helps most after those
// before it.
func (n *insuring) inOrder(ctx context.Context, set []int32) ([]int32, error) {
	var order []int32
	left := slices.Clone(set)
	for len(left) > 0 {
		var sets [][]int32
		for _, i := range left {
			sets = append(sets, withMeasure(order, i))
		}
		list, err := n.visit(ctx, sets)
		if err != nil {
			return nil, err
		}
		first := 0
		for i := range list {
			if safer(list[i], list[first]) < 0 {
				first = i
			}
		}
		order = append(order, left[first])
		left = slices.Delete(left, first, first+1)
	}
	return order, nil
}
