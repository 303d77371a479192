package memory

import (
	"testing"
)

// TestGenerationsForget: what is asked for stays, what is not goes, and the size
// is bounded.
func TestGenerationsForget(t *testing.T) {
	g := generations[int, int]{limit: 100, weigh: func(int) int { return 1 }}
	for i := range 10_000 {
		g.put(i, i*i)
		if v, ok := g.get(0); !ok || v != 0 {
			t.Fatalf("0 is %d, %v after %d", v, ok, i)
		}
		if n := len(g.young) + len(g.old); n > 101 {
			t.Fatalf("%d are kept", n)
		}
	}
	if _, ok := g.get(5_000); ok {
		t.Error("5000 was not forgotten")
	}
	if v, ok := g.get(9_999); !ok || v != 9_999*9_999 {
		t.Error("the last was forgotten")
	}
	full := generations[int, int]{limit: 10, weigh: func(int) int { return 1 }}
	for i := range 5 {
		full.put(i, i)
	}
	if len(full.young) != 5 || len(full.old) != 0 {
		t.Errorf("half of the room holds %d, and %d are old", len(full.young), len(full.old))
	}
	full.put(5, 5)
	if len(full.young) != 1 || len(full.old) != 5 {
		t.Errorf("one more than half of the room: %d are young, %d old", len(full.young), len(full.old))
	}
	one := generations[int, []int]{limit: 10, weigh: func(v []int) int { return len(v) }}
	one.put(1, make([]int, 1_000)) // more than there is room for
	if _, ok := one.get(1); !ok {
		t.Error("what is larger than the limit is not kept for the moment")
	}
}
