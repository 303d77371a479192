// In which order to strike: a dynamic program over how long ago each target was struck.
//
// Invariant: what a state breaks hangs on how long ago each stage was, not on the order in which it
// came about; losses of several stages are the union of the losses of each.
// Source: Held, Karp 1962, J. SIAM 10:196; Bellman 1962, J. ACM 9:61.
// Cost: 2ᵏ states for k stages that recover at once, more by the ages that differ; a purge a state,
// within the budget.

package queries

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"entangle/queries/worlds"
)

// stageWorlds simulates stages in one set of worlds.
type stageWorlds struct {
	*staging
	draw worlds.Draw
	// prints has by stage and block of worlds what its purge alone takes. The losses of
	// several stages are the union of these, world by world: whoever is lost because of a
	// person or group is lost whoever else is struck.
	prints []map[int64][]mark
	meets  []uint64 // by stage: those that take something in common with it in some world
	damage map[ages]float64
	runs   int
}

// mark is what happened to a person or group in a block of worlds.
type mark struct {
	node          int32
	lost, rallied uint64
}

// trace purges each target alone and notes what it takes.
func (w *stageWorlds) trace(ctx context.Context) error {
	p := &worlds.Purges{Widest: []*worlds.Model{w.m}}
	for _, target := range w.targets {
		p.Cases = append(p.Cases, w.m.Aimed(worlds.Node(target)))
	}
	hire := func() []map[int64][]mark {
		out := make([]map[int64][]mark, len(w.targets))
		for i := range out {
			out[i] = map[int64][]mark{}
		}
		return out
	}
	prints, c, err := worlds.Together(ctx, p, &w.draw, hire, func(prints []map[int64][]mark, s *worlds.Seen) {
		var list []mark
		s.Losses(func(node int32, lost, rallied uint64) { list = append(list, mark{node, lost, rallied}) })
		prints[s.Case][s.Number] = list
	}, func(into, from []map[int64][]mark) {
		for stage, blocks := range from {
			maps.Copy(into[stage], blocks)
		}
	})
	if err != nil {
		return err
	}
	w.open = w.open || !c.Converged
	w.prints = prints
	w.damage = map[ages]float64{}
	w.meet()
	return nil
}

// meet finds which stages have losses in common.
func (w *stageWorlds) meet() {
	w.meets = make([]uint64, len(w.targets))
	at := make([]uint64, w.m.Snapshot.Len())
	for i, blocks := range w.prints {
		w.meets[i] |= 1 << i
		for n, list := range blocks {
			for _, k := range list {
				at[k.node] = k.lost | k.rallied
			}
			for j := range w.prints {
				if w.meets[i]>>j&1 == 0 && slices.ContainsFunc(w.prints[j][n], func(k mark) bool {
					return at[k.node]&(k.lost|k.rallied) != 0
				}) {
					w.meets[i] |= 1 << j
				}
			}
			for _, k := range list {
				at[k.node] = 0
			}
		}
	}
}

// matter leaves out of a state the stages that make no difference: their losses are
// restored everywhere, and they have none in common with a stage whose losses are still
// missed.
func (w *stageWorlds) matter(a ages) ages {
	counts := uint64(0)
	for i := range len(a) {
		if w.struck(a[i]) {
			counts |= w.meets[i]
		}
	}
	b := []byte(a)
	for i := range b {
		if counts>>i&1 == 0 && !w.struck(b[i]) {
			b[i] = 0
		}
	}
	return ages(b)
}

// model strikes the stages whose losses are still missed somewhere in a state; those whose
// losses are restored come before the strike.
func (w *stageWorlds) model(a ages) *worlds.Model {
	var targets []int32
	for i, target := range w.targets {
		if w.struck(a[i]) {
			targets = append(targets, target)
		}
	}
	slices.Sort(targets)
	return w.m.Aimed(aimed(targets)...).After(w.class, len(w.recovery), func(block int64, add func(class int, node int32, lost, rallied uint64)) {
		for i := range w.targets {
			for class := range w.recovery {
				if !w.healed(a[i], class) {
					continue
				}
				for _, k := range w.prints[i][block] {
					add(class, k.node, k.lost, k.rallied)
				}
			}
		}
	})
}

// tolls simulates states.
func (w *stageWorlds) tolls(ctx context.Context, states []ages) ([]*toll, *worlds.Course, error) {
	p := &worlds.Purges{Widest: []*worlds.Model{w.m}}
	for _, a := range states {
		p.Cases = append(p.Cases, w.model(w.matter(a)))
	}
	w.runs += len(states)
	list, c, err := tolls(ctx, p, &w.draw, &w.counts)
	if err == nil {
		w.open = w.open || !c.Converged
	}
	return list, c, err
}

