// Moments give a mean over worlds, its variance and its interval.
//
// Invariant: least and most are met values with the weight of all worlds that had them;
// whole numbers add up exactly, in whatever order worlds are added and merged.
// Source: Student 1908, Biometrika 6:1; E. B. Wilson 1927, JASA 22:209, for the ends.
// Cost: O(1) a world and for the interval.

package estimate

import "math"

// Moments are the weight, the sum and the sum of squares of a number that varies over the
// worlds, with its least and its largest value. The zero Moments are those of no worlds,
// of which there is no mean.
type Moments struct {
	weight, sum, squares float64
	// least and most are the smallest and the largest value, with their weights.
	// Where the two do not cover the whole weight there are others between them.
	least, most valued
}

// valued is a value and the weight of the worlds that have it.
type valued struct{ value, weight float64 }

func (v *valued) meet(o valued, sign float64) {
	switch d := sign * (o.value - v.value); {
	case o.weight == 0:
	case v.weight == 0 || d < 0:
		*v = o
	case d == 0:
		v.weight += o.weight
	}
}

// Add takes note of a world of some weight, 1 if it was drawn, that has the value v.
func (m *Moments) Add(v, weight float64) {
	m.weight += weight
	m.sum += weight * v
	m.squares += weight * v * v
	m.least.meet(valued{v, weight}, 1)
	m.most.meet(valued{v, weight}, -1)
}

// AddSums takes note of worlds by the sums of their weights, of weight·value and of
// weight·value². Which values they had is not known then: do not mix it with Add.
func (m *Moments) AddSums(weight, sum, squares float64) {
	m.weight += weight
	m.sum += sum
	m.squares += squares
}

// Merge adds the worlds of another worker.
func (m *Moments) Merge(o Moments) {
	m.weight += o.weight
	m.sum += o.sum
	m.squares += o.squares
	m.least.meet(o.least, 1)
	m.most.meet(o.most, -1)
}

// Without takes a part of the worlds out; which values are left is not known.
func (m *Moments) Without(o Moments) Moments {
	return Moments{weight: m.weight - o.weight, sum: m.sum - o.sum, squares: m.squares - o.squares}
}

// Weight is that of all worlds: their number if they were drawn.
func (m *Moments) Weight() float64 { return m.weight }

// Sum is Σ weight·value.
func (m *Moments) Sum() float64 { return m.sum }

// Mean is Sum / Weight.
func (m *Moments) Mean() float64 { return m.sum / m.weight }

// Variance of the number itself over the worlds: Σ w·v²/Σ w − mean².
func (m *Moments) Variance() float64 {
	return max(0, m.squares/m.weight-m.Mean()*m.Mean())
}

// Constant says that every world had the same value, up to rounding.
func (m *Moments) Constant() bool {
	return m.least.weight > 0 && m.least.weight == m.weight || m.Variance() < 1e-18*max(1, m.Mean()*m.Mean())
}

// Amount is the mean with its 95% interval, within low to high, which the number cannot
// leave. Exact worlds have no error; of drawn ones
//
//   - If every world had the same value, one that was not drawn may still be anything
//     from low to high. It has at most the chance that zero of n leaves open.
//   - If there were two values, it is the interval of [Wilson] for the share of the
//     second. Of fewer than 25 worlds nobody knows that there are but two, unless these are low
//     and high.
//   - Else it is that of [Student95]. Where nearly all worlds have the least, or the most,
//     value, it is too narrow on the other side; so it is never narrower than
//     Wilson's for the share of those that do not, at their mean.
func (m *Moments) Amount(exact bool, low, high float64) Amount {
	if exact {
		return Exact(m.Mean())
	}
	n, mean := m.weight, m.Mean()
	if m.Constant() {
		unseen := Wilson(0, int(n)).High
		return Amount{Value: mean, Low: mean - unseen*(mean-low), High: mean + unseen*(high-mean)}
	}
	se := math.Sqrt(m.SE2())
	half := Student95(n-1) * se
	a := Amount{Value: mean, SE: se, Low: mean - half, High: mean + half}
	if m.least.weight+m.most.weight == n && (n >= fewWorlds || m.least.value == low && m.most.value == high) {
		a.Low, a.High = mean, mean
	}
	for _, end := range []valued{m.least, m.most} {
		if end.weight == 0 {
			continue
		}
		off := Wilson(int(n-end.weight), int(n))
		mid := (mean - end.value) / off.P
		one, other := end.value+off.Low*mid, end.value+off.High*mid
		a.Low, a.High = min(a.Low, one, other), max(a.High, one, other)
	}
	a.Low, a.High = max(low, a.Low), min(high, a.High)
	return a
}

// fewWorlds are too few to tell from two values that were met that there is no third.
const fewWorlds = 25

// SE2 is the squared standard error of the mean, variance / (n − 1).
func (m *Moments) SE2() float64 { return m.Variance() / max(1, m.weight-1) }
