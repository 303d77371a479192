package queries_test

import (
	"errors"
	"testing"

	"entangle/graph"
	"entangle/queries"
	"entangle/queries/worlds"
)

// Two triangles of persons, hub between them; g has one member at the edge.
const bowTie = `
	group g
	person a
	person b
	person hub
	person c
	person d
	a KIN_OF b
	a KIN_OF hub
	b KIN_OF hub
	hub KIN_OF c
	hub KIN_OF d
	c KIN_OF d
	a MEMBER_OF g conf=0.1
	place somewhere`

func TestWorstCase(t *testing.T) {
	s := snapshotOf(t, bowTie)
	r, err := queries.WorstCase(t.Context(), s, queries.WorstCaseInput{Targets: []graph.ID{"d"}, Params: worlds.DefaultParams()})
	if err != nil {
		t.Fatal(err)
	}
	// One loss: hub is on both triangles. Of 6 nodes 5 are left, in parts of 3 and 2:
	// F = 1 − (3·2 + 2·1)/(5·4) = 0.6, or of 6·5 pairs 1 − 8/30.
	if names(r.Purged) != "d" || names(r.Worst) != "hub" || r.Optimality != queries.ExactSearch {
		t.Errorf("purged %s, worst %s", names(r.Purged), names(r.Worst))
	}
	// Pairs at distance 1, 2, 3 count 1, 1/2, 1/3 in DF: without hub 3 + 1/2 of 10 pairs,
	// or of 15; before 7 + 6/2 + 2/3 of 15; without d 5 + 4/2 + 1/3.
	df := func(left, pairs, sum float64) queries.DistanceState {
		return queries.DistanceState{Residual: sure(round9(1 - sum/pairs)), Original: sure(round9(1 - sum/15)), Sources: int(left)}
	}
	want := queries.NetworkState{Nodes: 5, Components: 2, Largest: 3, Residual: 0.6, Original: 0.733333333, Distance: df(5, 10, 3.5)}
	if r.AfterWorst != want {
		t.Errorf("after the worst %+v, want %+v", r.AfterWorst, want)
	}
	if want := (queries.NetworkState{Nodes: 6, Components: 1, Largest: 6, Distance: df(6, 15, 10+2.0/3)}); r.Before != want {
		t.Errorf("before %+v, want %+v", r.Before, want)
	}
	if want := (queries.NetworkState{Nodes: 5, Components: 1, Largest: 5, Original: 0.333333333, Distance: df(5, 10, 7+1.0/3)}); r.AfterPurge != want {
		t.Errorf("after the purge %+v, want %+v", r.AfterPurge, want)
	}

	// A claim counts, however unsure.
	if r, err = queries.WorstCase(t.Context(), s, queries.WorstCaseInput{Targets: []graph.ID{"g"}, Params: worlds.DefaultParams()}); err != nil {
		t.Fatal(err)
	}
	if names(r.Purged) != "a g" || len(r.Worst) != 2 || r.Worst[0].ID != "hub" {
		t.Errorf("purged %s, worst %s", names(r.Purged), names(r.Worst))
	}
	for want, in := range map[error]queries.WorstCaseInput{
		worlds.ErrUnknown: {Targets: []graph.ID{"zzz"}, Params: worlds.DefaultParams()},
		worlds.ErrInput:   {Targets: []graph.ID{"somewhere"}, Params: worlds.DefaultParams()},
	} {
		if _, err := queries.WorstCase(t.Context(), s, in); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}
