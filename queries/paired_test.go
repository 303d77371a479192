package queries_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
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
		got := queries.McNemar(c.b, c.c)
		if math.Abs(got.P-c.p) > 1e-12 || got.Exact != c.exact {
			t.Errorf("%d against %d: %+v, want %g, exact %t", c.b, c.c, got, c.p, c.exact)
		}
	}
	if z2 := 64.0 * 64 / 236; math.Abs(z2-17.36) > 0.005 {
		t.Error(z2)
	}
}

// TestPairedDifference: the same table has the difference 0.04 with SE 0.0095.
func TestPairedDifference(t *testing.T) {
	d := queries.PairedDifference(150, 86, 1600)
	if d.Value != -0.04 || math.Abs(d.SE-0.0095) > 5e-5 || math.Abs(d.Low+0.0586) > 1e-4 || math.Abs(d.High+0.0213) > 1e-4 {
		t.Errorf("%+v", d)
	}
	// The bridge network with and without its middle tie, 20,000 worlds: 0.01405 ± 0.00083
	// for 0.01458, a quarter of the variance of worlds drawn apart, 0.00167².
	d = queries.PairedDifference(281, 0, 20000)
	apart := math.Sqrt((0.97848*(1-0.97848) + 0.9639*(1-0.9639)) / 20000)
	if d.Value != -0.01405 || math.Abs(d.SE-0.00083) > 5e-6 || math.Abs(apart-0.00167) > 5e-6 || math.Abs(apart*apart/(d.SE*d.SE)-4.05) > 0.05 ||
		-d.High > 0.01458 || -d.Low < 0.01458 {
		t.Errorf("%+v, apart ± %g", d, apart)
	}
	if d = queries.PairedDifference(0, 0, 1000); d.Value != 0 || d.SE != 0 || d.High < 0.0015 || d.Low != -d.High {
		t.Errorf("never seen to differ: %+v", d)
	}
	if d = queries.PairedDifference(0, 0, 0); d.Low != -1 || d.High != 1 {
		t.Errorf("nothing seen: %+v", d)
	}
	if d = queries.PairedDifference(0, 4, 4); d.Value != 1 || d.High != 1 || d.Low > 0.6 {
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
			if d := queries.PairedDifference(b, c, n); d.Low <= p[1]-p[0] && p[1]-p[0] <= d.High {
				covered++
			}
		}
		if covered < 930 {
			t.Errorf("only first %g, only second %g: %d of 1000 intervals cover", p[0], p[1], covered)
		}
	}
}

// The five-tie bridge network s–a, s–b, a–b, a–t, b–t as kin: whoever is kin of a
// lost person is lost. The institution t stands on breaks where a path of ties that
// hold leads from s to t, so that its chance is the reliability of the network.
func bridgeOfKin(tb testing.TB, p, ab float64) *projection.Snapshot {
	tb.Helper()
	var b strings.Builder
	b.WriteString("person s\nperson a\nperson b\nperson t\npost chair\ninstitution office types=office\nt HOLDS chair\nchair POST_IN office\n")
	for _, pair := range []string{"s a", "s b", "a b", "a t", "b t"} {
		from, to, _ := strings.Cut(pair, " ")
		chance := p
		if pair == "a b" {
			chance = ab
		}
		fmt.Fprintf(&b, "%s KIN_OF %s id=%s%s weight=1 conf=%g\n", from, to, from, to, chance)
	}
	return snapshotOf(tb, b.String())
}

// bridgeParams let every kin leave with certainty.
func bridgeParams() queries.Params {
	p := queries.DefaultParams()
	p.Loyalty = 1
	return p
}

func bridgePurge(tb testing.TB, s *projection.Snapshot, method queries.Method, samples int, seed uint64) queries.Estimate {
	tb.Helper()
	return chanceOf(purgeOf(tb, s, queries.PurgeInput{
		Targets: []graph.ID{"s"}, Params: bridgeParams(), Draw: queries.Draw{Method: method, Samples: samples, Seed: seed, Workers: 1},
	}), "office")
}

// TestBridgeNetwork: R = 2p² + 2p³ − 5p⁴ + 2p⁵ (Colbourn 1987), exactly; and 20,000
// worlds give an interval that holds it.
func TestBridgeNetwork(t *testing.T) {
	for p, want := range map[float64]float64{0.1: 0.02152, 0.5: 0.5, 0.9: 0.97848} {
		s := bridgeOfKin(t, p, p)
		if got := bridgePurge(t, s, queries.Exact, 0, 0).P; math.Abs(got-want) > 2e-9 {
			t.Errorf("p %g: %.10f, want %g", p, got, want)
		}
		e := bridgePurge(t, s, queries.Sampled, 20000, 12345)
		if e.Low > want || e.High < want {
			t.Errorf("p %g: %v does not hold %g", p, e, want)
		}
	}
}

// TestCommonRandomNumbers: the loss of the tie a–b costs R(0.9) − R without it =
// 0.9 · 0.0162 = 0.01458. Drawn in the same worlds its variance is d − d² = 0.01437,
// drawn apart R(1 − R) + R'(1 − R') = 0.05585: 3.9 times as much.
func TestCommonRandomNumbers(t *testing.T) {
	t.Parallel()
	with, without := bridgeOfKin(t, 0.9, 0.9), bridgeOfKin(t, 0.9, 0)
	const draws, samples = 1500, 128
	variance := func(shift uint64) (v, mean float64) {
		sum, squares := 0.0, 0.0
		for i := range uint64(draws) {
			d := bridgePurge(t, with, queries.Sampled, samples, i).P - bridgePurge(t, without, queries.Sampled, samples, i+shift).P
			sum += d
			squares += d * d
		}
		return squares/draws - sum/draws*sum/draws, sum / draws
	}
	paired, mean := variance(0)
	apart, _ := variance(1 << 20)
	if se := math.Sqrt(0.01437 / (draws * samples)); math.Abs(mean-0.01458) > 4*se {
		t.Errorf("mean difference %.5f, want 0.01458 ± %.5f", mean, se)
	}
	if ratio := apart / paired; ratio < 3.3 || ratio > 4.5 {
		t.Errorf("variance %.3g apart, %.3g paired: ratio %.2f, want 3.9", apart, paired, ratio)
	}
	t.Logf("mean %.5f, variance ratio %.2f", mean, apart/paired)
}
