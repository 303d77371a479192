package storetest_test

import (
	"slices"
	"testing"

	"entangle/graph"
	"entangle/graph/storetest"
)

// TestModel holds the reference against its own suite: a case that the model
// cannot pass asks for something that the contract does not say.
func TestModel(t *testing.T) {
	storetest.Run(t, func(*testing.T) graph.Store { return storetest.NewModel() },
		storetest.Exception{Category: "reopen", Reason: "the model lives in memory"})
}

func TestCategories(t *testing.T) {
	got := storetest.Categories()
	for _, want := range []string{"isolation", "reopen", "cancel", "clearance"} {
		if !slices.Contains(got, want) {
			t.Errorf("categories %q lack %q", got, want)
		}
	}
}

// TestFixtureValid: the drawing keeps the rules that stores enforce.
func TestFixtureValid(t *testing.T) {
	if problems := storetest.Fixture().Normal().Validate(func(graph.ID) graph.Kind { return 0 }); len(problems) > 0 {
		t.Error(problems)
	}
}
