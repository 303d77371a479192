// Package sqlitestore keeps a graph in one SQLite file: the store for the first
// hour, for tests, and for graphs that one machine serves. It needs no server
// and no C compiler (modernc.org/sqlite).
//
// The file is in WAL mode: readers never wait for writers, a view keeps the
// state of its opening, and another process may load while this one serves. It
// does not belong on a network file system.
package sqlitestore
