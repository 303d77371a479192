// A set of nodes as a bitset.
//
// Invariant: no bit is set past the last node.
// Cost: n/8 bytes; O(1) a node, O(n/64) to count.

package structure

import (
	"fmt"
	"iter"
	"math/bits"
)

// Mask is the set of nodes that a what-if takes away: one bit a node, set when the node
// is removed. The zero Mask removes nothing and fits every graph. Copies share their
// bits; [Mask.Clone] makes one that does not.
type Mask struct {
	n     int
	words []uint64
}

// NewMask returns a mask for n nodes that removes the given ones. Naming a node twice
// is no error. It fails with ErrNode for an id outside 0..n-1 and ErrSize for n < 0.
func NewMask(n int, removed ...int32) (Mask, error) {
	if n < 0 {
		return Mask{}, fmt.Errorf("%w: a mask for %d nodes", ErrSize, n)
	}
	m := Mask{n: n, words: make([]uint64, (n+63)/64)}
	for _, v := range removed {
		if err := m.Remove(v); err != nil {
			return Mask{}, err
		}
	}
	return m, nil
}

// MaskFromWords wraps a bitset, lowest bit first, without copying it. It fails with
// ErrMask when the slice has not exactly the words for n nodes or sets a bit past them.
func MaskFromWords(n int, words []uint64) (Mask, error) {
	if n < 0 || len(words) != (n+63)/64 {
		return Mask{}, fmt.Errorf("%w: %d words for %d nodes", ErrMask, len(words), n)
	}
	if tail := n % 64; tail != 0 && words[len(words)-1]>>tail != 0 {
		return Mask{}, fmt.Errorf("%w: a bit is set past node %d", ErrMask, n-1)
	}
	return Mask{n: n, words: words}, nil
}

// Remove adds v to the removed nodes. It fails with ErrNode outside the mask's range,
// which for the zero Mask is every id.
func (m Mask) Remove(v int32) error {
	if err := m.inRange(v); err != nil {
		return err
	}
	m.set(v)
	return nil
}

// Restore takes v out of the removed nodes; errors as for Remove.
func (m Mask) Restore(v int32) error {
	if err := m.inRange(v); err != nil {
		return err
	}
	m.clear(v)
	return nil
}

// Has reports whether v is removed; false for ids outside the mask.
func (m Mask) Has(v int32) bool {
	return v >= 0 && int(v) < m.n && m.has(v)
}

// Count returns the number of removed nodes.
func (m Mask) Count() int {
	count := 0
	for _, word := range m.words {
		count += bits.OnesCount64(word)
	}
	return count
}

// All yields the removed nodes in ascending order.
func (m Mask) All() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for i, word := range m.words {
			for ; word != 0; word &= word - 1 {
				if !yield(int32(i*64 + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}

// Clone returns a mask of its own with the same nodes removed.
func (m Mask) Clone() Mask {
	return Mask{n: m.n, words: append([]uint64(nil), m.words...)}
}

func (m Mask) inRange(v int32) error {
	if v < 0 || int(v) >= m.n {
		return fmt.Errorf("%w: %d in a mask for %d nodes", ErrNode, v, m.n)
	}
	return nil
}

// has, set and clear are for ids already known to be in range of a mask with words.
func (m Mask) has(v int32) bool { return m.words[v>>6]&(1<<(v&63)) != 0 }
func (m Mask) set(v int32)      { m.words[v>>6] |= 1 << (v & 63) }
func (m Mask) clear(v int32)    { m.words[v>>6] &^= 1 << (v & 63) }
