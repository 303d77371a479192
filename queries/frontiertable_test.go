package queries_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// TestFrontierTable: what the table says of every set, worked out from what each group
// does alone, is what a purge of that set does in the same worlds.
func TestFrontierTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkDrawn(t, purgeCases.Draw(t, "case")) })
}

// TestFrontierTableOfWideCases: with more groups and institutions, that overlap or fall
// apart into two halves.
func TestFrontierTableOfWideCases(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := wideCases.Draw(t, "case")
		if rapid.Bool().Draw(t, "halves") {
			odd := func(id graph.ID) bool {
				n, _ := strconv.Atoi(string(id[1:]))
				return n%2 == 1
			}
			c.batch.Ties = slices.DeleteFunc(c.batch.Ties, func(t graph.Tie) bool { return odd(t.From) != odd(t.To) })
		}
		checkDrawn(t, c)
	})
}

func checkDrawn(t *rapid.T, c purgeCase) {
	t.Helper()
	onRecord(&c)
	s, err := projection.FromBatch(c.batch, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	in := queries.DefaultFrontier()
	c.params.Switchover = 0 // a larger purge breaks no less
	in.Params = c.params
	in.Weights.ByInstitution = map[graph.ID]float64{}
	owned := rapid.Bool().Draw(t, "no institution is named, and what a group holds is its own")
	for _, n := range c.batch.Nodes {
		switch n.Kind {
		case graph.Group:
			if len(in.Groups) < 6 {
				in.Groups = append(in.Groups, n.ID)
			}
		case graph.Institution: // sums of which tell which of them broke how often
			if !owned {
				in.Weights.ByInstitution[n.ID] = []float64{1, 3, 0, 10, 31, 101, 317, 997}[len(in.Weights.ByInstitution)]
			}
		default:
		}
	}
	in.Seed = 5
	in.Method = rapid.SampledFrom([]worlds.Method{worlds.Sampled, worlds.Auto}).Draw(t, "method")
	in.Search = rapid.SampledFrom([]int{1, 64, 150}).Draw(t, "worlds")
	in.Tolerance = rapid.SampledFrom([]float64{0, 0.05, 0.5}).Draw(t, "tolerance")
	own := map[graph.ID]bool{}
	if owned {
		own = refOwn(c.batch, c.params, in.Groups...)
	}
	checkTable(t, s, in, own, rapid.SampledFrom([]int{1, 20, 1 << 22}).Draw(t, "cells"))
}

// checkTable purges every set and compares; it returns how many there were. Own are the
// institutions that are no damage.
func checkTable(t rapid.TB, s *projection.Snapshot, in queries.FrontierInput, own map[graph.ID]bool, cells int) int {
	t.Helper()
	table, method, err := queries.FrontierTable(context.Background(), s, in, cells)
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range table {
		want, worst := 0.0, 0.0
		if len(set.Groups) > 0 {
			r, err := queries.Purge(context.Background(), s, queries.PurgeInput{
				Targets: set.Groups, Params: in.Params, Draw: worlds.Draw{Method: method, Samples: in.Search, Seed: in.Seed},
			})
			if err != nil {
				t.Fatal(err)
			}
			if !r.Basis.Converged {
				t.Fatalf("the purge of %v was cut, and the table says nothing of it", set.Groups)
			}
			for _, o := range r.Institutions {
				weight := 1.0
				if w, ok := in.Weights.ByInstitution[o.ID]; ok {
					weight = w
				}
				if own[o.ID] {
					weight = 0
				}
				want += weight * o.Fractured.P
				if weight > 0 {
					worst = max(worst, o.Fractured.P)
				}
			}
		}
		if math.Abs(set.Expected-want) > 1e-6 || set.Safe != (worst <= in.Tolerance) && math.Abs(worst-in.Tolerance) > 1e-8 {
			t.Fatalf("%s %v: the table says %g, safe %t; the purge %g, at most %g", method, set.Groups, set.Expected, set.Safe, want, worst)
		}
	}
	return len(table)
}

// TestFrontierTableOfAState: in a state with 6 groups over 40 institutions, where
// nearly everything hangs together and fractures go on for many waves.
func TestFrontierTableOfAState(t *testing.T) {
	if testing.Short() {
		t.Skip("long: make check runs it")
	}
	s := state(t, stateSize{persons: 500, institutions: 40, groups: 6})
	in := queries.DefaultFrontier()
	in.Params.OwnShare = 1 // what a group commands counts like the rest
	in.Search, in.Draw = 128, worlds.Draw{Method: worlds.Sampled, Seed: 3}
	for _, c := range []struct{ waves, cells int }{{32, 1 << 22}, {14, 1 << 22}, {12, 700}} {
		in.Params.MaxWaves = c.waves
		if n := checkTable(t, s, in, nil, c.cells); n != 64 {
			t.Errorf("cut at wave %d the table has %d sets of 6 groups", c.waves, n)
		}
	}
	in.Params.MaxWaves = 2
	if n := checkTable(t, s, in, nil, 1<<22); n != 0 {
		t.Errorf("purges are cut at wave 2, and the table has %d sets", n)
	}
}

// TestFrontierTableAddsLossesToFractures: of four like units a breaks one, and b holds two
// fifths of another, which bears it. The command needs 0.7 of its force: it stands without
// what either takes (0.75, 0.9), and not without both (0.65).
func TestFrontierTableAddsLossesToFractures(t *testing.T) {
	s := snapshotOf(t, `
	group a types=armed_group
	group b types=armed_group
	institution command types=command
	institution u{1..4} types=unit
	u{1..4} PART_OF command class=command
	a CONTROLS u1 form=staffing weight=0.6
	b CONTROLS u2 form=command weight=0.4`)
	in := queries.DefaultFrontier()
	in.Params.OwnShare = 1 // what a group commands counts like the rest
	in.Weights.ByInstitution = map[graph.ID]float64{"u1": 0, "u2": 0, "u3": 0, "u4": 0}
	if n := checkTable(t, s, in, nil, 1<<22); n != 4 {
		t.Errorf("%d sets of two groups", n)
	}
	r, err := queries.Frontier(t.Context(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	if r.Safe.Benefit != 1 || len(r.Curve) != 2 || r.Curve[1].Searched != 1 {
		t.Errorf("safe %s, %d points", line(r.Safe), len(r.Curve))
	}
}

// TestFrontierTableSeesWhatIsCut: what a and b break together breaks others wave by wave;
// with c all break at once. So neither a group alone nor all together are cut at wave 2,
// and a and b are.
func TestFrontierTableSeesWhatIsCut(t *testing.T) {
	s := snapshotOf(t, `
	group a types=armed_group
	group b types=armed_group
	group c types=armed_group
	institution i{1..5} types=office
	institution other types=office
	a CONTROLS other form=staffing weight=1
	a CONTROLS i1 form=staffing weight=0.3
	b CONTROLS i1 form=staffing weight=0.3
	c CONTROLS i2 form=staffing weight=1
	c CONTROLS i3 form=staffing weight=1
	c CONTROLS i4 form=staffing weight=1
	c CONTROLS i5 form=staffing weight=1
	i2 DEPENDS_ON i1 weight=1
	i3 DEPENDS_ON i2 weight=1
	i4 DEPENDS_ON i3 weight=1
	i5 DEPENDS_ON i4 weight=1`)
	in := queries.DefaultFrontier()
	in.Params.OwnShare = 1 // what a group commands counts like the rest
	for waves, want := range map[int]int{2: 0, 3: 0, 4: 8, 5: 8, 32: 8} {
		in.Params.MaxWaves = waves
		if n := checkTable(t, s, in, nil, 1<<22); n != want {
			t.Errorf("%d waves at most: the table has %d sets, want %d", waves, n, want)
		}
	}
	in.Params.MaxWaves = 2
	r, err := queries.Frontier(t.Context(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	if r.CurveOptimality != queries.HeuristicSearch || r.Basis.Converged {
		t.Errorf("curve %s, converged %t", r.CurveOptimality, r.Basis.Converged)
	}
}

// TestFrontierTableEndsWithItsContext: work on a table tells how far it is within a block
// of worlds, and ends soon after its context.
func TestFrontierTableEndsWithItsContext(t *testing.T) {
	s := state(t, stateSize{persons: 300, institutions: 16, groups: 16})
	in := queries.DefaultFrontier()
	in.Search, in.Draw = 64, worlds.Draw{Method: worlds.Sampled, Samples: 64, Seed: 3, Workers: 1}
	for _, part := range []int{1, 50} { // while single supports are learnt, and in the sweep
		least := time.Hour
		for try := 0; try < 5 && least > promptly; try++ {
			ctx, cancel := context.WithCancel(t.Context())
			var cancelled time.Time
			in.Progress = func(done, total int) {
				if cancelled.IsZero() && done >= part && done < total {
					cancelled = time.Now()
					cancel()
				}
			}
			_, err := queries.Frontier(ctx, s, in)
			cancel()
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v, want %v", err, context.Canceled)
			}
			least = min(least, time.Since(cancelled))
		}
		if least > promptly {
			t.Errorf("ended %v after its context, want at most %v", least, promptly)
		}
	}
}

// TestFrontierTableOfAnyWorkers: the table does not hang on who worked out what.
func TestFrontierTableOfAnyWorkers(t *testing.T) {
	t.Parallel()
	s := state(t, stateSize{persons: 300, institutions: 12, groups: 13})
	in := queries.DefaultFrontier()
	in.Search, in.Draw = 200, worlds.Draw{Method: worlds.Sampled, Samples: 64, Seed: 3, Workers: 1}
	one, err := queries.Frontier(t.Context(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	in.Workers = 4
	four, err := queries.Frontier(t.Context(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(one, four); diff != "" {
		t.Errorf("four workers answer differently:\n%s", diff)
	}
	if one.CurveOptimality != queries.ExactSearch || one.SafeOptimality != queries.ExactSearch || one.Sets > 100 {
		t.Errorf("curve %s, safe %s, from %d purges; want EXACT, from a few", one.CurveOptimality, one.SafeOptimality, one.Sets)
	}
}
