package estimate_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/queries/estimate"
)

// TestSpread: 100 worlds with 0, 1, 2 and 9 of at most 9.
func TestSpread(t *testing.T) {
	numbers := map[int]float64{0: 5, 1: 45, 2: 45, 9: 5}
	s := estimate.SpreadOf(numbers, false, 9)
	var m estimate.Moments
	for _, n := range []int{0, 1, 2, 9} {
		m.Add(float64(n), numbers[n])
	}
	a := m.Amount(false, 0, 9)
	if diff := cmp.Diff(estimate.Spread{Mean: 1.8, SE: a.SE, Low: a.Low, High: a.High, Q05: 0, Q50: 1, Q95: 2}, s, near(1e-12)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(estimate.Spread{Mean: 1.8, Low: 1.8, High: 1.8, Q05: 0, Q50: 1, Q95: 2}, estimate.SpreadOf(numbers, true, 9)); diff != "" {
		t.Errorf("exact (-want +got):\n%s", diff)
	}
}

// TestVariance: by hand. Of 0 and 1, half each, it is 1/4 and can be no more; with p apart
// it is p(1 − p), at the ends of Wilson's interval for p; of one number it is 0, and up to
// u(1 − u)·far² where a share u was not seen that is as far as can be.
func TestVariance(t *testing.T) {
	p, u := estimate.Wilson(10, 100), estimate.Wilson(0, 100).High
	for name, tt := range map[string]struct {
		numbers map[int]float64
		most    float64
		want    estimate.Amount
	}{
		"two numbers": {
			map[int]float64{0: 90, 1: 10},
			1,
			estimate.Amount{Value: 0.09, SE: math.Sqrt((0.0657 - 0.0081) / 100), Low: p.Low * (1 - p.Low), High: p.High * (1 - p.High)},
		},
		"one number": {map[int]float64{2: 100}, 9, estimate.Amount{High: u * (1 - u) * 49}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, estimate.VarianceOf(tt.numbers, false, tt.most), near(1e-8)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	// 0, 1 and 2 with 25, 50 and 25 of 100: s² = 1/2, m₄ = 1/2, SE = √((1/2 − 1/4)/100).
	a := estimate.VarianceOf(map[int]float64{0: 25, 1: 50, 2: 25}, false, 2)
	if times := math.Exp(estimate.Z95 * 0.05 / 0.5); a.Value != 0.5 || math.Abs(a.SE-0.05) > 1e-9 || a.Low > 0.5/times+1e-9 || a.High < 0.5*times-1e-9 || a.High > 1 {
		t.Errorf("three numbers: %+v", a)
	}
	if diff := cmp.Diff(estimate.Exact(0.09), estimate.VarianceOf(map[int]float64{0: 0.9, 1: 0.1}, true, 1)); diff != "" {
		t.Errorf("exact (-want +got):\n%s", diff)
	}
}

func TestAmount(t *testing.T) {
	for _, tt := range []struct{ a, abs estimate.Amount }{
		{estimate.Amount{Value: 2, SE: 1, Low: 1, High: 3}, estimate.Amount{Value: 2, SE: 1, Low: 1, High: 3}},
		{estimate.Amount{Value: -2, SE: 1, Low: -3, High: -1}, estimate.Amount{Value: 2, SE: 1, Low: 1, High: 3}},
		{estimate.Amount{Value: 1, SE: 2, Low: -3, High: 2}, estimate.Amount{Value: 1, SE: 2, High: 3}},
		{estimate.Amount{Value: -1, SE: 2, Low: -2, High: 3}, estimate.Amount{Value: 1, SE: 2, High: 3}},
	} {
		if diff := cmp.Diff(tt.abs, tt.a.Abs()); diff != "" {
			t.Errorf("size of %+v (-want +got):\n%s", tt.a, diff)
		}
	}
	a := estimate.Amount{Value: 1, SE: 0.25, Low: 0.5, High: 1.5}
	if diff := cmp.Diff(estimate.Amount{Value: 3, SE: 0.75, Low: 1.5, High: 4.5}, a.Times(3)); diff != "" {
		t.Errorf("three times (-want +got):\n%s", diff)
	}
	a = estimate.Amount{Value: 1.0 / 3, SE: 2.0 / 3, Low: 1e-12, High: 1 - 1e-12}
	if diff := cmp.Diff(estimate.Amount{Value: 0.333333333, SE: 0.666666667, Low: 0, High: 1}, a.Rounded()); diff != "" {
		t.Errorf("rounded (-want +got):\n%s", diff)
	}
}
