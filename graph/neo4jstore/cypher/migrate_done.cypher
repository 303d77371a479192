MERGE (m:EntangleMeta {id: 'entangle'})
ON CREATE SET m.store = randomUUID(), m.seq = 0
SET m.schema = $schema, m.vocabulary = $vocabulary, m.unfinished = $unfinished, m.folding = $folding, m.refolded = null,
  m.versions = [i IN range(0, $last) | coalesce(m.versions[i], randomUUID())]
