// Numbers and shares in each of 64 worlds at once.
//
// Invariant: the number of a world is base + its lane + unit × the count that its bits of the
// digits spell; a share is the product of its factors, of which nothing is rounded.
// Source: bit-slicing with vertical counters: Biham 1997, Fast Software Encryption, 260.
// Cost: amortised O(1) to add the unit in any worlds, O(64) to add another number.

package worlds

import (
	"math/big"
	"math/bits"

	"entangle/graph/projection"
)

const (
	// Million is the unit of shares and requirements: they are carried in parts per million.
	Million = projection.Million
	// trillion is the unit of a share of a share.
	trillion = Million * Million
	// BlockSize is the number of worlds in a block.
	BlockSize = 64
	// allLanes is the mask of every world of a block.
	allLanes = ^uint64(0)
)

// sum is a whole number for each world of a block, 0 at first: base, what is in its lane, and
// a count of units. Most of what is added up is the same number many times, such as the
// weight of a post; it is counted in all worlds at once by binary digits: digit i of the count
// of world w is bit w of digits[i].
type sum struct {
	base   int64
	unit   int64 // the first number added
	digits [maxDigits]uint64
	top    int // digits in use
	lane   [BlockSize]int64
	used   uint64 // the worlds whose lane may not be 0
	not    uint64 // the worlds that do not count: their number means nothing
}

// maxDigits is enough for as many things as there are nodes.
const maxDigits = 32

// reset makes the number 0 in every world.
func (s *sum) reset() {
	each(s.used, func(w int) { s.lane[w] = 0 })
	clear(s.digits[:s.top])
	s.base, s.unit, s.top, s.used = 0, 0, 0, 0
}

// add adds v in the worlds of the mask.
func (s *sum) add(mask uint64, v int64) {
	if s.unit == 0 {
		s.unit = v
	}
	mask &^= s.not
	switch {
	case mask == 0 || v == 0:
		return
	case v == s.unit:
		s.count(mask)
		return
	case mask|s.not == allLanes:
		s.base += v
		return
	}
	if others := ^(mask | s.not); bits.OnesCount64(mask) > bits.OnesCount64(others) {
		s.base += v
		mask, v = others, -v
	}
	s.used |= mask
	each(mask, func(w int) { s.lane[w] += v })
}

// count adds a unit in the worlds of the mask.
func (s *sum) count(mask uint64) {
	d := &s.digits
	d[0], mask = d[0]^mask, d[0]&mask
	d[1], mask = d[1]^mask, d[1]&mask
	d[2], mask = d[2]^mask, d[2]&mask
	d[3], mask = d[3]^mask, d[3]&mask
	i := 4
	for ; mask != 0; i++ {
		d[i], mask = d[i]^mask, d[i]&mask
	}
	s.top = max(s.top, i)
}

// at returns the number in a world, by its lane.
func (s *sum) at(world int) int64 {
	n := int64(0)
	for i, digit := range s.digits[:s.top] {
		n |= int64(digit>>world&1) << i
	}
	return s.base + s.lane[world] + n*s.unit
}

// drop makes the number 0 in the worlds of a mask.
func (s *sum) drop(mask uint64) {
	for i := range s.digits[:s.top] {
		s.digits[i] &^= mask
	}
	s.used |= mask
	each(mask, func(w int) { s.lane[w] = -s.base })
}

// some returns the worlds in which the number is above 0, of a sum to which nothing
// below 0 was added.
func (s *sum) some() uint64 {
	mask := uint64(0)
	if s.base > 0 {
		mask = ^s.used
	}
	for _, digit := range s.digits[:s.top] {
		mask |= digit
	}
	each(s.used&^mask, func(w int) {
		if s.base+s.lane[w] > 0 {
			mask |= 1 << w
		}
	})
	return mask
}

// differs returns the worlds among those of a mask in which two sums differ.
func (s *sum) differs(o *sum, among uint64) uint64 {
	mask := uint64(0)
	if s.used|o.used != 0 || s.base != o.base || s.unit != o.unit {
		each(among, func(w int) {
			if s.at(w) != o.at(w) {
				mask |= 1 << w
			}
		})
		return mask
	}
	for i := range max(s.top, o.top) {
		mask |= s.digits[i] ^ o.digits[i]
	}
	return mask & among
}

// rest is what stays of a thing in each world of a block when those who hold a part of it
// leave: the product of 1 − share over them. It is kept as its factors, so that nothing is
// rounded before the whole figure is known.
type rest struct {
	left []factor
	less uint64 // worlds in which it is not whole
}

// factor is what one holder leaves in the worlds of a mask.
type factor struct {
	mask uint64
	fraction
}

func (r *rest) reset() { r.left, r.less = r.left[:0], 0 }

// lose takes off a share, in units of a trillionth, in the worlds of a mask.
func (r *rest) lose(mask uint64, share int64) {
	if share == 0 || mask == 0 {
		return
	}
	f := fraction{uint64(trillion - share), trillion}
	if share%Million == 0 {
		f = fraction{uint64(Million - share/Million), Million}
	}
	r.less |= mask
	r.left = append(r.left, factor{mask, f})
}

// at returns what stays in a world; false where its terms are too large to be carried.
func (r *rest) at(world int) (fraction, bool) {
	kept := fraction{1, 1}
	for i := range r.left {
		if r.left[i].mask>>world&1 == 1 {
			next, ok := kept.times(r.left[i].fraction)
			if !ok {
				return fraction{}, false
			}
			kept = next
		}
	}
	return kept, true
}

// of returns what stays in a world of a whole number, rounded down.
func (r *rest) of(world int, number int64) int64 {
	if kept, ok := r.at(world); ok {
		hi, lo := bits.Mul64(uint64(number), kept.num)
		q, _ := bits.Div64(hi, lo, kept.den) // num ≤ den: at most number
		return int64(q)
	}
	kept := r.exactly(world)
	kept.Mul(kept, new(big.Rat).SetInt64(number))
	return new(big.Int).Quo(kept.Num(), kept.Denom()).Int64()
}

// exactly is at for terms of any size.
func (r *rest) exactly(world int) *big.Rat {
	kept := big.NewRat(1, 1)
	for i := range r.left {
		if f := r.left[i]; f.mask>>world&1 == 1 {
			kept.Mul(kept, f.rat())
		}
	}
	return kept
}
