MATCH (a:Entity)-[r:$$TYPES$$]->(b:Entity) WHERE r.id IN $ids AND $$SEEN$$
RETURN r, a.id AS from, b.id AS to
