// Bounds that were numbers of days become DATEs, and those in the text of the dates too. A tie
// whose bounds somebody has changed loses the first, and is looked at like one of others.
MATCH ()-[r:$$TYPES$$]->() WHERE r._startEarliest IS :: INTEGER NOT NULL
CALL (r) {
  WITH r, r._span AS span, coalesce(r._span IS NULL OR NOT r._span CONTAINS '|' OR r._span ENDS WITH $$NUMBERS$$, false) AS ours
  SET $$DAYS$$
  FOREACH (_ IN CASE WHEN ours THEN [] ELSE [1] END | REMOVE r._startEarliest)
  FOREACH (_ IN CASE WHEN ours AND span IS NOT NULL THEN [1] ELSE [] END | SET r._span = split(span, '|')[0] + $$BOUNDS$$)
} IN TRANSACTIONS OF 5000 ROWS
