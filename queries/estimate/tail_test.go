package estimate_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entangle/queries/estimate"
)

// TestTail by hand: ten worlds of which the worst has 10, two have 5, and seven nothing.
func TestTail(t *testing.T) {
	levels := []estimate.Level{{Value: 5, Worlds: 2}, {Value: 0, Worlds: 7}, {Value: 10, Worlds: 1}}
	for _, tt := range []struct{ at, want float64 }{
		{0.9, 10},            // the worst world
		{0.8, (10 + 5) / 2.}, // the worst two
		{0.75, (10 + 1.5*5) / 2.5},
		{0.7, 20 / 3.},
		{0, 2}, // the mean
	} {
		if got := estimate.Tail(levels, tt.at); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("at %g: %g, want %g", tt.at, got, tt.want)
		}
	}
	want := estimate.Amount{Value: 6.666666667, Low: 6.666666667, High: 6.666666667}
	if got := estimate.TailAmount(levels, 0.7, 100, true); got != want {
		t.Errorf("exact: %+v, want %+v", got, want)
	}
}

// TestTailOfTwoValues: where a world breaks all or nothing the tail at 0 is a probability,
// and has the interval of Wilson.
func TestTailOfTwoValues(t *testing.T) {
	for _, of := range [][2]float64{{3, 10}, {40, 100}, {999, 1000}, {1, 4096}} {
		got := estimate.TailAmount([]estimate.Level{{Value: 0, Worlds: of[1] - of[0]}, {Value: 7, Worlds: of[0]}}, 0, 7, false)
		want := estimate.Wilson(int(of[0]), int(of[1]))
		if math.Abs(got.Value-7*want.P) > 1e-12 || math.Abs(got.Low-7*want.Low) > 1e-9 || math.Abs(got.High-7*want.High) > 1e-9 {
			t.Errorf("%g of %g: %+v, want 7 times %+v", of[0], of[1], got, want)
		}
	}
}

// TestTailThatDidNotVary: a world that was not drawn may have any value. Of 100 worlds it has
// at most the chance that zero of 100 leaves open, ten times that within the worst tenth.
func TestTailThatDidNotVary(t *testing.T) {
	open := estimate.Wilson(0, 100).High
	for at, chance := range map[float64]float64{0: open, 0.9: 10 * open, 0.99: 1} {
		got := estimate.TailAmount([]estimate.Level{{Value: 4, Worlds: 100}}, at, 20, false)
		want := estimate.Amount{Value: 4, Low: 4 - chance*4, High: 4 + chance*16}
		if got.Value != 4 || got.SE != 0 || math.Abs(got.Low-want.Low) > 1e-9 || math.Abs(got.High-want.High) > 1e-9 {
			t.Errorf("at %g: %+v, want %+v", at, got, want)
		}
	}
}

// TestTailOfOneValue: 67 worlds of 82 have the value 1, of which the tail needs 57. One that
// was not drawn may have any value all the same.
func TestTailOfOneValue(t *testing.T) {
	got := estimate.TailAmount([]estimate.Level{{Value: 1, Worlds: 67}, {Value: 0, Worlds: 15}}, 0.3, 30, false)
	open := estimate.Wilson(0, 82).High / 0.7
	if got.Value != 1 || math.Abs(got.Low-(1-open)) > 1e-9 || math.Abs(got.High-(1+29*open)) > 1e-9 {
		t.Errorf("%+v, want 1 − %[2]g to 1 + 29 × %[2]g", got, open)
	}
}

// TestTailError: at 0 the tail is the mean, whose standard error is known: σ/√n. The bootstrap
// of 200 resamples comes within a few of its own errors, each 1/√400 = 5% of it. Of the worst
// half of like worlds with two values half of the time each, it is that of the share: the
// tail is 2·min(½, share), which is at its end in half of the samples.
func TestTailError(t *testing.T) {
	for _, levels := range [][]estimate.Level{
		{{Value: 3, Worlds: 20}, {Value: 2, Worlds: 30}, {Value: 1, Worlds: 50}},
		{{Value: 30, Worlds: 1000}, {Value: 20, Worlds: 2000}, {Value: 0, Worlds: 17000}},
		{{Value: 9, Worlds: 1}, {Value: 1, Worlds: 3}, {Value: 0.5, Worlds: 60}},
	} {
		n, sum, squares := 0.0, 0.0, 0.0
		for _, l := range levels {
			n += l.Worlds
			sum += l.Worlds * l.Value
			squares += l.Worlds * l.Value * l.Value
		}
		want := math.Sqrt((squares/n - sum/n*sum/n) / n)
		got := estimate.TailAmount(levels, 0, 100, false)
		if math.Abs(got.SE/want-1) > 0.2 {
			t.Errorf("%v: standard error %g, want %g", levels, got.SE, want)
		}
		if n >= 1000 && (math.Abs(got.Low-(got.Value-estimate.Z95*got.SE)) > 1e-9 && got.Low > got.Value-estimate.Z95*got.SE || got.High < got.Value+estimate.Z95*got.SE) {
			t.Errorf("%v: %+v is narrower than its error", levels, got)
		}
	}
	// E[(½ − min(½, k/n))·2]: half of the samples have k ≥ n/2, the others fall short by
	// |N(0, ¼n)|: the tail's variance is (1/n)(½ − 1/(2π)).
	const n = 4000
	got := estimate.TailAmount([]estimate.Level{{Value: 1, Worlds: n / 2}, {Value: 0, Worlds: n / 2}}, 0.5, 1, false)
	if want := math.Sqrt((0.5 - 1/(2*math.Pi)) / n); math.Abs(got.SE/want-1) > 0.2 {
		t.Errorf("standard error %g, want %g", got.SE, want)
	}
}

