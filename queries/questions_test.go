package queries_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/querytest"
	"entangle/queries/worlds"
)

// What holds of every question of the table.

// TestQuestionsOnSeveralWorkers: the same report to the last bit, whatever the number of
// workers.
func TestQuestionsOnSeveralWorkers(t *testing.T) {
	t.Parallel()
	s := state(t, stateSize{persons: 300, institutions: 20, groups: 4})
	for _, row := range queries.Questions() {
		if !querytest.Draws(row) {
			continue
		}
		var first any
		for _, workers := range []int{1, 3} {
			about := someone
			about.Draw = worlds.Draw{Method: worlds.Sampled, Samples: 2*worlds.BlockSize + 2, Seed: 5, Workers: workers}
			report, err := row.Ask(t.Context(), picturesOf(row, s), about.Fill(row))
			if err != nil {
				t.Fatalf("%s: %v", row.Name, err)
			}
			if first == nil {
				first = report
			} else if diff := cmp.Diff(first, report); diff != "" {
				t.Errorf("%s (-one +three):\n%s", row.Name, diff)
			}
		}
	}
}

// TestQuestionsOfAnyPicture: asked of any graph a question answers, the same when asked
// again, or says what of it cannot be asked.
func TestQuestionsOfAnyPicture(t *testing.T) {
	t.Parallel()
	answered := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		c := purgeCases.Draw(rt, "case")
		s, err := projection.FromBatch(c.batch, projection.Options{AsOf: graph.DayOf(2020, 1, 1), Tenures: true})
		if err != nil {
			rt.Fatal(err)
		}
		later, err := projection.FromBatch(c.batch, projection.Options{AsOf: graph.DayOf(2021, 1, 1), Tenures: true})
		if err != nil {
			rt.Fatal(err)
		}
		about := querytest.About{
			Targets: c.targets, Groups: []graph.ID{"g0"}, From: c.targets[0], To: "i0", Office: "s0", Search: 32, Budget: 32, Trajectories: 2, Size: 1,
			Draw: worlds.Draw{Method: worlds.Sampled, Samples: 64, Seed: 2},
		}
		for _, row := range queries.Questions() {
			in, pictures := about.Fill(row), picturesOf(row, s, later)
			report, err := row.Ask(t.Context(), pictures, in)
			again, errAgain := row.Ask(t.Context(), pictures, in)
			switch {
			case err != nil:
				if !errors.Is(err, worlds.ErrInput) && !errors.Is(err, worlds.ErrUnknown) || report != nil {
					rt.Fatalf("%s: %v, %v", row.Name, report, err)
				}
			case errAgain != nil || !cmp.Equal(report, again):
				rt.Fatalf("%s answers otherwise when asked again: %v\n%s", row.Name, errAgain, cmp.Diff(report, again))
			default:
				answered[row.Name]++
			}
		}
	})
	for _, row := range queries.Questions() {
		if answered[row.Name] == 0 {
			t.Errorf("%s was never answered", row.Name)
		}
	}
}

// TestQuestionsKeepToTheirRow: a default is of the type that is asked, a report of the type
// that is answered, and another type or number of pictures is refused.
func TestQuestionsKeepToTheirRow(t *testing.T) {
	t.Parallel()
	s := onePost(t, "0.3")
	about := querytest.About{Targets: []graph.ID{"g"}, Groups: []graph.ID{"g"}, From: "g", To: "office", Office: "post", Draw: worlds.Draw{Samples: 64}}
	for _, row := range queries.Questions() {
		report, err := row.Ask(t.Context(), picturesOf(row, s), about.Fill(row))
		if err != nil && !errors.Is(err, worlds.ErrInput) && !errors.Is(err, worlds.ErrUnknown) {
			t.Errorf("%s: %v", row.Name, err)
		} else if err == nil && reflect.TypeOf(report) != reflect.TypeOf(row.Report()) {
			t.Errorf("%s answers a %T, its row says %T", row.Name, report, row.Report())
		}
		if _, err := row.Ask(t.Context(), picturesOf(row, s, s), struct{}{}); !errors.Is(err, worlds.ErrInput) {
			t.Errorf("%s takes a struct{}: %v", row.Name, err)
		}
		if _, err := row.Ask(t.Context(), nil, row.Default()); !errors.Is(err, worlds.ErrInput) {
			t.Errorf("%s takes no picture: %v", row.Name, err)
		}
	}
	if _, ok := queries.QuestionNamed("nothing"); ok {
		t.Error("there is a question of the name “nothing”")
	}
}
