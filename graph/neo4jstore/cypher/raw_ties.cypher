// Ties as they are, at nodes that the store knows by their ids and at others.
CALL () {
  MATCH (n:Entity) WHERE n.id IN $ids RETURN n
UNION
  UNWIND $elements AS element MATCH (n) WHERE elementId(n) = element RETURN n
}
MATCH $$PATTERN$$
RETURN n, collect([r, m]) AS ties
