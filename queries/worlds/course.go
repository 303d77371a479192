// How an answer went through worlds, and what held of all of them.
//
// Invariant: what stands here and the question are enough to ask again for the same answer.
// Source: docs/model.md, Estimates.
// Cost: none.

package worlds

import "entangle/queries/estimate"

// Course is how worlds were gone through, and what purges came to in them.
type Course struct {
	Drawn
	Settled
	// Stakes is by case what it takes from groups, nil where that was not asked for.
	Stakes [][]Stake
}

// Drawn says which worlds an answer rests on.
type Drawn struct {
	Method Method
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

// Settled says what purges came to, in all worlds and all purges that were simulated.
type Settled struct {
	// Converged is false where some world still changed at the cap of waves, in any
	// purge that was simulated for the answer.
	Converged bool
	// Circling is the probability that groups change sides for ever (Params.Switchover), of
	// the purge in which it is largest of all that were simulated; nil where it is 0. What
	// such a world is counted to lose is the most that it loses with any of these sides. The
	// probability that an institution fractures is then too high by at most this much and
	// never too low; the difference of two may be off by it in both directions. Converged is
	// false then.
	Circling *estimate.Estimate `json:",omitempty"`
	// Waves is the number of the last wave in which an institution fractured.
	Waves int
}

// Exact says that every world was gone through.
func (d *Drawn) Exact() bool { return d.Method == Exact }

// Certain says that no world is left out: all are gone through, or there is but one. There is
// then no sampling error.
func (d *Drawn) Certain() bool { return d.Exact() || d.Coins == 0 }

// drawn says which worlds a plan went through.
func (p *plan) drawn(d *Draw) Drawn {
	out := Drawn{Method: Exact, Seed: d.Seed, Generator: Generator, Coins: p.matter}
	if !p.exact {
		out.Method, out.Samples = Sampled, int(p.worlds)
		out.Unseen = estimate.Wilson(0, out.Samples).High
	}
	return out
}

// Also notes that further purges of an answer did not converge, or circled. Waves stays that of
// the first.
func (s *Settled) Also(o Settled) {
	s.Converged = s.Converged && o.Converged
	if s.Circling == nil || o.Circling != nil && o.Circling.P > s.Circling.P {
		s.Circling = o.Circling
	}
}

func (c *crew[W]) course(d *Draw) *Course {
	out := &Course{Drawn: c.plan.drawn(d), Settled: Settled{Converged: !c.open, Waves: c.waves}}
	for _, weight := range c.circling {
		if weight > 0 {
			out.Also(Settled{Converged: true, Circling: new(estimate.Probability(c.plan.exact, weight, c.plan.total()))})
		}
	}
	return out
}
