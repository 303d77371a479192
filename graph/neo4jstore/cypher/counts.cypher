CALL () {
  MATCH (n:Entity) WHERE $$SEEN_N$$
  UNWIND [label IN labels(n) WHERE label IN $kinds] AS name
  RETURN true AS node, name, count(*) AS count
UNION ALL
  MATCH (a:Entity)-[r:$$TYPES$$]->(b:Entity) WHERE $$SEEN_TIE$$
  RETURN false AS node, type(r) AS name, count(*) AS count
}
RETURN node, name, count
