package queries_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// TestLargerPurgeBreaksNoLess: losses only grow with the targets, in each world, so
// that under one seed no count of worlds goes down. An order of stages therefore
// cannot matter. With a switch-over it is not so.
func TestLargerPurgeBreaksNoLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := strikeCases.Draw(t, "case")
		c.params.MaxWaves = 64 // a response that was cut may end either way
		c.params.Switchover = 0
		s, err := projection.FromBatch(c.batch, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
		if err != nil {
			t.Fatal(err)
		}
		more := slices.Clone(c.targets)
		for _, n := range c.batch.Nodes {
			if (n.Kind == graph.Group || n.Kind == graph.Person || n.Kind == graph.RevenueStream) && rapid.Bool().Draw(t, "also") {
				more = append(more, n.ID)
			}
		}
		counts := func(targets []graph.ID) map[graph.ID][]int {
			r, err := queries.Purge(t.Context(), s, queries.PurgeInput{
				Targets: targets, Params: c.params, Draw: worlds.Draw{Method: worlds.Sampled, Samples: 64, Seed: 5},
			})
			if err != nil {
				t.Fatal(err)
			}
			if !r.Basis.Converged {
				t.Fatal("64 waves are more than so few nodes can change in")
			}
			out := map[graph.ID][]int{}
			for _, o := range r.Institutions {
				n := []int{o.Fractured.Count, int(64 * (o.FracturedOnly.P + o.Collapsed.P + o.Strained.P)), int(64 * o.Collapsed.P)}
				out[o.ID] = n
			}
			for _, l := range r.Lost {
				out[l.ID] = []int{l.Chance.Count}
			}
			return out
		}
		few, many := counts(c.targets), counts(more)
		for id, n := range few {
			for i := range n {
				if len(many[id]) != len(n) || many[id][i] < n[i] {
					t.Fatalf("%s: %v worlds under %v, %v under %v\n%v", id, n, c.targets, many[id], more, c)
				}
			}
		}
	})
}

// TestLimitedStrikeBreaksNoMore: what a strike takes within limits is a part of what it takes
// whole, in each world.
func TestLimitedStrikeBreaksNoMore(t *testing.T) {
	limits := 0
	rapid.Check(t, func(t *rapid.T) {
		c := strikeCases.Draw(t, "case")
		c.params.MaxWaves, c.params.Switchover = 64, 0
		if len(c.params.Within) == 0 && c.params.FromWeight == 0 {
			c.params.FromWeight = 0.5
		}
		s, err := projection.FromBatch(c.batch, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
		if err != nil {
			t.Fatal(err)
		}
		counts := func(p worlds.Params) map[graph.ID]int {
			r, err := queries.Purge(t.Context(), s, queries.PurgeInput{Targets: c.targets, Params: p, Draw: worlds.Draw{Method: worlds.Sampled, Samples: 64, Seed: 5}})
			if err != nil {
				t.Fatal(err)
			}
			out := map[graph.ID]int{}
			for _, o := range r.Institutions {
				out[o.ID] = o.Fractured.Count
			}
			return out
		}
		whole := c.params
		whole.Within, whole.FromWeight = nil, 0
		all := counts(whole)
		for id, n := range counts(c.params) {
			if all[id] < n {
				t.Fatalf("%s: %d worlds within limits, %d without\n%v", id, n, all[id], c)
			}
			limits += all[id] - n
		}
	})
	if limits == 0 {
		t.Error("in no case did a limit spare anything")
	}
}
