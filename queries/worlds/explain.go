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
	"math"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
)

// Witness explains what happens to an institution in one world. It is the first world in
// which the institution fractured in its most frequent wave. If it fractured in none, it is
// the first world in which it was strained.
type Witness struct {
	// World is the number of the world: with the seed it can be replayed.
	World int64
	Wave  int
	// Fractured is false for a witness of strain only.
	Fractured bool
	// Supports that fell under their need there, or were strained, the most
	// damaged first.
	Failed []FailedSupport
}

// FailedSupport is one support in the witness world.
type FailedSupport struct {
	Support  Support
	Retained float64
	Need     float64
	// Causes are the losses behind it, the heaviest first, at most maxCauses.
	Causes []Cause
	// More is the number of further causes.
	More int
}

// Cause is one loss and how it came about.
type Cause struct {
	// Share of the support that the loss takes, 0–1.
	Share float64
	// Lost is the node whose loss it is: a person, a group or an institution.
	Lost projection.Ref
	// Path leads from a target to the institution, tie by tie.
	Path []Step
}

// Step is one tie of a path, as it is followed.
type Step struct {
	Tie      graph.ID
	Type     graph.TieType
	From, To projection.Ref
	// Along is false where the tie is followed from its to-end.
	Along bool
	// Confidence of the tie on the day, 0–1; Stated is that of the record, whatever its age.
	Confidence, Stated float64
}

// Steps follows ties one after another from a node.
func Steps(s *projection.Snapshot, from int32, ties ...int32) []Step {
	var out []Step
	for _, h := range hops(s, from, ties) {
		out = append(out, h.step(s))
	}
	return out
}

// contribution is a loss that takes part of a support.
type contribution struct {
	share float64 // of the support, 0–1
	lost  int32   // the node of a person, a group or an institution
	path  []hop   // the way by which it comes about, from a target to the institution
}

// hop is a tie of a way and the node, one of its ends, from which it is followed.
type hop struct{ tie, from int32 }

