package graph

import (
	"context"
	"fmt"
	"regexp"
)

// ResultPrefix is what the names of results begin with that are kept beside the data:
// properties, labels and types of ties. No name of the vocabulary does.
const ResultPrefix = "x_"

// Run is an answer that is kept beside the data that it is an answer about.
type Run struct {
	// Name tells it from others: a small letter, then small letters and digits, at
	// most 30 in all.
	Name string
	// About says what was asked: texts, whole numbers, numbers and lists of texts.
	About map[string]any
	// Of is the state of the data that was asked.
	Of Version
}

// Mark is what a run says of a node: the probability that it is fractured, 0–1, and the
// interval of that.
type Mark struct {
	Node         ID
	P, Low, High float64
	// Own: the institution is the target's own.
	Own bool
}

var runName = regexp.MustCompile(`^[a-z][a-z0-9]{0,29}$`)

// CheckRun refuses a name that no run may have with ErrQuery.
func CheckRun(name string) error {
	if !runName.MatchString(name) {
		return fmt.Errorf("%w: run %q: a name is a small letter, then small letters and digits, at most 30 in all", ErrQuery, name)
	}
	return nil
}

// Annotated is implemented by a store that keeps results beside the data, where others
// read them by means of their own. Nothing that is read, loaded or copied depends on them.
type Annotated interface {
	// WriteRun keeps a run and its marks in place of an earlier one of its name, whole or
	// not at all. It fails with ErrMoved where the data is no longer that of run.Of, and
	// with ErrQuery for a name that no run may have.
	WriteRun(ctx context.Context, run Run, marks []Mark) error
	// Runs lists the runs by name, without Of.
	Runs(ctx context.Context) ([]Run, error)
	// RemoveRun removes a run and its marks, whole or not at all, and tells how many nodes
	// had one. What is not there is removed already.
	RemoveRun(ctx context.Context, name string) (int, error)
}
