// Nodes by their ids, and what hangs on them: each hop (hop.cypher) goes on from
// the nodes that the beginning or another hop found. One row of lists; there are the
// ids that the store knows.
MATCH (n:Entity) WHERE n.id IN $ids
WITH collect(CASE WHEN n._key IS NOT NULL THEN n.id END) AS there, collect(CASE WHEN $$SEEN$$ THEN n END) AS s0
$$HOPS$$
RETURN there, $$COLUMNS$$
