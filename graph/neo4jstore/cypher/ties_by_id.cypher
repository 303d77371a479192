// The look-up by id stands alone, so that the plan begins with the indexes of ids.
MATCH ()-[r:$$TYPES$$]->() WHERE r.id IN $ids
WITH r, startNode(r) AS a, endNode(r) AS b WHERE a:Entity AND b:Entity AND $$SEEN$$
RETURN r, a.id AS from, b.id AS to
