package queries_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// manyCoins has a group of whose n members each, with confidence a half, sits in one court.
func manyCoins(t *testing.T, n int) *projection.Snapshot {
	t.Helper()
	var notation strings.Builder
	fmt.Fprintf(&notation, "group g\ninstitution court types=court authorisedPosts=%d\n", n)
	for i := range n {
		fmt.Fprintf(&notation, "person p%[1]d\npost s%[1]d\ns%[1]d POST_IN court\np%[1]d HOLDS s%[1]d\np%[1]d MEMBER_OF g conf=0.5\n", i)
	}
	return snapshotOf(t, notation.String())
}

// TestExactIsRefusedAlike: whatever goes through worlds says in the same words that there
// are too many of them.
func TestExactIsRefusedAlike(t *testing.T) {
	s := manyCoins(t, 24)
	draw, targets := worlds.Draw{Method: worlds.Exact}, []graph.ID{"g"}
	scenario := queries.Scenario{Targets: targets, Params: worlds.DefaultParams()}
	questions := map[string]func() error{
		"purge": func() error {
			_, err := queries.Purge(t.Context(), s, queries.PurgeInput{Targets: targets, Params: scenario.Params, Draw: draw})
			return err
		},
		"compare": func() error {
			_, err := queries.Compare(t.Context(), s, queries.CompareInput{First: scenario, Second: scenario, Draw: draw})
			return err
		},
		"verify": func() error {
			_, err := queries.Verify(t.Context(), s, queries.VerifyInput{Targets: targets, Params: scenario.Params, Draw: draw})
			return err
		},
		"paths": func() error {
			_, err := queries.PathsBetween(t.Context(), s, queries.PathsInput{From: "g", To: "court", Draw: draw})
			return err
		},
	}
	const want = "invalid question: method EXACT: more than 20 uncertain ties and responses matter; ask for AUTO or SAMPLED"
	for name, ask := range questions {
		if err := ask(); !errors.Is(err, worlds.ErrInput) || err.Error() != want {
			t.Errorf("%s: got %q, want %q", name, err, want)
		}
	}
}

// TestAutoIsExactWhereThatIsCheap: AUTO goes through every world where there are at most
// eight times as many as it would draw, and at most 2²⁰.
func TestAutoIsExactWhereThatIsCheap(t *testing.T) {
	for _, tt := range []struct {
		coins, samples int
		want           worlds.Method
	}{
		{0, 1, worlds.Exact},
		{3, 1, worlds.Exact},
		{4, 1, worlds.Sampled},
		{12, 511, worlds.Sampled},
		{12, 512, worlds.Exact},
		{12, 513, worlds.Exact},
		{15, 4096, worlds.Exact},
		{16, 4096, worlds.Sampled},
		{21, 1 << 19, worlds.Sampled},
	} {
		s := manyCoins(t, tt.coins)
		r := purgeOf(t, s, queries.PurgeInput{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams(), Draw: worlds.Draw{Samples: tt.samples}})
		if r.Basis.Method != tt.want {
			t.Errorf("%d coins, %d samples: %s, want %s", tt.coins, tt.samples, r.Basis.Method, tt.want)
		}
	}
}

// TestPathsOnSeveralWorkers: the probability of paths is the same on one worker and on
// several, and all its worlds are told of.
func TestPathsOnSeveralWorkers(t *testing.T) {
	s := manyCoins(t, 24)
	ask := func(workers int) (*queries.PathsReport, int64) {
		const samples = 1000
		var last atomic.Int64
		r, err := queries.PathsBetween(t.Context(), s, queries.PathsInput{From: "g", To: "p0", Types: []graph.TieType{graph.MemberOf}, Draw: worlds.Draw{
			Method: worlds.Sampled, Samples: samples, Seed: 3, Workers: workers,
			Progress: func(done, total int) {
				if total != samples || done < 1 || done > total {
					t.Errorf("%d worlds done of %d, want up to %d", done, total, samples)
				}
				last.Store(max(last.Load(), int64(done)))
			},
		}})
		if err != nil {
			t.Fatal(err)
		}
		return r, last.Load()
	}
	one, done := ask(1)
	if p := one.Connected.P; p < 0.4 || p > 0.6 {
		t.Errorf("connected with probability %g, want about a half", p)
	}
	if done != 1000 {
		t.Errorf("told of %d worlds of 1000", done)
	}
	several, _ := ask(3)
	if diff := cmp.Diff(one, several); diff != "" {
		t.Error(diff)
	}
}
