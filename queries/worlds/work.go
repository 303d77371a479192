// How many worlds a draw comes to, known before anything is simulated.
//
// Invariant: it grows with the samples, the purges and the worlds of a search.
// Source: counting; an exact answer is counted at its limit.
// Cost: none.

package worlds

// Work is how many worlds a question goes through, of all its runs together: of those that
// are drawn, and of an exact answer as many as it may have at the most. It is known before
// anything is simulated, and what a price is made of.
type Work struct{ Drawn, Exact float64 }

// Work is that of so many purges in the same worlds, where samples is the question's own
// number of them. What may matter to each is listed before it is drawn, which takes as long
// as a block of worlds.
func (d *Draw) Work(purges float64, samples int) Work {
	if d.Samples > 0 {
		samples = d.Samples
	}
	drawn := Work{Drawn: purges * float64(samples+BlockSize)}
	switch d.Method {
	case Sampled:
		return drawn
	case Exact:
		return Work{Exact: purges * (1 << MaxExact)}
	default: // it may go through every world, and draw in the end
		drawn.Exact = purges * min(1<<MaxExact, exactWorth*float64(samples))
		return drawn
	}
}
