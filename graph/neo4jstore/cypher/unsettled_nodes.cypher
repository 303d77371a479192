// Nodes that are not as the store would have left them: without the computed
// properties, with a stamp that tells of other texts, of other types than the
// columns of their kind ($columns), or with something that is rare enough to be looked
// at each time: a text that may be too long, a kind of name or a script that is not
// among the usual ones.
CALL () {
  MATCH (n:$$KINDS$$)
  WITH n, [label IN labels(n) WHERE label IN $kinds] AS kinds
  WHERE NOT coalesce(
    n:Entity AND n._key IS NOT NULL AND size(kinds) = 1
    AND n.id IS :: STRING NOT NULL AND n.name IS :: STRING NOT NULL AND n.load IS :: STRING
    AND n.id <> '' AND size(toStringOrNull(n.id)) <= 128
    AND n.aliases IS :: LIST<STRING NOT NULL>
    AND (n.otherNames IS NULL AND n.nameLangs IS NULL AND n.nameScripts IS NULL AND n.nameKinds IS NULL
      OR CASE WHEN n.otherNames IS :: LIST<STRING NOT NULL> AND n.nameLangs IS :: LIST<STRING NOT NULL>
      AND n.nameScripts IS :: LIST<STRING NOT NULL> AND n.nameKinds IS :: LIST<STRING NOT NULL>
      THEN all(beside IN [n.nameLangs, n.nameScripts, n.nameKinds] WHERE coalesce(size(beside), 0) IN [0, 1 + coalesce(size(n.otherNames), 0)])
        AND all(lang IN coalesce(n.nameLangs, []) WHERE lang =~ '[A-Za-z0-9_-]{0,35}')
        AND all(script IN coalesce(n.nameScripts, []) WHERE script IN $scripts)
        AND all(kind IN coalesce(n.nameKinds, []) WHERE kind IN $nameKinds)
      ELSE false END)
    AND CASE WHEN n.types IS NULL THEN true WHEN n.types IS :: LIST<STRING NOT NULL> THEN all(type IN n.types WHERE type =~ '[^ \\t;\\x00]{1,1000}') ELSE false END
    AND $$CITED$$
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
