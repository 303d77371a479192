// Package neo4jstore keeps the graph in Neo4j, over Bolt.
package neo4jstore
