package loaders

import "errors"

// Sentinels that errors of this package wrap.
var (
	// ErrFormat: a name that no format has.
	ErrFormat = errors.New("no such format")
	// ErrInput: an input that cannot be opened, or nothing to load at all.
	ErrInput = errors.New("cannot read the input")
)
