// Amount is a mean over worlds with its error and interval.
//
// Invariant: Low ≤ Value ≤ High; of an exact value all three are the same and SE is 0.

package estimate

import "math"

// Amount is a mean over the worlds: a difference of probabilities, a number of
// institutions, a share of one; in the units of what is averaged.
type Amount struct {
	Value float64
	// SE is the standard error of a sampled value, 0 of an exact one.
	SE float64
	// Low and High bound the 95% interval; of an exact value both equal it. They
	// cover sampling error only, not the model.
	Low, High float64
}

// Exact is the amount of an exact answer, rounded by [Round].
func Exact(v float64) Amount {
	v = Round(v)
	return Amount{Value: v, Low: v, High: v}
}

// Abs is the size of an amount without its sign. Where the interval holds 0, that of the
// size begins at 0.
func (a Amount) Abs() Amount {
	if a.Value < 0 {
		a.Value, a.Low, a.High = -a.Value, -a.High, -a.Low
	}
	a.High = max(a.High, -a.Low)
	a.Low = max(a.Low, 0)
	return a
}

// Times is the amount v ≥ 0 times.
func (a Amount) Times(v float64) Amount {
	return Amount{Value: v * a.Value, SE: v * a.SE, Low: v * a.Low, High: v * a.High}
}

// Rounded cuts all four figures by [Round].
func (a Amount) Rounded() Amount {
	return Amount{Value: Round(a.Value), SE: Round(a.SE), Low: Round(a.Low), High: Round(a.High)}
}

// Round cuts a figure to nine digits after the point: chances are carried in units of
// 2⁻³², so what follows is noise.
func Round(v float64) float64 { return math.Round(v*1e9) / 1e9 }
