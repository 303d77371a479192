// The markings of what carries a load: of a node, or of a tie and its ends.
MATCH (n:Entity) WHERE n.load = $id
RETURN DISTINCT n.marking AS own, null AS from, null AS to
UNION
MATCH (a:Entity)-[r:$$TYPES$$]->(b:Entity) WHERE r.load = $id
RETURN DISTINCT r.marking AS own, a.marking AS from, b.marking AS to
