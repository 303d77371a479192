package queries_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

func verify(tb testing.TB, s *projection.Snapshot, in queries.VerifyInput) *queries.VerifyReport {
	tb.Helper()
	r, err := queries.Verify(tb.Context(), s, in)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// TestVerifyBridgeNetwork: with p = 0.9 the middle tie has Birnbaum importance
// 0.0162; the other four share the rest of dR/dp = 4p + 6p² − 20p³ + 10p⁴ = 0.441,
// 0.1062 each.
func TestVerifyBridgeNetwork(t *testing.T) {
	s := bridgeOfKin(t, 0.9, 0.9)
	in := queries.VerifyInput{Targets: []graph.ID{"s"}, Params: bridgeParams(), Institution: "office", Draw: worlds.Draw{Samples: 60000, Seed: 12345}}
	want := map[graph.ID]float64{"ab": 0.0162, "sa": 0.1062, "sb": 0.1062, "at": 0.1062, "bt": 0.1062}
	const reliability = 0.97848
	exact := verify(t, s, in)
	if exact.Basis.Method != worlds.Exact || exact.Basis.Coins != 5 || exact.Doubtful != 5 || len(exact.Ties) != 5 || exact.Ties[4].Tie != "ab" {
		t.Fatalf("%+v", exact)
	}
	if math.Abs(exact.Now.Value-reliability) > 2e-9 || math.Abs(exact.Variance.Value-reliability*(1-reliability)) > 2e-9 {
		t.Errorf("%+v, variance %+v", exact.Now, exact.Variance)
	}
	for _, d := range exact.Ties {
		i := want[d.Tie]
		explained := 0.09 * i * i / (reliability * (1 - reliability))
		if math.Abs(d.Importance.Value-i) > 1e-8 || math.Abs(d.Explained.Value-explained) > 1e-7 || math.Abs(d.Shift.Value-0.18*i) > 1e-8 ||
			math.Abs(d.IfTrue.Value-d.IfFalse.Value-i) > 1e-8 || math.Abs(0.9*d.IfTrue.Value+0.1*d.IfFalse.Value-reliability) > 1e-8 || d.Confidence != 0.9 {
			t.Errorf("%+v, want importance %g, explained %g", d, i, explained)
		}
	}
	in.Method = worlds.Sampled
	drawn := verify(t, s, in)
	if len(drawn.Ties) != 5 || drawn.Undecided != 0 || drawn.Doubtful != 5 {
		t.Fatalf("%+v", drawn)
	}
	for _, d := range drawn.Ties {
		if a := d.Importance; math.Abs(a.Value-want[d.Tie]) > 4*a.SE || a.SE > 0.005 || a.Low > a.Value || a.High < a.Value {
			t.Errorf("%s: %+v, want %g", d.Tie, a, want[d.Tie])
		}
	}
	in.Workers = 1
	if diff := cmp.Diff(drawn, verify(t, s, in)); diff != "" {
		t.Errorf("another number of workers:\n%s", diff)
	}
}

// TestVerifyIsTheDifference: for independent ties the importance is the difference
// of the answers with the tie made certain and left out, on random graphs.
func TestVerifyIsTheDifference(t *testing.T) {
	t.Parallel()
	compared, graphs := 0, 400
	if testing.Short() {
		graphs = 100
	}
	for seed := range graphs {
		c := purgeCases.Example(seed)
		for i := range c.batch.Ties {
			c.batch.Ties[i].ConflictSet = ""
		}
		purged := func(tie int, confidence float64) *queries.PurgeReport {
			b := c.batch
			b.Ties = slices.Clone(b.Ties)
			if tie >= 0 {
				b.Ties[tie].Confidence = graph.Stated(confidence)
			}
			s, err := projection.FromBatch(b, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
			if err != nil {
				t.Fatal(err)
			}
			return purgeOf(t, s, queries.PurgeInput{Targets: c.targets, Params: c.params})
		}
		now := purged(-1, 0)
		if now.Basis.Method != worlds.Exact || len(now.Institutions) == 0 {
			continue
		}
		of := graph.ID("")
		if seed%2 == 0 {
			of = now.Institutions[0].ID
		}
		y := func(r *queries.PurgeReport) float64 {
			if of == "" {
				return countedOf(r, now.OwnInstitutions) // a tie that is not there makes nothing the state's
			}
			return chanceOf(r, of).P
		}
		s, err := projection.FromBatch(c.batch, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
		if err != nil {
			t.Fatal(err)
		}
		r := verify(t, s, queries.VerifyInput{Targets: c.targets, Params: c.params, Institution: of, Ties: 1000})
		if r.Basis.Coins != now.Basis.Coins || math.Abs(r.Now.Value-y(now)) > 1e-8 {
			t.Errorf("case %d: %d coins and %v, the purge has %d and %g", seed, r.Basis.Coins, r.Now, now.Basis.Coins, y(now))
		}
		told := map[graph.ID]queries.DoubtfulTie{}
		for _, d := range r.Ties {
			told[d.Tie] = d
		}
		for i, tie := range c.batch.Ties {
			if p := tie.Confidence.Value; p == 0 || p == 1 {
				continue
			}
			up, down := y(purged(i, 1)), y(purged(i, 0))
			d := told[tie.ID]
			if math.Abs(d.Importance.Value-(up-down)) > 1e-8 {
				t.Errorf("case %d, %s: importance %.10f, want %.10f − %.10f\n%s", seed, tie.ID, d.Importance.Value, up, down, c)
			}
			if d.Importance.Value != 0 {
				compared++
			}
			delete(told, tie.ID)
		}
		if len(told) > 0 {
			t.Errorf("case %d: %v", seed, told)
		}
	}
	if compared < graphs/8 {
		t.Errorf("only %d ties mattered", compared)
	}
}

// TestVerifyAlternatives: what one learns about one of two contradicting claims
// is learned about the other. The office stands if the seat belongs to b (0.3) and
// falls if to a (0.6); else it had nobody to lose.
func TestVerifyAlternatives(t *testing.T) {
	s := snapshotOf(t, `
		group g
		person a
		person b
		post x
		institution office types=office
		a HOLDS x set=who conf=0.6 id=ha
		b HOLDS x set=who conf=0.3 id=hb
		x POST_IN office
		a MEMBER_OF g`)
	r := verify(t, s, queries.VerifyInput{Targets: []graph.ID{"g"}, Params: bareParams(), Institution: "office"})
	got := map[graph.ID][2]float64{}
	for _, d := range r.Ties {
		got[d.Tie] = [2]float64{math.Round(d.IfTrue.Value*1e8) / 1e8, math.Round(d.IfFalse.Value*1e8) / 1e8}
	}
	want := map[graph.ID][2]float64{"ha": {1, 0}, "hb": {0, math.Round(0.6/0.7*1e8) / 1e8}}
	if diff := cmp.Diff(want, got); diff != "" || r.Ties[0].Explained.Value != 1 {
		t.Errorf("%s\n%+v", diff, r)
	}
}

// TestVerifyOneSource: of two claims that stand or fall together either tells all.
func TestVerifyOneSource(t *testing.T) {
	p := bareParams()
	p.SourceCorrelation = 1
	for _, method := range []worlds.Method{worlds.Exact, worlds.Sampled} {
		r := verify(t, snapshotOf(t, oneSource), queries.VerifyInput{
			Targets: []graph.ID{"g"}, Params: p, Institution: "office", Draw: worlds.Draw{Method: method, Seed: 3},
		})
		// Both are members where b is: 0.3. Knowing that of a is to know 0.3/0.8.
		if len(r.Ties) != 2 || r.Ties[0].From.ID != "b" || r.Ties[0].Importance.Value != 1 || math.Abs(r.Ties[1].Importance.Value-0.375) > 0.05 {
			t.Errorf("%s: %+v", method, r.Ties)
		}
	}
}

func TestVerifyRefusals(t *testing.T) {
	s := workedExample(t)
	p := worlds.DefaultParams()
	good := []graph.ID{"g"}
	for name, c := range map[string]struct {
		in   queries.VerifyInput
		want error
	}{
		"no target":           {queries.VerifyInput{Params: p}, worlds.ErrInput},
		"unknown institution": {queries.VerifyInput{Targets: good, Params: p, Institution: "x"}, worlds.ErrUnknown},
		"ties":                {queries.VerifyInput{Targets: good, Params: p, Ties: -1}, worlds.ErrInput},
		"samples":             {queries.VerifyInput{Targets: good, Params: p, Draw: worlds.Draw{Samples: -1}}, worlds.ErrInput},
	} {
		if _, err := queries.Verify(t.Context(), s, c.in); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestVerifyIntervals: the intervals of importances hold the true ones in nearly all draws,
// also where few worlds were drawn, and stay within what an importance can be: for one
// institution −1 to 1, where it fractures or not whatever the tie says.
func TestVerifyIntervals(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		s    *projection.Snapshot
		in   queries.VerifyInput
		most float64
	}{
		"of an institution": {bridgeOfKin(t, 0.9, 0.9), queries.VerifyInput{Targets: []graph.ID{"s"}, Params: bridgeParams(), Institution: "office"}, 1},
		"of a number":       {tenUnits(t), queries.VerifyInput{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams()}, 10},
	} {
		want := map[graph.ID]float64{}
		exact := tt.in
		exact.Method = worlds.Exact
		for _, d := range verify(t, tt.s, exact).Ties {
			want[d.Tie] = d.Importance.Value
		}
		held, of, negative, highest := 0, 0, 0, 0.0
		for seed := range uint64(100) {
			in := tt.in
			in.Draw = worlds.Draw{Method: worlds.Sampled, Samples: 40, Seed: seed + 1}
			for _, d := range verify(t, tt.s, in).Ties {
				a := d.Importance
				if a.Low < -tt.most || a.High > tt.most || a.Low > a.High {
					t.Errorf("%s: %+v", name, a)
				}
				if of++; a.Low <= want[d.Tie] && want[d.Tie] <= a.High {
					held++
				}
				if a.Low < 0 {
					negative++
				}
				highest = max(highest, a.High)
			}
		}
		if float64(held) < 0.93*float64(of) || negative == 0 || highest < 1 {
			t.Errorf("%s: %d of %d intervals hold the truth, %d reach below 0, one up to %g", name, held, of, negative, highest)
		}
	}
}
