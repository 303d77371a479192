// Nodes whose dates have numbers of days beside them, or that lack a point, a page at a time.
MATCH (n:Entity) WHERE n.id > $after AND n._key IS NOT NULL
  AND (any(name IN $bounds WHERE n[name] IS :: INTEGER NOT NULL) OR n:$$LOCATED$$ AND n.lat IS NOT NULL AND n.lon IS NOT NULL AND n._point IS NULL)
RETURN n ORDER BY n.id LIMIT $limit
