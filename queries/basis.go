package queries

import (
	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// What an answer rests on. Each basis tells enough to ask again: the picture of the
// data, then what more the question needs. What only that question has, such as its
// targets or a limit, stands in its report.

// What answers are conditional on. Nothing that is drawn says anything of how well the
// model fits the world.
const (
	ConditionalSampled = "Conditional on the model in docs/model.md and its parameters; the interval covers sampling error only."
	ConditionalExact   = "Conditional on the model in docs/model.md and its parameters; every world was gone through, so that within it the figures are exact."
	ConditionalRecord  = "Conditional on the record and the parameters: what is not on record counts as not there."
)

// Picture says which picture of the data an answer was asked of.
type Picture struct {
	// Version of the data, Hash of the picture: equal hashes, equal pictures.
	Version       graph.Version
	Hash          string
	AsOf          graph.Day
	Gap           graph.GapPolicy
	MinConfidence float64
	// Nodes and Ties of the picture; of the ties, how many rest on the default
	// confidence and how many are possible, not certain, on the day.
	Nodes, Ties, DefaultedTies, PossibleTies int
	// OmittedTies are not in the picture: possible on the day too, they were left out
	// by the gap policy.
	OmittedTies int
	// DistantTies rest on dated evidence none of which is within DistantYears of the
	// day, UndatedTies on no date at all.
	DistantTies, UndatedTies, DistantYears int
	// Missing is what of what was asked about is not on record on the day.
	Missing Missing
	// Conditional says in a sentence what the answer is conditional on.
	Conditional string
}

// RecordBasis is that of a question that draws no worlds.
type RecordBasis struct {
	Picture
	// Params are nil where the question has none.
	Params *worlds.Params
}

// DrawBasis is that of a question that draws worlds, or goes through all of them.
type DrawBasis struct {
	Picture
	Method worlds.Method
	// Samples is the number of worlds drawn, 0 for an exact answer.
	Samples   int
	Seed      uint64
	Generator string
	// Coins is the number of uncertain ties and responses that may matter, at
	// most 4096: that many or more.
	Coins int
	// Unseen is the most that the probability may be of what was seen in no world: the
	// upper bound of Wilson's interval for 0 of Samples; 0 for an exact answer.
	Unseen float64
}

// Basis is that of a question that simulates purges.
type Basis struct {
	DrawBasis
	Params worlds.Params
	// Converged is false where some world still changed at the cap of waves, in any
	// purge that was simulated for the answer.
	Converged bool
	// Circling is the probability that groups change sides for ever (Params.Switchover), of
	// the purge in which it is largest of all that were simulated; nil where it is 0. What
	// such a world is told to lose is the most that it loses with any of these sides. The
	// probability that an institution fractures is then too high by at most this much and
	// never too low; the difference of two may be off by it in both directions. Converged is
	// false then.
	Circling *estimate.Estimate `json:",omitempty"`
	// Waves is the number of the last wave in which an institution fractured.
	Waves int
}

func pictureOf(s *projection.Snapshot, conditional string) Picture {
	o := s.Options()
	return Picture{
		Version: s.Version(), Hash: s.Hash(), AsOf: o.AsOf, Gap: o.Gap, MinConfidence: o.MinConfidence,
		Nodes: int(s.Len()), Ties: int(s.Ties()), DefaultedTies: s.Defaulted(), PossibleTies: s.PossibleTies(), OmittedTies: s.OmittedTies(),
		DistantTies: s.DistantTies(), UndatedTies: s.UndatedTies(), DistantYears: o.DistantYears,
		Missing: Missing{NoRecord: s.Ties() == 0}, Conditional: conditional,
	}
}

func recordBasis(s *projection.Snapshot, p *worlds.Params) RecordBasis {
	return RecordBasis{Picture: pictureOf(s, ConditionalRecord), Params: p}
}

// drawBasis is that of an answer from some worlds, or from all where exact.
func drawBasis(s *projection.Snapshot, exact bool, drawn int, seed uint64, coins int) DrawBasis {
	b := DrawBasis{Picture: pictureOf(s, ConditionalSampled), Method: worlds.Sampled, Samples: drawn, Seed: seed, Generator: worlds.Generator, Coins: coins}
	if exact {
		b.Conditional, b.Method, b.Samples = ConditionalExact, worlds.Exact, 0
		return b
	}
	b.Unseen = estimate.Wilson(0, drawn).High
	return b
}

// basisOf tells what the answer of a crew rests on.
func basisOf[W any](c *worlds.Crew[W], m *worlds.Model, seed uint64) Basis {
	p := c.Plan
	return Basis{DrawBasis: drawBasis(m.Snapshot, p.Exact, int(p.Worlds), seed, p.Coins), Params: m.Params, Converged: !c.Open, Circling: circling(c), Waves: c.Waves}
}

// circling is the largest probability over the purges of a crew that groups change sides
// for ever, nil where it is 0.
func circling[W any](c *worlds.Crew[W]) (most *estimate.Estimate) {
	for purge := range c.Circling {
		most = moreCircling(most, circlingOf(c, purge))
	}
	return most
}

// circlingOf is that of one purge, by its place among the cases.
func circlingOf[W any](c *worlds.Crew[W], purge int) *estimate.Estimate {
	if purge >= len(c.Circling) || c.Circling[purge] == 0 {
		return nil
	}
	total := 1.0
	if !c.Plan.Exact {
		total = float64(c.Plan.Worlds)
	}
	return new(probabilityOf(c.Plan.Exact, c.Circling[purge], total))
}

// moreCircling is the larger of two shares of which nil is none.
func moreCircling(a, b *estimate.Estimate) *estimate.Estimate {
	if a == nil || b != nil && b.P > a.P {
		return b
	}
	return a
}

// also notes that a further simulation of an answer did not converge, or circled.
func (b *Basis) also(open bool, circling *estimate.Estimate) {
	b.Converged = b.Converged && !open
	b.Circling = moreCircling(b.Circling, circling)
}
