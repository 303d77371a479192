MATCH (n:Entity) WHERE n.id IN $ids AND $$SEEN$$ RETURN n
