package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strconv"

	"entangle/bench/madeup"
	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries"
	"entangle/queries/structure"
	"entangle/queries/worlds"
)

const (
	entangle = "entangle"
	rounds   = 3
)

// components counts the connected components of what is left of a graph of a million
// nodes without those that are taken away, on one core.
func components(ctx context.Context, dir string, w io.Writer) error {
	runtime.GOMAXPROCS(1)
	ends, err := readInts(dir, tiesFile)
	if err != nil {
		return err
	}
	ties := make([][2]int32, len(ends)/2)
	for i := range ties {
		ties[i] = [2]int32{ends[2*i], ends[2*i+1]}
	}
	g, err := structure.New(componentNodes, ties, structure.Undirected)
	if err != nil {
		return err
	}
	for _, what := range removals {
		gone, err := readInts(dir, what.file)
		if err != nil {
			return err
		}
		removed, err := structure.NewMask(componentNodes, gone...)
		if err != nil {
			return err
		}
		if err := settled(ctx); err != nil {
			return err
		}
		f := figure{Task: what.task, Tool: entangle, Ties: len(ties)}
		f.Wall, f.CPU, err = timed(rounds, func() error {
			c, err := structure.ComponentsOf(ctx, g, removed)
			if err == nil {
				f.Answer = fmt.Sprintf("%d components, %d nodes in the largest", len(c.Sizes), c.Sizes[0])
			}
			return err
		})
		if err != nil {
			return err
		}
		if err := f.write(w); err != nil {
			return err
		}
	}
	return nil
}

// cascade is an independent cascade from one node: a purge of one person to whom
// others are loyal, in nothing but loyalties.
func cascade(ctx context.Context, dir string, drawn int, w io.Writer) error {
	ends, err := readInts(dir, cascadeFile)
	if err != nil {
		return err
	}
	chances, err := readInts(dir, chanceFile)
	if err != nil {
		return err
	}
	var batch graph.Batch
	for i := range cascadeNodes {
		batch.Nodes = append(batch.Nodes, graph.Node{ID: nodeID("p", i), Kind: graph.Person, Names: []graph.Name{{Text: "somebody"}}})
	}
	for i, chance := range chances {
		batch.Ties = append(batch.Ties, graph.Tie{
			ID: nodeID("t", i), Type: graph.LoyalTo, From: nodeID("p", int(ends[2*i+1])), To: nodeID("p", int(ends[2*i])),
			Confidence: graph.Stated(1), Weight: graph.KnownShare(float64(chance) / projection.Million),
		})
	}
	s, err := projection.FromBatch(batch, projection.Options{AsOf: graph.DayOf(2020, 8, 24)}) //nolint:contextcheck // it takes none
	if err != nil {
		return err
	}
	if err := settled(ctx); err != nil {
		return err
	}
	params := worlds.DefaultParams()
	params.Rally, params.Contagion, params.Loyalty = false, false, 1
	f := figure{Task: "cascade", Tool: entangle, Ties: len(chances), Worlds: drawn}
	f.Wall, f.CPU, err = timed(rounds, func() error {
		r, err := queries.Purge(ctx, s, queries.PurgeInput{
			Targets: []graph.ID{nodeID("p", 0)}, Params: params, Draw: worlds.Draw{Method: worlds.Sampled, Samples: drawn, Seed: 1},
		})
		if err != nil {
			return err
		}
		reach := 0.0
		for _, l := range r.Lost {
			reach += l.Chance.P
		}
		f.Answer = fmt.Sprintf("%.0f nodes reached on average", reach)
		return nil
	})
	if err != nil {
		return err
	}
	return f.write(w)
}

// purge strikes one of sixty groups in a state of so many persons, with all responses.
func purge(ctx context.Context, persons, drawn int, w io.Writer) error {
	s, err := madeup.Of(persons).Snapshot(ctx)
	if err != nil {
		return err
	}
	if err := settled(ctx); err != nil {
		return err
	}
	times := rounds
	if persons > 100_000 {
		times = 1
	}
	f := figure{Task: fmt.Sprintf("purge of %d persons", persons), Tool: entangle, Ties: int(s.Ties()), Worlds: drawn}
	f.Wall, f.CPU, err = timed(times, func() error {
		r, err := queries.Purge(ctx, s, queries.PurgeInput{
			Targets: []graph.ID{struckGroup}, Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: worlds.Sampled, Samples: drawn, Seed: 1},
		})
		if err == nil {
			f.Answer = fmt.Sprintf("%.2f ± %.2f institutions fractured on average, %d persons lost in some world", r.Fractured.Mean, r.Fractured.SE, len(r.Lost))
		}
		return err
	})
	if err != nil {
		return err
	}
	return f.write(w)
}

// entanglement strikes each of sixty groups in turn.
func entanglement(ctx context.Context, persons, drawn int, w io.Writer) error {
	s, err := madeup.Of(persons).Snapshot(ctx)
	if err != nil {
		return err
	}
	if err := settled(ctx); err != nil {
		return err
	}
	f := figure{Task: fmt.Sprintf("entanglement of 60 groups, %d persons", persons), Tool: entangle, Ties: int(s.Ties()), Worlds: drawn}
	f.Wall, f.CPU, err = timed(1, func() error {
		r, err := queries.EntanglementOf(ctx, s, queries.EntanglementInput{
			Params: worlds.DefaultParams(), Draw: worlds.Draw{Method: worlds.Sampled, Samples: drawn, Seed: 1},
		})
		if err == nil {
			f.Answer = fmt.Sprintf("%d groups, %d pairs", len(r.Groups), len(r.Pairs))
		}
		return err
	})
	if err != nil {
		return err
	}
	return f.write(w)
}

func nodeID(mark string, n int) graph.ID { return graph.ID(mark + strconv.Itoa(n)) }
