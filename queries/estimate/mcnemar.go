// McNemar tests whether two probabilities counted in the same worlds differ.
//
// Invariant: P depends on the discordant worlds only, and not on which side is first.
// Source: McNemar 1947, Psychometrika 12:153; Agresti, Categorical Data Analysis, 10.1.
// Cost: O(min(b, c)) under 25 discordant worlds, else O(1).

package estimate

import "math"

// Test is the test of McNemar (1947, Psychometrika 12:153) that neither of two
// purges fractures an institution more often than the other.
type Test struct {
	// P is the two-sided probability of at least so uneven a split of the worlds
	// in which only one of the two fractures it, were both equally likely.
	P float64
	// Exact: by the binomial distribution, which is taken under 25 such worlds;
	// else by the normal one, without correction for continuity.
	Exact bool
}

// exactUnder is the number of discordant worlds under which McNemar's test is
// the binomial one.
const exactUnder = 25

// McNemar tests b worlds in which only the first of two fractured against c in
// which only the second did.
func McNemar(b, c int) Test {
	n := b + c
	if n >= exactUnder {
		z := float64(b-c) / math.Sqrt(float64(n))
		return Test{P: math.Erfc(math.Abs(z) / math.Sqrt2)}
	}
	tail, term := 0.0, math.Ldexp(1, -n) // term is C(n, k)/2ⁿ
	for k := range min(b, c) + 1 {
		tail += term
		term *= float64(n-k) / float64(k+1)
	}
	return Test{P: min(1, 2*tail), Exact: true}
}
