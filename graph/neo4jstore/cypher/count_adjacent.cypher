MATCH (n:Entity) WHERE n.id IN $ids AND $$NEAR$$
MATCH $$PATTERN$$ WHERE $$SEEN$$ AND $$WHERE$$ AND $$FAR$$
RETURN n.id AS id, count(r) AS count
