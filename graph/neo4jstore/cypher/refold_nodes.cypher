// Nodes whose names are folded anew, a page at a time.
MATCH (n:Entity) WHERE n.id > $after AND n._key IS NOT NULL
RETURN n ORDER BY n.id LIMIT $limit
