CALL () {
  MATCH (n:Entity) WHERE n.load <> '' AND $$SEEN_N$$ RETURN DISTINCT n.load AS id
UNION
  MATCH (a:Entity)-[r:$$TYPES$$]->(b:Entity) WHERE r.load <> '' AND $$SEEN_TIE$$ RETURN DISTINCT r.load AS id
}
OPTIONAL MATCH (l:EntangleLoad {id: id})
RETURN id, l.dataset AS dataset, l.format AS format ORDER BY id
