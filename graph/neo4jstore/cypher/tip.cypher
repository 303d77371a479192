OPTIONAL MATCH (m:EntangleMeta {id: 'entangle'}) RETURN m.schema AS schema, m.versions AS versions
