UNWIND $rows AS row CREATE (n:Entity:$$KIND$$) SET n = row RETURN collect(id(n)) AS places
