// Nodes of a kind that the store has not taken in.
MATCH (n:$$KIND$$) WHERE NOT n:Entity OR n._key IS NULL RETURN elementId(n) AS element
