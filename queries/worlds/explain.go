// Why an institution falls short in one world.
//
// The world is simulated once more with a trace of what first caused each loss, up to the wave in
// which the institution fractured: what came later is no cause of it.
//
// Invariant: a way leads from a target to the institution, and each thing on it was lost,
// or broke, after what precedes it, so that it ends.
// Source: docs/model.md, Why: the witness; the trace is the predecessor forest of a search in
// breadth.
// Cost: O(what the world touches) for each world and wave.

package worlds

import (
	"cmp"
	"context"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
)

// Replay asks why an institution fractures in a world or, where it does not, why it is
// strained.
type Replay struct {
	Body      int32 // its node
	World     int64 // its number in the plan
	Wave      int   // the last wave that counts
	Fractured bool
}

// Shortfall is a support that retains less than it needs or, where the institution did not
// fracture, less than the whole.
type Shortfall struct {
	Support        Support
	Retained, Need int64          // in parts per million
	Causes         []Contribution // the heaviest first, at most maxCauses
	More           int            // the number of causes left out
}

// Contribution is a loss that takes part of a support.
type Contribution struct {
	Share float64 // of the support, 0–1
	Lost  int32   // the node of a person, a group or an institution
	Path  []Hop   // the way by which it comes about, from a target to the institution
}

// Hop is a tie of a way and the node, one of its ends, from which it is followed.
type Hop struct{ Tie, From int32 }

// maxCauses is the number of causes of a shortfall that are listed.
const maxCauses = 5

// Replay explains institutions in worlds of a plan, and calls f with the place of each in the
// list and its shortfalls, the worst first. Institutions that share a world and a wave share
// its run. It fails with the context's error.
func (m *Model) Replay(ctx context.Context, p *Plan, list []Replay, f func(i int, short []Shortfall)) error {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(list[a].World, list[b].World), cmp.Compare(list[a].Wave, list[b].Wave))
	})
	b := newBlock(m)
	b.done = ctx.Done()
	var last *Replay
	for _, i := range order {
		j := &list[i]
		if last == nil || j.World != last.World || j.Wave != last.Wave {
			b.trace = &trace{world: 1 << (j.World % BlockSize), first: map[int32]traced{}}
			b.last = j.Wave
			b.run(p.coins(uint64(j.World / BlockSize)))
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		last = j
		w := witness{b: b, world: int(j.World % BlockSize)}
		f(i, w.explain(j.Body, j.Wave, j.Fractured))
	}
	return nil
}

// witness reads one world of a block that was run with a trace.
type witness struct {
	b     *Block
	world int
}

// explain lists the supports of an institution that fall short, the worst first.
func (w *witness) explain(body int32, wave int, fractured bool) (out []Shortfall) {
	for _, sup := range Supports() {
		if f, ok := w.support(body, sup, fractured, wave); ok {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Shortfall) int { return cmp.Compare(a.Retained-a.Need, b.Retained-b.Need) })
	return out
}

// support returns why a support is short of what it needs or, where the institution did not
// fracture, of the whole, by what happened up to a wave; false where it is not short.
func (w *witness) support(body int32, sup Support, fractured bool, wave int) (Shortfall, bool) {
	sc := &w.b.scored.of[body-w.b.m.FirstBody]
	need := w.b.m.Needs[sc.body][sup].need
	st := &sc.support[sup]
	kept := sc.retained(sup, w.world)
	if st.known>>w.world&1 == 0 || kept >= Million || fractured && kept >= need {
		return Shortfall{}, false
	}
	f := Shortfall{Support: sup, Retained: kept, Need: need}
	causes := reasons{witness: w, wave: wave}.of(body, sup, float64(sc.part(sup, w.world))/Million)
	slices.SortStableFunc(causes, func(a, b Contribution) int {
		return cmp.Or(-cmp.Compare(a.Share, b.Share), cmp.Compare(w.b.Snapshot.ID(a.Lost), w.b.Snapshot.ID(b.Lost)))
	})
	if len(causes) > maxCauses {
		f.More = len(causes) - maxCauses
		causes = causes[:maxCauses]
	}
	f.Causes = causes
	return f, true
}

// is reports whether the world is in a mask.
func (w *witness) is(mask uint64) bool { return mask>>w.world&1 == 1 }

// bodyPath leads to a person or group as path does, and to a broken
// institution through the heaviest cause of its own breaking, which came in an
// earlier wave.
func (w *witness) bodyPath(node int32, ties ...int32) []Hop {
	if w.b.Snapshot.Kind(node) != graph.Institution {
		return w.path(node, ties...)
	}
	var before []Hop
	heaviest := -1.0
	for _, sup := range Supports() {
		f, ok := w.support(node, sup, true, w.b.trace.first[node].wave)
		if ok && len(f.Causes) > 0 && f.Causes[0].Share > heaviest {
			heaviest, before = f.Causes[0].Share, f.Causes[0].Path
		}
	}
	return append(slices.Clone(before), hops(w.b.Snapshot, node, ties)...)
}

// path leads from a target to the lost node by first causes, then along the
// ties.
func (w *witness) path(node int32, ties ...int32) []Hop {
	var back []Hop
	for at := node; ; {
		why, ok := w.b.trace.first[at]
		if !ok || why.tie == None {
			break
		}
		back = append(back, Hop{why.tie, why.from})
		at = why.from
		if w.b.Snapshot.Kind(at) == graph.Post {
			break // the post is the target
		}
	}
	slices.Reverse(back)
	return append(back, hops(w.b.Snapshot, node, ties)...)
}

// hops follows ties one after another from a node.
func hops(s *projection.Snapshot, from int32, ties []int32) (out []Hop) {
	for _, t := range ties {
		out = append(out, Hop{t, from})
		tie := s.Tie(t)
		from = tie.From + tie.To - from
	}
	return out
}
