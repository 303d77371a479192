package graph

import "errors"

// Sentinels that errors of this package and of stores wrap.
var (
	// ErrNotFound: a node, tie or reference that does not exist, or that the
	// view may not see: the two cannot be told apart from outside.
	ErrNotFound = errors.New("not found")
	// ErrVocabulary: a kind, type or property that the tables do not have.
	ErrVocabulary = errors.New("not in the vocabulary")
	// ErrDate: a text that is no EDTF level 1 date.
	ErrDate = errors.New("not a date")
	// ErrGrade: a text that is no Admiralty grade.
	ErrGrade = errors.New("not an Admiralty grade")
	// ErrMarking: a text that is no TLP marking.
	ErrMarking = errors.New("not a TLP marking")
	// ErrInvalid: a batch with problems; see BatchError.
	ErrInvalid = errors.New("invalid batch")
	// ErrQuery: a query that cannot be run: an unknown field, a bad operand.
	ErrQuery = errors.New("invalid query")
	// ErrUnavailable: the store cannot be reached now; trying again may work.
	ErrUnavailable = errors.New("store unavailable")
	// ErrMoved: somebody committed while a view that sees that was read (Isolated), so
	// that what was read is of no one state. It can be read again from a new view.
	ErrMoved = errors.New("the data changed while it was read")
	// ErrClosed: the store or view was closed.
	ErrClosed = errors.New("closed")
)
