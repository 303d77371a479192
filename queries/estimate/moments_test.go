package estimate_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"entangle/queries/estimate"
)

func near(margin float64) cmp.Option { return cmpopts.EquateApprox(0, margin) }

func momentsOf(values ...float64) *estimate.Moments {
	m := &estimate.Moments{}
	for _, v := range values {
		m.Add(v, 1)
	}
	return m
}

func times[T any](v T, n int) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = v
	}
	return list
}

// TestMomentsAmount: by hand. Of 1, 2, 3, 6 the mean is 3, the variance (4 + 1 + 0 + 9)/4
// = 3.5, the standard error √(3.5/3), and Student's t of 3 degrees 3.182446305.
func TestMomentsAmount(t *testing.T) {
	se := math.Sqrt(3.5 / 3)
	half, none := 3.182446305*se, estimate.Wilson(0, 50).High
	seven := estimate.Wilson(7, 50)
	for name, tt := range map[string]struct {
		values    []float64
		low, high float64
		want      estimate.Amount
	}{
		"Student":          {[]float64{1, 2, 3, 6}, -100, 100, estimate.Amount{Value: 3, SE: se, Low: 3 - half, High: 3 + half}},
		"within the range": {[]float64{1, 2, 3, 6}, 1, 6, estimate.Amount{Value: 3, SE: se, Low: 1, High: 6}},
		"one value":        {times(2.0, 50), 0, 10, estimate.Amount{Value: 2, Low: 2 - 2*none, High: 2 + 8*none}},
		"two values": {
			append(times(1.0, 43), times(5.0, 7)...), 0, 10,
			estimate.Amount{Value: 1 + 4*0.14, SE: 4 * math.Sqrt(0.14*0.86/49), Low: 1 + 4*seven.Low, High: 1 + 4*seven.High},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, momentsOf(tt.values...).Amount(false, tt.low, tt.high), near(1e-9)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	m := momentsOf(1, 2, 3, 6)
	if got := []float64{m.Weight(), m.Sum(), m.Mean(), m.Variance()}; !cmp.Equal(got, []float64{4, 12, 3, 3.5}) {
		t.Errorf("weight, sum, mean, variance %v", got)
	}
	if diff := cmp.Diff(estimate.Amount{Value: 3, Low: 3, High: 3}, m.Amount(true, 0, 10)); diff != "" {
		t.Errorf("exact (-want +got):\n%s", diff)
	}
}

// TestMomentsOfFewWorlds: two values that are not the ends of the range do not exclude a
// third in ten worlds, so that the interval is that of Student's t; in 25 they do.
func TestMomentsOfFewWorlds(t *testing.T) {
	for n, student := range map[int]bool{24: true, 25: false} {
		m := momentsOf(append(times(4.0, n/2), times(5.0, n-n/2)...)...)
		a, p := m.Amount(false, 0, 10), float64(n-n/2)/float64(n)
		half := estimate.Student95(float64(n-1)) * math.Sqrt(p*(1-p)/float64(n-1))
		if got := math.Abs(a.High-(4+p+half)) < 1e-9; got != student {
			t.Errorf("%d worlds: %+v, half a Student's interval %g", n, a, half)
		}
	}
}

// TestMomentsMeanIsCovered: of a number that is nearly always 0 the interval of Student's t
// is too narrow; this one holds the mean in at least 93 of 100 draws.
func TestMomentsMeanIsCovered(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	covered := 0
	for range 1000 {
		var m estimate.Moments
		for range 200 {
			v := 0.0
			if r.Float64() < 0.02 {
				v = float64(1 + r.IntN(3))
			}
			m.Add(v, 1)
		}
		if a := m.Amount(false, 0, 3); a.Low <= 0.04 && 0.04 <= a.High {
			covered++
		}
	}
	if covered < 930 {
		t.Errorf("%d of 1000 intervals cover", covered)
	}
}

// TestMomentsAddUp: of whole numbers, whatever the order and the workers; what is taken
// out again is the rest; and sums say what the worlds do.
func TestMomentsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Map(rapid.IntRange(-20, 20), func(v int) float64 { return float64(v) }), 2, 60).Draw(t, "values")
		cut := rapid.IntRange(1, len(values)-1).Draw(t, "cut")
		whole, head, tail := momentsOf(values...), momentsOf(values[:cut]...), momentsOf(values[cut:]...)
		merged := momentsOf(values[cut:]...)
		merged.Merge(*head)
		if *whole != *merged {
			t.Fatalf("merged %+v, want %+v", *merged, *whole)
		}
		rest := whole.Without(*head)
		if rest.Weight() != tail.Weight() || rest.Mean() != tail.Mean() || rest.Variance() != tail.Variance() {
			t.Fatalf("rest %+v, want %+v", rest, *tail)
		}
		var sums estimate.Moments
		squares := 0.0
		for _, v := range values {
			squares += v * v
		}
		sums.AddSums(whole.Weight(), whole.Sum(), squares)
		if sums.Mean() != whole.Mean() || sums.Variance() != whole.Variance() || sums.SE2() != whole.SE2() {
			t.Fatalf("sums %+v, want %+v", sums, *whole)
		}
	})
}

