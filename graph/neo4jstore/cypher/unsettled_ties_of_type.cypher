  MATCH (a:Entity)-[r:$$TYPE$$]->(b:Entity) WHERE NOT coalesce(r._startEarliest IS NOT NULL AND r._span = $$STAMP$$ AND $$CHECKS$$, false)
  RETURN r, a.id AS from, b.id AS to
