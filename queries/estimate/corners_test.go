package estimate_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/queries/estimate"
)

// TestWilsonEnds: the share itself, and ends that are the very ends where nothing or
// everything was seen.
func TestWilsonEnds(t *testing.T) {
	for n := range 200 {
		none, all := estimate.Wilson(0, n), estimate.Wilson(n, n)
		if none.P != 0 || none.Low != 0 || all.High != 1 {
			t.Errorf("of %d: %+v and %+v", n, none, all)
		}
		if n > 0 && (all.P != 1 || all.Low <= 0 || none.High >= 1 || math.Abs(all.Low-(1-none.High)) > 1e-12) {
			t.Errorf("of %d: %+v and %+v do not mirror", n, none, all)
		}
	}
	if got := estimate.Wilson(3, 8); got.P != 0.375 || got.Low >= got.P || got.High <= got.P {
		t.Errorf("3 of 8: %+v", got)
	}
	for _, n := range []int{0, -1} {
		if got := estimate.Wilson(n, n); got != (estimate.Estimate{High: 1}) {
			t.Errorf("of %d: %+v", n, got)
		}
		if got := estimate.PairedDifference(0, 0, n); got != (estimate.Amount{Low: -1, High: 1}) {
			t.Errorf("a difference of %d: %+v", n, got)
		}
	}
}

