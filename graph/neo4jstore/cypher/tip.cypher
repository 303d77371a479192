OPTIONAL MATCH (m:EntangleMeta {id: 'entangle'}) RETURN m.schema AS schema
