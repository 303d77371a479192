OPTIONAL MATCH (old:EntangleLoad {id: $id})
WITH coalesce(old.dataset, '') <> $dataset OR coalesce(old.format, '') <> $format AS changed
MERGE (l:EntangleLoad {id: $id}) SET l.dataset = $dataset, l.format = $format
RETURN changed
