// SpreadOf gives mean and quantiles of a whole number over worlds, VarianceOf its variance.
//
// Invariant: Low ≤ Mean ≤ High and Q05 ≤ Q50 ≤ Q95; a variance is 0 to most²/4.
// Source: that of Moments; Cramér 1946, Mathematical Methods of Statistics, 27.4, for the
// standard error of a variance.
// Cost: O(k log k) for k different numbers.

package estimate

import (
	"maps"
	"math"
	"slices"
)

// Spread describes how a whole number, such as that of the institutions that fracture,
// varies over the worlds.
type Spread struct {
	Mean float64
	// SE is the standard error of a sampled mean, 0 of an exact one; Low and High
	// bound its 95% interval, as those of an Amount do.
	SE, Low, High float64
	// Quantiles of the number itself.
	Q05, Q50, Q95 int
}

// VarianceOf is the variance of a number over the worlds, as number → weight, that is 0
// to most, with its interval: normal for its logarithm, with the standard error
// √((m₄ − s⁴)/n), m₄ the fourth central moment. It is never narrower than what Wilson's
// interval for the share of the worlds without the most frequent number makes of the
// variance, and just that where there are two numbers. Where there is one, others that were not seen have at
// most the chance that zero of n leaves open.
func VarianceOf(numbers map[int]float64, exact bool, most float64) Amount {
	var m, off Moments
	mode := 0
	ordered := slices.Sorted(maps.Keys(numbers))
	for _, n := range ordered {
		m.Add(float64(n), numbers[n])
		if numbers[n] > numbers[mode] {
			mode = n
		}
	}
	if exact {
		return Exact(m.Variance())
	}
	if len(ordered) == 1 {
		u, far := min(0.5, Wilson(0, int(m.weight)).High), max(float64(mode), most-float64(mode))
		return Amount{High: u * (1 - u) * far * far}.Rounded()
	}
	fourth := 0.0
	for _, n := range ordered {
		d := float64(n) - m.Mean()
		fourth += numbers[n] * d * d * d * d / m.weight
		if n != mode {
			off.Add(float64(n), numbers[n])
		}
	}
	a := Amount{Value: m.Variance(), SE: math.Sqrt(max(0, fourth-m.Variance()*m.Variance()) / m.weight)}
	a.Low, a.High = a.Value, a.Value
	if len(ordered) > 2 {
		times := math.Exp(Z95 * a.SE / a.Value)
		a.Low, a.High = a.Value/times, min(most*most/4, a.Value*times)
	}
	// With a part w of the worlds off the mode, apart from it by d on average, the
	// variance is w·v + w(1 − w)·d², v that among them: a parabola.
	share, v, d := Wilson(int(off.weight), int(m.weight)), off.Variance(), off.Mean()-float64(mode)
	ends := []float64{share.Low, share.High}
	if top := (v + d*d) / (2 * d * d); top > share.Low && top < share.High {
		ends = append(ends, top)
	}
	for _, w := range ends {
		at := w*v + w*(1-w)*d*d
		a.Low, a.High = min(a.Low, at), max(a.High, at)
	}
	return a.Rounded()
}

// SpreadOf describes a number that varies over the worlds, as number → weight; most is
// the largest that it can be. A quantile q is the least number that at least a part q of
// the worlds does not exceed.
func SpreadOf(numbers map[int]float64, exact bool, most int) Spread {
	var m Moments
	ordered := slices.Sorted(maps.Keys(numbers))
	for _, n := range ordered {
		m.Add(float64(n), numbers[n])
	}
	at := func(q float64) int {
		sum := 0.0
		for _, n := range ordered {
			sum += numbers[n]
			if sum >= q*m.weight {
				return n
			}
		}
		return 0
	}
	a := m.Amount(exact, 0, float64(most))
	return Spread{Mean: a.Value, SE: a.SE, Low: a.Low, High: a.High, Q05: at(0.05), Q50: at(0.5), Q95: at(0.95)}
}
