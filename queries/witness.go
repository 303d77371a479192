package queries

import (
	"context"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
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
	Support  worlds.Support
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

// explain works witnesses out for the first institutions of a report, at most limit.
func explain(ctx context.Context, m *worlds.Model, r *PurgeReport, c *worlds.Crew[*worlds.Tally], limit int) error {
	var list []worlds.Replay
	var of []*Outcome
	for i := range min(limit, len(r.Institutions)) {
		o := &r.Institutions[i]
		body, _ := m.Snapshot.Index(o.ID)
		bt := c.Of[0].Bodies[body-m.FirstBody]
		if bt == nil {
			continue // touched in no world: there is nothing to explain
		}
		j := worlds.Replay{Body: body, World: bt.Strained, Wave: m.Params.MaxWaves}
		if o.Wave != nil {
			j = worlds.Replay{Body: body, World: bt.Waves[o.Wave.Mode].First, Wave: o.Wave.Mode, Fractured: true}
		}
		if j.World >= 0 {
			list, of = append(list, j), append(of, o)
		}
	}
	return m.Replay(ctx, c.Plan, list, func(i int, short []worlds.Shortfall) {
		of[i].Why = witnessOf(m.Snapshot, list[i], short)
	})
}

// witnessOf names what a replay found.
func witnessOf(s *projection.Snapshot, of worlds.Replay, short []worlds.Shortfall) *Witness {
	w := &Witness{World: of.World, Fractured: of.Fractured}
	if of.Fractured {
		w.Wave = of.Wave
	}
	for _, f := range short {
		failed := FailedSupport{Support: f.Support, Retained: float64(f.Retained) / worlds.Million, Need: float64(f.Need) / worlds.Million, More: f.More}
		for _, c := range f.Causes {
			cause := Cause{Share: c.Share, Lost: refOf(s, c.Lost)}
			for _, h := range c.Path {
				cause.Path = append(cause.Path, step(s, h.Tie, h.From))
			}
			failed.Causes = append(failed.Causes, cause)
		}
		w.Failed = append(w.Failed, failed)
	}
	return w
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
