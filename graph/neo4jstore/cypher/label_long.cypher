// Names too long for the index are found by a label of their own.
MATCH (n:Entity) WHERE n.id IN $ids
FOREACH (_ IN CASE WHEN n._keysLong IS NULL THEN [] ELSE [1] END | SET n:EntangleLong)
FOREACH (_ IN CASE WHEN n._keysLong IS NULL THEN [1] ELSE [] END | REMOVE n:EntangleLong)
