MATCH (n:Entity) USING INDEX SEEK n:Entity(id) WHERE n.id IN $ids RETURN n
