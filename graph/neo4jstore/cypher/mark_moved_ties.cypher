MATCH (m:EntangleMeta {id: 'entangle'}) SET m.movedTies = true
