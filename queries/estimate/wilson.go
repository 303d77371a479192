// Wilson turns a count of worlds into a probability with its interval.
//
// Invariant: 0 ≤ Low ≤ P ≤ High ≤ 1, and Low < High unless the answer is exact.
// Source: E. B. Wilson 1927, JASA 22:209.
// Cost: O(1).

package estimate

import "math"

// Z95 is the 97.5% quantile of the standard normal distribution: so many standard
// errors a 95% interval reaches to either side.
const Z95 = 1.959963984540054

// Estimate is a probability, 0–1, with its 95% interval.
type Estimate struct {
	P float64
	// Low and High bound the Wilson 95% interval of a sampled estimate; of an
	// exact one both equal P. They cover sampling error only, not the model.
	Low, High float64
	// Count of Worlds in which it happened; 0 of 0 for an exact answer.
	Count, Worlds int
}

// Wilson returns count/n with the Wilson score interval (E. B. Wilson 1927,
// JASA 22:209) at 95%:
//
//	centre (p + z²/2n) / (1 + z²/n), half-width z/(1 + z²/n) · √(p(1−p)/n + z²/4n²)
//
// It stays inside 0–1 and does not collapse where nothing was seen. Without
// trials it is 0 to 1.
func Wilson(count, n int) Estimate {
	if n <= 0 {
		return Estimate{High: 1}
	}
	trials := float64(n)
	p := float64(count) / trials
	z2 := Z95 * Z95
	centre := (p + z2/(2*trials)) / (1 + z2/trials)
	half := Z95 / (1 + z2/trials) * math.Sqrt(p*(1-p)/trials+z2/(4*trials*trials))
	e := Estimate{P: p, Low: max(0, centre-half), High: min(1, centre+half), Count: count, Worlds: n}
	if count == 0 {
		e.Low = 0
	}
	if count == n {
		e.High = 1
	}
	return e
}
