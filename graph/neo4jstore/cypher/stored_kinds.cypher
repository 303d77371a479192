MATCH (n:Entity) USING INDEX SEEK n:Entity(id) WHERE n.id IN $ids
RETURN n.id AS id, [label IN labels(n) WHERE label IN $kinds] AS kinds, n.marking AS marking
