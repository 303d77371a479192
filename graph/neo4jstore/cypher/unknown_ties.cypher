// Ties of a type that the store has not taken in.
MATCH (:Entity)-[r:$$TYPE$$]->(:Entity) WHERE r._startEarliest IS NULL RETURN elementId(r) AS element
