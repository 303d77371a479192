// Nodes that are not as the store would have left them: without the computed
// properties, with a stamp that tells of other texts, or of other types than the
// columns of their kind ($columns).
CALL () {
  MATCH (n:$$KINDS$$)
  WITH n, [label IN labels(n) WHERE label IN $kinds] AS kinds
  WHERE NOT coalesce(
    n:Entity AND n._key IS NOT NULL AND size(kinds) = 1
    AND n.id IS :: STRING NOT NULL AND n.name IS :: STRING NOT NULL AND n.load IS :: STRING
    AND n.otherNames IS :: LIST<STRING NOT NULL> AND n.nameLangs IS :: LIST<STRING NOT NULL>
    AND n.nameScripts IS :: LIST<STRING NOT NULL> AND n.nameKinds IS :: LIST<STRING NOT NULL>
    AND n.types IS :: LIST<STRING NOT NULL> AND n.aliases IS :: LIST<STRING NOT NULL>
    AND n.sources IS :: LIST<STRING NOT NULL> AND n.pages IS :: LIST<STRING NOT NULL> AND n.quotes IS :: LIST<STRING NOT NULL>
    AND coalesce(n.marking IN $markings, true)
    AND all(c IN $columns[kinds[0]] WHERE $$COLUMN$$)
    AND n._stamp = n.name
      + reduce(all = '', text IN CASE WHEN n.otherNames IS :: LIST<STRING NOT NULL> THEN coalesce(n.otherNames, []) ELSE [] END | all + '\n' + text)
      + reduce(all = '', text IN CASE WHEN n.aliases IS :: LIST<STRING NOT NULL> THEN coalesce(n.aliases, []) ELSE [] END | all + '\n=' + text)
      + reduce(all = '', c IN [c IN $columns[kinds[0]] WHERE c.date] | all + '\n' + coalesce(toStringOrNull(n[c.name]), '')
        + CASE
          WHEN n[c.first] IS NULL AND n[c.last] IS NULL THEN ''
          WHEN n[c.first] IS :: DATE NOT NULL AND n[c.last] IS :: DATE NOT NULL THEN '|' + toString(n[c.first]) + ',' + toString(n[c.last])
          ELSE '?' END)
    AND CASE
      WHEN NOT n:$$LOCATED$$ THEN true
      WHEN n._point IS NULL THEN n.lat IS NULL OR n.lon IS NULL
      WHEN n._point IS :: POINT THEN n._point.srid = 4326 AND n._point.y = n.lat AND n._point.x = n.lon
      ELSE false END,
    false)
  RETURN n
UNION
  MATCH (n:Entity) WHERE NOT n:$$KINDS$$ AND n._key IS NOT NULL
  RETURN n
}
RETURN n ORDER BY elementId(n)
