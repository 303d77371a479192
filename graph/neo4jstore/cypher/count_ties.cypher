// As a page of them is read: with one type there is an index to begin with.
MATCH (a:Entity)-[r:$$TYPES$$]->(b:Entity) $$HINT$$
WHERE r.id > '' AND $$SEEN$$ AND $$WHERE$$
RETURN count(r) AS count
