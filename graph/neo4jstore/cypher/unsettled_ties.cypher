// Ties that are not as the store would have left them.
MATCH (a:Entity)-[r:$$TYPES$$]->(b:Entity)
WHERE NOT coalesce(
  r._startEarliest IS NOT NULL
  AND CASE
    WHEN r._span IS NOT NULL THEN r._span = coalesce(toStringOrNull(r.start), '') + '/' + coalesce(toStringOrNull(r.end), '') + '/'
      + coalesce(toStringOrNull(r.firstSeen), '') + '/' + coalesce(toStringOrNull(r.lastSeen), '') + $$BOUNDS$$
    // Whole days or nothing: the bounds are the text.
    ELSE r.firstSeen IS NULL AND r.lastSeen IS NULL AND r._startLatest IS NULL AND r._endEarliest IS NULL AND r._evidence IS NULL
      AND r._startEarliest IS :: DATE AND r._endLatest IS :: DATE
      AND CASE WHEN r.start IS NULL THEN r._startEarliest = $first ELSE toStringOrNull(r.start) = toString(r._startEarliest) END
      AND CASE WHEN r.end IS NULL THEN r._endLatest IS NULL ELSE toStringOrNull(r.end) = toString(r._endLatest) END
    END
  AND [label IN labels(a) WHERE label IN $kinds] + [label IN labels(b) WHERE label IN $kinds] IN $joins[type(r)]
  AND r.id IS :: STRING NOT NULL AND r.load IS :: STRING
  AND r.start IS :: STRING | DATE AND r.end IS :: STRING | DATE AND r.firstSeen IS :: STRING | DATE AND r.lastSeen IS :: STRING | DATE
  AND r.confidence IS :: FLOAT NOT NULL | INTEGER NOT NULL AND r.confidence >= 0 AND r.confidence <= 1 AND r.confidenceRule IS :: STRING
  AND r.weight IS :: FLOAT | INTEGER AND coalesce(r.weight >= 0 AND r.weight <= 1, true)
  AND coalesce(r.status IN $statuses, true) AND coalesce(r.marking IN $markings, true)
  AND coalesce(r.grade IN $grades, true) AND r.conflictSet IS :: STRING AND r.derived IS :: BOOLEAN AND r.derivedBy IS :: STRING AND r.note IS :: STRING
  AND r.id <> '' AND size(toStringOrNull(r.id)) <= 128
  AND (r.note IS NULL OR NOT r.note CONTAINS '\u0000' AND size(toStringOrNull(r.note)) <= 16384)
  AND (r.conflictSet IS NULL OR NOT r.conflictSet CONTAINS '\u0000' AND size(toStringOrNull(r.conflictSet)) <= 16384)
  AND (r.derivedBy IS NULL OR NOT r.derivedBy CONTAINS '\u0000' AND size(toStringOrNull(r.derivedBy)) <= 16384)
  AND (r.confidenceRule IS NULL OR NOT r.confidenceRule CONTAINS '\u0000' AND size(toStringOrNull(r.confidenceRule)) <= 16384)
  AND $$CITED$$
  AND all(c IN $columns[type(r)] WHERE $$COLUMN$$),
  false)
RETURN r, a.id AS from, b.id AS to ORDER BY elementId(r)
