package estimate_test

import (
	"math"
	"testing"

	"entangle/queries/estimate"
)

// TestMcNemar: sums of binomial coefficients by hand; 150 against 86 is the table of
// Agresti, Categorical Data Analysis, section 10.1: z² = 17.36.
func TestMcNemar(t *testing.T) {
	for _, c := range []struct {
		b, c  int
		p     float64
		exact bool
	}{
		{0, 0, 1, true},
		{0, 1, 1, true},
		{3, 3, 1, true},
		{0, 6, 2.0 / 64, true},
		{5, 15, 2 * 21700.0 / (1 << 20), true}, // 1 + 20 + 190 + 1140 + 4845 + 15504
		{15, 5, 2 * 21700.0 / (1 << 20), true},
		{12, 13, math.Erfc(0.2 / math.Sqrt2), false},
		{150, 86, math.Erfc(64 / math.Sqrt(236) / math.Sqrt2), false},
	} {
		got := estimate.McNemar(c.b, c.c)
		if math.Abs(got.P-c.p) > 1e-12 || got.Exact != c.exact {
			t.Errorf("%d against %d: %+v, want %g, exact %t", c.b, c.c, got, c.p, c.exact)
		}
	}
	if z2 := 64.0 * 64 / 236; math.Abs(z2-17.36) > 0.005 {
		t.Error(z2)
	}
}
