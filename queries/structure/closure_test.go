package structure_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/queries/structure"
)

// TestClosures: by hand. Projects 0 and 1 of benefit 3 and 4 share a thing of cost 5, 1
// needs another of cost 2, 2 needs nothing. Both pay from a price of 1 downwards: alone
// they would from 3/5 and 4/7.
func TestClosures(t *testing.T) {
	p, err := structure.NewClosureProblem([]int64{3, 4, 1}, []int64{5, 2}, [][]int32{{0}, {0, 1}, nil})
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Parametric(t.Context())
	want := []structure.Closure{{Projects: []int32{2}, Benefit: 1}, {Projects: []int32{0, 1, 2}, Benefit: 8, Cost: 7}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("(-want +got), %v:\n%s", err, diff)
	}
	alone, err := p.Of([]int32{0})
	if diff := cmp.Diff(structure.Closure{Projects: []int32{0}, Benefit: 3, Cost: 5}, alone); diff != "" || err != nil {
		t.Errorf("one project (-want +got), %v:\n%s", err, diff)
	}
	for price, want := range map[[2]int64][]int32{{1, 1}: {0, 1, 2}, {99, 100}: {2}, {1, 0}: {0, 1, 2}, {0, 1}: {2}} {
		if best, err := p.Max(t.Context(), price[0], price[1]); !cmp.Equal(best.Projects, want) || err != nil {
			t.Errorf("benefit %d, cost %d: %+v, %v, want %v", price[0], price[1], best, err, want)
		}
	}
	if !cmp.Equal(p.Needs(1), []int32{0, 1}) || p.Needs(3) != nil || p.Needs(-1) != nil {
		t.Errorf("needs %v, %v", p.Needs(1), p.Needs(3))
	}
	if none, err := structure.NewClosureProblem(nil, nil, nil); err != nil {
		t.Error(err)
	} else if got, err := none.Parametric(t.Context()); err != nil || !cmp.Equal(got, []structure.Closure{{}}) {
		t.Errorf("of nothing %+v, %v", got, err)
	}
}

// TestClosureNumberingDoesNotMatter: projects and things that are numbered anew have the
// same closures.
func TestClosureNumberingDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		benefit := rapid.SliceOfN(rapid.Int64Range(0, 50), 1, 7).Draw(t, "benefit")
		cost := rapid.SliceOfN(rapid.Int64Range(0, 50), 1, 6).Draw(t, "cost")
		needs := make([][]int32, len(benefit))
		for i := range needs {
			needs[i] = rapid.SliceOfNDistinct(rapid.Int32Range(0, int32(len(cost)-1)), 0, len(cost), rapid.ID[int32]).Draw(t, "needs")
		}
		project, thing := permutation(t, len(benefit)), permutation(t, len(cost))
		movedBenefit, movedCost, movedNeeds := make([]int64, len(benefit)), make([]int64, len(cost)), make([][]int32, len(benefit))
		for i, to := range project {
			movedBenefit[to], movedNeeds[to] = benefit[i], renumbered(needs[i], thing)
		}
		for i, to := range thing {
			movedCost[to] = cost[i]
		}
		a := closures(t, benefit, cost, needs)
		for i := range a {
			if a[i].Projects != nil {
				a[i].Projects = renumbered(a[i].Projects, project)
			}
		}
		if diff := cmp.Diff(a, closures(t, movedBenefit, movedCost, movedNeeds)); diff != "" {
			t.Fatalf("(-moved +of the moved):\n%s", diff)
		}
	})
}

func permutation(t *rapid.T, n int) []int32 {
	to := make([]int32, n)
	for i := range to {
		to[i] = int32(i)
	}
	return rapid.Permutation(to).Draw(t, "to")
}

func closures(t *rapid.T, benefit, cost []int64, needs [][]int32) []structure.Closure {
	p := must[*structure.ClosureProblem](t)(structure.NewClosureProblem(benefit, cost, needs))
	return must[[]structure.Closure](t)(p.Parametric(t.Context()))
}

func TestClosureRefusals(t *testing.T) {
	const most = structure.MaxClosureSum
	for name, tt := range map[string]struct {
		benefit, cost []int64
		needs         [][]int32
		want          error
	}{
		"a negative benefit":       {[]int64{-1}, nil, [][]int32{nil}, structure.ErrOption},
		"a negative cost":          {nil, []int64{1, -1}, nil, structure.ErrOption},
		"benefits beyond the sum":  {[]int64{most, 1}, nil, [][]int32{nil, nil}, structure.ErrOption},
		"costs beyond the sum":     {nil, []int64{most / 2, most/2 + 1}, nil, structure.ErrOption},
		"needs without a project":  {[]int64{1}, []int64{1}, [][]int32{{0}, {0}}, structure.ErrOption},
		"a need that is no thing":  {[]int64{1}, []int64{1}, [][]int32{{1}}, structure.ErrNode},
		"a need under the first":   {[]int64{1}, []int64{1}, [][]int32{{-1}}, structure.ErrNode},
		"as much as there can be ": {[]int64{most}, []int64{most}, [][]int32{{0}}, nil},
	} {
		if _, err := structure.NewClosureProblem(tt.benefit, tt.cost, tt.needs); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	p, err := structure.NewClosureProblem([]int64{most}, []int64{most}, [][]int32{{0}})
	if err != nil {
		t.Fatal(err)
	}
	for _, price := range [][2]int64{{-1, 1}, {1, -1}, {most + 1, 1}, {1, most + 1}} {
		if _, err := p.Max(t.Context(), price[0], price[1]); !errors.Is(err, structure.ErrOption) {
			t.Errorf("factors %v: %v", price, err)
		}
	}
	if c, err := p.Max(t.Context(), most, most); err != nil || len(c.Projects) != 1 {
		t.Errorf("the largest factors: %+v, %v", c, err)
	}
	for _, i := range []int32{-1, 1} {
		if _, err := p.Of([]int32{i}); !errors.Is(err, structure.ErrNode) {
			t.Errorf("project %d: %v", i, err)
		}
	}
	dead, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Parametric(dead); !errors.Is(err, context.Canceled) {
		t.Errorf("a dead context: %v", err)
	}
}
