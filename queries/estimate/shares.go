// Shares give the mean of a retained share over worlds, with its interval.
//
// Invariant: the sums of worlds that count one each are whole numbers, so that they do
// not depend on the order of adding.
// Source: that of Moments.
// Cost: O(1) a world and for the interval.

package estimate

// million is the whole, in the units of a share.
const million = 1_000_000

// Shares are the [Moments] of a share that varies over the worlds, in parts per million.
// The squares of worlds that count one each are kept as integers: as floating-point
// numbers they would pass 2⁵³ and depend on the order.
type Shares struct {
	weight, sum float64
	squares     uint64 // of worlds that count one each: others need no error
	least, most valued
}

// Count adds worlds that count one each.
func (m *Shares) Count(share int64, worlds uint64) {
	if worlds == 0 {
		return
	}
	m.Weigh(share, float64(worlds))
	m.squares += uint64(share) * uint64(share) * worlds
}

// Weigh adds a world of any weight, or several that have the same share.
func (m *Shares) Weigh(share int64, weight float64) {
	v := float64(share)
	m.weight += weight
	m.sum += weight * v
	m.least.meet(valued{v, weight}, 1)
	m.most.meet(valued{v, weight}, -1)
}

// Weight is that of all worlds: their number if they count one each.
func (m *Shares) Weight() float64 { return m.weight }

// Merge adds the worlds of another worker.
func (m *Shares) Merge(o *Shares) {
	m.weight += o.weight
	m.sum += o.sum
	m.squares += o.squares
	m.least.meet(o.least, 1)
	m.most.meet(o.most, -1)
}

// Amount is the mean share, 0–1, with the interval of [Moments.Amount].
func (m *Shares) Amount(exact bool) Amount {
	one := Moments{weight: m.weight, sum: m.sum / million, squares: float64(m.squares) / (million * million)}
	one.least, one.most = valued{m.least.value / million, m.least.weight}, valued{m.most.value / million, m.most.weight}
	return one.Amount(exact, 0, 1).Rounded()
}
