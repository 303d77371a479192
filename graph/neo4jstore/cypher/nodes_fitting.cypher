MATCH (n:Entity) WHERE n.id IN $ids AND $$SEEN$$ AND $$WHERE$$ RETURN n.id AS id
