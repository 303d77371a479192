// Nodes of ours that have lost their kind.
MATCH (n:Entity) WHERE NOT n:$$KINDS$$ AND n._key IS NOT NULL RETURN elementId(n) AS element
