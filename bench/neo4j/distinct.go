package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

type distinctOptions struct {
	*askOptions
	distinct int
	cache    string
}

// distinctTarget is how many times as many requests a second as the peer are wanted of
// distinct entities that were read before.
const distinctTarget = 10

// distinct measures both stores beside the peer, each question asked about distinct
// entities in their order. Before a turn they were asked for in other words: entities may
// be in memory, answers are not.
func distinct(ctx context.Context, o distinctOptions, w io.Writer) (err error) {
	b, err := o.open(ctx, w, "peer", "entangle", "embedded")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.driver.Close(ctx)) }()
	nodes, ties := b.shape.size()
	b.head(fmt.Sprintf("; up to %d distinct ids of %d nodes and %d ties, memory of %s nodes and %s ties", o.distinct, nodes, ties, o.cache, o.cache))
	modes := []mode{
		{name: "on Neo4j", server: b.servers["entangle"], other: true, distinct: o.distinct},
		{name: "embedded", server: b.servers["embedded"], other: true, distinct: o.distinct},
		{name: "peer", server: b.servers["peer"], distinct: o.distinct},
	}
	for _, q := range questions {
		if err := b.question(ctx, q, modes, distinctTarget); err != nil {
			return err
		}
	}
	b.foot()
	return nil
}
