package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
	"entangle/graph/neo4jstore"
)

// manner is what a LOAD CSV makes of the rows.
type manner string

const (
	// bare creates nodes and relationships of the columns, blindly.
	bare manner = "bare"
	// merge does too, and promises what "entangle load" promises: a second load
	// adds nothing.
	merge manner = "merge"
	// same creates, blindly, what "entangle load" does: the properties and indexes
	// that queries rely on.
	same manner = "same"
)

// loadCSV loads nodes.csv and ties.csv from the import folder of a Neo4j by LOAD
// CSV and says how long it took.
func loadCSV(ctx context.Context, address string, how manner, w io.Writer) (err error) {
	if how != bare && how != merge && how != same {
		return fmt.Errorf("%w: -how %q is none of %s, %s, %s", errUsage, how, bare, merge, same)
	}
	driver, err := neo4j.NewDriverWithContext(address, neo4j.NoAuth())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, driver.Close(ctx)) }()
	session := driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: "neo4j"})
	defer func() { err = errors.Join(err, session.Close(ctx)) }()

	began := time.Now()
	if how == same {
		if err := makeSchema(ctx, address); err != nil {
			return err
		}
	}
	var took [2]time.Duration
	var made [2]int
	for _, s := range loadStatements(how) {
		at := time.Now()
		result, err := session.Run(ctx, s.cypher, map[string]any{"load": "load-0123456789abcdef", "first": neo4j.DateOf(time.Unix(int64(graph.MinDay)*86400, 0).UTC())})
		if err != nil {
			return fmt.Errorf("%s: %w", s.cypher, err)
		}
		summary, err := result.Consume(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", s.cypher, err)
		}
		took[s.ties] += time.Since(at)
		made[s.ties] += summary.Counters().NodesCreated() + summary.Counters().RelationshipsCreated()
	}
	fmt.Fprintf(w, "LOAD CSV, %-5s  %6.1f s: %d nodes, %.0f/s; %d ties, %.0f/s\n", how, time.Since(began).Seconds(),
		made[0], float64(made[0])/took[0].Seconds(), made[1], float64(made[1])/took[1].Seconds())
	return nil
}

// makeSchema has entangle make its constraints and indexes.
func makeSchema(ctx context.Context, address string) error {
	s, err := neo4jstore.Open(ctx, neo4jstore.Config{URI: address})
	if err != nil {
		return err
	}
	return s.Close() //nolint:contextcheck // a store closes without one
}

type loadStatement struct {
	ties   int // 1 for relationships
	cypher string
}

// What a node and a tie get besides an id and the columns of the file, where it is
// to be the same as entangle's.
const (
	bareNode = "SET n.name = row.name, n.types = split(row.`types:string[]`, ';'), n.country = row.country, n.title = row.title"
	sameNode = bareNode + ", n.load = $load, n._key = toLower(row.name), n._keys = toLower(row.name), n._stamp = row.name"
	bareTie  = "SET t.start = row.start, t.end = row.end, t.confidence = toFloat(row.`confidence:float`), t.role = row.role"
	sameTie  = bareTie + ", t.load = $load" +
		",\n    t._startEarliest = coalesce(date(row.start), $first)" +
		", t._endLatest = date(row.end)"
)

// loadStatements are one statement for each label and type of the data, as the
// manual of Neo4j has it: labels and types cannot be read from a column.
func loadStatements(how manner) []loadStatement {
	node, tie := "CREATE (n:Entity:%[1]s {id: row.`:ID`})", "CREATE (a)-[t:%[1]s {id: row.id}]->(b)"
	if how == merge {
		node, tie = "MERGE (n:Entity {id: row.`:ID`}) ON CREATE SET n:%[1]s", "MERGE (a)-[t:%[1]s {id: row.id}]->(b)"
	}
	setNode, setTie := bareNode, bareTie
	if how == same {
		setNode, setTie = sameNode, sameTie
	}
	list := []loadStatement{{cypher: "CREATE CONSTRAINT entangle_entity IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE"}}
	for _, kind := range []graph.Kind{graph.Person, graph.Group, graph.Institution, graph.Post} {
		list = append(list, loadStatement{cypher: fmt.Sprintf("LOAD CSV WITH HEADERS FROM 'file:///nodes.csv' AS row WITH row WHERE row.`:LABEL` = '%[1]s'\n"+
			"CALL (row) {\n  "+node+"\n  "+setNode+"\n} IN TRANSACTIONS OF 5000 ROWS", kind)})
	}
	for _, typ := range []graph.TieType{graph.PostIn, graph.ReportsTo, graph.Holds, graph.MemberOf} {
		list = append(list, loadStatement{ties: 1, cypher: fmt.Sprintf("LOAD CSV WITH HEADERS FROM 'file:///ties.csv' AS row WITH row WHERE row.`:TYPE` = '%[1]s'\n"+
			"CALL (row) {\n  MATCH (a:Entity {id: row.`:START_ID`}) MATCH (b:Entity {id: row.`:END_ID`})\n  "+tie+"\n  "+setTie+"\n} IN TRANSACTIONS OF 5000 ROWS", typ)})
	}
	return list
}
