MATCH (n:Entity) RETURN n.id AS id, [label IN labels(n) WHERE label IN $kinds] AS kinds, id(n) AS place, n.marking AS marking
