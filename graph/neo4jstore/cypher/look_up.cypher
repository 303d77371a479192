// Nodes by their ids, and what hangs on them: each hop (hop.cypher) goes on from
// the nodes that the beginning or another hop found. One row of lists.
MATCH (n:Entity) WHERE n.id IN $ids AND $$SEEN$$
WITH collect(n) AS s0
$$HOPS$$
RETURN $$COLUMNS$$
