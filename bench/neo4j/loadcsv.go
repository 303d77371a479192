package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entangle/graph"
)

// loadCSV loads nodes.csv and ties.csv from the import folder of a Neo4j by LOAD
// CSV and says how long it took. With merge it promises what "entangle load"
// promises, that a second load adds nothing; else it creates blindly. Either way
// it writes the columns and nothing more.
func loadCSV(ctx context.Context, address string, merge bool, w io.Writer) (err error) {
	driver, err := neo4j.NewDriverWithContext(address, neo4j.NoAuth())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, driver.Close(ctx)) }()
	session := driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: "neo4j"})
	defer func() { err = errors.Join(err, session.Close(ctx)) }()

	began := time.Now()
	nodes, ties := 0, 0
	for _, cypher := range loadStatements(merge) {
		result, err := session.Run(ctx, cypher, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", cypher, err)
		}
		summary, err := result.Consume(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", cypher, err)
		}
		nodes += summary.Counters().NodesCreated()
		ties += summary.Counters().RelationshipsCreated()
	}
	took := time.Since(began).Seconds()
	how := "CREATE"
	if merge {
		how = "MERGE"
	}
	fmt.Fprintf(w, "LOAD CSV with %s: %d nodes and %d ties in %.1f s\n", how, nodes, ties, took)
	return nil
}

// loadStatements are one statement for each label and type of the data, as the
// manual of Neo4j has it: labels and types cannot be read from a column.
func loadStatements(merge bool) []string {
	node, tie := "CREATE (n:Entity:%[1]s {id: row.`:ID`})", "CREATE (a)-[t:%[1]s {id: row.id}]->(b)"
	if merge {
		node, tie = "MERGE (n:Entity {id: row.`:ID`}) ON CREATE SET n:%[1]s", "MERGE (a)-[t:%[1]s {id: row.id}]->(b)"
	}
	list := []string{"CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE"}
	for _, kind := range []graph.Kind{graph.Person, graph.Group, graph.Institution, graph.Post} {
		list = append(list, fmt.Sprintf("LOAD CSV WITH HEADERS FROM 'file:///nodes.csv' AS row WITH row WHERE row.`:LABEL` = '%[1]s'\n"+
			"CALL (row) {\n  "+node+"\n"+
			"  SET n.name = row.name, n.types = split(row.`types:string[]`, ';'), n.country = row.country, n.title = row.title\n"+
			"} IN TRANSACTIONS OF 5000 ROWS", kind))
	}
	for _, typ := range []graph.TieType{graph.PostIn, graph.ReportsTo, graph.Holds, graph.MemberOf} {
		list = append(list, fmt.Sprintf("LOAD CSV WITH HEADERS FROM 'file:///ties.csv' AS row WITH row WHERE row.`:TYPE` = '%[1]s'\n"+
			"CALL (row) {\n  MATCH (a:Entity {id: row.`:START_ID`}) MATCH (b:Entity {id: row.`:END_ID`})\n  "+tie+"\n"+
			"  SET t.start = row.start, t.end = row.end, t.confidence = toFloat(row.`confidence:float`), t.role = row.role\n"+
			"} IN TRANSACTIONS OF 5000 ROWS", typ))
	}
	return list
}
