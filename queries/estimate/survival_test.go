package estimate_test

import (
	"math"
	"testing"

	"entangle/queries/estimate"
)

// Weeks in remission, Freireich et al. 1963, Blood 21:699: 21 children on 6-mercaptopurine
// and 21 on placebo. A minus: still in remission when last seen.
var (
	mercaptopurine = []float64{6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35}
	placebo        = []float64{1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23}
)

func lasted(weeks []float64) (out []estimate.Lasted) {
	for _, w := range weeks {
		out = append(out, estimate.Lasted{Time: math.Abs(w), Ended: w > 0})
	}
	return out
}

// TestKaplanMeier: the figures of Cox and Oakes 1984, Analysis of Survival Data, p. 49, and of
// R's survfit(Surv(time, cens) ~ treat, MASS::gehan), survival 3.5.
func TestKaplanMeier(t *testing.T) {
	t.Parallel()
	got := estimate.KaplanMeier(lasted(mercaptopurine))
	want := []estimate.SurvivalStep{
		{Time: 6, AtRisk: 21, Ended: 3, Share: 0.857, SE: 0.0764},
		{Time: 7, AtRisk: 17, Ended: 1, Share: 0.807, SE: 0.0869},
		{Time: 10, AtRisk: 15, Ended: 1, Share: 0.753, SE: 0.0963},
		{Time: 13, AtRisk: 12, Ended: 1, Share: 0.690, SE: 0.1068},
		{Time: 16, AtRisk: 11, Ended: 1, Share: 0.627, SE: 0.1141},
		{Time: 22, AtRisk: 7, Ended: 1, Share: 0.538, SE: 0.1282},
		{Time: 23, AtRisk: 6, Ended: 1, Share: 0.448, SE: 0.1346},
	}
	if len(got.Steps) != len(want) {
		t.Fatalf("%d steps, want %d", len(got.Steps), len(want))
	}
	for i, w := range want {
		g := got.Steps[i]
		if g.Time != w.Time || g.AtRisk != w.AtRisk || g.Ended != w.Ended || math.Abs(g.Share-w.Share) > 6e-4 || math.Abs(g.SE-w.SE) > 6e-5 {
			t.Errorf("step %d: %+v, want %+v", i, g, w)
		}
	}
	for _, c := range []struct {
		name                 string
		of                   []float64
		lasted, ended        int
		lower, median, upper float64
	}{
		{"6-mercaptopurine", mercaptopurine, 21, 9, 16, 23, math.Inf(1)},
		{"placebo", placebo, 21, 21, 4, 8, 12},
		{"nothing", nil, 0, 0, math.Inf(1), math.Inf(1), math.Inf(1)},
		{"none ended", []float64{-3, -4}, 2, 0, math.Inf(1), math.Inf(1), math.Inf(1)},
		{"one of two", []float64{2, -5}, 2, 1, 2, 2, math.Inf(1)},
		{"one", []float64{2}, 1, 1, 2, 2, 2},
		{"an end before a last sight at the same time", []float64{2, -2}, 2, 1, 2, 2, math.Inf(1)},
	} {
		s := estimate.KaplanMeier(lasted(c.of))
		if s.Lasted != c.lasted || s.Ended != c.ended || s.Lower != c.lower || s.Median != c.median || s.Upper != c.upper {
			t.Errorf("%s: %d lasted, %d ended, median %g (%g–%g); want %d, %d, %g (%g–%g)",
				c.name, s.Lasted, s.Ended, s.Median, s.Lower, s.Upper, c.lasted, c.ended, c.median, c.lower, c.upper)
		}
	}
}
