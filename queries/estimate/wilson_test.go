package estimate_test

import (
	"math"
	"testing"

	"entangle/queries/estimate"
)

// TestWilsonNumbers: intervals as scipy.stats.binomtest(…).proportion_ci(method
// ="wilson") and statsmodels proportion_confint give them.
func TestWilsonNumbers(t *testing.T) {
	for _, tt := range []struct {
		count, n  int
		low, high float64
	}{
		{0, 10, 0, 0.277533},
		{7, 50, 0.069508, 0.261862},
		{10, 10, 0.722467, 1},
		{19554, 20000, 0.975560, 0.979657}, // 20,000 worlds of the bridge network at p = 0.9, R = 0.97848
		{0, 0, 0, 1},
	} {
		e := estimate.Wilson(tt.count, tt.n)
		if math.Abs(e.Low-tt.low) > 5e-7 || math.Abs(e.High-tt.high) > 5e-7 || e.Count != tt.count || e.Worlds != tt.n {
			t.Errorf("%d of %d: %+v, want %g to %g", tt.count, tt.n, e, tt.low, tt.high)
		}
	}
}
