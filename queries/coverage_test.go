package queries_test

import (
	"fmt"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// tenUnits are ten units of which one group may hold each, whole, with these chances: the
// number that break is a sum of ten coins, 3.22 on average.
func tenUnits(t *testing.T) *projection.Snapshot {
	t.Helper()
	var data strings.Builder
	data.WriteString("group g\n")
	for i, chance := range []string{"0.5", "0.2", "0.05", "0.9", "0.3", "0.1", "0.6", "0.02", "0.4", "0.15"} {
		fmt.Fprintf(&data, "institution i%d types=unit\ng CONTROLS i%d form=command weight=1 conf=%s\n", i, i, chance)
	}
	return snapshotOf(t, data.String())
}

// TestMeanOfTheFewestWorlds: two worlds show at most two values, and not that there are but
// two; the interval of a mean holds the truth all the same.
func TestMeanOfTheFewestWorlds(t *testing.T) {
	t.Parallel()
	s, p := tenUnits(t), worlds.DefaultParams()
	p.OwnShare = 1 // the units of the group count
	for _, drawn := range []int{2, 3, 4, 5} {
		held := 0
		for seed := range uint64(400) {
			r, err := queries.Verify(t.Context(), s, queries.VerifyInput{
				Targets: []graph.ID{"g"}, Params: p, Draw: worlds.Draw{Method: worlds.Sampled, Samples: drawn, Seed: seed + 1},
			})
			if err != nil {
				t.Fatal(err)
			}
			if r.Now.Low <= 3.22 && 3.22 <= r.Now.High {
				held++
			}
		}
		if held < 372 { // 93%
			t.Errorf("%d worlds: %d of 400 intervals hold the mean", drawn, held)
		}
	}
}

// TestTailOfTheFewestWorlds: where the worst worlds are a handful, others that were not
// drawn may be worse than any of them; the interval of the tail says so.
func TestTailOfTheFewestWorlds(t *testing.T) {
	t.Parallel()
	s := tenUnits(t)
	in := queries.DefaultInsure()
	in.Targets, in.Size, in.Kinds, in.Search = []graph.ID{"g"}, 1, []queries.MeasureKind{queries.Stream}, 16
	for _, c := range []struct {
		level  float64
		worlds int
	}{{0.9, 64}, {0.99, 200}, {0.999, 64}} {
		in.Level, in.Method = c.level, worlds.Exact
		exact, err := queries.Insure(t.Context(), s, in)
		if err != nil {
			t.Fatal(err)
		}
		held := 0
		in.Method, in.Samples = worlds.Sampled, c.worlds
		for seed := range uint64(200) {
			in.Seed = seed + 1
			r, err := queries.Insure(t.Context(), s, in)
			if err != nil {
				t.Fatal(err)
			}
			if r.Tail.Low <= exact.Tail.Value && exact.Tail.Value <= r.Tail.High {
				held++
			}
		}
		if held < 186 { // 93%
			t.Errorf("level %g of %d worlds: %d of 200 intervals hold %g", c.level, c.worlds, held, exact.Tail.Value)
		}
	}
}
