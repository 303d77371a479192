// Package graph is the floor of the service: the vocabulary of nodes and ties,
// partial dates, evidence grades, the batch that brings records in, and the
// contract that every store keeps.
//
// The vocabulary is a table (kind.go, tietype.go). GraphQL types, SQL, Cypher,
// loaders, validation and the documentation are read from it, so that adding a
// kind of tie is adding a row.
//
// Every tie is a claim: dated with uncertainty, graded, sourced, marked. Two
// ties of one type between the same two nodes are normal: two tenures, or two
// sources that disagree.
//
// The package imports the standard library only.
package graph

//go:generate go run ./gendocs ../docs
