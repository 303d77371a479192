// Nodes by the server's own ids, as they are.
UNWIND $elements AS element MATCH (n) WHERE elementId(n) = element RETURN n ORDER BY elementId(n)
