MATCH (a)-[r:$$TYPE$$]->(b) WHERE r.id IN $ids
RETURN r, a.id AS from, b.id AS to, a:Entity AND b:Entity AS ours ORDER BY id(r)
