package neo4jstore_test

import (
	"fmt"
	"io"
	"iter"
	"testing"

	"entangle/graph"
	"entangle/loaders/native"
)

func apply(tb testing.TB, s graph.Store, b graph.Batch) graph.Applied {
	tb.Helper()
	a, err := s.Apply(tb.Context(), b)
	if err != nil {
		tb.Fatalf("apply: %v", err)
	}
	return a
}

// settle takes in what the test has written by Cypher.
func settle(tb testing.TB, s graph.Store) {
	tb.Helper()
	if a, ok := s.(graph.Adopting); ok {
		if err := a.Settle(tb.Context()); err != nil {
			tb.Fatalf("settle: %v", err)
		}
	}
}

// mustView opens a view of what is settled.
func mustView(tb testing.TB, s graph.Store, clearance graph.Marking) graph.View {
	tb.Helper()
	settle(tb, s)
	v, err := s.View(tb.Context(), clearance)
	if err != nil {
		tb.Fatalf("view: %v", err)
	}
	tb.Cleanup(func() { _ = v.Close() })
	return v
}

// mustVersion is the version of what is settled.
func mustVersion(tb testing.TB, s graph.Store) graph.Version {
	tb.Helper()
	settle(tb, s)
	v, err := s.Version(tb.Context())
	if err != nil {
		tb.Fatalf("version: %v", err)
	}
	return v
}

func collect[T any](stream iter.Seq2[T, error]) ([]T, error) {
	var list []T
	for v, err := range stream {
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}

func person(id graph.ID, name string) graph.Node {
	return graph.Node{ID: id, Kind: graph.Person, Names: []graph.Name{{Text: name, Kind: graph.PrimaryName}}}
}

// people is a batch of n people from number first on, each a member of one of a
// hundred groups.
func people(first, n int) graph.Batch {
	b := graph.Batch{Load: graph.Load{ID: "load-people", Dataset: "people"}}
	for i := range 100 {
		id := graph.ID(fmt.Sprintf("group-%d", i))
		b.Nodes = append(b.Nodes, graph.Node{ID: id, Kind: graph.Group, Names: []graph.Name{{Text: fmt.Sprintf("Group %d", i)}}})
	}
	for i := first; i < first+n; i++ {
		id := graph.ID(fmt.Sprintf("p-%d", i))
		b.Nodes = append(b.Nodes, person(id, fmt.Sprintf("Person Number %d", i)))
		span, _ := graph.ParseInterval(fmt.Sprintf("%d/..", 1980+i%40))
		b.Ties = append(b.Ties, graph.Tie{Type: graph.MemberOf, From: id, To: graph.ID(fmt.Sprintf("group-%d", i%100)), Span: span})
	}
	return b
}

// writeNative writes what a clearance sees as nodes.csv and ties.csv.
func writeNative(tb testing.TB, s graph.Store, clearance graph.Marking, nodes, ties io.Writer) {
	tb.Helper()
	if err := native.Write(tb.Context(), mustView(tb, s, clearance), nodes, ties); err != nil {
		tb.Fatal(err)
	}
}
