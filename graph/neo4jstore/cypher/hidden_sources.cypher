MATCH (s:Source) WHERE s.marking IN $hidden AND s.id IS NOT NULL RETURN s.id AS id ORDER BY id
