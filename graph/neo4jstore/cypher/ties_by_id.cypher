// The look-up by id stands alone, so that the plan begins with the indexes of ids.
MATCH ()-[r:$$TYPES$$]->() WHERE r.id IN $ids
WITH r, startNode(r) AS a, endNode(r) AS b
WITH r, a, b, coalesce(a:Entity AND b:Entity AND a._key IS NOT NULL AND b._key IS NOT NULL
  AND [label IN labels(a) WHERE label IN $kinds] + [label IN labels(b) WHERE label IN $kinds] IN $joins[type(r)]
  AND $$FIT$$, false) AS fits
WHERE NOT fits OR $$SEEN$$
RETURN r, a.id AS from, b.id AS to, CASE WHEN NOT fits THEN [a, b] END AS ends
