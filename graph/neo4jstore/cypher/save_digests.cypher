MATCH (m:EntangleMeta {id: 'entangle'}) SET m.digests = $digests
