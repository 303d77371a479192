package neo4jstore_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entangle/graph"
	"entangle/graph/projection"
)

// BenchmarkApply loads people and their memberships, rows a second for each size
// of batch.
func BenchmarkApply(b *testing.B) {
	for _, size := range []int{500, 5_000, 20_000} {
		b.Run(fmt.Sprintf("batch%d", size), func(b *testing.B) {
			s := open(b)
			apply(b, s, people(0, 2000)) // the server's code is compiled by now
			first, rows := 10_000, 0
			for b.Loop() {
				batch := people(first, size)
				apply(b, s, graph.Batch{Load: batch.Load, Nodes: batch.Nodes})
				first += size
				rows += size
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "nodes/s")
		})
		b.Run(fmt.Sprintf("ties%d", size), func(b *testing.B) {
			s := open(b)
			whole := people(0, size)
			apply(b, s, graph.Batch{Load: whole.Load, Nodes: whole.Nodes})
			round, rows := 0, 0
			for b.Loop() {
				batch := graph.Batch{Load: whole.Load, Ties: make([]graph.Tie, size)}
				for i, t := range whole.Ties {
					t.Note = "round"
					t.ID = graph.ID(fmt.Sprintf("t-%d-%d", round, i))
					batch.Ties[i] = t
				}
				apply(b, s, batch)
				round++
				rows += size
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "ties/s")
		})
	}
}

// BenchmarkLoadCSV is what the server itself makes of the same rows with bare
// properties, as a measure to hold BenchmarkApply against. It needs a server that
// these tests started, whose import folder they know.
func BenchmarkLoadCSV(b *testing.B) {
	open(b)
	if sharedDir == "" {
		b.Skip("the import folder of a given server is not known")
	}
	var nodes, ties strings.Builder
	nodes.WriteString("id,name\n")
	ties.WriteString("id,from,to,start\n")
	const size = 20_000
	for i, n := range people(0, size).Nodes[100:] {
		fmt.Fprintf(&nodes, "%s,%s\n", n.ID, n.Name())
		fmt.Fprintf(&ties, "t-%d,%s,g-%d,%d/..\n", i, n.ID, i%100, 1980+i%40)
	}
	for name, text := range map[string]string{"nodes.csv": nodes.String(), "ties.csv": ties.String()} {
		if err := os.WriteFile(filepath.Join(sharedDir, "import", name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	// The properties that the store writes for such a row.
	const loadNodes = `LOAD CSV WITH HEADERS FROM 'file:///nodes.csv' AS row CALL (row) {
		CREATE (:Entity:Person {id: row.id, name: row.name, load: 'load-people', _key: toLower(row.name), _keys: toLower(row.name), _stamp: row.name + '\n\n'})
	} IN TRANSACTIONS OF 5000 ROWS`
	const loadTies = `LOAD CSV WITH HEADERS FROM 'file:///ties.csv' AS row CALL (row) {
		MATCH (a:Entity {id: row.from}) MATCH (b:Entity {id: row.to})
		CREATE (a)-[:MEMBER_OF {id: row.id, start: left(row.start, 4), end: '..', confidence: 0.6, confidenceRule: 'default/1', load: 'load-people',
			_span: row.start + '//', _startEarliest: date('1970-01-02'), _startLatest: date('1970-01-03'), _endEarliest: date('1970-01-04'), _evidence: date('1970-01-06')}]->(b)
	} IN TRANSACTIONS OF 5000 ROWS`
	for _, load := range []struct{ name, query string }{{"nodes", loadNodes}, {"ties", loadTies}} {
		b.Run(load.name, func(b *testing.B) {
			rows := 0
			for b.Loop() {
				b.StopTimer()
				if load.name == "nodes" {
					wipe(b, shared)
				} else {
					admin(b, shared, "MATCH ()-[r:MEMBER_OF]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS", nil)
				}
				admin(b, shared, "UNWIND range(0, 99) AS i MERGE (:Entity:Group {id: 'g-' + i, name: 'Group'})", nil)
				b.StartTimer()
				admin(b, shared, load.query, nil)
				rows += size
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), load.name+"/s")
		})
	}
}

// BenchmarkReadAll streams everything into a projection.
func BenchmarkReadAll(b *testing.B) {
	s := open(b)
	const size = 20_000
	for i := range 4 {
		apply(b, s, people(i*5000, 5000))
	}
	v := mustView(b, s, graph.Clear)
	rows := 0
	for b.Loop() {
		snap, err := projection.Build(b.Context(), v, projection.Options{AsOf: graph.DayOf(2020, 1, 1)})
		if err != nil || snap.Len() != size+100 {
			b.Fatal(snap, err)
		}
		rows += int(snap.Len() + snap.Ties())
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkLookUps are the reads of a page: a node, its neighbours, a search.
func BenchmarkLookUps(b *testing.B) {
	s := open(b)
	for i := range 4 {
		apply(b, s, people(i*5000, 5000))
	}
	v := mustView(b, s, graph.Clear)
	for name, read := range map[string]func() error{
		"node": func() error { _, err := v.NodesByID(b.Context(), []graph.ID{"p-777"}); return err },
		"adjacent": func() error {
			_, err := v.Adjacent(b.Context(), graph.AdjacentQuery{Nodes: []graph.ID{"group-7"}, Type: graph.MemberOf, Dir: graph.Back, Limit: 50})
			return err
		},
		"search": func() error { _, err := v.Search(b.Context(), graph.SearchQuery{Text: "number 777"}); return err },
		"page": func() error {
			_, err := collect(v.Nodes(b.Context(), graph.NodeQuery{Kinds: []graph.Kind{graph.Person}, Order: graph.OrderName, Limit: 50}))
			return err
		},
		"version": func() error { _, err := s.Version(b.Context()); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
