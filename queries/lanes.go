package queries

import (
	"math/bits"

	"entangle/graph/projection"
)

const (
	million = projection.Million
	worlds  = 64         // in a block
	all     = ^uint64(0) // every world of a block
)

// sum is a number for each world of a block. What is the same in every world is
// kept once.
type sum struct {
	base int64
	lane [worlds]int64
	used bool // some lane is not 0
}

func (s *sum) reset() {
	if s.used {
		s.lane = [worlds]int64{}
	}
	s.base, s.used = 0, false
}

// add adds v in the worlds of the mask.
func (s *sum) add(mask uint64, v int64) {
	switch {
	case mask == 0 || v == 0:
		return
	case mask == all:
		s.base += v
		return
	}
	s.used = true
	if bits.OnesCount64(mask) > worlds/2 {
		s.base += v
		mask, v = ^mask, -v
	}
	each(mask, func(w int) { s.lane[w] += v })
}

// at returns the number in a world.
func (s *sum) at(world int) int64 { return s.base + s.lane[world] }

// rest is a retained share for each world of a block in parts per million,
// shrunk by what leaves.
type rest struct {
	lane [worlds]int64
	less uint64 // worlds in which it is not whole
}

func (r *rest) reset() {
	each(r.less, func(w int) { r.lane[w] = 0 })
	r.less = 0
}

// lose takes a share off in the worlds of the mask: retained × (1 − share).
// The loss is kept so that the zero value is whole.
func (r *rest) lose(mask uint64, share int64) {
	if share == 0 {
		return
	}
	r.less |= mask
	each(mask, func(w int) { r.lane[w] += (million - r.lane[w]) * share / million })
}

// at returns what is retained in a world.
func (r *rest) at(world int) int64 { return million - r.lane[world] }
