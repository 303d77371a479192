// How an answer went through worlds, and what held of all of them.
//
// Invariant: what is told here and the question are enough to ask again for the same answer.
// Source: docs/model.md, Estimates.
// Cost: none.

package worlds

import "entangle/queries/estimate"

// Course is how worlds were gone through, and what purges came to in them.
type Course struct {
	Drawn
	Settled
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
	// Circling is true where groups change sides for ever in some world (Params.Switchover),
	// in any purge that was simulated: what such a world is told to lose is the most that it
	// loses with any of these sides. Converged is false then.
	Circling bool
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

func (c *crew[W]) course(d *Draw) *Course {
	return &Course{Drawn: c.plan.drawn(d), Settled: Settled{Converged: !c.open, Circling: c.circling, Waves: c.waves}}
}
