package worlds

import "errors"

var (
	// ErrInput says that a question cannot be asked: a target of the wrong kind, a
	// parameter out of range.
	ErrInput = errors.New("invalid question")
	// ErrUnknown says that a question names a node that the snapshot does not have.
	ErrUnknown = errors.New("no such node in the snapshot")
)
