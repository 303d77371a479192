MATCH (m:EntangleMeta {id: 'entangle'}) SET m.schema = $schema
