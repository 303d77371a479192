// Between nodes whose internal ids are known: nothing is looked up.
UNWIND $rows AS row
MATCH (a) WHERE id(a) = row.from MATCH (b) WHERE id(b) = row.to
CREATE (a)-[r:$$TYPE$$]->(b) SET r = row.props
