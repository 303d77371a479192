MATCH (m:EntangleMeta {id: 'entangle'}) SET m.refolded = $id
