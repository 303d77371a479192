CALL () {
  MATCH (n:Entity) USING TEXT INDEX n:Entity(_keys) WHERE n._keys CONTAINS $word RETURN n, n._keys AS keys
UNION ALL
  MATCH (n:EntangleLong) WHERE n._keysLong CONTAINS $word RETURN n, n._keysLong AS keys
}
WITH n, keys WHERE all(word IN $words WHERE keys CONTAINS word) AND n:Entity$$KINDS$$ AND $$SEEN$$
WITH n, split(keys, '\n') AS keys, [n.name] + coalesce(n.otherNames, []) AS names
UNWIND range(0, size(keys) - 1) AS i
WITH n, keys[i] AS key, names[i] AS name, i
WHERE all(word IN $words WHERE key CONTAINS word)
WITH n, name, i, size(name) AS length,
     CASE WHEN key = $key THEN 0 WHEN key STARTS WITH $key THEN 1 WHEN key CONTAINS ' ' + $key THEN 2 ELSE 3 END AS rank
ORDER BY rank, length, i
WITH n, collect({rank: rank, length: length, name: name})[0] AS best
RETURN n.id AS id, [label IN labels(n) WHERE label IN $kinds][0] AS kind, best.name AS name, best.rank AS rank
ORDER BY rank, best.length, id LIMIT $limit
