// What a run says of nodes, beside the data.
UNWIND $rows AS row MATCH (n:Entity) USING INDEX SEEK n:Entity(id) WHERE n.id = row.id
SET n += row.props RETURN count(n) AS count
