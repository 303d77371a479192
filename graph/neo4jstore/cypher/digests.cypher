MATCH (m:EntangleMeta {id: 'entangle'}) RETURN m.digests AS digests
