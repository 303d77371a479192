// Package native reads and writes the service's own pair of files, nodes.csv
// and ties.csv, with the headers that neo4j-admin import takes.
//
// It is the one format that carries everything a store holds: Write and a load
// into an empty store give equal content. The files are meant for loaders: a
// cell is written as it is, also where it begins with =, +, - or @, which a
// spreadsheet would run as a formula. Do not open a file of unknown origin in
// one.
//
// Not read: several nodes.csv headers in one file, the types point and duration
// of Neo4j, and ids that are meant as numbers.
package native
