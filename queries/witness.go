package queries

import (
	"cmp"
	"context"
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
	Lost Ref
	// Path leads from a target to the institution, tie by tie.
	Path []Step
}

// Step is one tie of a path, as it is followed.
type Step struct {
	Tie      graph.ID
	Type     graph.TieType
	From, To Ref
	// Along is false where the tie is followed from its to-end.
	Along bool
	// Confidence of the tie, 0–1.
	Confidence float64
}

const maxCauses = 5

// explain computes witnesses: it runs their worlds again with a trace, up to the wave in
// which the institution fractured. What came later cannot be a cause.
func explain(ctx context.Context, m *model, r *PurgeReport, c *crew[*tally], limit int) error {
	type job struct {
		outcome *Outcome
		body    int32
		world   int64
		wave    int
	}
	var jobs []job
	for i := range min(limit, len(r.Institutions)) {
		o := &r.Institutions[i]
		body, _ := m.s.Index(o.ID)
		bt := c.of[0].bodies[body-m.firstBody]
		if bt == nil {
			continue // touched in no world: there is nothing to explain
		}
		j := job{outcome: o, body: body, world: bt.strained, wave: m.p.MaxWaves}
		if o.Wave != nil {
			j.world, j.wave = bt.waves[o.Wave.Mode].first, o.Wave.Mode
		}
		if j.world >= 0 {
			jobs = append(jobs, j)
		}
	}
	// Institutions that share a witness world and wave share its run.
	slices.SortStableFunc(jobs, func(a, b job) int {
		return cmp.Or(cmp.Compare(a.world, b.world), cmp.Compare(a.wave, b.wave))
	})
	b := newBlock(m)
	b.done = ctx.Done()
	for i, j := range jobs {
		if i == 0 || j.world != jobs[i-1].world || j.wave != jobs[i-1].wave {
			b.trace = &trace{world: 1 << (j.world % worlds), first: map[int32]traced{}}
			b.last = j.wave
			b.run(c.plan.coins(uint64(j.world / worlds)))
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		w := witness{b: b, world: int(j.world % worlds)}
		j.outcome.Why = w.explain(j.body, j.world, j.wave, j.outcome.Wave != nil)
	}
	return nil
}

// witness reads one world of a block that was run with a trace.
type witness struct {
	b     *block
	world int
}

func (w *witness) explain(body int32, number int64, wave int, fractured bool) *Witness {
	out := &Witness{World: number, Fractured: fractured}
	if fractured {
		out.Wave = wave
	}
	for _, sup := range Supports() {
		if f, ok := w.support(body, sup, fractured, wave); ok {
			out.Failed = append(out.Failed, f)
		}
	}
	slices.SortStableFunc(out.Failed, func(a, b FailedSupport) int { return cmp.Compare(a.Retained-a.Need, b.Retained-b.Need) })
	return out
}

// support says why a support is below its need, or below the whole if the institution did
// not fracture, by what happened up to a wave.
func (w *witness) support(body int32, sup Support, fractured bool, wave int) (FailedSupport, bool) {
	sc := &w.b.scored.of[body-w.b.m.firstBody]
	need := w.b.m.needs[sc.body][sup].need
	st := &sc.support[sup]
	kept := sc.retained(sup, w.world)
	if st.known>>w.world&1 == 0 || kept >= million || fractured && kept >= need {
		return FailedSupport{}, false
	}
	f := FailedSupport{Support: sup, Retained: float64(kept) / million, Need: float64(need) / million}
	causes := reasons{witness: w, wave: wave}.of(body, sup, float64(sc.part(sup, w.world))/million)
	slices.SortStableFunc(causes, func(a, b Cause) int {
		return cmp.Or(-cmp.Compare(a.Share, b.Share), cmp.Compare(a.Lost.ID, b.Lost.ID))
	})
	if len(causes) > maxCauses {
		f.More = len(causes) - maxCauses
		causes = causes[:maxCauses]
	}
	f.Causes = causes
	return f, true
}

func (w *witness) is(mask uint64) bool { return mask>>w.world&1 == 1 }

// bodyPath leads to a person or group as path does. To a broken institution it leads
// through the heaviest cause of its own fracture, which came in an earlier wave.
func (w *witness) bodyPath(node int32, ties ...int32) []Step {
	if w.b.s.Kind(node) != graph.Institution {
		return w.path(node, ties...)
	}
	var before []Step
	heaviest := -1.0
	for _, sup := range Supports() {
		f, ok := w.support(node, sup, true, w.b.trace.first[node].wave)
		if ok && len(f.Causes) > 0 && f.Causes[0].Share > heaviest {
			heaviest, before = f.Causes[0].Share, f.Causes[0].Path
		}
	}
	return append(slices.Clone(before), steps(w.b.s, node, ties)...)
}

// path leads from a target to the lost node by first causes, then along the
// ties.
func (w *witness) path(node int32, ties ...int32) []Step {
	var back []Step
	for at := node; ; {
		why, ok := w.b.trace.first[at]
		if !ok || why.tie == none {
			break
		}
		back = append(back, step(w.b.s, why.tie, why.from))
		at = why.from
		if w.b.s.Kind(at) == graph.Post {
			break // the post is the target
		}
	}
	slices.Reverse(back)
	return append(back, steps(w.b.s, node, ties)...)
}

// steps follows ties one after another from a node.
func steps(s *projection.Snapshot, from int32, ties []int32) []Step {
	var out []Step
	for _, t := range ties {
		out = append(out, step(s, t, from))
		tie := s.Tie(t)
		from = tie.From + tie.To - from
	}
	return out
}

// step follows a tie from one of its ends.
func step(s *projection.Snapshot, t, from int32) Step {
	tie := s.Tie(t)
	to := tie.From + tie.To - from
	return Step{
		Tie: s.TieID(t), Type: tie.Type, From: refOf(s, from), To: refOf(s, to), Along: tie.From == from,
		Confidence: estimate.Round(float64(tie.Probability) / float64(projection.Certain)),
	}
}
