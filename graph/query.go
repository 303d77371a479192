package graph

import (
	"cmp"
	"fmt"
)

// MaxDepth bounds how deep conditions nest, hops included.
const MaxDepth = 50

// Check reports the first thing wrong with the query, wrapping ErrQuery: every store
// refuses the same ones.
func (q NodeQuery) Check() error {
	if q.Order > OrderName {
		return fmt.Errorf("%w: order %d", ErrQuery, q.Order)
	}
	return cmp.Or(allValid(q.Kinds), checkLimit(q.Limit), q.Where.CheckNodes(q.Kinds))
}

// Check reports the first thing wrong with the query, wrapping ErrQuery.
func (q TieQuery) Check() error {
	return cmp.Or(allValid(q.Types), checkLimit(q.Limit), q.Where.Cond.CheckTies(q.Types))
}

// Check reports the first thing wrong with the query, wrapping ErrQuery.
func (q AdjacentQuery) Check() error {
	of := []TieType{q.Type}
	return cmp.Or(allValid(of), checkLimit(q.Limit), q.Where.Cond.CheckTies(of), q.Far.CheckNodes(nil))
}

// Check reports the first thing wrong with the query, wrapping ErrQuery.
func (q SearchQuery) Check() error { return cmp.Or(allValid(q.Kinds), checkLimit(q.Limit)) }

// allValid checks kinds or types.
func allValid[T interface {
	fmt.Stringer
	Valid() bool
}](labels []T) error {
	for _, l := range labels {
		if !l.Valid() {
			return fmt.Errorf("%w: %s", ErrQuery, l)
		}
	}
	return nil
}

func checkLimit(n int) error {
	if n < 0 {
		return fmt.Errorf("%w: limit %d: must not be negative", ErrQuery, n)
	}
	return nil
}

// depth counts the levels of a condition and of the hops in it, one for a leaf.
func (c Cond) depth() int {
	deepest := 0
	for _, part := range c.Conds {
		deepest = max(deepest, part.depth())
	}
	if c.Hop != nil {
		deepest = max(deepest, c.Hop.Far.depth(), c.Hop.Tie.Cond.depth())
	}
	return deepest + 1
}

func (c Cond) checkDepth() error {
	if d := c.depth(); d > MaxDepth {
		return fmt.Errorf("%w: conditions nest %d deep, at most %d", ErrQuery, d, MaxDepth)
	}
	return nil
}
