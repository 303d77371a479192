  MATCH (n:$$KIND$$) WHERE NOT coalesce(n:Entity AND n._key IS NOT NULL AND n._stamp = $$STAMP$$ AND $$CHECKS$$, false) RETURN n
