package queries_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// Of a linear function every elementary effect is the coefficient times the range:
// mu = coefficient, mu* its size, sigma 0 (Morris 1991, p. 163). Of x·y the effect of
// each varies with the other.
func TestMorrisKnownEffects(t *testing.T) {
	d := queries.Design{
		Factors: []queries.Factor{{Name: "a", High: 1}, {Name: "b", High: 1}, {Name: "c", Low: -1, High: 3}, {Name: "none", High: 1}},
		Levels:  4, Trajectories: 7, Seed: 3,
	}
	calls := 0
	effects, err := queries.Morris(t.Context(), d, func(_ context.Context, x []float64) (float64, error) {
		calls++
		for i, v := range x {
			f := d.Factors[i]
			level := (v - f.Low) / (f.High - f.Low) * 3
			if math.Abs(level-math.Round(level)) > 1e-9 || level < -1e-9 || level > 3+1e-9 {
				t.Errorf("%s = %g is not on the grid", f.Name, v)
			}
		}
		return 5 + 2*x[0] - 3*x[1] + 0.25*x[2], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if calls != 7*5 || d.Runs() != calls {
		t.Errorf("%d calls, Runs %d, want r(D + 1) = 35", calls, d.Runs())
	}
	want := []queries.Effect{
		{Factor: d.Factors[1], Mu: estimate.Amount{Value: -3}, MuStar: estimate.Amount{Value: 3}},
		{Factor: d.Factors[0], Mu: estimate.Amount{Value: 2}, MuStar: estimate.Amount{Value: 2}},
		{Factor: d.Factors[2], Mu: estimate.Amount{Value: 1}, MuStar: estimate.Amount{Value: 1}},
		{Factor: d.Factors[3]},
	}
	for i, e := range effects {
		w := want[i]
		if e.Name != w.Name || math.Abs(e.Mu.Value-w.Mu.Value) > 1e-9 || math.Abs(e.MuStar.Value-w.MuStar.Value) > 1e-9 || e.Sigma.Value > 1e-9 {
			t.Errorf("%+v, want %+v", e, w)
		}
	}
	d.Factors = d.Factors[:2]
	d.Trajectories = 50
	effects, err = queries.Morris(t.Context(), d, func(_ context.Context, x []float64) (float64, error) { return x[0] * x[1], nil })
	if err != nil {
		t.Fatal(err)
	}
	// The effect of one is the other's value, 0 to 1 in thirds, each as likely: mean
	// 0.5, standard deviation √5/6 = 0.373.
	for _, e := range effects {
		if math.Abs(e.Mu.Value-0.5) > 0.15 || math.Abs(e.Sigma.Value-math.Sqrt(5)/6) > 0.08 || e.MuStar.Value != e.Mu.Value {
			t.Errorf("of x·y: %+v", e)
		}
	}
	held, draws := [2]int{}, 400
	for seed := range draws {
		d.Seed, d.Trajectories = uint64(seed), 12
		effects, err := queries.Morris(t.Context(), d, func(_ context.Context, x []float64) (float64, error) { return x[0] * x[1], nil })
		if err != nil {
			t.Fatal(err)
		}
		for i, pair := range []struct {
			got  estimate.Amount
			want float64
		}{{effects[0].Mu, 0.5}, {effects[1].Sigma, math.Sqrt(5) / 6}} {
			if pair.got.Low <= pair.want && pair.want <= pair.got.High && pair.got.SE > 0 {
				held[i]++
			}
		}
	}
	// The one with the larger mean comes first, which is a little high.
	if held[0] < draws*91/100 || held[1] < draws*91/100 {
		t.Errorf("of %d intervals of 12 trajectories %d hold the mean and %d the deviation", draws, held[0], held[1])
	}
}

// An ally of the struck group holds the only post of a body: whether it falls hangs
// on solidarity and walkout alone. With walkout fixed at 1 and the alliance of full
// weight, P = solidarity, so that its effect is its range, 0.5.
const allied = `
group g
group h
person p
institution body authorisedPosts=1
post head
head POST_IN body
p HOLDS head
p MEMBER_OF h
g ALLIED_WITH h weight=1
`

// TestSensitivityDrawsWhereSomeRunDoes: with a solidarity of 1 the ally rallies for certain,
// and nothing is drawn; with any other value of the range it is. Then every run is sampled.
func TestSensitivityDrawsWhereSomeRunDoes(t *testing.T) {
	s := pictures(t, allied, graph.DayOf(2020, 1, 1))[0]
	in := queries.DefaultSensitivity()
	in.Targets, in.Institution, in.Params.Walkout, in.Params.Solidarity, in.Samples = []graph.ID{"g"}, "body", 1, 1, 64
	for low, want := range map[float64]worlds.Method{0.2: worlds.Sampled, 1: worlds.Exact} {
		in.Factors = []queries.Factor{{Name: "solidarity", Low: low, High: 1}}
		if low == 1 { // a range has a width
			in.Factors = []queries.Factor{{Name: "bridge", Low: 0, High: 2}}
		}
		r, err := queries.Sensitivity(t.Context(), s, in)
		if err != nil || r.Basis.Method != want {
			t.Errorf("from %g: %+v, %v; want %s", low, r, err, want)
		}
	}
}

func TestSensitivityFindsWhatMatters(t *testing.T) {
	s := pictures(t, allied, graph.DayOf(2020, 1, 1))[0]
	in := queries.SensitivityInput{
		Scenario:    queries.Scenario{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams()},
		Institution: "body",
		Factors:     []queries.Factor{{Name: "loyalty", Low: 0.1, High: 0.5}, {Name: "solidarity", Low: 0.25, High: 0.75}, {Name: "tieWeight", Low: 0.2, High: 0.8}},
	}
	in.Params.Walkout = 1
	for _, method := range []worlds.Method{worlds.Exact, worlds.Auto} {
		in.Draw = worlds.Draw{Method: method, Seed: 5, Samples: 4096}
		r, err := queries.Sensitivity(t.Context(), s, in)
		if err != nil {
			t.Fatal(err)
		}
		off := 1e-6
		if method == worlds.Auto {
			off = 0.04
			if r.Basis.Method != worlds.Sampled {
				t.Errorf("AUTO answered %s", r.Basis.Method)
			}
		}
		if r.Runs != 40 || math.Abs(r.Given.Value-0.5) > off {
			t.Errorf("%s: %d runs, given %g, want 40 and 0.5", method, r.Runs, r.Given.Value)
		}
		first := r.Effects[0]
		if first.Name != "solidarity" || math.Abs(first.MuStar.Value-0.5) > off || math.Abs(first.Mu.Value-0.5) > off || first.Sigma.Value > off {
			t.Errorf("%s: %+v, want solidarity 0.5", method, first)
		}
		for _, e := range r.Effects[1:] {
			if e.MuStar.Value != 0 || e.Sigma.Value != 0 {
				t.Errorf("%s: %+v matters", method, e)
			}
		}
	}
	in.Institution, in.Factors, in.Method = "", nil, worlds.Auto
	in.Trajectories, in.Samples = 3, 100
	var reports []*queries.SensitivityReport
	for _, workers := range []int{1, 3} {
		in.Workers = workers
		r, err := queries.Sensitivity(t.Context(), s, in)
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, r)
	}
	if !reflect.DeepEqual(reports[0], reports[1]) {
		t.Error("the answer hangs on the number of workers")
	}
	if len(reports[0].Effects) != len(queries.DefaultFactors()) || reports[0].Institution != nil {
		t.Errorf("of the number fractured: %+v", reports[0])
	}
}

func TestSensitivityRefusals(t *testing.T) {
	s := pictures(t, allied, graph.DayOf(2020, 1, 1))[0]
	for name, c := range map[string]struct {
		change func(in *queries.SensitivityInput)
		want   error
	}{
		"no such parameter": {func(in *queries.SensitivityInput) { in.Factors = []queries.Factor{{Name: "luck", High: 1}} }, worlds.ErrInput},
		"out of range":      {func(in *queries.SensitivityInput) { in.Factors = []queries.Factor{{Name: "loyalty", High: 2}} }, worlds.ErrInput},
		"not a number":      {func(in *queries.SensitivityInput) { in.Factors = []queries.Factor{{Name: "needs", High: math.NaN()}} }, worlds.ErrInput},
		"empty range": {func(in *queries.SensitivityInput) {
			in.Factors = []queries.Factor{{Name: "loyalty", Low: 0.5, High: 0.5}}
		}, worlds.ErrInput},
		"twice": {func(in *queries.SensitivityInput) {
			in.Factors = []queries.Factor{{Name: "loyalty", High: 1}, {Name: "loyalty", High: 1}}
		}, worlds.ErrInput},
		"odd levels":      {func(in *queries.SensitivityInput) { in.Levels = 3 }, worlds.ErrInput},
		"one trajectory":  {func(in *queries.SensitivityInput) { in.Trajectories = 1 }, worlds.ErrInput},
		"nobody":          {func(in *queries.SensitivityInput) { in.Institution = "nobody" }, worlds.ErrUnknown},
		"not a body":      {func(in *queries.SensitivityInput) { in.Institution = "g" }, worlds.ErrInput},
		"nothing struck":  {func(in *queries.SensitivityInput) { in.Targets = nil }, worlds.ErrInput},
		"too many worlds": {func(in *queries.SensitivityInput) { in.Samples = worlds.MaxSamples + 1 }, worlds.ErrInput},
	} {
		in := queries.SensitivityInput{Scenario: queries.Scenario{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams()}}
		c.change(&in)
		if _, err := queries.Sensitivity(t.Context(), s, in); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	in := queries.SensitivityInput{Scenario: queries.Scenario{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams()}}
	if _, err := queries.Sensitivity(stopped, s, in); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestFactorTable: the ranges on the page are those of the code.
func TestFactorTable(t *testing.T) {
	want := [][]string{}
	for _, f := range queries.DefaultFactors() {
		want = append(want, []string{f.Name, fmt.Sprint(f.Low), fmt.Sprint(f.High)})
	}
	_, rows := modelTable(t, "factors")
	if !reflect.DeepEqual(want, rows) {
		t.Errorf("table %v, code %v", rows, want)
	}
}
