package queries_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

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
func bridgeParams() worlds.Params {
	p := worlds.DefaultParams()
	p.Loyalty = 1
	return p
}

func bridgePurge(tb testing.TB, s *projection.Snapshot, method worlds.Method, samples int, seed uint64) estimate.Estimate {
	tb.Helper()
	return chanceOf(purgeOf(tb, s, queries.PurgeInput{
		Targets: []graph.ID{"s"}, Params: bridgeParams(), Draw: worlds.Draw{Method: method, Samples: samples, Seed: seed, Workers: 1},
	}), "office")
}

// TestBridgeNetwork: R = 2p² + 2p³ − 5p⁴ + 2p⁵ (Colbourn 1987), exactly; and 20,000
// worlds give an interval that holds it.
func TestBridgeNetwork(t *testing.T) {
	for p, want := range map[float64]float64{0.1: 0.02152, 0.5: 0.5, 0.9: 0.97848} {
		s := bridgeOfKin(t, p, p)
		if got := bridgePurge(t, s, worlds.Exact, 0, 0).P; math.Abs(got-want) > 2e-9 {
			t.Errorf("p %g: %.10f, want %g", p, got, want)
		}
		e := bridgePurge(t, s, worlds.Sampled, 20000, 12345)
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
			d := bridgePurge(t, with, worlds.Sampled, samples, i).P - bridgePurge(t, without, worlds.Sampled, samples, i+shift).P
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
