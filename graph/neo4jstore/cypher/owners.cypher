// Nodes by our ids; of two with one id that which is taken in comes first.
MATCH (n:Entity) WHERE n.id IN $ids
RETURN n.id AS id, [label IN labels(n) WHERE label IN $kinds] AS kinds, elementId(n) AS element, n.marking AS marking
ORDER BY n._key IS NULL, element
