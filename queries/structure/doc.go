// Package structure measures how a network holds together and what the loss of some
// of its nodes does to it: components and fragmentation, cut points and bridges, the
// set whose loss does most, brokers, immediate dominators and independent lines.
//
// It works on a plain [Graph] of dense ids 0..n-1 and knows nothing of what the nodes
// stand for. A graph is immutable; what is taken away is said by a [Mask], never by a
// copy of the graph, so any number of goroutines can ask different what-ifs of one
// graph. The measures are deterministic: the same graph, mask and seed give the same
// bits.
//
// Every function checks its arguments before it works and answers with one of the
// errors below; the long ones take a context and look at it every few thousand steps.
// None of them answers in part: with an error comes a zero result.
package structure

import (
	"context"
	"errors"
)

// The errors of this package; what is returned wraps one of them and names the place
// and the value. A context that ended comes back as its own error.
var (
	// ErrNode: an id is outside 0..n-1, or names a node that the mask removes.
	ErrNode = errors.New("structure: no such node")
	// ErrCSR: the arrays are not the adjacency of a simple graph of the said kind.
	ErrCSR = errors.New("structure: malformed adjacency arrays")
	// ErrMask: the mask was made for another number of nodes, or has a stray bit.
	ErrMask = errors.New("structure: mask does not fit the graph")
	// ErrDirected: the measure is one of undirected graphs; see [Graph.Undirected].
	ErrDirected = errors.New("structure: measure needs an undirected graph")
	// ErrSize: more nodes or arcs than 32-bit ids can number.
	ErrSize = errors.New("structure: graph too large")
	// ErrOption: an option is outside its range.
	ErrOption = errors.New("structure: invalid option")
)

// checkEvery is the number of steps between two looks at a context, a power of two.
const checkEvery = 4096

// due returns the context's error at every checkEvery-th step, else nil.
func due(ctx context.Context, step int) error {
	if step&(checkEvery-1) != 0 {
		return nil
	}
	return ctx.Err()
}
