MATCH (n:Entity) WHERE n.id IN $ids
RETURN n.id AS id, elementId(n) AS element, [label IN labels(n) WHERE label IN $kinds] AS kinds
