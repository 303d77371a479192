MATCH (r:x_Run) WHERE r.id IS :: STRING NOT NULL RETURN r.id AS name, properties(r) AS about ORDER BY name
