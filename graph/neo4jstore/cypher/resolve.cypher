CALL () {
  MATCH (n:Entity) WHERE n.id IN $refs AND $$SEEN$$
  RETURN n.id AS ref, n.id AS id, 0 AS rank
UNION ALL
  UNWIND $digests AS terms
  CALL db.index.fulltext.queryNodes('entangle_aliases', terms) YIELD node AS n
  WITH n WHERE n:Entity AND $$SEEN$$
  UNWIND n.aliases AS ref
  WITH n, ref WHERE ref IN $refs
  RETURN ref, n.id AS id, 1 AS rank
}
WITH ref, id, rank ORDER BY rank, id
RETURN ref, collect(id)[0] AS id
