// Package sqlitestore keeps a graph in one SQLite file: the store for the first
// hour, for tests, and for graphs that one machine serves. It needs no server
// and no C compiler (modernc.org/sqlite).
//
// The file is in WAL mode: readers never wait for writers, a view keeps the
// state of its opening, and another process may load while this one serves. A
// load that was reported done is on the disk. The file does not belong on a
// network file system: its readers share memory.
//
// Conditions, days, gap policies, clearance, order and limits run in SQL; one
// call is one statement. Texts compare by bytes, numbers and dates by keys kept
// beside them, names by an index of three-letter pieces of their folded keys.
//
// Measured by the benchmarks on two cores that had other work to do, 100,000
// people and 350,000 ties: 15,000 ties a second written in batches of 10,000,
// 240,000 ties and 440,000 nodes a second read.
package sqlitestore
