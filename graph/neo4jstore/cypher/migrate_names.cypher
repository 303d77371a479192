// In version 1 of the schema a name without a kind was one without a list.
MATCH (n:Entity) WHERE n._key IS NOT NULL AND n.nameKinds IS NULL
SET n.nameKinds = [''] + [name IN coalesce(n.otherNames, []) | '']
