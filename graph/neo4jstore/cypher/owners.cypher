MATCH (n:Entity) WHERE n.id IN $ids
RETURN n.id AS id, [label IN labels(n) WHERE label IN $kinds] AS kinds, elementId(n) AS element