// TestTailInterval: of many worlds with three values the interval is that of the bootstrap, or
// wider where the share of worlds above the least value may be another, by Wilson. At 0 the
// tail moves with that share: 1 + 1.4 · share where the others are 3 and 2, as 2 to 3.
func TestTailInterval(t *testing.T) {
	for _, n := range []float64{200, 20_000} {
		got := estimate.TailAmount([]estimate.Level{{Value: 3, Worlds: 0.2 * n}, {Value: 2, Worlds: 0.3 * n}, {Value: 1, Worlds: 0.5 * n}}, 0, 10, false)
		above := estimate.Wilson(int(0.5*n), int(n))
		low, high := min(1.7-estimate.Z95*got.SE, 1+1.4*above.Low), max(1.7+estimate.Z95*got.SE, 1+1.4*above.High)
		if math.Abs(got.Value-1.7) > 1e-12 || math.Abs(got.Low-low) > 1e-9 || math.Abs(got.High-high) > 1e-9 {
			t.Errorf("%g worlds: %+v, want 1.7 from %g to %g", n, got, low, high)
		}
	}
	// It cannot leave what values can be.
	rare := estimate.TailAmount([]estimate.Level{{Value: 5, Worlds: 1}, {Value: 1, Worlds: 3}, {Value: 0, Worlds: 96}}, 0, 10, false)
	if rare.Low != 0 && rare.Low > 0.02 || rare.Low < 0 {
		t.Errorf("%+v", rare)
	}
}

// TestTailHolds: intervals of samples contain the true tail, also where the tail is a handful
// of worlds. Values are 0 to 4 with chances 0.5, 0.25, 0.15, 0.08 and 0.02.
func TestTailHolds(t *testing.T) {
	chances := []float64{0.5, 0.25, 0.15, 0.08, 0.02}
	var truth []estimate.Level
	for v, p := range chances {
		truth = append(truth, estimate.Level{Value: float64(v), Worlds: p})
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		at float64
		n  int
	}{{0, 100}, {0.5, 64}, {0.9, 64}, {0.9, 1000}, {0.99, 64}, {0.99, 3000}} {
		want, held, width := estimate.Tail(truth, c.at), 0, 0.0
		for range 300 {
			count := make([]float64, len(chances))
			for range c.n {
				x, v := r.Float64(), 0
				for ; v < len(chances)-1 && x >= chances[v]; v++ {
					x -= chances[v]
				}
				count[v]++
			}
			var levels []estimate.Level
			for v, n := range count {
				if n > 0 {
					levels = append(levels, estimate.Level{Value: float64(v), Worlds: n})
				}
			}
			a := estimate.TailAmount(levels, c.at, 4, false)
			if a.Low <= want+1e-12 && want <= a.High+1e-12 {
				held++
			}
			width += (a.High - a.Low) / 300
		}
		if held < 276 { // 92%, two errors below 95
			t.Errorf("at %g, %d worlds: %d of 300 intervals hold %g", c.at, c.n, held, want)
		}
		if c.n >= 1000 && width > 0.6 {
			t.Errorf("at %g, %d worlds: %g wide on average", c.at, c.n, width)
		}
	}
}

// TestTailStaysWithin: whatever was drawn, the tail is between the mean and the largest value, its
// interval around it and within 0 to most, and the order of levels does not matter.
func TestTailStaysWithin(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		values := rapid.SliceOfNDistinct(rapid.IntRange(0, 30), 1, 6, rapid.ID[int]).Draw(rt, "values")
		at := rapid.SampledFrom([]float64{0, 0.3, 0.9, 0.999}).Draw(rt, "at")
		most := 30 + float64(rapid.IntRange(0, 5).Draw(rt, "more"))
		var levels []estimate.Level
		sum, n := 0.0, 0.0
		for _, v := range values {
			w := float64(rapid.IntRange(1, 300).Draw(rt, "worlds"))
			levels = append(levels, estimate.Level{Value: float64(v), Worlds: w})
			sum, n = sum+w*float64(v), n+w
		}
		a := estimate.TailAmount(levels, at, most, false)
		if a.Value < sum/n-1e-9 || a.Value > float64(slices.Max(values))+1e-9 || a.Value != estimate.Tail(levels, at) {
			rt.Fatalf("%+v, mean %g, largest %d", a, sum/n, slices.Max(values))
		}
		if a.Low > a.Value || a.High < a.Value || a.Low < -1e-9 || a.High > most+1e-9 || a.High == a.Low || a.SE < 0 {
			rt.Fatalf("%+v of 0 to %g", a, most)
		}
		slices.Reverse(levels)
		if b := estimate.TailAmount(levels, at, most, false); b != a {
			rt.Fatalf("%+v, the other way round %+v", a, b)
		}
	})
}
