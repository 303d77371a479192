// Each count is one that the server keeps.
CALL () { MATCH (n) RETURN count(n) AS nodes }
CALL () { MATCH (n:EntangleMeta) RETURN count(n) AS meta }
CALL () { MATCH (n:EntangleLoad) RETURN count(n) AS loads }
RETURN nodes = meta + loads AS empty
