// Null removes a property.
MATCH (n:Entity) WHERE any(name IN keys($none) WHERE n[name] IS NOT NULL)
SET n += $none RETURN count(n) AS count