func (h hop) step(s *projection.Snapshot) Step {
	tie := s.Tie(h.tie)
	to := tie.From + tie.To - h.from
	return Step{
		Tie: s.TieID(h.tie), Type: tie.Type, From: s.Ref(h.from), To: s.Ref(to), Along: tie.From == h.from,
		Confidence: estimate.Round(float64(tie.Probability) / float64(projection.Certain)),
		Stated:     estimate.Round(float64(tie.Stated) / float64(projection.Certain)),
	}
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

// shortfall is a support that retains less than it needs or, where the institution did not
// fracture, less than the whole.
type shortfall struct {
	support        Support
	retained, need int64          // in parts per million
	causes         []contribution // the heaviest first, at most maxCauses
	more           int            // the number of causes left out
}

// maxCauses is the number of causes of a shortfall that are listed.
const maxCauses = 5

// replay asks why an institution fractures in a world or, where it does not, why it is
// strained.
type replay struct {
	o    *Outcome
	body int32 // its node
	Witness
	last int // the last wave that counts
}

// Explain works witnesses out for some of the purge's institutions, Outcome.Why. Those that
// share a world and a wave share its run. It fails with the context's error.
func (p *Purge) Explain(ctx context.Context, institutions []Outcome) error {
	var list []replay
	for i := range institutions {
		o := &institutions[i]
		body, _ := p.m.Snapshot.Index(o.ID)
		bt := p.tally.bodies[body-p.m.firstBody]
		if bt == nil {
			continue // touched in no world: there is nothing to explain
		}
		j := replay{o: o, body: body, Witness: Witness{World: bt.strained}, last: p.m.Params.MaxWaves}
		if mode, _ := bt.mode(); mode >= 0 {
			j.Witness, j.last = Witness{World: bt.waves[mode].first, Wave: mode, Fractured: true}, mode
		}
		if j.World >= 0 {
			list = append(list, j)
		}
	}
	slices.SortStableFunc(list, func(a, b replay) int { return cmp.Or(cmp.Compare(a.World, b.World), cmp.Compare(a.last, b.last)) })
	b := newBlock(p.m)
	b.done = ctx.Done()
	for i := range list {
		j := &list[i]
		if i == 0 || j.World != list[i-1].World || j.last != list[i-1].last {
			b.trace = &trace{world: 1 << (j.World % BlockSize), first: map[int32]traced{}, within: map[int32]cause{}}
			b.aim(p.m, j.World/BlockSize)
			b.last = j.last
			b.run(p.plan.coins(uint64(j.World / BlockSize)))
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		w := witness{b: b, world: int(j.World % BlockSize)}
		for _, short := range w.explain(j.body, j.last, j.Fractured) {
			j.Failed = append(j.Failed, short.failed(p.m.Snapshot))
		}
		j.o.Why = &j.Witness
	}
	return nil
}

// failed names what a shortfall is made of.
func (f *shortfall) failed(s *projection.Snapshot) FailedSupport {
	out := FailedSupport{Support: f.support, Retained: float64(f.retained) / Million, Need: float64(f.need) / Million, More: f.more}
	for _, c := range f.causes {
		cause := Cause{Share: c.share, Lost: s.Ref(c.lost)}
		for _, h := range c.path {
			cause.Path = append(cause.Path, h.step(s))
		}
		out.Causes = append(out.Causes, cause)
	}
	return out
}

// witness reads one world of a block that was run with a trace.
type witness struct {
	b     *block
	world int
}

// explain lists the supports of an institution that fall short, the worst first.
func (w *witness) explain(body int32, wave int, fractured bool) (out []shortfall) {
	for _, sup := range Supports() {
		if f, ok := w.support(body, sup, fractured, wave); ok {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b shortfall) int { return cmp.Compare(a.retained-a.need, b.retained-b.need) })
	return out
}

// support returns why a support is short of what it needs or, where the institution did not
// fracture, of the whole, by what happened up to a wave; false where it is not short.
func (w *witness) support(body int32, sup Support, fractured bool, wave int) (shortfall, bool) {
	sc := &w.b.scored.of[body-w.b.m.firstBody]
	need := w.b.needs[sc.body][sup].need
	st := &sc.support[sup]
	kept := sc.retained(sup, w.world)
	if st.known>>w.world&1 == 0 || kept >= Million || fractured && kept >= need {
		return shortfall{}, false
	}
	f := shortfall{support: sup, retained: kept, need: need}
	causes := supportTable[sup].took(reasons{witness: w, wave: wave}, body, float64(sc.part(sup, w.world))/Million)
	slices.SortStableFunc(causes, func(a, b contribution) int {
		return cmp.Or(-cmp.Compare(a.share, b.share), cmp.Compare(w.b.snap.ID(a.lost), w.b.snap.ID(b.lost)))
	})
	if len(causes) > maxCauses {
		f.more = len(causes) - maxCauses
		causes = causes[:maxCauses]
	}
	f.causes = causes
	return f, true
}

// is reports whether the world is in a mask.
func (w *witness) is(mask uint64) bool { return mask>>w.world&1 == 1 }

// bodyPath leads to a person or group as path does, and to a broken
// institution through the heaviest cause of its own breaking, which came in an
// earlier wave.
func (w *witness) bodyPath(node int32, ties ...int32) []hop {
	if w.b.snap.Kind(node) != graph.Institution {
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
	return append(slices.Clone(before), hops(w.b.snap, node, ties)...)
}

// path leads from a target to the lost node by first causes, then along the
// ties.
func (w *witness) path(node int32, ties ...int32) []hop {
	var back []hop
	wave := math.MaxInt
	for at := node; ; {
		// A group that was struck within limits may rally later: that is not what came of it
		// before.
		first, ok := w.b.trace.first[at]
		why := first.cause
		if ok = ok && (first.wave < wave || wave == 0); ok {
			wave = first.wave
		} else {
			why, ok = w.b.trace.within[at]
			wave = -1 // what was struck within limits was so by others
		}
		if !ok || why.tie == none {
			break
		}
		back = append(back, hop{why.tie, why.from})
		at = why.from
		if w.b.snap.Kind(at) == graph.Post {
			break // the post is the target
		}
	}
	slices.Reverse(back)
	return append(back, hops(w.b.snap, node, ties)...)
}
