package queries_test

import (
	"errors"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

func compareOf(tb testing.TB, s *projection.Snapshot, in queries.CompareInput) *queries.CompareReport {
	tb.Helper()
	r, err := queries.Compare(tb.Context(), s, in)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// TestCompareByHand compares, on the data of the worked example, the purge of the
// group with that of its supposed member alone. Of him alone the ministry keeps
// 0.7 of its staff, under its need of 0.75, unless the staffing claim (0.5) speaks
// for half of it: 0.85. Of the group it stands where he is no member (0.2) and the
// brigade's claim does not hold (0.1): 0.02, whatever the staffing claim.
//
//	only the group breaks it 0.98 · 0.5 = 0.49, only he does 0.02 · 0.5 = 0.01
func TestCompareByHand(t *testing.T) {
	s := workedExample(t)
	p := worlds.DefaultParams()
	r := compareOf(t, s, queries.CompareInput{
		First: queries.Scenario{Targets: []graph.ID{"g"}, Params: p}, Second: queries.Scenario{Targets: []graph.ID{"b"}, Params: p},
	})
	if r.Basis.Method != worlds.Exact || r.Basis.Coins != 3 || !r.Basis.Converged || len(r.Institutions) != 1 {
		t.Fatalf("%+v", r)
	}
	got := map[string]float64{}
	for name, v := range map[string]float64{
		"first": r.Institutions[0].First.P, "second": r.Institutions[0].Second.P,
		"only first": r.Institutions[0].OnlyFirst.P, "only second": r.Institutions[0].OnlySecond.P,
		"difference": r.Institutions[0].Difference.Value, "number": r.Fractured.Value, "none": r.None.Value,
		"first number": r.First.Fractured.Mean, "second none": r.Second.None.P,
	} {
		got[name] = math.Round(v*1e8) / 1e8
	}
	want := map[string]float64{
		"first": 0.98, "second": 0.5, "only first": 0.49, "only second": 0.01, "difference": -0.48,
		"number": -0.48, "none": 0.48, "first number": 0.98, "second none": 0.5,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r.Institutions[0].Test != nil || r.Institutions[0].Difference.SE != 0 {
		t.Errorf("an exact answer has no sampling error: %+v", r.Institutions[0])
	}
}

// TestCompareIsBothPurges: each side is what a purge of its own answers in the same
// worlds, the discordant worlds account for the difference, and the number of
// workers changes nothing.
func TestCompareIsBothPurges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		a, b := purgeCases.Draw(rt, "first"), purgeCases.Draw(rt, "second")
		s, err := projection.FromBatch(a.batch, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
		if err != nil {
			rt.Fatal(err)
		}
		in := queries.CompareInput{
			First: queries.Scenario{Targets: a.targets, Params: a.params}, Second: queries.Scenario{Targets: a.targets[:1], Params: b.params},
			Draw: worlds.Draw{Method: worlds.Sampled, Samples: 200, Seed: 3, Workers: 3},
		}
		r := compareOf(t, s, in)
		in.Workers = 1
		if diff := cmp.Diff(r, compareOf(t, s, in)); diff != "" {
			rt.Fatalf("another number of workers:\n%s", diff)
		}
		for i, side := range []queries.Scenario{in.First, in.Second} {
			p := purgeOf(t, s, queries.PurgeInput{Targets: side.Targets, Params: side.Params, Draw: worlds.Draw{Method: worlds.Sampled, Samples: 200, Seed: 3}})
			told := []queries.Compared{r.First, r.Second}[i]
			if slices.Equal(p.OwnInstitutions, r.OwnInstitutions) {
				if diff := cmp.Diff(p.Fractured, told.Fractured) + cmp.Diff(p.OwnFractured, told.OwnFractured) + cmp.Diff(p.None, told.None); diff != "" {
					rt.Fatal(diff)
				}
			}
			if diff := cmp.Diff(p.Targets, told.Targets); diff != "" {
				rt.Fatal(diff)
			}
			if mean := countedOf(p, r.OwnInstitutions); math.Abs(told.Fractured.Mean-mean) > 1e-9 || math.Abs(told.OwnFractured.Mean-(countedOf(p, nil)-mean)) > 1e-9 {
				rt.Fatalf("%v and %v of their own; its purge breaks %g, and %g with what either owns", told.Fractured, told.OwnFractured, mean, countedOf(p, nil))
			}
			want := map[graph.ID]estimate.Estimate{}
			for _, o := range p.Institutions {
				want[o.ID] = o.Fractured
			}
			for _, o := range r.Institutions {
				got := []estimate.Estimate{o.First, o.Second}[i]
				if e, ok := want[o.ID]; ok && e != got || !ok && got.Count > 0 {
					rt.Fatalf("%s: %v, its purge has %v", o.ID, got, e)
				}
				delete(want, o.ID)
			}
			for id, e := range want {
				if e.Count > 0 {
					rt.Fatalf("%s is missing: %v", id, e)
				}
			}
		}
		own := refOwn(a.batch, in.First.Params, in.First.Targets...)
		maps.Copy(own, refOwn(a.batch, in.Second.Params, in.Second.Targets...))
		if diff := cmp.Diff(idsOf(own), refIDs(r.OwnInstitutions)); diff != "" {
			rt.Fatalf("own of either (-want +got):\n%s", diff)
		}
		for _, o := range r.Institutions {
			if o.Own != own[o.ID] {
				rt.Fatalf("%s: own %t", o.ID, o.Own)
			}
			if o.Second.Count-o.First.Count != o.OnlySecond.Count-o.OnlyFirst.Count ||
				math.Abs(o.Difference.Value-(o.Second.P-o.First.P)) > 1e-12 || o.Difference.Low > o.Difference.Value || o.Difference.High < o.Difference.Value {
				rt.Fatalf("%+v", o)
			}
		}
		if math.Abs(r.Fractured.Value-(r.Second.Fractured.Mean-r.First.Fractured.Mean)) > 1e-9 {
			rt.Fatalf("%v: %v − %v", r.Fractured, r.Second.Fractured, r.First.Fractured)
		}
		if math.Abs(r.OwnFractured.Value-(r.Second.OwnFractured.Mean-r.First.OwnFractured.Mean)) > 1e-9 {
			rt.Fatalf("%v of their own: %v − %v", r.OwnFractured, r.Second.OwnFractured, r.First.OwnFractured)
		}
	})
}

// TestCompareSame: a purge does not differ from itself, exactly, also where worlds were drawn:
// in whatever order its targets are named, and with one that is not there on the day.
func TestCompareSame(t *testing.T) {
	s := snapshotOf(t, `
		group a
		group b
		group late founded=2021
		institution one types=unit
		institution two types=unit
		a CONTROLS one form=command weight=1 conf=0.5
		b CONTROLS two form=command weight=1 conf=0.5`)
	of := func(targets ...graph.ID) queries.Scenario {
		return queries.Scenario{Targets: targets, Params: worlds.DefaultParams()}
	}
	other := of("a", "b")
	other.Params.Rally = !other.Params.Rally
	for name, tt := range map[string]struct {
		first, second queries.Scenario
		same          bool
	}{
		"one":              {of("a"), of("a"), true},
		"another order":    {of("a", "b"), of("b", "a", "b"), true},
		"one is not there": {of("a"), of("late", "a"), true},
		"one more":         {of("a"), of("a", "b"), false},
		"another":          {of("a"), of("b"), false},
		"nobody is there":  {of("late"), of("late"), false},
		"another model":    {of("a", "b"), other, false},
	} {
		for _, method := range []worlds.Method{worlds.Exact, worlds.Sampled} {
			r := compareOf(t, s, queries.CompareInput{First: tt.first, Second: tt.second, Draw: worlds.Draw{Method: method}})
			if r.Same != tt.same {
				t.Errorf("%s, %s: same is %t", name, method, r.Same)
			}
			if !tt.same {
				continue
			}
			nothing := estimate.Amount{}
			if r.Fractured != nothing || r.None != nothing || len(r.Institutions) == 0 {
				t.Errorf("%s, %s: %+v, none %+v, of %d", name, method, r.Fractured, r.None, len(r.Institutions))
			}
			for _, o := range r.Institutions {
				if o.Difference != nothing || o.OnlyFirst.High+o.OnlySecond.High != 0 || o.Test != nil || o.First != o.Second || o.First.P < 0.4 {
					t.Errorf("%s, %s: %+v", name, method, o)
				}
			}
		}
	}
}

// TestCompareCountsEveryBlock: an institution that breaks in few blocks of worlds is counted in
// those alone, by the purge that breaks it and by that one only.
func TestCompareCountsEveryBlock(t *testing.T) {
	s := snapshotOf(t, `
		group a
		group b
		institution one types=unit
		institution two types=unit
		a CONTROLS one form=command weight=1 conf=0.01
		b CONTROLS two form=command weight=1 conf=0.02`)
	of := func(target graph.ID) queries.Scenario {
		return queries.Scenario{Targets: []graph.ID{target}, Params: worlds.DefaultParams()}
	}
	draw := worlds.Draw{Method: worlds.Sampled, Samples: 1000, Seed: 5, Workers: 1}
	r := compareOf(t, s, queries.CompareInput{First: of("a"), Second: of("b"), Draw: draw})
	for _, o := range r.Institutions {
		first := chanceOf(purgeOf(t, s, queries.PurgeInput{Targets: []graph.ID{"a"}, Params: worlds.DefaultParams(), Draw: draw}), o.ID)
		second := chanceOf(purgeOf(t, s, queries.PurgeInput{Targets: []graph.ID{"b"}, Params: worlds.DefaultParams(), Draw: draw}), o.ID)
		if o.First.Count != first.Count || o.Second.Count != second.Count || o.OnlyFirst.Count != first.Count || o.OnlySecond.Count != second.Count {
			t.Errorf("%+v, want %d and %d of %d", o, first.Count, second.Count, draw.Samples)
		}
		if first.Count+second.Count == 0 || first.Count+second.Count > 40 {
			t.Errorf("%s breaks in %d and %d of %d worlds: take another seed", o.ID, first.Count, second.Count, draw.Samples)
		}
	}
	if len(r.Institutions) != 2 {
		t.Errorf("%d institutions", len(r.Institutions))
	}
}

// TestCompareLikePurges: of two purges that are not the same and never differed in what was
// drawn, others may differ.
func TestCompareLikePurges(t *testing.T) {
	s := workedExample(t)
	one, other := queries.Scenario{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams()}, queries.Scenario{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams()}
	other.Params.MaxWaves++
	r := compareOf(t, s, queries.CompareInput{First: one, Second: other, Draw: worlds.Draw{Method: worlds.Sampled}})
	for _, o := range r.Institutions {
		if o.Difference.Value != 0 || o.Difference.Low >= 0 || o.Difference.High <= 0 || o.Test.P != 1 || o.OnlyFirst.High == 0 {
			t.Errorf("%+v", o)
		}
	}
}

func TestCompareRefusals(t *testing.T) {
	s := workedExample(t)
	good := queries.Scenario{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams()}
	wrong := good
	wrong.Params.Solidarity = 2
	for name, c := range map[string]struct {
		in   queries.CompareInput
		want error
	}{
		"no target":      {queries.CompareInput{First: good, Second: queries.Scenario{Params: good.Params}}, worlds.ErrInput},
		"unknown target": {queries.CompareInput{First: queries.Scenario{Targets: []graph.ID{"x"}, Params: good.Params}, Second: good}, worlds.ErrUnknown},
		"parameter":      {queries.CompareInput{First: good, Second: wrong}, worlds.ErrInput},
		"samples":        {queries.CompareInput{First: good, Second: good, Draw: worlds.Draw{Samples: -1}}, worlds.ErrInput},
		"method":         {queries.CompareInput{First: good, Second: good, Draw: worlds.Draw{Method: "GUESS"}}, worlds.ErrInput},
	} {
		if _, err := queries.Compare(t.Context(), s, c.in); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