// TestPairedDifferenceByHand: 1 and 3 of 10 worlds apart: (3 − 1)/10, √(4 − 4/10)/10, and
// half a world more of each of four kinds: 2/12 ± z·√(5 − 4/12)/12.
func TestPairedDifferenceByHand(t *testing.T) {
	half := estimate.Z95 * math.Sqrt(5-4.0/12) / 12
	want := estimate.Amount{Value: 0.2, SE: math.Sqrt(3.6) / 10, Low: 2.0/12 - half, High: 2.0/12 + half}
	if diff := cmp.Diff(want, estimate.PairedDifference(1, 3, 10), near(1e-12)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := estimate.PairedDifference(4, 0, 4); got.Value != -1 || got.Low != -1 || got.SE != 0 {
		t.Errorf("always the first: %+v", got)
	}
}

// TestMomentsByHand: intervals that the rules of Amount give, each by its own rule.
func TestMomentsByHand(t *testing.T) {
	none, half := estimate.Wilson(0, 100).High, estimate.Wilson(5, 10)
	se := math.Sqrt((0.1 - 0.0016) / 99) // of 98 zeros, 1 and 3, with mean 0.04
	far := 3 - estimate.Wilson(99, 100).Low*2.96/0.99
	for name, tt := range map[string]struct {
		values    []float64
		low, high float64
		want      estimate.Amount
	}{
		// One value at an end of the range: what was not seen lies on the other side.
		"always the least": {times(0.0, 100), 0, 4, estimate.Amount{High: none * 4}},
		"always the most":  {times(4.0, 100), 0, 4, estimate.Amount{Value: 4, Low: 4 - none*4, High: 4}},
		"one world":        {times(1.0, 1), 0, 4, estimate.Amount{Value: 1, Low: 1 - estimate.Wilson(0, 1).High, High: 1 + 3*estimate.Wilson(0, 1).High}},
		// Two values that are the ends of the range: there is no third, also in few worlds.
		"two ends in ten worlds": {
			append(times(0.0, 5), times(4.0, 5)...), 0, 4, estimate.Amount{Value: 2, SE: math.Sqrt(4.0 / 9), Low: 4 * half.Low, High: 4 * half.High},
		},
		// Of 98 zeros, 1 and 3 one world is at 3, the others are 2.96/0.99 below it on
		// average: Wilson's share of these reaches further up than Student's interval.
		"nearly always the least": {append(times(0.0, 98), 1, 3), 0, 4, estimate.Amount{Value: 0.04, SE: se, High: far}},
		"nearly always the most":  {append(times(4.0, 98), 3, 1), 0, 4, estimate.Amount{Value: 3.96, SE: se, Low: 4 - far, High: 4}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, momentsOf(tt.values...).Amount(false, tt.low, tt.high), near(1e-9)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestMomentsKeepTheirEnds: the least and the most value and their weights come through
// merging, in whichever order, with nothing and with worlds of no weight.
func TestMomentsKeepTheirEnds(t *testing.T) {
	const low, high = -10, 10
	whole := momentsOf(1, 1, 2, 5, 5, 5)
	want := whole.Amount(false, low, high)
	for name, parts := range map[string][2]*estimate.Moments{
		"in order":         {momentsOf(1, 1, 2), momentsOf(5, 5, 5)},
		"turned":           {momentsOf(5, 5, 5), momentsOf(1, 1, 2)},
		"ends in both":     {momentsOf(1, 5, 2), momentsOf(1, 5, 5)},
		"nothing first":    {{}, whole},
		"nothing behind":   {momentsOf(1, 1, 2, 5, 5, 5), {}},
		"ends in the last": {momentsOf(2), momentsOf(5, 1, 5, 1, 5)},
	} {
		merged := *parts[0]
		merged.Merge(*parts[1])
		if diff := cmp.Diff(want, merged.Amount(false, low, high)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	weightless := momentsOf(1, 1, 2, 5, 5, 5)
	weightless.Add(-9, 0)
	weightless.Add(9, 0)
	if diff := cmp.Diff(want, weightless.Amount(false, low, high)); diff != "" {
		t.Errorf("with worlds of no weight (-want +got):\n%s", diff)
	}
}

// TestConstant: one value of any size is constant, also where rounding makes a variance
// of it; two values are not, however near.
func TestConstant(t *testing.T) {
	for _, v := range []float64{0, 1e-9, 0.1, 1, 1e6 / 3, -7} {
		if !momentsOf(times(v, 30)...).Constant() {
			t.Errorf("%g: not constant", v)
		}
	}
	for _, v := range []float64{0, 1.0 / 3, -7} {
		sums := estimate.Moments{}
		sums.AddSums(30, 30*v, 30*v*v)
		if !sums.Constant() {
			t.Errorf("%g by its sums: not constant", v)
		}
	}
	for _, values := range [][]float64{{0, 1}, {1000, 1001}, {0, 1e-6}} {
		if momentsOf(values...).Constant() {
			t.Errorf("%v: constant", values)
		}
	}
}

// TestSharesByHand: 3 worlds of a half and 1 of the whole: mean 5/8, variance 3/64.
func TestSharesByHand(t *testing.T) {
	var s estimate.Shares
	s.Count(500_000, 3)
	s.Count(1_000_000, 0) // no worlds
	s.Count(1_000_000, 1)
	got := s.Amount(false)
	if s.Weight() != 4 || got.Value != 0.625 || math.Abs(got.SE-math.Sqrt(3.0/64/3)) > 1e-9 {
		t.Errorf("weight %g, %+v", s.Weight(), got)
	}
}

// TestRatioByHand: worlds that weigh two and three count as so many, and each end of the
// interval comes from its own rule.
func TestRatioByHand(t *testing.T) {
	var one, by estimate.Ratio
	for range 3 {
		one.Add(1, 4, 1)
	}
	for range 2 {
		one.Add(2, 2, 1)
	}
	by.Add(1, 4, 3)
	by.Add(2, 2, 2)
	if diff := cmp.Diff(one.Amount(false), by.Amount(false)); diff != "" {
		t.Errorf("by weight (-single +weighed):\n%s", diff)
	}
	if diff := cmp.Diff(estimate.Exact(7.0/16), by.Amount(true)); diff != "" {
		t.Errorf("exact (-want +got):\n%s", diff)
	}
	// All of it in each of 50 worlds: no error is seen, what was not seen bounds it.
	var all estimate.Ratio
	for range 50 {
		all.Add(3, 3, 1)
	}
	unseen := estimate.Wilson(0, 50).High
	if diff := cmp.Diff(estimate.Amount{Value: 1, Low: 1 - unseen, High: 1}, all.Amount(false), near(1e-9)); diff != "" {
		t.Errorf("always the whole (-want +got):\n%s", diff)
	}
	// Two of 100 worlds have a half of it: the share of worlds with a part, at their mean.
	var rare estimate.Ratio
	for range 98 {
		rare.Add(0, 2, 1)
	}
	rare.Add(1, 2, 1)
	rare.Add(1, 2, 1)
	some := estimate.Wilson(2, 100)
	if got := rare.Amount(false); math.Abs(got.High-0.01*some.High/some.P) > 1e-9 || got.Value != 0.01 || got.Low != 0 {
		t.Errorf("rarely a part: %+v, want at most %g", got, 0.01*some.High/some.P)
	}
	// And the other way round: in two of 100 a half is lacking.
	var mostly estimate.Ratio
	for range 98 {
		mostly.Add(2, 2, 1)
	}
	mostly.Add(1, 2, 1)
	mostly.Add(1, 2, 1)
	if got := mostly.Amount(false); math.Abs(1-got.Low-0.01*some.High/some.P) > 1e-9 || math.Abs(got.Value-0.99) > 1e-9 {
		t.Errorf("rarely lacking: %+v, want at least %g", got, 1-0.01*some.High/some.P)
	}
	// The same ratio in every world, or one world: the next may have any.
	for _, n := range []int{1, 50} {
		var same estimate.Ratio
		for i := range n {
			same.Add(float64(i+1), 4*float64(i+1), 1)
		}
		unseen := estimate.Wilson(0, n).High
		want := estimate.Amount{Value: 0.25, Low: 0.25 - unseen*0.25, High: 0.25 + unseen*0.75}
		if diff := cmp.Diff(want, same.Amount(false), near(1e-9)); diff != "" {
			t.Errorf("the same in %d worlds (-want +got):\n%s", n, diff)
		}
	}
}

// TestSpreadQuantiles: a quantile is the least number that so many worlds do not exceed,
// at the very share too.
func TestSpreadQuantiles(t *testing.T) {
	for name, tt := range map[string]struct {
		numbers       map[int]float64
		q05, q50, q95 int
	}{
		"at the shares":    {map[int]float64{1: 5, 2: 45, 3: 45, 4: 5}, 1, 2, 3},
		"below the shares": {map[int]float64{1: 4, 2: 45, 3: 45, 4: 6}, 2, 3, 4},
		"one number":       {map[int]float64{7: 3}, 7, 7, 7},
		"no worlds":        {nil, 0, 0, 0},
	} {
		got := estimate.SpreadOf(tt.numbers, true, 9)
		if got.Q05 != tt.q05 || got.Q50 != tt.q50 || got.Q95 != tt.q95 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestVarianceByHand: numbers off the most frequent one, 5, that lie apart from it by 3 on
// average: w·v + w(1 − w)·d² at the ends of Wilson's interval and at the parabola's top.
func TestVarianceByHand(t *testing.T) {
	// Six of ten at 5, two at 1 and two at 3: off the mode mean 2, variance 1, d = −3.
	numbers := map[int]float64{5: 6, 1: 2, 3: 2}
	at := func(w float64) float64 { return w*1 + w*(1-w)*9 }
	share := estimate.Wilson(4, 10)
	top := (1.0 + 9) / 18
	if top <= share.Low || top >= share.High {
		t.Fatalf("the top %g is not within %+v", top, share)
	}
	value := at(0.4)
	fourth := (6*math.Pow(5-3.8, 4) + 2*math.Pow(1-3.8, 4) + 2*math.Pow(3-3.8, 4)) / 10
	se := math.Sqrt((fourth - value*value) / 10)
	apart := math.Exp(estimate.Z95 * se / value)
	for most, high := range map[float64]float64{5: min(25.0/4, max(value*apart, at(top))), 9: max(min(81.0/4, value*apart), at(top))} {
		want := estimate.Amount{Value: value, SE: se, Low: min(value/apart, at(share.Low), at(share.High)), High: high}
		if diff := cmp.Diff(want, estimate.VarianceOf(numbers, false, most), near(2e-9)); diff != "" {
			t.Errorf("at most %g (-want +got):\n%s", most, diff)
		}
	}
	// 0, 1 and 2 in a world each: the variance 2/3 is known so badly that only the largest
	// that there can be, 2²/4, bounds it.
	se = math.Sqrt((2.0/3 - 4.0/9) / 3)
	want := estimate.Amount{Value: 2.0 / 3, SE: se, Low: 2.0 / 3 / math.Exp(estimate.Z95*se/(2.0/3)), High: 1}
	if diff := cmp.Diff(want, estimate.VarianceOf(map[int]float64{0: 1, 1: 1, 2: 1}, false, 2), near(2e-9)); diff != "" {
		t.Errorf("three worlds (-want +got):\n%s", diff)
	}
	// Of few worlds with one number half may be elsewhere, and no more: that is the most.
	if diff := cmp.Diff(estimate.Amount{High: 0.25 * 36}, estimate.VarianceOf(map[int]float64{6: 2}, false, 9), near(1e-9)); diff != "" {
		t.Errorf("one number in two worlds (-want +got):\n%s", diff)
	}
}
