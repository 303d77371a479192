UNWIND $rows AS row CREATE (n:Entity:$$KIND$$) SET n = row
