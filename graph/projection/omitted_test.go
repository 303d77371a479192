package projection_test

import (
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
)

// What a gap policy leaves out is counted: of four claims one is certain on the day, two
// are possible, one had ended.
func TestOmittedTies(t *testing.T) {
	node := func(id graph.ID, k graph.Kind) graph.Node {
		return graph.Node{ID: id, Kind: k, Names: []graph.Name{{Text: string(id)}}}
	}
	tie := func(id graph.ID, interval string) graph.Tie {
		return graph.Tie{ID: id, Type: graph.MemberOf, From: "p", To: "g", Confidence: graph.Stated(1), Span: spanOf(t, interval)}
	}
	b := graph.Batch{
		Nodes: []graph.Node{node("p", graph.Person), node("g", graph.Group)},
		Ties:  []graph.Tie{tie("certain", "2010/.."), tie("possible", "2010/"), tie("undated", "/"), tie("over", "2010/2012")},
	}
	for policy, want := range map[string][2]int{"contiguous": {3, 0}, "strict": {1, 2}} {
		gap, err := graph.ParseGapPolicy(policy)
		if err != nil {
			t.Fatal(err)
		}
		s, err := projection.FromBatch(b, projection.Options{AsOf: graph.DayOf(2020, 1, 1), Gap: gap})
		if err != nil {
			t.Fatal(err)
		}
		if int(s.Ties()) != want[0] || s.OmittedTies() != want[1] {
			t.Errorf("%s: %d ties, %d omitted, want %d", policy, s.Ties(), s.OmittedTies(), want)
		}
	}
}

func spanOf(t *testing.T, interval string) graph.Span {
	t.Helper()
	s, err := graph.ParseInterval(interval)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
