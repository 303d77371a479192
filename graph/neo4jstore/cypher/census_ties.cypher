MATCH ()-[r:$$TYPES$$]->() RETURN r.id AS id
