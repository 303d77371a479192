package graph

import (
	"fmt"
	"strings"
)

// Load says where a batch comes from.
type Load struct {
	ID ID
	// Dataset names the data; reloading a later edition keeps the name.
	Dataset string
	Format  string
}

// Batch is what a store applies at once: all of it or nothing.
type Batch struct {
	Load  Load
	Nodes []Node
	Ties  []Tie
	// Gone are ids of sources that were deleted where the claims come from. What cites
	// one of them is taken all the same; any other citation needs its source. An id that
	// leads to a source, or that nothing cites, changes nothing.
	Gone []ID
}

// BatchError tells every problem of a batch. Nothing of the batch was applied.
type BatchError struct{ Problems []Problem }

func (e *BatchError) Error() string {
	const shown = 5
	lines := make([]string, 0, shown+1)
	for i, p := range e.Problems {
		if i == shown {
			lines = append(lines, fmt.Sprintf("and %d more", len(e.Problems)-shown))
			break
		}
		lines = append(lines, p.String())
	}
	return fmt.Sprintf("%v: %s", ErrInvalid, strings.Join(lines, "; "))
}

// Unwrap makes errors.Is(err, ErrInvalid) true.
func (e *BatchError) Unwrap() error { return ErrInvalid }

// Applied tells what a batch changed.
type Applied struct {
	Version                               Version
	NodesCreated, NodesUpdated, NodesSame int
	TiesCreated, TiesUpdated, TiesSame    int
}

// Changed reports whether the batch changed anything.
func (a Applied) Changed() bool {
	return a.NodesCreated+a.NodesUpdated+a.TiesCreated+a.TiesUpdated > 0
}

// Normal returns the batch in canonical form: every tie normal.
func (b Batch) Normal() Batch {
	ties := make([]Tie, len(b.Ties))
	for i, t := range b.Ties {
		ties[i] = t.Normal()
	}
	b.Ties = ties
	return b
}
