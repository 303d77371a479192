package queries_test

import (
	"errors"
	"math"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/worlds"
)

// associates builds persons joined by ASSOCIATE_OF, each tie with the given
// confidence.
func associates(t *testing.T, pairs [][2]string, confidence func(i int) float64) *projection.Snapshot {
	t.Helper()
	var b graph.Batch
	seen := map[string]bool{}
	for i, pair := range pairs {
		for _, name := range pair {
			if !seen[name] {
				seen[name] = true
				b.Nodes = append(b.Nodes, graph.Node{ID: graph.ID(name), Kind: graph.Person, Names: []graph.Name{{Text: name}}})
			}
		}
		b.Ties = append(b.Ties, graph.Tie{
			Type: graph.AssociateOf, From: graph.ID(pair[0]), To: graph.ID(pair[1]), Confidence: graph.Stated(confidence(i)),
		})
	}
	s, err := projection.FromBatch(b, projection.Options{AsOf: graph.DayOf(2020, 8, 24)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var bridgeNetwork = [][2]string{{"s", "a"}, {"s", "b"}, {"a", "b"}, {"a", "t"}, {"b", "t"}}

// The five-edge bridge network has R = 2p² + 2p³ − 5p⁴ + 2p⁵.
func TestConnectedBridgeNetwork(t *testing.T) {
	for _, c := range []struct{ p, want float64 }{{0.1, 0.02152}, {0.5, 0.5}, {0.9, 0.97848}} {
		s := associates(t, bridgeNetwork, func(int) float64 { return c.p })
		r, err := queries.PathsBetween(t.Context(), s, queries.PathsInput{From: "s", To: "t"})
		if err != nil {
			t.Fatal(err)
		}
		if r.Basis.Method != worlds.Exact || math.Abs(r.Connected.P-c.want) > 1e-8 {
			t.Errorf("p = %g: %s %g, want exact %g", c.p, r.Basis.Method, r.Connected.P, c.want)
		}
		sampled, err := queries.PathsBetween(t.Context(), s, queries.PathsInput{From: "s", To: "t", Draw: worlds.Draw{Method: worlds.Sampled, Samples: 20000, Seed: 12345}})
		if err != nil {
			t.Fatal(err)
		}
		// 99.9% of a binomial: 3.29 standard deviations.
		if d := math.Abs(sampled.Connected.P - c.want); d > 3.29*math.Sqrt(c.want*(1-c.want)/20000) {
			t.Errorf("p = %g: sampled %g is %g off", c.p, sampled.Connected.P, d)
		}
	}
}

// Without the tie a–b the network has R = 1 − (1 − p²)²; the Birnbaum
// importance of a–b at p = 0.9 is 0.0162 (R up − R down), so that
// R − R(a–b down) = 0.9 × 0.0162 = 0.01458.
func TestConnectedWithoutTheBridge(t *testing.T) {
	p := func(i int) float64 {
		if i == 2 {
			return 0
		}
		return 0.9
	}
	r, err := queries.PathsBetween(t.Context(), associates(t, bridgeNetwork, p), queries.PathsInput{From: "s", To: "t"})
	if err != nil {
		t.Fatal(err)
	}
	if got := 0.97848 - r.Connected.P; math.Abs(got-0.01458) > 1e-8 {
		t.Errorf("R − R(ab down) = %g, want 0.01458", got)
	}
}

func TestPathsOrder(t *testing.T) {
	// s–t directly at 0.3; over a at 0.9 × 0.9 = 0.81; over b at 0.8 × 0.5 = 0.4.
	confidence := []float64{0.3, 0.9, 0.9, 0.8, 0.5}
	s := associates(t, [][2]string{{"s", "t"}, {"s", "a"}, {"a", "t"}, {"s", "b"}, {"b", "t"}}, func(i int) float64 { return confidence[i] })
	r, err := queries.PathsBetween(t.Context(), s, queries.PathsInput{From: "s", To: "t", Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{0.81, 0.4, 0.3}
	if len(r.Paths) != len(want) {
		t.Fatalf("%d paths, want %d", len(r.Paths), len(want))
	}
	for i, p := range r.Paths {
		if math.Abs(p.Confidence-want[i]) > 1e-8 {
			t.Errorf("path %d has confidence %g, want %g", i, p.Confidence, want[i])
		}
		if p.Steps[0].From.ID != "s" || p.Steps[len(p.Steps)-1].To.ID != "t" {
			t.Errorf("path %d does not lead from s to t: %v", i, p.Steps)
		}
	}
	r, err = queries.PathsBetween(t.Context(), s, queries.PathsInput{From: "s", To: "t", MaxHops: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Paths) != 1 || len(r.Paths[0].Steps) != 1 {
		t.Errorf("one hop at most gives %v", r.Paths)
	}
}

func TestPathsErrors(t *testing.T) {
	s := associates(t, bridgeNetwork, func(int) float64 { return 1 })
	for name, c := range map[string]struct {
		in   queries.PathsInput
		want error
	}{
		"unknown node": {queries.PathsInput{From: "s", To: "nobody"}, worlds.ErrUnknown},
		"same node":    {queries.PathsInput{From: "s", To: "s"}, worlds.ErrInput},
		"too long":     {queries.PathsInput{From: "s", To: "t", MaxHops: 99}, worlds.ErrInput},
		"too many":     {queries.PathsInput{From: "s", To: "t", Limit: 1000}, worlds.ErrInput},
	} {
		if _, err := queries.PathsBetween(t.Context(), s, c.in); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// Of two alternatives of 0.8 each one stands, 0.5 each: the way that needs both is in no
// world, though it is the surest by their own confidences, and is not listed.
func TestPathsWithoutContradictions(t *testing.T) {
	var b graph.Batch
	for _, id := range []graph.ID{"s", "a", "b", "t"} {
		b.Nodes = append(b.Nodes, graph.Node{ID: id, Kind: graph.Person, Names: []graph.Name{{Text: string(id)}}})
	}
	for _, c := range []struct {
		from, to   graph.ID
		confidence float64
		set        string
	}{{"s", "a", 0.8, "x"}, {"a", "t", 0.8, "x"}, {"s", "b", 0.5, ""}, {"b", "t", 0.5, ""}, {"a", "b", 0.5, ""}} {
		b.Ties = append(b.Ties, graph.Tie{Type: graph.AssociateOf, From: c.from, To: c.to, Confidence: graph.Stated(c.confidence), ConflictSet: c.set})
	}
	s, err := projection.FromBatch(b, projection.Options{AsOf: graph.DayOf(2020, 8, 24)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := queries.PathsBetween(t.Context(), s, queries.PathsInput{From: "s", To: "t"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Paths) != 3 || math.Abs(r.Paths[0].Confidence-0.25) > 1e-9 {
		t.Fatalf("%+v, want s–b–t with 0.25 and two ways over a and b", r.Paths)
	}
	for _, p := range r.Paths[1:] {
		if len(p.Steps) != 3 || math.Abs(p.Confidence-0.125) > 1e-9 {
			t.Errorf("%+v, want three steps with 0.5³", p)
		}
	}
	// Either alternative stands. With s–a: over b–t and one of s–b, a–b. With a–t: over
	// s–b and one of b–t, a–b. Each 0.5·0.75.
	if got := r.Connected.P; math.Abs(got-0.375) > 1e-9 {
		t.Errorf("connected with %g, want 0.375", got)
	}
}
