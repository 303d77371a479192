MERGE (l:EntangleLoad {id: $id}) SET l.dataset = $dataset, l.format = $format
