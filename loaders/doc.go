// Package loaders brings records into a store: every format is a reader into
// one stream of records, and Run takes the stream through validation into
// batches.
//
// Nothing is dropped silently. For every file, rows in = accepted + repaired +
// rejected; each rejected row says file, line, column, value and reason, each
// repaired value says what it became and by which rule, and columns that are
// not loaded are named.
//
// A reload of the same file changes nothing: ids are derived from content, and
// where two rows of one load disagree on a node's property the earlier row
// stays, whatever the size of the batches.
//
// The package knows no store: it declares the two methods it needs.
package loaders
