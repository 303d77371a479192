UNWIND $ids AS id
MATCH (n:Entity {id: id}) WHERE $$SEEN_N$$
CALL (n) {
  MATCH $$STEP$$ WHERE $$SEEN_STEP$$ AND $$AFTER$$ AND $$WHERE$$ AND $$FAR$$
  RETURN r, m, startNode(r) = n AS out ORDER BY r._startEarliest, r.id LIMIT $limit
}
RETURN id, r, m, out
