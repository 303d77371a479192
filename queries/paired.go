package queries

import "math"

// Amount is a mean over the worlds: a difference of probabilities, a number of
// institutions, a share of one.
type Amount struct {
	Value float64
	// SE is the standard error of a sampled value, 0 of an exact one.
	SE float64
	// Low and High bound the 95% interval; of an exact value both equal it. They
	// cover sampling error only, not the model.
	Low, High float64
}

func exactAmount(v float64) Amount {
	v = rounded(v)
	return Amount{Value: v, Low: v, High: v}
}

// size is that of an amount without its sign; of one that may be 0 it may be.
func (a Amount) size() Amount {
	if a.Value < 0 {
		a.Value, a.Low, a.High = -a.Value, -a.High, -a.Low
	}
	a.High = max(a.High, -a.Low)
	a.Low = max(a.Low, 0)
	return a
}

func (a Amount) times(v float64) Amount {
	return Amount{Value: v * a.Value, SE: v * a.SE, Low: v * a.Low, High: v * a.High}
}

func (a Amount) rounded() Amount {
	return Amount{Value: rounded(a.Value), SE: rounded(a.SE), Low: rounded(a.Low), High: rounded(a.High)}
}

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
	centre, half := (y-x)/(trials+2), z95*se(x+0.5, y+0.5, trials+2)
	return Amount{Value: (y - x) / trials, SE: se(x, y, trials), Low: max(-1, centre-half), High: min(1, centre+half)}
}