// weigh simulates the states that were not simulated yet.
func (w *stageWorlds) weigh(ctx context.Context, states []ages) error {
	for chunk := range slices.Chunk(w.missing(states), 256) {
		list, _, err := w.tolls(ctx, chunk)
		if err != nil {
			return err
		}
		for i, t := range list {
			w.damage[chunk[i]] = t.mean()
		}
	}
	return nil
}

// missing lists the states that were not simulated yet, without what makes no
// difference.
func (w *stageWorlds) missing(states []ages) []ages {
	var out []ages
	met := map[ages]bool{}
	for _, a := range states {
		a = w.matter(a)
		if _, ok := w.damage[a]; !ok && !met[a] {
			met[a] = true
			out = append(out, a)
		}
	}
	return out
}

func (w *stageWorlds) of(a ages) float64 { return w.damage[w.matter(a)] }

// sequence is an order of stages.
type sequence struct {
	order     []int
	peak, sum float64
	bound     float64
	exact     bool
}

// reached is the best known order of stages that leads to a state.
type reached struct {
	at        ages
	peak, sum float64
	order     []int
}

// order searches for the order with the lowest peak, and of several the one with the
// smallest sum. It extends all partial orders by one stage at a time. A partial order that
// is worse than a known complete order is dropped (branch and bound). When the budget runs
// out only a few partial orders are extended.
func (w *stageWorlds) order(ctx context.Context, budget int) (*sequence, error) {
	known, err := w.greedy(ctx)
	if err != nil {
		return nil, err
	}
	bound, err := w.bound(ctx)
	if err != nil {
		return nil, err
	}
	level, exact := []reached{{at: w.none()}}, true
	for range w.targets {
		states := w.after(level)
		if w.runs+len(w.missing(states)) > budget && len(level) > narrow {
			level, exact = level[:narrow], false
			states = w.after(level)
		}
		if err := w.weigh(ctx, states); err != nil {
			return nil, err
		}
		level = w.advance(level, known.peak)
	}
	if len(level) > 0 { // else no way that was kept is as good as the one known
		best := level[0]
		if cmp.Or(cmp.Compare(best.peak, known.peak), cmp.Compare(best.sum, known.sum)) < 0 {
			known = &sequence{order: best.order, peak: best.peak, sum: best.sum}
		}
	}
	known.bound, known.exact = bound, exact || known.peak <= bound
	return known, nil
}

// after lists the states that one more stage leads to.
func (w *stageWorlds) after(level []reached) []ages {
	var out []ages
	for _, r := range level {
		for stage := range w.targets {
			if r.at[stage] == 0 {
				out = append(out, r.at.with(stage, 1))
			}
		}
	}
	return out
}

// advance extends each partial order by one stage, the best first.
func (w *stageWorlds) advance(level []reached, worst float64) []reached {
	best := map[ages]reached{}
	for _, r := range level {
		for stage := range w.targets {
			if r.at[stage] != 0 {
				continue
			}
			struck := r.at.with(stage, 1)
			d := w.of(struck)
			n := reached{at: w.next(struck), peak: max(r.peak, d), sum: r.sum + d}
			if n.peak > worst {
				continue
			}
			if old, ok := best[n.at]; ok && cmp.Or(cmp.Compare(old.peak, n.peak), cmp.Compare(old.sum, n.sum)) <= 0 {
				continue
			}
			n.order = append(slices.Clone(r.order), stage)
			best[n.at] = n
		}
	}
	out := make([]reached, 0, len(best))
	for _, r := range best {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b reached) int {
		return cmp.Or(cmp.Compare(a.peak, b.peak), cmp.Compare(a.sum, b.sum), slices.Compare(a.order, b.order))
	})
	return out
}

// greedy always takes next the stage that breaks the least.
func (w *stageWorlds) greedy(ctx context.Context) (*sequence, error) {
	out, at := &sequence{}, w.none()
	for range w.targets {
		here := []reached{{at: at}}
		if err := w.weigh(ctx, w.after(here)); err != nil {
			return nil, err
		}
		best := -1
		for stage := range w.targets {
			if at[stage] == 0 && (best < 0 || w.of(at.with(stage, 1)) < w.of(at.with(best, 1))) {
				best = stage
			}
		}
		d := w.of(at.with(best, 1))
		out.order, out.peak, out.sum = append(out.order, best), max(out.peak, d), out.sum+d
		at = w.next(at.with(best, 1))
	}
	return out, nil
}

// bound is a lower bound on the peak of every order. Each stage has to come at some time,
// and it breaks the least when the losses of all others are restored. Where nothing ever
// recovers the losses of all stages end up together.
func (w *stageWorlds) bound(ctx context.Context) (float64, error) {
	var states []ages
	for i := range w.targets {
		a := w.none()
		for j := range w.targets {
			a = a.with(j, w.old)
		}
		states = append(states, a.with(i, 1))
	}
	if err := w.weigh(ctx, states); err != nil {
		return 0, err
	}
	low := 0.0
	for _, a := range states {
		low = max(low, w.of(a))
	}
	return low, nil
}
