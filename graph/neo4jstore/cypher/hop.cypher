// What does not fit comes first: then the page is made otherwise (fresh.go).
CALL ($$FROM$$) {
  UNWIND $$FROM$$ AS n
  CALL (n) {
    MATCH $$PATTERN$$
    WITH n, r, m, $$FITS$$ AS fits
    WHERE NOT fits OR $$SEEN$$ AND $$AFTER$$ AND $$WHERE$$ AND $$FAR$$
    RETURN r, m, fits ORDER BY fits, r._startEarliest, r.id LIMIT $$LIMIT$$
  }
  RETURN collect([n.id, m.id, fits, $$TIE$$]) AS $$TIES$$, collect(DISTINCT CASE WHEN fits THEN m END) AS $$FOUND$$
}
