package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"entangle/data"
	"entangle/graph"
	"entangle/graph/projection"
	"entangle/graph/sqlitestore"
	"entangle/loaders"
	"entangle/loaders/all"
	"entangle/queries/worlds"
)

// sampleSnapshots are the sample on two days.
func sampleSnapshots(ctx context.Context) (out []*projection.Snapshot, err error) {
	dir, err := os.MkdirTemp("", "entangle-price-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	store, err := sqlitestore.Open(ctx, filepath.Join(dir, "sample.db"))
	if err != nil {
		return nil, err
	}
	defer store.Close() //nolint:contextcheck // closing takes none
	var inputs []loaders.Input
	for _, name := range []string{"nodes.csv", "ties.csv"} {
		text, err := fs.ReadFile(data.Iraq(), name)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, loaders.Bytes(name, text))
	}
	if _, err := loaders.Run(ctx, store, all.Registry(), inputs, loaders.Options{Dataset: "sample"}); err != nil {
		return nil, err
	}
	view, err := store.View(ctx, graph.Red)
	if err != nil {
		return nil, err
	}
	defer view.Close()
	for _, day := range []graph.Day{graph.DayOf(2014, 1, 1), graph.DayOf(2020, 8, 24)} {
		s, err := projection.Build(ctx, view, projection.Options{AsOf: day, Tenures: true})
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// coinsSnapshots are a ministry of which the doubtful members of a group hold twenty posts,
// as many coins as an exact answer may have, and sure ones so many more.
func coinsSnapshots(sure int) ([]*projection.Snapshot, error) {
	named := func(kind graph.Kind, name string, types ...string) graph.Node {
		return graph.Node{ID: graph.ID(name), Kind: kind, Names: []graph.Name{{Text: name}}, Types: types}
	}
	b := graph.Batch{Nodes: []graph.Node{named(graph.Group, "g", "armed_group"), named(graph.Institution, "i", "ministry")}}
	for n := range worlds.MaxExact + sure {
		odds := 0.5
		if n >= worlds.MaxExact {
			odds = 1
		}
		post, person := fmt.Sprint("s", n), fmt.Sprint("p", n)
		b.Nodes = append(b.Nodes, named(graph.Post, post), named(graph.Person, person))
		for _, t := range []graph.Tie{
			{Type: graph.PostIn, From: graph.ID(post), To: "i", Confidence: graph.Stated(1)},
			{Type: graph.Holds, From: graph.ID(person), To: graph.ID(post), Confidence: graph.Stated(1)},
			{Type: graph.MemberOf, From: graph.ID(person), To: "g", Confidence: graph.Stated(odds)},
		} {
			t.ID = graph.ID(fmt.Sprint("t", len(b.Ties)))
			b.Ties = append(b.Ties, t)
		}
	}
	s, err := projection.FromBatch(b, projection.Options{AsOf: graph.DayOf(2020, 8, 24)})
	return []*projection.Snapshot{s}, err
}
