// PairedDifference is the difference of two probabilities counted in the same worlds.
//
// Invariant: −1 ≤ Low ≤ Value ≤ High ≤ 1, and Low < High.
// Source: Agresti, Min 2005, Statistics in Medicine 24:729.
// Cost: O(1).

package estimate

import "math"

// PairedDifference is the difference of two probabilities counted in the same n
// worlds, of which b have only the first and c only the second: (c − b)/n with
// the standard error of paired counts,
//
//	√(b + c − (b − c)²/n) / n
//
// The interval adds half a world to each of the four kinds (Agresti, Min 2005,
// Statistics in Medicine 24:729), so that it does not collapse where the two were
// never seen to differ.
func PairedDifference(b, c, n int) Amount {
	if n <= 0 {
		return Amount{Low: -1, High: 1}
	}
	se := func(b, c, n float64) float64 { return math.Sqrt(max(0, b+c-(b-c)*(b-c)/n)) / n }
	x, y, trials := float64(b), float64(c), float64(n)
	centre, half := (y-x)/(trials+2), Z95*se(x+0.5, y+0.5, trials+2)
	return Amount{Value: (y - x) / trials, SE: se(x, y, trials), Low: max(-1, centre-half), High: min(1, centre+half)}
}
