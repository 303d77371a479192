package queries

import "math"

// moments adds up a number that varies over the worlds. Whole numbers add up
// exactly, in any order.
type moments struct {
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

func (m *moments) add(v, weight float64) {
	m.weight += weight
	m.sum += weight * v
	m.squares += weight * v * v
	m.least.meet(valued{v, weight}, 1)
	m.most.meet(valued{v, weight}, -1)
}

func (m *moments) merge(o moments) {
	m.weight += o.weight
	m.sum += o.sum
	m.squares += o.squares
	m.least.meet(o.least, 1)
	m.most.meet(o.most, -1)
}

// without takes a part of the worlds out; which values are left is not known.
func (m *moments) without(o moments) moments {
	return moments{weight: m.weight - o.weight, sum: m.sum - o.sum, squares: m.squares - o.squares}
}

func (m *moments) mean() float64 { return m.sum / m.weight }

// variance of the number itself, over the worlds.
func (m *moments) variance() float64 {
	return max(0, m.squares/m.weight-m.mean()*m.mean())
}

// constant says that every world had the same value, up to rounding.
func (m *moments) constant() bool {
	return m.least.weight > 0 && m.least.weight == m.weight || m.variance() < 1e-18*max(1, m.mean()*m.mean())
}

// amount is the mean with its 95% interval, within low to high.
//
//   - Every world had the same value: one that was not drawn may still be anything
//     from low to high. It has at most the chance that zero of n leaves open.
//   - There were two values: the interval of Wilson for the share of the second. Of
//     fewer than fewWorlds nobody knows that there are but two, unless these are low
//     and high.
//   - Else that of Student's t. Where nearly all worlds have the least, or the most,
//     value, it is too narrow on the other side; so it is never narrower than
//     Wilson's for the share of those that do not, at their mean.
func (m *moments) amount(exact bool, low, high float64) Amount {
	if exact {
		return exactAmount(m.mean())
	}
	n, mean := m.weight, m.mean()
	if m.constant() {
		unseen := Wilson(0, int(n)).High
		return Amount{Value: mean, Low: mean - unseen*(mean-low), High: mean + unseen*(high-mean)}
	}
	se := math.Sqrt(m.error2())
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

// error2 is the squared standard error of the mean.
func (m *moments) error2() float64 { return m.variance() / max(1, m.weight-1) }

// shares adds up a share that varies over the worlds, in parts per million. Of worlds
// that count one each all sums are whole and add up in any order; their squares would
// not be as floating-point numbers.
type shares struct {
	weight, sum float64
	squares     uint64 // of worlds that count one each: others need no error
	least, most valued
}

// count adds worlds that count one each.
func (m *shares) count(share int64, worlds uint64) {
	if worlds == 0 {
		return
	}
	m.weigh(share, float64(worlds))
	m.squares += uint64(share) * uint64(share) * worlds
}

// weigh adds a world of any weight, or several that have the same share.
func (m *shares) weigh(share int64, weight float64) {
	v := float64(share)
	m.weight += weight
	m.sum += weight * v
	m.least.meet(valued{v, weight}, 1)
	m.most.meet(valued{v, weight}, -1)
}

func (m *shares) merge(o *shares) {
	m.weight += o.weight
	m.sum += o.sum
	m.squares += o.squares
	m.least.meet(o.least, 1)
	m.most.meet(o.most, -1)
}

// amount is the mean share, 0–1, with its interval.
func (m *shares) amount(exact bool) Amount {
	one := moments{weight: m.weight, sum: m.sum / million, squares: float64(m.squares) / (million * million)}
	one.least, one.most = valued{m.least.value / million, m.least.weight}, valued{m.most.value / million, m.most.weight}
	return one.amount(exact, 0, 1).rounded()
}
