MATCH (m:EntangleMeta {id: 'entangle'})
RETURN m.schema AS schema, m.vocabulary AS vocabulary, coalesce(m.unfinished, false) AS unfinished, m.folding AS folding, m.refolded AS refolded,
  m.versions AS versions
