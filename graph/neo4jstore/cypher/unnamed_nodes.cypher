// Nodes of a kind without an id, which no index of ids has.
MATCH (n:$$KIND$$) WHERE n.id IS NULL OR NOT n.id IS :: STRING NOT NULL RETURN elementId(n) AS element