// TestSharesAreMoments: shares in parts per million have the mean and interval that the
// same shares have as numbers.
func TestSharesAreMoments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s, half estimate.Shares
		var m estimate.Moments
		for i, share := range rapid.SliceOfN(rapid.Int64Range(0, 1_000_000), 1, 40).Draw(t, "shares") {
			worlds := rapid.Uint64Range(0, 3).Draw(t, "worlds")
			if i == 0 {
				worlds++
			}
			[]*estimate.Shares{&s, &half}[i%2].Count(share, worlds)
			for range worlds {
				m.Add(float64(share)/1e6, 1)
			}
		}
		s.Merge(&half)
		if diff := cmp.Diff(m.Amount(false, 0, 1), s.Amount(false), near(2e-6)); diff != "" || s.Weight() != m.Weight() {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
	var s estimate.Shares
	s.Weigh(250_000, 0.5)
	s.Weigh(1_000_000, 1.5)
	if diff := cmp.Diff(estimate.Exact((0.25*0.5+1.5)/2), s.Amount(true)); diff != "" {
		t.Errorf("exact (-want +got):\n%s", diff)
	}
}

// TestRatio: by hand. Parts 1, 0, 2 of wholes 2, 1, 3 are 3/6; the residuals part − whole/2
// are 0, −1/2, 1/2, so that the standard error is √((1/2)/(3·2)) / 2.
func TestRatio(t *testing.T) {
	var r, o estimate.Ratio
	r.Add(1, 2, 1)
	r.Add(0, 0, 5) // says nothing
	o.Add(0, 1, 1)
	o.Add(2, 3, 1)
	r.Merge(o)
	a, se := r.Amount(false), math.Sqrt(0.5/6)/2
	some := estimate.Wilson(2, 3) // of three worlds two have a part, three less than the whole
	want := estimate.Amount{Value: 0.5, SE: se, Low: max(0, 0.5-4.30265273*se), High: min(1, max(0.5+4.30265273*se, 0.5*some.High/some.P))}
	if diff := cmp.Diff(want, a, near(1e-8)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(estimate.Exact(0.5), r.Amount(true)); diff != "" {
		t.Errorf("exact (-want +got):\n%s", diff)
	}
	var none estimate.Ratio
	if got := []estimate.Amount{none.Amount(true), none.Amount(false)}; !cmp.Equal(got, []estimate.Amount{{}, {High: 1}}) {
		t.Errorf("of nothing %+v", got)
	}
	var never estimate.Ratio
	for range 50 {
		never.Add(0, 2, 1)
	}
	if diff := cmp.Diff(estimate.Amount{High: estimate.Wilson(0, 50).High}, never.Amount(false), near(1e-9)); diff != "" {
		t.Errorf("never a part (-want +got):\n%s", diff)
	}
}
