package queries_test

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

func round9(v float64) float64 { return math.Round(v*1e9) / 1e9 }

// TestPurgeNetwork: the figures of a small network, and that they are asked for.
func TestPurgeNetwork(t *testing.T) {
	s := snapshotOf(t, bowTie)
	in := queries.PurgeInput{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams()}
	r, err := queries.Purge(t.Context(), s, in)
	if err != nil || r.Network != nil {
		t.Fatalf("%+v, %v: nobody asked for the network", r.Network, err)
	}
	in.Network = true
	if r, err = queries.Purge(t.Context(), s, in); err != nil {
		t.Fatal(err)
	}
	// g and a go. b, hub, c and d stay together: F = 0, or 1 − 4·3/(6·5); at distance 1
	// are 4 pairs, at 2 the 2 of b with c and d: DF = 1 − 5/6, or 1 − 5/15.
	want := queries.NetworkState{
		Nodes: 4, Components: 1, Largest: 4, Original: 0.6,
		Distance: queries.DistanceState{Residual: sure(0.166666667), Original: sure(0.666666667), Sources: 4},
	}
	if r.Network.Removed != 2 || r.Network.After != want {
		t.Errorf("%d removed, after %+v; want 2 and %+v", r.Network.Removed, r.Network.After, want)
	}
	if before := r.Network.Before; before.Nodes != 6 || before.Residual != before.Original || before.Distance.Residual != before.Distance.Original {
		t.Errorf("before anything is removed both denominators are one: %+v", before)
	}
}

// sure is an amount that nothing was drawn for.
func sure(v float64) estimate.Amount { return estimate.Amount{Value: v, Low: v, High: v} }

// TestPurgeNetworkOfMany: the DF of a large network is not worked out in passing, and
// where it is asked for it is an estimate that covers the truth. A path of n nodes has
// Σ 1/d = Σ (n − d)/d over its pairs.
func TestPurgeNetworkOfMany(t *testing.T) {
	t.Parallel()
	const n = 12_000
	b := graph.Batch{Nodes: make([]graph.Node, n)}
	for i := range b.Nodes {
		b.Nodes[i] = graph.Node{ID: pathID(i), Kind: graph.Person, Names: []graph.Name{{Text: "p"}}}
		if i > 0 {
			b.Ties = append(b.Ties, graph.Tie{Type: graph.KinOf, From: pathID(i - 1), To: pathID(i), Confidence: graph.Stated(1)})
		}
	}
	s, err := projection.FromBatch(b, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	in := queries.PurgeInput{Targets: []graph.ID{pathID(0)}, Params: worlds.DefaultParams(), Network: true}
	r, err := queries.Purge(t.Context(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	if r.Network.After.Nodes != n-1 || r.Network.After.Distance != (queries.DistanceState{}) {
		t.Errorf("unasked: %+v", r.Network.After)
	}
	in.Distances = true
	if r, err = queries.Purge(t.Context(), s, in); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for d := 1; d < n-1; d++ {
		sum += float64(n-1-d) / float64(d)
	}
	truth := 1 - sum/(float64(n-1)*float64(n-2)/2)
	d := r.Network.After.Distance
	if d.Sources <= 0 || d.Sources >= n-1 || d.Residual.SE <= 0 || math.Abs(d.Residual.Value-truth) > 4*d.Residual.SE {
		t.Errorf("%+v, want %.9f", d, truth)
	}
	for _, a := range []estimate.Amount{d.Residual, d.Original} { // Student's t over the sources, within 0 to 1
		half := estimate.Student95(float64(d.Sources-1)) * a.SE
		if math.Abs(a.Low-max(0, a.Value-half)) > 1e-6 || math.Abs(a.High-min(1, a.Value+half)) > 1e-6 {
			t.Errorf("%+v, want ± %g", a, half)
		}
	}
	if d.Original.Value <= d.Residual.Value {
		t.Errorf("the lost count as isolates: %+v", d)
	}
}

func pathID(i int) graph.ID { return graph.ID(strconv.Itoa(i)) }

// TestAbsentTargets: a target that was not there on the day is told of.
func TestAbsentTargets(t *testing.T) {
	s := snapshotOf(t, `
		group later founded=2021-03
		group gone dissolved=2011
		group here founded=2020 dissolved=2021
		person dead died=2020-01-03
		person other
		dead MEMBER_OF here
		other MEMBER_OF later`)
	r, err := queries.Purge(t.Context(), s, queries.PurgeInput{Targets: []graph.ID{"later", "gone", "here", "dead"}, Params: worlds.DefaultParams()})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range r.Basis.Missing.Absent {
		got = append(got, a.String())
	}
	want := []string{"later: founded 2021-03, after the day", "gone: dissolved 2011, before the day"}
	if strings.Join(got, "; ") != strings.Join(want, "; ") {
		t.Errorf("absent: %q, want %q", got, want)
	}
	if len(r.Lost) != 1 || r.Lost[0].ID != "dead" {
		t.Errorf("lost %+v: who dies later is there on the day, whoever belongs to a group of later is not", r.Lost)
	}
	_, err = queries.Purge(t.Context(), s, queries.PurgeInput{Targets: []graph.ID{"never"}, Params: worlds.DefaultParams()})
	if !errors.Is(err, worlds.ErrUnknown) {
		t.Errorf("got %v", err)
	}
}
