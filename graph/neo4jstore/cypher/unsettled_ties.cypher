// Ties that are not as the store would have left them.
MATCH (a:Entity)-[r:$$TYPES$$]->(b:Entity)
WHERE NOT coalesce(
  r._startEarliest IS NOT NULL
  AND r._span = coalesce(toStringOrNull(r.start), '') + '/' + coalesce(toStringOrNull(r.end), '') + '/'
    + coalesce(toStringOrNull(r.firstSeen), '') + '/' + coalesce(toStringOrNull(r.lastSeen), '')
  AND r.id IS :: STRING NOT NULL AND r.load IS :: STRING
  AND r.start IS :: STRING AND r.end IS :: STRING AND r.firstSeen IS :: STRING AND r.lastSeen IS :: STRING
  AND r.confidence IS :: FLOAT NOT NULL | INTEGER NOT NULL AND r.confidence >= 0 AND r.confidence <= 1 AND r.confidenceRule IS :: STRING
  AND r.weight IS :: FLOAT | INTEGER AND coalesce(r.weight >= 0 AND r.weight <= 1, true)
  AND coalesce(r.status IN $statuses, true) AND coalesce(r.marking IN $markings, true)
  AND r.grade IS :: STRING AND r.conflictSet IS :: STRING AND r.derived IS :: BOOLEAN AND r.derivedBy IS :: STRING AND r.note IS :: STRING
  AND r.sources IS :: LIST<STRING NOT NULL> AND r.pages IS :: LIST<STRING NOT NULL> AND r.quotes IS :: LIST<STRING NOT NULL>
  AND all(c IN $columns[type(r)] WHERE $$COLUMN$$),
  false)
RETURN r, a.id AS from, b.id AS to ORDER BY elementId(r)
