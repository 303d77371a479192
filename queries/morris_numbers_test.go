package queries_test

import (
	"context"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"entangle/queries"
	"entangle/queries/estimate"
)

// TestMorrisByHand: one factor of two levels has one effect a trajectory, so that a function
// can give it any. The deviation of 1, 2 and 4 is √(7/3); those without one of them are √½ times
// 2, 3 and 1, so that its jackknife error is √(2/3). Of two effects nothing can be left out.
func TestMorrisByHand(t *testing.T) {
	t.Parallel()
	student := map[int]float64{1: 12.7062, 2: 4.30265}
	for name, tt := range map[string]struct {
		effects         []float64
		mu, sigma, muSE float64
		se              float64
	}{
		"three": {[]float64{1, 2, 4}, 7.0 / 3, math.Sqrt(7.0 / 3), math.Sqrt(7.0 / 9), math.Sqrt(2.0 / 3)},
		"two":   {[]float64{1, 3}, 2, math.Sqrt2, 1, math.Sqrt2},
		"equal": {[]float64{2, 2, 2}, 2, 0, 0, 0},
	} {
		calls, from := 0, 0.0
		f := func(_ context.Context, x []float64) (float64, error) {
			calls++
			if calls%2 == 1 {
				from = x[0]
				return 0, nil
			}
			return tt.effects[calls/2-1] * (x[0] - from), nil
		}
		d := queries.Design{Factors: []queries.Factor{{Name: "a", Low: 0, High: 1}}, Trajectories: len(tt.effects), Levels: 2, Seed: 3}
		got, err := queries.Morris(t.Context(), d, f)
		if err != nil {
			t.Fatal(err)
		}
		half := func(se float64) float64 { return student[len(tt.effects)-1] * se }
		want := queries.Effect{
			Factor: d.Factors[0],
			Mu:     estimate.Amount{Value: tt.mu, SE: tt.muSE, Low: tt.mu - half(tt.muSE), High: tt.mu + half(tt.muSE)},
			MuStar: estimate.Amount{Value: tt.mu, SE: tt.muSE, Low: max(0, tt.mu-half(tt.muSE)), High: tt.mu + half(tt.muSE)},
			Sigma:  estimate.Amount{Value: tt.sigma, SE: tt.se, Low: max(0, tt.sigma-half(tt.se)), High: tt.sigma + half(tt.se)},
		}
		if diff := cmp.Diff([]queries.Effect{want}, got, cmpopts.EquateApprox(0, 1e-3)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
