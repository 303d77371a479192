// Shares as fractions, multiplied and mixed exactly and divided once.
//
// Invariant: 0 ≤ num ≤ den and den > 0; what 64 bits cannot carry is refused, never rounded.
// Source: Knuth, The Art of Computer Programming 2, 4.5.1 (fractions) and 4.5.2 (Euclid).
// Cost: O(1); O(log den) where terms have to be reduced.

package worlds

import (
	"math/big"
	"math/bits"
)

// fraction is a share, 0–1, as two whole numbers. Shares are multiplied and mixed exactly and
// divided once, at the end, so that three fifths meets a need of 0.6 however it came about.
type fraction struct{ num, den uint64 }

func (f fraction) rat() *big.Rat {
	return new(big.Rat).SetFrac(new(big.Int).SetUint64(f.num), new(big.Int).SetUint64(f.den))
}

// times is a product; false where the denominator has more than 64 binary digits even in lowest
// terms.
func (f fraction) times(g fraction) (fraction, bool) {
	if den, ok := product(f.den, g.den); ok {
		return fraction{f.num * g.num, den}, true // a numerator is no larger than its denominator
	}
	f, g = f.lowest(), g.lowest()
	den, ok := product(f.den, g.den)
	return fraction{f.num * g.num, den}, ok
}

// lowest is the same in lowest terms.
func (f fraction) lowest() fraction {
	a, b := f.den, f.num
	for b != 0 {
		a, b = b, a%b
	}
	return fraction{f.num / a, f.den / a}
}

// product multiplies; false where the result has more than 64 binary digits.
func product(factors ...uint64) (uint64, bool) {
	out := uint64(1)
	for _, f := range factors {
		hi, lo := bits.Mul64(out, f)
		if hi != 0 {
			return 0, false
		}
		out = lo
	}
	return out, true
}

// parts is the fraction in parts per million, rounded down.
func (f fraction) parts() int64 {
	hi, lo := bits.Mul64(f.num, Million)
	if hi == 0 {
		return int64(lo / f.den)
	}
	q, _ := bits.Div64(hi, lo, f.den) // num ≤ den: at most a million
	return int64(q)
}

// mixed is part·a + (1 − part)·b; false where its terms are too large to be carried.
func mixed(part, a, b fraction) (fraction, bool) {
	den, ok := product(part.den, a.den, b.den)
	if !ok {
		part, a, b = part.lowest(), a.lowest(), b.lowest()
		if den, ok = product(part.den, a.den, b.den); !ok {
			return fraction{}, false
		}
	}
	return fraction{part.num*a.num*b.den + (part.den-part.num)*a.den*b.num, den}, true
}

// partsOf is a fraction in parts per million, rounded down.
func partsOf(r *big.Rat) int64 {
	scaled := new(big.Int).Mul(r.Num(), big.NewInt(Million))
	return scaled.Quo(scaled, r.Denom()).Int64()
}
