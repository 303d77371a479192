// The first statement of every write: the lock on the node serialises writers.
MATCH (m:EntangleMeta {id: 'entangle'}) SET m.seq = m.seq + 1
RETURN coalesce(m.movedTies, false) AS movedTies
