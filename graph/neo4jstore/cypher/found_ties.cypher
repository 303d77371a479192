// Ties by the server's own ids, as they are, between nodes that are ours.
UNWIND $elements AS element MATCH (a:Entity)-[r:$$TYPES$$]->(b:Entity) WHERE elementId(r) = element
RETURN r, a.id AS from, b.id AS to ORDER BY elementId(r)
