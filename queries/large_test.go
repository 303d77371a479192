//go:build large

package queries_test

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestWattsAtSize: seven mean degrees, 40 networks of 10,000 nodes each. A simulation in
// Python counted cascades over a tenth from 200 seeds: the figures wanted, within four
// standard deviations of that count. At z = 6.14, past the window of endless networks,
// they are rare and take nearly everything, which is what is peculiar to that side.
func TestWattsAtSize(t *testing.T) {
	for _, tt := range []struct{ z, want float64 }{{0.8, 0}, {1.5, .53}, {3, .815}, {4.5, .83}, {5.5, .39}, {6.14, .01}, {7, 0}} {
		got, size := cascades(t, tt.z, 40)
		t.Logf("z = %g: %.4f of the falls, %.4f of a network in each", tt.z, got, size)
		if off := 4*math.Sqrt(tt.want*(1-tt.want)/200) + 0.002; math.Abs(got-tt.want) > off {
			t.Errorf("z = %g: a cascade from %.3f of the seeds, want %.3f ± %.3f", tt.z, got, tt.want, off)
		}
		if tt.z == 6.14 && !(size > 0.99) {
			t.Errorf("z = %g: a cascade took %.3f, want nearly everything", tt.z, size)
		}
	}
}

// TestBuldyrevAtSize: two networks of 100,000 nodes and mean degree 4. A simulation in
// Python left nothing at p ≤ 0.61, about 0.37 at 0.62, 0.452 to 0.465 at 0.65 and 0.556
// to 0.561 at 0.70. It takes some 360 waves at 0.61: the closer to the threshold, the
// longer the state totters. There, 0.0039 under it, what is taken varies by
// √(p(1 − p)/n) = 0.0015 from world to world and the threshold of a network of this size
// as much, so that some worlds stand: each keeps nothing, or as much as at the threshold,
// 0.3141, and more. That more than three in four fall is what tells the two apart.
func TestBuldyrevAtSize(t *testing.T) {
	const n, k = 100_000, 4
	s, params := coupled(t, rand.New(rand.NewPCG(2010, 464)), n, k)
	for _, tt := range []struct{ p, low, high float64 }{
		{0.55, 0, 0.001},
		{0.6, 0, 0.001},
		{0.61, 0, 0.3141 / 4},
		{0.62, 0.36, 0.38},
		{0.65, 0.452, 0.465},
		{0.7, 0.556, 0.561},
	} {
		left, basis := remains(t, s, params, n, tt.p)
		t.Logf("p = %g: %.4f left, want %.4f of endless networks; %d waves, converged %t", tt.p, left, endless(k, tt.p), basis.Waves, basis.Converged)
		if left < tt.low || left > tt.high || !basis.Converged {
			t.Errorf("p = %g: %.4f left, want %g to %g; converged %t", tt.p, left, tt.low, tt.high, basis.Converged)
		}
	}
}
