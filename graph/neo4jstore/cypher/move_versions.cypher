// New versions for the clearances from $from on; those that are not there are made too.
MATCH (m:EntangleMeta {id: 'entangle'})
SET m.versions = [i IN range(0, $last) | CASE WHEN i >= $from OR m.versions[i] IS NULL THEN randomUUID() ELSE m.versions[i] END]
RETURN m.versions AS versions
