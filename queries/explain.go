package queries

import (
	"cmp"
	"context"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// Why an institution falls short in one world. The world is simulated again with a trace
// of what first caused each loss, up to the wave in which the institution fractured: what
// came later is no cause of it. O(what the world touches) for each world and wave.

// replay is an institution to explain, in a world, up to a wave; where it did not
// fracture there, its strain is.
type replay struct {
	body      int32
	world     int64
	wave      int
	fractured bool
}

// shortfall is a support that keeps less than it needs, or than the whole, in parts per
// million, with what took it: the heaviest first, at most maxCauses, and how many more.
type shortfall struct {
	support        Support
	retained, need int64
	causes         []contribution
	more           int
}

// contribution is a loss, the share of a support that it takes, and the way by which it
// came about, from a target to the institution.
type contribution struct {
	share float64
	lost  int32
	path  []hop
}

// hop is a tie of a way, followed from one of its ends.
type hop struct{ tie, from int32 }

const maxCauses = 5

// replay explains institutions, by their places in a list. Those that share a world and a
// wave share its run.
func (m *model) replay(ctx context.Context, p *plan, list []replay, f func(i int, short []shortfall)) error {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(list[a].world, list[b].world), cmp.Compare(list[a].wave, list[b].wave))
	})
	b := newBlock(m)
	b.done = ctx.Done()
	var last *replay
	for _, i := range order {
		j := &list[i]
		if last == nil || j.world != last.world || j.wave != last.wave {
			b.trace = &trace{world: 1 << (j.world % worlds), first: map[int32]traced{}}
			b.last = j.wave
			b.run(p.coins(uint64(j.world / worlds)))
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		last = j
		w := witness{b: b, world: int(j.world % worlds)}
		f(i, w.explain(j.body, j.wave, j.fractured))
	}
	return nil
}

// witness reads one world of a block that was run with a trace.
type witness struct {
	b     *block
	world int
}

func (w *witness) explain(body int32, wave int, fractured bool) (out []shortfall) {
	for _, sup := range Supports() {
		if f, ok := w.support(body, sup, fractured, wave); ok {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b shortfall) int { return cmp.Compare(a.retained-a.need, b.retained-b.need) })
	return out
}

// support tells why a support is short of what it needs, or of the whole where
// the institution did not fracture, by what happened up to a wave.
func (w *witness) support(body int32, sup Support, fractured bool, wave int) (shortfall, bool) {
	sc := &w.b.scored.of[body-w.b.m.firstBody]
	need := w.b.m.needs[sc.body][sup].need
	st := &sc.support[sup]
	kept := sc.retained(sup, w.world)
	if st.known>>w.world&1 == 0 || kept >= million || fractured && kept >= need {
		return shortfall{}, false
	}
	f := shortfall{support: sup, retained: kept, need: need}
	causes := reasons{witness: w, wave: wave}.of(body, sup, float64(sc.part(sup, w.world))/million)
	slices.SortStableFunc(causes, func(a, b contribution) int {
		return cmp.Or(-cmp.Compare(a.share, b.share), cmp.Compare(w.b.s.ID(a.lost), w.b.s.ID(b.lost)))
	})
	if len(causes) > maxCauses {
		f.more = len(causes) - maxCauses
		causes = causes[:maxCauses]
	}
	f.causes = causes
	return f, true
}

func (w *witness) is(mask uint64) bool { return mask>>w.world&1 == 1 }

// bodyPath leads to a person or group as path does, and to a broken
// institution through the heaviest cause of its own breaking, which came in an
// earlier wave.
func (w *witness) bodyPath(node int32, ties ...int32) []hop {
	if w.b.s.Kind(node) != graph.Institution {
		return w.path(node, ties...)
	}
	var before []hop
	heaviest := -1.0
	for _, sup := range Supports() {
		f, ok := w.support(node, sup, true, w.b.trace.first[node].wave)
		if ok && len(f.causes) > 0 && f.causes[0].share > heaviest {
			heaviest, before = f.causes[0].share, f.causes[0].path
		}
	}
	return append(slices.Clone(before), hops(w.b.s, node, ties)...)
}

// path leads from a target to the lost node by first causes, then along the
// ties.
func (w *witness) path(node int32, ties ...int32) []hop {
	var back []hop
	for at := node; ; {
		why, ok := w.b.trace.first[at]
		if !ok || why.tie == none {
			break
		}
		back = append(back, hop{why.tie, why.from})
		at = why.from
		if w.b.s.Kind(at) == graph.Post {
			break // the post is the target
		}
	}
	slices.Reverse(back)
	return append(back, hops(w.b.s, node, ties)...)
}

// hops follows ties one after another from a node.
func hops(s *projection.Snapshot, from int32, ties []int32) (out []hop) {
	for _, t := range ties {
		out = append(out, hop{t, from})
		tie := s.Tie(t)
		from = tie.From + tie.To - from
	}
	return out
}
