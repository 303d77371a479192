package worlds

import (
	"math/bits"
	"testing"
)

// TestSumsOfFunctionsOfFewerGroups: whether functions are kept apart or added up at once,
// the sum is that of what each says of a set's groups that it knows.
func TestSumsOfFunctionsOfFewerGroups(t *testing.T) {
	const groups = 0b1101101
	for _, apart := range []int{0, 2, maxApart} {
		s, o := newSums(groups), newSums(groups)
		s.apart, o.apart = apart, apart
		parts := []uint32{0, 0b1, 0b1100, 0b1001001, groups, 0b1100}
		for i, part := range parts {
			values := make([]float64, 1<<bits.OnesCount32(part))
			for place := range values {
				values[place] = float64((i + 1) * int(unpack(uint32(place), part)))
			}
			[]*sums{s, o}[i%2].add(part, values)
		}
		s.merge(o)
		for place, got := range s.table() {
			set, want := unpack(uint32(place), groups), 0.0
			if pack(set, groups) != uint32(place) {
				t.Fatalf("set %b stands at %d, want %d", set, pack(set, groups), place)
			}
			for i, part := range parts {
				want += float64((i + 1) * int(set&part))
			}
			if got != want {
				t.Errorf("apart %d, set %b: %g, want %g", apart, set, got, want)
			}
		}
	}
}
