MATCH (n:Entity$$KINDS$$) WHERE $$SEEN$$ AND $$WHERE$$
RETURN count(n) AS count
