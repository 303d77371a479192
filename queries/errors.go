package queries

import "errors"

var (
	// ErrInput: a question that cannot be asked: a target of the wrong kind, a
	// parameter out of range.
	ErrInput = errors.New("invalid question")
	// ErrUnknown: a node that the snapshot does not have.
	ErrUnknown = errors.New("no such node in the snapshot")

	errMissedCoin = errors.New("queries: an exact answer met a coin that was not listed")
)
