// Package schema is the GraphQL face of the graph: types and resolvers made
// from the vocabulary table of package graph, so that a new row there (a kind of
// node, a type of tie) is a new type or field here without a line of code.
//
// Way of a request: Schema.Execute opens a view under the caller's clearance
// and puts a session over it into the context (session.go); the door (package
// schema/exec) runs the document level by level; resolvers note what they need in
// the batches of the session, so that a field costs one call of the store for all
// objects of a level.
//
// Connections are lazy: the field that returns one reads nothing; its edges,
// nodes, pageInfo and totalCount each read what they need when they are asked
// for.
//
// The questions (purge, exposure, paths) are root fields of package
// schema/questions, which is given the types and the session of this one
// (request.go). They are asked of a picture of the data at a date, built once and
// shared by requests of one clearance.
//
// Global ids are base64url("Kind:key"), for ties base64url("Tie:key"): the same
// in every store and after every reload.
//
// What a caller may see is cut out by the view, never here.
package schema
