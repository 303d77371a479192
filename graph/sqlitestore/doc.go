// Package sqlitestore keeps a graph in one SQLite file: the store for the first
// hour, for tests, and for graphs that one machine serves. It needs no server
// and no C compiler (modernc.org/sqlite).
//
// The file is in WAL mode: readers never wait for writers, a view keeps the
// state of its opening, and another process may load while this one serves. A
// load that was reported done is on the disk. The file does not belong on a
// network file system: its readers share memory.
//
// Conditions, days, gap policies, clearance, order and limits run in SQL. A
// look-up is one statement; a stream is one for each piece of up to 4,096 rows.
// Texts compare by bytes, numbers and dates by keys kept beside them, names by
// an index of three-letter pieces of their folded keys.
//
// Figures of the benchmarks on 100,000 people and 350,000 ties, on two cores
// that others kept busy, so that they are floors and not the store's speed: with
// a load average near 3, one run wrote 14,500 ties a second in batches of 10,000
// and read 245,000 ties and 448,000 nodes a second; with one above 10, writing
// fell to between 5,000 and 6,500 ties a second.
package sqlitestore
