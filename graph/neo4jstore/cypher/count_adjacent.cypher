MATCH (n:Entity) WHERE n.id IN $ids AND n._key IS NOT NULL
CALL (n) {
  MATCH $$PATTERN$$
  WITH n, r, m, $$FITS$$ AS fits
  WHERE NOT fits OR $$NEAR$$ AND $$SEEN$$ AND $$WHERE$$ AND $$FAR$$
  RETURN count(CASE WHEN fits THEN 1 END) AS count, count(CASE WHEN NOT fits THEN 1 END) AS unfit
}
RETURN n.id AS id, count, unfit
