MATCH (a:Entity)-[r:$$TYPES$$]->(b:Entity) WHERE r.id > $after AND $$SEEN$$ AND $$WHERE$$
RETURN r, a.id AS from, b.id AS to ORDER BY r.id LIMIT $limit
