package estimate_test

import (
	"math"
	"testing"

	"entangle/queries/estimate"
)

// TestStudent95: scipy.stats.t.ppf(0.975, n) of scipy 1.17.1.
func TestStudent95(t *testing.T) {
	for freedom, want := range map[float64]float64{
		0: 12.706204736, 1: 12.706204736, 2: 4.30265273, 3: 3.182446305, 4: 2.776445105, 5: 2.570581836, 9: 2.262157163,
		29: 2.045229642, 30: 2.042272456, 31: 2.039513446, 40: 2.021075390, 63: 1.998340543, 1000: 1.962339081,
		2.5:         4.30265273, // rounded down
		math.Inf(1): 1.959963985,
	} {
		if got := estimate.Student95(freedom); math.Abs(got-want) > 2e-6 {
			t.Errorf("%g degrees of freedom: %.9f, want %.9f", freedom, got, want)
		}
	}
	for n := 1.0; n < 200; n++ {
		if here, next := estimate.Student95(n), estimate.Student95(n+1); next >= here || next < 1.95996 {
			t.Errorf("%g degrees %g, one more %g", n, here, next)
		}
	}
}
