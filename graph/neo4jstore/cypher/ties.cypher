// One type has an index that gives the page in its order; a plan made
// while the database was small would read it from the beginning every time.
MATCH (a:Entity)-[r:$$TYPES$$]->(b:Entity) $$HINT$$
WHERE r.id > $after AND $$SEEN$$ AND $$WHERE$$
RETURN r, a.id AS from, b.id AS to ORDER BY r.id LIMIT $limit
