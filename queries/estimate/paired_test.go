package estimate_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"entangle/queries/estimate"
)

// TestPairedDifference: the same table has the difference 0.04 with SE 0.0095.
func TestPairedDifference(t *testing.T) {
	d := estimate.PairedDifference(150, 86, 1600)
	if d.Value != -0.04 || math.Abs(d.SE-0.0095) > 5e-5 || math.Abs(d.Low+0.0586) > 1e-4 || math.Abs(d.High+0.0213) > 1e-4 {
		t.Errorf("%+v", d)
	}
	// The bridge network with and without its middle tie, 20,000 worlds: 0.01405 ± 0.00083
	// for 0.01458, a quarter of the variance of worlds drawn apart, 0.00167².
	d = estimate.PairedDifference(281, 0, 20000)
	apart := math.Sqrt((0.97848*(1-0.97848) + 0.9639*(1-0.9639)) / 20000)
	if d.Value != -0.01405 || math.Abs(d.SE-0.00083) > 5e-6 || math.Abs(apart-0.00167) > 5e-6 || math.Abs(apart*apart/(d.SE*d.SE)-4.05) > 0.05 ||
		-d.High > 0.01458 || -d.Low < 0.01458 {
		t.Errorf("%+v, apart ± %g", d, apart)
	}
	if d = estimate.PairedDifference(0, 0, 1000); d.Value != 0 || d.SE != 0 || d.High < 0.0015 || d.Low != -d.High {
		t.Errorf("never seen to differ: %+v", d)
	}
	if d = estimate.PairedDifference(0, 0, 0); d.Low != -1 || d.High != 1 {
		t.Errorf("nothing seen: %+v", d)
	}
	if d = estimate.PairedDifference(0, 4, 4); d.Value != 1 || d.High != 1 || d.Low > 0.6 {
		t.Errorf("always: %+v", d)
	}
}

// TestPairedDifferenceCovers: the interval holds the true difference in at least 93
// of 100 draws, also where discordant worlds are rare.
func TestPairedDifferenceCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, p := range [][2]float64{{0.1, 0.1}, {0.3, 0.05}, {0.02, 0}, {0.002, 0.001}} {
		covered, n := 0, 400
		for range 1000 {
			b, c := 0, 0
			for range n {
				switch u := r.Float64(); {
				case u < p[0]:
					b++
				case u < p[0]+p[1]:
					c++
				}
			}
			if d := estimate.PairedDifference(b, c, n); d.Low <= p[1]-p[0] && p[1]-p[0] <= d.High {
				covered++
			}
		}
		if covered < 930 {
			t.Errorf("only first %g, only second %g: %d of 1000 intervals cover", p[0], p[1], covered)
		}
	}
}
