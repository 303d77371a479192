MATCH ()-[r:$$TYPES$$]->() $$HINT$$ WHERE r.id IN $ids
WITH r, startNode(r) AS a, endNode(r) AS b WHERE a:Entity AND b:Entity
RETURN r, a.id AS from, b.id AS to
