UNWIND $rows AS row MATCH (n) WHERE elementId(n) = row.element
SET n:Entity SET n += row.props
