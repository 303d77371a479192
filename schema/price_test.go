package schema_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/schema"
	"entangle/schema/exec"
)

// priceOf is what a document costs somebody.
func priceOf(t *testing.T, s *schema.Schema, asker graph.Marking, query string) int {
	t.Helper()
	p, errs := s.Prepare(t.Context(), exec.Request{Query: query, Asker: asker, Cost: 1 << 30})
	if errs != nil {
		t.Fatalf("%s: %v", query, errs)
	}
	cost, _ := p.Cost()
	return cost
}

// TestQuestionsCostWhatTheyDo: the price follows the arguments, read as the question reads
// them, also of nodes that there are none of.
func TestQuestionsCostWhatTheyDo(t *testing.T) {
	s := newSchema(t, loaded(t, stores["model"], fixture(t)))
	of := func(query string) int { return priceOf(t, s, graph.Red, query) }
	purge := `{ purge(targets: [%s], asOf: "2020-06-24", method: %s, samples: %d) { struckCount } }`
	for _, tt := range []struct{ what, less, more string }{
		{"worlds", fmt.Sprintf(purge, `"a"`, "SAMPLED", 1), fmt.Sprintf(purge, `"a"`, "SAMPLED", 65_536)},
		{"worlds, AUTO", fmt.Sprintf(purge, `"a"`, "AUTO", 1), fmt.Sprintf(purge, `"a"`, "AUTO", 65_536)},
		{"every world", fmt.Sprintf(purge, `"a"`, "SAMPLED", 4096), fmt.Sprintf(purge, `"a"`, "EXACT", 4096)},
		{
			"subsets", `{ attribution(targets: ["a"], asOf: "2020-06-24") { subsets } }`,
			`{ attribution(targets: ["a", "b", "c", "d"], asOf: "2020-06-24") { subsets } }`,
		},
		{
			"runs", `{ sensitivity(targets: ["a"], asOf: "2020-06-24", trajectories: 2, samples: 16, method: SAMPLED) { runs } }`,
			`{ sensitivity(targets: ["a"], asOf: "2020-06-24", trajectories: 1000, samples: 65536, method: SAMPLED) { runs } }`,
		},
		{
			"groups", `{ frontier(groups: ["a", "b"], asOf: "2020-06-24", method: SAMPLED) { searchSamples } }`,
			`{ frontier(groups: ["a", "b", "c", "d", "e"], asOf: "2020-06-24", method: SAMPLED) { searchSamples } }`,
		},
	} {
		if less, more := of(tt.less), of(tt.more); less >= more {
			t.Errorf("%s: %d, and for more %d", tt.what, less, more)
		}
	}
	// A frontier of no named groups is one of the armed groups that there are: parties make
	// it no dearer, whether a picture is kept yet or not.
	frontier := `{ frontier(asOf: "2020-06-24", method: SAMPLED) { searchSamples } }`
	b := fixture(t)
	for i := range 40 {
		b.Nodes = append(b.Nodes, graph.Node{ID: graph.ID(fmt.Sprintf("party-%d", i)), Kind: graph.Group, Names: []graph.Name{{Text: "Party", Kind: graph.PrimaryName}}, Types: []string{"party"}})
	}
	many := newSchema(t, loaded(t, stores["model"], b))
	for range 2 {
		if got, want := priceOf(t, many, graph.Red, frontier), of(frontier); got != want {
			t.Errorf("a frontier among 40 parties costs %d, %d without them", got, want)
		}
		for _, s := range []*schema.Schema{s, many} { // a picture is kept from here on
			p, errs := s.Prepare(t.Context(), exec.Request{Query: `{ exposure(asOf: "2020-06-24") { pairCount } }`, Asker: graph.Red})
			if errs != nil {
				t.Fatal(errs)
			}
			if _, err := s.Execute(t.Context(), p, graph.Red, io.Discard); err != nil {
				t.Fatal(err)
			}
		}
	}
	// What cannot be read is refused when it is asked, and costs as the default.
	bad := `{ purge(targets: ["a"], asOf: "2020-06-24", samples: -5) { struckCount } }`
	standard := `{ purge(targets: ["a"], asOf: "2020-06-24") { struckCount } }`
	if got, want := of(bad), of(standard); got != want {
		t.Errorf("-5 samples cost %d, the default %d", got, want)
	}
}

// TestTooDearSaysWhy: whoever asks for too much is told what makes it dear.
func TestTooDearSaysWhy(t *testing.T) {
	s := newSchema(t, loaded(t, stores["model"], fixture(t)))
	_, errs := s.Prepare(t.Context(), exec.Request{
		Query: `{ sensitivity(targets: ["a"], asOf: "2020-06-24", trajectories: 1000, samples: 65536) { runs } }`, Cost: 10_000,
	})
	if len(errs) != 1 || errs[0].Code() != exec.CodeCostLimit {
		t.Fatalf("got %v", errs)
	}
	for _, want := range []string{"the limit is 10000; sensitivity alone costs ", "852,800,000 worlds drawn, in 19 ties", "ask for fewer worlds"} {
		if !strings.Contains(errs[0].Message, want) {
			t.Errorf("%q does not say %q", errs[0].Message, want)
		}
	}
}

// TestPricesTellNothingHidden: what somebody may not see is in no price that he is told.
// As long as there is no picture all that he sees is counted, once; then the largest picture
// kept for him counts.
func TestPricesTellNothingHidden(t *testing.T) {
	store := &countingStore{Store: loaded(t, stores["model"], fixture(t))}
	s := newSchema(t, store)
	const query = `{ purge(targets: ["g-lions"], asOf: "2020-06-24", method: SAMPLED, samples: 65536) { struckCount } }`
	low, red := priceOf(t, s, graph.Clear, query), priceOf(t, s, graph.Red, query)
	if low >= red {
		t.Errorf("whoever sees less pays %d, who sees all %d", low, red)
	}
	priceOf(t, s, graph.Red, query)
	if calls := store.take(); calls["Counts"] != 2 || calls["Ties"] > 0 {
		t.Errorf("calls: %v", calls)
	}
	ask(t, s, graph.Red, query, "")
	if again := priceOf(t, s, graph.Red, query); again >= red {
		t.Errorf("a picture of some of the ties costs %d, all of them %d", again, red)
	}
	if again := priceOf(t, s, graph.Clear, query); again != low {
		t.Errorf("the picture of another moved the price from %d to %d", low, again)
	}
	store.take()
	priceOf(t, s, graph.Red, `{ stats { nodes } }`)
	if calls := store.take(); len(calls) > 0 {
		t.Errorf("what is no question is counted for: %v", calls)
	}
}

// TestPriceAfterAFailure: what could not be counted is not taken for nothing from then on.
func TestPriceAfterAFailure(t *testing.T) {
	const query = `{ purge(targets: ["g-lions"], asOf: "2020-06-24", method: SAMPLED, samples: 65536) { struckCount } }`
	want := priceOf(t, newSchema(t, loaded(t, stores["model"], fixture(t))), graph.Red, query)
	for failing := 1; failing <= 2; failing++ { // opening a view, counting
		store := &faultyStore{Store: loaded(t, stores["model"], fixture(t))}
		s := newSchema(t, store)
		store.left = failing
		if got := priceOf(t, s, graph.Red, query); got >= want {
			t.Errorf("read %d fails: the price is %d, all that there is costs %d", failing, got, want)
		}
		if got := priceOf(t, s, graph.Red, query); got != want {
			t.Errorf("after read %d failed the price is %d, want %d", failing, got, want)
		}
	}
}
