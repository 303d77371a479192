CALL ($$FROM$$) {
  UNWIND $$FROM$$ AS n
  CALL (n) {
    MATCH $$PATTERN$$ WHERE $$SEEN$$ AND $$AFTER$$ AND $$WHERE$$ AND $$FAR$$
    RETURN r, m ORDER BY r._startEarliest, r.id LIMIT $$LIMIT$$
  }
  RETURN collect([n.id, m.id, $$TIE$$]) AS $$TIES$$, collect(DISTINCT m) AS $$FOUND$$
}
