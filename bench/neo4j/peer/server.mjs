// The peer: @neo4j/graphql with graphql-yoga on the same Neo4j, with the schema
// that its manual would give this data. Arguments: the Bolt address. The first
// line of output is the URL it serves.
import { createServer } from "node:http";

import { Neo4jGraphQL } from "@neo4j/graphql";
import { createYoga } from "graphql-yoga";
import neo4j from "neo4j-driver";

const typeDefs = /* GraphQL */ `
  type Person @node {
    id: ID!
    name: String!
    memberOf: [Group!]! @relationship(type: "MEMBER_OF", direction: OUT, properties: "Membership")
    holds: [Post!]! @relationship(type: "HOLDS", direction: OUT)
  }
  type Group @node {
    id: ID!
    name: String!
    members: [Person!]! @relationship(type: "MEMBER_OF", direction: IN, properties: "Membership")
  }
  type Institution @node {
    id: ID!
    name: String!
    posts: [Post!]! @relationship(type: "POST_IN", direction: IN)
  }
  type Post @node {
    id: ID!
    title: String
    postIn: [Institution!]! @relationship(type: "POST_IN", direction: OUT)
    holders: [Person!]! @relationship(type: "HOLDS", direction: IN)
  }
  type Membership @relationshipProperties {
    start: String
  }
`;

const [address] = process.argv.slice(2);
const driver = neo4j.driver(address);
const sessionConfig = { database: "neo4j" }; // named: the driver need not ask which one

// It looks nodes up by label and id: without these every question scans the label.
for (const label of ["Person", "Group", "Institution", "Post"]) {
  await driver.executeQuery(
    `CREATE CONSTRAINT peer_${label} IF NOT EXISTS FOR (n:${label}) REQUIRE n.id IS UNIQUE`, {}, sessionConfig);
}
await driver.executeQuery("CALL db.awaitIndexes(300)", {}, sessionConfig);

const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema();
const yoga = createYoga({ schema, graphiql: false, logging: "warn", context: () => ({ sessionConfig }) });
const server = createServer(yoga);
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/graphql`);
});
